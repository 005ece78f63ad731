/* Forms of a page that htmx sends, and its notices: what is written stays on the page until it is saved.

   `page` is what the keys of the grid (app.js) share with them: notices, and a session renewed after signing in beside. */
"use strict";

const page = (() => {
  const ANSWERS = [200, 409, 422];
  const owner = document.querySelector("[data-account]"), account = owner && owner.dataset.account;
  let warned = false, csrf = owner && owner.dataset.csrf, renewed = () => {};

  /* Notices */

  function notice(words, onPress, title) {
    const line = document.createElement("p");
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
    document.getElementById("notices").replaceChildren(line);
    warned = true;
  }

  function calm() {
    if (warned) document.getElementById("notices").replaceChildren();
    warned = false;
  }

  // A session that ended: after signing in beside, go on, but only as the same person.
  async function renew() {
    const answer = await fetch("/session", {headers: {"HX-Request-Type": "partial"}}).catch(() => null);
    if (answer && answer.status === 401) document.getElementById("notices").innerHTML = await answer.text();
    if (!answer || !answer.ok) return false;
    const who = await answer.json();
    if (String(who.account) !== account) return notice("Вошёл другой человек. Набранное вами ждёт вашего входа."), false;
    csrf = who.csrf;
    for (const field of document.getElementsByName("csrf_token")) field.value = csrf;
    calm();
    renewed();
    for (const form of guarded()) if (form.waiting) {
      const again = form.waiting;
      form.waiting = false;
      again();
    }
    return true;
  }

  /* What is written */

  const written = form => new URLSearchParams(new FormData(form)).toString();
  const guarded = () => [...document.querySelectorAll("form[data-guard]")];

  function guard() {
    for (const form of guarded()) if (form.shown === undefined) form.shown = "unsaved" in form.dataset ? "" : written(form);
  }

  function answered({detail: {ctx}}) {
    const form = ctx.sourceElement.closest("form"), status = ctx.response ? ctx.response.status : 0;
    if (ctx.entry || !form || ANSWERS.includes(status)) return;
    warned = true;
    // A button that asked for itself is pressed again: what it stands for goes with it.
    const again = () => ctx.sourceElement.matches("button") ? ctx.sourceElement.click() : form.requestSubmit();
    form.waiting = status === 401 && again;  // it goes by itself once the same person has signed in beside
    if (status === 400 && !form.renewed) {
      form.renewed = true;
      renew().then(well => well ? again() : form.waiting = again);
    } else if (!ctx.hx || !ctx.hx.retarget) {
      notice("Нет связи со школой. Не отправлено, написанное осталось на странице.", again, "Повторить сейчас");
    }
  }

  document.addEventListener("htmx:finally:request", answered);
  document.addEventListener("htmx:after:swap", guard);
  // An answer that is not ours (a proxy's error page) never lands in the page.
  document.addEventListener("htmx:before:swap", event => {
    const {ctx} = event.detail;
    if (!ANSWERS.includes(ctx.response.status) && !ctx.hx.retarget) event.preventDefault();
  });
  window.addEventListener("beforeunload", event => {
    if (guarded().some(form => form.shown !== written(form))) event.preventDefault();
  });
  window.addEventListener("focus", () => warned && renew());
  guard();
  return {account, notice, calm, renew, csrf: () => csrf, locked: () => warned = true, whenRenewed: act => renewed = act};
})();
