/* Keys of the page of results: a figure is put, saved, and the next pupil is in hand.

   What was typed is saved one after another, each under a key that makes a repeat harmless. Until the server has
   answered it stays in its field, and leaving the page warns (forms.js). Without this file the form is saved whole. */
"use strict";

(() => {
  const form = document.getElementById("results");
  if (!form) return;
  const fields = [...form.querySelectorAll("[data-pupil]")];
  const STEPS = {ArrowDown: 1, Enter: 1, ArrowUp: -1};
  const NOT_SENT = "Нет связи со школой. Набранное осталось в таблице и уйдёт само.";
  const queue = [];
  let sending = false, timer;

  const field = name => form.elements.namedItem(name);
  const name = input => input.getAttribute("aria-label");
  const say = words => document.getElementById("said").textContent = words;
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(9))].map(byte => byte.toString(16).padStart(2, "0")).join("");

  const allowed = form.dataset.allowed.split("|");
  const possible = typed => allowed.some(value => value.startsWith(typed.trim().toLowerCase()));
  const REFUSED = `Такой отметки нет. Можно: ${form.dataset.shown}`;

  for (const input of fields) {
    input.dataset.saved = field("o" + input.dataset.pupil).value;
    input.dataset.typed = input.value;
  }

  // What cannot become a result is not taken: the field keeps what stood there.
  function typing(input) {
    if (possible(input.value)) return input.dataset.typed = input.value;
    input.value = possible(input.dataset.typed) ? input.dataset.typed : input.dataset.saved;
    say(`${name(input)}: ${REFUSED}`);
  }

  // The lines over the table follow what has been saved.
  function summed() {
    const unset = fields.filter(input => !input.dataset.saved), left = document.getElementById("unset");
    left.textContent = unset.length ? `Не выставлено ${unset.length} из ${fields.length}.` : left.dataset.all + ".";
    const overdue = document.getElementById("overdue"), offered = document.getElementById("offered");
    if (overdue) overdue.hidden = !unset.length;
    if (!offered) return;
    const amount = unset.filter(input => input.placeholder).length;
    offered.hidden = !amount;
    offered.firstElementChild.textContent = amount;
  }

  function step(input, by) {
    const next = fields[fields.indexOf(input) + by];
    if (next) next.focus();
    else input.blur();
  }

  function pressed(event) {
    const input = event.target;
    if (!fields.includes(input) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (STEPS[event.key]) {
      event.preventDefault();
      step(input, STEPS[event.key]); // what was typed is saved as the field is left
    } else if (/^[1-5]$/.test(event.key)) {
      event.preventDefault();
      if (!possible(event.key)) return say(`${name(input)}: ${REFUSED}`);
      input.value = event.key;
      save(input);
      step(input, 1);
    }
  }

  function save(input) {
    if (input.value.trim() === input.dataset.saved && input.dataset.state !== "saving") return calm(input);
    input.key = newKey();
    input.dataset.state = "saving";
    if (!queue.includes(input) || queue[0] === input && sending) queue.push(input);
    pump();
  }

  // What was refused was typed back to what stands.
  function calm(input) {
    if (input.dataset.state !== "refused") return;
    input.removeAttribute("data-state");
    input.removeAttribute("aria-invalid");
    document.getElementById("n" + input.dataset.pupil).textContent = "";
  }

  async function pump() {
    clearTimeout(timer);
    const input = queue[0];
    if (!input || sending) return;
    sending = true;
    const typed = input.value.trim(), pupil = input.dataset.pupil, key = input.key;
    const body = new URLSearchParams({csrf_token: page.csrf(), period: field("period").value, key,
      ["r" + pupil]: typed, ["v" + pupil]: field("v" + pupil).value});
    if (field("reason")) body.set("reason", field("reason").value);
    let answer = await fetch(form.action, {method: "POST", body, headers: {"HX-Request-Type": "partial"}}).catch(() => null), read;
    if (answer && [200, 409, 422].includes(answer.status)) {
      read = await answer.json().catch(() => null);
      if (!read) answer = null; // the line broke in the middle of it
    }
    sending = false; // not before all of the answer is there: who types meanwhile would send this one again
    if (read) settled(input, typed, key, read);
    else if (answer && [400, 401].includes(answer.status)) await locked(input, answer);
    else if (answer && answer.status < 500 && answer.status !== 429) await closed(input, answer);
    else failed(input);
  }

  function settled(input, typed, key, {error, value, version, told}) {
    queue.shift();
    const pupil = input.dataset.pupil, notes = document.getElementById("n" + pupil);
    field("v" + pupil).value = version;
    field("o" + pupil).value = input.dataset.saved = value;
    notes.textContent = error || told;
    notes.classList.toggle("error", Boolean(error));
    if (error) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (input.key === key) {
      input.dataset.state = error ? "refused" : "saved";
      if (!error) input.value = value;
    }
    summed();
    say(`${name(input)}: ${error || (value || "отметки нет") + " – сохранено"}`);
    if (fields.every(one => one.value.trim() === one.dataset.saved)) form.shown = new URLSearchParams(new FormData(form)).toString();
    if (!queue.length) page.calm();
    pump();
  }

  function failed(input) {
    input.dataset.state = "failed";
    page.notice(NOT_SENT, pump, "Повторить сейчас");
    timer = setTimeout(pump, 10000);
  }

  // Not this person's any more: the server says why.
  async function closed(input, answer) {
    queue.shift();
    input.dataset.state = "refused";
    document.getElementById("notices").innerHTML = await answer.text();
  }

  // The session ended: 401 says so itself, with a link; 400 is a token of the session before, renewed once.
  async function locked(input, answer) {
    input.dataset.state = "failed";
    page.locked();
    if (answer.status === 401) document.getElementById("notices").innerHTML = await answer.text();
    else if (!input.renewed) {
      input.renewed = true;
      page.renew();
    }
  }

  form.addEventListener("keydown", pressed);
  form.addEventListener("input", event => fields.includes(event.target) && typing(event.target));
  form.addEventListener("change", event => fields.includes(event.target) && save(event.target));
  form.addEventListener("focusin", event => fields.includes(event.target) && event.target.select());
  window.addEventListener("online", pump);
  page.whenRenewed(pump);
})();
