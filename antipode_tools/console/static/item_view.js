// One item in every Region: its state in each replica, what differs, and what each heard of it.

import { ask } from "./ask.js";
import { fill, make, milliseconds } from "./dom.js";
import { keyOf, modelOf } from "./feed.js";

// Announcements come in swarms: one look for all of them.
const PAUSE_MS = 200;
// Those that tell which write a Region has, before the item's own.
const FIRST = ["version", "updatedIn", "updatedAt", "createdAt"];

export class ItemView {
  constructor(app) {
    this.app = app;
    this.fields = make(".key-fields");
    this.choice = make(
      "select",
      { id: "model", onchange: () => this.#keyFields({}) },
      app.models.map((model) => make("option", { value: model.name }, model.name)),
    );
    this.state = make("p.notice", { role: "status" }, "Name an item, or open one from an announcement.");
    this.table = make(".scroll");
    this.heard = make(".columns");
    this.element = make(
      ".item-view",
      {},
      make(
        "form.card.row",
        {
          onsubmit: (event) => {
            event.preventDefault();
            this.#look();
          },
        },
        make("label", { for: "model" }, "Model"),
        this.choice,
        this.fields,
        make("button", { type: "submit" }, "Show"),
      ),
      this.state,
      this.table,
      this.heard,
    );
    this.onHeard = (event) => this.#onHeard(event.detail);
    app.feed.heard.addEventListener("any", this.onHeard);
    if (app.item) this.choice.value = app.item.model;
    if (app.models.length) this.#keyFields(app.item?.key ?? app.feed.lastOf(this.choice.value) ?? {});
    else this.state.textContent = app.problem || "This API has no models.";
    if (app.item) this.#look();
  }

  close() {
    clearTimeout(this.timer);
    this.app.feed.heard.removeEventListener("any", this.onHeard);
  }

  #keyFields(values) {
    fill(
      this.fields,
      this.app.keys.get(this.choice.value).flatMap((name) => [
        make("label", { for: `key-${name}` }, name),
        make("input", { id: `key-${name}`, name, required: true, value: "", autocomplete: "off" }),
      ]),
    );
    for (const input of this.fields.querySelectorAll("input")) input.value = values[input.name] ?? "";
  }

  get key() {
    const inputs = [...this.fields.querySelectorAll("input")];
    return Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
  }

  #onHeard(rows) {
    if (!this.shown) return;
    const { model, key } = this.shown;
    const same = (row) =>
      modelOf(row.field) === model &&
      row.item &&
      Object.entries(keyOf(Object.keys(key), row.item)).every(([name, value]) => String(value) === key[name]);
    if (!rows.some(same)) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#look(), PAUSE_MS);
  }

  async #look() {
    const shown = { model: this.choice.value, key: this.key };
    this.app.item = this.shown = shown;
    this.#history();
    try {
      const told = await ask("item", shown);
      if (this.shown === shown) this.#show(told);
    } catch (error) {
      this.state.textContent = error.message;
      this.state.classList.add("bad");
    }
  }

  #show({ regions, differing }) {
    const answered = Object.values(regions).filter((each) => !each.problem);
    const silent = Object.keys(regions).length - answered.length;
    const nowhere = answered.length > 0 && answered.every((each) => each.item === null);
    this.state.className = `notice${differing.length || silent ? " differs" : ""}`;
    this.state.textContent = [
      nowhere
        ? "No Region that answers has this item."
        : differing.length
          ? `The Regions differ in ${differing.join(", ")}.`
          : "The same in every Region that answers.",
      silent ? `${silent} could not be asked.` : "",
    ].join(" ");
    const items = Object.values(regions).map((each) => each.item ?? {});
    const names = [...new Set([...FIRST, ...items.flatMap(Object.keys)])].filter(
      (name) => !name.startsWith("_") && items.some((item) => name in item),
    );
    fill(
      this.table,
      make(
        "table",
        {},
        make("thead", {}, make("tr", {}, make("td"), this.app.regions.map((region, number) => make(`th.region-${number}`, { scope: "col" }, make("span.dot"), ` ${region.name}`)))),
        make(
          "tbody",
          {},
          make("tr", {}, make("th", { scope: "row" }, "is"), this.app.regions.map(({ name }) => make("td", {}, standing(regions[name])))),
          names.map((field) =>
            make(
              differing.includes(field) ? "tr.differs" : "tr",
              {},
              make("th", { scope: "row" }, field),
              this.app.regions.map(({ name }) => make("td.value", {}, shown(regions[name].item?.[field]))),
            ),
          ),
        ),
      ),
    );
    this.#history();
  }

  #history() {
    const { model, key } = this.shown;
    fill(
      this.heard,
      this.app.regions.map((region, number) => {
        const rows = this.app.feed.of(model, key, region.name);
        return make(
          `section.column.region-${number}`,
          { "aria-label": `Heard in ${region.name}` },
          make("h3", {}, `Heard in ${region.name} since this page was opened`),
          rows.length ? null : make("p.note", {}, "Nothing."),
          make("ol.history", {}, rows.toReversed().map((row) => this.#heardOf(row))),
        );
      }),
    );
  }

  #heardOf({ item, at, since_write: sinceWrite }) {
    const change = item._change ?? {};
    const writer = this.app.nameOf(item.updatedIn);
    return make(
      "li",
      {},
      make(`span.kind.${(change.kind ?? "none").toLowerCase()}`, {}, change.kind ?? "?"),
      ` version ${item.version ?? "?"} of ${writer ?? "?"}`,
      make("span.times", {}, `${new Date(at * 1000).toLocaleTimeString()} · ${sinceWrite === null ? "" : `${milliseconds(sinceWrite)} since the write · `}sequence …${String(change.sequence ?? "").slice(-8)}`),
    );
  }
}

function standing({ item, problem }) {
  if (problem) return make("span.bad", {}, problem);
  return item ? "there" : "not there";
}

function shown(value) {
  if (value === undefined) return make("span.none", {}, "–");
  return typeof value === "string" ? value : JSON.stringify(value);
}
