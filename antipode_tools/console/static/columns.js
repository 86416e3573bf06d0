// Each Region a column: how it is, what it answered, and what it announces.

import { fill, make, milliseconds, pretty } from "./dom.js";
import { keyOf, modelOf, MOST_ROWS } from "./feed.js";

const MARKS = { CREATE: "+", UPDATE: "~", DELETE: "−" };
// Those that every row shows in its own way.
const PLAIN = new Set(["_change", "_was", "createdAt", "updatedAt", "version", "updatedIn"]);

export class Column {
  constructor(region, number, app) {
    this.region = region;
    this.app = app;
    this.state = make("span.state", {}, "connecting");
    this.ping = make("span.ping", {});
    this.answer = make("section.answer", { hidden: true, "aria-label": `Answer of ${region.name}` });
    this.rows = make("ol.rows", { "aria-label": `Announcements in ${region.name}` });
    this.note = make("p.note", {}, "Nothing announced yet.");
    this.element = make(
      `section.column.region-${number}`,
      { "data-region": region.name, "aria-label": region.name },
      make(
        "header",
        {},
        make("span.dot"),
        make("h2", {}, region.name),
        make("span.code", {}, region.code),
        this.ping,
        this.state,
      ),
      this.answer,
      make("h3", {}, "Announced here", this.#clear()),
      this.note,
      this.rows,
    );
    this.onHeard = (event) => this.#add(event.detail);
    app.feed.heard.addEventListener(region.name, this.onHeard);
    const kept = app.feed.rows.get(region.name);
    if (kept) this.#add(kept);
    this.setState(app.problems.get(region.name));
  }

  close() {
    this.app.feed.heard.removeEventListener(this.region.name, this.onHeard);
  }

  /** How the Region's socket is: undefined while it is being made, empty where it stands. */
  setState(problem) {
    this.problem = problem;
    const live = this.silent ? "silent" : "live";
    const words = problem === undefined ? "connecting" : problem === "" ? live : "not connected";
    this.state.className = `state ${words.split(" ")[0]}`;
    this.state.textContent = words;
    this.state.title = problem ?? "";
  }

  /** How soon it answers; a socket may stand for minutes to a Region that is gone. */
  setPing({ problem, milliseconds: took }) {
    this.silent = Boolean(problem);
    this.setState(this.problem);
    this.ping.textContent = problem ? "no answer" : milliseconds(took);
    this.ping.title = problem || "a query and its answer, as this machine sees it";
    this.ping.classList.toggle("bad", Boolean(problem));
  }

  /** What the Region answered to an operation. */
  show(title, { body, problem, milliseconds: took }) {
    const errors = body?.errors?.map((error) => make("li", {}, worded(error))) ?? [];
    if (problem) errors.push(make("li", {}, problem));
    this.answer.hidden = false;
    this.answer.classList.toggle("failed", errors.length > 0);
    fill(
      this.answer,
      make("h3", {}, `${errors.length ? "✖" : "✔"} ${title}`, make("span.took", {}, milliseconds(took))),
      errors.length ? make("ul.errors", { role: "alert" }, errors) : null,
      body?.data ? make("pre", { tabIndex: 0 }, pretty(body.data)) : null,
    );
  }

  waiting(title) {
    this.answer.hidden = false;
    this.answer.classList.remove("failed");
    fill(this.answer, make("h3", {}, `… ${title}`));
  }

  #clear() {
    return make(
      "button.quiet",
      {
        type: "button",
        onclick: () => {
          this.app.feed.rows.delete(this.region.name);
          this.app.feed.leftOut.delete(this.region.name);
          this.rows.replaceChildren();
          this.#count();
        },
      },
      "clear",
    );
  }

  #add(fresh) {
    const shown = fresh.slice(-MOST_ROWS).map((row) => this.#row(row)).reverse();
    this.rows.prepend(...shown);
    while (this.rows.childElementCount > MOST_ROWS) this.rows.lastElementChild.remove();
    this.#count();
  }

  #count() {
    const leftOut = this.app.feed.leftOut.get(this.region.name) ?? 0;
    const count = this.rows.childElementCount;
    this.note.hidden = count > 0 && count < MOST_ROWS && !leftOut;
    this.note.textContent = !count
      ? "Nothing announced yet."
      : `The last ${count} are shown${leftOut ? `; ${leftOut} came too fast to show` : ""}.`;
  }

  #row(row) {
    const change = row.item?._change ?? {};
    const model = modelOf(row.field);
    const keys = this.app.keys.get(model);
    const key = keys && row.item ? keyOf(keys, row.item) : null;
    const fields = Object.entries(row.item ?? {})
      .filter(([name]) => !PLAIN.has(name) && !keys?.includes(name))
      .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
    const writer = this.app.nameOf(row.item?.updatedIn);
    const details = make(
      "details",
      {
        ontoggle: () => {
          if (details.open && details.childElementCount === 1) {
            details.append(this.#whole(row, model, key));
          }
        },
      },
      make(
        "summary",
        {},
        make(`span.kind.${(change.kind ?? "none").toLowerCase()}`, { title: change.kind ?? row.field }, MARKS[change.kind] ?? "·"),
        make("span.key", {}, key ? Object.values(key).join(" / ") : row.field),
        make("span.fields", {}, fields.join("  ").slice(0, 200)),
        row.item?.version ? make("span.version", {}, `v${row.item.version}`) : null,
        writer ? make(`span.writer.region-${this.app.numberOf(writer)}`, { title: "the Region that took the write" }, make("span.dot"), writer) : null,
        make("span.times", {}, times(row)),
      ),
    );
    return make("li", {}, details);
  }

  #whole(row, model, key) {
    return make(
      ".whole",
      {},
      key
        ? make(
            "button",
            { type: "button", onclick: () => this.app.openItem(model, key) },
            "this item in every Region",
          )
        : null,
      make("pre", { tabIndex: 0 }, pretty(row.item)),
    );
  }
}

function times(row) {
  const parts = [];
  if (row.since_write !== null) parts.push(`${milliseconds(row.since_write)} since the write`);
  if (row.since_record !== null) parts.push(`${milliseconds(row.since_record)} since the record`);
  return parts.join(" · ") || new Date(row.at * 1000).toLocaleTimeString();
}

function worded(error) {
  const place = error.locations?.[0];
  const where = place ? `line ${place.line}, column ${place.column}: ` : "";
  return `${where}${error.errorType ? `${error.errorType}: ` : ""}${error.message}`;
}
