// graphql-js on the schemas and statements of a folder: NAME.schema.graphql and NAME.operations.graphql.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, parse, validate, validateSchema } from "graphql";

const folder = process.env.GENERATED;
const appsync = readFileSync(process.env.APPSYNC, "utf8");

for (const file of readdirSync(folder).filter((each) => each.endsWith(".schema.graphql"))) {
  const name = file.replace(".schema.graphql", "");
  const schema = buildSchema(`${appsync}\n${readFileSync(join(folder, file), "utf8")}`);
  const statements = parse(readFileSync(join(folder, `${name}.operations.graphql`), "utf8"));
  for (const error of [...validateSchema(schema), ...validate(schema, statements)]) {
    console.log(`${name}: ${error.message}`);
  }
}
