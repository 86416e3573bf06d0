// All documents of a query, as the web client makes them: for `QUERY`, as JSON.
import { DOCUMENTS } from "../../../clients/javascript/src/documents.js";
import { query } from "../../../clients/javascript/src/query.js";

const { keys, input, ...given } = JSON.parse(process.env.QUERY);
const of = query(given);
console.log(
  JSON.stringify([
    DOCUMENTS.list(of, null),
    ...(of.sync ? [DOCUMENTS.sync(of, null, null), DOCUMENTS.sync(of, "token", "point")] : []),
    DOCUMENTS.get(of, keys.map((key) => JSON.stringify(key))),
    ...of.changes.map((field) => DOCUMENTS.hear(of, field)),
    ...["create", "update", "delete"].map((kind) => DOCUMENTS.write(of, kind, input[kind])),
  ]),
);
