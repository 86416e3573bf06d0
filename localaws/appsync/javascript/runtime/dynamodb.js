// @aws-appsync/utils/dynamodb: requests for the DynamoDB data source.
// https://docs.aws.amazon.com/appsync/latest/devguide/built-in-modules-js.html

{
  const { toDynamoDB, toMapValues } = host.attributes;

  const given = (request) =>
    Object.fromEntries(Object.entries(request).filter(([, value]) => (value ?? null) !== null));

  // An expression without values has no expressionValues at all.
  const toExpression = (filter) => {
    const rendered = (filter ?? null) === null ? null : host.expression(filter);
    if (rendered === null) {
      return null;
    }
    const { expressionValues, ...rest } = rendered;
    return Object.keys(expressionValues).length === 0 ? rest : rendered;
  };

  // -- Aliases ------------------------------------------------------------------------------------

  const aliases = () => {
    const names = new Map();
    const values = {};
    const nameOf = (segment) => {
      if (!names.has(segment)) {
        names.set(segment, `#expName_${names.size + 1}`);
      }
      return names.get(segment);
    };
    return {
      path: (segments) => segments.map(nameOf).join("."),
      value: (value) => {
        const placeholder = `:expValue_${Object.keys(values).length + 1}`;
        values[placeholder] = toDynamoDB(value);
        return placeholder;
      },
      names: () => Object.fromEntries([...names].map(([segment, name]) => [name, segment])),
      values,
    };
  };

  const toProjection = (paths) => {
    if ((paths ?? []).length === 0) {
      return null;
    }
    const known = aliases();
    const expression = paths.map((path) => known.path(path.split("."))).join(", ");
    return { expression, expressionNames: known.names() };
  };

  // -- Updates ------------------------------------------------------------------------------------

  const operations = {
    // SET, not ADD: it gives the attribute a value. No operation renders DynamoDB's ADD.
    add: (value) => ({ type: "OPERATION_ADD", value }),
    append: (items) => ({ type: "OPERATION_APPEND", items }),
    decrement: (by = 1) => ({ type: "OPERATION_DECREMENT", by }),
    increment: (by = 1) => ({ type: "OPERATION_INCREMENT", by }),
    prepend: (items) => ({ type: "OPERATION_PREPEND", items }),
    remove: () => ({ type: "OPERATION_REMOVE" }),
    replace: (value) => ({ type: "OPERATION_REPLACE", value }),
    updateListItem: (value, index) => ({ type: "OPERATION_UPDATE_LIST_ITEM", value, index }),
  };

  const CLAUSES = {
    OPERATION_ADD: (name, { value }, alias) => `${name} = ${alias(value)}`,
    OPERATION_APPEND: (name, { items }, alias) => `${name} = list_append(${name}, ${alias(items)})`,
    OPERATION_DECREMENT: (name, { by }, alias) => `${name} = ${name} - ${alias(by)}`,
    OPERATION_INCREMENT: (name, { by }, alias) => `${name} = ${name} + ${alias(by)}`,
    OPERATION_PREPEND: (name, { items }, alias) =>
      `${name} = list_append(${alias(items)}, ${name})`,
    OPERATION_REPLACE: (name, { value }, alias) => `${name} = ${alias(value)}`,
    OPERATION_UPDATE_LIST_ITEM: (name, { value, index }, alias) =>
      `${name}[${index}] = ${alias(value)}`,
  };

  const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const isOperation = (value) => isMap(value) && /^OPERATION_/.test(value.type ?? "");

  // A map without an operation updates its members, one path each; `replace` sets it whole.
  const changesAt = (path, value) => {
    if (isOperation(value)) {
      return [{ path, operation: value }];
    }
    if (isMap(value)) {
      return Object.entries(value).flatMap(([name, member]) => changesAt([...path, name], member));
    }
    if (Array.isArray(value) && value.length > 0 && value.every(isOperation)) {
      return value.map((operation) => ({ path, operation }));
    }
    return [{ path, operation: operations.replace(value) }];
  };

  const toUpdate = (update) => {
    const changes = changesAt([], update);
    const isRemoval = ({ operation }) => operation.type === "OPERATION_REMOVE";
    const known = aliases();
    const sets = changes
      .filter((change) => !isRemoval(change))
      .map(({ path, operation }) =>
        CLAUSES[operation.type](known.path(path), operation, known.value),
      );
    const removals = changes.filter(isRemoval).map(({ path }) => known.path(path));
    const clauses = [["SET", sets], ["REMOVE", removals]].filter(([, parts]) => parts.length > 0);
    return {
      expression: clauses.map(([verb, parts]) => `${verb} ${parts.join(", ")}`).join(" "),
      expressionNames: known.names(),
      expressionValues: known.values,
    };
  };

  // -- Requests -----------------------------------------------------------------------------------

  const write = (operation, input, rest = {}) =>
    given({
      operation,
      key: toMapValues(input.key),
      ...rest,
      condition: toExpression(input.condition),
      _version: input._version,
      customPartitionKey: input.customPartitionKey,
      populateIndexFields: input.populateIndexFields,
    });

  const get = ({ key, consistentRead, projection }) =>
    given({
      operation: "GetItem",
      key: toMapValues(key),
      consistentRead,
      projection: toProjection(projection),
    });
  const put = (input) => write("PutItem", input, { attributeValues: toMapValues(input.item) });
  const update = (input) => write("UpdateItem", input, { update: toUpdate(input.update) });
  const remove = (input) => write("DeleteItem", input);

  const read = (operation, { filter, projection, ...rest }) =>
    given({
      operation,
      ...rest,
      filter: toExpression(filter),
      projection: toProjection(projection),
    });
  const query = (input) => read("Query", { ...input, query: toExpression(input.query) });
  const scan = (input = {}) => read("Scan", input);
  const sync = (input = {}) => read("Sync", input);

  const eachTable = (tables, change) =>
    Object.fromEntries(Object.entries(tables).map(([name, content]) => [name, change(content)]));

  const keysOf = ({ keys, consistentRead, projection }) =>
    given({ keys: keys.map(toMapValues), consistentRead, projection: toProjection(projection) });

  const batchGet = ({ tables }) => ({
    operation: "BatchGetItem",
    tables: eachTable(tables, keysOf),
  });
  const batchPut = ({ tables }) => ({
    operation: "BatchPutItem",
    tables: eachTable(tables, (items) => items.map(toMapValues)),
  });
  const batchDelete = ({ tables }) => ({
    operation: "BatchDeleteItem",
    tables: eachTable(tables, (keys) => keys.map(toMapValues)),
  });

  const transactGet = ({ items }) => ({
    operation: "TransactGetItems",
    transactItems: items.map(({ table, key, projection }) =>
      given({ table, key: toMapValues(key), projection: toProjection(projection) }),
    ),
  });

  const TRANSACT_WRITES = {
    putItem: put,
    updateItem: update,
    deleteItem: remove,
    conditionCheck: (input) => write("ConditionCheck", input),
  };
  const toTransactItem = (item) => {
    const [kind, input] = Object.entries(item)[0];
    return { table: input.table, ...TRANSACT_WRITES[kind](input) };
  };
  const transactWrite = ({ items }) => ({
    operation: "TransactWriteItems",
    transactItems: items.map(toTransactItem),
  });

  host.modules["@aws-appsync/utils/dynamodb"] = {
    get,
    put,
    update,
    remove,
    query,
    scan,
    sync,
    batchGet,
    batchPut,
    batchDelete,
    transactGet,
    transactWrite,
    toStringSet: (values) => ({ SS: values }),
    toNumberSet: (values) => ({ NS: values }),
    toBinarySet: (values) => ({ BS: values }),
    operations,
  };
}
