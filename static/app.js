/* Keys of the journal and of a lesson's sheet: one key is one saved mark.

   What was typed is an «entry». Entries of one pupil at one lesson go to the server one after another, none is
   dropped, each under a key that makes a repeat harmless. Until the server has answered, an entry also lies in
   localStorage (ids, value, key; at most a day), so neither a lost line nor an ended session loses it.
   Without this file the same acts are forms on the page of the cell. */
"use strict";

(() => {
  const MARKS = {Digit0: "незач", Numpad0: "незач", KeyP: "зач"};
  for (const figure of "12345") MARKS["Digit" + figure] = MARKS["Numpad" + figure] = figure;
  // By the physical key, so that the English layout's «y» is «н» as well.
  const LETTERS = {KeyY: "н", Comma: "б", KeyE: "у", KeyJ: "о"};
  const SPOKEN = {"": "был", "н": "не был", "б": "болел", "у": "уважительная причина", "о": "опоздал"};
  const STEPS = {ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};
  const DAY = 24 * 3600 * 1000, STORE = "ejd.unsent.", PAUSES = [2, 5, 15, 60];
  const store = storage();
  const NOT_SENT = "Нет связи со школой. Набранное ждёт на этом компьютере и уйдёт само.";

  let grid, account, csrf, cell, leaving, timer, adding = false, warned = false, failures = 0;
  const queues = new Map();
  const waiting = () => [...queues.values()].some(queue => queue.length);

  function storage() {
    try {
      return window.localStorage;
    } catch {
      return null; // a browser that keeps nothing still sends
    }
  }

  function begin() {
    grid = document.getElementById("grid");
    cell = null;
    if (!grid) return;
    account = grid.dataset.account;
    csrf = csrf || grid.dataset.csrf;
    const answers = document.getElementById("answers");
    if (answers) answers.hidden = false;
    const today = grid.querySelector("col.today");
    const column = today ? 1 + [...today.parentNode.children].indexOf(today) : 1;
    const first = grid.tBodies[0].rows[0].cells[column];
    first.tabIndex = 0;
    if (today) first.scrollIntoView({inline: "center", block: "nearest"});
  }

  /* Where a cell is */

  const isField = td => td && td.tagName === "TD" && !td.matches(".avg, .den");
  const headOf = td => grid.dataset.view === "journal" ? grid.tHead.rows[1].cells[td.cellIndex - 1]
    : grid.tHead.rows[0].cells[td.cellIndex];

  function placeOf(td) {
    const head = headOf(td), pupil = td.parentNode.id.slice(1);
    return grid.dataset.view === "journal"
      ? {view: "journal", lesson: head.id.slice(1), pupil, place: "", for: head.dataset.for || grid.dataset.for}
      : {view: "sheet", lesson: grid.dataset.lesson, pupil, place: head.dataset.place, for: head.dataset.for};
  }

  function cellOf(entry) {
    const row = grid && document.getElementById("r" + entry.pupil);
    if (!row) return null;
    if (grid.dataset.view === "sheet") {
      if (entry.lesson !== grid.dataset.lesson) return null;
      return document.getElementById(`p${entry.pupil}-${entry.place || (entry.act === "presence" ? "a" : "0")}`);
    }
    const head = document.getElementById("l" + entry.lesson);
    return head && row.cells[head.cellIndex + 1];
  }

  const addressOf = entry => grid.dataset.cell.replace("/1/pupils/2", `/${entry.lesson}/pupils/${entry.pupil}`);

  /* Moving, and saying what is in hand */

  function take(td) {
    if (cell) {
      cell.tabIndex = -1;
      tint(false);
    }
    if (cell !== td) adding = false;
    cell = td;
    cell.tabIndex = 0;
    document.getElementById("keys").hidden = false;
    tint(true);
    if (document.activeElement !== cell) cell.focus();
    say(wordsOf(cell));
  }

  function tint(on) {
    cell.parentNode.classList.toggle("in-hand", on);
    const column = grid.getElementsByTagName("col")[cell.cellIndex];
    if (column) column.classList.toggle("in-hand", on);
  }

  function step([down, right]) {
    const row = grid.tBodies[0].rows[cell.parentNode.sectionRowIndex + down];
    const next = row && row.cells[cell.cellIndex + right];
    if (isField(next)) take(next);
  }

  function say(words) {
    const said = document.getElementById("said");
    if (said) said.textContent = words;
  }

  function wordsOf(td) {
    const head = headOf(td);
    const name = td.parentNode.cells[0].textContent.trim();
    const title = (head.querySelector("[title]") || head).title || head.textContent.trim();
    const inside = [...td.children].map(piece => {
      const more = piece.title || [...piece.children].map(child => child.textContent).join();
      const figure = piece.firstChild && piece.firstChild.nodeType === Node.TEXT_NODE ? piece.firstChild.data : "";
      return more ? `${figure} – ${more}` : figure;
    }).filter(Boolean).join("; ");
    return `${name}, ${title}: ${inside || "пусто"}`;
  }

  function notice(words, onPress, title) {
    const box = document.getElementById("notices"), line = document.createElement("p");
    line.className = "notice";
    line.setAttribute("role", "alert");
    line.textContent = words + " ";
    if (onPress) {
      const button = document.createElement("button");
      button.className = "quiet";
      button.textContent = title;
      button.addEventListener("click", onPress);
      line.append(button);
    }
    box.replaceChildren(line);
    warned = true;
  }

  /* Keys */

  function pressed(event) {
    if (!grid || !cell || event.target !== cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.repeat && !STEPS[event.code] || act(event)) event.preventDefault();
  }

  function act(event) {
    if (STEPS[event.code]) return step(STEPS[event.code]), true;
    if (event.code === "NumpadEnter") return step(STEPS.Enter), true;
    if (event.key === "+" || event.code === "NumpadAdd") {
      adding = true;
      say("Ещё одна отметка в этой клетке: нажмите цифру");
      return true;
    }
    if (event.code === "Space") return leave(addressOf(placeOf(cell))), true;
    if (event.code === "Delete") return remove(), true;
    if (event.code === "KeyG") {
      const button = document.querySelector("[data-key=KeyG]");
      if (button) button.click();
      return true;
    }
    if (event.shiftKey) return false;
    if (MARKS[event.code]) return figure(MARKS[event.code]), true;
    if (LETTERS[event.code]) return letter(LETTERS[event.code]), true;
    return false;
  }

  // On a lesson's sheet letters belong to the attendance column, figures to the columns beside it.
  const presenceCell = () => grid.dataset.view === "journal" ? cell : cell.parentNode.cells[1];
  const markCell = () => placeOf(cell).place === "a" ? cell.nextElementSibling : cell;

  function figure(value) {
    if (isField(markCell())) enter(markCell(), {act: "mark", value, add: adding});
    else say("По этому предмету отметок не ставят");
  }

  function letter(code) {
    const td = presenceCell(), shown = td.dataset.state === "saving" ? td.dataset.typed : letterIn(td);
    const value = shown === code ? "" : code;
    enter(td, {act: "presence", value});
    say(`${td.parentNode.cells[0].textContent.trim()}: ${value ? `${value} – ` : ""}${SPOKEN[value]}`);
  }

  function letterIn(td) {
    const found = td.querySelector("[data-v]");
    return found ? found.textContent : "";
  }

  function remove() {
    if (cell.querySelector("[data-m]")) enter(cell, {act: "withdraw", value: ""});
    else if (presenceCell() === cell && letterIn(cell)) enter(cell, {act: "presence", value: ""});
  }

  // To the page of the cell, once everything typed has been answered.
  function leave(address) {
    if (waiting()) leaving = address;
    else location.assign(address);
  }

  /* Saving */

  function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, "0")).join("");
  }

  function enter(td, what) {
    const entry = {...placeOf(td), ...what, key: newKey(), account, at: Date.now()};
    adding = false;
    keep(entry);
    queueOf(entry).push(entry);
    show(entry, "saving");
    pump(queueOf(entry));
  }

  function queueOf(entry) {
    const name = `${entry.lesson}/${entry.pupil}`;
    if (!queues.has(name)) queues.set(name, []);
    return queues.get(name);
  }

  // What an entry means is settled when its turn comes: a figure replaces the mark that stands by then.
  function bodyOf(entry, td) {
    const {key, value, view, place} = entry, body = {key, value, view, place};
    if (entry.act === "presence") {
      const shown = td && td.querySelector("[data-v]");
      return {...body, act: "presence", version: shown ? shown.dataset.v : ""};
    }
    const marks = td ? td.querySelectorAll("[data-m]") : [];
    const last = marks.length && !entry.add ? nameOf(marks[marks.length - 1], td) : null;
    if (!last) return {...body, act: entry.act === "withdraw" ? "withdraw" : "put", for: entry.for};
    return {...body, act: entry.act === "withdraw" ? "withdraw" : "correct", mark: last[0], version: last[1]};
  }

  // Id and version. The grid tells ids from the first one of the column: «+3».
  function nameOf(mark, td) {
    const [id, version] = mark.dataset.m.split(".");
    return [id.startsWith("+") ? Number(headOf(td).dataset.m) + Number(id) : id, version];
  }

  function pump(queue) {
    const entry = queue[0];
    if (!entry || entry.sending) return;
    const td = cellOf(entry);
    entry.body = entry.body || bodyOf(entry, td);
    keep(entry);
    entry.sending = true;
    show(entry, "saving");
    const view = grid.dataset.view, single = td && view === "journal"; // a sheet's answer names its fields itself
    htmx.ajax("POST", addressOf(entry), {
      source: td || document.body, target: single ? td : "#main", swap: single ? "innerHTML" : "none",
      values: {...entry.body, view}, headers: {"X-CSRFToken": csrf}, entry
    });
  }

  function answered(event) {
    const {ctx} = event.detail, {entry} = ctx;
    if (!entry) return;
    entry.sending = false;
    const status = ctx.response ? ctx.response.status : 0, queue = queueOf(entry);
    if (status === 401 || status === 400) return locked(entry, status);
    if (status === 0 || status === 429 || status >= 500) return failed(entry);
    failures = 0;
    queue.shift();
    if (store) store.removeItem(STORE + entry.key);
    const td = cellOf(entry), reason = td && td.querySelector(".no");
    if (!queue.length) show(entry, status === 200 ? "saved" : "refused");
    if (warned && status === 200 && !waiting()) {
      document.getElementById("notices").replaceChildren();
      warned = false;
    }
    if (reason) say(reason.textContent);
    else if (status === 200 && td && td === cell) say(wordsOf(td) + " – сохранено");
    if (leaving && !waiting()) location.assign(leaving);
    setTimeout(() => pump(queue));
  }

  function show(entry, state) {
    const td = cellOf(entry);
    if (!td) return;
    const typed = queueOf(entry).filter(other => cellOf(other) === td).map(other => other.value || "–");
    td.dataset.state = state;
    td.dataset.typed = typed[typed.length - 1] || "";
    if (state === "failed") say("Не сохранено: " + td.dataset.typed);
    clearTimeout(td.calm);
    if (state === "saved") td.calm = setTimeout(() => td.removeAttribute("data-state"), 1500);
  }

  function failed(entry) {
    show(entry, "failed");
    notice(NOT_SENT, retry, "Повторить сейчас");
    leaving = null;
    timer = timer || setTimeout(retry, 1000 * PAUSES[Math.min(failures++, PAUSES.length - 1)]);
  }

  function retry() {
    clearTimeout(timer);
    timer = 0;
    for (const queue of queues.values()) pump(queue);
  }

  /* A session that ended: after signing in beside, go on, but only as the same person. */

  // 401 says so itself, with a link; 400 is a token of the session before: renewed once, or resume() says so.
  function locked(entry, status) {
    show(entry, "failed");
    warned = true;
    leaving = null;
    if (status === 400 && !entry.renewed) {
      entry.renewed = true;
      resume();
    }
  }

  async function resume() {
    if (!waiting()) return;
    const answer = await fetch("/session", {headers: {"HX-Request-Type": "partial"}}).catch(() => null);
    if (answer && answer.status === 401) document.getElementById("notices").innerHTML = await answer.text();
    if (!answer || !answer.ok) return;
    const who = await answer.json();
    if (String(who.account) !== account) return notice("Вошёл другой человек. Набранное вами ждёт вашего входа.");
    csrf = who.csrf;
    for (const field of document.getElementsByName("csrf_token")) field.value = csrf;
    retry();
  }

  /* What was not sent before the page was left */

  function keep(entry) {
    const {sending, renewed, ...kept} = entry;
    if (store) store.setItem(STORE + entry.key, JSON.stringify(kept));
  }

  function recall() {
    const kept = Object.keys(store || {}).filter(name => name.startsWith(STORE));
    const entries = kept.map(name => JSON.parse(store.getItem(name)));
    for (const entry of entries.sort((one, other) => one.at - other.at)) {
      if (Date.now() - entry.at > DAY) store.removeItem(STORE + entry.key);
      else if (entry.account === account) queueOf(entry).push(entry);
    }
    retry();
  }

  // The lesson's sheet was drawn anew: what is in hand and under way stays so.
  function redrawn() {
    if (!grid || grid.isConnected) return;
    const held = cell && cell.id;
    begin();
    for (const [entry] of queues.values()) if (entry) show(entry, "saving");
    if (held && document.getElementById(held)) take(document.getElementById(held));
  }

  htmx.config.defaultTimeout = 15000;
  document.addEventListener("keydown", pressed);
  document.addEventListener("focusin", event => {
    if (grid && isField(event.target) && grid.contains(event.target) && event.target !== cell) take(event.target);
  });
  document.addEventListener("click", event => {
    const td = event.target.closest("#grid tbody td"), button = event.target.closest("[data-code]");
    if (td && isField(td)) take(td);
    if (button && cell) {
      cell.focus();
      act({code: button.dataset.code});
    }
  });
  document.addEventListener("change", event => {
    if (event.target.id === "kind") grid.querySelector("[data-place='0']").dataset.for = event.target.value;
  });
  // An answer that is not ours (a proxy's error page) never lands in a cell.
  document.addEventListener("htmx:before:swap", event => {
    const {ctx} = event.detail;
    if (ctx.entry && ![200, 409, 422].includes(ctx.response.status) && !ctx.hx.retarget) event.preventDefault();
  });
  document.addEventListener("htmx:finally:request", answered);
  document.addEventListener("htmx:after:swap", redrawn);
  window.addEventListener("focus", resume);
  window.addEventListener("online", retry);
  begin();
  if (grid) recall();
})();
