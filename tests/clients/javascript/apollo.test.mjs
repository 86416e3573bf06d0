// What docs/clients.md adds to Apollo Client, in Apollo Client with AppSync's links, on a Region in memory.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { createAuthLink } from "aws-appsync-auth-link";
import { createSubscriptionHandshakeLink } from "aws-appsync-subscription-link";
import { documented } from "../documented.mjs";
import { Clock, Region, elapsed, environment, settled } from "./fakes.mjs";

mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
const pass = (ms) => elapsed(mock.timers, ms);

const todo = (id, name) => ({ __typename: "Todo", id, name });
const LIST = gql`query { listTodos { items { id name } } }`;
const CHANGES = ["onCreateTodo", "onUpdateTodo", "onDeleteTodo"].map((field) => gql(`subscription { ${field} { id name _change { sequence } } }`));

class Ireland extends Region {
  lists = 0;
  whileListing = () => {};

  answer() {
    this.lists += 1;
    const items = [...this.items.values()].map(({ id, name }) => todo(id, name));
    return { data: { listTodos: { __typename: "Todos", items } } };
  }
}

function client({ graphqlUrl: url }, fetch, accepting) {
  const options = { url, region: "eu-west-1", auth: { type: "API_KEY", apiKey: "key" } };
  const http = new HttpLink({ uri: url, fetch });
  const link = ApolloLink.from([accepting, createAuthLink(options), createSubscriptionHandshakeLink(options, http)]);
  return new ApolloClient({ link, cache: new InMemoryCache(), queryDeduplication: false });
}

test("it subscribes again, asks for what it missed, applies what was announced meanwhile, and drops what comes late", async () => {
  const ireland = new Ireland("ireland");
  ireland.items.set("a", todo("a", "tea"));
  const { given } = environment([ireland], new Clock());
  globalThis.WebSocket = given.WebSocket;
  ({ isNew: globalThis.isNew } = await documented("amplify.test.mjs", "isNew"));
  const { accepting, hear } = await documented("apollo.test.mjs", "accepting", "hear");
  const slowly = async (...asked) => {
    const answer = await given.fetch(...asked);
    ireland.whileListing();
    await settled();
    return answer;
  };
  const api = client(ireland, slowly, accepting);
  const shown = [];
  const watching = api.watchQuery({ query: LIST }).subscribe(({ data }) => {
    const names = data?.listTodos.items.map(({ name }) => name).join();
    if (names && names !== shown.at(-1)) shown.push(names);
  });
  const told = ({ id, name }) =>
    api.cache.writeFragment({ id: `Todo:${id}`, fragment: gql`fragment Name on Todo { name }`, data: { __typename: "Todo", name } });
  const end = hear(api, CHANGES, told);
  await pass(1000);
  assert.equal(ireland.lists, 2);
  ireland.write("UPDATE", todo("a", "milk"));
  await pass(100);
  const [socket] = ireland.sockets;
  socket.announce("onCreateTodo", { ...todo("a", "tea"), _change: { __typename: "Change", sequence: "0" } });
  await pass(100);
  assert.deepEqual(shown, ["tea", "milk"]);

  socket.end(1006);
  ireland.write("UPDATE", todo("a", "missed"));
  ireland.whileListing = () => {
    ireland.whileListing = () => {};
    ireland.write("UPDATE", todo("a", "meanwhile"));
  };
  await pass(5000);
  assert.deepEqual([shown, ireland.lists], [["tea", "milk", "missed", "meanwhile"], 3]);

  ireland.lose();
  await pass(60_000);
  ireland.lost = false;
  ireland.items.set("a", todo("a", "back"));
  await pass(60_000);
  assert.equal(shown.at(-1), "back");
  end();
  watching.unsubscribe();
  await pass(5000);
  assert.equal(ireland.sockets.size, 0);
});
