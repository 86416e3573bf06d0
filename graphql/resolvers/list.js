import { util } from '@aws-appsync/utils';
import { query, scan } from '@aws-appsync/utils/dynamodb';

const DEFAULT_LIMIT = 100;
// DynamoDB reads at most 1 MB a page, whatever the limit; this bounds what one request may cost.
const MAXIMUM_LIMIT = 1000;

/**
 * list<Model>, list<Model><Index>: one page of this Region's replica; where the partition is given, of
 * that partition, in the order of the sort key. `limit` counts items before the filter.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { model, index, fields } = listed(ctx);
  const partition = fields[0];
  const own = ownership(ctx, model);
  const isOwners = Object.keys(own).includes(partition);
  // DynamoDB filters by no field of the key.
  const filter = both(equal(isOwners ? {} : own), conditions(ctx.args.filter));
  const page = {
    ...(filter ? { filter } : {}),
    limit: limited(ctx.args.limit),
    nextToken: ctx.args.nextToken,
    // The table consistently, so that who subscribes first and then lists misses nothing announced
    // before; an index DynamoDB reads eventually consistent alone.
    ...(index ? { index } : { consistentRead: true }),
  };
  const range = fields.length > 1 ? ranged(fields[1], ctx.args[fields[1]]) : {};
  // In an index by owner the partition is the caller's, and no argument.
  const value = isOwners ? own[partition] : ctx.args[partition];
  if (isNone(value)) {
    refuseOrder(ctx.args.sortDirection ? ['sortDirection'] : Object.keys(range), partition);
    return scan(page);
  }
  const key = { [partition]: { eq: value }, ...range };
  const scanIndexForward = ctx.args.sortDirection !== 'DESC';
  return checked(query({ ...page, query: key, scanIndexForward }), fields, isOwners);
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return { items: ctx.result.items, nextToken: ctx.result.nextToken };
}

/**
 * How many items a page is made of.
 * @param {number | null | undefined} limit
 */
function limited(limit) {
  if (isNone(limit)) {
    return DEFAULT_LIMIT;
  }
  if (limit < 1) {
    util.error(`limit is ${worded(limit)}, and must be at least 1`, 'BadRequest');
  }
  return Math.min(limit, MAXIMUM_LIMIT);
}

/**
 * Both conditions, or the one that there is: whatever a filter says, it is asked of own items.
 * @param {Record<string, any>} own
 * @param {Record<string, any>} asked
 */
function both(own, asked) {
  const parts = [own, asked].filter((each) => Object.keys(each).length > 0);
  if (parts.length === 0) {
    return null;
  }
  return parts.length === 1 ? parts[0] : { and: parts };
}

/**
 * What a filter asks for, without what asks for nothing: DynamoDB takes no empty expression.
 * @param {Record<string, any> | null | undefined} filter
 */
function conditions(filter) {
  const asked = withoutNulls(filter ? filter : {});
  /** @type {Record<string, any>} */
  const filled = {};
  for (const [name, condition] of Object.entries(asked)) {
    if (Object.keys(condition).length > 0) {
      filled[name] = condition;
    }
  }
  return filled;
}

/**
 * The condition on the sort key, of which DynamoDB takes one. One that is null asks for nothing.
 * @param {string} sort
 * @param {Record<string, any> | null | undefined} range
 */
function ranged(sort, range) {
  const asked = withoutNulls(range ? range : {});
  const operators = Object.keys(asked);
  if (operators.length > 1) {
    util.error(`${sort} has ${operators.join(' and ')}, and can have only one of them`, 'BadRequest');
  }
  return operators.length === 1 ? { [sort]: asked } : {};
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
 * DynamoDB refuses a query that filters by its key. The names that it renders tell, at any depth.
 * @param {any} request
 * @param {string[]} key
 * @param {boolean} isOwners
 */
function checked(request, key, isOwners) {
  const names = request.filter ? Object.values(request.filter.expressionNames) : [];
  const found = key.filter((name) => names.includes(name));
  if (found.length > 0) {
    const instead =
      isOwners && found[0] === key[0]
        ? 'leave it out: the list holds nothing but your own items'
        : `with ${key[0]} given, use the arguments`;
    util.error(`filter has ${found[0]}, a field of the key: ${instead}`, 'BadRequest');
  }
  return request;
}

/**
 * What the field lists: a model by its own key, or by an index and the index's key, which the API's
 * environment has as `OrderByStatus=byStatus,status`.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
function listed(ctx) {
  const name = ctx.info.fieldName.slice('list'.length);
  const { INDEXES_1, INDEXES_2, INDEXES_3, INDEXES_4 } = ctx.env;
  const found = unpacked([INDEXES_1, INDEXES_2, INDEXES_3, INDEXES_4], name);
  if (found.length > 0) {
    const model = name.slice(0, name.length - found[0].length);
    return { model, index: found[0], fields: found.slice(1) };
  }
  return { model: name, index: null, fields: keyFields(ctx, name) };
}

// shared.js, by antipode schema: begin
/**
 * Whether there is no value.
 * @param {unknown} value
 */
function isNone(value) {
  return value === null || value === undefined;
}

/**
 * The values that there are.
 * @param {Record<string, any>} values
 */
function withoutNulls(values) {
  /** @type {Record<string, any>} */
  const given = {};
  for (const [name, value] of Object.entries(values)) {
    if (!isNone(value)) {
      given[name] = value;
    }
  }
  return given;
}

/**
 * The fields of a model's key: `id`, unless the API's environment names others.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} model
 */
function keyFields(ctx, model) {
  const { KEYS_1, KEYS_2, KEYS_3, KEYS_4 } = ctx.env;
  const fields = unpacked([KEYS_1, KEYS_2, KEYS_3, KEYS_4], model);
  return fields.length > 0 ? fields : ['id'];
}

/**
 * A value as a text.
 * @param {unknown} value
 */
function worded(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * A condition: each of these names has its value.
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
 * What the caller's items have: `{ owner: 'ada' }`; nothing where the model has no owner.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} model
 * @returns {Record<string, string>}
 */
function ownership(ctx, model) {
  const { OWNERS_1, OWNERS_2, OWNERS_3, OWNERS_4 } = ctx.env;
  const fields = unpacked([OWNERS_1, OWNERS_2, OWNERS_3, OWNERS_4], model);
  return fields.length > 0 ? { [fields[0]]: caller(ctx) } : {};
}

/**
 * Who calls, by a name that stays theirs: `sub` of a token, here or as the authorizer found it; of an
 * identity pool, whose users share a role, the identity; else the IAM principal's own id.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {string}
 */
function caller(ctx) {
  const { sub, cognitoIdentityId, username } = identified(ctx);
  const names = [sub, authorized(ctx).sub, cognitoIdentityId, username].filter(
    (each) => !isNone(each),
  );
  if (names.length === 0 || !names[0]) {
    util.unauthorized();
  }
  return names[0];
}

/**
 * What the authorizer says of the caller, in the mode AWS_LAMBDA.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function authorized(ctx) {
  const { resolverContext } = identified(ctx);
  return resolverContext ? resolverContext : {};
}

/**
 * What AppSync says of the caller: nothing of one with an API key.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function identified(ctx) {
  return ctx.identity ? ctx.identity : {};
}

/**
 * What packed texts, `Order=customer,number;Note=id`, list for a name, in one entry or in several.
 * @param {string[]} texts
 * @param {string} name
 */
function unpacked(texts, name) {
  const entries = texts.join(';').split(';');
  const found = entries.filter((each) => each.startsWith(`${name}=`));
  const lists = found.map((each) => each.slice(name.length + 1));
  return lists.length > 0 ? lists.join(',').split(',') : [];
}
// shared.js, by antipode schema: end
