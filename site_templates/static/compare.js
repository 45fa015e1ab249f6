"use strict";
// The page that compares models: its address names them (?model=<uid>&model=<uid>), and their figures come from
// models/<uid>.json. Every text is put into the page as text, never as HTML.
(() => {
  const MOST = 4;
  const OPERATORS = 16; // the most used ones are listed
  const box = document.getElementById("compare");
  const empty = document.getElementById("compare-empty");
  const state = document.getElementById("compare-state");
  const scroll = document.getElementById("compare-scroll");
  const add = document.getElementById("compare-add");
  const only = document.getElementById("only-differences");
  const texts = JSON.parse(box.dataset.texts);
  // Of these measures less is better.
  const LESS_IS_BETTER = /loss|err|mae|mse|mape|ppl|perplex|(?<!100%-)eer|wer|cer|ler|fid|epe|nme|sad|hausdorff|time|latency/i;

  if (location.protocol === "file:") {
    document.getElementById("compare-file").hidden = false;
    return;
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const number = (value) => value.toLocaleString(texts.lang);

  const make = (name, properties = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key in element) element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };

  const size = (bytes) => {
    if (bytes < 1000) return `${bytes} B`;
    const units = ["kB", "MB", "GB", "TB"];
    let value = bytes / 1000;
    while (value >= 999.5 && units.length > 1) {
      value /= 1000;
      units.shift();
    }
    return `${value < 99.95 ? value.toFixed(1) : number(Math.round(value))} ${units[0]}`;
  };
  const seconds = (value) => (value < 0.1 ? `${(value * 1000).toPrecision(2)} ms` : `${value.toPrecision(3)} s`);
  const error = (value) => (value === null ? "∞" : value === 0 ? "0" : String(Number(value.toPrecision(2))));
  const shapes = (ports) => (ports ?? []).map(({ shape, dtype }) => `${dtype} [${shape.join(", ")}]`).join();
  const tensors = (ports) => (ports ?? []).map(({ name, shape, dtype }) => `${name} ${dtype} [${shape.join(", ")}]`).join("\n");

  const task = (moduleType) => {
    const [field, ...words] = moduleType.split("-");
    const name = words.join(" ").replaceAll("_", " ");
    return name ? (texts.tasks[name.toLowerCase()] ?? name) : (texts.fields[field] ?? field);
  };

  // What a receipt says where there is none.
  const NOTHING = { none: true, parameters: 0, models: [], parity: [], inference_seconds: {}, machine: {} };

  // A reason as a receipt tells it, in the language of the page; as in hubkit/site/reasons.py, for a single line.
  const patterns = texts.reasons.map(([words, translation]) => {
    const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return [new RegExp(`^${escaped.replace(/%\\\((\w+)\\\)s/g, "(?<$1>.+?)")}$`), translation];
  });
  const translated = (told) => {
    for (const [pattern, translation] of patterns) {
      const found = pattern.exec(told)?.groups;
      if (found || pattern.test(told)) {
        return translation.replace(/%\((\w+)\)s/g, (_, name) => (name === "why" ? translated(found.why) : found[name]));
      }
    }
    return told;
  };

  // A row: its name, and a cell a model. A cell: {text, value (a number to find the best by), mark, tone, missing, gist}.
  // Where there is nothing to say, ``missing`` says why.
  const cell = (text, more) => ({ text: text === undefined || text === null ? "" : String(text), ...more });
  const row = (label, cells, better = 0) => ({ label, cells, better });
  const union = (lists) => [...new Set(lists.flat())];

  // What spellings of one thing have in common: "Apache-2.0" and "apache 2.0", "2023-02-07" and "2023-2-7".
  const gist = (said) =>
    (said.toLowerCase().match(/\d+(?:\.\d+)*|\p{L}+/gu) ?? []).map((part) => part.replace(/^0+(?=\d)/, "")).join(" ");

  const overview = (models) => [
    row(texts.rows.status, models.map(({ status }) => cell(texts.standings[status] ?? status, { mark: texts.marks[status] }))),
    row(texts.rows.task, models.map((model) => cell(task(model.task)))),
    row(texts.rows.note, models.map((model) => cell(translated(model.note), { missing: texts.none }))),
    ...["dataset", "version", "license", "publisher", "author", "updated"].map((key) =>
      row(texts.rows[key], models.map(({ [key]: said }) => cell(said, { missing: texts.unsaid, gist: gist(said) }))),
    ),
  ];

  const metrics = (models) => {
    const names = union(models.map((model) => model.metrics.map(({ name }) => name)));
    // On different data the figures do not compare, so none is the best.
    const sameData = new Set(models.map(({ dataset }) => dataset.toLowerCase())).size === 1;
    return names.map((name) =>
      row(
        name || texts.rows.metric,
        models.map((model) => {
          const value = model.metrics.find((metric) => metric.name === name)?.value;
          return cell(value, { value: Number.parseFloat(value), missing: texts.unsaid });
        }),
        sameData && name ? (LESS_IS_BETTER.test(name) ? -1 : 1) : 0,
      ),
    );
  };

  // A cell of what only a receipt tells.
  const measured = ({ receipt }, text, more) =>
    cell(text, { missing: receipt.none ? texts.unverified : texts.unmeasured, ...more });

  const formatName = (format) => texts.formats?.[format] ?? format.toUpperCase();

  const sizes = (models) => {
    const all = (model) => [...model.assets, ...model.files];
    const formats = union(models.map((model) => all(model).map(({ format }) => format)));
    return [
      row(texts.rows.parameters, models.map((model) => measured(model, model.receipt.parameters ? number(model.receipt.parameters) : ""))),
      ...formats.map((format) =>
        row(
          formatName(format),
          models.map((model) => {
            const files = all(model).filter((file) => file.format === format);
            if (!files.length) return cell(texts.none);
            const known = files.filter((file) => file.size > 0);
            return cell(known.length ? known.map((file) => size(file.size)).join(" + ") : texts.unknown);
          }),
        ),
      ),
    ];
  };

  const onnxOf = ({ receipt }) => receipt.models.find(({ format }) => format === "onnx");
  const fileOf = (model) => onnxOf(model) ?? model.receipt.models[0];

  const ports = (models) => [
    row(texts.rows.inputs, models.map((model) => measured(model, tensors(fileOf(model)?.inputs)))),
    row(texts.rows.outputs, models.map((model) => measured(model, tensors(fileOf(model)?.outputs)))),
  ];

  const parity = (models) => {
    const runtime = (name) => texts.runtimes[name] ?? name;
    const name = ({ candidate, reference }) =>
      fill(texts.against, { candidate: runtime(candidate), reference: runtime(reference) });
    const result = ({ passed, bit_equal: equal, max_abs: largest, atol, output }, several) =>
      `${several && output ? `${output} ` : ""}${passed ? texts.passed : texts.failed}: ` +
      (equal ? texts.exact : fill(texts.of, { value: error(largest), limit: error(atol) }));
    // Of the measurements of an output, on other inputs and with other batches, the one that tells most.
    const badness = ({ passed, max_abs: largest }) => (passed ? 0 : 2e300) + (largest ?? 1e300);
    const worst = (pairs) => {
      const found = new Map();
      for (const pair of pairs) {
        const before = found.get(pair.output);
        if (!before || badness(pair) > badness(before)) found.set(pair.output, pair);
      }
      return [...found.values()];
    };
    return union(models.map(({ receipt }) => receipt.parity.map(name))).map((label) =>
      row(
        label,
        models.map((model) => {
          const pairs = worst(model.receipt.parity.filter((pair) => name(pair) === label));
          const tone = pairs.every(({ passed }) => passed) ? "passed" : "failed";
          return measured(model, pairs.map((pair) => result(pair, pairs.length > 1)).join("\n"), pairs.length ? { tone } : {});
        }),
      ),
    );
  };

  const speed = (models) => {
    const machines = models.map(({ receipt }) => Object.values(receipt.machine).join(", "));
    // Only on one machine and with inputs of one shape do times compare.
    const timed = models.filter(({ receipt }) => Object.keys(receipt.inference_seconds).length);
    const setting = (model) => `${machines[models.indexOf(model)]} ${shapes(fileOf(model)?.inputs)}`;
    const comparable = new Set(timed.map(setting)).size === 1;
    const runtimes = union(timed.map(({ receipt }) => Object.keys(receipt.inference_seconds)));
    if (!runtimes.length) return [];
    return [
      ...runtimes.map((runtime) =>
        row(
          texts.runtimes[runtime] ?? runtime,
          models.map((model) => {
            const time = model.receipt.inference_seconds[runtime];
            return measured(model, time === undefined ? "" : seconds(time), { value: time ?? Number.NaN });
          }),
          comparable ? -1 : 0,
        ),
      ),
      row(texts.rows.machine, models.map((model, index) => measured(model, machines[index]))),
    ];
  };

  const operators = (models) => {
    const counts = models.map((model) => onnxOf(model)?.operators ?? {});
    if (counts.every((each) => !Object.keys(each).length)) return [];
    const total = (name) => counts.reduce((sum, each) => sum + (each[name] ?? 0), 0);
    const sum = (each) => Object.values(each).reduce((all, count) => all + count, 0);
    const names = union(counts.map(Object.keys)).sort((a, b) => total(b) - total(a) || (a < b ? -1 : 1));
    const known = (told) => models.map((model, index) => measured(model, Object.keys(counts[index]).length ? told(counts[index]) : ""));
    return [
      row(texts.rows.nodes, known((each) => number(sum(each)))),
      row(texts.rows.kinds, known((each) => number(Object.keys(each).length))),
      row(texts.rows.opset, models.map((model) => measured(model, onnxOf(model)?.opset))),
      ...names.slice(0, OPERATORS).map((name) => row(name, known((each) => number(each[name] ?? 0)))),
    ];
  };

  const SECTIONS = { overview, metrics, size: sizes, parity, speed, ports, operators };
  // What is said of sections that no model has anything for, but for the others, which are left out.
  const NONE = {
    metrics: () => cell("", { missing: texts.unsaid }),
    parity: (model) => measured(model, ""),
    speed: (model) => measured(model, ""),
    operators: (model) => measured(model, ""),
  };

  const isEmpty = ({ cells }) => cells.every(({ text }) => !text || text === texts.none);
  const differs = ({ cells }) => new Set(cells.map(({ text, missing, gist: said }) => said || text || missing)).size > 1;

  const best = ({ cells, better }) => {
    const values = cells.map(({ value }) => value).filter((value) => Number.isFinite(value));
    if (!better || values.length < 2) return null;
    const winner = better > 0 ? Math.max(...values) : Math.min(...values);
    return values.every((value) => value === winner) ? null : winner;
  };

  const cellElement = ({ text, mark, tone, value, missing }, winner) => {
    const element = make("td");
    if (mark) {
      const shown = document.getElementById(`mark-${mark}`).content.cloneNode(true);
      shown.querySelector("[data-word]").textContent = text;
      element.append(shown);
    } else if (!text) {
      element.append(missing ?? texts.unknown);
      element.className = "nothing";
    } else {
      text.split("\n").forEach((line, index) => element.append(...(index ? [make("br")] : []), make("bdi", {}, line)));
      if (tone) element.classList.add(`compare-${tone}`);
    }
    if (winner !== null && value === winner) {
      element.classList.add("best");
      element.append(" ", make("span", { className: "best-word" }, texts.best));
    }
    return element;
  };

  const uids = () => {
    const query = new URLSearchParams(location.search);
    const named = [...query.getAll("model"), ...(query.get("models")?.split(",") ?? [])];
    return [...new Set(named.filter(Boolean))];
  };

  const path = (uid) => uid.split("/").map(encodeURIComponent).join("/");

  // A uid is a path below models/: whatever would lead out of it names no model.
  const sound = (uid) => uid.split("/").every((part) => part !== "" && part !== "." && part !== "..");

  const kept = new Map();
  const load = async (uid) => {
    if (!sound(uid)) return { uid, problem: fill(texts.missing, { uid }) };
    try {
      const answer = await fetch(`${box.dataset.root}models/${path(uid)}.json`);
      if (answer.status === 404) return { uid, problem: fill(texts.missing, { uid }) };
      if (!answer.ok) return { uid, problem: texts.broken };
      const { model, receipt } = await answer.json();
      return { ...model, receipt: receipt ?? NOTHING };
    } catch {
      return { uid, problem: texts.broken };
    }
  };

  const remove = (uid) => {
    const query = new URLSearchParams(uids().filter((each) => each !== uid).map((each) => ["model", each]));
    history.pushState(null, "", query.size ? `?${query}` : location.pathname);
    show().then(() => (scroll.querySelector("thead button") ?? document.getElementById("main")).focus());
  };

  const headElement = (model) => {
    const title = model.problem ? model.uid : model.title;
    const button = make("button", { type: "button", className: "compare-remove" }, "×");
    button.setAttribute("aria-label", fill(texts.remove, { model: title }));
    button.addEventListener("click", () => remove(model.uid));
    const head = make("th", { scope: "col" });
    if (model.problem) head.append(make("span", {}, model.problem));
    else {
      head.append(make("a", { href: `${box.dataset.pages}models/${path(model.uid)}.html` }, make("bdi", {}, model.title)));
      const parts = model.uid.split(/(?<=[/_-])/).flatMap((part) => [part, make("wbr")]);  // a line may end behind one
      head.append(make("span", { className: "entry-name" }, ...parts));
    }
    head.append(button);
    return head;
  };

  const table = (models) => {
    const whole = models.filter((model) => !model.problem);
    const body = make("tbody");
    let differing = 0;
    for (const [name, rowsOf] of Object.entries(SECTIONS)) {
      const rows = whole.length ? rowsOf(whole).filter((each) => !isEmpty(each)) : [];
      if (whole.length && !rows.length && name in NONE) rows.push(row(texts.rows.metric, whole.map(NONE[name])));
      if (!rows.length) continue;
      const different = rows.some(differs);
      const heading = make("th", { scope: "colgroup", colSpan: models.length + 1 }, texts.sections[name]);
      body.append(make("tr", { className: `section ${different ? "" : "alike"}` }, heading));
      for (const each of rows) {
        const winner = best(each);
        const different = whole.length > 1 && differs(each);
        differing += different;
        let next = 0;
        const cells = models.map((model) => (model.problem ? make("td") : cellElement(each.cells[next++], winner)));
        body.append(make("tr", { className: different ? "differs" : "alike" }, make("th", { scope: "row" }, make("bdi", {}, each.label)), ...cells));
      }
    }
    const columns = make("colgroup", {}, ...Array.from({ length: models.length + 1 }, () => make("col")));
    const head = make("thead", {}, make("tr", {}, make("td"), ...models.map(headElement)));
    const element = make("table", { className: `comparison comparison-${models.length}` }, columns, head, body);
    state.textContent = whole.length > 1 ? fill(texts.shown, { n: whole.length, rows: differing }) : "";
    return element;
  };

  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    const asked = uids();
    const named = asked.slice(0, MOST);
    for (const link of document.querySelectorAll(".top-nav a[hreflang]")) link.search = location.search;
    empty.hidden = named.length > 1;
    box.hidden = named.length === 0;
    add.hidden = named.length >= MOST;
    if (!named.length) return;
    if (!scroll.firstChild) state.textContent = texts.loading;
    for (const uid of named) if (!kept.has(uid)) kept.set(uid, load(uid));
    const models = await Promise.all(named.map((uid) => kept.get(uid)));
    if (mine !== turn) return;
    scroll.replaceChildren(table(models));
    if (asked.length > MOST) state.textContent += ` · ${fill(texts.most, { n: number(asked.length), most: number(MOST) })}`;
  };

  only.addEventListener("change", () => scroll.classList.toggle("only-differences", only.checked));
  scroll.classList.toggle("only-differences", only.checked);
  addEventListener("popstate", show);
  show();
})();
