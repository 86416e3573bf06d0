// A board of cards that many move at once, each in the Region that is near. settings.json says where they are:
//   { "token": "...", "regions": [{ "name": "ireland", "graphqlUrl": "...", "apiKey": "..." }, ...] }
// ?here=sydney puts a Region first, ?board=b names the board, ?name=Ada who looks at it.
import { Antipode } from "../../clients/javascript/antipode.js";
import { present } from "./presence.js";

const COLUMNS = { todo: "To do", doing: "Doing", done: "Done" };

const asked = new URLSearchParams(location.search);
const boardId = asked.get("board") ?? "board";
const settings = await (await fetch("settings.json")).json();
const regions = settings.regions.toSorted((one, other) => (other.name === asked.get("here")) - (one.name === asked.get("here")));
const api = new Antipode({
  regions,
  credentials: async ({ apiKey }) => (settings.token ? { token: settings.token } : { apiKey }),
});

const cards = api.live({
  list: "cardsByBoard",
  arguments: { boardId },
  changes: ["onCreateCard", "onUpdateCard", "onDeleteCard"],
  select: "column position title",
});
cards.subscribe(({ items, state, region, gap }) => {
  const status = document.querySelector("#state");
  status.className = state;
  const missed = gap?.until ? `, after ${Math.ceil((gap.until - gap.since) / 1000)} s` : "";
  status.textContent = `${state} in ${region}${missed}`;
  show(items);
});
present({ api, boardId, name: asked.get("name") ?? "somebody", list: document.querySelector("#here") });

document.querySelector("#add").addEventListener("submit", (event) => {
  event.preventDefault();
  const { title } = Object.fromEntries(new FormData(event.target));
  event.target.reset();
  tried(cards.create({ boardId, title, column: "todo", position: end("todo") }));
});

// What a write says when it fails; its card is back by then.
async function tried(write) {
  const failed = document.querySelector("#failed");
  try {
    await write;
    failed.textContent = "";
  } catch (error) {
    failed.textContent = `not written: ${error.message}`;
  }
}

const move = (id, column) => tried(cards.update({ id, column, position: end(column) }));
const inColumn = (items, column) => items.filter((card) => card.column === column).toSorted((one, other) => one.position - other.position);
const end = (column) => (inColumn(cards.getSnapshot().items, column).at(-1)?.position ?? 0) + 1;

function show(items) {
  document.querySelector("#columns").replaceChildren(
    ...Object.entries(COLUMNS).map(([column, title]) => {
      const section = element("section", element("h2", title), ...inColumn(items, column).map(card));
      section.dataset.column = column;
      section.addEventListener("dragover", (event) => event.preventDefault());
      section.addEventListener("drop", (event) => move(event.dataTransfer.getData("text"), column));
      return section;
    }),
  );
}

function card({ id, title, column }) {
  const names = Object.keys(COLUMNS);
  const to = (label, next) => {
    if (!next) return [];
    const button = element("button", label);
    button.setAttribute("aria-label", `${title}: to ${COLUMNS[next]}`);
    button.addEventListener("click", () => move(id, next));
    return [button];
  };
  const remove = element("button", "×");
  remove.setAttribute("aria-label", `${title}: remove`);
  remove.addEventListener("click", () => tried(cards.delete({ id })));
  const at = names.indexOf(column);
  const article = element("article", element("span", title), ...to("←", names[at - 1]), ...to("→", names[at + 1]), remove);
  article.draggable = true;
  article.addEventListener("dragstart", (event) => event.dataTransfer.setData("text", id));
  return article;
}

// Texts stay texts, whatever HTML is in them.
function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}
