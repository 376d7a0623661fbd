// Comfort only: the audit desk works without this file.
"use strict";

// While files are checked, the part of the page that shows it is read anew, and only that.
const LOOK_EVERY = 2000;
async function look() {
  const shown = document.getElementById("progress");
  if (!shown || shown.dataset.progress !== "working") return;
  try {
    // Focus would be lost with the part it stands in.
    if (!shown.contains(document.activeElement)) {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("progress");
        if (fresh) renew(shown, fresh);
      }
    }
  } catch {
    // The service may be starting again; the next look tells.
  }
  setTimeout(look, LOOK_EVERY);
}

function renew(shown, fresh) {
  const said = shown.querySelector("[role=status]");
  const now = fresh.querySelector("[role=status]");
  // The line that is read aloud stays the same element, or it would not be read.
  if (said && now) {
    if (said.textContent !== now.textContent) said.replaceChildren(...now.childNodes);
    now.replaceWith(said);
  }
  shown.dataset.progress = fresh.dataset.progress;
  shown.replaceChildren(...fresh.childNodes);
}
setTimeout(look, LOOK_EVERY);

// Single keys while a strategy is read; never while something is typed, and they can be turned off.
const form = document.querySelector("[data-decide]");
const KEPT = "audit-single-keys";
if (form) {
  const toggle = document.querySelector("[data-keys-toggle]");
  const box = toggle.querySelector("input");
  toggle.hidden = false;
  box.checked = localStorage.getItem(KEPT) !== "off";
  box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.id === "reason") event.target.blur();
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])")) return;
    const wanted = [...document.querySelectorAll("[data-key]")].find((e) => e.dataset.key === event.key);
    if (!wanted) return;
    event.preventDefault();
    if (wanted.matches("a")) wanted.click();
    else if (wanted.matches("input")) {
      wanted.checked = true;
      wanted.focus();
    } else wanted.focus();
  });
}

// Tell before sending that files are too large together.
for (const sending of document.querySelectorAll("[data-upload]")) {
  const files = sending.querySelector("input[type=file]");
  const note = sending.querySelector("[data-upload-note]");
  files.addEventListener("change", () => {
    const bytes = [...files.files].reduce((sum, file) => sum + file.size, 0);
    const most = Number(sending.dataset.maxMb) * 1048576;
    const size = `${files.files.length} chosen, ${(bytes / 1048576).toFixed(1)} MB`;
    const isTooLarge = bytes > most * 0.99;
    note.textContent = isTooLarge ? `${size}: more than ${sending.dataset.maxMb} MB. Send them in parts.` : size;
    files.setCustomValidity(isTooLarge ? note.textContent : "");
  });
}
