// util.transform: filter objects as DynamoDB expressions, OpenSearch queries and subscription
// filters.
// https://docs.aws.amazon.com/appsync/latest/devguide/transformation-helpers-in-utils-transform-js.html

{
  const isObject = (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value);

  // -- DynamoDB -----------------------------------------------------------------------------------

  // Thrown at a filter that cannot be rendered: the service answers it with null.
  class Unrenderable {}

  const require = (condition) => {
    if (!condition) {
      throw new Unrenderable();
    }
  };

  const COMPARISONS = { eq: "=", ne: "<>", lt: "<", le: "<=", gt: ">", ge: ">=" };
  const FUNCTIONS = {
    contains: "contains",
    notContains: "NOT contains",
    beginsWith: "begins_with",
  };
  const ATTRIBUTE_TYPES = {
    _null: "NULL",
    string: "S",
    stringSet: "SS",
    number: "N",
    numberSet: "NS",
    binary: "B",
    binarySet: "BS",
    boolean: "BOOL",
    list: "L",
    map: "M",
  };

  const expressionOf = () => {
    const names = {};
    const values = {};
    return {
      names,
      values,
      name: (field) => {
        names[`#${field}`] = field;
        return `#${field}`;
      },
      value: (path, operand) => {
        // The service joins the path, whatever its names: those of another path get a number.
        let placeholder = `:${path.join("_")}`;
        for (let n = 2; Object.hasOwn(values, placeholder); n += 1) {
          placeholder = `:${path.join("_")}_${n}`;
        }
        values[placeholder] = host.attributes.toDynamoDB(operand);
        return placeholder;
      },
    };
  };

  const joined = (parts, joiner) =>
    parts.length > 1 ? `(${parts.join(` ${joiner} `)})` : (parts[0] ?? "");

  const between = (expression, subject, path, operand) => {
    require(Array.isArray(operand) && operand.length >= 2);
    const start = expression.value([...path, "start"], operand[0]);
    return `(${subject} BETWEEN ${start} AND ${expression.value([...path, "end"], operand[1])})`;
  };

  const membership = (expression, subject, path, operand) => {
    require(Array.isArray(operand));
    const values = operand.map((value, index) => expression.value([...path, index], value));
    return values.length === 0 ? "(null)" : `(${subject} IN (${values.join(", ")}))`;
  };

  const existence = (subject, operand) => {
    require(typeof operand === "boolean");
    return `(${operand ? "attribute_exists" : "attribute_not_exists"}(${subject}))`;
  };

  const attributeType = (expression, subject, path, operand) => {
    require(Object.hasOwn(ATTRIBUTE_TYPES, operand));
    return `(attribute_type(${subject},${expression.value(path, ATTRIBUTE_TYPES[operand])}))`;
  };

  const sized = (subject) => (/^size\(/.test(subject) ? subject : `size(${subject})`);

  const operation = (expression, subject, path, operator, operand) => {
    if (Object.hasOwn(COMPARISONS, operator)) {
      return `(${subject} ${COMPARISONS[operator]} ${expression.value(path, operand)})`;
    }
    if (Object.hasOwn(FUNCTIONS, operator)) {
      return `(${FUNCTIONS[operator]}(${subject},${expression.value(path, operand)}))`;
    }
    switch (operator) {
      case "between":
        return between(expression, subject, path, operand);
      case "in":
        return membership(expression, subject, path, operand);
      case "attributeExists":
        return existence(subject, operand);
      case "attributeType":
        return attributeType(expression, subject, path, operand);
      case "size":
        return operations(expression, sized(subject), path, operand);
      default:
        throw new Unrenderable();
    }
  };

  const operations = (expression, subject, path, operators) => {
    require(isObject(operators));
    const parts = Object.entries(operators).map(([operator, operand]) =>
      operation(expression, subject, [...path, operator], operator, operand),
    );
    return joined(parts, "AND");
  };

  const group = (expression, path, joiner, members) => {
    require(Array.isArray(members));
    const parts = members.map((member, index) =>
      joined(clauses(expression, [...path, index], member), "AND"),
    );
    return joined(parts, joiner);
  };

  const clause = (expression, path, name, value) => {
    switch (name) {
      case "and":
        return group(expression, [...path, name], "AND", value);
      case "or":
        return group(expression, [...path, name], "OR", value);
      case "not":
        return `(NOT ${joined(clauses(expression, [...path, name], value), "AND")})`;
      default:
        return operations(expression, expression.name(name), [...path, name], value);
    }
  };

  const clauses = (expression, path, filter) => {
    require(isObject(filter));
    return Object.entries(filter).map(([name, value]) => clause(expression, path, name, value));
  };

  host.expression = (filter) => {
    const expression = expressionOf();
    try {
      return {
        expression: clauses(expression, [], filter).join(" AND "),
        expressionNames: expression.names,
        expressionValues: expression.values,
      };
    } catch (thrown) {
      if (thrown instanceof Unrenderable) {
        return null;
      }
      throw thrown;
    }
  };

  const toDynamoDBExpression = (filter) => {
    const rendered = host.expression(filter);
    return rendered && JSON.stringify(rendered);
  };

  // -- OpenSearch ---------------------------------------------------------------------------------

  const clauseOf = (kind) => (field, value) => ({ [kind]: { [field]: value } });
  const rangeOf = (bound) => (field, value) => ({ range: { [field]: { [bound]: value } } });
  const negated = (query) => ({ bool: { must_not: query } });

  const SEARCHES = {
    eq: clauseOf("term"),
    ne: (field, value) => negated({ term: { [field]: value } }),
    range: (field, [gte, lte]) => ({ range: { [field]: { gte, lte } } }),
    gt: rangeOf("gt"),
    gte: rangeOf("gte"),
    lt: rangeOf("lt"),
    lte: rangeOf("lte"),
    match: clauseOf("match"),
    matchPhrase: clauseOf("match_phrase"),
    matchPhrasePrefix: clauseOf("match_phrase_prefix"),
    multiMatch: (field, value) => ({ multi_match: { query: value, fields: [field] } }),
    wildcard: clauseOf("wildcard"),
    regexp: clauseOf("regexp"),
    exists: (field, value) =>
      value ? { exists: { field } } : negated({ exists: { field } }),
  };

  const allOf = (queries) => (queries.length === 1 ? queries[0] : { bool: { must: queries } });

  const search = (field, operator, value) => {
    if (!Object.hasOwn(SEARCHES, operator)) {
      host.fail(`toElasticsearchQueryDSL knows no operator '${operator}'`, "Code");
    }
    return SEARCHES[operator](field, value);
  };

  const query = (name, value) => {
    switch (name) {
      case "and":
        return { bool: { must: value.map(queryDsl) } };
      case "or":
        return { bool: { should: value.map(queryDsl) } };
      case "not":
        return negated(queryDsl(value));
      default:
        return allOf(Object.entries(value).map(([operator, x]) => search(name, operator, x)));
    }
  };

  const queryDsl = (object) =>
    allOf(Object.entries(object).map(([name, value]) => query(name, value)));

  // -- Subscriptions ------------------------------------------------------------------------------

  // A filter is a sum of products: each operator of a field, each member of an `or` and each rule
  // is an alternative, and everything beside it multiplies.
  const product = (left, right) => left.flatMap((a) => right.map((b) => [...a, ...b]));

  const alternatives = (fieldName, operators) =>
    Object.entries(operators).map(([operator, value]) => [{ fieldName, operator, value }]);

  const either = (filters, ignored) =>
    filters.flatMap((filter) => sumOf(filter, ignored).filter((filters) => filters.length > 0));

  const factor = (name, value, ignored) => {
    switch (name) {
      case "and":
        return value.map((filter) => sumOf(filter, ignored)).reduce(product, [[]]);
      case "or":
        return either(value, ignored);
      default:
        return ignored.includes(name) ? [] : alternatives(name, value);
    }
  };

  const sumOf = (filter, ignored) =>
    Object.entries(filter)
      .map(([name, value]) => factor(name, value, ignored))
      .filter((sum) => sum.length > 0)
      .reduce(product, [[]]);

  const toSubscriptionFilter = (filter, ignored = [], rules = {}) => {
    if (!isObject(filter)) {
      return null;
    }
    const strict = Object.entries(rules).flatMap(([name, value]) => alternatives(name, value));
    const sums = product(sumOf(filter, ignored), strict.length > 0 ? strict : [[]]);
    const groups = sums.filter((filters) => filters.length > 0);
    return { filterGroup: groups.map((filters) => ({ filters })) };
  };

  host.util.transform = {
    toDynamoDBConditionExpression: toDynamoDBExpression,
    toDynamoDBFilterExpression: toDynamoDBExpression,
    toElasticsearchQueryDSL: (object) => JSON.stringify(queryDsl(object)),
    toSubscriptionFilter,
  };
}
