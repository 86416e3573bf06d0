// The scenarios that every client of ours passes: tests/scenarios/copy.json.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EMPTY, copy, shown } from "../../../clients/javascript/src/copy.js";
import { query } from "../../../clients/javascript/src/query.js";

const { queries, scenarios } = JSON.parse(readFileSync(new URL("../../scenarios/copy.json", import.meta.url)));

for (const { name, query: asked, steps } of scenarios)
  test(name, () => {
    const of = query(queries[asked]);
    let state = EMPTY;
    let effects = [];
    let wanted = [];
    const step = (event) => {
      [state, effects] = copy(of, state, event);
    };
    for (const { asks, wants, again = false, ...now } of steps) {
      const [[type, value]] = Object.entries(now);
      if (type === "shows") {
        assert.deepEqual([shown(of, state), state.phase === "live"], [value, now.live]);
        continue;
      }
      if (type === "begins") for (const event of [{ type: "connected" }, { type: "subscribed" }, { type: "page", items: value, nextToken: null }]) step(event);
      else if (type === "heard") step({ type, items: value });
      else if (type === "got") step({ type, wanted, found: value });
      else step({ type, ...value });
      const asking = effects.find((effect) => effect.type === "ask");
      if (asks) assert.deepEqual({ ...asking }, { lastSync: asking?.lastSync, ...asks, type: "ask", session: state.session });
      assert.equal(["page", "heard", "got"].includes(type) && effects.some((effect) => effect.type === "subscribe"), again);
      const wanting = effects.find((effect) => effect.type === "get");
      assert.deepEqual(wanting?.wanted.map(([key]) => JSON.parse(key)), wants);
      wanted = wanting?.wanted ?? wanted;
    }
  });
