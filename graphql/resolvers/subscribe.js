import { extensions, util } from '@aws-appsync/utils';

// How many alternatives AppSync takes, and it counts `in` as one for each value.
// https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
const MAXIMUM = 10;

/**
 * A subscription: the subscriber hears of what the arguments and the filter ask for, of those items that
 * the model's rules let them read. An argument that is null asks for nothing. An update is heard by
 * whoever asked for what the item is now, or for what it was: else an item that leaves would stay with
 * them for ever.
 *
 * The filter that is set here takes the place of AppSync's own matching of arguments. So no argument
 * can widen it; and a null argument, which a client that declares every variable and gives few sends,
 * does not ask for nulls.
 * @param {import('@aws-appsync/utils').Context} _ctx
 */
export function request(_ctx) {
  return { payload: null };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  const model = modelOf(ctx);
  /** @type {Record<string, any>} */
  const fields = {};
  for (const [name, value] of Object.entries(withoutNulls(ctx.args))) {
    if (name !== 'filter') {
      fields[name] = value;
    }
  }
  const { all, ways } = admitted(ctx, model.rules, 's');
  const own = all ? [[]] : waysIn(ways, fields);
  const asked = together(alternatives([equal(fields), ctx.args.filter]), own);
  if (asked.length > 0) {
    const deciding = ways.map(({ field }) => field);
    const stamped = [...timestamps(model), 'updatedIn', ...(model.ownVersion ? [] : ['version'])];
    const held = [...model.key, ...stamped, ...deciding];
    const all = hearsUpdates(ctx.info.fieldName) ? orWas(asked, held) : asked;
    const filters = all.map((each) => filterOf(each));
    const filter = filters.length > 1 ? { or: filters } : filters[0];
    extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(filter));
  } else if (Object.keys(ctx.args).length > 0) {
    extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(everything()));
  }
  return null;
}

/**
 * The alternatives by which the rules let the caller hear of items, those that are as they are written
 * (`_was` is of no account: whom an item was taken from hears nothing more of it). Who asks for their own
 * items by the argument has said it already; nobody asks for another's.
 * @param {{ field: string, values: string[], many: boolean }[]} ways
 * @param {Record<string, any>} fields that the arguments ask for
 */
function waysIn(ways, fields) {
  /** @type {any[][]} */
  const found = [];
  for (const { field, values, many } of ways) {
    if (!isNone(fields[field])) {
      if (values.includes(fields[field])) {
        found.push([]);
      }
    } else {
      // AppSync takes twenty members of a list, and counts each value of others as an alternative.
      for (const operand of many ? parted(values) : values) {
        found.push([{ field, operator: many ? 'containsAny' : 'eq', operand }]);
      }
    }
  }
  if (found.length === 0) {
    util.unauthorized();
  }
  for (const { field, operator, operand } of found.flatMap((each) => each)) {
    refuseValue(field, operator, operand);
  }
  return found.some((each) => each.length === 0) ? [[]] : found;
}

/**
 * The values, twenty at a time.
 * @param {string[]} values
 */
function parted(values) {
  const starts = values.map((_, index) => index).filter((index) => index % 20 === 0);
  return starts.map((start) => values.slice(start, start + 20));
}

/**
 * What is asked for and lets in at once; of nothing asked for, what lets in.
 * @param {any[][]} asked
 * @param {any[][]} own
 */
function together(asked, own) {
  if (own.some((each) => each.length === 0)) {
    return asked;
  }
  const all = asked.length > 0 ? asked : [[]];
  if (counted(all) * counted(own) > MAXIMUM) {
    util.error(
      `what the rules let you hear of has ${worded(counted(own))} alternatives, and AppSync takes ${worded(MAXIMUM)} with those of the filter: ask for less`,
      'BadRequest',
    );
  }
  return product([all, own]).map((each) => single(each));
}

/**
 * Whether a subscription may hear of updates, by its name, which a schema may choose.
 * @param {string} name
 */
function hearsUpdates(name) {
  return !name.startsWith('onCreate') && !name.startsWith('onDelete');
}

/**
 * A condition that holds for whatever is announced: with none, AppSync would match the nulls.
 */
function everything() {
  return { or: ['CREATE', 'UPDATE', 'DELETE'].map((kind) => ({ '_change.kind': { eq: kind } })) };
}

/**
 * The alternatives, and each as it held before the update that is announced: `_was` has the earlier
 * values, and is null of all other announcements. A path into it is compared by `eq` and `in` alone; an
 * alternative with other operators is held to the item as it is, and so are all if they are too many.
 * @param {any[][]} asked
 * @param {string[]} held to the item as it is in either case: the fields that say who may hear, those of
 *   the key, which never change, and what tells of the write
 */
function orWas(asked, held) {
  const changing = asked.filter(
    (conditions) =>
      conditions.every(({ operator }) => operator === 'eq' || operator === 'in') &&
      conditions.some(({ field }) => !held.includes(field)),
  );
  const before = changing.map((conditions) =>
    conditions.map(({ field, operator, operand }) => ({
      field: held.includes(field) ? field : `_was.${field}`,
      operator,
      operand,
    })),
  );
  const all = [...asked, ...before];
  return counted(all) > MAXIMUM ? asked : all;
}

/**
 * The filters, all of which must hold, as alternatives of which one must, each of one condition for some
 * fields, as AppSync takes them. None where nothing is asked for.
 * @param {Record<string, any>[]} filters
 */
function alternatives(filters) {
  const { groups, comparisons } = unnested(filters, 'filter');
  for (const { within, field, operator, operand } of comparisons) {
    refuseValue(field, operator, operand);
    groups[within].parts.push([[{ field, operator, operand }]]);
  }
  for (const { word, within, parts, inner } of groups.slice(1).reverse()) {
    const all = [...parts, ...inner];
    if (all.length > 0) {
      const sum = word === 'OR' ? bounded(all.flatMap((each) => each)) : product(all);
      groups[within].inner = [sum, ...groups[within].inner];
    }
  }
  const all = [...groups[0].parts, ...groups[0].inner];
  return all.length > 0 ? product(all).map((each) => single(each)) : [];
}

/**
 * What holds where each of these sums of alternatives does.
 * @param {any[][]} sums
 */
function product(sums) {
  /** @type {any[][]} */
  let found = [[]];
  for (const sum of sums) {
    const next = [];
    for (const one of found) {
      for (const other of sum) {
        next.push([...one, ...other]);
      }
    }
    found = bounded(next);
  }
  return found;
}

/**
 * The alternatives, if AppSync takes so many.
 * @param {any[][]} found
 */
function bounded(found) {
  if (counted(found) > MAXIMUM) {
    util.error(
      `filter has more than ${worded(MAXIMUM)} alternatives, and AppSync takes no more: ask for less`,
      'BadRequest',
    );
  }
  return found;
}

/**
 * As how many alternatives AppSync counts these.
 * @param {any[][]} found
 */
function counted(found) {
  let count = 0;
  for (const conditions of found) {
    let weight = 1;
    for (const { operator, operand } of conditions) {
      weight *= operator === 'in' ? operand.length : 1;
    }
    count += weight;
  }
  return count;
}

/**
 * One alternative without what it asks twice: AppSync takes one condition a field, and five fields.
 * @param {any[]} conditions
 */
function single(conditions) {
  /** @type {any[]} */
  const found = [];
  for (const condition of conditions) {
    const same = found.filter(({ field }) => field === condition.field);
    if (same.length === 0) {
      found.push(condition);
    } else if (JSON.stringify(same[0]) !== JSON.stringify(condition)) {
      util.error(
        `filter has more than one condition on ${condition.field}, of which AppSync takes one: ask for less`,
        'BadRequest',
      );
    }
  }
  if (found.length > 5) {
    const names = found.map(({ field }) => field).join(', ');
    util.error(`filter has ${names}, and AppSync takes five fields: ask for less`, 'BadRequest');
  }
  return found;
}

/**
 * The conditions of one alternative as util.transform takes them.
 * @param {any[]} conditions
 */
function filterOf(conditions) {
  /** @type {Record<string, any>} */
  const filter = {};
  for (const { field, operator, operand } of conditions) {
    filter[field] = { [operator]: operand };
  }
  return filter;
}

/**
 * Refuses what AppSync compares nothing with.
 * @param {string} field
 * @param {string} operator
 * @param {any} operand
 */
function refuseValue(field, operator, operand) {
  const isList = operator === 'in' || operator === 'notIn' || operator === 'between';
  const values = isList || operator === 'containsAny' ? operand : [operand];
  const asked = `filter has ${operator} of ${field}`;
  if (values.length === 0 || values.some((each) => isNone(each))) {
    util.error(`${asked} without a value, and AppSync filters announcements by values`, 'BadRequest');
  }
  if (operator === 'between' && values.length !== 2) {
    util.error(`${asked}, which needs two values`, 'BadRequest');
  }
  if (isList && values.length > 5) {
    util.error(`${asked} with more than five values, and AppSync takes no more`, 'BadRequest');
  }
  if (values.some((each) => typeof each === 'string' && each.length > 256)) {
    util.error(`${asked} with a text longer than the 256 characters that AppSync takes`, 'BadRequest');
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
 * @param {Record<string, any>} its
 * @returns {(string | null)[]}
 */
function timestamps(its) {
  return its.times ? its.times : ['createdAt', 'updatedAt'];
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
 * @param {Record<string, any>} values
 */
function equal(values) {
  /** @type {Record<string, any>} */
  const conditions = {};
  for (const [name, value] of Object.entries(values)) {
    conditions[name] = { eq: value };
  }
  return conditions;
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
// shared.js, by antipode schema: end
