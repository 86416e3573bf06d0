/** What `live()` was given, filled up with all that its documents want. */

import { OPERATORS, used } from "./filter.js";

function topLevel(select) {
  let depth = 0;
  return (select.match(/[{}()]|[^\s,{}()]+/g) ?? []).filter((token) => {
    if (/[{(]/.test(token)) depth += 1;
    else if (/[})]/.test(token)) depth -= 1;
    else return depth === 0;
    return false;
  });
}

export function query(given) {
  const { list, changes, arguments: where = {}, filter = null, key = ["id"], optional = [], types = {}, sync = null } = given;
  const type = given.model ?? changes[0].replace(/^on(Create|Update|Delete|Change)/, "");
  const equal = Object.entries(where).map(([name, value]) => ({ [name]: Object(value) === value ? value : { eq: value } }));
  const all = [...equal, ...(filter ? [filter] : [])];
  const asked = all.length > 1 ? { and: all } : (all[0] ?? null);
  const uses = used(asked);
  for (const [name, operator] of uses)
    if (name && operator !== "null" && !OPERATORS[operator])
      throw new TypeError(`filter: ${operator} of ${name} cannot be judged by a client: filter the items yourself`);
  const chosen = topLevel(given.select);
  const filtered = [...new Set(uses.flatMap(([name]) => name ?? []))];
  const more = [...new Set([...key, ...filtered])].filter((name) => !chosen.includes(name));
  const names = { get: `get${type}`, create: `create${type}`, update: `update${type}`, delete: `delete${type}`, ...given.names };
  // AppSync's subscriptions know no `not`, no null and no question for what is there: then all is heard, and judged here.
  const heard = uses.some(([, operator]) => ["not", "null", "attributeExists"].includes(operator)) ? null : asked;
  return {
    list,
    changes,
    where,
    filter,
    key,
    sync: sync === true ? list.replace(/^list/, "sync") : sync,
    type,
    names,
    types,
    asked,
    heard,
    filtered,
    select: [given.select, ...more].join(" "),
    // A field that is null in an announcement may have been too large for it, or be related: the item is asked for.
    whole: [...chosen, ...more].filter((name) => !optional.includes(name) && !name.startsWith("__")),
  };
}

export const keyOf = ({ key }, item) => JSON.stringify(key.map((name) => item[name]));
