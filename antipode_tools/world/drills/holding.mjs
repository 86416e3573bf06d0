// The web client in a drill: holds a copy for the clients of each Region, and tells what each holds, a line of JSON each time.
import { Antipode } from "../../../clients/javascript/antipode.js";

const { regions, prefix } = JSON.parse(process.env.ANTIPODE_DRILL);

for (const home of regions) {
  const others = regions.filter((each) => each !== home);
  const api = new Antipode({ regions: [home, ...others], credentials: ({ credentials }) => credentials });
  const live = api.live({
    list: "listItemsModel",
    changes: ["onCreateItemsModel", "onUpdateItemsModel", "onDeleteItemsModel"],
    select: "item",
    filter: { id: { beginsWith: prefix } },
  });
  live.subscribe(({ items, state, region }) => {
    const held = Object.fromEntries(items.map(({ id, item }) => [id, item ?? ""]));
    console.log(JSON.stringify({ home: home.name, region, state, items: held }));
  });
}

// Whoever started it has ended, or has no more use for it.
process.stdin.on("end", () => process.exit()).resume();
