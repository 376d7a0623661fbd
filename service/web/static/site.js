// Comfort only: every page works without this file.
"use strict";

// Ctrl or Command and Enter sends a form from its text box.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.target.form.requestSubmit();
  }
});

// Buttons marked data-print are of no use without a script, so they are hidden in the page.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A printed page shows everything that is folded away on the screen.
window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details[data-print-open]")) part.open = true;
});
