// Every document that Amplify's data client makes of a model_introspection, validated by graphql-js.
import { readFileSync } from "node:fs";
import { addSchemaToClient } from "@aws-amplify/data-schema/runtime";
import { buildSchema, parse, validate } from "graphql";
import { of } from "rxjs";

const schema = buildSchema(readFileSync(process.env.SCHEMA, "utf8"));
const modelIntrospection = JSON.parse(readFileSync(process.env.INTROSPECTION, "utf8"));
const documents = [];
const graphql = ({ query }) => {
  documents.push(query);
  const answer = Promise.resolve({ data: { it: null } });
  return query.startsWith("subscription") || query.includes("subscription(") ? of() : answer;
};
const plain = { graphql, cancel: () => false, isCancelError: () => false };
const client = addSchemaToClient(plain, { modelIntrospection }, () => ({ amplify: {} }));

const called = {};
for (const [model, functions] of Object.entries(client.models)) {
  const { fields } = modelIntrospection.models[model];
  // Each related model as well, with its own fields.
  const related = Object.values(fields).filter(({ type }) => type.model);
  const selectionSet = ["createdAt" in fields ? "createdAt" : "version", ...related.map(({ name }) => `${name}.*`)];
  for (const [name, call] of Object.entries(functions)) {
    // The one is made of others, and the other is the client's own slip: an index query without a name.
    if (name === "observeQuery" || name === "") continue;
    for (const options of [{}, { selectionSet }]) {
      const keyed = ["get", "create", "update", "delete"].includes(name);
      await Promise.allSettled([keyed ? call({ id: "1" }, options) : call({ ...options })]);
      const errors = validate(schema, parse(documents.at(-1)));
      called[`${model}.${name}`] = [...(called[`${model}.${name}`] ?? []), ...errors.map((error) => error.message)];
    }
  }
}
for (const kind of ["queries", "mutations", "subscriptions"]) {
  for (const [name, call] of Object.entries(client[kind])) {
    const given = modelIntrospection[kind][name].arguments ?? {};
    await Promise.allSettled([call(Object.fromEntries(Object.keys(given).map((each) => [each, 1])))]);
    called[`${kind}.${name}`] = validate(schema, parse(documents.at(-1))).map((error) => error.message);
  }
}
console.log(JSON.stringify(called));
