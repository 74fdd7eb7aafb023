// Starts the app and Chromium, and runs checks one after another.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Starts the app, and resolves to the address of its dashboard, a token, and a function that ends it. */
export function startApp(program) {
  const app = spawn(program, [], { stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  app.stderr.on("data", (text) => { told = (told + text).slice(-5000); });
  const stop = () => app.kill("SIGKILL");
  process.on("exit", stop);
  return new Promise((resolve, reject) => {
    app.on("exit", (code) => reject(new Error(`the app ended with ${code}: ${told}`)));
    createInterface(app.stdout).once("line", (line) => {
      const [origin, token] = line.split(" ");
      resolve({ origin, token, stop });
    });
  });
}

export function startBrowser(executablePath) {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

/** A page whose console errors, script errors and failed requests are kept in `page.mistakes`. */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  watch(page);
  return page;
}

export function watch(page) {
  page.mistakes = [];
  // A busy machine is slow: this ends only what hangs.
  page.setDefaultTimeout(60_000);
  page.on("console", (message) => {
    if (message.type() === "error") page.mistakes.push(`console: ${message.text()} at ${message.location().url}`);
  });
  page.on("pageerror", (error) => page.mistakes.push(`script: ${error.message}`));
  page.on("response", (response) => {
    if (response.status() >= 500) page.mistakes.push(`${response.status()}: ${response.url()}`);
  });
}

/** What axe finds on a page, one line each: by all rules of WCAG AA, or by some of them. */
export async function findings(page, rules = LEVELS) {
  await page.evaluate(AXE);
  const found = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), rules);
  return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} (${node.failureSummary?.split("\n")[1]?.trim()})`));
}

export function equal(found, expected, what) {
  if (found !== expected) throw new Error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}

export function holds(condition, what) {
  if (!condition) throw new Error(what);
}

/** Runs the checks whose names contain the filter. Each gets what `prepare` returns, and a failed one does not end the others. */
export async function runChecks(checks, filter, given) {
  let failed = 0;
  for (const [name, check] of checks) {
    if (filter && !name.includes(filter)) continue;
    const started = Date.now();
    let verdict = "ok";
    try {
      await check(given);
    } catch (error) {
      failed += 1;
      verdict = `FAILED\n    ${String(error.stack ?? error).split("\n").slice(0, 12).join("\n    ")}`;
    }
    console.log(`check ${name} ... ${verdict} (${Date.now() - started} ms)`);
  }
  return failed;
}
