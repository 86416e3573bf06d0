/** The copy of what a query gives: (query, state, event) → [state, effects]. It knows no network and no clock. */

import { fits } from "./filter.js";
import { keyOf } from "./query.js";

/** How many items are asked for in one request. */
const AT_ONCE = 20;

export const EMPTY = {
  phase: "idle", // subscribing, syncing, listing, live
  session: 0,
  items: new Map(),
  seen: new Map(), // each item's highest sequence
  region: null, // whose sequences these are
  wants: new Map(), // what was announced in part, with its sequence
  getting: false,
  ahead: [], // what was announced before the query was answered
  found: new Map(), // the pages so far
  point: null, // what changed since can be asked for from here
  mark: null,
  writes: [],
};

/** Sequences are whole numbers of up to 40 digits, in text: no Number holds them. */
const isLater = (one, other) => other === undefined || BigInt(one) > BigInt(other);

/** Events with a `session` belong to it: what a former one was answered counts no more. */
export function copy(of, state, event) {
  if (event.session !== undefined && event.session !== state.session) return [state, []];
  switch (event.type) {
    case "connected":
      return begin(state);
    case "lost":
      return [{ ...state, session: state.session + 1, phase: "idle" }, []];
    case "subscribed":
      return of.sync ? ask({ ...state, phase: "syncing" }, "sync", null) : list(state);
    case "expired":
      return ask({ ...state, point: null }, "sync", null);
    case "page":
      return state.phase === "syncing" ? synced(of, state, event) : listed(of, state, event);
    case "heard":
      if (state.phase !== "live") return [{ ...state, ahead: [...state.ahead, ...event.items] }, []];
      return take(of, state, event.items);
    case "got":
      return got(of, state, event);
    case "write":
      return [{ ...state, writes: [...state.writes, { ...event, session: state.session, seen: state.seen.get(event.key) }] }, []];
    case "written":
      return written(of, state, event);
  }
  throw new TypeError(`no such event: ${event.type}`);
}

function begin(state) {
  const session = state.session + 1;
  const next = { ...state, session, phase: "subscribing", ahead: [], getting: false };
  return [next, [{ type: "subscribe", session }]];
}

function ask(state, what, nextToken) {
  return [state, [{ type: "ask", session: state.session, what, nextToken, lastSync: state.point }]];
}

function list(state) {
  return ask({ ...state, phase: "listing", found: new Map() }, "list", null);
}

function listed(of, state, { items, nextToken }) {
  const found = new Map(state.found);
  for (const item of items) if (item) found.set(keyOf(of, item), item);
  if (nextToken) return ask({ ...state, found }, "list", nextToken);
  const { ahead, mark: point } = state;
  return take(of, { ...state, ...caughtUp, items: found, seen: new Map(), wants: new Map(), region: null, point }, ahead);
}

function synced(of, state, { items, nextToken, startedAt }) {
  if (state.point === null) return list({ ...state, mark: startedAt });
  const ahead = [...state.ahead, ...items.filter(Boolean)];
  if (nextToken) return ask({ ...state, ahead }, "sync", nextToken);
  return take(of, { ...state, ...caughtUp, point: startedAt }, ahead);
}

const caughtUp = { phase: "live", ahead: [], found: new Map() };

/** The announcement of an item with the highest sequence is its last state; its version says nothing of that. */
function take(of, state, announcements) {
  const items = new Map(state.items);
  const seen = new Map(state.seen);
  const wants = new Map(state.wants);
  let { region } = state;
  for (const { _change: change, ...item } of announcements) {
    region ??= change.region;
    // Sequences of two Regions do not compare: from the start, with nothing of what was.
    if (change.region !== region) return begin({ ...state, point: null });
    const key = keyOf(of, item);
    if (!isLater(change.sequence, seen.get(key))) continue;
    seen.set(key, change.sequence);
    wants.delete(key);
    const open = of.whole.filter((name) => item[name] == null);
    const told = !open.some((name) => of.filtered.includes(name));
    if (change.kind === "DELETE" || (told && !fits(of.asked, item))) items.delete(key);
    else if (open.length) wants.set(key, change.sequence);
    else items.set(key, item);
  }
  return fill({ ...state, items, seen, wants, region });
}

/** Asks for items that were announced in part. Until the answer they are shown as they were. */
function fill(state) {
  if (state.getting || !state.wants.size) return [state, []];
  const wanted = [...state.wants].slice(0, AT_ONCE);
  return [{ ...state, getting: true }, [{ type: "get", session: state.session, wanted }]];
}

function got(of, state, { wanted, found }) {
  const items = new Map(state.items);
  const wants = new Map(state.wants);
  wanted.forEach(([key, sequence], index) => {
    if (wants.get(key) !== sequence) return; // something later was heard meanwhile
    wants.delete(key);
    put(of, items, key, found[index]);
  });
  return fill({ ...state, items, wants, getting: false });
}

function put(of, items, key, item) {
  if (item && fits(of.asked, item)) items.set(key, item);
  else items.delete(key);
}

/** A write was answered, with its item, or has failed: `item` is undefined. What was announced since is the truth. */
function written(of, state, { id, item }) {
  const write = state.writes.find((each) => each.id === id);
  const next = { ...state, writes: state.writes.filter((each) => each !== write) };
  const current = state.phase === "live" && write.session === state.session && write.seen === state.seen.get(write.key);
  if (item === undefined || !current) return [next, []];
  next.items = new Map(state.items);
  put(of, next.items, write.key, write.kind === "delete" ? null : item);
  return [next, []];
}

/** The items, with the writes that are under way. */
export function shown(of, state) {
  if (!state.writes.length) return [...state.items.values()];
  const items = new Map(state.items);
  for (const { kind, key, fields } of state.writes) {
    if (kind === "update" && !items.has(key)) continue;
    put(of, items, key, kind === "delete" ? null : { ...items.get(key), ...fields });
  }
  return [...items.values()];
}
