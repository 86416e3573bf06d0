// Amplify's data client, with the outputs of two Regions: everything its models have, as a front end uses it.
import { started } from "./socket.mjs";
import { readFileSync } from "node:fs";
import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";

const [here, there] = JSON.parse(process.env.OUTPUTS).map((file) => JSON.parse(readFileSync(file, "utf8")));
const ID = process.env.ID;
const told = {};

Amplify.configure(here);
const client = generateClient({ authToken: process.env.TOKEN });
const { Blog, Settings, Post, Comment, Cover, Label, PostLabels, Price, Card } = client.models;

async function the(answer) {
  const { data, errors } = await answer;
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

// What a listener has heard, and a promise of the first so many.
function listening(observable) {
  const heard = [];
  const waiting = [];
  const subscription = observable.subscribe({
    next(item) {
      heard.push(item);
      for (const { enough, resolve } of waiting) if (enough(heard)) resolve(heard);
    },
    error(error) {
      console.error(JSON.stringify(error));
      process.exit(1);
    },
  });
  const until = (enough) => new Promise((resolve) => (enough(heard) ? resolve(heard) : waiting.push({ enough, resolve })));
  return { until, end: () => subscription.unsubscribe() };
}

const texts = (items) => items.map(({ text }) => text);
const id = (name) => `${name}-${ID}`;

// One model.
const blog = await the(Blog.create({ id: id("blog"), name: "Travels" }));
told.created = [blog.name, blog.version, blog.updatedIn, blog._change];
told.again = (await Blog.create({ id: id("blog"), name: "Travels" })).errors.map(({ errorType }) => errorType);
told.got = (await the(Blog.get({ id: id("blog") }))).name;
told.missing = await Blog.get({ id: id("nothing") }).then(({ data, errors }) => [data, errors ?? null]);
const renamed = await the(Blog.update({ ...blog, name: "Voyages" }));
told.updated = [renamed.name, renamed.version];
await the(Settings.create({ blogId: blog.id, theme: "dark" }));
await the(Cover.create({ id: id("cover"), url: "https://example.com/cover" }));
const place = { city: "Cork", at: [51.9, -8.5] };
for (const [name, rating, state] of [["one", 1, "DRAFT"], ["two", 2, "PUBLISHED"], ["three", 3, "PUBLISHED"]]) {
  const fields = { blogId: blog.id, title: `${name} ${ID}`, rating, state, tags: [name], place };
  await the(Post.create({ id: id(name), ...fields, postCoverId: id("cover") }));
}
const mine = { title: { contains: ID } };
told.filtered = (await the(Post.list({ filter: { and: [mine, { rating: { gt: 1 } }] } }))).map(({ rating }) => rating).sort();
told.pages = [];
for (let nextToken = null, first = true; first || nextToken; first = false) {
  const page = await Post.list({ filter: mine, limit: 2, nextToken });
  told.pages.push(...page.data.map(({ rating }) => rating));
  nextToken = page.nextToken;
}
told.pages.sort();

// Its indexes, and keys of several fields.
for (const text of ["a first", "a second", "b third"]) await the(Comment.create({ postId: id("one"), text }));
const byPost = { postId: id("one") };
told.sorted = texts(await the(Comment.commentsByPost(byPost, { sortDirection: "DESC" })));
told.begun = texts(await the(Comment.commentsByPost({ ...byPost, text: { beginsWith: "a " } }, { limit: 1 })));
const published = await the(Post.postsByState({ state: "PUBLISHED" }, { filter: mine, sortDirection: "DESC" }));
told.newest = published.map(({ rating }) => rating);
for (const [country, since] of [["de", "2026-01-01"], ["ie", "2026-01-01"], ["ie", "2026-02-01"]])
  await the(Price.create({ product: id("tea"), country, since, cents: 250 }));
told.price = (await the(Price.get({ product: id("tea"), country: "ie", since: "2026-02-01" }))).cents;
const inIreland = { product: id("tea"), countrySince: { beginsWith: { country: "ie" } } };
told.listed = (await the(Price.list({ ...inIreland, sortDirection: "DESC" }))).map(({ since }) => since);
const since = { between: [{ country: "ie", since: "2026-01-15" }, { country: "ie", since: "2026-12-31" }] };
const byCents = Price.pricesByCents({ cents: 250, countrySince: since }, { filter: { product: { eq: id("tea") } } });
told.byCents = (await the(byCents)).map(({ since }) => since);
told.deleted = (await the(Price.delete({ product: id("tea"), country: "de", since: "2026-01-01" }))).country;

// What is related: later, and at once.
const post = await the(Post.get({ id: id("one") }));
told.blog = (await the(post.blog())).name;
told.cover = (await the(post.cover())).url;
told.comments = texts(await the(post.comments())).sort();
told.postOfComment = (await the((await the(post.comments()))[0].post())).id === post.id;
told.posts = (await the(blog.posts())).map(({ rating }) => rating).sort();
told.theme = (await the(blog.settings())).theme;
await the(Label.create({ id: id("label"), text: "sea" }));
await the(PostLabels.create({ postId: post.id, labelId: id("label") }));
const [joined] = await the(post.labels());
told.label = (await the(joined.label())).text;
const selectionSet = ["title", "place.city", "blog.name", "cover.url", "comments.text", "labels.label.text"];
const whole = await the(Post.get({ id: id("one") }, { selectionSet }));
told.atOnce = { ...whole, comments: texts(whole.comments).sort() };

// Operations of the project's own.
const card = await the(Card.create({ boardId: id("board"), column: "do", position: 1, title: "tea" }));
const moved = await the(client.mutations.moveCard({ id: card.id, column: "done", position: 2 }));
told.moved = [moved.column, moved.position];
told.found = (await the(client.queries.searchCards({ boardId: id("board"), text: "te" }))).map(({ column }) => column);

// Listening here to what is written there. Six are observeQuery's own.
const created = listening(Post.onCreate({ filter: { rating: { ge: 5 } } }));
const updated = listening(Post.onUpdate({ filter: mine }));
const gone = listening(Post.onDelete({ filter: { id: { eq: id("five") } } }));
const seen = listening(Post.observeQuery({ filter: { and: [mine] } }));
const ofBlog = listening(Post.observeQuery({ filter: { blogId: { eq: id("blog") } } }));
await started(9);
const synced = (snapshots) => snapshots.some(({ isSynced }) => isSynced);
await Promise.all([seen.until(synced), ofBlog.until(synced)]);
Amplify.configure(there);
await the(Post.create({ id: id("four"), title: `four ${ID}`, rating: 4 }));
await the(Post.create({ id: id("five"), title: `five ${ID}`, rating: 5 }));
await the(Post.update({ id: id("five"), rating: 6 }));
const lists = (snapshots) => snapshots.at(-1).items.map(({ rating }) => rating).sort();
const are = (...ratings) => (snapshots) => JSON.stringify(lists(snapshots)) === JSON.stringify(ratings);
told.observed = lists(await seen.until(are(1, 2, 3, 4, 6)));
await the(Post.delete({ id: id("five") }));
told.onCreate = (await created.until((heard) => heard.length === 1)).map(({ rating, updatedIn }) => [rating, updatedIn]);
told.onUpdate = (await updated.until((heard) => heard.length === 1)).map(({ rating, _change }) => [rating, _change.kind]);
told.onDelete = (await gone.until((heard) => heard.length === 1)).map(({ rating, _change }) => [rating, _change.region]);
told.without = lists(await seen.until(are(1, 2, 3, 4)));
await the(Post.update({ id: id("three"), blogId: id("another") }));
const blogs = (snapshots) => snapshots.at(-1).items.map(({ blogId }) => blogId);
told.left = blogs(await ofBlog.until((snapshots) => blogs(snapshots).includes(id("another")))).length;
for (const each of [created, updated, gone, seen, ofBlog]) each.end();

console.log(JSON.stringify(told));
process.exit(0);
