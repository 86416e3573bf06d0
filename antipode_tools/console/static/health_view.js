// How each Region is, and what lies set aside there: a look, then a redrive.

import { ask } from "./ask.js";
import { fill, make, milliseconds } from "./dom.js";

const EVERY_MS = 10_000;

export class HealthView {
  constructor(app) {
    this.app = app;
    this.cards = app.regions.map((region, number) => new Card(region, number, app));
    this.element = make(
      ".health-view",
      {},
      make(".columns", {}, this.cards.map((card) => card.element)),
    );
    const look = () => document.hidden || this.cards.forEach((card) => card.look());
    look();
    this.timer = setInterval(look, EVERY_MS);
  }

  close() {
    clearInterval(this.timer);
  }
}

class Card {
  constructor(region, number, app) {
    this.region = region;
    this.app = app;
    this.facts = make("dl");
    this.undelivered = make("section", { "aria-label": `Set aside in ${region.name}` });
    this.element = make(
      `section.column.region-${number}`,
      { "data-region": region.name, "aria-label": `Health of ${region.name}` },
      make("header", {}, make("span.dot"), make("h2", {}, region.name), make("span.code", {}, region.code)),
      this.facts,
      this.undelivered,
    );
    fill(this.facts, row("Region", "looking"));
  }

  async look() {
    if (this.looking) return;
    this.looking = true;
    const [ping, health, waiting] = await Promise.all([
      this.#ask("ping"),
      this.#ask("health"),
      this.app.faults ? this.#ask("waiting") : null,
    ]);
    this.looking = false;
    const problem = health.problem;
    fill(
      this.facts,
      row("API", ping.problem || `answers in ${milliseconds(ping.milliseconds)}`, ping.problem),
      row("Socket", this.app.problems.get(this.region.name) === "" ? "stands" : this.app.problems.get(this.region.name) || "connecting", this.app.problems.get(this.region.name)),
      waiting ? this.#waits(waiting) : null,
      problem ? row("Stack", problem, true) : this.#parts(health),
    );
    const found = health.set_aside?.found;
    if (!this.opened) this.#offer(found ? found.messages + found.objects : null);
  }

  #parts({ set_aside: setAside, drained, serving, metrics }) {
    return [
      ...this.#lag(metrics),
      part("Set aside", setAside, ({ messages, objects }) => {
        const more = objects >= 1000 ? " and more" : "";
        return [`${messages} in the queue, ${objects}${more} in the bucket`, messages + objects > 0];
      }),
      part("Shared name", drained, (found) =>
        found === null ? ["has none"] : [found ? "drained: it gets no requests" : "takes part", found],
      ),
      part("/health", serving, (found) =>
        found === null ? ["has none"] : [found ? "can serve" : "cannot serve", !found],
      ),
    ];
  }

  /** How long the oldest change has waited for the relay, of a local world. */
  #waits({ problem, [this.region.code]: age }) {
    if (problem) return row("Iterator age", problem, true);
    return row("Iterator age", age === null ? "nothing waits" : milliseconds(age), age > 10_000);
  }

  /** Of CloudWatch, or as far as this page heard. */
  #lag(metrics) {
    if (metrics?.problem) return [row("Metrics", metrics.problem, true)];
    if (!metrics) return [row("Relay lag", this.#heard())];
    const found = metrics.found;
    const lags = this.app.regions.map(
      ({ name, code }) => `${milliseconds(rounded(found[`lag of ${code}`]))} from ${name}`,
    );
    return [
      row("Relay lag, p99", `${milliseconds(rounded(found.record_age))} after the record`),
      row("Since the write, p99", lags.join(", ")),
      row("Iterator age", milliseconds(rounded(found.iterator_age)), found.iterator_age > 60_000),
      row("Failed", String(found.failed ?? "–"), found.failed > 0),
      row("Published", `${found.published ?? "–"} in 15 minutes`),
    ];
  }

  #heard() {
    const rows = this.app.feed.rows.get(this.region.name) ?? [];
    const taken = rows.map((each) => each.since_write).filter((each) => each !== null).slice(-50);
    if (!taken.length) return "nothing heard yet";
    const sorted = taken.toSorted((one, other) => one - other);
    const half = sorted[Math.floor(sorted.length / 2)];
    return `${milliseconds(half)} from the write, half of the last ${taken.length}; at most ${milliseconds(sorted.at(-1))}`;
  }

  #offer(count) {
    fill(
      this.undelivered,
      make(
        "button",
        { type: "button", onclick: () => this.#open() },
        count ? `look at what is set aside (${count})` : "look at what is set aside",
      ),
    );
  }

  async #open() {
    this.opened = true;
    fill(this.undelivered, make("p.note", {}, "looking…"));
    this.#report(await this.#ask("undelivered"));
  }

  async #redrive() {
    fill(this.undelivered, make("p.note", {}, "publishing again…"));
    this.#report(await this.#ask("redrive"));
    this.look();
  }

  #report(told) {
    const sent = told.dry_run === false;
    fill(
      this.undelivered,
      make("h3", {}, "Set aside"),
      told.problem ? make("p.bad", { role: "alert" }, told.problem) : null,
      sent
        ? make("p", { role: "status" }, `published ${told.published}, rejected again ${told.rejected.length}, kept ${told.kept}`)
        : null,
      sent && told.stopped ? make("p.bad", { role: "alert" }, told.stopped) : null,
      ...(sent ? told.rejected.slice(0, 20).map((each) => make("p.note", {}, `${each.item}: ${each.why}`)) : []),
      !sent && told.groups ? reasons(told) : null,
      !sent && told.records
        ? make("button.danger", { type: "button", onclick: () => this.#redrive() }, `redrive ${told.records}`)
        : null,
      make("button", { type: "button", onclick: () => this.#open() }, "look again"),
    );
  }

  async #ask(deed) {
    try {
      return { problem: "", ...(await ask(deed, { region: this.region.name })) };
    } catch (error) {
      return { problem: error.message };
    }
  }
}

function reasons({ groups, hidden }) {
  if (!groups.length) {
    return make("p.note", {}, hidden ? `${hidden} messages are with another reader just now.` : "Nothing is set aside.");
  }
  return make(
    "ul.reasons",
    {},
    groups.map((group) =>
      make(
        "li",
        {},
        make("strong", {}, `${group.records} of ${group.table ?? "no table"}: ${group.reason}`),
        group.example ? make("pre", {}, group.example) : null,
        make("span.note", {}, `in the ${group.source}${group.oldest ? `, oldest of ${group.oldest}` : ""}`),
      ),
    ),
  );
}

function part(title, told, words) {
  if (!told) return null;
  return told.problem ? row(title, told.problem, true) : row(title, ...words(told.found));
}

function row(title, text, bad = false) {
  return [make("dt", {}, title), make(bad ? "dd.bad" : "dd", {}, text)];
}

function rounded(value) {
  return value === null || value === undefined ? null : Math.round(value);
}
