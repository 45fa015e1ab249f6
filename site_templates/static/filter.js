"use strict";
// Shows only the entries whose text holds all words of the field. Without this script the list is simply whole.
(() => {
  const finder = document.getElementById("finder");
  const field = document.getElementById("filter");
  const state = document.getElementById("filter-state");
  const nothing = document.getElementById("nothing-found");
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const groups = [...document.querySelectorAll("[data-group]")].map((element) => ({
    element,
    entries: [...element.querySelectorAll("[data-entry]")].map((entry) => ({
      element: entry,
      text: plain(`${element.querySelector("h2 bdi").textContent} ${entry.textContent} ${entry.querySelector("a").getAttribute("href")}`),
    })),
  }));
  const total = groups.reduce((sum, group) => sum + group.entries.length, 0);
  if (total < 2) return;

  const apply = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const group of groups) {
      let inGroup = 0;
      for (const entry of group.entries) {
        const match = words.every((word) => entry.text.includes(word));
        entry.element.hidden = !match;
        inGroup += match;
      }
      group.element.hidden = inGroup === 0;
      found += inGroup;
    }
    nothing.hidden = found > 0;
    state.textContent = words.length ? `${found} of ${total}` : "";
  };

  let waiting = 0;
  field.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(apply);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && event.target === document.body) {
      event.preventDefault();
      field.focus();
    } else if (event.key === "Escape" && event.target === field) {
      field.value = "";
      apply();
    }
  });
  finder.hidden = false;
  if (field.value) apply(); // a browser keeps the field's text when its reader comes back
})();
