// Opt-in, on one device: the last diary that was opened here, shown when the school cannot be reached (docs/security.md).
"use strict";
const STORE = "ejd-diary", KEPT = "/last-diary", WHEN = "x-kept-at", LONGEST = 7 * 24 * 3600 * 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", event => {
  const asked = event.request, path = new URL(asked.url).pathname;
  if (asked.mode === "navigate") event.respondWith(open(asked, path));
  else if (asked.method === "GET" && path.startsWith("/static/")) event.respondWith(file(asked));
});

async function open(asked, path) {
  let answer;
  try {
    answer = await fetch(asked);
  } catch (trouble) {
    return asked.method === "GET" ? lastDiary(trouble) : Promise.reject(trouble);
  }
  if (path === "/login" || path === "/logout" || answer.status === 401 || answer.status === 403) await forget();
  else if (answer.ok && answer.headers.get("X-Ejd-Keep")) await keep(answer.clone());
  return answer;
}

async function file(asked) {
  const kept = await caches.match(asked, {cacheName: STORE});
  return kept || fetch(asked);
}

function forget() {
  return caches.delete(STORE);
}

async function keep(answer) {
  const text = await answer.text(), style = /<link rel="stylesheet" href="([^"]+)"/.exec(text);
  await forget();
  const store = await caches.open(STORE);
  await store.put(KEPT, new Response(text, {headers: {
    "Content-Type": "text/html; charset=utf-8", [WHEN]: String(Date.now()),
    "Content-Security-Policy": answer.headers.get("Content-Security-Policy") || "default-src 'self'"}}));
  if (style) await store.add(style[1]);
}

async function lastDiary(trouble) {
  const kept = await caches.match(KEPT, {cacheName: STORE});
  const when = kept ? Number(kept.headers.get(WHEN)) : 0;
  if (Date.now() - when > LONGEST) {
    await forget();
    throw trouble;
  }
  const day = new Intl.DateTimeFormat("ru-RU", {day: "numeric", month: "long", hour: "numeric", minute: "2-digit"}).format(when);
  const text = (await kept.text()).replace('<main id="main">',
    `<main id="main"><p class="notice" role="alert">Нет связи со школой. Это дневник, каким он был ${day}.</p>`);
  return new Response(text, {headers: kept.headers});
}
