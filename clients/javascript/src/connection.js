/** Which Region a client is in: (state, event) → [state, effects]. Times are in milliseconds; the clock and chance come with events. */

export const TIMES = {
  firstWait: 500,
  longestWait: 30_000,
  connectWithin: 10_000,
  keepAlive: 300_000, // what AppSync says; its own message counts
  check: 15_000,
  stable: 60_000, // a connection that lasted so long was a good one
  bar: 30_000, // a Region that failed once is left alone for so long, then for twice that
  longestBar: 600_000,
};

const REGION = { latency: 0, strikes: 0, until: 0, good: 0 };

export const unconnected = (regions) => ({
  status: "off", // measuring, waiting, connecting, open
  at: null, // a Region's index
  online: true,
  regions: regions.map(() => REGION),
  attempts: 0,
  due: null, // when a wait is over
  since: 0, // when it began to connect, or was connected
  heard: 0, // when something was heard last
  timeout: TIMES.keepAlive,
  check: 0, // when to look at the Region next
  bad: 0, // checks that failed, one after the other
  error: null,
});

/** Events have the time, `now`, and a number from 0 to 1 by chance, `random`. */
export function connection(state, event) {
  const { now } = event;
  switch (event.type) {
    case "start":
    case "online":
      if (state.status !== "off") return [{ ...state, online: true }, []];
      return [{ ...state, online: true, attempts: 0, status: "measuring" }, [{ type: "measure" }]];
    case "offline":
    case "stop":
      return [{ ...state, online: event.type === "stop" && state.online, status: "off", due: null }, [{ type: "disconnect" }]];
    case "measured":
      if (state.status !== "measuring") return [state, []];
      return choose({ ...state, regions: state.regions.map((each, i) => ({ ...each, latency: event.latencies[i] })) }, event);
    case "opened":
      return [{ ...state, status: "open", since: now, heard: now, bad: 0, error: null, check: now + TIMES.check, timeout: event.timeout || TIMES.keepAlive }, []];
    case "frame":
      return [{ ...state, heard: now }, []];
    case "failed":
      return state.status === "off" ? [state, []] : fail(state, event);
    case "checked":
      return checked(state, event);
    case "wake":
      return wake(state, event);
    case "visible": // it may have slept for a day
      return wake({ ...state, check: now, due: state.due && now }, event);
  }
  throw new TypeError(`no such event: ${event.type}`);
}

/** When the connection wants to be woken. */
export function deadline(state) {
  if (state.status === "open") return Math.min(state.check, state.heard + state.timeout);
  if (state.status === "connecting") return state.since + TIMES.connectWithin;
  return state.due;
}

function wake(state, event) {
  const { now } = event;
  if (state.status === "waiting" && now >= state.due)
    return [{ ...state, status: "connecting", since: now, due: null }, [{ type: "connect", index: state.at }]];
  if (state.status === "connecting" && now >= deadline(state)) return fail(state, { ...event, error: new Error("no connection in time") });
  if (state.status !== "open") return [state, []];
  if (now >= state.heard + state.timeout) return fail(state, { ...event, error: new Error("nothing was heard any more") });
  if (now < state.check) return [state, []];
  const lasted = now - state.since >= TIMES.longestBar; // then it is forgiven
  const regions = lasted ? state.regions.with(state.at, { ...state.regions[state.at], strikes: 0 }) : state.regions;
  const asked = ranked(state).filter((index, rank, all) => index === state.at || (rank < all.indexOf(state.at) && now >= state.regions[index].until));
  return [{ ...state, regions, check: now + TIMES.check }, asked.map((index) => ({ type: "check", index }))];
}

/** The current Region is left when two checks fail and there is another; one that is nearer is gone back to after two. */
function checked(state, event) {
  const { index, ok } = event;
  if (state.status === "off" && !ok) return [nearest(struck(state, index, event.now), event.now), []];
  if (state.status !== "open") return [state, []];
  if (index === state.at) {
    if (ok) return [{ ...state, bad: 0 }, []];
    const elsewhere = state.regions.some(({ until }, i) => i !== index && event.now >= until);
    if (state.bad + 1 >= 2 && elsewhere) return fail({ ...state, since: Infinity }, event);
    return [{ ...state, bad: state.bad + 1 }, []];
  }
  const good = ok ? state.regions[index].good + 1 : 0;
  const next = { ...state, regions: state.regions.with(index, { ...state.regions[index], good }) };
  if (good < 2 || !ranked(next).slice(0, ranked(next).indexOf(state.at)).includes(index)) return [next, []];
  const [chosen, effects] = choose({ ...next, attempts: 0 }, event);
  return [chosen, [{ type: "disconnect" }, ...effects]];
}

/** A connection that lasted is made again in its Region; else the Region is left alone for a while, longer each time. */
function fail(state, event) {
  const { now, error = state.error } = event;
  const lasted = state.status === "open" && now - state.since >= TIMES.stable;
  const left = lasted ? { ...state, attempts: 1 } : struck(state, state.at, now);
  const [next, effects] = choose({ ...left, error }, event);
  return [next, [{ type: "disconnect" }, ...effects]];
}

function struck(state, index, now) {
  const strikes = state.regions[index].strikes + 1;
  const until = now + Math.min(TIMES.longestBar, TIMES.bar * 2 ** (strikes - 1));
  return { ...state, regions: state.regions.with(index, { ...state.regions[index], strikes, until, good: 0 }) };
}

/** With full jitter: not all clients at once. */
function choose(state, { now, random }) {
  const most = state.attempts && Math.min(TIMES.longestWait, TIMES.firstWait * 2 ** (state.attempts - 1));
  return [{ ...nearest(state, now), status: "waiting", bad: 0, due: now + random * most, attempts: state.attempts + 1 }, []];
}

/** The nearest, or the first, that did not just fail; else the one whose time is up first. */
function nearest(state, now) {
  const order = ranked(state);
  const soonest = order.reduce((one, other) => (state.regions[other].until < state.regions[one].until ? other : one));
  return { ...state, at: order.find((index) => now >= state.regions[index].until) ?? soonest };
}

function ranked({ regions }) {
  return regions.map((_, index) => index).sort((one, other) => regions[one].latency - regions[other].latency);
}

/** `offline` where nothing can be had; `moving` on the way to a Region; else the copy says whether it is `live`. */
export function status(state, now) {
  if (state.status === "open") return "open";
  return !state.online || state.regions.every(({ until }) => now < until) ? "offline" : "moving";
}
