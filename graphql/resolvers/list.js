import { util } from '@aws-appsync/utils';
import { query, scan } from '@aws-appsync/utils/dynamodb';

const DEFAULT_LIMIT = 100;
// DynamoDB reads at most 1 MB a page, whatever the limit; this bounds what one request may cost.
const MAXIMUM_LIMIT = 1000;

/**
 * list<Model>, list<Model><Index>: one page of this Region's replica; where the partition is given, of
 * that partition, in the order of the sort key. `limit` counts items before the filter.
 */
export function request(ctx) {
  const { filter, nextToken, sortDirection } = ctx.args;
  const { model, index, fields } = listed(ctx);
  const [partition, sort] = fields;
  const own = ownership(ctx, model);
  const page = {
    // DynamoDB filters by no field of the key.
    filter: both(equal(own[partition] ? {} : own), conditions(filter)),
    limit: Math.min(limited(ctx.args.limit ?? DEFAULT_LIMIT), MAXIMUM_LIMIT),
    nextToken,
    // The table consistently, so that who subscribes first and then lists misses nothing announced
    // before; an index DynamoDB reads eventually consistent alone.
    ...(index ? { index } : { consistentRead: true }),
  };
  const range = given(ctx.args[sort]);
  // In an index by owner the partition is the caller's, and no argument.
  const value = own[partition] ?? ctx.args[partition] ?? null;
  if (value !== null) {
    const key = { [partition]: { eq: value }, ...ranged(sort, range) };
    const scanIndexForward = sortDirection !== 'DESC';
    return checked(query({ ...page, query: key, scanIndexForward }), fields, own);
  }
  if (sortDirection || Object.keys(range).length > 0) {
    const argument = sortDirection ? 'sortDirection' : sort;
    util.error(`${argument} is given without ${partition}, which it needs`, 'BadRequest');
  }
  return scan(page);
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const { items, nextToken } = ctx.result;
  return { items, nextToken };
}

function limited(limit) {
  if (limit < 1) {
    util.error(`limit is ${limit}, must be at least 1`, 'BadRequest');
  }
  return limit;
}

/** Both conditions, or the one that there is: whatever a filter says, it is asked of own items. */
function both(own, asked) {
  if (Object.keys(own).length === 0) {
    return asked;
  }
  return asked ? { and: [own, asked] } : own;
}

/** What a filter asks for, or undefined where that is nothing: DynamoDB takes no empty expression. */
function conditions(filter) {
  const asked = {};
  for (const [name, condition] of Object.entries(filter ?? {})) {
    if (Object.keys(condition ?? {}).length > 0) {
      asked[name] = condition;
    }
  }
  return Object.keys(asked).length > 0 ? asked : undefined;
}

/** The comparisons of a sort key that are not null. */
function given(range) {
  const asked = {};
  for (const [operator, value] of Object.entries(range ?? {})) {
    if (value !== null) {
      asked[operator] = value;
    }
  }
  return asked;
}

/** The condition on the sort key, of which DynamoDB takes one. */
function ranged(sort, range) {
  const operators = Object.keys(range);
  if (operators.length > 1) {
    util.error(`${sort} has ${operators.join(' and ')}, can have one of them`, 'BadRequest');
  }
  return operators.length === 1 ? { [sort]: range } : {};
}

/** DynamoDB refuses a query that filters by its key. The names that it renders tell, at any depth. */
function checked(request, key, own) {
  const names = Object.values(request.filter?.expressionNames ?? {});
  const field = key.find((name) => names.includes(name));
  if (field) {
    const instead = own[field] ? 'it is you alone' : `with ${key[0]} given, use the arguments`;
    util.error(`filter has ${field}, a field of the key: ${instead}`, 'BadRequest');
  }
  return request;
}

/**
 * What the field lists: a model by its own key, `id` unless the environment names another, or by an
 * index and the index's key, `OrderByStatus=byStatus,status`.
 */
function listed(ctx) {
  const name = ctx.info.fieldName.slice('list'.length);
  const { INDEXES_1, INDEXES_2, INDEXES_3, INDEXES_4 } = ctx.env;
  const found = packed([INDEXES_1, INDEXES_2, INDEXES_3, INDEXES_4], name);
  if (found) {
    const [index, ...fields] = found.split(',');
    return { model: name.slice(0, -index.length), index, fields };
  }
  const { KEYS_1, KEYS_2, KEYS_3, KEYS_4 } = ctx.env;
  const key = packed([KEYS_1, KEYS_2, KEYS_3, KEYS_4], name) ?? 'id';
  return { model: name, fields: key.split(',') };
}

/** A condition: each of these names has its value. */
function equal(values) {
  const conditions = {};
  for (const [name, value] of Object.entries(values)) {
    conditions[name] = { eq: value };
  }
  return conditions;
}

/** What the caller's items have: `{ owner: 'ada' }`; nothing where the model has no owner. */
function ownership(ctx, model) {
  const { OWNERS_1, OWNERS_2, OWNERS_3, OWNERS_4 } = ctx.env;
  const field = packed([OWNERS_1, OWNERS_2, OWNERS_3, OWNERS_4], model);
  return field ? { [field]: caller(ctx) } : {};
}

/**
 * Who calls, by a name that stays theirs: `sub` of a token, here or as the authorizer found it; of an
 * identity pool, whose users share a role, the identity; else the IAM principal's own id.
 */
function caller(ctx) {
  const { sub, resolverContext, cognitoIdentityId, username } = ctx.identity ?? {};
  const name = sub ?? resolverContext?.sub ?? cognitoIdentityId ?? username;
  if (!name) {
    util.unauthorized();
  }
  return name;
}

/** What packed texts, `Order=owner;Note=author`, say of a name. */
function packed(texts, name) {
  const entries = texts.join(';').split(';');
  return entries.find((each) => each.startsWith(`${name}=`))?.split('=')[1];
}
