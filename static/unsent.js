/* What was typed and not answered yet, kept in this browser: ids, value and key, no names, at most a day. */
"use strict";

const unsent = (() => {
  const DAY = 24 * 3600 * 1000, PREFIX = "ejd.unsent.";
  const store = storage();

  function storage() {
    try {
      return window.localStorage;
    } catch {
      return null; // a browser that keeps nothing still sends
    }
  }

  function keep(entry) {
    const {sending, failed, renewed, ...kept} = entry;
    if (store) store.setItem(PREFIX + entry.key, JSON.stringify(kept));
  }

  function forget(entry) {
    if (store) store.removeItem(PREFIX + entry.key);
  }

  // The account's entries, the oldest first, and how many were dropped because their day is over.
  function recall(account) {
    const names = Object.keys(store || {}).filter(name => name.startsWith(PREFIX));
    const all = names.map(name => JSON.parse(store.getItem(name))).sort((one, other) => one.at - other.at);
    const old = all.filter(entry => Date.now() - entry.at > DAY), mine = entry => entry.account === account;
    old.forEach(forget);
    return {entries: all.filter(entry => mine(entry) && !old.includes(entry)), dropped: old.filter(mine).length};
  }

  const lost = count => count
    ? `Записей, которые больше суток не удавалось отправить и которых больше нет: ${count}. Проверьте журнал.` : "";

  return {keep, forget, recall, lost};
})();

// The teacher's day tells of what waits, for it is sent from a lesson or a journal only.
(() => {
  const line = document.getElementById("unsent");
  if (!line) return;
  const {entries, dropped} = unsent.recall(line.dataset.account);
  const [words, link] = line.children;
  if (entries.length) {
    words.textContent = `Не отправлено записей: ${entries.length}. `;
    link.href = line.dataset.lesson + entries[0].lesson;
    link.hidden = false;
  }
  words.textContent += unsent.lost(dropped);
  line.hidden = !words.textContent;
})();
