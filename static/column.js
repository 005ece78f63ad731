/* A column of marks typed down: a figure goes on to the next pupil by itself, arrows and Enter move. Without this file
   the fields are filled and saved like any form. */
"use strict";

(() => {
  const form = document.getElementById("column-form");
  if (!form) return;
  const fields = [...form.querySelectorAll(".mark-field")];
  const shown = new Map(fields.map(field => [field, field.defaultValue]));
  let sent = false;

  function go(field, by) {
    const next = fields[fields.indexOf(field) + by];
    if (!next) return by > 0 && form.querySelector(".primary").focus();
    next.focus();
    next.select();
  }

  form.addEventListener("input", ({target}) => {
    if (fields.includes(target) && /^[1-5]$/.test(target.value)) go(target, 1);
  });
  form.addEventListener("keydown", event => {
    const {target, key} = event;
    if (!fields.includes(target) || event.ctrlKey || event.altKey || event.metaKey) return;
    const by = {ArrowDown: 1, Enter: 1, ArrowUp: -1}[key];
    if (!by) return;
    event.preventDefault();
    go(target, by);
  });
  // A column copied from a table and pasted into a field fills the fields below it; nothing is saved by that.
  form.addEventListener("paste", event => {
    const lines = event.clipboardData.getData("text").trimEnd().split(/\r?\n/);
    if (!fields.includes(event.target) || lines.length < 2) return;
    event.preventDefault();
    document.getElementById("column").value = lines.join("\n");
    form.querySelector("[value=paste]").click();
  });
  form.addEventListener("submit", () => sent = true);
  window.addEventListener("beforeunload", event => {
    if (!sent && ("unsaved" in form.dataset || fields.some(field => field.value !== shown.get(field)))) event.preventDefault();
  });
})();
