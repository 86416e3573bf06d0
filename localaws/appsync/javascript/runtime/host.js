// One evaluation: what a handler may ask of its host, and how it leaves.
//
// The files of this folder are evaluated in one global scope, host.js first. Handlers never see
// `host`: names that they do not declare or import are refused before they run.

const host = {
  modules: {},
  zones: {},
  state: null,
  handlers: null,
  parseJson: JSON.parse,
  maxIterations: 1000,
};

// Thrown to leave a handler. Handlers cannot catch it: the runtime has no `try`.
host.Exit = class Exit {
  constructor(outcome) {
    this.outcome = outcome;
  }
};

// sfc32: ids and random numbers come from four words of entropy that the caller passes in, because
// no Python function may be called while a time limit is set.
host.generator = ([a, b, c, d]) => () => {
  const sum = (((a + b) | 0) + d) | 0;
  d = (d + 1) | 0;
  a = b ^ (b >>> 9);
  b = (c + (c << 3)) | 0;
  c = (c << 21) | (c >>> 11);
  c = (c + sum) | 0;
  return sum >>> 0;
};

host.begin = ({ now, entropy }) => {
  host.state = {
    now,
    word: host.generator(entropy),
    identity: null,
    info: {},
    logs: [],
    errors: [],
    invalidations: [],
    headers: {},
    filter: null,
    invalidationFilter: null,
  };
};

host.random = () => host.state.word() / 2 ** 32;

host.bytes = (count) => Array.from({ length: count }, () => host.state.word() >>> 24);

host.errorOf = (message, type, data, info) => ({ message, type, data, info });

host.fail = (message, type) => {
  throw new host.Exit({ error: host.errorOf(message, type) });
};

// The service stops a loop after its 1,000th item without a word, and does not visit what the body
// adds (aws/aws-appsync-community#371). The word is ours.
host.bounded = (items, loop) => {
  if (items.length > host.maxIterations) {
    host.log("WARN", "", [`${loop} stopped after ${host.maxIterations} of ${items.length} items`]);
  }
  return items.slice(0, host.maxIterations);
};

host.each = (iterable) => host.bounded([...iterable], "for...of");

host.keys = (object) => host.bounded(Object.keys(object ?? {}), "for...in");

host.log = (level, place, values) => {
  const text = values.map((value) => JSON.stringify(value) ?? "null").join(" ");
  host.state.logs.push(`${level} - code.js:${place} ${text}`);
};

host.console = (place) =>
  Object.freeze({
    at: (line, column) => host.console(`${line}:${column}:`),
    debug: (...values) => host.log("DEBUG", place, values),
    error: (...values) => host.log("ERROR", place, values),
    info: (...values) => host.log("INFO", place, values),
    log: (...values) => host.log("INFO", place, values),
    warn: (...values) => host.log("WARN", place, values),
  });

globalThis.console = host.console("");

host.contextOf = (text) => {
  const context = host.parseJson(text);
  context.arguments ??= context.args ?? {};
  context.args = context.arguments;
  context.stash ??= {};
  return context;
};

// What the service keeps of a context from one handler of a resolver's run to the next, beside the
// stash. `env` and `info` are the same for all of them.
const KEPT_MEMBERS = ["arguments", "source", "identity", "request"];

host.membersOf = (context) =>
  Object.fromEntries(KEPT_MEMBERS.map((name) => [name, JSON.stringify(context[name])]));

host.writtenTo = (context, before) => {
  const written = KEPT_MEMBERS.filter((name) => JSON.stringify(context[name]) !== before[name]);
  return Object.fromEntries(written.map((name) => [name, context[name] ?? null]));
};

// Exhausted memory throws null, which the sandbox reports.
host.outcomeOf = (thrown) => {
  if (thrown instanceof host.Exit) {
    return thrown.outcome;
  }
  if (thrown === null) {
    throw thrown;
  }
  return { broken: `${thrown.name}: ${thrown.message}`, stack: thrown.stack };
};

host.attempt = (name, context) => {
  try {
    const result = JSON.stringify(host.handlers(host)[name](context));
    return result === undefined ? {} : { result };
  } catch (thrown) {
    return host.outcomeOf(thrown);
  }
};

// What one handler did and left behind, as JSON.
host.report = (context, before, outcome) => {
  const { now: _now, word: _word, identity: _identity, info: _info, ...effects } = host.state;
  const written = host.writtenTo(context, before);
  return JSON.stringify({ ...effects, ...outcome, stash: context.stash, context: written });
};

host.run = (name, text, seed) => {
  host.begin(host.parseJson(seed));
  const context = host.contextOf(text);
  host.state.identity = context.identity ?? null;
  host.state.info = context.info ?? {};
  const before = host.membersOf(context);
  let { result = "null", ...outcome } = host.attempt(name, context);
  let report;
  try {
    report = host.report(context, before, outcome);
  } catch (thrown) {
    // What it left behind is not JSON: the handler is broken, and nothing of it stays.
    outcome = host.outcomeOf(thrown);
    result = "null";
    host.begin(host.parseJson(seed));
    report = host.report({ stash: {} }, host.membersOf({}), outcome);
  }
  // Joined, not added: the binding knows no rope, which is what the engine makes of long additions.
  return ['{"result":', result, ",", report.slice(1)].join("");
};
