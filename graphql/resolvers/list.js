import { runtime, util } from '@aws-appsync/utils';

/**
 * list<Model>, the query of an index, and a field that is many items of another model: one page of this
 * Region's replica; where the partition is given, of that partition, in the order of the sort key.
 * `limit` counts items before the filter.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const listed = asked(ctx);
  const { model, index, key, values } = listed;
  const { all, ways } = admitted(ctx, model.rules, 'l');
  const partition = key[0];
  const given = values.length > 0 ? values : [ctx.args[partition]];
  const isQuery = !isNone(given[0]);
  // DynamoDB filters by no field of the key that it goes by: of what is asked for that is known here,
  // of what it sorts by when the page is there.
  const isOpen = all || (isQuery && opens(ways, { [partition]: given[0] }));
  const others = isQuery ? ways.filter(({ field }) => field !== partition) : ways;
  const isLater = isQuery && others.some(({ field }) => field === sortAttribute(key.slice(1)));
  if (values.some((each) => isNone(each)) || (!isOpen && others.length === 0)) {
    // Nothing is related, or to nobody who asks.
    runtime.earlyReturn({ items: [], nextToken: null });
  }
  const filter = expressed([isOpen || isLater ? {} : openTo(others), ctx.args.filter], 'f', 'filter');
  const page = {
    ...(filter ? { filter } : {}),
    limit: limited(ctx.args.limit, listed.limit),
    ...withoutNulls({ nextToken: ctx.args.nextToken }),
    // The table consistently, so that who subscribes first and then lists misses nothing announced
    // before; an index DynamoDB reads eventually consistent alone.
    ...(index ? { index } : { consistentRead: true }),
  };
  const sorts = key.slice(1);
  const range = values.length < 2 && sorts.length > 0 ? ranged(sorts, ctx.args) : {};
  if (!isQuery) {
    const ranges = Object.keys(range).map(() => argument(sorts));
    refuseOrder(ctx.args.sortDirection ? ['sortDirection'] : ranges, partition);
    return { operation: 'Scan', ...page };
  }
  refuseKey(filter, key);
  return {
    operation: 'Query',
    query: expressed([keyed(key, given), range], 'k', 'the key'),
    ...page,
    scanIndexForward: ctx.args.sortDirection !== 'DESC',
  };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    refusePage(ctx.error, ctx.args.nextToken);
  }
  const { all, ways } = admission(ctx, asked(ctx).model.rules, 'l');
  const items = all ? ctx.result.items : ctx.result.items.filter((each) => opens(ways, each));
  return { items, nextToken: ctx.result.nextToken };
}

/**
 * What the field lists: a model by its own key or by an index and the index's key, and of a relation the
 * values of that key's first fields.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function asked(ctx) {
  if (ctx.info.parentTypeName !== 'Query') {
    return relationOf(ctx);
  }
  const model = modelOf(ctx);
  const index = model.indexes ? model.indexes[ctx.info.fieldName] : null;
  return {
    model,
    index: index ? index[0] : null,
    key: index ? index.slice(1) : model.key,
    values: [],
    limit: null,
  };
}

/**
 * The condition on the sort key, of which DynamoDB takes one. One that is null asks for nothing. Of
 * several fields it is one argument: `countryPrice`.
 * @param {string[]} fields
 * @param {Record<string, any>} args
 */
function ranged(fields, args) {
  const name = argument(fields);
  const condition = withoutNulls(args[name]);
  /** @type {Record<string, any>} */
  const found = {};
  for (const [operator, operand] of Object.entries(condition)) {
    const value = fields.length > 1 ? composed(name, operator, fields, operand) : operand;
    if (!isNone(value)) {
      found[operator] = value;
    }
  }
  const operators = Object.keys(found);
  if (operators.length > 1) {
    util.error(`${name} has ${operators.join(' and ')}, and can have only one of them`, 'BadRequest');
  }
  return operators.length === 1 ? { [sortAttribute(fields)]: found } : {};
}

/**
 * The argument for a sort key: its field or, of several, their names in camel case.
 * @param {string[]} fields
 */
function argument(fields) {
  if (fields.length === 1) {
    return fields[0];
  }
  const capitals = fields.map((each) => `${each.slice(0, 1).toUpperCase()}${each.slice(1)}`).join('');
  return `${capitals.slice(0, 1).toLowerCase()}${capitals.slice(1)}`;
}

/**
 * What a composite sort key is compared with: the values of its fields, or of the first of them, as the
 * text that is stored; null where none is given.
 * @param {string} name
 * @param {string} operator
 * @param {string[]} fields
 * @param {any} operand
 */
function composed(name, operator, fields, operand) {
  const texts = [];
  for (const each of operator === 'between' ? operand : [operand]) {
    const values = withoutNulls(each);
    const given = fields.filter((field) => !isNone(values[field]));
    const lacking = fields.filter((field) => isNone(values[field]));
    if (given.length > 0 && lacking.length > 0) {
      const isGap = fields.indexOf(lacking[0]) < given.length;
      if (isGap || operator === 'eq') {
        const why = isGap ? `${lacking[0]} comes first in the key` : 'eq needs the whole key';
        util.error(`${name} has ${given.join(' and ')} without ${lacking[0]}: ${why}`, 'BadRequest');
      }
    }
    if (given.length > 0) {
      texts.push(given.map((field) => worded(values[field])).join('#'));
    }
  }
  if (operator === 'between' && texts.length !== 2) {
    util.error(`${name} between needs two values`, 'BadRequest');
  }
  return operator === 'between' ? texts : texts[0];
}

/**
 * Only one partition has an order.
 * @param {string[]} given
 * @param {string} partition
 */
function refuseOrder(given, partition) {
  if (given.length > 0) {
    util.error(`${given[0]} is given without ${partition}, which it needs`, 'BadRequest');
  }
}

/**
 * Refuses to filter by the key that is queried by, as DynamoDB does. The names in the expression tell,
 * at any depth.
 * @param {any} filter
 * @param {string[]} key
 */
function refuseKey(filter, key) {
  const names = filter ? Object.values(filter.expressionNames) : [];
  const attributes = [key[0], sortAttribute(key.slice(1))];
  const found = attributes.filter((name) => names.includes(name));
  if (found.length > 0) {
    util.error(
      `filter has ${found[0]}, a field of the key: with ${key[0]} given, use the arguments`,
      'BadRequest',
    );
  }
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
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function relationOf(ctx) {
  const { relations, guarded } = modelNamed(ctx, ctx.info.parentTypeName);
  const relation = relations[ctx.info.fieldName];
  const rules = guarded ? guarded[ctx.info.fieldName] : null;
  if (rules) {
    refuseUnread(ctx, rules);
  }
  const related = modelNamed(ctx, relation.model);
  return {
    model: related,
    index: relation.index ? relation.index[0] : null,
    key: relation.index ? relation.index.slice(1) : related.key,
    values: relation.by.map((field) => ctx.source[field]),
    limit: relation.limit,
  };
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
 * @param {any[]} values
 * @returns {Record<string, any>}
 */
function keyed(fields, values) {
  const sorts = fields.slice(1);
  const given = values.slice(1);
  const partition = { [fields[0]]: { eq: values[0] } };
  if (given.length === 0) {
    return partition;
  }
  const sort = sortValue(given);
  // What is joined to it begins after a #, so that `DE` is not taken for the beginning of `DEN`.
  const condition = given.length === sorts.length ? { eq: sort } : { beginsWith: `${worded(sort)}#` };
  return { ...partition, [sortAttribute(sorts)]: condition };
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
 * @param {Record<string, any>[]} rules
 */
function refuseUnread(ctx, rules) {
  const { all, ways } = admitted(ctx, rules, 'g');
  if (!all && !opens(ways, ctx.source)) {
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

/**
 * @param {{ type: string, message: string }} error
 * @param {string | null | undefined} nextToken of the page
 */
function refusePage(error, nextToken) {
  const { message, type } = error;
  const lower = message ? message.toLowerCase() : '';
  const words = ['pagination token', 'starting key', 'start key', 'startkey'];
  if (!isNone(nextToken) && words.some((each) => lower.indexOf(each) >= 0)) {
    util.error('nextToken is of another list: ask for the first page, without it', 'BadRequest');
  }
  util.error(message, type);
}

/**
 * @param {number | null | undefined} limit
 * @param {number | null | undefined} otherwise
 */
function limited(limit, otherwise) {
  const preset = otherwise ? otherwise : 100;
  const wanted = isNone(limit) ? preset : limit;
  if (wanted < 1) {
    util.error(`limit is ${worded(wanted)}, and must be at least 1`, 'BadRequest');
  }
  // DynamoDB reads at most 1 MB a page, whatever the limit; this bounds what one request may cost.
  return Math.min(wanted, 1000);
}
// shared.js, by antipode schema: end
