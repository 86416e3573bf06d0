// The client against Regions in memory: what it does over its socket, over HTTP and in time.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Antipode, AntipodeError } from "../../../clients/javascript/antipode.js";
import { Clock, Page, Region, environment } from "./fakes.mjs";

const TODOS = { list: "listTodos", changes: ["onCreateTodo", "onUpdateTodo", "onDeleteTodo"], select: "name" };

const DAY = 86_400_000;

const unhandled = [];
process.on("unhandledRejection", (error) => unhandled.push(error));
afterEach(() => assert.deepEqual(unhandled.splice(0), []));

// A client of two Regions that is watched. Whatever is told is in `told`, the last of it by `now()`.
function started({ credentials = async () => ({ apiKey: "key" }), query = TODOS, page = null, healthUrl = false, ...options } = {}) {
  const clock = new Clock();
  const regions = [new Region("ireland"), new Region("sydney")];
  for (const region of regions) region.items.set("a", { id: "a", name: "1" });
  const { made, reported, given } = environment(regions, clock, page);
  const known = ({ name, graphqlUrl }) => ({ name, graphqlUrl, ...(healthUrl && { healthUrl: `https://${name}.example.com/health` }) });
  const api = new Antipode({ regions: regions.map(known), credentials, ...options }, given);
  const live = api.live(query);
  const told = [];
  const stop = live.subscribe((snapshot) => told.push(snapshot));
  const now = () => {
    const { items, state, region } = live.getSnapshot();
    return [state, region, Object.fromEntries(items.map(({ id, name }) => [id, name]))];
  };
  return { api, live, told, stop, now, clock, made, reported, ireland: regions[0], sydney: regions[1] };
}

test("it subscribes on one socket, queries, and hears", async () => {
  const { now, clock, made, ireland, api, live } = started();
  await clock.pass(100);
  assert.deepEqual(now(), ["live", "ireland", { a: "1" }]);
  ireland.write("UPDATE", { id: "a", name: "2" });
  ireland.write("CREATE", { id: "b", name: "3" });
  await clock.pass(100);
  assert.deepEqual(now(), ["live", "ireland", { a: "2", b: "3" }]);
  const other = api.live(TODOS);
  other.subscribe(() => {});
  await clock.pass(100);
  assert.equal(other.getSnapshot().items.length, 2);
  assert.deepEqual([made.length, made[0].subscriptions.size], [1, 6]);
  live.close();
  other.close();
});

test("a Region that is lost is left, what was is shown as old, and the gap is told", async () => {
  const { told, now, clock, ireland, sydney, api } = started();
  await clock.pass(100);
  const heard = clock.time;
  sydney.items.set("a", { id: "a", name: "meanwhile" });
  told.length = 0;
  ireland.lose();
  await clock.pass(1000);
  assert.deepEqual(now(), ["live", "sydney", { a: "meanwhile" }]);
  const states = told.map(({ state, region, gap }) => [state, region, gap && gap.until !== null]);
  assert.deepEqual(states.filter((each, index) => String(each) !== String(states[index - 1])), [
    ["moving", "sydney", false],
    ["live", "sydney", true],
  ]);
  assert.ok(told.at(-1).gap.since <= heard);
  assert.equal(told.find(({ state }) => state === "moving").items[0].name, "1");
  sydney.write("UPDATE", { id: "a", name: "after" });
  await clock.pass(100);
  assert.deepEqual([now()[2], told.at(-1).gap], [{ a: "after" }, null]);
  ireland.lost = false;
  await clock.pass(90_000);
  assert.deepEqual(now(), ["live", "ireland", { a: "1" }]);
  api.close();
});

test("a Region whose socket stays and whose API is silent is left", async () => {
  const { now, clock, ireland, api } = started();
  await clock.pass(100);
  ireland.hangs = true;
  await clock.pass(60_000);
  assert.deepEqual(now(), ["live", "sydney", { a: "1" }]);
  api.close();
});

for (const [what, healthUrl] of [["pings", false], ["health", true]])
  test(`where a Region says that it is not healthy, it is left, unless there is no other: by its ${what}`, async () => {
    const { now, clock, ireland, sydney, api } = started({ healthUrl });
    await clock.pass(100);
    Object.assign(ireland, { pings: 503, health: 503, [what === "pings" ? "health" : "pings"]: 200 });
    await clock.pass(40_000);
    assert.equal(now()[1], "sydney");
    sydney[what] = 503;
    await clock.pass(20_000);
    assert.equal(now()[1], "sydney");
    api.close();
  });

test("no Region is offline, with what was, and why; the first that comes back is taken", async () => {
  const { now, clock, live, ireland, sydney, api } = started();
  await clock.pass(100);
  ireland.lose();
  sydney.lose();
  await clock.pass(60_000);
  assert.deepEqual(now().slice(0, 3).toSpliced(1, 1), ["offline", { a: "1" }]);
  assert.match(live.getSnapshot().error.message, /^the socket was closed: 1006$/);
  sydney.lost = false;
  await clock.pass(60_000);
  assert.deepEqual(now(), ["live", "sydney", { a: "1" }]);
  api.close();
});

test("the nearest is taken by a second question", async () => {
  const { now, clock, ireland, sydney, api } = started({ choose: "latency" });
  ireland.latency = 300;
  sydney.latency = 20;
  await clock.pass(1000);
  assert.equal(now()[1], "sydney");
  api.close();
});

test("a key that is refused is asked for anew, and told; the next Region may take it", async () => {
  const asked = [];
  const credentials = async ({ name }) => (asked.push(name), { token: "t", expiresAt: 10 ** 15 });
  const { now, clock, live, ireland, sydney, api } = started({ credentials });
  ireland.refuses = true;
  sydney.refuses = true;
  await clock.pass(10_000);
  assert.equal(now()[0], "offline");
  assert.deepEqual([live.getSnapshot().error.message, live.getSnapshot().error.unauthorized], ["a bad key", true]);
  assert.deepEqual(asked.slice(0, 3), ["ireland", "sydney", "ireland"]);
  await assert.rejects(api.request("{ a }"), (error) => error instanceof AntipodeError && error.status === 401);
  api.close();
});

test("credentials are kept until a minute before they end", async () => {
  let asked = 0;
  const { clock, api, made, ireland } = started({ credentials: async () => ({ token: `t${(asked += 1)}`, expiresAt: clock.time + 3_600_000 }) });
  await clock.pass(1000);
  assert.deepEqual([asked, ireland.headers.Authorization, made[0].authorization], [1, "t1", { host: "ireland.example.com", Authorization: "t1" }]);
  clock.time += 3_550_000;
  await api.request("mutation { item: createTodo }", { input: { id: "c" } });
  assert.deepEqual([asked, ireland.headers.Authorization], [2, "t2"]);
  api.close();
});

test("a signer signs each request, the connection and each subscription, as AppSync wants it", async () => {
  const signed = [];
  const sign = async ({ method, url, body, headers }) => (signed.push([method, url, body]), { ...headers, authorization: "AWS4" });
  const { clock, made, ireland, api } = started({ credentials: () => ({ sign }), query: { ...TODOS, changes: ["onCreateTodo"] } });
  await clock.pass(100);
  const url = "https://ireland.example.com/graphql";
  const listen = { query: "subscription { onCreateTodo { name id _change { kind sequence region } } }", variables: {} };
  assert.deepEqual(signed.slice(0, 2), [
    ["POST", `${url}/connect`, "{}"],
    ["POST", url, JSON.stringify(listen)],
  ]);
  assert.equal(signed[2][2], JSON.stringify(ireland.asked[0]));
  assert.deepEqual(ireland.headers, { "content-type": "application/json", host: "ireland.example.com", authorization: "AWS4" });
  const [protocol, header] = made[0].protocols;
  const content = { accept: "application/json, text/javascript", "content-encoding": "amz-1.0", "content-type": "application/json; charset=UTF-8" };
  const headers = { host: "ireland.example.com", ...content, authorization: "AWS4" };
  assert.deepEqual([protocol, JSON.parse(Buffer.from(header.slice("header-".length), "base64url"))], ["graphql-ws", headers]);
  assert.deepEqual([made[0].url, made[0].authorization], ["wss://ireland.example.com/graphql/realtime", headers]);
  api.close();
});

test("AppSync's own name has its socket beside it", async () => {
  const clock = new Clock();
  const region = new Region("abc");
  const { made, given } = environment([region], clock);
  const api = new Antipode({ regions: [{ graphqlUrl: "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql" }], credentials: () => ({ apiKey: "k" }) }, given);
  api.live(TODOS).subscribe(() => {});
  await clock.pass(100);
  assert.equal(made[0].url, "wss://abc.appsync-realtime-api.eu-west-1.amazonaws.com/graphql");
  api.close();
});

test("a write is shown at once and announced; one that fails is taken back", async () => {
  const { now, live, clock, api } = started();
  await clock.pass(100);
  const made = live.create({ name: "new" });
  await clock.pass(20);
  assert.deepEqual(now()[2], { a: "1", id1: "new" });
  assert.deepEqual(await made, { id: "id1", name: "new" });
  const failed = live.update({ id: "a", name: "refused" }).catch((error) => error.message);
  assert.equal(await failed, "no");
  const gone = live.delete({ id: "id1", name: "new" });
  await clock.pass(100);
  assert.deepEqual([now()[2], (await gone).id], [{ a: "1" }, "id1"]);
  api.close();
});

test("a write that no Region answers is taken back", async () => {
  const { now, live, clock, ireland, api } = started();
  await clock.pass(100);
  ireland.hangs = true;
  const write = live.update({ id: "a", name: "2" }).catch((error) => error.message);
  await clock.pass(100);
  assert.deepEqual(now()[2], { a: "2" });
  await clock.pass(31_000);
  assert.equal(await write, "no answer within 30 s");
  assert.deepEqual(now()[2], { a: "1" });
  api.close();
});

test("an item of which a part was left out is asked for", async () => {
  const { now, clock, ireland, api } = started();
  await clock.pass(100);
  ireland.items.set("a", { id: "a", name: "x".repeat(400_000) });
  ireland.sequence = 10n ** 39n;
  for (const socket of ireland.sockets) socket.announce("onUpdateTodo", { id: "a", name: null, _change: { kind: "UPDATE", sequence: `${ireland.sequence}`, region: "ireland" } });
  await clock.pass(100);
  assert.equal(now()[2].a.length, 400_000);
  api.close();
});

test("a subscription that is refused is told, and tried again ever later", async () => {
  const { clock, live, made, api } = started();
  await clock.pass(100);
  const attempts = () => made[0].subscriptions.size;
  const [id] = made[0].subscriptions.keys();
  made[0].say({ type: "error", id, payload: { errors: [{ errorType: "Unauthorized", message: "not you" }] } });
  await clock.pass(20);
  assert.deepEqual([live.getSnapshot().state, live.getSnapshot().error.message, attempts()], ["behind", "not you", 1]);
  await clock.pass(1000);
  assert.deepEqual([live.getSnapshot().state, live.getSnapshot().error], ["live", null]);
  api.close();
});

test("frames that make no sense end the connection, and nothing else", async () => {
  for (const frame of ["no JSON", "null", { type: "data", id: "1", payload: { data: { onCreateTodo: { id: "a", name: "2", _change: { sequence: "none" } } } } }]) {
    const { clock, now, made, api } = started();
    await clock.pass(100);
    made[0].subscriptions.set("1", "onCreateTodo");
    made[0].say(frame);
    made[0].say(frame);
    await clock.pass(5000);
    assert.deepEqual([now()[0], now()[2]], ["live", { a: "1" }]);
    api.close();
  }
});

test("subscriptions that nobody accepts are started again", async () => {
  const { clock, now, ireland, api } = started();
  ireland.silent = true;
  await clock.pass(14_000);
  assert.deepEqual([now()[0], api.state], ["behind", "open"]);
  ireland.silent = false;
  await clock.pass(2000);
  assert.equal(now()[0], "live");
  api.close();
});

test("a browser that goes offline and comes back, and a laptop that slept", async () => {
  const page = new Page();
  const { clock, now, ireland, api } = started({ page });
  await clock.pass(100);
  page.dispatchEvent(new Event("offline"));
  await clock.pass(100);
  assert.deepEqual(now(), ["offline", "ireland", { a: "1" }]);
  ireland.items.set("a", { id: "a", name: "2" });
  page.dispatchEvent(new Event("online"));
  await clock.pass(100);
  assert.deepEqual(now(), ["live", "ireland", { a: "2" }]);
  ireland.items.set("a", { id: "a", name: "3" });
  clock.time += 86_400_000; // no timer ran meanwhile
  page.document.dispatchEvent(new Event("visibilitychange"));
  await clock.pass(1000);
  assert.deepEqual(now(), ["live", "ireland", { a: "3" }]);
  api.close();
  assert.equal(page.heard, 0);
});

// The client of a laptop that was closed for a day: nobody told it that its socket ended, and each timer is a day late.
async function slept({ forgotten = false } = {}) {
  let tokens = 0;
  const credentials = async () => ({ token: `t${(tokens += 1)}`, expiresAt: all.clock.time + 3_600_000 });
  const all = started({ credentials, query: { ...TODOS, sync: true } });
  const { clock, ireland } = all;
  await clock.pass(100);
  ireland.write("CREATE", { id: "b", name: "1" });
  await clock.pass(100);
  ireland.sockets.clear();
  ireland.write("UPDATE", { id: "a", name: "2" });
  ireland.write("DELETE", { id: "b", name: "1" });
  ireland.write("CREATE", { id: "c", name: "1" });
  Object.assign(ireland, { forgotten, asked: [] });
  clock.time += DAY;
  await clock.pass(1000);
  return all;
}

test("a laptop that slept for a day asks for what it missed, with a new token, and knows which announcements are old", async () => {
  const { clock, now, told, made, ireland, api } = await slept();
  assert.deepEqual(now(), ["live", "ireland", { a: "2", c: "1" }]);
  assert.deepEqual([made.length, made[0].readyState, made[1].authorization.Authorization], [2, 3, "t2"]);
  assert.deepEqual(ireland.asked.map(({ query, variables }) => [/page: (\w+)/.exec(query)[1], variables.lastSync]), [["syncTodos", "0"]]);
  const { gap } = told.findLast((each) => each.gap?.until);
  assert.ok(gap.until - gap.since >= DAY);
  const late = { id: "b", name: "1", _change: { kind: "CREATE", sequence: "1", region: "ireland" } };
  made[1].announce("onCreateTodo", late);
  await clock.pass(100);
  assert.deepEqual(now()[2], { a: "2", c: "1" });
  api.close();
});

test("a laptop that slept for longer than what was missed is kept has all the same what there is", async () => {
  const { now, ireland, api } = await slept({ forgotten: true });
  assert.deepEqual(now(), ["live", "ireland", { a: "2", c: "1" }]);
  assert.deepEqual(ireland.asked.map(({ query }) => /page: (\w+)/.exec(query)[1]), ["syncTodos", "syncTodos", "listTodos"]);
  api.close();
});

test("a request that a laptop took to sleep fails, and the client does not", async () => {
  const { clock, now, ireland, api } = started();
  await clock.pass(100);
  ireland.hangs = true;
  const asked = api.request("query { page: listTodos }").catch((error) => error.message);
  await clock.pass(0);
  ireland.hangs = false;
  clock.time += DAY;
  await clock.pass(1000);
  assert.equal(await asked, "no answer within 30 s");
  assert.deepEqual(now(), ["live", "ireland", { a: "1" }]);
  api.close();
});

test("nothing is left after close, nor when nobody watches any more", async () => {
  for (const end of ["close", "stop", "abort", "live"]) {
    const controller = new AbortController();
    const { clock, ireland, api, live, stop, told } = started({ signal: controller.signal });
    await clock.pass(100);
    const asking = api.request("mutation { item: createTodo }", { input: { id: "c" } }).catch((error) => error.message);
    if (end === "close") api.close();
    else if (end === "stop") stop();
    else if (end === "abort") controller.abort();
    else live.close();
    await asking;
    await clock.pass(0);
    told.length = 0;
    await clock.pass(600_000);
    assert.deepEqual([ireland.sockets.size, clock.timers.size, told], [0, 0, []], end);
  }
});

test("who watches again after a while has what there is then", async () => {
  const { clock, stop, live, now, ireland, api } = started();
  await clock.pass(100);
  stop();
  ireland.items.set("a", { id: "a", name: "2" });
  live.subscribe(() => {});
  await clock.pass(100);
  assert.deepEqual(now(), ["live", "ireland", { a: "2" }]);
  api.close();
});

test("an aborted signal ends what it was given to, and no more", async () => {
  const { clock, api, live, ireland, told } = started();
  await clock.pass(100);
  const controller = new AbortController();
  const heard = [];
  live.subscribe((snapshot) => heard.push(snapshot), { signal: controller.signal });
  ireland.hangs = true;
  const asked = api.request("query { page: listTodos }", {}, { signal: controller.signal }).catch((error) => error.name);
  controller.abort();
  assert.equal(await asked, "AbortError");
  ireland.hangs = false;
  await clock.pass(100);
  heard.length = told.length = 0;
  ireland.write("UPDATE", { id: "a", name: "2" });
  await clock.pass(100);
  assert.deepEqual([heard.length, told.length], [0, 1]);
  live.subscribe(() => assert.fail(), { signal: controller.signal });
  api.close();
});

test("what a listener throws is reported, and the others hear all the same", async () => {
  const { clock, live, reported, told, api } = started();
  const wrong = new Error("the application's own");
  live.subscribe(() => {
    throw wrong;
  });
  await clock.pass(100);
  assert.equal(reported[0], wrong);
  assert.equal(told.at(-1).state, "live");
  api.close();
});

test("ten thousand announcements in a minute are told once a frame", async () => {
  const { clock, ireland, told, now, api } = started();
  await clock.pass(100);
  told.length = 0;
  for (let tenths = 0; tenths < 600; tenths += 1) {
    for (let each = 0; each < 17; each += 1) ireland.write("UPDATE", { id: `i${each}`, name: `${tenths}` });
    await clock.pass(100);
  }
  assert.equal(Object.keys(now()[2]).length, 18);
  assert.equal(now()[2].i16, "599");
  assert.ok(told.length <= 1200, `${told.length}`);
  api.close();
});

test("what cannot work is refused at once", () => {
  assert.throws(() => new Antipode({ regions: [], credentials: () => {} }, { WebSocket: class {} }), new TypeError("regions: at least one with a graphqlUrl"));
  assert.throws(() => new Antipode({ regions: [{ graphqlUrl: "https://a/graphql" }] }, { WebSocket: undefined }), /there is no WebSocket here/);
});
