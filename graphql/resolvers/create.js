import { util } from '@aws-appsync/utils';
import { put } from '@aws-appsync/utils/dynamodb';

/**
 * create<Model>: a new item, with an id of its own making where the input has none.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const model = modelOf(ctx);
  refuseUngranted(ctx, model);
  const fields = keyFields(ctx, model);
  const { key, values } = parted(fields, ctx.args.input);
  const now = util.time.nowISO8601();
  return put({
    key: fields.includes('id') && isNone(key.id) ? { ...key, id: util.autoId() } : key,
    item: {
      // A null is no value: the attribute stays away, as it does when an update sets it to null.
      ...withoutNulls(values),
      ...ownership(ctx, model),
      createdAt: now,
      updatedAt: now,
      version: 1,
      updatedIn: ctx.env.REGION,
    },
    // Holds in this Region alone: another may create the same item in the same moment.
    condition: { [fields[0]]: { attributeExists: false } },
  });
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    refuse(ctx, ctx.error);
  }
  return ctx.result;
}

/**
 * Ends with what DynamoDB said, in the API's words where that is a condition that failed.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {{ type: string, message: string }} error
 */
function refuse(ctx, error) {
  const { type, message } = error;
  if (type === 'DynamoDB:ConditionalCheckFailedException') {
    const { key } = parted(keyFields(ctx, modelOf(ctx)), ctx.args.input);
    util.error(`an item with ${named(key)} exists already`, type);
  }
  util.error(message, type);
}

/**
 * The model, by its name in the field's.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
function modelOf(ctx) {
  return ctx.info.fieldName.slice('create'.length);
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
 * An input's key, and its other values.
 * @param {string[]} fields
 * @param {Record<string, any>} input
 */
function parted(fields, input) {
  /** @type {Record<string, any>} */
  const key = {};
  /** @type {Record<string, any>} */
  const values = {};
  for (const [name, value] of Object.entries(input)) {
    if (fields.includes(name)) {
      key[name] = value;
    } else {
      values[name] = value;
    }
  }
  return { key, values };
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
