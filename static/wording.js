/* The editor of the school's papers: its buttons put the signs of markup for whoever does not type them.

   What they put can be taken back like what is typed. Without this file signs are typed by hand, «Посмотреть» shows
   the paper; with it the paper beside the text follows what is typed (an element beside the button asks, by htmx). */
"use strict";

(() => {
  const bar = document.getElementById("signs"), field = document.getElementById("body");
  if (!bar || !field) return;
  const FRONT = /^(\s*)(#{1,6} |[-*] |\d+[.)] )?/;
  const SIGNS = {heading: () => "## ", list: () => "- ", numbers: place => `${place + 1}. `};

  // As if typed: the browser's own undo knows it.
  function put(text, from, to) {
    field.focus();
    field.setSelectionRange(from, to);
    if (document.execCommand(text ? "insertText" : "delete", false, text)) return;
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new Event("input", {bubbles: true}));
  }

  const stars = (text, from, step) => {
    let count = 0;
    while (text[from + count * step] === "*") count++;
    return count;
  };

  // Bold has two stars on each side, italics one, both three.
  function around(sign) {
    const {value, selectionStart, selectionEnd} = field, chosen = value.slice(selectionStart, selectionEnd);
    if (chosen.includes("\n")) return everyLine(line => {
      const front = line.match(FRONT)[0], words = line.slice(front.length);
      return words.trim() ? front + sign + words.trim() + sign : line;
    });
    const words = chosen.trim(), from = selectionStart + chosen.indexOf(words), to = from + words.length;
    const has = Math.min(stars(value, from - 1, -1), stars(value, to, 1)), one = sign.length;
    if (has === 3 || has === one) {
      put(words, from - one, to + one);
      field.setSelectionRange(from - one, to - one);
    } else {
      put(sign + words + sign, from, to);
      field.setSelectionRange(from + one, to + one);
    }
  }

  function everyLine(made) {
    const {value, selectionStart, selectionEnd} = field;
    const from = value.lastIndexOf("\n", selectionStart - 1) + 1, end = value.indexOf("\n", selectionEnd);
    const to = end < 0 ? value.length : end, text = value.slice(from, to).split("\n").map(made).join("\n");
    put(text, from, to);
    field.setSelectionRange(from, from + text.length);
  }

  // Lines that all have the sign lose it.
  function before(kind) {
    const {value, selectionStart, selectionEnd} = field, sign = SIGNS[kind];
    const from = value.lastIndexOf("\n", selectionStart - 1) + 1, end = value.indexOf("\n", selectionEnd);
    const lines = value.slice(from, end < 0 ? value.length : end).split("\n");
    const there = lines.every((line, place) => line.replace(/^\s+/, "").startsWith(sign(place)));
    everyLine((line, place) => line.replace(FRONT, (_, space) => there ? space : space + sign(place)));
  }

  function press(what) {
    if (what === "bold") around("**");
    else if (what === "italic") around("*");
    else if (what === "place") put(`{{${bar.querySelector("select").value}}}`, field.selectionEnd, field.selectionEnd);
    else before(what);
  }

  bar.hidden = false;
  bar.addEventListener("click", event => {
    const button = event.target.closest("[data-sign]");
    if (button) press(button.dataset.sign);
  });
  // By place on the keyboard: with Russian letters B stands under И.
  field.addEventListener("keydown", event => {
    const what = {KeyB: "bold", KeyI: "italic"}[event.code];
    if (!what || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    press(what);
  });
  field.form.addEventListener("submit", () => field.form.removeAttribute("data-guard"));
})();
