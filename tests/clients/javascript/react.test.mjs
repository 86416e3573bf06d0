// The hook of docs/clients.md, in React.
import assert from "node:assert/strict";
import { test } from "node:test";
import { StrictMode, createElement } from "react";
import { act, create } from "react-test-renderer";
import { Antipode } from "../../../clients/javascript/antipode.js";
import { documented } from "../documented.mjs";
import { Clock, Region, environment } from "./fakes.mjs";

globalThis.IS_REACT_ACT_ENVIRONMENT = true;

test("a component shows what there is, and leaves nothing behind", async () => {
  const { useLive } = await documented("react.test.mjs");
  const clock = new Clock();
  const ireland = new Region("ireland");
  ireland.items.set("a", { id: "a", name: "tea" });
  const { given } = environment([ireland], clock);
  const api = new Antipode({ regions: [ireland], credentials: () => ({ apiKey: "key" }) }, given);
  let todos;
  function Todos() {
    const query = { list: "listTodos", changes: ["onCreateTodo", "onUpdateTodo", "onDeleteTodo"], select: "id name" };
    const [{ items, state }, live] = useLive(api, query);
    todos = live;
    return `${state}: ${items.map(({ name }) => name).join()}`;
  }
  let shown;
  await act(async () => (shown = create(createElement(StrictMode, null, createElement(Todos)))));
  await act(async () => clock.pass(100));
  assert.equal(shown.toJSON(), "live: tea");
  assert.deepEqual([...ireland.sockets].map(({ subscriptions }) => subscriptions.size), [3]);
  await act(async () => {
    const made = todos.create({ name: "milk" });
    await clock.pass(100);
    await made;
  });
  assert.equal(shown.toJSON(), "live: tea,milk");
  await act(async () => shown.unmount());
  await act(async () => clock.pass(100));
  assert.deepEqual([ireland.sockets.size, clock.timers.size], [0, 0]);
});
