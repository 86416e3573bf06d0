/** Filters, as lists take them, judged by the client. */

export const OPERATORS = {
  eq: (value, given) => (given === null ? value == null : value === given),
  ne: (value, given) => !OPERATORS.eq(value, given),
  lt: (value, given) => value != null && value < given,
  le: (value, given) => value != null && value <= given,
  gt: (value, given) => value != null && value > given,
  ge: (value, given) => value != null && value >= given,
  between: (value, [low, high]) => value != null && value >= low && value <= high,
  contains: (value, given) => Boolean(value?.includes(given)),
  notContains: (value, given) => !value?.includes(given),
  beginsWith: (value, given) => Boolean(value?.startsWith(given)),
  attributeExists: (value, given) => (value != null) === given,
};

/** Whether an item has what a filter asks for. */
export function fits(filter, item) {
  return Object.entries(filter ?? {}).every(([name, asked]) => {
    if (name === "and") return asked.every((each) => fits(each, item));
    if (name === "or") return !asked.length || asked.some((each) => fits(each, item));
    if (name === "not") return !fits(asked, item);
    return Object.entries(asked).every(([operator, given]) => OPERATORS[operator](item[name], given));
  });
}

/** The fields that a filter looks at, and the operators it has. */
export function used(filter) {
  return Object.entries(filter ?? {}).flatMap(([name, asked]) => {
    if (["and", "or", "not"].includes(name)) return [[null, name], ...[asked].flat().flatMap(used)];
    return Object.entries(asked).map(([operator, given]) => [name, given === null ? "null" : operator]);
  });
}
