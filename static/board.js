// The board: cards are carried to another column with the mouse. Where they go, the small form that is there without
// scripts too asks for the day; the keyboard and fingers use each card's menu.
"use strict";

const board = document.getElementById("board");
if (board?.hasAttribute("data-moves")) tendBoard(board);

function tendBoard(board) {
  // How far the mouse goes before a click becomes a carrying, and how near the edge the board moves along.
  const FAR = 6;
  const EDGE = 48;
  // The card that the mouse has taken hold of; the card that stands in another column until that is saved.
  let held = null;
  let away = null;
  let carried = false;

  prepare();

  function prepare() {
    board.classList.add("has-script");
    for (const part of board.querySelectorAll("[data-js]")) part.hidden = false;
  }

  board.addEventListener("pointerdown", (event) => {
    carried = false;
    const card = event.target.closest(".card");
    if (!card || event.button !== 0 || event.pointerType === "touch") return;
    if (event.target.closest(".move, .move-slot") || away?.card === card) return;
    held = { card, x: event.clientX, y: event.clientY, id: event.pointerId, ghost: null, over: null };
  });

  // A link would be dragged by the browser itself.
  board.addEventListener("dragstart", (event) => event.preventDefault());

  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.id) return;
    if (!held.ghost) {
      if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
      lift();
    }
    event.preventDefault();
    held.ghost.style.transform = `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`;
    aim(event.clientX, event.clientY);
    moveAlong(event.clientX, event.clientY);
  });

  document.addEventListener("pointerup", (event) => {
    if (!held || event.pointerId !== held.id) return;
    const { card, over, ghost } = held;
    letGo();
    if (!ghost) return;
    carried = true;
    setTimeout(() => { carried = false; });
    if (over && over !== card.closest(".col")) drop(card, over);
  });

  document.addEventListener("pointercancel", letGo);
  window.addEventListener("blur", letGo);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (held) letGo();
    else if (event.target.closest?.(".move-slot")) cancel(event.target.closest(".card"));
  });

  // What ends a carrying is no click.
  board.addEventListener("click", (event) => {
    if (carried) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  function lift() {
    held.ghost = document.createElement("div");
    held.ghost.className = "carried";
    held.ghost.textContent = held.card.dataset.name;
    held.ghost.setAttribute("aria-hidden", "true");
    document.body.append(held.ghost);
    held.card.classList.add("is-lifted");
    board.classList.add("is-carrying");
  }

  function aim(x, y) {
    const over = document.elementFromPoint(x, y)?.closest("#board .col[data-stage], #board .drop-end") ?? null;
    if (over === held.over) return;
    held.over?.classList.remove("is-over-it");
    held.over = over;
    if (over !== held.card.closest(".col")) over?.classList.add("is-over-it");
  }

  function moveAlong(x, y) {
    const box = board.getBoundingClientRect();
    if (x < box.left + EDGE) board.scrollLeft -= EDGE / 3;
    else if (x > box.right - EDGE) board.scrollLeft += EDGE / 3;
    if (y < EDGE) window.scrollBy(0, -EDGE / 3);
    else if (y > innerHeight - EDGE) window.scrollBy(0, EDGE / 3);
  }

  function letGo() {
    if (!held) return;
    held.ghost?.remove();
    held.over?.classList.remove("is-over-it");
    held.card.classList.remove("is-lifted");
    board.classList.remove("is-carrying");
    held = null;
  }

  function drop(card, over) {
    if (over.dataset.go) {
      location.assign(`/enquiries/${card.dataset.id}/${over.dataset.go}`);
      return;
    }
    const query = new URLSearchParams({ from: column(card).dataset.stage, to: over.dataset.stage });
    if (board.dataset.query) query.set("board", board.dataset.query);
    ask(card, `/enquiries/${card.dataset.id}/moves/new?${query}`, over);
  }

  function column(card) {
    return card.closest(".col");
  }

  function slot(card) {
    return card.querySelector(".move-slot");
  }

  // The card stands where it was dropped while its form is open, and goes back unless that is saved.
  async function ask(card, address, over) {
    clear();
    if (over) carryTo(card, over);
    slot(card).replaceChildren();
    await htmx.ajax("GET", address, { source: card, target: slot(card), swap: "innerHTML" });
    if (!card.isConnected) return;
    const form = slot(card).querySelector("form");
    if (form) {
      form.querySelector("input:not([type=hidden])").focus();
    } else {
      putBack(card);
      const refused = slot(card).querySelector("[data-refused]");
      if (refused) {
        refused.focus();
        say(`${refused.querySelector("p:last-of-type").textContent} ${backIn(card)}`);
      }
    }
  }

  function carryTo(card, over) {
    const home = document.createComment("");
    card.before(home);
    away = { card, home };
    (over.querySelector(".cards") ?? over).prepend(card);
    card.classList.add("is-away");
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function putBack(card) {
    if (away?.card !== card) return;
    if (away.home.isConnected) away.home.replaceWith(card);
    card.classList.remove("is-away");
    away = null;
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function backIn(card) {
    return `The card of ${card.dataset.name} is in ${column(card).dataset.label}.`;
  }

  // One form is open at a time.
  function clear() {
    if (away) putBack(away.card);
    for (const open of board.querySelectorAll(".move-slot:not(:empty)")) open.replaceChildren();
    board.querySelector(".refusal")?.remove();
  }

  function cancel(card) {
    clear();
    card.querySelector(".move > summary")?.focus();
    say(`Nothing was changed. ${backIn(card)}`);
  }

  board.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const choice = event.target.closest(".move a[data-to]");
    const no = event.target.closest("[data-cancel]");
    if (!choice && !no) return;
    event.preventDefault();
    const card = event.target.closest(".card");
    if (no) {
      cancel(card);
    } else {
      choice.closest("details").open = false;
      ask(card, choice.getAttribute("href"), null);
    }
  });

  // What was sent is refused: the card goes back, its form stays open with what was typed. Where somebody else was
  // first, the whole board has come anew, and says so where the card is now.
  document.addEventListener("htmx:after:swap", (event) => {
    prepare();
    if (away && !away.card.isConnected) away = null;
    const wrong = swapped(event)?.querySelector(".error-summary, .conflict, [data-refused]");
    if (!wrong || !board.contains(wrong)) return;
    const card = wrong.closest(".card");
    const was = away && away.card === card;
    if (was) putBack(card);
    if (!wrong.hasAttribute("tabindex")) wrong.tabIndex = -1;
    wrong.focus();
    if (was) say(backIn(card));
  });

  // No answer: nothing is saved, and the card is where it was.
  document.addEventListener("htmx:error", (event) => {
    const card = away?.card ?? event.target.closest?.(".card");
    if (!card || !board.contains(card)) return;
    putBack(card);
    const typed = slot(card).querySelector("form");
    const kept = typed ? " What you typed is still here. Try again in a minute." : " Try again in a minute.";
    const words = `The service cannot be reached, and nothing was changed. ${backIn(card)}${kept}`;
    const message = document.querySelector("#messages .notice p");
    if (message) message.textContent = words;
    const there = typed?.querySelector("button") ?? card.querySelector("h3 a");
    there.focus({ preventScroll: true });
    document.getElementById("messages").scrollIntoView({ block: "nearest" });
  });

  // Any answer, also to a form that is fetched, says that it can be reached again.
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx?.response) document.querySelector("#messages [data-unreached]")?.remove();
  });

  // More of a column: on to the first that was added.
  board.addEventListener("click", (event) => {
    const more = event.target.closest(".more a");
    if (!more) return;
    const cards = more.closest(".cards");
    const before = cards.querySelectorAll(".card").length;
    document.addEventListener("htmx:after:swap", () => {
      const all = [...cards.querySelectorAll(".card")];
      all[before]?.querySelector("h3 a").focus();
      say(`${all.length - before} more`);
    }, { once: true });
  });
}
