import { util } from '@aws-appsync/utils';

/**
 * A field that is one item of another model, or null: by that model's key, or the first of an index.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { model, index, key, values } = relationOf(ctx);
  admitted(ctx, model.rules, 'g');
  if (values.some((each) => isNone(each))) {
    // Nothing is related, and nothing needs to be read; but AppSync leaves no resolver early with null
    // (aws/aws-appsync-community#280). A millionth of the table is the least that can be asked for
    // without knowing the types of its key.
    return { operation: 'Scan', limit: 1, segment: 0, totalSegments: 1000000 };
  }
  if (!index && values.length === key.length) {
    const attributes = util.dynamodb.toMapValues(keyOf(key, values));
    return { operation: 'GetItem', key: attributes, consistentRead: true };
  }
  return {
    operation: 'Query',
    query: expressed([keyed(key, values)], 'k', 'the relation'),
    limit: 1,
    // DynamoDB reads an index eventually consistent alone.
    ...(index ? { index } : { consistentRead: true }),
  };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const { model, values } = relationOf(ctx);
  if (!ctx.result || values.some((each) => isNone(each))) {
    return null;
  }
  return readable(ctx, model, ctx.result.items ? ctx.result.items[0] : ctx.result);
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
 * @param {Record<string, any>} its
 * @param {Record<string, any> | null | undefined} item
 */
function readable(ctx, its, item) {
  const { all, ways } = admission(ctx, its.rules, 'g');
  return item && (all || opens(ways, item)) ? item : null;
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
