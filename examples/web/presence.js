// Who is here: everybody says so now and then, in an item that ends by itself. DynamoDB deletes it some time after
// `until`, so who looks compares that with the clock. Each saying is a write in every Region: not more often than need be.
const SAID_EVERY_S = 20;
const HELD_S = 50;

/** Says that somebody is on a board, and lists who is. */
export function present({ api, boardId, name, list }) {
  const here = api.live({
    list: "presencesByBoard",
    arguments: { boardId },
    changes: ["onCreatePresence", "onUpdatePresence", "onDeletePresence"],
    select: "name until",
  });
  const id = crypto.randomUUID();
  const seconds = () => Math.floor(Date.now() / 1000);
  let known = false;
  async function say() {
    const fields = { id, boardId, name, until: seconds() + HELD_S };
    try {
      await (known ? here.update(fields) : here.create(fields));
      known = true;
    } catch {
      known = !known; // it may have been written all the same: the next time tells
    }
  }
  const show = () => {
    const names = here.getSnapshot().items.filter(({ until }) => until > seconds()).map((each) => each.name);
    list.replaceChildren(...names.toSorted().map((each) => Object.assign(document.createElement("li"), { textContent: each })));
  };
  here.subscribe(show);
  say();
  setInterval(say, SAID_EVERY_S * 1000);
  setInterval(show, 5000);
  addEventListener("pagehide", () => here.delete({ id }).catch(() => {}));
}
