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

  // Copied as it looks and as plain text, whichever is wanted where it is pasted; where that is not allowed the link leads to it.
  const copy = async (link) => {
    const words = document.getElementById(link.dataset.copy).querySelector(".words").cloneNode(true);
    words.querySelectorAll(".remarks").forEach((remarks) => remarks.remove());
    words.querySelectorAll("mark").forEach((mark) => mark.replaceWith(...mark.childNodes));
    const plain = fetch(link.href).then((answer) => (answer.ok ? answer.blob() : Promise.reject(answer.status)));
    await navigator.clipboard.write([
      new ClipboardItem({ "text/html": new Blob([words.innerHTML], { type: "text/html" }), "text/plain": plain }),
    ]);
    link.textContent = "Copied";
    setTimeout(() => (link.textContent = "Copy"), 3000);
  };

  const print = (ident) => {
    const piece = document.getElementById(ident);
    const done = () => {
      document.body.classList.remove("one-piece");
      piece.classList.remove("printed");
    };
    document.body.classList.add("one-piece");
    piece.classList.add("printed");
    window.addEventListener("afterprint", done, { once: true });
    window.print();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-copy]");
    if (link && window.ClipboardItem && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      copy(link).catch(() => (location.href = link.href));
    }
    const button = event.target.closest("[data-print]");
    if (button) print(button.dataset.print);
  });

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
