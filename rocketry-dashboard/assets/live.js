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
  const began = performance.now();
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (answer.ok) replaceSections(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    tell("not connected", "broken");
  } finally {
    // A page that costs the app much is asked for less often.
    setTimeout(() => { refreshing = false; if (waiting) refresh(); }, Math.max(1000, 4 * (performance.now() - began)));
  }
}

function replaceSections(fresh) {
  for (const section of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(section.id);
    if (!next || next.outerHTML === section.dataset.was) continue;
    const focused = section.contains(document.activeElement) ? document.activeElement : null;
    // A field that is being filled in stays.
    if (focused?.matches("input, select, textarea, button")) continue;
    const copy = document.importNode(next, true);
    keepState(section, copy);
    section.replaceWith(copy);
    copy.dataset.was = next.outerHTML;
    if (focused) again(copy, focused)?.focus({ preventScroll: true });
  }
  addViewerTimes();
  showGraphs();
}

// What a visitor has opened and where they have scrolled to.
function keepState(from, to) {
  const all = (of) => [...of.querySelectorAll("details, .scroll, .pan, pre")];
  const fresh = all(to);
  all(from).forEach((old, index) => {
    const next = fresh[index];
    if (next?.tagName !== old.tagName) return;
    if (old.open) next.open = true;
    if (old.scrollTop || old.scrollLeft) requestAnimationFrame(() => next.scrollTo(old.scrollLeft, old.scrollTop));
  });
}

// The element of a fresh section that had the focus in the old one.
function again(section, focused) {
  const href = focused.getAttribute("href");
  if (href) return [...section.querySelectorAll("a")].find((link) => link.getAttribute("href") === href);
  return focused.dataset.pan ? section.querySelector("[data-pan]") : null;
}

// ---- One connection serves all tabs: the tab that holds the lock passes events on.

const tabs = "BroadcastChannel" in window ? new BroadcastChannel("rocketry-events:" + new URL(root, location.href).pathname) : null;
const TOLD = new Set(["started", "ended", "held", "skipped", "missed", "requested", "refused", "task_added", "task_changed", "task_deleted", "task_disabled", "task_enabled", "failed", "log_paused", "log_resumed", "phase_changed", "leader_changed", "nodes_changed", "lagged"]);

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

// ---- What is typed is looked up at once, and is in the address.

let typed = 0;

async function lookUp(form) {
  const mine = ++typed;
  const fields = [...new FormData(form)].filter(([, value]) => value !== "");
  const query = new URLSearchParams(fields).toString();
  const address = location.pathname + (query && "?" + query);
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Only the answer to what was typed last counts.
    if (mine !== typed) return;
    const found = fresh.getElementById("found") ?? fresh.querySelector("main .problem");
    if (!found) return;
    const place = document.createElement("div");
    place.id = "found";
    place.append(...document.importNode(found, true).childNodes);
    document.getElementById("found").replaceWith(place);
    history.replaceState(null, "", address);
    addViewerTimes();
  } catch {
    tell("not connected", "broken");
  }
}

for (const form of document.querySelectorAll("form[data-typing]")) {
  let waits;
  form.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(() => lookUp(form), 250); });
}

// ---- Suggestions for the last word of a query: keys and values from the page, names of tasks from the app.

for (const field of document.querySelectorAll("[data-suggest]")) {
  const words = field.dataset.suggest.split(" ");
  field.addEventListener("input", async () => {
    const [, before, last] = /^(.*?)(\S*)$/s.exec(field.value);
    const name = /^task:"?(.*)$/.exec(last)?.[1];
    const found = name === undefined ? words.filter((word) => word.startsWith(last)) : await taskNames(name);
    if (!field.value.endsWith(last)) return;
    const options = found.slice(0, 12).map((word) => Object.assign(document.createElement("option"), { value: before + word }));
    field.list.replaceChildren(...options);
  });
}

async function taskNames(part) {
  const answer = await fetch(`${root}api/tasks?limit=12&name=${encodeURIComponent(part)}`);
  if (!answer.ok) return [];
  return (await answer.json()).items.map((task) => "task:" + (/[\s",:\\]/.test(task.name) ? JSON.stringify(task.name) : task.name));
}

// ---- The zone of the viewer can be chosen.

for (const zones of document.querySelectorAll("select[data-zones]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zones.options].some((option) => option.value === zone)) continue;
  zones.append(Object.assign(document.createElement("option"), { value: zone, text: `${zone} (yours)` }));
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

// ---- The output of a run is followed until it ends. Then the page shows what the run log has.

async function followOutput(box) {
  const answer = await fetch(box.dataset.follow);
  if (!answer.ok) return;
  const text = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  box.textContent = "";
  for (;;) {
    const { value, done } = await text.read();
    if (done) break;
    // Who has scrolled back reads on.
    const isAtEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 8;
    box.append(value);
    // As much as the app keeps.
    while (box.childNodes.length > 1 && box.textContent.length > 200_000) box.firstChild.remove();
    if (isAtEnd) box.scrollTop = box.scrollHeight;
  }
  await whenEnded();
  box.closest("section").remove();
}

// Waits until a fresh copy of the page shows no output that grows.
async function whenEnded() {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (fresh.querySelector("#details .output")) { replaceSections(fresh); return; }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

for (const box of document.querySelectorAll("[data-follow]")) followOutput(box).catch(() => tell("not connected", "broken"));

// ---- Graphs are moved and zoomed.

const windows = new Map();

// A script shows a part of the picture; without one, the picture scrolls.
function showGraphs() {
  for (const box of document.querySelectorAll("[data-pan]:not(.moved)")) {
    const picture = box.querySelector("svg");
    const whole = picture.viewBox.baseVal;
    const size = { width: whole.width, height: whole.height };
    box.classList.add("moved");
    box.style.height = `${Math.max(size.height + 4, 180)}px`;
    const shown = windows.get(box.dataset.pan) ?? windowOf(box, size);
    move(box, shown, () => {});
    listen(box, size);
  }
}

// All of a small picture; the beginning of a large one, at a scale that can be read.
function windowOf(box, size) {
  const zoom = Math.max(1, Math.min(2.2, Math.max(size.width / box.clientWidth, size.height / box.clientHeight)));
  const shown = { x: 0, y: 0, width: box.clientWidth * zoom, height: box.clientHeight * zoom };
  if (size.width < shown.width) shown.x = (size.width - shown.width) / 2;
  if (size.height < shown.height) shown.y = (size.height - shown.height) / 2;
  return shown;
}

function move(box, shown, change) {
  change(shown);
  windows.set(box.dataset.pan, shown);
  box.querySelector("svg").setAttribute("viewBox", `${shown.x} ${shown.y} ${shown.width} ${shown.height}`);
}

function zoomBy(shown, factor, x = 0.5, y = 0.5) {
  const width = Math.min(Math.max(shown.width * factor, 120), 40000);
  const height = shown.height * width / shown.width;
  shown.x += (shown.width - width) * x;
  shown.y += (shown.height - height) * y;
  shown.width = width;
  shown.height = height;
}

function listen(box, size) {
  const now = () => windows.get(box.dataset.pan);
  const act = (change) => move(box, now(), change);
  const wholly = () => {
    const zoom = Math.max(size.width / box.clientWidth, size.height / box.clientHeight, 0.3);
    const [width, height] = [box.clientWidth * zoom, box.clientHeight * zoom];
    windows.set(box.dataset.pan, { x: (size.width - width) / 2, y: (size.height - height) / 2, width, height });
    act(() => {});
  };
  box.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== box) return;
    event.preventDefault();
    const edges = box.getBoundingClientRect();
    act((shown) => zoomBy(shown, event.deltaY > 0 ? 1.15 : 1 / 1.15, (event.clientX - edges.left) / edges.width, (event.clientY - edges.top) / edges.height));
  }, { passive: false });
  let from = null;
  let dragged = false;
  box.addEventListener("pointerdown", (event) => { from = { x: event.clientX, y: event.clientY }; dragged = false; });
  box.addEventListener("pointermove", (event) => {
    if (!from || event.buttons !== 1) return;
    const scale = now().width / box.clientWidth;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    if (!dragged && Math.hypot(x, y) < 4) return;
    if (!dragged) box.setPointerCapture(event.pointerId);
    dragged = true;
    from = { x: event.clientX, y: event.clientY };
    act((shown) => { shown.x -= x * scale; shown.y -= y * scale; });
  });
  box.addEventListener("pointerup", () => { from = null; });
  box.addEventListener("dragstart", (event) => event.preventDefault());
  // The end of a movement is no click on a task.
  box.addEventListener("click", (event) => { if (dragged) event.preventDefault(); dragged = false; }, true);
  box.addEventListener("keydown", (event) => {
    const step = now().width / 10;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[event.key]) act((shown) => { shown.x += moves[event.key][0]; shown.y += moves[event.key][1]; });
    else if (event.key === "+" || event.key === "=") act((shown) => zoomBy(shown, 1 / 1.25));
    else if (event.key === "-") act((shown) => zoomBy(shown, 1.25));
    else if (event.key === "0") wholly();
    else return;
    event.preventDefault();
  });
  // A task that the keyboard reaches is brought into view.
  box.addEventListener("focusin", (event) => {
    const node = event.target.closest("svg a")?.getBBox();
    const shown = now();
    if (!node || node.x >= shown.x && node.y >= shown.y && node.x + node.width <= shown.x + shown.width && node.y + node.height <= shown.y + shown.height) return;
    act((shown) => { shown.x = node.x - shown.width / 2; shown.y = node.y - shown.height / 2; });
  });
  const buttons = { in: () => act((shown) => zoomBy(shown, 1 / 1.25)), out: () => act((shown) => zoomBy(shown, 1.25)), fit: wholly };
  for (const button of document.querySelectorAll("[data-zoom]")) button.onclick = buttons[button.dataset.zoom];
}
showGraphs();

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
