// Follows the events of the app, and gives the page keys, a theme switch and confirmations.

const root = document.documentElement.dataset.root;
const live = document.getElementById("live");

// ---- Sections with `data-live` are replaced by those of a fresh copy of the page.

let waiting = false;
let refreshing = false;

async function refresh() {
  if (refreshing || document.hidden) { waiting = true; return; }
  refreshing = true;
  waiting = false;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (answer.ok) replaceSections(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    tell("not connected", "broken");
  } finally {
    setTimeout(() => { refreshing = false; if (waiting) refresh(); }, 1000);
  }
}

function replaceSections(fresh) {
  for (const section of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(section.id);
    if (!next || section.contains(document.activeElement) && document.activeElement !== document.body) continue;
    if (next.outerHTML !== section.outerHTML) section.replaceWith(document.importNode(next, true));
  }
  addViewerTimes();
}

// ---- One connection serves all tabs: the tab that holds the lock passes events on.

const tabs = "BroadcastChannel" in window ? new BroadcastChannel("rocketry-events:" + new URL(root, location.href).pathname) : null;
const TOLD = new Set(["started", "ended", "held", "skipped", "missed", "requested", "refused", "task_added", "task_changed", "task_deleted", "task_disabled", "task_enabled", "failed", "log_paused", "log_resumed", "phase_changed", "lagged"]);

function follow() {
  return new Promise(() => {
    const events = new EventSource(root + "api/events");
    events.onopen = () => { pass("open"); refresh(); };
    events.onmessage = (message) => pass(JSON.parse(message.data).event);
    events.onerror = () => pass("error");
  });
}

function pass(what) {
  tabs?.postMessage(what);
  take(what);
}

function take(what) {
  if (what === "error") tell("not connected", "broken");
  else {
    tell("live", "open");
    if (what === "open" || TOLD.has(what)) refresh();
  }
}

function tell(text, state) {
  live.textContent = text;
  live.className = "live " + state;
}

if (document.querySelector("[data-live]")) {
  if (tabs) tabs.onmessage = (message) => take(message.data);
  if (tabs && navigator.locks) navigator.locks.request("rocketry-events", follow);
  else follow();
  document.addEventListener("visibilitychange", () => { if (!document.hidden && waiting) refresh(); });
  // Distances from the present grow old without events.
  setInterval(refresh, 15000);
}

// ---- Times of the viewer.

function addViewerTimes() {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
  for (const time of document.querySelectorAll("time[datetime]:not([data-viewer])")) {
    time.dataset.viewer = "";
    time.title += "\nyour time: " + format.format(new Date(time.dateTime));
  }
}
addViewerTimes();

// ---- Keys.

const help = document.getElementById("help");
let leader = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, textarea, select")) return;
  if (leader) {
    leader = false;
    const link = [...document.querySelectorAll("nav [data-key]")].find((link) => link.dataset.key === event.key);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  if (event.key === "g") { leader = true; setTimeout(() => { leader = false; }, 1500); }
  if (event.key === "/") { event.preventDefault(); document.getElementById("find").focus(); }
  if (event.key === "?") help.showModal();
});
document.getElementById("keys").addEventListener("click", () => help.showModal());

// ---- The theme.

document.getElementById("theme").addEventListener("click", () => {
  const isDark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const next = isDark ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("rocketry-theme", next);
});

// ---- Actions ask before they act.

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
});
