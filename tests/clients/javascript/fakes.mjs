// Regions, a clock and a page in memory, as the client's environment.

// Once all that was said has been answered, and that too.
export async function settled() {
  for (let turns = 0; turns < 12; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

// Time that passes when a test says so: timers run in their order, and what they start has ended before the next.
export class Clock {
  time = 1_000_000;
  timers = new Map();
  #ids = 0;

  setTimeout = (run, ms) => {
    this.timers.set(++this.#ids, { at: this.time + ms, run });
    return this.#ids;
  };

  clearTimeout = (id) => this.timers.delete(id);

  async pass(ms) {
    const until = this.time + ms;
    await settled();
    for (;;) {
      const [id, next] = [...this.timers].filter(([, { at }]) => at <= until).sort(([, one], [, other]) => one.at - other.at)[0] ?? [];
      if (!next) break;
      this.timers.delete(id);
      this.time = Math.max(this.time, next.at);
      next.run();
      await settled();
    }
    this.time = until;
    await settled();
  }
}

// One Region's API: answers documents, hears subscriptions, announces.
export class Region {
  lost = false;
  pings = 200;
  health = 200;
  refuses = false;
  silent = false;
  sockets = new Set();
  asked = [];
  items = new Map();
  journal = [];
  forgotten = false; // what was missed long ago
  sequence = 0n;
  latency = 0;

  constructor(name) {
    this.name = name;
    this.graphqlUrl = `https://${name}.example.com/graphql`;
  }

  write(kind, item) {
    if (kind === "DELETE") this.items.delete(item.id);
    else this.items.set(item.id, item);
    this.sequence += 1n;
    const field = { CREATE: "onCreateTodo", UPDATE: "onUpdateTodo", DELETE: "onDeleteTodo" }[kind];
    const _change = { kind, sequence: String(this.sequence), region: this.name };
    this.journal.push({ ...item, _change });
    for (const socket of this.sockets) socket.announce(field, { ...item, _change });
  }

  lose() {
    this.lost = true;
    for (const socket of [...this.sockets]) socket.end(1006);
  }

  answer(query, variables) {
    this.asked.push({ query, variables });
    if (query.includes("page: listTodos")) return { data: { page: { items: [...this.items.values()], nextToken: null } } };
    if (query.includes("page: syncTodos")) {
      const { lastSync } = variables;
      if (lastSync !== null && this.forgotten) return { data: { page: null }, errors: [{ errorType: "SyncExpired", message: "too late" }] };
      const items = lastSync === null ? [] : this.journal.slice(Number(lastSync));
      return { data: { page: { items, nextToken: null, startedAt: String(this.journal.length) } } };
    }
    if (query.includes("getTodo")) return { data: { item0: this.items.get(variables.k0_0) ?? null } };
    const { input } = variables;
    if (input.name === "refused") return { data: { item: null }, errors: [{ message: "no", errorType: "Unauthorized" }] };
    const kind = /item: (create|update|delete)Todo/.exec(query)[1].toUpperCase();
    const item = { ...this.items.get(input.id), ...input };
    queueMicrotask(() => this.write(kind, item));
    return { data: { item } };
  }
}

class Socket {
  readyState = 0;
  subscriptions = new Map();

  constructor(region, url, protocols) {
    Object.assign(this, { region, url, protocols });
    setImmediate(() => {
      if (region.lost) return this.end(1006);
      this.readyState = 1;
      region.sockets.add(this);
      this.onopen?.();
    });
  }

  send(text) {
    const { type, id, payload } = JSON.parse(text);
    if (type === "connection_init" && this.region.refuses)
      this.say({ type: "connection_error", payload: { errors: [{ errorType: "UnauthorizedException", message: "a bad key", errorCode: 401 }] } });
    else if (type === "connection_init") this.say({ type: "connection_ack", payload: { connectionTimeoutMs: 300_000 } });
    if (type === "start") {
      const { query } = JSON.parse(payload.data);
      this.subscriptions.set(id, /(on\w+)/.exec(query)[1]);
      this.authorization = payload.extensions.authorization;
      if (!this.region.silent) this.say({ type: "start_ack", id });
    }
    if (type === "stop") this.subscriptions.delete(id);
  }

  announce(field, item) {
    for (const [id, heard] of this.subscriptions) if (heard === field) this.say({ type: "data", id, payload: { data: { [field]: item } } });
  }

  say(message) {
    setImmediate(() => this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) }));
  }

  close() {
    this.readyState = 3;
    this.region.sockets.delete(this);
  }

  end(code) {
    this.close();
    this.onclose?.({ code });
  }
}

export class Page extends EventTarget {
  document = Object.assign(new EventTarget(), { hidden: false });
  heard = 0;

  constructor() {
    super();
    for (const target of [this, this.document]) {
      const { addEventListener, removeEventListener } = target;
      target.addEventListener = (...given) => ((this.heard += 1), addEventListener.apply(target, given));
      target.removeEventListener = (...given) => ((this.heard -= 1), removeEventListener.apply(target, given));
    }
  }
}

// As many milliseconds as a test says of the process's own timers, which node:test mocks.
export async function elapsed(timers, ms) {
  for (let now = 0; now < ms; now += 100) {
    await settled();
    timers.tick(100);
  }
  await settled();
}

export function environment(regions, clock, page = null) {
  const made = [];
  const reported = [];
  const of = (url) => regions.find(({ name }) => String(url).includes(`//${name}.`));
  let ids = 0;
  class WebSocket extends Socket {
    static OPEN = 1;

    constructor(url, protocols) {
      super(of(url), url, protocols);
      made.push(this);
    }
  }
  async function fetch(url, { body, headers, signal }) {
    const region = of(url);
    region.headers = headers ?? region.headers;
    signal?.throwIfAborted();
    if (region.hangs) await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    clock.time += region.latency;
    if (region.lost) throw new TypeError("fetch failed");
    if (/ping$/.test(url)) return new Response(null, { status: region.pings });
    if (/health$/.test(url)) return new Response(null, { status: region.health });
    if (region.refuses) return Response.json({ errors: [{ errorType: "UnauthorizedException", message: "a bad key" }] }, { status: 401 });
    const { query, variables } = JSON.parse(body);
    return Response.json(region.answer(query, variables));
  }
  return {
    made,
    reported,
    given: {
      WebSocket,
      fetch,
      now: () => clock.time,
      random: () => 0.5,
      newId: () => `id${(ids += 1)}`,
      setTimeout: clock.setTimeout,
      clearTimeout: clock.clearTimeout,
      page,
      report: (error) => reported.push(error),
    },
  };
}
