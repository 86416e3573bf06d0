// What each Region announced, bounded: the last rows of each, and of each item what was heard.

/** Rows of a Region that a page keeps and shows. */
export const MOST_ROWS = 150;
const MOST_ITEMS = 500;
const MOST_OF_AN_ITEM = 30;

export class Feed {
  constructor() {
    this.rows = new Map();
    this.leftOut = new Map();
    this.items = new Map();
    this.last = new Map();
    this.heard = new EventTarget();
  }

  /** Takes in a portion of the console's, and tells each Region's listeners once. */
  take({ rows, left_out: leftOut }) {
    const touched = new Map();
    for (const row of rows) {
      const kept = this.rows.get(row.region) ?? [];
      kept.push(row);
      if (kept.length > MOST_ROWS) kept.splice(0, kept.length - MOST_ROWS);
      this.rows.set(row.region, kept);
      this.#remember(row);
      touched.set(row.region, [...(touched.get(row.region) ?? []), row]);
    }
    for (const [region, count] of Object.entries(leftOut)) {
      this.leftOut.set(region, (this.leftOut.get(region) ?? 0) + count);
    }
    for (const [region, fresh] of touched) {
      this.heard.dispatchEvent(new CustomEvent(region, { detail: fresh }));
    }
    if (touched.size) this.heard.dispatchEvent(new CustomEvent("any", { detail: rows }));
  }

  /** What a Region announced of an item, newest last. */
  of(model, key, region) {
    return this.items.get(named(model, key))?.get(region) ?? [];
  }

  /** The last item of a model that was heard of. */
  lastOf(model) {
    return this.last.get(model) ?? null;
  }

  #remember(row) {
    const model = modelOf(row.field);
    if (!model || !row.item || !this.keys?.has(model)) return;
    const name = named(model, keyOf(this.keys.get(model), row.item));
    const heard = this.items.get(name) ?? new Map();
    this.items.delete(name); // the map keeps its order of use
    this.items.set(name, heard);
    if (this.items.size > MOST_ITEMS) this.items.delete(this.items.keys().next().value);
    const kept = [...(heard.get(row.region) ?? []), row];
    heard.set(row.region, kept.slice(-MOST_OF_AN_ITEM));
    this.last.set(model, row.item);
  }
}

/** Of onCreateTodo, Todo. */
export function modelOf(field) {
  return /^on(?:Create|Update|Delete)(.+)$/.exec(field)?.[1] ?? null;
}

/** The key of an item, by the names of its fields. */
export function keyOf(fields, item) {
  return Object.fromEntries(fields.map((name) => [name, item[name] ?? null]));
}

function named(model, key) {
  return `${model} ${JSON.stringify(Object.values(key).map(String))}`;
}
