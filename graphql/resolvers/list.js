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
  const [partition, sort] = keyFields(ctx);
  const own = ownership(ctx);
  const page = {
    // DynamoDB filters by no field of the key.
    filter: both(equal(own[partition] ? {} : own), conditions(filter)),
    limit: Math.min(limited(ctx.args.limit ?? DEFAULT_LIMIT), MAXIMUM_LIMIT),
    nextToken,
    ...source(ctx),
  };
  const range = given(ctx.args[sort]);
  // In an index by owner the partition is the caller's, and no argument.
  const value = own[partition] ?? ctx.args[partition] ?? null;
  if (value !== null) {
    const key = { [partition]: { eq: value }, ...ranged(sort, range) };
    const scanIndexForward = sortDirection !== 'DESC';
    return checked(query({ ...page, query: key, scanIndexForward }), [partition, sort], own);
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

/** Where it is read: from an index, which DynamoDB reads eventually consistent alone, or the table. */
function source(ctx) {
  const { index } = indexOf(ctx);
  // Consistent, so that who subscribes first and then lists misses nothing announced before.
  return index ? { index } : { consistentRead: true };
}

/** The fields of the key: the index's, or the model's, `id` unless the environment names others. */
function keyFields(ctx) {
  const { index, fields } = indexOf(ctx);
  if (index) {
    return fields;
  }
  const model = modelOf(ctx);
  const { KEYS_1, KEYS_2, KEYS_3, KEYS_4 } = ctx.env;
  const keys = [KEYS_1, KEYS_2, KEYS_3, KEYS_4].join(';').split(';');
  const entry = keys.find((key) => key.startsWith(`${model}=`)) ?? '=id';
  return entry.split('=')[1].split(',');
}

/** The model, by its name in the field's, which that of the index may follow. */
function modelOf(ctx) {
  const { index } = indexOf(ctx);
  const name = ctx.info.fieldName.slice('list'.length);
  return index ? name.slice(0, -index.length) : name;
}

/** The index that the field lists by and its key, if it does: `OrderByStatus=byStatus,status`. */
function indexOf(ctx) {
  const name = ctx.info.fieldName.slice('list'.length);
  const { INDEXES_1, INDEXES_2, INDEXES_3, INDEXES_4 } = ctx.env;
  const indexes = [INDEXES_1, INDEXES_2, INDEXES_3, INDEXES_4].join(';').split(';');
  const entry = indexes.find((each) => each.startsWith(`${name}=`));
  const [index, ...fields] = entry ? entry.split('=')[1].split(',') : [];
  return { index, fields };
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
function ownership(ctx) {
  const model = modelOf(ctx);
  const { OWNERS_1, OWNERS_2, OWNERS_3, OWNERS_4 } = ctx.env;
  const owners = [OWNERS_1, OWNERS_2, OWNERS_3, OWNERS_4].join(';').split(';');
  const entry = owners.find((each) => each.startsWith(`${model}=`));
  return entry ? { [entry.split('=')[1]]: caller(ctx) } : {};
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
