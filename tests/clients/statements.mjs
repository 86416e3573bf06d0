// Statements as amplify codegen writes them, run by Amplify's GraphQL client as a front end runs them.
import { started } from "./socket.mjs";
import { readFileSync } from "node:fs";
import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";

const [here, there] = JSON.parse(process.env.OUTPUTS).map((file) => JSON.parse(readFileSync(file, "utf8")));
const statements = JSON.parse(readFileSync(process.env.STATEMENTS, "utf8"));
const ID = process.env.ID;
const told = {};

Amplify.configure(here);
const client = generateClient({ authToken: process.env.TOKEN });
const id = (name) => `${name}-${ID}`;

async function run(name, variables) {
  return (await client.graphql({ query: statements[name], variables })).data[name];
}

async function refused(name, variables) {
  return run(name, variables).then(
    () => null,
    ({ errors }) => errors.map(({ errorType }) => errorType),
  );
}

function heard(name, variables) {
  return new Promise((resolve, error) => {
    const next = ({ data }) => resolve(data[name]);
    client.graphql({ query: statements[name], variables }).subscribe({ next, error });
  });
}

// Neither $condition, $filter, $limit nor $nextToken is given.
const onCreate = heard("onCreateComment", { postId: id("post") });
const onUpdate = heard("onUpdateComment", { filter: { postId: { eq: id("post") } } });
const onDelete = heard("onDeleteComment", { postId: id("post") });
await started(3);
Amplify.configure(there);
await run("createBlog", { input: { id: id("blog"), name: "Travels" } });
const post = await run("createPost", { input: { id: id("post"), title: "Cork", blogId: id("blog") } });
told.post = [post.title, post.blog.name, post.comments, post.__typename];
const comment = await run("createComment", { input: { id: id("comment"), postId: id("post"), text: "first" } });
told.comment = [comment.text, comment.post.title, comment.version];

// A condition that holds, and one that does not.
const input = { id: id("comment"), text: "second" };
told.stale = await refused("updateComment", { input, condition: { version: { eq: 7 } } });
told.updated = (await run("updateComment", { input, condition: { version: { eq: 1 }, text: { ne: "x" } } })).text;
told.taken = await refused("createComment", {
  input: { id: id("comment"), postId: id("post"), text: "third" },
  condition: { text: { attributeExists: false } },
});

Amplify.configure(here);
const got = await run("getPost", { id: id("post") });
told.got = [got.blog.name, got.comments.items.map(({ text }) => text), got.labels.items];
told.page = (await run("commentsByPost", { postId: id("post") })).items.map(({ text }) => text);
told.filtered = (await run("listComments", { filter: { postId: { eq: id("post") } } })).items.map(({ text }) => text);
told.unfiltered = (await run("listComments", {})).items.some(({ id }) => id === comment.id);
await run("createPrice", { input: { product: id("tea"), country: "ie", since: "2026-01-01", cents: 250 } });
const prices = await run("listPrices", { product: id("tea"), countrySince: { eq: { country: "ie", since: "2026-01-01" } } });
told.prices = prices.items.map(({ cents }) => cents);
told.deleted = (await run("deleteComment", { input: { id: id("comment") } })).text;

// Announced by the relay, which reads no other table.
told.onCreate = await onCreate.then(({ text, post, _change }) => [text, post, _change.region]);
told.onUpdate = await onUpdate.then(({ text, post, _change }) => [text, post, _change.region]);
told.onDelete = await onDelete.then(({ text, post, _change }) => [text, post, _change.region]);

console.log(JSON.stringify(told));
process.exit(0);
