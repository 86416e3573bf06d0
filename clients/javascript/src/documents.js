/** The GraphQL documents of a query, with their variables. */

/** The most that a request reads; DynamoDB's page of 1 MB may be less. */
const PAGE = 1000;

/** A document with the variables that are given: `[name, type, value]`. */
function operation(kind, given, fields) {
  const declared = given.map(([name, type]) => `$${name}: ${type}`).join(", ");
  const variables = Object.fromEntries(given.map(([name, , value]) => [name, value]));
  return { query: `${kind}${declared && ` (${declared})`} { ${fields} }`, variables };
}

const passed = (given) => (given.length ? `(${given.map(([name, , , as = name]) => `${as}: $${name}`).join(", ")})` : "");

export const DOCUMENTS = {
  list(of, nextToken) {
    const given = Object.entries(of.where).map(([name, value]) => [name, of.types[name] ?? "ID!", value]);
    if (of.filter) given.push(["filter", `Model${of.type}FilterInput`, of.filter]);
    given.push(["limit", "Int", PAGE], ["nextToken", "String", nextToken]);
    return operation("query", given, `page: ${of.list}${passed(given)} { items { ${of.select} } nextToken }`);
  },
  sync(of, nextToken, lastSync) {
    const given = [["lastSync", "String", lastSync], ["limit", "Int", PAGE], ["nextToken", "String", nextToken]];
    const items = `items { ${of.select} _change { kind sequence region } }`;
    return operation("query", given, `page: ${of.sync}${passed(given)} { ${items} nextToken startedAt }`);
  },
  get(of, keys) {
    const given = keys.map((key, index) =>
      JSON.parse(key).map((value, part) => [`k${index}_${part}`, of.types[of.key[part]] ?? "ID!", value, of.key[part]]),
    );
    const fields = given.map((each, index) => `item${index}: ${of.names.get}${passed(each)} { ${of.select} }`);
    return operation("query", given.flat(), fields.join(" "));
  },
  hear(of, field) {
    const given = of.heard ? [["filter", `ModelSubscription${of.type}FilterInput`, of.heard]] : [];
    return operation("subscription", given, `${field}${passed(given)} { ${of.select} _change { kind sequence region } }`);
  },
  write(of, kind, input) {
    const verb = kind[0].toUpperCase() + kind.slice(1);
    const given = [["input", `${verb}${of.type}Input!`, input]];
    return operation("mutation", given, `item: ${of.names[kind]}${passed(given)} { ${of.select} }`);
  },
};
