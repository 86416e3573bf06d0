// The way between two Regions: what lies on it, and the orders that change it.

import { make, milliseconds } from "./dom.js";

const STEP_MS = 100;
export const MOST_MS = 20_000;

export class Link {
  constructor(one, other, give) {
    this.one = one;
    this.other = other;
    this.give = give;
    /** Milliseconds there and back; null for what is usual. */
    this.there = this.back = null;
    this.cut = false;
    /** Whether somebody drags it: then nothing else changes it. */
    this.held = false;
    this.watchers = [];
    this.words = make("span.note");
    this.number = make("input", { type: "number", min: "0", max: String(MOST_MS), step: String(STEP_MS), "aria-label": `Lag between ${one.name} and ${other.name}, milliseconds`, onchange: () => this.setLag(Number(this.number.value)) });
    this.breaker = make("button", { type: "button", onclick: () => this.toggleCut() });
    this.mender = make("button", { type: "button", onclick: () => this.heal() }, "usual");
    this.control = make("li", {}, make("span", {}, this.title), this.words, this.number, make("span.note", {}, "ms"), this.breaker, this.mender);
    this.tell();
  }

  get title() {
    return `${this.one.name} and ${this.other.name}`;
  }

  get regions() {
    return [this.one.name, this.other.name];
  }

  /** What is on the way, in words. */
  get state() {
    if (this.cut) return "cut";
    if (this.there === this.back) return this.there === null ? "usual" : milliseconds(this.there);
    const words = (value) => (value === null ? "usual" : milliseconds(value));
    return `→ ${words(this.there)}, ← ${words(this.back)}`;
  }

  /** Takes in what is in force. */
  show(links) {
    if (this.held) return;
    const find = (from, to) => links.find((each) => each.from === from.code && each.to === to.code);
    const [there, back] = [find(this.one, this.other), find(this.other, this.one)];
    const lag = (link) => (link && link.lag_s !== null ? Math.round(link.lag_s * 1000) : null);
    [this.there, this.back, this.cut] = [lag(there), lag(back), Boolean(there?.cut || back?.cut)];
    this.tell();
  }

  tell() {
    this.words.textContent = this.state;
    this.words.classList.toggle("bad", this.cut);
    if (document.activeElement !== this.number) this.number.value = String(this.there ?? "");
    this.breaker.textContent = this.cut ? "mend" : "cut";
    for (const watcher of this.watchers) watcher();
  }

  setLag(lagMs) {
    const bounded = Math.max(0, Math.min(MOST_MS, Math.round(lagMs)));
    return this.give({ do: "lag", regions: this.regions, lag_s: bounded / 1000 });
  }

  /** A mended way is as near as usual. */
  toggleCut() {
    return this.cut ? this.heal() : this.give({ do: "cut", regions: this.regions });
  }

  heal() {
    return this.give({ do: "heal", regions: this.regions });
  }

  /** What a key on its line does; whether it does anything. */
  keyed(key) {
    const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };
    if (key in steps) this.setLag((this.there ?? 0) + steps[key] * STEP_MS);
    else if (key === "x" || key === "Delete") this.toggleCut();
    else if (key === "Home") this.heal();
    else return false;
    return true;
  }
}
