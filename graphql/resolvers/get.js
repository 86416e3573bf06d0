import { util } from '@aws-appsync/utils';
import { get } from '@aws-appsync/utils/dynamodb';

/**
 * get<Model>: the item of this Region's replica, or null. The arguments are the key. An item of
 * another owner is null too: nobody learns that it is there.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  // Consistent, so that who subscribes first and then asks misses nothing that was announced before.
  return get({ key: ctx.args, consistentRead: true });
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const item = ctx.result;
  const own = Object.entries(ownership(ctx, ctx.info.fieldName.slice('get'.length)));
  return item && own.every(([name, value]) => item[name] === value) ? item : null;
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
