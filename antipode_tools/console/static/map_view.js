// The distance between the Regions of a local world: lines to drag and to break, and drills.

import { ask } from "./ask.js";
import { fill, make } from "./dom.js";
import { Drills } from "./drills.js";
import { Link } from "./link.js";
import { WorldMap } from "./world_map.js";

const EVERY_MS = 2_000;

export class MapView {
  constructor(app) {
    this.app = app;
    this.links = app.regions.flatMap((one, number) =>
      app.regions.slice(number + 1).map((other) => new Link(one, other, (order) => this.give(order))),
    );
    this.map = new WorldMap(app, this.links, (order) => this.give(order));
    this.said = make("p.note", { role: "status" });
    this.regions = make("ul.controls", { "aria-label": "Regions" });
    this.drills = new Drills();
    this.element = make(
      ".map-view",
      {},
      make(
        ".map-and-controls",
        {},
        make(".card", {}, this.map.element, make("p.note", {}, "Drag a line's middle away from it for a lag, double-click it to cut. Keys: arrows, x cuts and mends, Home makes it usual.")),
        make(
          ".card.stack",
          {},
          make("h3", {}, "Ways"),
          make("ul.controls", { "aria-label": "Ways between Regions" }, this.links.map((link) => link.control)),
          make("h3", {}, "Regions"),
          this.regions,
          make("button", { type: "button", onclick: () => this.give({ do: "heal" }) }, "heal everything"),
          this.said,
        ),
      ),
      this.drills.element,
    );
    this.#look();
    this.timer = setInterval(() => document.hidden || this.#look(), EVERY_MS);
  }

  close() {
    clearInterval(this.timer);
    this.drills.close();
  }

  /** Gives the world an order, and shows what came of it. */
  async give(order) {
    try {
      const { said, conditions } = await ask("order", order);
      this.said.textContent = said;
      this.#show(conditions);
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  async #look() {
    if (this.links.some((link) => link.held)) return;
    try {
      this.#show((await ask("conditions")).conditions);
    } catch (error) {
      this.said.textContent = error.message;
    }
  }

  #show(conditions) {
    const told = JSON.stringify(conditions);
    if (told === this.told) return; // what is focused stays focused
    this.told = told;
    for (const link of this.links) link.show(conditions.links);
    this.map.show(conditions.regions);
    fill(this.regions, this.app.regions.map((region, number) => this.#region(region, number, conditions.regions[region.code])));
  }

  #region({ name }, number, trouble) {
    const button = (words, order) => make("button", { type: "button", onclick: () => this.give({ regions: [name], ...order }) }, words);
    return make(
      "li",
      {},
      make(`span.region-${number}`, {}, make("span.dot"), ` ${name}`),
      make(trouble ? "span.bad" : "span.note", {}, worded(trouble)),
      trouble?.lost
        ? button("recover", { do: "recover" })
        : [button("lose", { do: "lose" }), button("lose silently", { do: "lose", silent: true })],
      trouble?.failing
        ? button("fail no more", { do: "fail", share: 0 })
        : button("fail half", { do: "fail", share: 0.5 }),
    );
  }
}

function worded(trouble) {
  if (!trouble) return "well";
  const words = [];
  if (trouble.lost) words.push(`lost, ${trouble.lost}`);
  if (trouble.throttle !== null) words.push(`${trouble.throttle} requests a second`);
  if (trouble.failing) words.push(`fails ${Math.round(trouble.failing * 100)}%`);
  return words.join(", ");
}
