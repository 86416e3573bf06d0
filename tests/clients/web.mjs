// Our own client on two real Regions: prints each snapshot of what has the prefix, and writes what it is told, a line each.
import { createInterface } from "node:readline";
import { Antipode } from "../../clients/javascript/antipode.js";

const FASTER = 5; // its time, so that a Region that came back is gone back to soon
const PREFIX = process.env.PREFIX;

const api = new Antipode(
  { regions: JSON.parse(process.env.REGIONS), credentials: ({ apiKey }) => ({ apiKey }) },
  { now: () => Date.now() * FASTER, setTimeout: (run, ms) => setTimeout(run, ms / FASTER) },
);
const live = api.live({
  list: "listItemsModel",
  changes: ["onCreateItemsModel", "onUpdateItemsModel", "onDeleteItemsModel"],
  select: "item",
  filter: { item: { beginsWith: PREFIX } },
});
let last;
live.subscribe(({ items, state, region, gap }) => {
  const told = JSON.stringify({ state, region, items: Object.fromEntries(items.map(({ id, item }) => [id, item])), gap: Boolean(gap?.until) });
  if (told !== last) console.log(told);
  last = told;
});
for await (const line of createInterface(process.stdin)) {
  const { create, update } = JSON.parse(line);
  await (create ? live.create(create) : live.update(update)).catch(({ message }) => console.log(JSON.stringify({ failed: message })));
}
api.close();
