import { util } from '@aws-appsync/utils';

/**
 * update<Model>: changes the fields of the input and leaves the others; null removes a field, if the
 * model does not require it. What `add` has is added to numbers and sets as they are.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const model = modelOf(ctx);
  refuseUngranted(ctx, model.name);
  return updateItem(ctx, model, ctx.args.input, ctx.args.condition, ctx.args.add);
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    refuse(ctx, ctx.error);
  }
  return written(ctx);
}

/**
 * Ends with what DynamoDB said, in the API's words where that is a condition that failed.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {{ type: string, message: string }} error
 */
function refuse(ctx, error) {
  const { type, message } = error;
  if (type === 'DynamoDB:ConditionalCheckFailedException') {
    const model = modelOf(ctx);
    const added = ctx.args.add ? ctx.args.add : {};
    const isBounded = bounds(model, added).length > 0;
    if (!isBounded) {
      const written = [...Object.keys(ctx.args.input), ...Object.keys(added)];
      refuseOthers(ctx, [model.rules, ...guards(model, written)], 'u');
    }
    const none = `there is no item with ${named(model, ctx.args.input)}`;
    const said = isBounded ? `${none}, or a number would leave the bounds of an Int` : none;
    util.error(unmet(said, ctx.args.condition), type);
  }
  util.error(message, type);
}

// shared.js, by antipode schema: begin
/**
 * @param {unknown} value
 */
function isNone(value) {
  return value === null || value === undefined;
}

/**
 * @param {Record<string, any> | null | undefined} values
 */
function withoutNulls(values) {
  /** @type {Record<string, any>} */
  const given = {};
  for (const [name, value] of Object.entries(values ? values : {})) {
    if (!isNone(value)) {
      given[name] = value;
    }
  }
  return given;
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function worded(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function modelOf(ctx) {
  const field = ctx.info.fieldName;
  return modelIn(listedModels(ctx).find((each) => each.names.slice(1).includes(field)), field);
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} name
 * @returns {Record<string, any>}
 */
function modelNamed(ctx, name) {
  return modelIn(listedModels(ctx).find((each) => each.names[0] === name), name);
}

/**
 * @param {{ names: string[], json: string } | undefined} entry
 * @param {string} sought
 * @returns {Record<string, any>}
 */
function modelIn(entry, sought) {
  if (!entry) {
    util.error(`the API's environment does not know ${sought}: deploy the stack again`, 'InternalFailure');
  }
  return { name: entry.names[0], ...JSON.parse(entry.json) };
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {{ names: string[], json: string }[]}
 */
function listedModels(ctx) {
  const numbers = '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20'.split(' ');
  const more = '21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40'.split(' ');
  const pieces = [...numbers, ...more].map((number) => ctx.env[`MODELS_${number}`]);
  const texts = pieces.filter((each) => !isNone(each)).map((each) => each.slice(1));
  return texts
    .join('')
    .split(';')
    .map((each) => {
      const end = each.indexOf('=');
      return { names: each.slice(0, end).split(','), json: each.slice(end + 1) };
    });
}

/**
 * @param {string[]} fields
 */
function sortAttribute(fields) {
  return fields.join('#');
}

/**
 * @param {any[]} values of the fields, in the same order
 */
function sortValue(values) {
  return values.length === 1 ? values[0] : values.map((each) => worded(each)).join('#');
}

/**
 * @param {string[]} fields of the key
 * @param {any[]} values of these fields
 * @returns {Record<string, any>}
 */
function keyOf(fields, values) {
  const partition = { [fields[0]]: values[0] };
  return fields.length > 1
    ? { ...partition, [sortAttribute(fields.slice(1))]: sortValue(values.slice(1)) }
    : partition;
}

/**
 * @param {Record<string, any>} its
 * @returns {{ name: string, fields: string[] }[]}
 */
function composites(its) {
  const own = sortAttribute(its.key.slice(1));
  const indexes = Object.values(its.indexes ? its.indexes : {});
  const sorted = indexes.map((index) => ({ name: index[0], fields: index.slice(2) }));
  return sorted.filter(({ fields }) => fields.length > 1 && sortAttribute(fields) !== own);
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} model as modelNamed(ctx, 'Card') finds it
 * @param {Record<string, any>} input
 * @param {Record<string, any> | null} [condition] as clients write it, beside that the item is there
 * @param {Record<string, any> | null} [add] to numbers and sets
 */
function updateItem(ctx, model, input, condition, add) {
  const added = withoutNulls(settled(model, add ? add : {}));
  const conditions = changeable(ctx, model, settled(model, input), added);
  refuseInvalid(model, input);
  refuseTwice(input, added);
  const changes = changed(ctx, model, settled(model, input));
  const { set, removed } = withComposites(model, input, changes);
  const values = model.key.map((field) => input[field]);
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues(keyOf(model.key, values)),
    update: updating(stored(model, set), removed, stored(model, added), !model.ownVersion),
    condition: expressed(
      [
        { [model.key[0]]: { ne: null } },
        ...conditions,
        ...bounds(model, added),
        condition ? condition : {},
      ],
      'i',
      'condition',
    ),
  };
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} model
 * @param {Record<string, any>} input
 */
function changed(ctx, model, input) {
  /** @type {Record<string, any>} */
  const set = {};
  const removed = [];
  const updatedAt = timestamps(model)[1];
  for (const [name, value] of Object.entries(input)) {
    if (!isNone(value) && !model.key.includes(name)) {
      set[name] = value;
    } else if (isNone(value) && name !== updatedAt) {
      refuseRequired(model, name);
      removed.push(name);
    }
  }
  if (updatedAt && isNone(input[updatedAt])) {
    set[updatedAt] = util.time.nowISO8601();
  }
  set.updatedIn = ctx.env.REGION;
  return { set, removed };
}

/**
 * @param {Record<string, any>} model
 * @param {string} name
 */
function refuseRequired(model, name) {
  const required = model.required ? model.required : [];
  if (required.includes(name)) {
    util.error(
      `${name} is null, and ${model.name} requires it: leave it out to keep its value`,
      'BadRequest',
    );
  }
}

/**
 * @param {Record<string, any>} model
 * @param {Record<string, any>} input
 * @param {{ set: Record<string, any>, removed: string[] }} changes
 */
function withComposites(model, input, changes) {
  const set = { ...changes.set };
  const removed = [...changes.removed];
  for (const { name, fields } of composites(model)) {
    const parts = { ...input, ...changes.set };
    const missing = fields.filter((field) => isNone(parts[field]));
    const attribute = sortAttribute(fields);
    if (missing.some((field) => changes.removed.includes(field))) {
      if (!removed.includes(attribute)) {
        removed.push(attribute);
      }
    } else if (fields.some((field) => !isNone(changes.set[field]))) {
      refuseMissing(name, missing);
      set[attribute] = sortValue(fields.map((field) => parts[field]));
    }
  }
  return { set, removed };
}

/**
 * @param {string} index
 * @param {string[]} missing
 */
function refuseMissing(index, missing) {
  if (missing.length > 0) {
    util.error(
      `When updating any part of the composite sort key for @index '${index}', you must provide all fields for the key. Missing key: '${missing[0]}'.`,
      'BadRequest',
    );
  }
}

/**
 * @param {Record<string, any>} model
 * @param {Record<string, any>} values
 */
function settled(model, values) {
  /** @type {Record<string, any>} */
  const all = { ...values };
  let size = 0;
  for (const name of Object.keys(model.sets ? model.sets : {})) {
    if (!isNone(values[name])) {
      size += values[name].length;
      if (size > 300) {
        util.error(`${name} has more values than can be written to sets at once: write 300 at a time`, 'BadRequest');
      }
      const members = distinct(values[name]);
      all[name] = members.length > 0 ? members : null;
    }
  }
  return all;
}

/**
 * @param {any[]} values
 */
function distinct(values) {
  const members = [];
  for (const each of values) {
    if (!isNone(each) && !members.includes(each)) {
      members.push(each);
    }
  }
  return members;
}

/**
 * @param {Record<string, any>} model
 * @param {Record<string, any>} values
 */
function stored(model, values) {
  /** @type {Record<string, any>} */
  const attributes = {};
  for (const [name, value] of Object.entries(values)) {
    const type = model.sets ? model.sets[name] : null;
    if (type) {
      attributes[name] = type === 'N' ? util.dynamodb.toNumberSet(value) : util.dynamodb.toStringSet(value);
    } else {
      attributes[name] = util.dynamodb.toDynamoDB(value);
    }
  }
  return attributes;
}

/**
 * @param {Record<string, any>} input
 * @param {Record<string, any>} added
 */
function refuseTwice(input, added) {
  const twice = Object.keys(added).filter((name) => Object.keys(input).includes(name));
  if (twice.length > 0) {
    util.error(`${twice[0]} is in input and in add: it is either written or added to`, 'BadRequest');
  }
}

/**
 * @param {Record<string, any>} model
 * @param {Record<string, any>} added
 */
function bounds(model, added) {
  const names = (model.ints ? model.ints : []).filter((name) => !isNone(added[name]));
  return names.map((name) => {
    const most = added[name] > 0 ? { le: 2147483647 - added[name] } : { ge: -2147483648 - added[name] };
    return { or: [{ [name]: { eq: null } }, { [name]: most }] };
  });
}

/**
 * @param {Record<string, any>} set as DynamoDB keeps them
 * @param {string[]} removed
 * @param {Record<string, any>} added as DynamoDB keeps them
 * @param {boolean} counts whether the version is the resolvers' to count
 */
function updating(set, removed, added, counts) {
  /** @type {Record<string, string>} */
  const expressionNames = counts ? { '#version': 'version' } : {};
  /** @type {Record<string, any>} */
  const expressionValues = counts ? { ':one': util.dynamodb.toNumber(1) } : {};
  const assigned = [];
  const gone = [];
  const more = [];
  for (const [name, value] of Object.entries(set)) {
    const place = placeholder('s', assigned.length);
    expressionNames[`#${place}`] = name;
    expressionValues[`:${place}`] = value;
    assigned.push(`#${place} = :${place}`);
  }
  for (const name of removed) {
    const place = placeholder('r', gone.length);
    expressionNames[`#${place}`] = name;
    gone.push(`#${place}`);
  }
  for (const [name, value] of Object.entries(added)) {
    const place = placeholder('a', more.length);
    expressionNames[`#${place}`] = name;
    expressionValues[`:${place}`] = value;
    more.push(`#${place} :${place}`);
  }
  const removal = gone.length > 0 ? ` REMOVE ${gone.join(', ')}` : '';
  const sums = [...(counts ? ['#version :one'] : []), ...more];
  const addition = sums.length > 0 ? ` ADD ${sums.join(', ')}` : '';
  return {
    expression: `SET ${assigned.join(', ')}${removal}${addition}`,
    expressionNames,
    expressionValues,
  };
}

/**
 * @param {Record<string, any>} its
 * @returns {(string | null)[]}
 */
function timestamps(its) {
  return its.times ? its.times : ['createdAt', 'updatedAt'];
}

/**
 * @param {Record<string, any>} its
 * @param {Record<string, any>} input
 */
function refuseInvalid(its, input) {
  for (const [field, checks] of Object.entries(its.checks ? its.checks : {})) {
    for (const [type, value, words] of isNone(input[field]) ? [] : checks) {
      if (!passes(type, input[field], value)) {
        const otherwise = `Field ${field} of type ${its.name} must ${demand(type)} ${value}`;
        util.error(words ? words : otherwise, 'BadRequest');
      }
    }
  }
}

/**
 * @param {string} type
 * @param {any} given
 * @param {string} value
 * @returns {boolean}
 */
function passes(type, given, value) {
  if (type === 'startsWith') {
    return given.startsWith(value);
  }
  if (type === 'endsWith') {
    return given.endsWith(value);
  }
  if (type === 'matches') {
    return util.matches(value, given);
  }
  const bound = JSON.parse(value);
  const size = type === 'minLength' || type === 'maxLength' ? given.length : given;
  if (type === 'gt' || type === 'lt') {
    return type === 'gt' ? size > bound : size < bound;
  }
  return type === 'gte' || type === 'minLength' ? size >= bound : size <= bound;
}

/**
 * @param {string} type
 */
function demand(type) {
  /** @type {Record<string, string>} */
  const words = {
    gt: 'be greater than',
    gte: 'be greater than or equal to',
    lt: 'be less than',
    lte: 'be less than or equal to',
    minLength: 'have a minimum length of',
    maxLength: 'have a maximum length of',
    startsWith: 'start with',
    endsWith: 'end with',
    matches: 'match',
  };
  return words[type];
}

/**
 * @param {Record<string, any>} its the model
 * @param {Record<string, any>} input
 */
function named(its, input) {
  const fields = its.key.filter((field) => !isNone(input[field]));
  return fields.map((field) => `${field} ${worded(input[field])}`).join(' and ');
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 */
function written(ctx) {
  const item = ctx.result;
  if (ctx.env.LOG_CHANGES === 'true') {
    const its = modelOf(ctx);
    const given = ctx.request ? ctx.request.headers['x-amzn-trace-id'] : null;
    const trace = isNone(given) ? 'none' : given;
    console.log(
      `change written: ${its.name}, version ${worded(item.version)} in ${item.updatedIn}, trace ${trace}, ${named(its, item)}`,
    );
  }
  return item;
}

/**
 * @param {string} said
 * @param {Record<string, any> | null | undefined} condition
 */
function unmet(said, condition) {
  return isNone(condition)
    ? said
    : `The conditional request failed: ${said}, or the condition does not hold`;
}

/**
 * @param {Record<string, any>[]} filters
 * @param {string} mark a letter
 * @param {string} what the name of the argument, for errors
 * @returns {any}
 */
function expressed(filters, mark, what) {
  const { groups, comparisons } = unnested(filters, what);
  /** @type {Record<string, string>} */
  const expressionNames = {};
  /** @type {Record<string, any>} */
  let expressionValues = {};
  let operators = 0;
  for (const each of comparisons) {
    const place = placeholder(mark, Object.keys(expressionNames).length);
    expressionNames[`#${place}`] = each.field;
    const { text, values, weight } = compared(each, place);
    groups[each.within].parts.push(text);
    expressionValues = { ...expressionValues, ...values };
    operators += weight;
  }
  // From the innermost: a group of several parts stands in parentheses, one of a single part does not,
  // since DynamoDB refuses redundant ones.
  for (const { word, within, negated, parts, inner } of groups.slice(1).reverse()) {
    const all = [...parts, ...inner];
    if (all.length > 0) {
      const joined = all.length > 1 ? `(${all.join(` ${word} `)})` : all[0];
      const closed = joined.startsWith('(') ? joined : `(${joined})`;
      const text = negated ? `NOT ${closed}` : joined;
      groups[within].inner = [text, ...groups[within].inner];
      operators += negated ? all.length : all.length - 1;
    }
  }
  const parts = [...groups[0].parts, ...groups[0].inner];
  const expression = parts.join(' AND ');
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
  if (operators + parts.length - 1 > 300 || expression.length > 4096) {
    const most = '300 operators in 4096 characters';
    util.error(
      `${what} has more conditions than DynamoDB takes, which is ${most}: ask for less`,
      'BadRequest',
    );
  }
  if (parts.length === 0) {
    return null;
  }
  return Object.keys(expressionValues).length > 0
    ? { expression, expressionNames, expressionValues }
    : { expression, expressionNames };
}

/**
 * @param {string} mark
 * @param {number} number
 */
function placeholder(mark, number) {
  const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
  return `${mark}${letters[Math.floor(number / 26)]}${letters[number % 26]}`;
}

/**
 * @param {Record<string, any>[]} filters
 * @param {string} what
 */
function unnested(filters, what) {
  /** @type {{ word: string, within: number, negated: boolean, parts: any[], inner: any[] }[]} */
  const groups = [{ word: 'AND', within: 0, negated: false, parts: [], inner: [] }];
  /** @type {{ within: number, field: string, sized: boolean, operator: string, operand: any }[]} */
  const comparisons = [];
  let level = filters.map((filter) => ({ within: 0, filter }));
  for (const _ of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]) {
    /** @type {{ within: number, filter: any }[]} */
    const next = [];
    for (const { within, filter } of level) {
      for (const [name, asked] of Object.entries(withoutNulls(filter))) {
        if (name === 'and' || name === 'or') {
          groups.push({ word: name === 'or' ? 'OR' : 'AND', within, negated: false, parts: [], inner: [] });
          const outer = groups.length - 1;
          for (const each of fitting(asked, what)) {
            groups.push({ word: 'AND', within: outer, negated: false, parts: [], inner: [] });
            next.push({ within: groups.length - 1, filter: each });
          }
        } else if (name === 'not') {
          groups.push({ word: 'AND', within, negated: true, parts: [], inner: [] });
          next.push({ within: groups.length - 1, filter: asked });
        } else {
          for (const { sized, operator, operand } of operations(asked)) {
            comparisons.push({ within, field: name, sized, operator, operand });
          }
        }
      }
      fitting(next, what);
      fitting(groups, what);
      fitting(comparisons, what);
    }
    level = next;
  }
  if (level.length > 0) {
    util.error(`${what} is nested more than 20 deep: join its parts into fewer`, 'BadRequest');
  }
  return { groups, comparisons };
}

/**
 * @param {Record<string, any>} asked
 */
function operations(asked) {
  /** @type {{ sized: boolean, operator: string, operand: any }[]} */
  const found = [];
  for (const [operator, operand] of Object.entries(asked)) {
    if (operator === 'size') {
      for (const [each, size] of Object.entries(withoutNulls(operand))) {
        found.push({ sized: true, operator: each, operand: size });
      }
    } else if (!isNone(operand) || operator === 'eq' || operator === 'ne') {
      found.push({ sized: false, operator, operand });
    }
  }
  return found;
}

/**
 * @param {{ field: string, sized: boolean, operator: string, operand: any }} comparison
 * @param {string} place what its placeholders are called
 */
function compared(comparison, place) {
  const { field, sized, operator, operand } = comparison;
  const name = sized ? `size(#${place})` : `#${place}`;
  const value = `:${place}`;
  /** @type {Record<string, string>} */
  const signs = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' };
  /** @type {Record<string, string>} */
  const functions = { contains: 'contains', notContains: 'NOT contains', beginsWith: 'begins_with' };
  const weight = sized || operator === 'notContains' ? 2 : 1;
  if (isNone(operand) || operator === 'attributeExists') {
    const exists = isNone(operand) ? operator === 'ne' : operand;
    return { text: `attribute_${exists ? 'exists' : 'not_exists'}(${name})`, values: {}, weight };
  }
  if (operator === 'between') {
    if (operand.length !== 2 || operand.some((each) => isNone(each))) {
      util.error(`${field} is asked for between ${worded(operand)}, and not two values`, 'BadRequest');
    }
    const [start, end] = operand.map((each) => util.dynamodb.toDynamoDB(each));
    const values = { [value]: start, [`${value}_end`]: end };
    return { text: `(${name} BETWEEN ${value} AND ${value}_end)`, values, weight };
  }
  if (operator === 'attributeType') {
    const values = { [value]: util.dynamodb.toDynamoDB(attributeType(operand)) };
    return { text: `attribute_type(${name}, ${value})`, values, weight };
  }
  const values = { [value]: util.dynamodb.toDynamoDB(operand) };
  const called = functions[operator];
  return called
    ? { text: `${called}(${name}, ${value})`, values, weight }
    : { text: `${name} ${signs[operator]} ${value}`, values, weight };
}

/**
 * @param {string} type
 */
function attributeType(type) {
  /** @type {Record<string, string>} */
  const types = {
    binary: 'B',
    binarySet: 'BS',
    bool: 'BOOL',
    list: 'L',
    map: 'M',
    number: 'N',
    numberSet: 'NS',
    string: 'S',
    stringSet: 'SS',
    _null: 'NULL',
  };
  return types[type];
}

/**
 * @param {any[]} list
 * @param {string} what
 */
function fitting(list, what) {
  if (list.length > 600) {
    util.error(`${what} has more parts than can be asked for at once: ask for less`, 'BadRequest');
  }
  return list;
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} name of the model
 */
function refuseUngranted(ctx, name) {
  const scope = authorized(ctx).scope;
  const granted = isNone(scope) ? ['items:write'] : scope.split(' ');
  if (!granted.includes('items:write') && !granted.includes(`${name}:write`)) {
    util.unauthorized();
  }
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>[] | null | undefined} rules of a model, a field or an operation; without
 *   any whoever signs in may
 * @param {string} operation its letter: create, update, delete, get, list, or s for subscribe; none for
 *   whatever rules let do
 * @returns {{ all: boolean, ways: { field: string, values: string[], many: boolean }[] }}
 */
function admitted(ctx, rules, operation) {
  const found = admission(ctx, rules, operation);
  if (!found.all && found.ways.length === 0) {
    util.unauthorized();
  }
  return found;
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>[] | null | undefined} rules
 * @param {string} operation
 */
function admission(ctx, rules, operation) {
  /** @type {{ field: string, values: string[], many: boolean }[]} */
  const ways = [];
  let all = isNone(rules);
  const theirs = (rules ? rules : []).filter((rule) => isFor(rule, operation));
  for (const rule of theirs) {
    if (rule.owner) {
      ways.push({ field: rule.owner, values: namesOf(ctx, rule.claim), many: !!rule.many });
    } else if (rule.groupsField) {
      ways.push({ field: rule.groupsField, values: groupsOf(ctx, rule.claim), many: !!rule.many });
    } else if (rule.groups) {
      const groups = groupsOf(ctx, rule.claim);
      all = all || rule.groups.some((each) => groups.includes(each));
    } else {
      all = true;
    }
  }
  return { all, ways: ways.filter((way) => way.values.length > 0) };
}

/**
 * @param {Record<string, any>} rule
 * @param {string} operation
 */
function isFor(rule, operation) {
  /** @type {Record<string, string>} */
  const modes = {
    'API Key Authorization': 'K',
    'Lambda Authorization': 'L',
    'User Pool Authorization': 'U',
    'Open ID Connect Authorization': 'O',
    'IAM Authorization': 'I',
  };
  const mode = modes[util.authType()];
  return !!mode && rule.by.includes(mode) && (isNone(rule.do) || rule.do.includes(operation));
}

/**
 * @param {{ field: string, values: string[], many: boolean }[]} ways
 * @param {Record<string, any>} item
 */
function opens(ways, item) {
  return ways.some(({ field, values, many }) => {
    const value = item[field];
    // A list alone has members: a text has parts, and whoever wrote past the API may have left one.
    const members = many && !isNone(value) && typeof value !== 'string' ? value : [];
    return many ? values.some((each) => members.includes(each)) : values.includes(value);
  });
}

/**
 * @param {{ field: string, values: string[], many: boolean }[]} ways
 */
function openTo(ways) {
  const conditions = ways.map(({ field, values, many }) =>
    many
      ? {
          // Of a text DynamoDB would look for a part.
          not: { [field]: { attributeType: 'string' } },
          or: values.map((each) => ({ [field]: { contains: each } })),
        }
      : { or: values.map((each) => ({ [field]: { eq: each } })) },
  );
  return { or: conditions };
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string | null | undefined} claim
 * @returns {string[]}
 */
function namesOf(ctx, claim) {
  const parts = isNone(claim) ? ['sub'] : claim.split('::');
  const values = parts.map((part) => (part === 'sub' ? callerOf(ctx) : claimed(ctx, part)));
  const known = values.filter((each) => typeof each === 'string' && each.length > 0);
  const whole = parts.length > 1 && known.length === parts.length ? [known.join('::')] : [];
  return distinct([...whole, ...known]);
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string | null | undefined} claim
 * @returns {string[]}
 */
function groupsOf(ctx, claim) {
  const { resolverContext } = identified(ctx);
  const value = claimed(ctx, isNone(claim) ? 'cognito:groups' : claim);
  if (isNone(value) || value === '') {
    return [];
  }
  if (resolverContext) {
    return typeof value === 'string' && value.startsWith('[') ? JSON.parse(value) : [];
  }
  const listed = JSON.stringify(value).startsWith('[') ? value : [value];
  return listed.filter((each) => typeof each === 'string' && each.length > 0);
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} claim
 * @returns {any}
 */
function claimed(ctx, claim) {
  const { claims, resolverContext, username } = identified(ctx);
  const said = resolverContext ? resolverContext : claims;
  const value = said ? said[claim] : null;
  // A user pool's token has it by one name or the other; AppSync knows both.
  return isNone(value) && claim === 'username' && claims ? username : value;
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} its the model
 * @param {Record<string, any>} input
 * @param {Record<string, any>} added to sets, which lose nothing by it, and to numbers
 */
function changeable(ctx, its, input, added) {
  const conditions = [];
  const written = [...Object.keys(input), ...Object.keys(added)];
  for (const rules of [its.rules, ...guards(its, written)]) {
    const { all, ways } = admitted(ctx, rules, 'u');
    if (!all) {
      conditions.push(openTo(ways));
      const kept = ways.filter(({ field }) => !Object.keys(input).includes(field));
      if (kept.length < ways.length && !opens(ways, input)) {
        if (kept.length === 0) {
          util.unauthorized();
        }
        conditions.push(openTo(kept));
      }
    }
  }
  return conditions;
}

/**
 * @param {Record<string, any>} its the model
 * @param {string[]} fields
 * @returns {Record<string, any>[][]}
 */
function guards(its, fields) {
  const guarded = its.guarded ? its.guarded : {};
  return fields.filter((name) => guarded[name]).map((name) => guarded[name]);
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {(Record<string, any>[] | null | undefined)[]} rules those that had to let them in
 * @param {string} operation
 */
function refuseOthers(ctx, rules, operation) {
  if (isNone(ctx.args.condition) && rules.some((each) => !admission(ctx, each, operation).all)) {
    util.unauthorized();
  }
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {string | null}
 */
function callerOf(ctx) {
  const { sub, cognitoIdentityId, username } = identified(ctx);
  const names = [sub, authorized(ctx).sub, cognitoIdentityId, username].filter(
    (each) => !isNone(each),
  );
  return names.length > 0 ? names[0] : null;
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function authorized(ctx) {
  const { resolverContext } = identified(ctx);
  return resolverContext ? resolverContext : {};
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function identified(ctx) {
  return ctx.identity ? ctx.identity : {};
}
// shared.js, by antipode schema: end
