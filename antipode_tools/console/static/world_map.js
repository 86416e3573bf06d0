// A drawing of the Regions: the further a line is bent, the longer replication takes on it.

import { draw } from "./dom.js";
import { placed } from "./geography.js";
import { MOST_MS } from "./link.js";

const SIZE = { width: 720, height: 400, margin: 60 };
// A lag of a tenth of a second is one such bend, of a second two.
const BEND = 45;
const LEAST_MS = 10;
// A click is no drag.
const SLACK_PX = 4;

export class WorldMap {
  constructor(app, links, give) {
    this.app = app;
    this.give = give;
    this.points = placed(app.regions.map((region) => region.code), SIZE);
    this.lines = links.map((link) => new Line(link, this.#point(link.one), this.#point(link.other), () => this.#matrix()));
    this.nodes = app.regions.map((region, number) => this.#node(region, number));
    this.element = draw(
      "svg",
      { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, class: "world-map", role: "group", "aria-label": "Distance between the Regions" },
      ...graticule(),
      ...this.lines.map((line) => line.element),
      ...this.nodes,
    );
  }

  /** Shows which Regions are lost or in trouble. */
  show(troubles) {
    this.app.regions.forEach(({ code }, number) => {
      const node = this.nodes[number];
      node.classList.toggle("lost", Boolean(troubles[code]?.lost));
      node.classList.toggle("troubled", Boolean(troubles[code]));
      node.setAttribute("aria-pressed", String(Boolean(troubles[code]?.lost)));
    });
    for (const { link, element } of this.lines) {
      const isLost = ({ code }) => Boolean(troubles[code]?.lost);
      element.classList.toggle("dark", isLost(link.one) || isLost(link.other));
    }
  }

  #point(region) {
    return this.points[this.app.regions.indexOf(region)];
  }

  #node(region, number) {
    const { x, y } = this.points[number];
    const turn = () => {
      const lost = this.nodes[number].classList.contains("lost");
      this.give({ do: lost ? "recover" : "lose", regions: [region.name] });
    };
    return draw(
      "g",
      {
        class: `node region-${number}`,
        tabindex: 0,
        role: "button",
        "aria-label": `${region.name}: lose or recover`,
        ondblclick: turn,
        onkeydown: (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          turn();
        },
      },
      draw("circle", { cx: x, cy: y, r: 13 }),
      text(x, y + 32, region.name, "name"),
      text(x, y + 47, region.code, "code"),
    );
  }

  /** From the window's places to the drawing's. */
  #matrix() {
    return this.element.getScreenCTM().inverse();
  }
}

class Line {
  constructor(link, from, to, matrix) {
    Object.assign(this, { link, from, to, matrix });
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    this.middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    // Upwards, or to the right where that is neither.
    const side = to.x === from.x ? 1 : Math.sign(to.x - from.x);
    this.normal = { x: (side * (to.y - from.y)) / length, y: (-side * (to.x - from.x)) / length };
    this.path = draw("path", { class: "way" });
    this.wide = draw("path", { class: "wide" });
    this.knob = draw("circle", { r: 9 });
    this.cross = text(0, 0, "✂", "scissors");
    this.label = text(0, 0, "", "label");
    this.handle = draw(
      "g",
      {
        class: "handle",
        tabindex: 0,
        role: "slider",
        "aria-label": `Lag, ${link.title}`,
        "aria-valuemin": 0,
        "aria-valuemax": MOST_MS,
        onkeydown: (event) => link.keyed(event.key) && event.preventDefault(),
        onpointerdown: (event) => this.#grasp(event),
        onpointermove: (event) => this.#drag(event),
        onpointerup: (event) => this.#release(event),
        onpointercancel: () => this.#drop(),
        ondblclick: () => link.toggleCut(),
      },
      this.wide,
      this.knob,
      this.cross,
    );
    this.element = draw("g", { class: "line" }, this.path, this.handle, this.label);
    link.watchers.push(() => this.#draw(bendOf(link.there ?? link.back ?? null)));
    this.#draw(bendOf(link.there));
  }

  #draw(bend) {
    const at = { x: this.middle.x + this.normal.x * bend, y: this.middle.y + this.normal.y * bend };
    // A curve reaches half as far as what it is drawn towards.
    const towards = { x: 2 * at.x - this.middle.x, y: 2 * at.y - this.middle.y };
    const curve = `M ${this.from.x} ${this.from.y} Q ${towards.x} ${towards.y} ${this.to.x} ${this.to.y}`;
    this.path.setAttribute("d", curve);
    this.wide.setAttribute("d", curve);
    for (const [element, dx, dy] of [[this.cross, 0, 5], [this.label, 0, -18]]) {
      element.setAttribute("x", at.x + dx);
      element.setAttribute("y", at.y + dy);
    }
    this.knob.setAttribute("cx", at.x);
    this.knob.setAttribute("cy", at.y);
    this.label.textContent = this.held === undefined ? this.link.state : `${lagOf(this.held)} ms`;
    this.element.classList.toggle("cut", this.link.cut);
    this.handle.setAttribute("aria-valuenow", this.link.there ?? 0);
    this.handle.setAttribute("aria-valuetext", this.link.state);
  }

  #grasp(event) {
    event.currentTarget.setPointerCapture(event.pointerId);
    this.start = [event.clientX, event.clientY];
    this.link.held = true;
  }

  #drag(event) {
    if (!this.link.held) return;
    const [x, y] = this.start;
    if (this.held === undefined && Math.hypot(event.clientX - x, event.clientY - y) < SLACK_PX) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.matrix());
    const bend = (at.x - this.middle.x) * this.normal.x + (at.y - this.middle.y) * this.normal.y;
    this.held = Math.max(0, bend);
    this.#draw(this.held);
  }

  #release() {
    const lag = this.held === undefined ? null : lagOf(this.held);
    this.#drop();
    if (lag === null) return;
    if (lag <= LEAST_MS) this.link.heal();
    else this.link.setLag(lag);
  }

  #drop() {
    this.link.held = false;
    this.held = undefined;
    this.#draw(bendOf(this.link.there));
  }
}

function bendOf(lagMs) {
  return lagMs === null ? 0 : Math.max(0, BEND * Math.log10(Math.max(lagMs, LEAST_MS) / LEAST_MS));
}

function lagOf(bend) {
  const lag = LEAST_MS * 10 ** (bend / BEND);
  return Math.min(MOST_MS, lag < 100 ? Math.round(lag) : Math.round(lag / 50) * 50);
}

function graticule() {
  const { width, height } = SIZE;
  const lines = [];
  for (let x = width / 12; x < width; x += width / 6) lines.push(`M ${x} 0 V ${height}`);
  for (let y = height / 6; y < height; y += height / 3) lines.push(`M 0 ${y} H ${width}`);
  return [draw("path", { class: "graticule", d: lines.join(" ") })];
}

function text(x, y, words, kind) {
  const element = draw("text", { x, y, class: kind, "text-anchor": "middle" });
  element.textContent = words;
  return element;
}
