import { util } from '@aws-appsync/utils';
import { remove } from '@aws-appsync/utils/dynamodb';

const UNMET = 'DynamoDB:ConditionalCheckFailedException';

/**
 * delete<Model>: removes the item and returns it as it was. The input is the key.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const model = modelOf(ctx);
  refuseUngranted(ctx, model);
  const key = ctx.args.input;
  const condition = equal(ownership(ctx, model));
  return remove(Object.keys(condition).length > 0 ? { key, condition } : { key });
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error && ctx.error.type !== UNMET) {
    util.error(ctx.error.message, ctx.error.type);
  }
  // An item of another owner is reported as one that is not there. That by the result: AppSync takes
  // a condition that fails on a missing item for a success.
  if (ctx.error || !ctx.result) {
    util.error(`there is no item with ${named(ctx.args.input)}`, UNMET);
  }
  return ctx.result;
}

/**
 * The model, by its name in the field's.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
function modelOf(ctx) {
  return ctx.info.fieldName.slice('delete'.length);
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
 * A key in words: `id a`, or `customer a and number 7`.
 * @param {Record<string, any>} key
 */
function named(key) {
  return Object.entries(key)
    .map(([name, value]) => `${name} ${worded(value)}`)
    .join(' and ');
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
 * Refuses a token whose scopes, as the authorizer found them, do not let it write. The authorizer
 * denies it the field too, which AppSync documents to make the answer null, and not to keep the
 * resolver from running.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} model
 */
function refuseUngranted(ctx, model) {
  const scope = authorized(ctx).scope;
  const granted = isNone(scope) ? ['items:write'] : scope.split(' ');
  if (!granted.includes('items:write') && !granted.includes(`${model}:write`)) {
    util.unauthorized();
  }
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
