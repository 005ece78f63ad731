/* Keys of the journal and of a lesson's sheet: one key is one saved mark.

   What was typed is an «entry». Entries of one pupil at one lesson go to the server one after another, none is
   dropped, each under a key that makes a repeat harmless. Until the server has answered, an entry is also kept by
   unsent.js, so neither a lost line nor an ended session loses it.
   Without this file the same acts are forms on the page of the cell. */
"use strict";

(() => {
  const MARKS = {Digit0: "незач", Numpad0: "незач", KeyP: "зач"};
  for (const figure of "12345") MARKS["Digit" + figure] = MARKS["Numpad" + figure] = figure;
  // By the physical key, so that the English layout's «y» is «н» as well.
  const LETTERS = {KeyY: "н", Comma: "б", KeyE: "у", KeyJ: "о"};
  const SPOKEN = {"": "был", "н": "не был", "б": "болел", "у": "уважительная причина", "о": "опоздал"};
  const STEPS = {ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};
  const PAUSES = [2, 5, 15, 60];
  const KEYS = "Такой клавиши нет. Отметка: 5 4 3 2, з, 0; посещаемость: н б у о; ещё одна отметка: +; пересдача: /";
  const NOT_SENT = "Нет связи со школой. Набранное ждёт на этом компьютере и уйдёт само.";

  let grid, cell, first, leaving, timer, adding = "", failures = 0;  // adding: "+" another mark, "/" a re-take
  const queues = new Map();
  const waiting = () => [...queues.values()].some(queue => queue.length);
  const stuck = () => [...queues.values()].some(queue => queue.length && queue[0].failed);

  function begin() {
    grid = document.querySelector("#grid[data-view]"); // of a closed journal nothing is written
    cell = null;
    if (!grid) return;
    const answers = document.getElementById("answers");
    if (answers) answers.hidden = false;
    const today = grid.querySelector("col.today");
    const column = today ? 1 + [...today.parentNode.children].indexOf(today) : 1;
    first = grid.tBodies[0].rows[0].cells[column];
    first.tabIndex = 0;
    for (const link of grid.getElementsByTagName("a")) link.tabIndex = -1;
    if (today) first.scrollIntoView({inline: "center", block: "nearest"});
  }

  /* Where a cell is */

  const isField = td => td && td.tagName === "TD" && !td.matches(".avg, .den");
  const headOf = td => grid.dataset.view === "journal" ? grid.tHead.rows[1].cells[td.cellIndex - 1]
    : grid.tHead.rows[0].cells[td.cellIndex];

  function placeOf(td) {
    const head = headOf(td), pupil = td.parentNode.id.slice(1);
    return grid.dataset.view === "journal"
      ? {view: "journal", lesson: head.id.slice(1), pupil, place: "", for: purposes(td)[0]}
      : {view: "sheet", lesson: grid.dataset.lesson, pupil, place: head.dataset.place, for: head.dataset.for};
  }

  // What a figure in a cell of the journal may be for: the works that wait for it, else those of the lesson.
  function purposes(td) {
    const awaited = [...td.querySelectorAll("[data-w]")].map(piece => "w" + piece.dataset.w);
    return awaited.length ? awaited : (headOf(td).dataset.for || grid.dataset.for).split(" ");
  }

  // The mark that a figure replaces: the latest one for the same; what is awaited is put beside the others.
  function standing(td, asked) {
    const marks = [...td.querySelectorAll("[data-m]")];
    if (asked.act === "withdraw") return marks.pop();
    if (asked.add === "+" || asked.add !== "/" && grid.dataset.view === "journal" && td.querySelector("[data-w]")) return undefined;
    if (asked.place === "0") return marks.filter(mark => mark.dataset.f === asked.for).pop();
    return marks.filter(mark => !mark.dataset.f).pop();
  }

  const pupilIn = td => td.parentNode.cells[0].textContent.trim();

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
    if (cell !== td) adding = "";
    leaving = null;
    cell = td;
    cell.tabIndex = 0;
    document.getElementById("keys").hidden = false;
    tint(true);
    if (document.activeElement !== cell) cell.focus();
    const no = grid.querySelector("[data-state=refused] [role=alert]"), there = no && no.closest("td");
    say((no && there !== cell ? `Не принято: ${pupilIn(there)}, ${there.dataset.typed} – ${no.textContent}. ` : "")
      + wordsOf(cell));
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
    const title = grid.dataset.view === "journal" ? head.firstElementChild.title : head.textContent.trim();
    const inside = [...td.children].map(piece => {
      const more = piece.title || [...piece.children].map(child => child.textContent).join(", ") || piece.matches("span") && piece.textContent;
      const figure = piece.firstChild && piece.firstChild.nodeType === Node.TEXT_NODE ? piece.firstChild.data : "";
      return more ? `${figure} – ${more}` : figure;
    }).filter(Boolean).join("; ");
    return `${pupilIn(td)}, ${title}: ${inside || "пусто"}`;
  }

  /* Keys */

  function pressed(event) {
    if (!grid || !cell || event.target !== cell || event.ctrlKey || event.metaKey || event.altKey) return;
    leaving = null;
    if (event.repeat && !STEPS[event.code] || act(event)) event.preventDefault();
  }

  function act(event) {
    if (STEPS[event.code]) return step(STEPS[event.code]), true;
    if (event.code === "NumpadEnter") return step(STEPS.Enter), true;
    if (event.key === "+" || event.code === "NumpadAdd") {
      adding = "+";
      say("Ещё одна отметка в этой клетке: нажмите цифру");
      return true;
    }
    if (event.key === "/" || event.code === "NumpadDivide") {
      const td = markCell();
      adding = isField(td) && standing(td, {...placeOf(td), add: "/"}) ? "/" : "";
      say(adding ? "Пересдача: нажмите цифру, первая отметка останется видна" : "Пересдавать нечего: отметки здесь нет");
      return true;
    }
    if (event.code === "Space") return leave(addressOf(placeOf(cell))), true;
    if (event.code === "Delete") return remove(), true;
    if (event.code === "KeyG") {
      const button = document.querySelector("[data-key=KeyG]");
      if (button) button.click();
      return true;
    }
    const typed = (event.key || "").toLowerCase(), russian = /[а-яё]/.test(typed);
    const code = russian ? "нбуо".includes(typed) && typed : LETTERS[event.code];
    const value = russian ? typed === "з" && "зач" : MARKS[event.code];
    if (code) return letter(code), true;
    if (value && !event.shiftKey) return figure(value), true;
    if (typed.length === 1) return say(KEYS), true;
    return false;
  }

  // On a lesson's sheet letters belong to the attendance column, figures to the columns beside it.
  const presenceCell = () => grid.dataset.view === "journal" ? cell : cell.parentNode.cells[1];
  const markCell = () => placeOf(cell).place === "a" ? cell.nextElementSibling : cell;

  function figure(value) {
    const td = markCell(), asked = {act: "mark", value, add: adding};
    if (!isField(td)) return say("По этому предмету отметок не ставят");
    if (grid.dataset.view === "journal" && purposes(td).length > 1 && !standing(td, asked))
      return say("На уроке две работы: Пробел, чтобы назвать работу, или откройте урок по дате в шапке");
    enter(td, asked);
  }

  function letter(code) {
    const td = presenceCell(), shown = td.dataset.state === "saving" ? td.dataset.typed : letterIn(td);
    const value = shown === code ? "" : code;
    enter(td, {act: "presence", value});
    say(told(td, {act: "presence", value}));
  }

  function told(td, {act, value}) {
    const words = act === "presence" ? (value ? `${value} – ` : "") + SPOKEN[value] : value || "отметка удалена";
    return `${pupilIn(td)}: ${words}`;
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
    if (stuck()) say("Сначала уйдёт неотправленное: страница откроется, когда появится связь и вы нажмёте ещё раз");
    else if (waiting()) leaving = address;
    else location.assign(address);
  }

  /* Saving */

  function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, "0")).join("");
  }

  function enter(td, what) {
    const entry = {...placeOf(td), ...what, key: newKey(), account: page.account, at: Date.now()};
    adding = "";
    unsent.keep(entry);
    queueOf(entry).push(entry);
    show(entry, "saving");
    pump(queueOf(entry));
  }

  function queueOf(entry) {
    const name = `${entry.lesson}/${entry.pupil}`;
    if (!queues.has(name)) queues.set(name, []);
    return queues.get(name);
  }

  /* What an entry means is settled when its turn comes: a figure replaces the mark that stands by then. A new mark
     says which marks it has seen beside it: another hand's is told, not doubled. */
  function bodyOf(entry, td) {
    const {key, value, view, place} = entry, body = {key, value, view, place};
    if (entry.act === "presence") {
      const shown = td && td.querySelector("[data-v]");
      return {...body, act: "presence", version: shown ? shown.dataset.v : ""};
    }
    const here = td && entry.view === grid.dataset.view, mark = here && standing(td, entry);
    if (mark) {
      const [id, version] = nameOf(mark, td);
      const act = entry.act === "withdraw" ? "withdraw" : entry.add === "/" ? "retake" : "correct";
      return {...body, act, mark: id, version};
    }
    const seen = here ? [...td.querySelectorAll("[data-m]")].map(other => nameOf(other, td)[0]).join(" ") : "";
    const purpose = here && view === "journal" ? purposes(td)[0] : entry.for;
    return {...body, act: entry.act === "withdraw" ? "withdraw" : "put", for: purpose, seen};
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
    unsent.keep(entry);
    entry.sending = true;
    entry.failed = false;
    show(entry, "saving");
    const view = grid.dataset.view, single = td && view === "journal"; // a sheet's answer names its fields itself
    htmx.ajax("POST", addressOf(entry), {
      source: td || document.body, target: single ? td : "#main", swap: single ? "innerHTML" : "none",
      values: {...entry.body, view}, headers: {"X-CSRFToken": page.csrf()}, entry
    });
  }

  function answered(event) {
    const {ctx} = event.detail, {entry} = ctx, status = ctx.response ? ctx.response.status : 0;
    if (!entry) return;
    entry.sending = false;
    if (status === 401 || status === 400) return locked(entry, status);
    if (status === 0 || status === 429 || status >= 500) return failed(entry);
    const queue = queueOf(entry), before = failures;
    failures = 0;
    queue.shift();
    unsent.forget(entry);
    if (!queue.length) show(entry, status === 200 ? "saved" : "refused");
    if (status === 200 && !waiting()) page.calm();
    sayOf(entry, status, ctx.text || "", before && !waiting() ? "Всё сохранено. " : "");
    if (leaving && !waiting()) location.assign(leaving);
    setTimeout(() => pump(queue));
  }

  // In words: whose, and what came of it; the server's own sentence when it has one.
  function sayOf(entry, status, answer, all) {
    const td = cellOf(entry), piece = new DOMParser().parseFromString(answer, "text/html").querySelector(".no");
    const sentence = piece && piece.textContent;
    if (status !== 200 && !td) page.notice(`Отметка ${entry.value} не принята: ${sentence || "клетки больше нет"}`);
    else if (sentence) say(`${all}${pupilIn(td)}: ${sentence}${status === 200 ? "; изменить: Пробел" : ""}`);
    else if (td && status === 200) say(`${all}${td === cell ? wordsOf(td) : told(td, entry)} – сохранено`);
  }

  function show(entry, state) {
    const td = cellOf(entry);
    if (!td) return;
    const typed = queueOf(entry).filter(other => cellOf(other) === td).map(other => other.value || "–");
    td.dataset.state = state;
    td.dataset.typed = typed[typed.length - 1] || entry.value || "–";
    if (state === "failed") say("Не сохранено: " + td.dataset.typed);
    clearTimeout(td.calm);
    if (state === "saved") td.calm = setTimeout(() => td.removeAttribute("data-state"), 1500);
  }

  function failed(entry) {
    entry.failed = true;
    show(entry, "failed");
    page.notice(NOT_SENT, retry, "Повторить сейчас");
    leaving = null;
    timer = timer || setTimeout(retry, 1000 * PAUSES[Math.min(failures++, PAUSES.length - 1)]);
  }

  function retry() {
    clearTimeout(timer);
    timer = 0;
    for (const queue of queues.values()) pump(queue);
  }

  // 401 says so itself, with a link; 400 is a token of the session before: renewed once, or that says why not.
  function locked(entry, status) {
    entry.failed = true;
    show(entry, "failed");
    page.locked();
    leaving = null;
    if (status === 400 && !entry.renewed) {
      entry.renewed = true;
      page.renew();
    }
  }

  /* What was not sent before the page was left */

  function recall() {
    const {entries, dropped} = unsent.recall(page.account);
    for (const entry of entries) queueOf(entry).push(entry);
    if (dropped) page.notice(unsent.lost(dropped));
    retry();
  }

  // A part of the lesson's page was drawn anew: what is in hand and under way stays so. After a refusal the first error
  // is in hand; the keys of the grid go on when the grid was drawn, else the record's button stays.
  function redrawn(event) {
    if (event.detail.ctx.entry) return;
    const held = cell && cell.id, drawn = grid && !grid.isConnected;
    if (drawn) {
      begin();
      for (const [entry] of queues.values()) if (entry) show(entry, "saving");
    }
    const wrong = document.querySelector("main [aria-invalid]") || document.querySelector("main .error");
    const saved = document.getElementById("save-record");
    if (wrong) {
      if (!wrong.matches("input, select, textarea")) wrong.tabIndex = -1;
      wrong.focus();
    } else if (drawn && grid) take(held && document.getElementById(held) || cell || first);
    else if (saved) saved.focus();
  }

  htmx.config.defaultTimeout = 15000;
  document.addEventListener("keydown", pressed);
  document.addEventListener("focusin", event => {
    if (grid && isField(event.target) && grid.contains(event.target) && event.target !== cell) take(event.target);
  });
  document.addEventListener("click", event => {
    const td = grid && event.target.closest("#grid tbody td"), button = event.target.closest("[data-code]");
    if (td && isField(td) && !event.target.closest("a")) take(td);
    if (grid && event.target.closest("[href='#grid']")) {
      event.preventDefault();
      take(cell || first);
    }
    if (button && cell) {
      cell.focus();
      act({code: button.dataset.code});
    }
  });
  document.addEventListener("change", event => {
    if (event.target.id === "kind") grid.querySelector("[data-place='0']").dataset.for = event.target.value;
  });
  document.addEventListener("htmx:finally:request", answered);
  document.addEventListener("htmx:after:swap", redrawn);
  window.addEventListener("online", retry);
  begin();
  page.whenRenewed(retry);
  if (grid) recall();
})();
