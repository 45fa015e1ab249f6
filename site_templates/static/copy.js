"use strict";
// Gives every element with data-copy a button that copies its text. Without this script there are no buttons.
(() => {
  const texts = JSON.parse(document.currentScript.dataset.texts);
  const state = document.createElement("p");
  state.className = "out-of-sight";
  state.setAttribute("role", "status");
  document.body.append(state);

  const copy = async (element) => {
    try {
      await navigator.clipboard.writeText(element.textContent);
    } catch {
      // No clipboard here, as in a page opened from a file: select the text and let the browser copy it.
      const selection = getSelection();
      selection.selectAllChildren(element);
      if (!document.execCommand("copy")) throw new Error("nothing was copied");
      selection.removeAllRanges();
    }
  };

  for (const element of document.querySelectorAll("[data-copy]")) {
    const what = element.dataset.copy;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = texts.copy;
    button.setAttribute("aria-label", texts.named.replace("{what}", () => what));
    let timer = 0;
    button.addEventListener("click", async () => {
      let word = texts.copied;
      try {
        await copy(element);
      } catch {
        word = texts.select;
      }
      button.textContent = word;
      button.classList.toggle("copied", word === texts.copied);
      state.textContent = `${word}: ${what}`;
      clearTimeout(timer);
      timer = setTimeout(() => {
        button.textContent = texts.copy;
        button.classList.remove("copied");
      }, 2000);
    });
    element.insertAdjacentElement("afterend", button);
  }
})();
