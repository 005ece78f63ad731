// Keeps the last diary on this device, or stops keeping it: data-keep of its own tag says which.
"use strict";
(function (keep) {
  if (!navigator.serviceWorker) return;
  if (keep) {
    navigator.serviceWorker.register("/sw.js").then(function () {
      const here = document.getElementById("kept-here");
      if (!here) return;
      here.hidden = false;
      document.getElementById("not-kept").hidden = true;
    });
    return;
  }
  navigator.serviceWorker.getRegistrations().then(function (all) {
    all.forEach(function (one) { one.unregister(); });
  });
  if (window.caches) caches.delete("ejd-diary");
})(document.currentScript.dataset.keep === "on");
