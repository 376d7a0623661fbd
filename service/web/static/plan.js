// Comfort only: the plan page works without this file.
"use strict";

const form = document.getElementById("plan-form");
const link = document.getElementById("link");

// Leaving with words that are not saved asks first.
if (form) {
  let unsaved = false;
  form.addEventListener("input", () => { unsaved = true; });
  form.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
}

// A link that is shown once is selected at a touch.
if (link) link.addEventListener("focus", () => link.select());
