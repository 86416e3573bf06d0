// What docs/clients.md adds to Amplify's client, in Amplify's client, on Regions in memory.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";
import { documented } from "../documented.mjs";
import { Clock, Region, elapsed, environment } from "./fakes.mjs";

mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: Date.now() });
const pass = (ms) => elapsed(mock.timers, ms);

const ireland = new Region("ireland");
const sydney = new Region("sydney");
const { given } = environment([ireland, sydney], new Clock());
Object.assign(globalThis, { WebSocket: given.WebSocket, fetch: given.fetch });

const configure = ({ graphqlUrl: endpoint }) =>
  Amplify.configure({ API: { GraphQL: { endpoint, region: "eu-west-1", apiKey: "key", defaultAuthMode: "apiKey" } } });

// An application that shows todos: what it was listed, and what it heard since.
class Todos {
  lists = [];
  heard = [];
  observed = [];

  constructor(isNew) {
    this.isNew = isNew;
  }

  observe = async () => {
    for (const each of this.observed.splice(0)) each.unsubscribe();
    const client = generateClient();
    const seen = new Map();
    const next = ({ data }) => {
      const [item] = Object.values(data);
      if (this.isNew(seen, item)) this.heard.push(item.name);
    };
    for (const field of ["onCreateTodo", "onUpdateTodo", "onDeleteTodo"]) {
      const query = `subscription { ${field} { id name _change { sequence } } }`;
      this.observed.push(client.graphql({ query }).subscribe({ next, error: (error) => assert.fail(JSON.stringify(error)) }));
    }
    const { data } = await client.graphql({ query: "query { page: listTodos { items { id name } } }" });
    this.lists.push(data.page.items.map(({ name }) => name));
  };
}

test("it asks again when a lost connection is back, once, and drops what comes late; and so in another Region", async () => {
  ireland.items.set("a", { id: "a", name: "tea" });
  configure(ireland);
  const { isNew } = await documented("amplify.test.mjs", "isNew");
  const todos = new Todos(isNew);
  globalThis.again = todos.observe;
  todos.observe();
  await pass(2000);
  ireland.write("UPDATE", { id: "a", name: "milk" });
  const [socket] = ireland.sockets;
  socket.announce("onCreateTodo", { id: "a", name: "tea", _change: { sequence: "0" } });
  await pass(2000);
  assert.deepEqual([todos.lists, todos.heard], [[["tea"]], ["milk"]]);

  socket.end(1006);
  ireland.write("UPDATE", { id: "a", name: "missed" });
  await pass(30_000);
  assert.deepEqual(todos.lists, [["tea"], ["missed"]]);
  ireland.write("UPDATE", { id: "a", name: "coffee" });
  await pass(1000);
  assert.deepEqual(todos.heard, ["milk", "coffee"]);
  assert.deepEqual([...ireland.sockets].map(({ subscriptions }) => subscriptions.size), [3]);

  sydney.items.set("a", { id: "a", name: "of Sydney" });
  configure(sydney);
  todos.observe();
  await pass(20_000);
  sydney.write("UPDATE", { id: "a", name: "after" });
  ireland.write("UPDATE", { id: "a", name: "elsewhere" });
  await pass(1000);
  assert.deepEqual(todos.lists.slice(2), [["of Sydney"]]);
  assert.deepEqual(todos.heard.slice(2), ["after"]);
  assert.deepEqual([ireland.sockets.size, sydney.sockets.size], [0, 1]);
});
