// The hook of docs/clients.md, in React.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { StrictMode, createElement } from "react";
import { act, create } from "react-test-renderer";
import { Antipode } from "../../../clients/javascript/antipode.js";
import { Clock, Region, environment } from "./fakes.mjs";

globalThis.IS_REACT_ACT_ENVIRONMENT = true;
const page = readFileSync(new URL("../../../docs/clients.md", import.meta.url), "utf8");
const [, hook] = /<!-- the hook .*? -->\n```js\n(.*?)```/s.exec(page);

test("a component shows what there is, and leaves nothing behind", async () => {
  // Beside the packages, where Node finds React.
  const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), ".hook-"));
  try {
    const file = join(folder, "hook.mjs");
    writeFileSync(file, hook);
    const { useLive } = await import(pathToFileURL(file));
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
  } finally {
    rmSync(folder, { recursive: true });
  }
});
