import { util } from '@aws-appsync/utils';

/**
 * get<Model>: the item of this Region's replica, or null. The arguments are the key. An item of
 * another owner is null too: nobody learns that it is there.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { key } = modelOf(ctx);
  const values = key.map((field) => ctx.args[field]);
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues(keyOf(key, values)),
    // So that who subscribes first and then asks misses nothing that was announced before.
    consistentRead: true,
  };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return readable(ctx, modelOf(ctx), ctx.result);
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
 * A value as a text.
 * @param {unknown} value
 * @returns {string}
 */
function worded(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The model of a field of Query, Mutation or Subscription.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function modelOf(ctx) {
  const field = ctx.info.fieldName;
  return modelIn(listedModels(ctx).find((each) => each.names.slice(1).includes(field)), field);
}

/**
 * What an entry of the environment says of its model.
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
 * The models that the API's environment lists: `Card,getCard,listCards={"key":["id"]};...`, the name of
 * the type before those of its fields, cut into variables of which each begins with a semicolon.
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
 * The attribute that holds the sort key: of several fields one text, named `sentAt#sender`.
 * @param {string[]} fields
 */
function sortAttribute(fields) {
  return fields.join('#');
}

/**
 * The value of that attribute.
 * @param {any[]} values of the fields, in the same order
 */
function sortValue(values) {
  return values.length === 1 ? values[0] : values.map((each) => worded(each)).join('#');
}

/**
 * The attributes of the table's key.
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
 * What the caller's items have: `{ owner: 'ada' }`; nothing where the model has no owner.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} its
 * @returns {Record<string, string>}
 */
function ownership(ctx, its) {
  return its.owner ? { [its.owner]: caller(ctx) } : {};
}

/**
 * The item, if the caller may read it; null otherwise: nobody learns that another's is there.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} its
 * @param {Record<string, any> | null | undefined} item
 */
function readable(ctx, its, item) {
  const own = Object.entries(ownership(ctx, its));
  return item && own.every(([name, value]) => item[name] === value) ? item : null;
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
// shared.js, by antipode schema: end
