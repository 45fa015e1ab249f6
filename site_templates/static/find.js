"use strict";
// The home page's search: a field, facets and hits, all kept in the page's address. Without this script the page is the
// plain list of all models. HubkitSearch finds; every text is put into the page as text, never as HTML.
(() => {
  const finder = document.getElementById("finder");
  const field = document.getElementById("query");
  const status = document.getElementById("found-status");
  const heading = document.getElementById("found-count");
  const filters = document.getElementById("filters");
  const results = document.getElementById("results");
  const list = document.getElementById("hits");
  const more = document.getElementById("more-hits");
  const sort = document.getElementById("sort");
  const measureSorts = document.getElementById("measure-sorts");
  const facetBox = document.getElementById("facets");
  const chips = document.getElementById("chips");
  const hint = document.getElementById("found-hint");
  const browse = document.getElementById("browse");
  const template = document.getElementById("hit-template");
  const texts = JSON.parse(finder.dataset.texts);
  const labels = JSON.parse(finder.dataset.labels);
  const spoken = JSON.parse(finder.dataset.spoken);
  const root = finder.dataset.root;
  const languages = document.querySelectorAll(".top-nav a[hreflang]");
  const PAGE = 24;
  const VALUES = 8;

  if (location.protocol === "file:") {
    document.getElementById("no-search").hidden = false;
    return;
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const counted = (count, one, many) => fill(count === 1 ? one : many, { n: count.toLocaleString(texts.lang) });

  const make = (name, properties = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key in element && key !== "list") element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };

  // What is searched for, and how many hits are shown: all but the latter is the page's address.
  let state = { q: "", facets: {}, sort: "", shown: PAGE };
  let catalogue = null;
  let loading = null;
  let answer = null;

  const facetLabels = new Map(texts.facets);
  const facetNames = [...facetLabels.keys()];

  const readAddress = () => {
    const query = new URLSearchParams(location.search);
    const facets = {};
    for (const name of facetNames) if (query.has(name)) facets[name] = new Set(query.getAll(name));
    return { q: query.get("q") ?? "", facets, sort: query.get("sort") ?? "", shown: history.state?.shown ?? PAGE };
  };

  const address = () => {
    const query = new URLSearchParams();
    if (state.q.trim()) query.set("q", state.q.trim());
    for (const name of facetNames) for (const value of state.facets[name] ?? []) query.append(name, value);
    if (state.sort) query.set("sort", state.sort);
    const text = query.toString();
    return location.pathname + (text ? `?${text}` : "");
  };

  const active = () => address() !== location.pathname;

  // Typing changes the address in place, but the first letter and each facet make a step that Back returns from.
  const keepAddress = (step) => {
    const next = address();
    if (next === location.pathname + location.search) return;
    const started = location.search === "" && active();
    history[step || started ? "pushState" : "replaceState"]({ shown: state.shown }, "", next);
  };

  const load = (cache) => {
    loading ??= HubkitSearch.Catalogue.load(finder.dataset.index, root, labels, spoken, cache).then((loaded) => {
      catalogue = loaded;
      addFacets();
    });
    return loading;
  };

  // What is shown is not yet the answer to what is asked.
  const busy = (whether) => results.setAttribute("aria-busy", String(whether));

  let turn = 0;
  const update = async () => {
    const mine = ++turn;
    const searching = active();
    for (const link of languages) link.search = location.search;
    results.hidden = !searching;
    document.documentElement.classList.toggle("searching", searching);
    busy(searching);
    try {
      if (searching) await answerIn(mine);
      else announce("");
    } finally {
      if (mine === turn) busy(false);
    }
  };

  const answerIn = async (mine) => {
    try {
      if (!catalogue) announce(texts.loading);
      await load();
    } catch (error) {
      loading = null;
      announce(texts.broken);
      throw error;
    }
    if (mine !== turn) return;
    show();
    try {
      // Names are found at once; what stands in the bodies follows.
      if (!(await catalogue.prepare(state.q)) || mine !== turn) return;
    } catch {
      if (mine === turn) await renew(mine);
      return;
    }
    show();
  };

  // Where words of bodies are gone, the catalogue was published anew since the page was opened: its new index knows where
  // they are now. What is found by names stays in sight, and where the new index does not help either, that is said.
  const renew = async (mine) => {
    loading = null;
    try {
      await load("reload");
      await catalogue.prepare(state.q);
    } catch {
      if (mine === turn) say(texts.bodiless);
      return;
    }
    if (mine === turn) show();
  };

  const show = () => {
    answer = catalogue.find(state);
    showSorts();
    showHits();
    showFacets();
    showChips();
    const { hits, partial, typo } = answer;
    announce(counted(hits.length, texts.one, texts.many));
    say(!hits.length ? texts.nothing : partial ? texts.partial : typo ? texts.typo : mixed(hits) ? texts.mixed : "");
  };

  // Whether hits are in the order of figures that were measured on different data.
  const mixed = (hits) => {
    if (!state.sort.startsWith("metric:")) return false;
    const metric = state.sort.slice("metric:".length);
    const measured = hits.filter(({ card }) => card.metrics.some(([name]) => name.toLowerCase() === metric));
    return new Set(measured.map(({ card }) => catalogue.valuesOf(card, "dataset")[0])).size > 1;
  };

  const say = (text) => {
    hint.textContent = text;
    hint.hidden = !text;
  };

  const announce = (text) => {
    if (status.textContent === text) return;
    status.textContent = text;
    heading.textContent = text;
  };

  // Hits

  // The link or the button of the hits that is the same as one of before.
  const again = (held) =>
    [...list.querySelectorAll("a, button")].find(
      (other) => other.href === held.href && other.dataset.compare === held.dataset.compare,
    );

  // They are shown anew when what stands in the bodies was read, while a reader may already be among them.
  const showHits = () => {
    const shown = answer.hits.slice(0, state.shown);
    const held = list.contains(document.activeElement) ? document.activeElement : null;
    list.replaceChildren(...shown.map(hitElement));
    if (held) (again(held) ?? links()[0] ?? field).focus({ preventScroll: true });
    more.hidden = shown.length === answer.hits.length;
    more.textContent = counted(answer.hits.length - shown.length, texts.more, texts.more);
  };

  const put = (hit, name, text) => {
    const place = hit.querySelector(`[data-put=${name}]`);
    if (text) place.textContent = text;
    else place.remove();
  };

  const hitElement = (found) => {
    const { family, cards, card } = found;
    const hit = template.content.cloneNode(true).firstElementChild;
    const link = hit.querySelector("a");
    link.href = catalogue.pageOf(found, state);
    link.firstElementChild.textContent = family.title;
    put(hit, "name", family.name);
    const values = (facet) => catalogue.valuesOf(card, facet);
    put(hit, "task", values("task").slice(-1).map((value) => catalogue.labelOf("task", value))[0]);
    put(hit, "dataset", values("dataset").map((value) => catalogue.labelOf("dataset", value))[0]);
    const metrics = hit.querySelector("[data-put=metrics]");
    const first = card.metrics.findIndex(([name]) => `metric:${name.toLowerCase()}` === state.sort);
    const ordered = first > 0 ? [card.metrics[first], ...card.metrics.filter((_, index) => index !== first)] : card.metrics;
    for (const [name, value] of ordered.slice(0, 2)) {
      metrics.append(make("span", { className: "metric" }, name ? `${name} ` : "", make("b", {}, value)), " ");
    }
    if (ordered.length > 2) metrics.append("…");
    if (!ordered.length) metrics.remove();
    const version = values("version")[0];
    put(hit, "version", version && fill(texts.version, { version }));
    const others = hit.querySelector("[data-put=others]");
    for (const other of cards.filter((each) => each !== card).slice(0, 6)) {
      const name = catalogue.valuesOf(other, "version")[0] || catalogue.uidOf(other);
      others.append(make("a", { href: other.page, "aria-label": `${family.title} ${name}` }, name), " ");
    }
    if (cards.length > 7) others.append(make("a", { href: `${card.page}#versions` }, "…"));
    if (cards.length < 2) others.remove();
    const standing = values("status")[0];
    const mark = document.getElementById(`mark-${texts.marks[standing] ?? "none"}`);
    if (standing !== "not verified" && mark) {
      const shown = mark.content.cloneNode(true);
      shown.querySelector("[data-word]").textContent = catalogue.labelOf("status", standing);
      hit.querySelector("[data-put=standing]").append(shown);
    } else hit.querySelector("[data-put=standing]").remove();
    const button = hit.querySelector("[data-compare]");
    button.dataset.compare = catalogue.uidOf(card);
    button.dataset.title = version ? `${family.title} ${version}` : family.title;
    document.dispatchEvent(new CustomEvent("hubkit:compare-button", { detail: button }));
    return hit;
  };

  more.addEventListener("click", () => {
    const first = state.shown;
    state.shown += PAGE;
    history.replaceState({ ...history.state, shown: state.shown }, "");
    showHits();
    list.children[first]?.querySelector("a").focus();
  });

  // Facets

  const boxes = new Map(); // facet -> its elements and its values' elements

  const addFacets = () => {
    facetBox.replaceChildren();
    for (const name of facetNames) {
      const values = catalogue.values[name];
      if (!values.length) continue;
      const group = make("fieldset", { className: "facet-values" }, make("legend", { className: "out-of-sight" }, facetLabels.get(name)));
      const rows = new Map();
      const { counts } = catalogue.find({ q: "", facets: {}, sort: "" });
      const totals = counts[catalogue.facetNames.indexOf(name)];
      for (const [value] of ordered(name, values, totals)) {
        const box = make("input", { type: "checkbox", name, value });
        const count = make("span", { className: "count" });
        const label = make("label", { className: "facet-value" }, box, make("bdi", {}, catalogue.labelOf(name, value)), count);
        if (name === "task" && value.includes("-")) label.classList.add("facet-below");
        box.addEventListener("change", () => choose(name, value, box.checked));
        group.append(label);
        rows.set(value, { label, box, count, place: rows.size });
      }
      const all = make("button", { type: "button", className: "quiet", hidden: true });
      const summary = make("summary", {}, facetLabels.get(name), " ", make("span", { className: "facet-chosen" }));
      const element = make("details", { className: "facet", open: boxes.size < 3 }, summary, group, all);
      const facet = { element, group, rows, all, chosen: summary.lastElementChild, whole: false };
      all.addEventListener("click", () => {
        facet.whole = !facet.whole;
        showFacets();
      });
      boxes.set(name, facet);
      facetBox.append(element);
    }
  };

  // Values by how many models have them; versions from the newest; each task below its field.
  const ordered = (name, values, totals) => {
    const pairs = values.map((value, place) => [value, totals[place]]);
    const compare = new Intl.Collator(texts.lang, { numeric: true }).compare;
    if (name === "version") return pairs.sort((a, b) => compare(b[0], a[0]));
    const total = new Map(pairs);
    const above = (value) => (name === "task" ? value.split("-")[0] : value);
    return pairs.sort(
      (a, b) =>
        (total.get(above(b[0])) ?? 0) - (total.get(above(a[0])) ?? 0) ||
        (above(a[0]) === above(b[0]) ? Number(a[0] !== above(a[0])) - Number(b[0] !== above(b[0])) : 0) ||
        compare(above(a[0]), above(b[0])) ||
        b[1] - a[1] ||
        compare(a[0], b[0]),
    );
  };

  // The values that most of these hits have come first; but nothing moves under a reader's cursor.
  const arrange = (name, facet) => {
    if (name === "task" || name === "version" || facet.element.contains(document.activeElement)) return;
    const rank = ({ box, found }) => (box.checked ? Number.MAX_SAFE_INTEGER : found);
    facet.rows = new Map([...facet.rows].sort((a, b) => rank(b[1]) - rank(a[1]) || a[1].place - b[1].place));
    facet.group.append(...[...facet.rows.values()].map(({ label }) => label));
  };

  const showFacets = () => {
    for (const [name, facet] of boxes) {
      const counts = answer.counts[catalogue.facetNames.indexOf(name)];
      const chosen = state.facets[name] ?? new Set();
      let possible = 0;
      catalogue.values[name].forEach((value, place) => {
        facet.rows.get(value).found = counts[place];
      });
      for (const [value, row] of facet.rows) row.box.checked = chosen.has(value);
      arrange(name, facet);
      for (const { label, box, count, found } of facet.rows.values()) {
        count.textContent = found.toLocaleString(texts.lang);
        possible += found > 0 || box.checked;
        label.hidden = !(box.checked || (found > 0 && (facet.whole || possible <= VALUES)));
      }
      facet.all.hidden = possible <= VALUES;
      facet.all.textContent = facet.whole ? texts.fewer : counted(possible, texts.all, texts.all);
      facet.element.hidden = possible === 0;
      facet.chosen.textContent = chosen.size ? String(chosen.size) : "";
      if (chosen.size) facet.element.open = true;
    }
  };

  const choose = (name, value, on) => {
    const chosen = new Set(state.facets[name]);
    if (on) chosen.add(value);
    else chosen.delete(value);
    state.facets = { ...state.facets, [name]: chosen };
    if (!chosen.size) delete state.facets[name];
    state.shown = PAGE;
    if (!active()) state.sort = "name"; // the last filter taken away shows all models, not another page
    keepAddress(true);
    update();
  };

  // The chosen values, each with a button that takes it away.
  const showChips = () => {
    const buttons = Object.entries(state.facets).flatMap(([name, values]) =>
      [...values].map((value) => {
        const label = catalogue.labelOf(name, value);
        const button = make("button", { type: "button", className: "chip", "aria-label": fill(texts.remove, { value: label }) });
        button.append(make("bdi", {}, label), make("span", { ariaHidden: "true" }, "×"));
        button.addEventListener("click", () => {
          choose(name, value, false);
          field.focus();
        });
        return button;
      }),
    );
    if (buttons.length > 1) {
      const all = make("button", { type: "button", className: "quiet" }, texts.clear);
      all.addEventListener("click", () => {
        state = { ...state, facets: {}, sort: state.q.trim() ? state.sort : state.sort || "name", shown: PAGE };
        keepAddress(true);
        update();
        field.focus();
      });
      buttons.push(all);
    }
    chips.replaceChildren(...buttons);
    chips.hidden = !buttons.length;
  };

  // Order

  const showSorts = () => {
    const known = answer.measures.map((name) => `metric:${name}`);
    if (state.sort.startsWith("metric:") && !known.includes(state.sort)) known.push(state.sort);
    measureSorts.replaceChildren(
      ...known.map((value) => {
        const metric = value.slice("metric:".length);
        const words = HubkitSearch.Catalogue.isLessBetter(metric) ? texts.lowest : texts.highest;
        return make("option", { value }, fill(words, { metric }));
      }),
    );
    measureSorts.hidden = !known.length;
    sort.value = state.sort || (state.q.trim() ? "relevance" : "name");
  };

  sort.addEventListener("change", () => {
    const usual = state.q.trim() ? "relevance" : "";
    state.sort = sort.value === usual ? "" : sort.value;
    state.shown = PAGE;
    keepAddress(true);
    update();
  });

  // The field and the keyboard

  let waiting = 0;
  const typed = () => {
    state = { ...state, q: field.value, shown: PAGE };
    if (!state.q.trim() && state.sort === "relevance") state.sort = "";
    keepAddress(false);
    busy(true);
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(update);
  };
  field.addEventListener("input", typed);
  field.addEventListener("focus", () => load().catch(() => { loading = null; }), { once: true });

  // On a wide window the filters stand beside the hits and are always open.
  const wide = matchMedia("(min-width: 56rem)");
  const fit = () => {
    filters.open = wide.matches;
  };
  wide.addEventListener("change", fit);
  fit();

  browse.addEventListener("click", async () => {
    if (!active()) state.sort = "name";
    keepAddress(true);
    filters.open = true;
    await update();
    facetBox.querySelector("summary")?.focus();
  });

  const links = () => [...list.querySelectorAll(".hit-title a")];
  const move = (step) => {
    const all = links();
    const index = all.indexOf(document.activeElement) + step;
    if (index < 0) field.focus();
    else all[Math.min(index, all.length - 1)]?.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    const onHit = target instanceof Element && target.closest(".hit-title") !== null;
    if (key === "/" && !target.closest("input, select, textarea, [contenteditable]")) field.focus();
    else if (key === "ArrowDown" && (target === field || onHit)) move(1);
    else if (key === "ArrowUp" && onHit) move(-1);
    else if (key === "Enter" && target === field) {
      if (results.hidden || !links().length) return;
      links()[0].click();
    } else if (key === "Escape" && onHit) field.focus();
    else if (key === "Escape" && target === field) clear();
    else return;
    event.preventDefault();
  });

  const clear = () => {
    field.value = "";
    state = { q: "", facets: {}, sort: "", shown: PAGE };
    keepAddress(true);
    update();
    field.focus();
  };
  document.getElementById("clear").addEventListener("click", clear);

  const restore = () => {
    state = readAddress();
    field.value = state.q;
    return update();
  };
  addEventListener("popstate", restore);
  finder.hidden = false;
  restore();
})();
