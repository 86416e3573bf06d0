import { extensions, util } from '@aws-appsync/utils';

/**
 * on<Kind><Model>, of a model with owners: the subscriber hears of their own items alone, and of
 * those alone that the arguments ask for. The filter that is set here takes the place of AppSync's
 * own matching of arguments, so that no argument can widen it.
 * @param {import('@aws-appsync/utils').Context} _ctx
 */
export function request(_ctx) {
  return { payload: null };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  // Each begins with a word as long as onCreate.
  const own = ownership(ctx, ctx.info.fieldName.slice('onCreate'.length));
  if (Object.keys(own).length === 0) {
    util.error(`${ctx.info.fieldName} is of a model whose owners are not known here`, 'Internal');
  }
  const filter = equal({ ...asked(ctx.args), ...own });
  extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(filter));
  return null;
}

/**
 * The arguments. A filter compares with no null: it would hear nothing, without a word.
 * @param {Record<string, any>} args
 */
function asked(args) {
  const missing = Object.keys(args).filter((name) => isNone(args[name]));
  if (missing.length > 0) {
    util.error(`${missing[0]} is null: leave it out, to hear of every value`, 'BadRequest');
  }
  return args;
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
 * What packed texts, `Order=customer,number;Note=id`, list for a name.
 * @param {string[]} texts
 * @param {string} name
 */
function unpacked(texts, name) {
  const entries = texts.join(';').split(';');
  const found = entries.filter((each) => each.startsWith(`${name}=`));
  return found.length > 0 ? found[0].slice(name.length + 1).split(',') : [];
}
// shared.js, by antipode schema: end
