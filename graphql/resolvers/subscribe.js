import { extensions, util } from '@aws-appsync/utils';

/** @type {Record<string, string[]>} */
const KINDS = {
  Create: ['CREATE'],
  Update: ['UPDATE'],
  Delete: ['DELETE'],
  Change: ['CREATE', 'UPDATE', 'DELETE'],
};

// What a write stamps: it tells of the write, and not of what the item is.
const STAMPS = ['updatedAt', 'updatedIn', 'version'];

/**
 * on<Kind><Model>: the subscriber hears of what the arguments ask for, and of a model with owners of
 * their own items alone. An argument that is null asks for nothing. An update is heard by whoever asked
 * for what the item is now, or for what it was: else an item that leaves would stay with them for ever.
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
  const field = ctx.info.fieldName;
  // Each begins with `on` and a kind, of six letters.
  const kind = field.slice(2, 8);
  const model = field.slice(8);
  const own = ownership(ctx, model);
  const asked = equal({ ...withoutNulls(ctx.args), ...own });
  if (Object.keys(asked).length > 0) {
    const now = [...keyFields(ctx, model), ...STAMPS, ...Object.keys(own)];
    const filter = KINDS[kind].includes('UPDATE') ? orWas(asked, now) : asked;
    extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(filter));
  } else if (Object.keys(ctx.args).length > 0) {
    extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(everything(kind)));
  }
  return null;
}

/**
 * A condition that holds for an item, or held before the update that is announced: `_was` has the
 * earlier values, and is null of all other announcements. A path into it is compared by `eq` and `in`
 * alone; a condition with other operators is held to the item as it is.
 * @param {Record<string, Record<string, any>>} condition on fields, of which all must hold
 * @param {string[]} now the fields that are held to the item as it is in either case: those that say who
 *   may hear, those of the key, which never change, and what tells of the write
 */
function orWas(condition, now) {
  const names = Object.keys(condition);
  const operators = names.flatMap((name) => Object.keys(condition[name]));
  const isKnown = operators.every((each) => each === 'eq' || each === 'in');
  if (!isKnown || names.every((name) => now.includes(name))) {
    return condition;
  }
  /** @type {Record<string, any>} */
  const before = {};
  for (const name of names) {
    before[now.includes(name) ? name : `_was.${name}`] = condition[name];
  }
  return { or: [condition, before] };
}

/**
 * A condition that holds for whatever is announced: with none, AppSync would match the nulls.
 * @param {string} kind
 */
function everything(kind) {
  const each = KINDS[kind].map((name) => ({ '_change.kind': { eq: name } }));
  return each.length === 1 ? each[0] : { or: each };
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
