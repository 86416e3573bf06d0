// The page: what it knows of the Regions, and which view is shown.

import { ask, connect } from "./ask.js";
import { fill, make } from "./dom.js";
import { Feed } from "./feed.js";
import { HealthView } from "./health_view.js";
import { ItemView } from "./item_view.js";
import { MapView } from "./map_view.js";
import { RegionsView } from "./regions_view.js";

const VIEWS = [
  { id: "regions", title: "Regions", View: RegionsView },
  { id: "item", title: "Item", View: ItemView },
  { id: "health", title: "Health", View: HealthView },
  { id: "map", title: "Distance", View: MapView, ofWorld: true },
];

class App {
  regions = [];
  models = [];
  ready = [];
  keys = new Map();
  problem = "";
  /** By Region: why its socket does not stand; empty where it does. */
  problems = new Map();
  feed = new Feed();
  /** Models that the page listens to. */
  listening = new Set();
  /** Further subscriptions, by id, as they were sent. */
  own = new Map();
  #known = "";
  #learning = false;
  /** Whether it has just learned the API. */
  #fresh = true;
  #view = null;
  #socket = null;

  async start() {
    await this.load();
    this.#socket = connect({
      opened: () => this.#opened(),
      told: (message) => this.#told(message),
      closed: () => this.#closed(),
    });
    document.addEventListener("keydown", (event) => this.#keyed(event));
  }

  /** Learns the Regions and their API anew, as another world or deployment may have them; whether they are others. */
  async load() {
    const told = await ask("regions");
    const api = await ask("api").catch((error) => ({ version: null, problem: error.message }));
    this.version = api.version;
    const known = JSON.stringify([told, api.version, api.problem]);
    if (known === this.#known) return false;
    this.#known = known;
    const { document: text, choice } = this.draft ?? {};
    const untouched = this.ready.some((each) => each.name === choice && each.document.trimEnd() === text);
    if (untouched) this.draft = { choice };
    Object.assign(this, { problem: "" }, told, api);
    document.getElementById("where").textContent = this.where;
    this.keys = new Map(this.models.map((model) => [model.name, model.key]));
    this.feed.keys = this.keys;
    this.listening = new Set([...this.listening].filter((name) => this.keys.has(name)));
    if (this.models.length && !this.listening.size) this.listening.add(this.models[0].name);
    if (!this.keys.has(this.item?.model)) this.item = null;
    this.#tabs();
    this.show(this.#views.some(({ id }) => id === this.current) ? this.current : VIEWS[0].id);
    return true;
  }

  get #views() {
    return VIEWS.filter((view) => this.faults || !view.ofWorld);
  }

  nameOf(code) {
    return this.regions.find((region) => region.code === code)?.name ?? code;
  }

  numberOf(name) {
    return this.regions.findIndex((region) => region.name === name);
  }

  show(id) {
    this.#view?.close?.();
    const { View } = VIEWS.find((view) => view.id === id);
    this.current = id;
    this.#view = new View(this);
    fill(document.getElementById("view"), this.#view.element);
    for (const tab of document.querySelectorAll("nav button")) {
      const isShown = tab.dataset.view === id;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
    }
  }

  openItem(model, key) {
    this.item = { model, key };
    this.show("item");
  }

  async send(region, document, variables) {
    const column = this.#view.columns?.get(region.name);
    const title = /\{\s*(\w+)/.exec(document)?.[1] ?? "operation";
    column?.waiting(title);
    try {
      column?.show(title, await ask("send", { region: region.name, document, variables }));
    } catch (error) {
      column?.show(title, { body: null, problem: error.message, milliseconds: null });
    }
  }

  listen(model, on) {
    if (on) this.listening.add(model.name);
    else this.listening.delete(model.name);
    this.#send(this.#ofModel(model, on));
  }

  subscribe(region, document, variables) {
    const id = `own-${crypto.randomUUID()}`;
    const message = { start: { id, region: region.name, document, variables } };
    this.own.set(id, message);
    this.#socket.send(message);
  }

  stopOwn() {
    for (const [id, { start }] of this.own) {
      this.#socket.send({ stop: { id, region: start.region } });
    }
    this.own.clear();
  }

  async #opened() {
    this.#state("");
    if (!this.#fresh) await this.#learn();
    this.#fresh = false;
    this.#send([...this.#ofModels(true), ...this.own.values()]);
  }

  /** The API was deployed anew: what is announced may have other fields. */
  async #renew() {
    if (this.#learning) return;
    const former = this.#ofModels(false);
    if (await this.#learn()) this.#send([...former, ...this.#ofModels(true)]);
  }

  async #learn() {
    this.#learning = true;
    try {
      return await this.load();
    } catch (error) {
      this.#state(error.message);
      return false;
    } finally {
      this.#learning = false;
    }
  }

  #send(messages) {
    for (const message of messages) this.#socket.send(message);
  }

  /** What starts or stops the subscriptions of all models that are listened to. */
  #ofModels(on) {
    const listened = this.models.filter(({ name }) => this.listening.has(name));
    return listened.flatMap((model) => this.#ofModel(model, on));
  }

  #ofModel(model, on) {
    return this.regions.flatMap(({ name: region }) =>
      model.changes.map((document, number) => {
        const id = `${model.name}-${number}`;
        return on ? { start: { id, region, document, variables: {} } } : { stop: { id, region } };
      }),
    );
  }

  #told(message) {
    if (message.rows) {
      this.feed.take(message);
    } else if (message.subscription) {
      this.#heard(message);
    } else if (message.region) {
      this.problems.set(message.region, message.problem);
      this.#view.columns?.get(message.region)?.setState(message.problem);
    } else if (message.refused) {
      this.#state(message.refused);
    } else if (message.version && message.version !== this.version) {
      this.#renew();
    }
  }

  #heard({ subscription, region, problem }) {
    const start = this.own.get(subscription)?.start;
    const title = start ? (/\{\s*(\w+)/.exec(start.document)?.[1] ?? "subscription") : subscription;
    if (problem) this.own.delete(subscription);
    if (!problem && !start) return;
    const body = problem ? null : { data: "subscribed: what comes stands below" };
    this.#view.columns?.get(region)?.show(title, { body, problem, milliseconds: null });
  }

  #closed() {
    this.#state("the console does not answer");
    for (const region of this.regions) {
      this.problems.set(region.name, "the console does not answer");
      this.#view.columns?.get(region.name)?.setState("the console does not answer");
    }
  }

  #state(problem) {
    const shown = document.getElementById("connection");
    shown.textContent = problem || "connected";
    shown.classList.toggle("bad", Boolean(problem));
  }

  #tabs() {
    fill(
      document.querySelector("nav"),
      this.#views.map((view) =>
        make(
          "button",
          {
            type: "button",
            role: "tab",
            "data-view": view.id,
            onclick: () => this.show(view.id),
            onkeydown: (event) => this.#move(event),
          },
          view.title,
        ),
      ),
    );
  }

  /** The arrows go from tab to tab. */
  #move({ key, currentTarget: tab }) {
    const to = { ArrowRight: tab.nextElementSibling, ArrowLeft: tab.previousElementSibling }[key];
    to?.focus();
    to?.click();
  }

  #keyed(event) {
    this.#view.keyed?.(event);
  }
}

const app = new App();
app.start().catch((error) => {
  fill(document.getElementById("view"), make("p.notice.bad", { role: "alert" }, error.message));
  document.getElementById("connection").textContent = "";
});
