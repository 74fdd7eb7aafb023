// Drives Chromium through every page and every action of the dashboard: browser.mjs APP CHROMIUM [FILTER]
// `scripts/test browser` calls it in the folder that has the modules.

import { equal, findings, holds, newPage, runChecks, startApp, startBrowser, watch } from "./lib.mjs";

const [program, executable, filter] = process.argv.slice(2);

/** The pages, below the address of the dashboard. */
const PAGES = [
  "now", "graph", "graph?task=report", "calendar", "calendar?view=week&on=2027-03-28&zone=Europe%2FHelsinki", "calendar?task=summer", "tasks", "tasks?name=idle", "tasks?status=fail", "tasks?sort=-last", "tasks/fetch", "tasks/typed", "tasks/break", "tasks/summer",
  "log", "log?q=task%3Abreak+action%3Afail", "log?q=nonsense%3A1", "failures", "audit", "audit?action=pause", "settings", "try",
  "try?statement=daily+at+02%3A30+on+weekdays&zone=Europe%2FHelsinki", "try?statement=dialy",
];

/** The names that mean no good, as the app has them. */
const NAMES = ["a/b c", "..", "<img src=x onerror=alert(1)>", "quo\"te'", "שלום עולם", "100% + #1?"];

const checks = [
  ["pages are accessible, light and dark, and fit narrow screens", async ({ browser, root }) => {
    const wrong = [];
    for (const colorScheme of ["light", "dark"]) {
      const page = await newPage(browser, { colorScheme });
      for (const address of [...PAGES, await lastRun(root)]) {
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.goto(root + address);
        // Only colours differ in the dark.
        const rules = colorScheme === "dark" ? ["color-contrast"] : undefined;
        wrong.push(...(await findings(page, rules)).map((found) => `${address} (${colorScheme}) ${found}`));
        await page.setViewportSize({ width: 380, height: 800 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) wrong.push(`${address}: is ${wide} pixels wider than a narrow screen`);
      }
      wrong.push(...page.mistakes);
      await page.context().close();
    }
    equal(wrong.slice(0, 20).join("\n"), "", `the first of ${wrong.length} findings`);
  }],

  ["the nodes of a cluster have a page, and one is drained", async ({ browser, origin }) => {
    const root = origin + "/cluster/";
    for (const colorScheme of ["light", "dark"]) {
      const page = await newPage(browser, { colorScheme });
      await page.goto(root + "now");
      await page.locator("body").press("g");
      await page.locator("body").press("o");
      await page.waitForURL(root + "nodes");
      await page.locator(".badge", { hasText: "leads" }).waitFor();
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/nodes-${colorScheme}.png` });
      equal((await findings(page)).join("\n"), "", colorScheme);
      await page.setViewportSize({ width: 380, height: 800 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      holds(wide <= 0, `it is ${wide} pixels wider than a narrow screen`);
      equal(page.mistakes.join("\n"), "", "mistakes");
      await page.context().close();
    }
    const page = await newPage(browser);
    page.on("dialog", (dialog) => dialog.accept());
    await page.goto(root + "nodes");
    await page.getByRole("button", { name: "Drain main" }).click();
    await page.waitForURL(root + "nodes");
    await page.locator("tr", { hasText: "this one" }).locator(".badge", { hasText: "drains" }).waitFor();
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ["pages are whole without JavaScript", async ({ browser, root }) => {
    const page = await newPage(browser, { javaScriptEnabled: false });
    for (const address of [...PAGES, await lastRun(root)]) {
      await page.goto(root + address);
      holds(await page.locator("main").innerText() !== "", `${address} has content`);
      equal(await page.locator(".scripted:visible").count(), 0, `${address}: controls that need a script`);
    }
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ["links of every page lead somewhere", async ({ browser, root }) => {
    const page = await newPage(browser);
    const seen = new Set();
    for (const address of [...PAGES, await lastRun(root)]) {
      await page.goto(root + address);
      const links = await page.locator("a[href]").evaluateAll((links) => links.map((link) => new URL(link.getAttribute("href"), document.baseURI).href));
      for (const link of links.slice(0, 60)) seen.add(link.split("#")[0]);
    }
    for (const link of seen) {
      holds(link.startsWith(root), `${link} is below the prefix`);
      equal((await fetch(link)).status, 200, link);
    }
    await page.context().close();
  }],

  ["20,000 tasks are a list of pages, found by typing", async ({ browser, root }) => {
    const page = await newPage(browser);
    await page.goto(root + "tasks?name=idle");
    holds(await page.locator("tbody tr").count() <= 100, "a page has few rows");
    await page.getByRole("link", { name: "More" }).click();
    await page.waitForURL(/cursor=/);
    await page.goBack();
    await page.locator(".filters input[name=name]").fill("idle/19999");
    await page.locator(".filters button").click();
    await page.waitForURL(/19999/);
    equal(await page.locator("tbody tr").count(), 1, "rows");
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ["columns of tasks are sorted by links", async ({ browser, root }) => {
    const page = await newPage(browser);
    await page.goto(root + "tasks?name=idle");
    const heading = page.locator("thead th").filter({ hasText: "Task" });
    await heading.getByRole("link").click();
    await page.waitForURL(/sort=name/);
    equal(await heading.getAttribute("aria-sort"), "ascending", "the first time");
    await heading.getByRole("link").click();
    await page.waitForURL(/sort=-name/);
    equal(await page.locator("tbody th").first().innerText(), "idle/19999", "the last name");
    await page.getByRole("link", { name: "More" }).click();
    await page.waitForURL(/cursor=/);
    equal(await page.locator("tbody th").first().innerText(), "idle/19949", "the second page");
    await page.locator(".filters [name=name]").fill("idle/0000");
    await page.waitForFunction(() => document.querySelector("#found tbody th").innerText === "idle/00009");
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ["every name has a page", async ({ browser, root }) => {
    const page = await newPage(browser);
    for (const name of NAMES) {
      await page.goto(`${root}tasks?name=${encodeURIComponent(name)}`);
      await page.locator("tbody th a").filter({ hasText: name }).first().click();
      await page.locator("main h1").waitFor();
      equal(await page.locator("main h1").innerText(), name, "the heading");
      holds(page.url().startsWith(root + "tasks/"), page.url());
    }
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ...[["with JavaScript", "quo%22te%27", "idle%2F00001"], ["without JavaScript", "100%25%20%2B%20%231%3F", "idle%2F00002"]].map(([how, name, spare]) => [`every action of a task, ${how}`, async ({ browser, root }) => {
    const page = await newPage(browser, { javaScriptEnabled: how === "with JavaScript" });
    page.on("dialog", (dialog) => dialog.accept());
    const act = async (name, address) => {
      await Promise.all([page.waitForResponse((answer) => answer.request().method() === "POST"), page.getByRole("button", { name, exact: true }).click()]);
      await page.waitForLoadState();
      equal(page.url(), root + address, `after ${name}`);
    };
    const task = "tasks/" + name;
    await page.goto(root + task);
    await act("Pause", task);
    await page.getByText("paused").first().waitFor();
    await act("Resume", task);
    await act("Skip the next start", task);
    await act("Disable", task);
    await page.getByText("disabled").first().waitFor();
    await act("Enable", task);
    await act("Run now", task);
    const open = () => page.locator("details.changes summary").click();
    const form = (action) => page.locator(`form[action$="/${action}"]`).last();
    const send = async (action, fields) => {
      await page.goto(root + task);
      await open();
      for (const [name, value] of Object.entries(fields)) {
        const field = form(action).locator(`[name=${name}]`);
        if (await field.evaluate((field) => field.tagName) === "SELECT") await field.selectOption(value);
        else await field.fill(value);
      }
      await Promise.all([page.waitForResponse((answer) => answer.request().method() === "POST"), form(action).locator("button").click()]);
      await page.waitForLoadState();
    };
    await send("set-start", { statement: "daily at 04:00" });
    await page.locator("#state").getByText("daily at 04:00").waitFor();
    await send("set-priority", { priority: "7" });
    await page.locator("#state").getByText("7", { exact: true }).waitFor();
    await send("set-timeout", { timeout: "5 minutes" });
    await page.locator("#state").getByText("5 minutes", { exact: true }).waitFor();
    await send("set-max-running", { count: "3" });
    await page.locator("#state").getByText("3 at a time").waitFor();
    await send("set-execution", { execution: "main" });
    await page.locator("#state").getByText("main", { exact: true }).waitFor();
    await send("backfill", { from: "3d" });
    equal(page.url(), root + task, "after the backfill");
    await send("pause", { until: "2h" });
    await page.getByText("paused").first().waitFor();
    await send("reset", {});
    await page.locator("#state").getByText("every 10 seconds").waitFor();
    await send("set-start", { statement: "dialy at 04:00" });
    await page.getByRole("alert").getByText("daily").waitFor();
    page.mistakes = page.mistakes.filter((mistake) => !/status of 4/.test(mistake));
    await page.goto(`${root}tasks/${spare}`);
    await open();
    await act("Delete until the app restarts", "tasks");
    equal((await fetch(`${root}tasks/${spare}`)).status, 404, "the page of a deleted task");
    await page.goto(root + "audit?action=delete");
    await page.locator("tbody").getByText(decodeURIComponent(spare)).waitFor();
    await page.goto(root + "tasks/long");
    await act("Run now", "tasks/long");
    await page.reload();
    await act("Terminate", "tasks/long");
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }]),

  ["parameters and pools are changed, and the app is paused and resumed", async ({ browser, root }) => {
    const page = await newPage(browser);
    page.on("dialog", (dialog) => dialog.accept());
    await page.goto(root + "settings");
    await page.getByLabel("New value of mode").fill("fast");
    await page.locator("tr", { hasText: "mode" }).getByRole("button", { name: "Set" }).click();
    await page.locator("tr", { hasText: "mode" }).getByText("fast").waitFor();
    await page.getByLabel("Size of bank").fill("5");
    await page.locator("tr", { hasText: "bank" }).getByRole("button", { name: "Set" }).click();
    await page.locator("tr", { hasText: "bank" }).locator("td.number").getByText("5", { exact: true }).waitFor();
    holds(!(await page.content()).includes("not shown"), "a secret is not shown");
    await page.getByRole("button", { name: "Pause the app" }).click();
    await page.getByRole("button", { name: "Resume the app" }).click();
    await page.getByRole("button", { name: "Pause the app" }).waitFor();
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ["statements, tasks and records are found as one types", async ({ browser, root }) => {
    const page = await newPage(browser);
    await page.goto(root + "try");
    await page.locator("[name=statement]").pressSequentially("daily at 02:30 & after task 'fetch'");
    await page.locator("#found .tree").getByText("all of").waitFor();
    await page.waitForURL(/statement=daily/);
    await page.locator("[name=statement]").fill("dialy at 02:30");
    await page.locator("#found [role=alert]").getByText("daily").waitFor();
    await page.goto(root + "tasks");
    await page.locator(".filters [name=name]").pressSequentially("idle/19998");
    await page.waitForFunction(() => document.querySelectorAll("#found tbody tr").length === 1);
    await page.reload();
    equal(await page.locator(".filters [name=name]").inputValue(), "idle/19998", "the search is in the address");
    await page.goto(root + "log");
    await page.locator("[name=q]").pressSequentially("action:fail task:brea");
    await page.waitForFunction(() => [...document.querySelectorAll("#words option")].some((option) => option.value === "action:fail task:break"));
    equal(page.mistakes.filter((mistake) => !/status of 4/.test(mistake)).join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ["the calendar goes from month to week, marks changed clocks and offers iCalendar", async ({ browser, root }) => {
    const page = await newPage(browser, { timezoneId: "Asia/Tokyo" });
    await page.goto(root + "calendar?task=summer&on=2027-03-01");
    await page.locator("h1").getByText("March 2027").waitFor();
    equal(await page.locator(".day").count(), 31, "days");
    await page.locator(".day", { hasText: "Sun 28" }).getByText("clocks go forward 1 h").waitFor();
    holds((await page.locator("select[name=zone] option").allInnerTexts()).includes("Asia/Tokyo (yours)"), "the zone of the viewer");
    await page.getByRole("link", { name: "Sun 28" }).click();
    await page.locator("h1").getByText("22 March to 28 March 2027").waitFor();
    await page.getByRole("link", { name: "After →" }).click();
    await page.goBack();
    await page.locator("h1").getByText("22 March to 28 March 2027").waitFor();
    const file = await fetch(new URL(await page.getByRole("link", { name: "As iCalendar" }).getAttribute("href"), page.url()));
    equal(file.headers.get("content-type"), "text/calendar; charset=utf-8", "the kind of the file");
    holds((await file.text()).includes("SUMMARY:summer"), "the file has starts");
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ["a run takes parameters, and a mistake in one is told", async ({ browser, root }) => {
    const page = await newPage(browser);
    page.on("dialog", (dialog) => dialog.accept());
    await page.goto(root + "tasks/typed");
    equal(await page.locator("[name='param.count']").getAttribute("type"), "number", "the field of a number");
    await page.locator("[name='param.day']").fill("2026-02-03");
    await page.locator("[name='param.count']").fill("8");
    await page.locator("[name='param.dry']").selectOption("false");
    await page.getByRole("button", { name: "Run now" }).click();
    await page.waitForURL(root + "tasks/typed");
    await page.getByText("success").first().waitFor();
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ["a run shows its output and how its process ended", async ({ browser, root }) => {
    const page = await newPage(browser);
    page.on("dialog", (dialog) => dialog.accept());
    await page.goto(root + "tasks/printing");
    await page.getByRole("button", { name: "Run now" }).click();
    await page.locator("#state a[href*='runs/']").first().click();
    // The output grows while the run goes on, without a refresh of the page.
    await page.locator("#output [data-follow]").getByText("<b>line 2</b>").waitFor();
    await page.locator("#details").getByText("<b>line 6</b>").waitFor();
    equal(await page.locator("#output").count(), 0, "outputs that grow, after the end");
    await page.locator("#details").getByText("exit code 3").first().waitFor();
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ["the graph is moved, zoomed and walked by keys, and stays so when it is refreshed", async ({ browser, root }) => {
    const page = await newPage(browser);
    await page.goto(root + "graph");
    const box = page.locator(".pan.moved");
    const shown = () => page.locator(".pan svg").getAttribute("viewBox");
    const first = await shown();
    await box.focus();
    await page.keyboard.press("ArrowRight");
    const moved = await shown();
    holds(moved !== first, "an arrow key moves it");
    await page.getByRole("button", { name: "Closer" }).click();
    const closer = await shown();
    holds(parseFloat(closer.split(" ")[2]) < parseFloat(moved.split(" ")[2]), "a button zooms");
    await page.waitForFunction((old) => document.querySelector(".pan svg") !== old, await page.locator(".pan svg").elementHandle());
    equal(await shown(), closer, "after an event");
    await page.getByRole("button", { name: "All of it" }).click();
    await page.locator(".pan svg a").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/tasks\//);
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ["tabs share one connection and stay live", async ({ browser, root }) => {
    const first = await newPage(browser);
    let streams = 0;
    first.context().on("request", (request) => { if (request.url().includes("api/events")) streams += 1; });
    await first.goto(root + "now");
    await first.locator("#live.open").waitFor();
    const second = await first.context().newPage();
    watch(second);
    await second.goto(root + "tasks/fetch");
    await second.locator("#live.open").waitFor();
    const told = () => second.locator("#runs tbody tr").first().innerText();
    const before = await told();
    await second.waitForFunction((before) => document.querySelector("#runs tbody tr").innerText !== before, before);
    equal(streams, 1, "streams of two tabs");
    await first.close();
    await second.waitForRequest((request) => request.url().includes("api/events"));
    equal([...first.mistakes, ...second.mistakes].join("\n"), "", "mistakes");
    await second.context().close();
  }],

  ["keys lead to pages, and the theme is kept", async ({ browser, root }) => {
    const page = await newPage(browser, { colorScheme: "light" });
    await page.goto(root + "now");
    for (const [key, address] of [["t", "tasks"], ["l", "log"], ["f", "failures"], ["a", "audit"], ["s", "settings"], ["g", "graph"], ["c", "calendar"], ["w", "try"], ["n", "now"]]) {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await page.waitForURL(root + address);
    }
    await page.keyboard.press("/");
    await page.keyboard.type("summer");
    await page.keyboard.press("Enter");
    await page.waitForURL(/name=summer/);
    await page.keyboard.press("Tab");
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("?");
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#theme").click();
    await page.goto(root + "log");
    equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark", "the theme");
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],

  ["times tell the zone of the task and that of the viewer", async ({ browser, root }) => {
    const page = await newPage(browser, { timezoneId: "Asia/Tokyo", locale: "en-GB" });
    await page.goto(root + "tasks/summer");
    const title = await page.locator("#next time").first().getAttribute("title");
    holds(title.includes("Europe/Helsinki"), title);
    holds(/your time: .*(JST|GMT\+9)/.test(title), title);
    await page.context().close();
  }],

  ["readers see no actions, and tokens sign in", async ({ browser, origin, token }) => {
    const page = await newPage(browser);
    await page.goto(origin + "/view/tasks/fetch");
    equal(await page.locator("main form[method=post]").count(), 0, "forms for a reader");
    await page.goto(origin + "/locked/now");
    await page.waitForURL(origin + "/locked/sign-in");
    equal((await findings(page)).join("\n"), "", "findings");
    await page.locator("#token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(origin + "/locked/now");
    equal(page.mistakes.join("\n"), "", "mistakes");
    await page.context().close();
  }],
];

/** The address of the page of the last run that failed. */
async function lastRun(root) {
  for (;;) {
    const page = await (await fetch(root + "api/log?q=action%3Afail&newest_first=true&limit=1")).json();
    if (page.items.length) return `runs/${page.items[0].run_id}`;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const app = await startApp(program);
const browser = await startBrowser(executable);
const root = app.origin + "/ops/jobs/";
const failed = await runChecks(checks, filter, { browser, root, origin: app.origin, token: app.token });
await browser.close();
app.stop();
process.exit(failed ? 1 : 0);
