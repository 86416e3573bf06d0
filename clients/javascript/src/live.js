/** One copy and who watches it: carries out what the copy wants. */

import { EMPTY, copy, shown } from "./copy.js";
import { TIMES } from "./connection.js";
import { DOCUMENTS } from "./documents.js";
import { keyOf } from "./query.js";

/** What was announced within a frame is taken in at once. */
const FRAME_MS = 16;
const ACCEPTED_WITHIN_MS = 15_000;

export class Live {
  #client;
  #of;
  #state = EMPTY;
  #snapshot = { items: [], state: "moving", region: null, gap: null, error: null };
  #listeners = new Set();
  #heard = [];
  #stops = [];
  #timers = {};
  #attempts = 0;
  #error = null;
  #came = Infinity; // when it was right last
  #gap = null;
  #closed = false;
  #forget;

  constructor(client, of, signal) {
    this.#client = client;
    this.#of = of;
    this.#forget = client.until(signal, () => this.close());
  }

  getSnapshot = () => this.#snapshot;

  /** Calls back with what there is, and with every change; the first watcher starts the copy, the last one ends it. */
  subscribe = (listener, { signal } = {}) => {
    if (this.#closed || signal?.aborted) return () => {};
    const watcher = { listener };
    const stop = () => {
      forget();
      if (this.#listeners.delete(watcher) && !this.#listeners.size) this.#stop();
    };
    const forget = this.#client.until(signal, stop);
    this.#listeners.add(watcher);
    if (this.#listeners.size === 1) this.#client.add(this);
    this.changed();
    return stop;
  };

  create(fields) {
    const { key } = this.#of;
    return this.#write("create", key.length === 1 && key[0] === "id" ? { id: this.#client.newId(), ...fields } : fields);
  }

  update(fields) {
    return this.#write("update", fields);
  }

  delete(item) {
    return this.#write("delete", Object.fromEntries(this.#of.key.map((name) => [name, item[name]])));
  }

  close() {
    this.#closed = true;
    this.#forget?.();
    this.#listeners.clear();
    this.#stop();
  }

  /** The client's socket is there: what was announced until now was missed. */
  connected() {
    this.#step({ type: "connected" });
  }

  /** The client's socket is gone. */
  disconnected() {
    this.#release();
    this.#step({ type: "lost" });
  }

  /** Tells whoever watches, a frame later. */
  changed() {
    this.#later("tell", FRAME_MS, () => this.#tell());
  }

  #stop() {
    this.#client.remove(this);
    this.disconnected();
    for (const name of Object.keys(this.#timers)) this.#clear(name);
  }

  #step(event) {
    const before = this.#state.phase;
    let effects;
    try {
      [this.#state, effects] = copy(this.#of, this.#state, event);
    } catch (error) {
      return this.#failed(error, this.#state.session); // what was said makes no sense: from the start
    }
    if (before === "live" && this.#state.phase !== "live") this.#gap = { since: this.#client.heard, until: null };
    if (before !== "live" && this.#state.phase === "live") this.#caughtUp();
    this.changed();
    for (const effect of effects) this.#run(effect);
  }

  #caughtUp() {
    this.#came = this.#client.now();
    this.#error = null;
    if (this.#gap) this.#gap = { ...this.#gap, until: this.#came };
  }

  #run(effect) {
    const { session } = effect;
    if (effect.type === "subscribe") this.#listen(session);
    else
      this.#answer(effect)
        .then((event) => this.#step({ ...event, session }))
        .catch((error) => this.#failed(error, session));
  }

  #listen(session) {
    this.#release();
    let missing = this.#of.changes.length;
    const accepted = () => {
      if (--missing) return;
      this.#clear("accepted");
      this.#step({ type: "subscribed", session });
    };
    const heard = (item) => {
      this.#heard.push(item);
      if (!this.#timers.heard) this.#later("heard", FRAME_MS, () => this.#step({ type: "heard", session, items: this.#heard.splice(0) }));
    };
    const ended = (error) => this.#failed(error, session);
    this.#later("accepted", ACCEPTED_WITHIN_MS, () => ended(new Error("a subscription was not accepted in time")));
    this.#stops = this.#of.changes.map((field) => this.#client.listen(DOCUMENTS.hear(this.#of, field), { accepted, heard, ended }));
  }

  async #answer({ type, what, nextToken, lastSync, wanted }) {
    if (type === "get") {
      const data = await this.#client.ask(DOCUMENTS.get(this.#of, wanted.map(([key]) => key)));
      return { type: "got", wanted, found: wanted.map((_, index) => data[`item${index}`]) };
    }
    try {
      const { page } = await this.#client.ask(DOCUMENTS[what](this.#of, nextToken, lastSync));
      return { type: "page", ...page };
    } catch (error) {
      if (lastSync && error.errors?.[0]?.errorType === "SyncExpired") return { type: "expired" };
      throw error;
    }
  }

  #failed(error, session) {
    if (session !== this.#state.session || !this.#listeners.size) return;
    if (this.#client.now() - this.#came >= TIMES.stable) this.#attempts = 0;
    this.#came = Infinity;
    this.#error = error;
    this.disconnected();
    const most = Math.min(TIMES.longestWait, TIMES.firstWait * 2 ** this.#attempts++);
    this.#later("again", this.#client.random() * most, () => this.#client.isOpen && this.connected());
  }

  async #write(kind, fields) {
    const id = this.#client.newId();
    this.#step({ type: "write", id, kind, key: keyOf(this.#of, fields), fields });
    try {
      const { item } = await this.#client.ask(DOCUMENTS.write(this.#of, kind, fields));
      this.#step({ type: "written", id, item: item ?? undefined });
      return item;
    } catch (error) {
      this.#step({ type: "written", id });
      throw error;
    }
  }

  #tell() {
    const { state, region } = this.#client;
    const now = state === "open" ? (this.#state.phase === "live" ? "live" : "behind") : state;
    this.#snapshot = { items: shown(this.#of, this.#state), state: now, region, gap: this.#gap, error: this.#error ?? this.#client.error };
    if (now === "live") this.#gap = null;
    for (const { listener } of [...this.#listeners])
      try {
        listener(this.#snapshot);
      } catch (error) {
        this.#client.report(error);
      }
  }

  #release() {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#heard = [];
    for (const name of ["accepted", "heard", "again"]) this.#clear(name);
  }

  #later(name, ms, run) {
    if (name === "tell" && this.#timers.tell) return;
    this.#clear(name);
    this.#timers[name] = this.#client.later(ms, () => {
      delete this.#timers[name];
      run();
    });
  }

  #clear(name) {
    this.#client.cancel(this.#timers[name]);
    delete this.#timers[name];
  }
}
