// What the pages gain with scripts. Every page works without.
"use strict";

// A form with errors: to its summary, so that it is read first.
document.querySelector(".error-summary")?.focus();

// A form that is opened to be typed into at once.
if (!document.querySelector(".error-summary")) document.querySelector("form[data-begin] input:not([type=hidden])")?.focus();

// After a swap: to the errors, or to what asks for it, or to the new heading where the focus has gone with what was
// replaced. What has changed is said in the one live region.
document.addEventListener("htmx:after:swap", (event) => {
  const target = swapped(event);
  if (!target) return;
  const errors = target.matches(".error-summary") ? target : target.querySelector(".error-summary");
  const wants = target.querySelector("[data-focus]");
  if (errors) {
    errors.focus();
  } else if (wants) {
    focusOn(wants);
  } else if (document.activeElement === document.body) {
    focusOn(target.querySelector("h1, h2, h3") ?? target);
  }
  const said = target.querySelector("[data-say]");
  if (said) say(said.dataset.say || said.textContent);
});

// What has come: the answer may have named another place for itself, and what was there may be replaced as a whole.
function swapped(event) {
  const target = event.detail.ctx.target;
  if (typeof target === "string") return document.querySelector(target);
  return target?.isConnected ? target : target?.id && document.getElementById(target.id);
}

function focusOn(element) {
  if (!element.matches("a[href], button, input, select, textarea, summary, [tabindex]")) element.tabIndex = -1;
  element.focus();
}

function say(words) {
  const live = document.getElementById("live");
  live.textContent = "";
  // A region that is emptied and filled in one go says nothing.
  setTimeout(() => { live.textContent = words.trim(); }, 100);
}

// No answer at all: a message where the others stand.
document.addEventListener("htmx:error", showUnreached);

function showUnreached() {
  const message = document.createElement("div");
  const words = document.createElement("p");
  message.className = "notice bad";
  message.dataset.unreached = "";
  words.textContent = "The service cannot be reached. Nothing was saved; what you typed is still here. Try again in a minute.";
  message.append(words);
  document.getElementById("messages").replaceChildren(message);
}

// A form that leaves the page takes what was typed with it, and the browser's own page of errors gives nothing back. So
// it goes only when the service answers; what htmx sends stays on the page in any case. An old browser sends as ever.
const asking = new WeakSet();
const mayGo = new WeakSet();

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const method = submitter?.getAttribute("formmethod") ?? form.getAttribute("method");
  if (event.defaultPrevented || method?.toLowerCase() !== "post" || form.hasAttribute("hx-post")) return;
  if (mayGo.has(form) || !form.requestSubmit || !AbortSignal.timeout) return;
  event.preventDefault();
  if (asking.has(form)) return;
  asking.add(form);
  const reached = await isReached();
  asking.delete(form);
  if (reached) {
    mayGo.add(form);
    form.requestSubmit(submitter);
    mayGo.delete(form);
  } else {
    showUnreached();
    document.getElementById("messages").scrollIntoView({ block: "nearest" });
  }
});

// Whatever the service itself answers. What a proxy says for it while it is away begins with 5.
async function isReached() {
  const asked = { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(10_000) };
  const answer = await fetch("/healthz", asked).catch(() => null);
  return answer !== null && answer.status < 500;
}

// What is saved after all takes that message away.
document.addEventListener("htmx:after:request", (event) => {
  const { request, response } = event.detail.ctx ?? {};
  if (request?.method === "POST" && response?.raw?.ok) document.querySelector("#messages [data-unreached]")?.remove();
});

// Who speaks to the computer presses single keys without meaning to: on the account page they can be switched off
// (WCAG 2.1.4). The choice is all that is kept in the browser.
const KEYS = "hearth-keys";
const keysAreOn = () => localStorage.getItem(KEYS) !== "off";

function showKeys() {
  for (const hint of document.querySelectorAll(".search kbd")) hint.hidden = !keysAreOn();
}

showKeys();
const keys = document.getElementById("keys");
if (keys) {
  const box = document.getElementById("keys-on");
  box.checked = keysAreOn();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(KEYS); else localStorage.setItem(KEYS, "off");
    showKeys();
  });
  keys.hidden = false;
}

// Single keys, unless somebody is typing or holds another key with them. Each says whether it did anything.
const SHORTCUTS = {
  "/": () => selectSearch(document.getElementById("search")),
  c: () => follow(document.querySelector("header a[href='/enquiries/new']")),
  j: () => step(1),
  k: () => step(-1),
  x: () => tick(),
  "?": () => open(document.getElementById("keys-help")),
};

function selectSearch(box) {
  box?.select();
  return Boolean(box);
}

function follow(link) {
  link?.click();
  return Boolean(link);
}

function open(dialog) {
  dialog?.showModal();
  return Boolean(dialog);
}

// To the first link of the next row, of a table or of lists of rows, one after the other; Enter opens it.
function step(by) {
  const rows = [...document.querySelectorAll("main tbody tr, main [data-rows] > li")].filter((row) => row.querySelector("a[href]"));
  if (!rows.length) return false;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[next].querySelector("a[href]").focus();
  return true;
}

// The box of the row that the focus is in.
function tick() {
  const row = document.activeElement.closest("main tbody tr");
  const box = row?.querySelector(".pick input");
  box?.click();
  return Boolean(box);
}

// Rows that are ticked: how many, said where they are chosen and in the live region.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-pick-all]");
  const boxes = [...document.querySelectorAll("tbody .pick input")];
  if (all) for (const box of boxes) box.checked = all.checked;
  if (all || boxes.includes(event.target)) showTicked(boxes, true);
});

function showTicked(boxes, aloud) {
  const count = boxes.filter((box) => box.checked).length;
  for (const box of boxes) box.closest("tr").classList.toggle("chosen", box.checked);
  const which = document.getElementById("which");
  if (!which) return;
  const words = which.dataset.ticked;
  which.options[0].textContent = count ? `${words} (${count})` : words;
  if (count) which.value = "ticked";
  const all = document.querySelector("[data-pick-all]");
  if (all) {
    all.closest("label").hidden = false;
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  }
  if (aloud) say(count === 1 ? "1 row ticked" : `${count} rows ticked`);
}

const lookAtTicks = () => showTicked([...document.querySelectorAll("tbody .pick input")], false);
lookAtTicks();
// Boxes keep their ticks when somebody comes back to the page.
addEventListener("pageshow", lookAtTicks);
document.addEventListener("htmx:after:swap", lookAtTicks);

document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog");
  if (!busy && !event.ctrlKey && !event.metaKey && !event.altKey && keysAreOn()) {
    // Caps Lock makes a C of a c.
    const key = event.key.toLowerCase();
    if (Object.hasOwn(SHORTCUTS, key) && SHORTCUTS[key]()) event.preventDefault();
  }
  if (event.key === "Escape") {
    const menu = event.target.closest("details.menu[open]") ?? document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});

// What the search box suggests is a list of links: the arrows go through it, Escape puts it away.
const suggestions = document.getElementById("suggestions");
const searchBox = document.getElementById("search");

suggestions?.closest("form").addEventListener("keydown", (event) => {
  const links = [...suggestions.querySelectorAll("a")];
  if (event.key === "Escape" && links.length) {
    event.preventDefault();
    searchBox.focus();
    suggestions.replaceChildren();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !links.length) return;
  event.preventDefault();
  const at = links.indexOf(document.activeElement) + step;
  (at < 0 ? searchBox : links[Math.min(at, links.length - 1)]).focus();
});

// One menu is open at a time, and none after a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Printing is the browser's own; the button is there only where it does something.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// A file that is too large is told before it is sent.
for (const field of document.querySelectorAll("input[type=file][data-most-bytes]")) {
  field.addEventListener("change", () => {
    const large = [...field.files].some((file) => file.size > Number(field.dataset.mostBytes));
    const isText = [...field.files].every((file) => /\.(csv|tsv|txt)$/i.test(file.name));
    const instead = isText ? "Split it into several." : "Split it, or save the sheet as CSV.";
    field.setCustomValidity(large ? `This file is larger than 50 MB. ${instead}` : "");
    if (large) field.reportValidity();
  });
}

// A session ends by itself. Whoever is still writing is told in time, and stays with one click; whatever is opened or
// saved in another tab counts here too.
const ending = document.getElementById("ending");
if (ending) watchSession(ending);

function watchSession(notice) {
  const SEEN = "hearth-seen";
  const WARN = 3 * 60_000;
  const idle = Number(notice.dataset.idle) * 1000;
  const last = Date.now() + Number(notice.dataset.most) * 1000;
  const button = notice.querySelector("button");
  const seen = () => localStorage.setItem(SEEN, String(Date.now()));
  let shown = "";

  function look() {
    const idleEnd = Number(localStorage.getItem(SEEN)) + idle;
    const left = Math.min(idleEnd, last) - Date.now();
    const state = left > WARN ? "" : left <= 0 ? "over" : last < idleEnd ? "most" : "soon";
    for (const words of notice.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== state;
    const minutes = Math.ceil(left / 60_000);
    for (const place of notice.querySelectorAll("[data-minutes]")) {
      place.textContent = minutes === 1 ? "a minute" : `${minutes} minutes`;
    }
    button.hidden = state !== "soon";
    notice.hidden = !state;
    if (state && state !== shown) say(notice.querySelector(`[data-when=${state}]`).textContent);
    shown = state;
  }

  button.addEventListener("click", async () => {
    const answer = await fetch("/account/stay", { redirect: "error" }).catch(() => null);
    if (answer?.ok) {
      seen();
      say("You stay signed in.");
    }
    look();
  });
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx?.response?.raw?.ok) seen();
  });
  // A page from the history was made long ago.
  if (performance.getEntriesByType("navigation")[0]?.type !== "back_forward") seen();
  setInterval(look, 5_000);
  document.addEventListener("visibilitychange", look);
}
