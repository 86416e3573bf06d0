// Which Region, and when: the connection as a pure function of what happens.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TIMES, connection, deadline, status, unconnected } from "../../../clients/javascript/src/connection.js";

// A connection over time: `step` is what happens, `wait` lets time pass, as far as the connection wants to be woken.
class Driven {
  constructor(regions, { random = 0 } = {}) {
    this.state = unconnected(Array(regions).fill({}));
    this.now = 0;
    this.random = random;
    this.effects = [];
  }

  step(event) {
    const [state, effects] = connection(this.state, { now: this.now, random: this.random, ...event });
    this.state = state;
    this.effects.push(...effects);
    return this;
  }

  wait(ms = 0) {
    const until = this.now + ms;
    for (let due = deadline(this.state); due !== null && due <= until; due = deadline(this.state)) {
      this.now = Math.max(this.now, due);
      this.step({ type: "wake" });
    }
    this.now = until;
    return this;
  }

  open(latencies = this.state.regions.keys()) {
    this.step({ type: "start" }).step({ type: "measured", latencies: [...latencies] }).wait();
    return this.step({ type: "opened", timeout: 300_000 });
  }

  fail() {
    return this.step({ type: "failed", error: new Error("closed") });
  }

  done() {
    return this.effects.splice(0).map(({ type, index }) => (index === undefined ? type : `${type} ${index}`));
  }
}

test("it takes the first in order, and the nearest by latency", () => {
  assert.deepEqual(new Driven(2).open().done(), ["measure", "connect 0"]);
  assert.deepEqual(new Driven(3).open([90, 20, 40]).done(), ["measure", "connect 1"]);
});

test("a socket that ends soon is left for the next Region, and its Region let alone", () => {
  const driven = new Driven(2).open().wait(1000).fail().wait();
  assert.deepEqual(driven.done(), ["measure", "connect 0", "disconnect", "connect 1"]);
  assert.equal(status(driven.state, driven.now), "moving");
});

test("a socket that ended after a long time is made again where it was", () => {
  const driven = new Driven(2).open().wait(TIMES.stable - 1);
  for (let minutes = 0; minutes < 5; minutes += 1) driven.step({ type: "frame" }).wait(60_000);
  driven.effects = [];
  assert.deepEqual(driven.fail().wait().done(), ["disconnect", "connect 0"]);
});

test("one that does not come about in time is given up", () => {
  const driven = new Driven(2).step({ type: "start" }).step({ type: "measured", latencies: [0, 1] });
  driven.wait(TIMES.connectWithin);
  assert.deepEqual(driven.done(), ["measure", "connect 0", "disconnect", "connect 1"]);
});

test("silence beyond what the Region said is the end of a connection", () => {
  const driven = new Driven(1).open();
  driven.wait(299_999);
  assert.equal(driven.state.status, "open");
  driven.wait(1);
  assert.equal(driven.done().at(-2), "disconnect");
});

test("whatever it was about when a laptop fell asleep, a day later it makes one connection", () => {
  const later = (driven) => {
    driven.effects = [];
    driven.now += 86_400_000;
    return driven.step({ type: "wake" }).wait().done();
  };
  assert.deepEqual(later(new Driven(2).open().wait(1000)), ["disconnect", "connect 0"]);
  assert.deepEqual(later(new Driven(2, { random: 0.5 }).open().fail()), ["connect 1"]);
  const connecting = new Driven(2).step({ type: "start" }).step({ type: "measured", latencies: [0, 1] }).wait();
  assert.deepEqual(later(connecting), ["disconnect", "connect 1"]);
});

test("all that fail are offline, and tried again with full jitter, at most every thirty seconds", () => {
  const driven = new Driven(2, { random: 0.999 });
  driven.step({ type: "start" }).step({ type: "measured", latencies: [0, 1] });
  const waits = [];
  for (let times = 0; times < 10; times += 1) {
    waits.push(Math.round(driven.state.due - driven.now));
    driven.wait(driven.state.due - driven.now).fail();
  }
  assert.deepEqual(waits, [0, 500, 999, 1998, 3996, 7992, 15984, 29970, 29970, 29970]);
  assert.equal(status(driven.state, driven.now), "offline");
});

test("a socket that closes each second is not connected to each second", () => {
  const driven = new Driven(1, { random: 0.5 }).open();
  let connections = 0;
  const end = driven.now + 600_000;
  while (driven.now < end) {
    driven.wait(1000).fail();
    driven.wait(driven.state.due - driven.now).step({ type: "opened", timeout: 300_000 });
    connections += 1;
  }
  assert.ok(connections < 50, `${connections} in ten minutes`);
});

test("a Region that came back is gone back to after two good looks, and the longer it failed the later", () => {
  const driven = new Driven(2).open().wait(1000).fail().wait();
  driven.step({ type: "opened", timeout: 10 ** 9 });
  driven.done();
  driven.wait(TIMES.bar - 1000);
  assert.deepEqual(driven.done(), ["check 1"]);
  driven.wait(TIMES.check);
  assert.deepEqual(driven.done(), ["check 0", "check 1"]);
  driven.step({ type: "checked", index: 0, ok: true }).wait(TIMES.check);
  assert.deepEqual(driven.done(), ["check 0", "check 1"]);
  driven.step({ type: "checked", index: 0, ok: true }).wait();
  assert.deepEqual(driven.done(), ["disconnect", "connect 0"]);
  driven.fail();
  assert.equal(driven.state.regions[0].until - driven.now, 2 * TIMES.bar);
});

test("one bad look is no reason to leave, two are, where there is another Region", () => {
  const bad = { type: "checked", index: 0, ok: false };
  const driven = new Driven(2).open().step(bad).step({ ...bad, ok: true }).step(bad);
  assert.equal(driven.state.status, "open");
  driven.step(bad).wait();
  assert.deepEqual(driven.done(), ["measure", "connect 0", "disconnect", "connect 1"]);
  assert.equal(new Driven(1).open().step(bad).step(bad).state.status, "open");
});

test("what the browser knows counts: offline, online, and a page that is seen again", () => {
  const driven = new Driven(2).open().step({ type: "offline" });
  assert.equal(status(driven.state, 0), "offline");
  assert.equal(deadline(driven.state), null);
  driven.step({ type: "online" }).step({ type: "measured", latencies: [0, 1] }).wait();
  assert.deepEqual(driven.done(), ["measure", "connect 0", "disconnect", "measure", "connect 0"]);
  driven.step({ type: "opened", timeout: 300_000 });
  driven.now += 86_400_000; // asleep: no timer ran
  driven.step({ type: "visible" }).wait();
  assert.deepEqual(driven.done(), ["disconnect", "connect 0"]);
});

test("a client that only asks leaves a Region that does not answer", () => {
  const driven = new Driven(2).step({ type: "checked", index: 0, ok: false });
  assert.equal(driven.state.at, 1);
});

const events = fc.oneof(
  fc.record({ type: fc.constant("wait"), ms: fc.integer({ min: 0, max: 400_000 }) }),
  fc.record({ type: fc.constantFrom("start", "stop", "online", "offline", "visible", "failed", "frame") }),
  fc.record({ type: fc.constant("opened"), timeout: fc.constantFrom(300_000, undefined) }),
  fc.record({ type: fc.constant("measured"), latencies: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 3, maxLength: 3 }) }),
  fc.record({ type: fc.constant("checked"), index: fc.nat(2), ok: fc.boolean() }),
);

test("whatever happens, it has one connection at most, and never stands still while it is wanted", () => {
  fc.assert(
    fc.property(fc.array(events, { maxLength: 60, size: "max" }), fc.double({ min: 0, max: 0.999, noNaN: true }), (happened, random) => {
      const driven = new Driven(3, { random });
      let connected = 0;
      let measuring = false;
      for (const { type, ms, ...rest } of happened) {
        // The adapter says nothing of a connection that there is not, and measures when it is asked.
        const { status: now } = driven.state;
        if (["failed", "frame", "opened"].includes(type) && !["connecting", "open"].includes(now)) continue;
        if (type === "opened" && now === "open") continue;
        if (type === "wait") driven.wait(ms);
        else driven.step({ type, ...rest });
        for (const effect of driven.effects.splice(0)) {
          if (effect.type === "connect") connected += 1;
          if (effect.type === "disconnect") connected = 0;
          assert.ok(connected <= 1);
        }
        measuring = driven.state.status === "measuring";
        if (driven.state.status !== "off" && !measuring) assert.notEqual(deadline(driven.state), null);
        if (driven.state.status === "off") assert.equal(deadline(driven.state), null);
      }
    }),
  );
});

test("however often Regions fail, nobody goes to and fro more than a few times an hour", () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.boolean()), (good) => {
      const driven = new Driven(2).open();
      let moves = 0;
      while (driven.now < 3_600_000) {
        driven.wait(1000);
        if (driven.state.status === "connecting") driven.step({ type: "opened", timeout: 10 ** 9 });
        for (const { type, index } of driven.effects.splice(0)) {
          if (type === "connect") moves += 1;
          if (type === "check") driven.step({ type: "checked", index, ok: index === 1 || good.next().value });
        }
      }
      assert.ok(moves <= 24, `${moves} in an hour`);
    }),
    { numRuns: 25 },
  );
});
