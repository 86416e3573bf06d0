// The copy under whatever happens: it becomes what its Region's table is.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EMPTY, copy, shown } from "../../../clients/javascript/src/copy.js";
import { query } from "../../../clients/javascript/src/query.js";

const IDS = ["a", "b", "c"];
const CHANGES = ["onCreateTodo", "onUpdateTodo", "onDeleteTodo"];
const QUERIES = [{}, { filter: { name: { ne: "left" } } }, { sync: "syncTodos" }, { sync: "syncTodos", filter: { name: { ne: "left" } } }];

// A Region: its table, and what its stream has, each record an announcement.
class Region {
  table = new Map();
  journal = [];

  constructor(name, firstSequence) {
    this.name = name;
    this.sequence = firstSequence;
  }

  put(id, name, { partial = false } = {}) {
    const kind = name === null ? "DELETE" : "UPDATE";
    const old = this.table.get(id);
    if (kind === "DELETE" && !old) return;
    if (name === null) this.table.delete(id);
    else this.table.set(id, { id, name });
    this.sequence += 7n;
    const told = kind === "DELETE" ? old.name : partial ? null : name;
    this.journal.push({ id, name: told, _change: { kind, sequence: String(this.sequence), region: this.name } });
  }
}

// A client of two Regions, one step after the other. What is under way is answered when a step says so, or at the end.
class World {
  regions = [new Region("eu-west-1", 10n ** 30n), new Region("ap-southeast-2", 1n)];
  at = this.regions[0];
  state = EMPTY;
  asked = [];
  writes = [];
  heardFrom = null;
  begun = 0;

  constructor(given) {
    this.of = query({ list: "listTodos", changes: CHANGES, select: "id name", ...given });
  }

  step(event) {
    const [state, effects] = copy(this.of, this.state, event);
    this.state = state;
    for (const effect of effects) {
      if (effect.type !== "subscribe") this.asked.push(effect);
      else {
        this.heardFrom = this.at.journal.length;
        this.session = effect.session;
        this.accept = true;
        this.delivered = new Set();
      }
    }
  }

  do([what, a, b]) {
    const id = IDS[a % IDS.length];
    const name = [null, "left", "here", `${b}`][b % 4];
    const [one, other] = a % 2 ? this.regions : [...this.regions].reverse();
    const run = {
      write: () => one.put(id, name),
      writeTooLarge: () => one.put(id, name, { partial: true }),
      replicate: () => other.table.get(id)?.name !== one.table.get(id)?.name && one.put(id, other.table.get(id)?.name ?? null),
      connect: () => {
        if (this.state.phase !== "idle") this.step({ type: "lost" });
        this.at = b % 3 ? this.at : one;
        this.step({ type: "connected" });
      },
      lose: () => this.step({ type: "lost" }),
      accept: () => this.accepted(),
      hear: () => this.hear(a, b),
      serve: () => this.serve(a),
      answer: () => this.answer(a),
      begin: () => this.begin(id, name),
      make: () => this.make(b),
      end: () => this.end(b),
    };
    run[what]();
  }

  accepted() {
    if (!this.accept || this.state.session !== this.session) return;
    this.accept = false;
    this.step({ type: "subscribed", session: this.session });
  }

  // Some of those that were announced since, in one order or the other, some of them again.
  hear(a, b) {
    this.deliver((_, index) => (a >> index % 8) & 1, b % 2);
  }

  deliver(which, inOrder) {
    if (this.state.session !== this.session) return;
    const items = this.at.journal.slice(this.heardFrom).filter(which);
    for (const each of items) this.delivered.add(each);
    if (items.length) this.step({ type: "heard", session: this.session, items: inOrder ? items : items.reverse() });
  }

  // What is asked is answered by the table as it is now, and the answer may come later.
  serve(a) {
    const effect = this.asked[a % (this.asked.length || 1)];
    if (effect) effect.reply ??= { session: effect.session, ...this.reply(effect) };
  }

  answer(a) {
    this.serve(a);
    const [effect] = this.asked.splice(a % (this.asked.length || 1), 1);
    if (effect) this.step(effect.reply);
  }

  reply({ type, what, nextToken, lastSync, wanted }) {
    if (type === "get") return { type: "got", wanted, found: wanted.map(([key]) => this.at.table.get(JSON.parse(key)[0]) ?? null) };
    if (what === "list") {
      const items = [...this.at.table.values()].filter(({ id }) => id > (nextToken ?? "")).sort((x, y) => (x.id < y.id ? -1 : 1));
      const fitting = items.slice(0, 1).filter(({ name }) => !this.of.filter || name !== "left");
      return { type: "page", items: fitting, nextToken: items.length > 1 ? items[0].id : null };
    }
    // It reaches a minute back, which is further than anything that was announced and not heard yet.
    const unheard = this.at.journal.findIndex((each, index) => index >= this.heardFrom && !this.delivered.has(each));
    const point = `${this.at.name} ${unheard < 0 ? this.at.journal.length : unheard}`;
    if (lastSync === null && nextToken === null) return { type: "page", items: [], nextToken: null, startedAt: point };
    const [region, from] = (nextToken ?? lastSync).split(" ");
    if (region !== this.at.name) return { type: "expired" };
    const first = nextToken === null ? Math.max(0, from - 1) : Number(from);
    const more = first + 2 < this.at.journal.length ? `${region} ${first + 2}` : null;
    return { type: "page", items: this.at.journal.slice(first, first + 2), nextToken: more, startedAt: point };
  }

  begin(id, name) {
    const write = { id: `w${(this.begun += 1)}`, key: JSON.stringify([id]), kind: name === null ? "delete" : "update", fields: { id, name } };
    this.writes.push({ ...write, region: this.at });
    this.step({ type: "write", ...write });
  }

  // The oldest write that is under way is made, or it is not, and nobody knows yet.
  make(b) {
    const write = this.writes.find((each) => !each.made);
    if (!write) return;
    const { id, name } = write.fields;
    write.made = true;
    if (b % 3) write.region.put(id, name);
    if (b % 3 === 1) write.item = { id, name };
  }

  end(b) {
    if (!this.writes[0]?.made) this.make(b);
    const [write] = this.writes.splice(0, 1);
    if (write) this.step({ type: "written", id: write.id, item: write.item });
  }

  // Whatever was not heard yet is heard once.
  settle(inOrder) {
    if (this.state.phase === "idle") this.step({ type: "connected" });
    const unheard = (each) => !this.delivered.has(each);
    for (let rounds = 0; ; rounds += 1) {
      assert.ok(rounds < 1000, "it never comes to rest");
      this.end(1);
      this.accepted();
      this.answer(0);
      if (this.asked.length || this.writes.length || this.accept) continue;
      this.deliver(unheard, inOrder);
      if (!this.asked.length && !this.accept) return;
    }
  }
}

const WHAT = ["write", "write", "writeTooLarge", "replicate", "connect", "lose", "accept", "hear", "hear", "answer", "answer", "answer", "serve", "begin", "make", "end"];
const steps = fc.array(fc.tuple(fc.constantFrom(...WHAT), fc.nat(255), fc.nat(255)), { maxLength: 60, size: "max" });

for (const given of QUERIES)
  test(`the copy becomes what the table is: ${JSON.stringify(given)}`, () => {
    fc.assert(
      fc.property(steps, fc.boolean(), fc.boolean(), (happened, begun, inOrder) => {
        const world = new World(given);
        world.do(["connect", 0, 0]);
        if (begun) world.settle();
        for (const each of happened) world.do(each);
        world.settle(inOrder);
        assert.equal(world.state.phase, "live");
        const table = [...world.at.table.values()].filter(({ name }) => !given.filter || name !== "left");
        const byId = (one, other) => (one.id < other.id ? -1 : 1);
        assert.deepEqual(shown(world.of, world.state).sort(byId), table.sort(byId));
      }),
      { numRuns: Number(process.env.RUNS ?? 2000) },
    );
  });

test("a write is shown at once, put right by its answer, and taken back where it fails", () => {
  const of = query({ list: "listTodos", changes: CHANGES, select: "id name" });
  let state = EMPTY;
  const step = (event) => ([state] = copy(of, state, event));
  for (const event of [{ type: "connected" }, { type: "subscribed" }, { type: "page", items: [{ id: "a", name: "1" }] }]) step(event);
  const write = (id, kind, fields) => step({ type: "write", id, kind, key: JSON.stringify([fields.id]), fields });
  const names = () => shown(of, state).map(({ name }) => name);
  write("w1", "update", { id: "a", name: "2" });
  write("w2", "create", { id: "b", name: "3" });
  assert.deepEqual(names(), ["2", "3"]);
  step({ type: "written", id: "w2", item: undefined });
  assert.deepEqual(names(), ["2"]);
  step({ type: "written", id: "w1", item: { id: "a", name: "two" } });
  assert.deepEqual(names(), ["two"]);
  write("w3", "delete", { id: "a" });
  assert.deepEqual(names(), []);
  step({ type: "written", id: "w3", item: undefined });
  assert.deepEqual(names(), ["two"]);
  write("w4", "update", { id: "gone", name: "4" });
  assert.deepEqual(names(), ["two"]);
});

test("an event that there is not is an error", () => {
  assert.throws(() => copy({}, EMPTY, { type: "nonsense" }), new TypeError("no such event: nonsense"));
});
