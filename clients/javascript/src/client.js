/** The client: carries out what the connection wants, by the WebSocket, fetch, clock and chance that it is given. */

import { connection, deadline, status, unconnected } from "./connection.js";
import { Live } from "./live.js";
import { query } from "./query.js";
import { Signer, encoded } from "./signing.js";

const ANSWERED_WITHIN_MS = 30_000;
const CHECKED_WITHIN_MS = 5_000;

export class AntipodeError extends Error {
  name = "AntipodeError";

  constructor(message, { status = null, errors = [] } = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
  }

  /** The credentials were refused. */
  get unauthorized() {
    const refused = ({ errorType = "", errorCode }) => /^(Unauthorized|UnauthorizedException)$/.test(errorType.split("#").at(-1)) || [401, 403].includes(errorCode);
    return [401, 403].includes(this.status) || this.errors.some(refused);
  }
}

const failure = (errors, status = null) => {
  const list = [errors ?? []].flat();
  return new AntipodeError(list[0]?.message ?? list[0]?.errorType ?? `status ${status}`, { status, errors: list });
};

/** Where to subscribe: AppSync's own host, or beside /graphql under a name of one's own. */
function realtime(url) {
  const socket = url.replace(/^http/, "ws");
  return /\.appsync-api\./.test(url) ? socket.replace(".appsync-api.", ".appsync-realtime-api.") : `${socket}/realtime`;
}

export class Antipode {
  #env;
  #regions;
  #choose;
  #signer;
  #connection;
  #lives = new Set();
  #socket = null;
  #subscriptions = new Map();
  #ids = 0;
  #timer;
  #attempt = 0;
  #closing = new AbortController();
  #page = [];

  constructor({ regions, credentials, choose = "order", signal }, environment = {}) {
    this.#env = { ...defaults(), ...environment };
    if (!regions?.length) throw new TypeError("regions: at least one with a graphqlUrl");
    if (!this.#env.WebSocket) throw new TypeError("there is no WebSocket here: pass one, new Antipode(options, { WebSocket }), or take Node 22");
    this.#regions = regions.map((each) => ({ name: each.graphqlUrl, realtimeUrl: realtime(each.graphqlUrl), ...each }));
    this.#choose = choose;
    this.#signer = new Signer(credentials, this.#env.now);
    this.#connection = unconnected(regions);
    this.until(signal, () => this.close());
  }

  /** Data of a query or mutation, from the Region that the client is in. */
  async request(document, variables, { signal } = {}) {
    return this.ask({ query: document, variables }, signal);
  }

  live({ signal, ...given }) {
    return new Live(this, query(given), signal);
  }

  get region() {
    return this.#regions[this.#connection.at]?.name ?? null;
  }

  /** `open`, `moving` or `offline`. */
  get state() {
    return status(this.#connection, this.now());
  }

  close() {
    for (const live of [...this.#lives]) live.close();
    this.#closing.abort(new AntipodeError("the client was closed"));
  }

  // -- For copies ----------------------------------------------------------------------------------------------

  get error() {
    return this.#connection.error;
  }

  get heard() {
    return this.#connection.heard;
  }

  get isOpen() {
    return this.#connection.status === "open";
  }

  now = () => this.#env.now();
  random = () => this.#env.random();
  newId = () => this.#env.newId();
  report = (error) => this.#env.report(error);
  later = (ms, run) => this.#env.setTimeout(run, ms);
  cancel = (timer) => this.#env.clearTimeout(timer);

  /** Runs when a signal is aborted, if it is given; returns what forgets it. */
  until(signal, run) {
    if (signal?.aborted) run({ target: signal });
    else signal?.addEventListener("abort", run, { once: true });
    return () => signal?.removeEventListener("abort", run);
  }

  add(live) {
    if (this.#closing.signal.aborted) return;
    this.#lives.add(live);
    if (this.isOpen) live.connected();
    if (this.#lives.size > 1) return;
    this.#watchPage();
    this.#step({ type: "start" });
  }

  remove(live) {
    if (!this.#lives.delete(live) || this.#lives.size) return;
    for (const forget of this.#page.splice(0)) forget();
    this.#step({ type: "stop" });
  }

  /** Data, and no word of errors below it: those leave nulls, as AppSync has it. */
  async ask(operation, signal) {
    const index = this.#connection.at ?? 0;
    const region = this.#regions[index];
    const body = JSON.stringify(operation);
    for (let again = true; ; again = false) {
      const { data, errors = [], status } = await this.#post(index, region, body, signal);
      if (status < 400 && data && (!errors?.length || !Object.values(data).includes(null))) return data;
      // Only what was refused whole is asked again: of several mutations some may have been made.
      if (![401, 403].includes(status) || !again) throw failure(errors, status);
      this.#signer.forget(region);
    }
  }

  /** Hears a subscription over the one socket; returns what ends it. */
  listen({ query, variables }, told) {
    const id = String(++this.#ids);
    const region = this.#regions[this.#connection.at];
    const data = JSON.stringify({ query, variables });
    this.#subscriptions.set(id, told);
    this.#signer.frame(region, "", data).then(
      (authorization) => {
        const payload = { data, extensions: { authorization } };
        if (this.#subscriptions.has(id)) this.#send({ id, type: "start", payload });
      },
      (error) => this.#end(id, error),
    );
    return () => this.#subscriptions.delete(id) && this.#send({ id, type: "stop" });
  }

  // -- What the connection wants -------------------------------------------------------------------------------

  #step(event) {
    const { status, at, error } = this.#connection;
    const [state, effects] = connection(this.#connection, { ...event, now: this.now(), random: this.random() });
    this.#connection = state;
    for (const effect of effects) this[`_${effect.type}`](effect);
    if (event.type === "frame") return;
    const due = deadline(this.#connection);
    this.cancel(this.#timer);
    if (due !== null) this.#timer = this.later(Math.max(0, due - this.now()), () => this.#step({ type: "wake" }));
    const now = this.#connection;
    if (now.status !== status || now.at !== at || now.error !== error) for (const live of this.#lives) live.changed();
  }

  async _measure() {
    const ms = this.#choose === "latency" ? await Promise.all(this.#regions.map((each) => this.#distance(each))) : this.#regions.keys();
    this.#step({ type: "measured", latencies: [...ms] });
  }

  async _connect({ index }) {
    const region = this.#regions[index];
    const attempt = ++this.#attempt;
    const failed = (error) => {
      if (error.unauthorized) this.#signer.forget(region);
      if (attempt === this.#attempt) this.#step({ type: "failed", error });
    };
    try {
      const headers = await this.#signer.frame(region, "/connect", "{}");
      if (attempt !== this.#attempt) return;
      const socket = new this.#env.WebSocket(region.realtimeUrl, ["graphql-ws", encoded(headers)]);
      this.#socket = socket;
      socket.onopen = () => this.#send({ type: "connection_init" });
      socket.onclose = ({ code }) => failed(new AntipodeError(`the socket was closed: ${code}`));
      socket.onerror = () => {}; // it is closed next
      socket.onmessage = ({ data }) => {
        if (attempt !== this.#attempt) return;
        try {
          this.#hear(JSON.parse(data), failed);
        } catch (error) {
          failed(error);
        }
      };
    } catch (error) {
      failed(error);
    }
  }

  _disconnect() {
    this.#attempt += 1;
    for (const live of this.#lives) live.disconnected();
    this.#subscriptions.clear();
    this.#socket?.close();
    this.#socket = null;
  }

  async _check({ index }) {
    this.#step({ type: "checked", index, ok: await this.#answers(this.#regions[index]) });
  }

  #hear({ type, id, payload }, failed) {
    this.#step({ type: "frame" });
    const told = this.#subscriptions.get(id);
    if (type === "connection_ack") {
      this.#step({ type: "opened", timeout: payload?.connectionTimeoutMs });
      for (const live of this.#lives) live.connected();
    } else if (type === "connection_error") failed(failure(payload?.errors));
    else if (type === "start_ack") told?.accepted();
    else if (["data", "error", "complete"].includes(type)) {
      const [item] = Object.values(payload?.data ?? {});
      if (type === "data" && item?._change) told?.heard(item);
      else this.#end(id, failure(payload?.errors ?? [{ message: "the Region ended a subscription" }]));
    }
  }

  #end(id, error) {
    const told = this.#subscriptions.get(id);
    if (error.unauthorized) this.#signer.forget(this.#regions[this.#connection.at]);
    if (this.#subscriptions.delete(id)) told.ended(error);
  }

  #send(message) {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  // -- HTTP ----------------------------------------------------------------------------------------------------

  async #post(index, region, body, signal) {
    const headers = { "content-type": "application/json", ...(await this.#signer.headers(region, "", body)) };
    try {
      return await this.#within(ANSWERED_WITHIN_MS, signal, async (ended) => {
        const response = await this.#env.fetch(region.graphqlUrl, { method: "POST", headers, body, signal: ended });
        if (response.status >= 500) throw new AntipodeError(`status ${response.status}`, response);
        return { ...(await response.json()), status: response.status };
      });
    } catch (error) {
      if (!signal?.aborted) this.#step({ type: "checked", index, ok: false });
      throw error;
    }
  }

  async #answers({ graphqlUrl, healthUrl }) {
    const [url, options] = healthUrl ? [healthUrl, {}] : [graphqlUrl.replace(/graphql$/, "ping"), { mode: "no-cors" }];
    try {
      const { status } = await this.#within(CHECKED_WITHIN_MS, null, (signal) => this.#env.fetch(url, { ...options, cache: "no-store", signal }));
      return status < 500;
    } catch {
      return false;
    }
  }

  /** The milliseconds of a second question: the first one makes the connection. */
  async #distance(region) {
    if (!(await this.#answers(region))) return Number.MAX_VALUE;
    const from = this.now();
    return (await this.#answers(region)) ? this.now() - from : Number.MAX_VALUE;
  }

  async #within(ms, signal, run) {
    const ended = new AbortController();
    const end = ({ target }) => ended.abort(target?.reason);
    const over = [signal, this.#closing.signal].map((each) => this.until(each, end));
    const timer = this.later(ms, () => ended.abort(new AntipodeError(`no answer within ${ms / 1000} s`)));
    try {
      return await run(ended.signal);
    } finally {
      this.cancel(timer);
      for (const forget of over) forget();
    }
  }

  #watchPage() {
    const { page } = this.#env;
    const on = (target, type, run) => {
      target.addEventListener(type, run);
      this.#page.push(() => target.removeEventListener(type, run));
    };
    if (!page) return;
    for (const type of ["online", "offline"]) on(page, type, () => this.#step({ type }));
    on(page.document, "visibilitychange", () => page.document.hidden || this.#step({ type: "visible" }));
  }
}

const defaults = () => ({
  WebSocket: globalThis.WebSocket,
  fetch: (...given) => globalThis.fetch(...given),
  now: () => Date.now(),
  random: () => Math.random(),
  newId: () => crypto.randomUUID(),
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
  clearTimeout: (timer) => globalThis.clearTimeout(timer),
  page: globalThis.document ? globalThis : null,
  report: (error) => (globalThis.reportError ?? console.error)(error),
});
