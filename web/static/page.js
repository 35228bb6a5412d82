// What a page does beyond htmx: it says whether it is live, and takes answers from the keyboard.
"use strict";

(() => {
  const line = document.getElementById("line");
  const say = (words, kind) => {
    if (line.textContent !== words) line.textContent = words;
    line.className = `line ${kind}`;
  };
  document.addEventListener("htmx:sse:after:connection", () => say("Live", "live"));
  document.addEventListener("htmx:sse:error", () => say("Connection lost; trying again. What you see may be old.", "lost"));
  document.addEventListener("htmx:error", () => say("Connection lost; trying again. What you see may be old.", "lost"));

  const typing = (element) =>
    element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape" && typing(event.target)) {
      event.target.blur();
      return;
    }
    if (typing(event.target)) return;
    const key = event.key.toLowerCase();
    // A key leads to an answer and never gives it: Enter does, on what is seen to have the focus.
    if (key === "j" || key === "k") {
      const cards = [...document.querySelectorAll("[data-card]")];
      const at = cards.indexOf(document.activeElement);
      const next = cards[key === "j" ? at + 1 : Math.max(0, at - 1)];
      if (next) {
        event.preventDefault();
        next.focus();
      }
      return;
    }
    const way = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (way) {
      event.preventDefault();
      way.focus();
    }
  });
})();
