"use strict";
// The catalogue's search: reads the files of hubkit/site/search.py and finds families in them. MiniSearch ranks names and
// facets and forgives typing mistakes; the words of bodies are looked up in the parts that may hold them.
// Defines HubkitSearch; find.js shows what it finds.
const HubkitSearch = (() => {
  const FIELDS = {
    title: 5,
    name: 4,
    stands: 3,
    parts: 2,
    task: 2,
    dataset: 2,
    version: 2,
    author: 1,
    metrics: 1,
    other: 1,
    spoken: 1,
  };
  const WRITTEN = Object.keys(FIELDS).filter((field) => field !== "spoken"); // in these a reader may mistype a word
  const NAMES = ["title", "name", "parts"];
  const BODY = 0.6; // what a word in a body weighs, beside one in the fields above
  const APART = 0.4; // what the letters and the digits of a word weigh where they stand apart, beside the word itself
  const NAMED = 1.5; // how much more a model counts that is called just what is asked for,
  const BEGUN = 1.25; // and one whose name begins with it
  const CJK = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+/gu;
  const ASCII = /^[\x00-\x7f]*$/;
  const ASCII_WORD = /\d+(?:\.\d+)+|[a-z0-9]+/g;
  const WORD = /\d+(?:\.\d+)+|[\p{L}\p{N}]+/gu;
  // Of these measures less is better.
  const LESS_IS_BETTER = /loss|err|mae|mse|mape|ppl|perplex|(?<!100%-)eer|wer|cer|ler|fid|epe|nme|sad|hausdorff|time|latency/;

  const plain = (text) => text.normalize("NFKC").toLowerCase();

  // The words of a text, as search_words.py cuts them; a run of CJK characters in overlapping pairs.
  const cut = (text, whole = true) => {
    const lower = plain(text);
    if (ASCII.test(lower)) return lower.match(ASCII_WORD) ?? [];
    const found = [];
    for (const word of lower.match(WORD) ?? []) {
      let end = 0;
      for (const match of word.matchAll(CJK)) {
        if (match.index > end) found.push(word.slice(end, match.index));
        const run = match[0];
        const last = whole || run.length === 1 ? run.length : run.length - 1;
        for (let index = 0; index < last; index++) found.push(run.slice(index, index + 2));
        end = match.index + run.length;
      }
      if (end < word.length) found.push(word.slice(end));
    }
    return found;
  };

  const digitsApart = (word) => (/[a-z]\d|\d[a-z]/.test(word) ? word.match(/\D+|\d+/g) : []);
  const hyphensOut = (text) => (plain(text).match(/[a-z0-9]+(?:-[a-z0-9]+)+/g) ?? []).map((word) => word.replaceAll("-", ""));

  // How a field is cut. Names keep what they say, and "u-net" is one word too; their parts are a field of their own, so
  // that the whole counts more: "ResNetV1_50" has res, net, v, 1, 50, resnetv, resnet and v1. In all other fields the
  // letters and the digits of "cifar10" stand beside it. Many fields say the same.
  const names = (text) => [...cut(text), ...hyphensOut(text)];
  const partsOf = (text) => {
    const humps = text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
    const found = humps.filter((hump) => hump.length > 1).map((hump) => hump.toLowerCase());
    for (const word of cut(text)) {
      found.push(...digitsApart(word));
      const [, stem, version] = word.match(/^([a-z]{2,})(v\d+)/) ?? [];
      if (stem) found.push(stem, version);
    }
    return found;
  };
  const others = (text) => [...names(text), ...cut(text).flatMap(digitsApart)];
  const CUTS = { title: names, name: names, parts: partsOf };
  const kept = new Map();
  const fieldWords = (text, field) => {
    const cutting = CUTS[field] ?? others;
    if (!kept.has(cutting)) kept.set(cutting, new Map());
    const found = kept.get(cutting);
    if (!found.has(text)) found.set(text, cutting(text));
    return found.get(text);
  };

  // What a table of facets says of a value. Values are what authors wrote, "constructor" as well as any.
  const own = (table, facet, value) => (Object.hasOwn(table[facet] ?? {}, value) ? table[facet][value] : undefined);

  // A name without what stands between its words: "U-Net" is called what "unet" asks for.
  const gist = (name) => cut(name).join("");

  const newMini = (fields, options) => new MiniSearch({ fields, processTerm: (term) => term, ...options });

  const allowedTypos = (word) => (word.length < 4 || /^[\d.]+$/.test(word) ? 0 : word.length < 5 ? 1 : 2);

  // "unte" -> "nute", "uent", "unet": two neighbours exchanged are one typo, but two edits.
  const swapped = (word) =>
    [...word].slice(1).map((letter, index) => word.slice(0, index) + letter + word[index] + word.slice(index + 2));

  class Catalogue {
    // root: the link to the site's root. labels: facet -> value -> what it is called in the page's language.
    // spoken: the same in all languages, all of it in one text; and "metric" and "name" -> a part of a name -> what that
    // stands for.
    constructor(index, root, labels, spoken) {
      this.root = root;
      this.labels = labels;
      this.spoken = spoken;
      this.facetNames = Object.keys(index.facets);
      this.values = index.facets;
      // The facets that a field says: one of its own, or all that have none.
      const fieldOf = (facet) => (facet in FIELDS ? facet : "other");
      const places = (field) => this.facetNames.flatMap((facet, index) => (fieldOf(facet) === field ? [index] : []));
      this.fieldFacets = Object.fromEntries(Object.keys(FIELDS).map((field) => [field, places(field)]));
      this.profiles = index.profiles;
      this.common = new Set(index.common);
      this.parts = index.parts.map(([first, path]) => ({ first, path, loading: null, read: false }));
      this.bodies = new Map(); // word -> its families and cards, of the parts that were fetched
      this.vocabulary = newMini(["word"], { idField: "word", tokenize: (text) => [text] });
      this.cards = [];
      this.called = new Map(); // gist of a name -> its families
      this.texts = new Map(); // profile -> field -> what it says
      this.families = index.families.map(([title, name, author, prefix, suffix, cards], number) => {
        const family = { number, title, name, author: index.authors[author], cards: [] };
        const begins = (part) => gist(title).startsWith(part) || gist(name).startsWith(part);
        for (const called of new Set([title, name, ...this.#standsFor(family, begins)].map(gist))) {
          if (!this.called.has(called)) this.called.set(called, []);
          this.called.get(called).push(number);
        }
        for (const [middle, profile, metrics, updated] of cards) {
          const card = { family, page: prefix + middle + suffix, profile: index.profiles[profile] };
          Object.assign(card, { metrics: index.metrics[metrics], updated, number: this.cards.length });
          family.cards.push(card);
          this.cards.push(card);
        }
        return family;
      });
      this.mini = newMini(Object.keys(FIELDS), { tokenize: fieldWords, idField: "number", extractField: this.#field });
      this.mini.addAll(this.families);
    }

    // cache: as fetch takes it.
    static async load(url, root, labels, spoken, cache) {
      return new Catalogue(await fetched(url, cache), root, labels, spoken);
    }

    // The values of a card for a facet.
    valuesOf(card, facet) {
      return card.profile[this.facetNames.indexOf(facet)].map((place) => this.values[facet][place]);
    }

    labelOf(facet, value) {
      return own(this.labels, facet, value) ?? value;
    }

    // Whether the least figure of a metric is the best one.
    static isLessBetter(metric) {
      return LESS_IS_BETTER.test(plain(metric));
    }

    uidOf(card) {
      return decodeURIComponent(card.page).replace(/^models\//, "").replace(/\.html$/, "");
    }

    // Where a hit leads: to the page of the family, which always shows the newest version, where that matched and no
    // version was asked for; else to the page of the version. families.py says how the family's page is called.
    pageOf({ family, card }, { q, facets }) {
      const version = this.valuesOf(card, "version")[0];
      if (card !== family.cards[0] || !version || facets.version?.size || cut(q).includes(plain(version))) return card.page;
      const parts = card.page.split("/");
      const place = parts.lastIndexOf(version, parts.length - 2);
      if (place < 0) return card.page;
      const page = [...parts.slice(0, place), "latest", ...parts.slice(place + 1)].join("/");
      this.pages ??= new Set(this.cards.map((each) => each.page));
      return this.pages.has(page) ? card.page : page;
    }

    #field = (family, field) => {
      if (field === "number" || field === "title" || field === "name" || field === "author") return family[field];
      if (field === "parts") return `${family.title}\n${family.name}`;
      if (field === "stands") return this.#standsFor(family).join("\n");
      const texts = new Set();
      for (const card of family.cards) {
        if (field === "metrics") for (const pair of card.metrics) texts.add(pair.join(" "));
        else if (field === "spoken") for (const text of this.#spokenOf(card)) texts.add(text);
        else for (const text of this.#facetTexts(card.profile, field)) texts.add(text);
      }
      return [...texts].join("\n");
    };

    // What the short forms in a model's name stand for, in all languages: "vit_b32" is a vision transformer.
    #standsFor({ title, name }, suits = () => true) {
      const words = [...names(title), ...names(name), ...partsOf(title)];
      const stands = ([part]) => suits(part) && words.some((word) => word.startsWith(part) || word.endsWith(part));
      return Object.entries(this.spoken.name ?? {}).filter(stands).flatMap(([, texts]) => texts.split("\n"));
    }

    // What a profile says in a field, and what that is called; many cards have the same profile.
    #facetTexts(profile, field) {
      if (!this.texts.has(profile)) this.texts.set(profile, {});
      const texts = this.texts.get(profile);
      return (texts[field] ??= this.fieldFacets[field].flatMap((index) => {
        const facet = this.facetNames[index];
        return profile[index].flatMap((place) => [this.values[facet][place], this.labelOf(facet, this.values[facet][place])]);
      }));
    }

    // What a card's values and metrics are called in all languages.
    #spokenOf(card) {
      const values = this.facetNames.flatMap((facet) => this.valuesOf(card, facet).map((value) => own(this.spoken, facet, value)));
      const metrics = card.metrics.flatMap(([name]) => this.#meanings(plain(name)));
      return [...values.filter(Boolean), ...metrics];
    }

    #meanings(metric) {
      return Object.entries(this.spoken.metric ?? {}).flatMap(([part, words]) => (metric.includes(part) ? [words] : []));
    }

    // Fetches the parts of the bodies' words that the query may need. True where there was something to wait for.
    async prepare(query) {
      const needed = new Set();
      for (const word of cut(query, false)) {
        if (word.length < 2 && word < "\u3040") continue; // a letter is looked up in names alone
        this.parts.forEach((part, index) => {
          const next = this.parts[index + 1]?.first;
          if (part.first <= `${word}\uffff` && (next === undefined || next > word)) needed.add(part);
        });
      }
      const missing = [...needed].filter((part) => !part.read);
      await Promise.all([...needed].map((part) => (part.loading ??= this.#read(part))));
      return missing.length > 0;
    }

    async #read(part) {
      const words = await fetched(this.root + part.path).catch((error) => {
        part.loading = null; // to be tried again with the next word
        throw error;
      });
      for (const [word, places] of Object.entries(words)) this.bodies.set(word, places);
      this.vocabulary.addAll(Object.keys(words).map((word) => ({ word })));
      part.read = true;
    }

    // What one word of the query matches: family -> {score, words of its fields, cards by their body, typo}.
    #match(word) {
      const found = new Map();
      const at = (number) => {
        if (!found.has(number)) found.set(number, { score: 0, words: new Set(), cards: null });
        return found.get(number);
      };
      const fields = (term, options, weight = 1) => {
        const results = this.mini.search(term, { tokenize: (text) => [text], boost: FIELDS, ...options });
        for (const result of results) {
          const place = at(result.id);
          place.score += result.score * weight;
          for (const matched of result.terms) place.words.add(matched);
        }
        return results.length > 0;
      };
      const bodies = (term, options, weight = 1) => {
        const words = this.vocabulary.search(term, { tokenize: (text) => [text], ...options });
        for (const { id } of words) this.#body(id, (id === term ? 1 : 0.6) * weight, at);
        return words.length > 0;
      };
      const known = fields(word, { prefix: true });
      bodies(word, { prefix: true });
      const apart = this.#apart(word, at);
      if (known || apart || this.bodies.has(word)) return { found, typo: false };
      // Not a word of any model: whatever begins with it stays, beside what it may be a mistyped form of.
      for (let fuzzy = 1; fuzzy <= allowedTypos(word); fuzzy++) {
        let any = fields(word, { fuzzy, fields: WRITTEN }, 0.5);
        any = bodies(word, { fuzzy }, 0.5) || any;
        if (fuzzy === 1) for (const other of swapped(word)) any = fields(other, { fields: WRITTEN }, 0.8) || any;
        if (any) return { found, typo: true };
      }
      return { found, typo: false };
    }

    // "resnet101" in the names that have "resnet" and "101" apart.
    #apart(word, at) {
      const [, letters, digits] = word.match(/^([a-z]{3,})(\d+)$/) ?? [];
      if (!letters) return false;
      const options = { fields: NAMES, boost: FIELDS, combineWith: "AND", tokenize: (text) => text.split(" ") };
      const results = this.mini.search(`${letters} ${digits}`, options);
      for (const { id, score } of results) {
        const place = at(id);
        place.score = Math.max(place.score, score * APART);
      }
      return results.length > 0;
    }

    #body(word, weight, at) {
      const places = this.bodies.get(word);
      const [families, cards] = Array.isArray(places[0]) ? places : [places, []];
      const score = BODY * weight * Math.log(1 + this.families.length / (families.length + cards.length));
      for (const number of unstepped(families)) {
        const place = at(number);
        place.score += score;
        place.cards = "all";
      }
      for (const number of unstepped(cards)) {
        const card = this.cards[number];
        const place = at(card.family.number);
        place.score += score / card.family.cards.length;
        if (place.cards !== "all") (place.cards ??= new Set()).add(number);
      }
    }

    // The query's words, each with what it matches. "u-net" is one word where that is known, else two.
    #terms(query) {
      const terms = [];
      for (const chunk of query.split(/\s+/)) {
        const words = cut(chunk, false);
        const joined = words.join("");
        const whole = words.length > 1 && /^[a-z0-9]+$/.test(joined) ? this.#match(joined) : null;
        if (whole?.found.size && !whole.typo) terms.push({ word: joined, ...whole });
        else for (const word of words) terms.push({ word, ...this.#match(word) });
      }
      const telling = ({ word, found }) => !this.common.has(word) || [...found.values()].some(({ words }) => words.has(word));
      return terms.filter(telling);
    }

    // family -> score of all families that have each word; where none has, of those that have most.
    #rank(terms) {
      const scores = new Map();
      const count = new Map();
      for (const { found } of terms) {
        for (const [number, { score }] of found) {
          scores.set(number, (scores.get(number) ?? 0) + score);
          count.set(number, (count.get(number) ?? 0) + 1);
        }
      }
      const most = Math.max(0, ...count.values());
      for (const number of scores.keys()) if (count.get(number) < most) scores.delete(number);
      return { scores, partial: most < terms.length && most > 0 };
    }

    // Terms that stand together may be one word: "yolo v5" finds what is called "yolov5s" as well.
    #join(terms) {
      for (let first = 0; first < terms.length; first++) {
        for (let end = first + 2; end <= Math.min(first + 3, terms.length); end++) {
          const run = terms.slice(first, end);
          const word = run.map((term) => term.word).join("");
          if (!/^[a-z0-9]{4,}$/.test(word)) continue;
          const options = { fields: NAMES, boost: FIELDS, prefix: true, tokenize: (text) => [text] };
          for (const { id, score, terms: matched } of this.mini.search(word, options)) {
            for (const { found } of run) {
              const place = found.get(id) ?? { score: 0, words: new Set(), cards: null };
              found.set(id, { ...place, score: place.score + score / run.length, words: new Set([...place.words, ...matched]) });
            }
          }
        }
      }
      return terms;
    }

    // What is called just what some of the terms say, or begins with it.
    #favour(scores, terms) {
      const favour = new Map();
      for (let first = 0; first < terms.length; first++) {
        for (let end = first + 1; end <= terms.length; end++) {
          const asked = terms.slice(first, end).map(({ word }) => word).join("");
          if (asked.length < 3) continue;
          for (const [called, numbers] of this.called) {
            const factor = called === asked ? NAMED : called.startsWith(asked) ? BEGUN : 1;
            if (factor > 1) for (const number of numbers) favour.set(number, Math.max(factor, favour.get(number) ?? 1));
          }
        }
      }
      for (const [number, factor] of favour) if (scores.has(number)) scores.set(number, scores.get(number) * factor);
    }

    #found(terms) {
      if (!terms.length) return { terms, scores: null, partial: false };
      const { scores, partial } = this.#rank(this.#join(terms));
      this.#favour(scores, terms);
      return { terms, scores, partial };
    }

    // state: {q, facets: facet -> set of values, sort}. The answer's hits are families, each with the card that suits.
    find({ q, facets, sort }) {
      const { terms, scores, partial } = this.#found(this.#terms(q));
      const chosen = this.facetNames.map((name) => {
        const places = [...(facets[name] ?? [])].map((value) => this.values[name].indexOf(value));
        return places.length ? new Set(places) : null;
      });
      // A card that only one facet rules out still counts for the other values of that facet.
      const verdicts = this.profiles.map((profile) => {
        const against = [];
        chosen.forEach((places, facet) => {
          if (places && !profile[facet].some((place) => places.has(place))) against.push(facet);
        });
        return against;
      });
      const verdict = new Map(this.profiles.map((profile, place) => [profile, verdicts[place]]));
      const counts = this.facetNames.map((name) => new Array(this.values[name].length).fill(0));
      const seen = this.facetNames.map((name) => new Array(this.values[name].length).fill(-1));
      const hits = [];
      for (const family of this.families) {
        if (scores && !scores.has(family.number)) continue;
        const cards = [];
        for (const card of family.cards) {
          const against = verdict.get(card.profile);
          if (against.length === 0) cards.push(card);
          if (against.length > 1) continue;
          card.profile.forEach((places, facet) => {
            if (against.length && against[0] !== facet) return;
            for (const place of places) {
              if (seen[facet][place] !== family.number) {
                seen[facet][place] = family.number;
                counts[facet][place]++;
              }
            }
          });
        }
        if (cards.length) hits.push({ family, cards, score: scores?.get(family.number) ?? 0 });
      }
      for (const hit of hits) hit.card = this.#suits(hit, terms);
      const measures = this.#measures(hits);
      this.#sort(hits, sort || (terms.length ? "relevance" : "name"));
      return { hits, counts, measures, partial, typo: terms.some((term) => term.typo && term.found.size) };
    }

    // Of a hit's cards, which pass all facets, the one with most of the query's words; of equals the newest.
    #suits({ family, cards }, terms) {
      if (cards.length === 1 || !terms.length) return cards[0];
      let best = cards[0];
      let most = -1;
      for (const card of cards) {
        let matches = 0;
        for (const { word, found } of terms) {
          const place = found.get(family.number);
          if (!place) continue;
          const own = this.#ownWords(card);
          if (own.has(word)) matches += 2;
          else if (place.cards === "all" || place.cards?.has(card.number)) matches += 1;
          else if ([...place.words].some((matched) => own.has(matched))) matches += 1;
        }
        if (matches > most) [best, most] = [card, matches];
      }
      return best;
    }

    #ownWords(card) {
      return (card.words ??= new Set(
        fieldWords(
          [...this.valuesOf(card, "version"), ...this.valuesOf(card, "dataset"), ...card.metrics.flat()].join("\n"),
        ),
      ));
    }

    // The measures by which these hits can be sorted, the most frequent first.
    #measures(hits) {
      const count = new Map();
      for (const { card } of hits) {
        for (const name of new Set(card.metrics.map(([name]) => plain(name)))) {
          if (name) count.set(name, (count.get(name) ?? 0) + 1);
        }
      }
      return [...count].filter(([, hits]) => hits > 1).sort((a, b) => b[1] - a[1]).slice(0, 10).map(([name]) => name);
    }

    #sort(hits, sort) {
      const byName = (a, b) => collator.compare(a.family.title, b.family.title) || a.family.number - b.family.number;
      const newest = (a, b) => (a.card.updated < b.card.updated) - (a.card.updated > b.card.updated);
      if (sort === "relevance") hits.sort((a, b) => b.score - a.score || byName(a, b));
      else if (sort === "newest") hits.sort((a, b) => newest(a, b) || byName(a, b));
      else if (sort.startsWith("metric:")) {
        const name = sort.slice("metric:".length);
        const sign = Catalogue.isLessBetter(name) ? 1 : -1;
        const value = ({ card }) => Number.parseFloat(card.metrics.find((pair) => plain(pair[0]) === name)?.[1]);
        const order = new Map(hits.map((hit) => [hit, value(hit)]));
        const missing = (hit) => Number(Number.isNaN(order.get(hit)));
        hits.sort((a, b) => missing(a) - missing(b) || sign * (order.get(a) - order.get(b)) || byName(a, b));
      } else hits.sort(byName);
    }
  }

  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

  // The numbers of a list of distances, as search.py writes it.
  function* unstepped(steps) {
    let number = -1;
    for (const step of steps) yield (number += step + 1);
  }

  const fetched = async (url, cache = "default") => {
    const answer = await fetch(url, { cache });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  };

  return { Catalogue };
})();
