// Takes the pictures of the README: gallery.mjs ORIGIN CHROMIUM FOLDER NODE
// NODE is the app of the browser test, one of whose dashboards is that of a node of a cluster.
// `scripts/screenshots` calls it in the folder that has the modules, while the example runs.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newPage, startApp, startBrowser } from "./lib.mjs";

const [origin, executable, folder, node] = process.argv.slice(2);

const failed = await (await fetch(`${origin}/api/log?q=${encodeURIComponent("task:backup action:fail")}&newest_first=true&limit=1`)).json();

// So that the audit log has something to show.
for (const [method, address, body] of [
  ["POST", "tasks/weekly figures/pause", { until: "2h" }],
  ["PUT", "tasks/charge/timeout", { timeout: "1 minute" }],
  ["PUT", "tasks/ask_supplier/start", { statement: "every 1 minute | retry 3 times with backoff 3 seconds" }],
  ["PUT", "pools/branches", { size: 3 }],
  ["PUT", "params/currency", { value: "NOK" }],
  ["POST", "tasks/refund/runs", { params: { order: "A-1002" } }],
]) {
  const answer = await fetch(`${origin}/api/${encodeURI(address)}`, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
}

const cluster = await startApp(node);

/** The pictures, and the pages that they show. */
const PICTURES = {
  now: "now",
  nodes: `${cluster.origin}/cluster/nodes`,
  tasks: "tasks",
  task: "tasks/charge",
  run: `runs/${failed.items[0].run_id}`,
  graph: "graph?fold=none",
  calendar: `calendar?on=${new Date(Date.now() + 12 * 86_400_000).toISOString().slice(0, 10)}`,
  log: "log?q=action%3Afail%2Cterminate",
  failures: "failures",
  audit: "audit",
  settings: "settings",
  "what-if": "try?statement=daily+at+02%3A30+on+weekdays+%7C+monthly+on+last+Sunday+03%3A30&zone=Europe%2FHelsinki",
};

const browser = await startBrowser(executable);
for (const colorScheme of ["light", "dark"]) {
  const page = await newPage(browser, { colorScheme, viewport: { width: 1280, height: 860 } });
  const chromium = await page.context().newCDPSession(page);
  for (const [name, address] of Object.entries(PICTURES)) {
    await page.goto(new URL(address, `${origin}/`).href);
    await page.locator("#live.open").waitFor({ timeout: 3000 }).catch(() => {});
    // WebP has a third of the bytes of PNG here.
    const { data } = await chromium.send("Page.captureScreenshot", { format: "webp", quality: 70 });
    const file = join(folder, `${name}${colorScheme === "dark" ? "-dark" : ""}.webp`);
    writeFileSync(file, Buffer.from(data, "base64"));
    console.log(file);
  }
  if (page.mistakes.length) throw new Error(page.mistakes.join("\n"));
}
await browser.close();
cluster.stop();
process.exit(0);
