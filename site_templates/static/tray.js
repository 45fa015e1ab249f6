"use strict";
// Models chosen to be compared: buttons with data-compare put them in and out, and a bar at the bottom leads to the page
// that compares them. The choice is kept in this browser only.
(() => {
  const tray = document.getElementById("tray");
  const texts = JSON.parse(tray.dataset.texts);
  const list = document.getElementById("tray-models");
  const go = document.getElementById("tray-go");
  const state = document.getElementById("tray-state");
  const MOST = 4;
  const KEY = `hubkit-compare ${new URL(tray.dataset.root || ".", location.href).pathname}`;

  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return kept.filter(({ uid, title }) => typeof uid === "string" && typeof title === "string").slice(0, MOST);
    } catch {
      return []; // no storage here, or not ours
    }
  };
  const write = () => {
    try {
      localStorage.setItem(KEY, JSON.stringify(models));
    } catch {
      // The choice lasts as long as the page.
    }
  };
  let models = read();

  const has = (uid) => models.some((model) => model.uid === uid);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  const mark = (button) => {
    const chosen = has(button.dataset.compare);
    button.setAttribute("aria-pressed", String(chosen));
    button.setAttribute("aria-label", fill(texts.add, { model: button.dataset.title }));
    button.disabled = !chosen && models.length >= MOST;
    button.hidden = false;
  };

  const show = () => {
    tray.hidden = models.length === 0;
    document.documentElement.classList.toggle("with-tray", models.length > 0);
    list.replaceChildren(
      ...models.map(({ uid, title }) => {
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "chip";
        remove.setAttribute("aria-label", fill(texts.remove, { model: title }));
        const name = document.createElement("bdi");
        name.textContent = title;
        const cross = document.createElement("span");
        cross.ariaHidden = "true";
        cross.textContent = "×";
        remove.append(name, cross);
        remove.addEventListener("click", () => {
          change(uid, title);
          (list.querySelector("button") ?? document.getElementById("main")).focus();
        });
        const item = document.createElement("li");
        item.append(remove);
        return item;
      }),
    );
    const query = new URLSearchParams(models.map(({ uid }) => ["model", uid]));
    go.href = `${tray.dataset.page}?${query}`;
    go.hidden = models.length < 2;
    document.getElementById("tray-hint").hidden = models.length > 1;
    for (const button of document.querySelectorAll("button[data-compare]")) mark(button);
  };

  const change = (uid, title) => {
    if (has(uid)) models = models.filter((model) => model.uid !== uid);
    else if (models.length < MOST) models = [...models, { uid, title }];
    write();
    show();
    state.textContent = fill(models.length === MOST ? texts.full : texts.count, { n: models.length });
  };

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[data-compare]") : null;
    if (button) change(button.dataset.compare, button.dataset.title);
  });
  document.addEventListener("hubkit:compare-button", (event) => mark(event.detail));
  document.getElementById("tray-clear").addEventListener("click", () => {
    models = [];
    write();
    show();
    document.getElementById("main").focus();
  });
  // Another window of the catalogue may change the choice; Back may show a page as it was.
  const again = () => {
    models = read();
    show();
  };
  addEventListener("storage", again);
  addEventListener("pageshow", (event) => event.persisted && again());
  show();
})();
