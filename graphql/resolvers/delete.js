import { util } from '@aws-appsync/utils';
import { remove } from '@aws-appsync/utils/dynamodb';

const UNMET = 'DynamoDB:ConditionalCheckFailedException';

/** delete<Model>: removes the item and returns it as it was. The input is the key. */
export function request(ctx) {
  refuseUngranted(ctx);
  const key = ctx.args.input;
  const condition = equal(ownership(ctx, modelOf(ctx)));
  return remove(Object.keys(condition).length > 0 ? { key, condition } : { key });
}

export function response(ctx) {
  const { error, result } = ctx;
  if (error && error.type !== UNMET) {
    util.error(error.message, error.type);
  }
  // An item of another owner is told as one that is not there. That by the result: AppSync takes a
  // condition that fails on a missing item for a success.
  if (error || !result) {
    util.error(`there is no item with ${named(ctx.args.input)}`, UNMET);
  }
  return result;
}

/** A key in words: `id a`, or `customer a and number 7`. */
function named(key) {
  return Object.entries(key)
    .map(([name, value]) => `${name} ${value}`)
    .join(' and ');
}

/** A condition: each of these names has its value. */
function equal(values) {
  const conditions = {};
  for (const [name, value] of Object.entries(values)) {
    conditions[name] = { eq: value };
  }
  return conditions;
}

/** The model, by its name in the field's. */
function modelOf(ctx) {
  return ctx.info.fieldName.slice('delete'.length);
}

/**
 * Tokens have scopes, as the authorizer found them. It denies the field to those that do not grant it,
 * which AppSync documents to make the answer null, and not to keep the resolver from running.
 */
function refuseUngranted(ctx) {
  const model = modelOf(ctx);
  const scope = ctx.identity?.resolverContext?.scope;
  const granted = `${scope}`.split(' ');
  if (scope !== undefined && !granted.includes('items:write') && !granted.includes(`${model}:write`)) {
    util.unauthorized();
  }
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
