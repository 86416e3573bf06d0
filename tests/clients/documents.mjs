// Every document that Amplify's data client makes of each model_introspection in a folder, validated by
// graphql-js against the schema beside it.
import { readFileSync, readdirSync } from "node:fs";
import { addSchemaToClient } from "@aws-amplify/data-schema/runtime";
import { buildSchema, parse, validate } from "graphql";
import { of } from "rxjs";

const read = (name) => readFileSync(`${process.env.GENERATED}/${name}`, "utf8");

/** What is wrong with the documents of each function, of the models of this name. */
async function called(name) {
  const schema = buildSchema(read(`${name}.schema.graphql`));
  const modelIntrospection = JSON.parse(read(`${name}.introspection.json`));
  const documents = [];
  const graphql = ({ query }) => {
    documents.push(query);
    const answer = Promise.resolve({ data: { it: null } });
    return query.startsWith("subscription") || query.includes("subscription(") ? of() : answer;
  };
  const plain = { graphql, cancel: () => false, isCancelError: () => false };
  const client = addSchemaToClient(plain, { modelIntrospection }, () => ({ amplify: {} }));

  const errorsOf = {};
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
        errorsOf[`${model}.${name}`] = [...(errorsOf[`${model}.${name}`] ?? []), ...errors.map((error) => error.message)];
      }
    }
  }
  for (const kind of ["queries", "mutations", "subscriptions"]) {
    for (const [name, call] of Object.entries(client[kind])) {
      const given = modelIntrospection[kind][name].arguments ?? {};
      await Promise.allSettled([call(Object.fromEntries(Object.keys(given).map((each) => [each, 1])))]);
      errorsOf[`${kind}.${name}`] = validate(schema, parse(documents.at(-1))).map((error) => error.message);
    }
  }
  return errorsOf;
}

const ending = ".introspection.json";
const names = readdirSync(process.env.GENERATED).filter((each) => each.endsWith(ending));
const all = {};
for (const name of names.map((each) => each.slice(0, -ending.length))) {
  all[name] = await called(name);
}
console.log(JSON.stringify(all));
