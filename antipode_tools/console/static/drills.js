// Drills: what each shows, how one goes, and whether the promise held.

import { ask } from "./ask.js";
import { draw, fill, make } from "./dom.js";

const EVERY_MS = 1_000;

export class Drills {
  constructor() {
    this.choice = make("select", { id: "drill", "aria-label": "Drill", onchange: () => this.#explain() });
    this.seconds = make("input", { id: "drill-seconds", type: "number", min: "1", max: "600", value: "20" });
    this.start = make("button", { type: "button", onclick: () => this.#start() }, "run the drill");
    this.shows = make("p.note");
    this.lines = make("pre.drill-lines");
    this.result = make(".drill-result");
    this.element = make(
      "section.card.stack",
      { "aria-label": "Drills" },
      make("h3", {}, "Drills"),
      make("p.note", {}, "Clients write and listen in every Region; something breaks and is mended; then the promise is judged."),
      make(".row", {}, this.choice, make("label", { for: "drill-seconds" }, "seconds"), this.seconds, this.start),
      this.shows,
      this.lines,
      this.result,
    );
    this.#look();
  }

  close() {
    clearTimeout(this.timer);
    this.closed = true;
  }

  #explain() {
    this.shows.textContent = this.drills[this.choice.value];
  }

  async #start() {
    try {
      this.#show(await ask("drill", { name: this.choice.value, seconds: Number(this.seconds.value) }));
    } catch (error) {
      fill(this.result, make("p.bad", { role: "alert" }, error.message));
    }
  }

  async #look() {
    try {
      this.#show(await ask("drilled"));
    } catch (error) {
      fill(this.result, make("p.bad", { role: "alert" }, error.message));
    }
  }

  #show(told) {
    if (!this.drills) {
      this.drills = told.drills;
      fill(this.choice, Object.keys(told.drills).map((name) => make("option", { value: name }, name)));
      this.#explain();
    }
    this.start.disabled = told.runs;
    this.lines.textContent = told.lines.join("\n");
    fill(
      this.result,
      told.runs ? make("p.note", { role: "status" }, `${told.name} runs`) : null,
      told.problem ? make("p.bad", { role: "alert" }, told.problem) : null,
      told.report ? report(told.report) : null,
    );
    clearTimeout(this.timer);
    if (told.runs && !this.closed) this.timer = setTimeout(() => this.#look(), EVERY_MS);
  }
}

function report({ drill, held, findings, series, marks, page, file }) {
  return [
    make(held ? "h3.good" : "h3.bad", { role: "status" }, `${drill}: the promise ${held ? "held" : "did not hold"}`),
    make(
      "ul.findings",
      {},
      findings.map((each) => make(each.held ? "li" : "li.bad", {}, `${each.held ? "✔" : "✖"} ${each.promise}: ${each.counted}`)),
    ),
    make(".plots", {}, Object.entries(series).map(([title, lines]) => plot(title, lines, marks))),
    make("p.note", {}, make("a", { href: page, target: "_blank", rel: "noopener" }, "The report as a page"), ` of its own, which is kept in ${file}`),
  ];
}

const SIZE = { width: 340, height: 90 };

function plot(title, lines, marks) {
  const points = Object.values(lines).flat();
  const most = Math.max(0, ...points.map(([, value]) => value));
  const highest = Math.max(1, most);
  const longest = Math.max(1, ...[...points, ...marks].map(([at]) => at));
  const x = (at) => (at / longest) * SIZE.width;
  const y = (value) => SIZE.height - 4 - (value / highest) * (SIZE.height - 14);
  return make(
    "figure",
    {},
    make(
      "figcaption",
      {},
      `${title} (at most ${Math.round(most * 100) / 100}): `,
      Object.keys(lines).map((name, number) => make(`span.line-of.region-${number}`, {}, make("span.dot"), ` ${name} `)),
    ),
    draw(
      "svg",
      { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img", "aria-label": title },
      ...marks.map(([at, what]) => draw("path", { class: "mark", d: `M ${x(at)} 0 V ${SIZE.height}` }, draw("title", {}, `${what}, ${Math.round(at)} s`))),
      ...Object.values(lines).map((line, number) =>
        draw("polyline", { class: `region-${number}`, points: line.map(([at, value]) => `${x(at)},${y(value)}`).join(" ") }),
      ),
    ),
  );
}
