// What an application in TypeScript writes: tsc --strict takes it, and refuses the lines that say so.
import { Antipode, AntipodeError, type Snapshot } from "antipode-client";

interface Todo {
  id: string;
  name: string | null;
}

const api = new Antipode({
  regions: [{ name: "ireland", graphqlUrl: "https://a/graphql", healthUrl: "https://a/health" }],
  credentials: async ({ name }) => (name === "ireland" ? { apiKey: "k" } : { token: "t", expiresAt: Date.now() }),
  choose: "latency",
});
const live = api.live<Todo>({ list: "listTodos", changes: ["onCreateTodo"], select: "id name", filter: { name: { eq: null } } });
const stop: () => void = live.subscribe(({ items, state, gap, error }: Snapshot<Todo>) => {
  const names: (string | null)[] = items.map(({ name }) => name);
  if (state === "live" && gap) console.log(names, gap.since, error?.message);
  // @ts-expect-error: what there is belongs to the copy
  items.push({ id: "1", name: null });
  // @ts-expect-error: there is no such state
  if (state === "gone") stop();
});
const made: Promise<Todo> = live.create({ name: "tea" });
api.live<Todo>({ list: "listTodos", changes: ["onCreateTodo"], select: "id name", sync: true });
made.catch((error) => error instanceof AntipodeError && error.errors[0]?.errorType);
new Antipode({ regions: [], credentials: () => ({ sign: ({ headers }) => ({ ...headers, authorization: "" }) }) }, { random: () => 0 });
// @ts-expect-error: nothing signs it in
new Antipode({ regions: [{ graphqlUrl: "https://a/graphql" }] });
// @ts-expect-error: one way of choosing is neither
new Antipode({ regions: [], credentials: () => ({ apiKey: "" }), choose: "nearest" });
// @ts-expect-error: changes are missing
api.live({ list: "listTodos", select: "id" });
