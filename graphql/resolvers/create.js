import { util } from '@aws-appsync/utils';
import { put } from '@aws-appsync/utils/dynamodb';

/** create<Model>: a new item, with an id of its own making where the input has none. */
export function request(ctx) {
  refuseUngranted(ctx);
  const fields = keyFields(ctx);
  const { key, values } = parted(fields, ctx.args.input);
  const now = util.time.nowISO8601();
  return put({
    key: fields.includes('id') ? { ...key, id: key.id ?? util.autoId() } : key,
    item: {
      ...withoutNulls(values),
      ...ownership(ctx, modelOf(ctx)),
      createdAt: now,
      updatedAt: now,
      version: 1,
      updatedIn: ctx.env.REGION,
    },
    // Holds in this Region alone: another may create the same item in the same moment.
    condition: { [fields[0]]: { attributeExists: false } },
  });
}

export function response(ctx) {
  if (ctx.error) {
    refuse(ctx);
  }
  return ctx.result;
}

function refuse(ctx) {
  const { type, message } = ctx.error;
  if (type === 'DynamoDB:ConditionalCheckFailedException') {
    const { key } = parted(keyFields(ctx), ctx.args.input);
    util.error(`an item with ${named(key)} exists already`, type);
  }
  util.error(message, type);
}

/** A null is no value: the attribute stays away, as it does when an update sets it to null. */
function withoutNulls(values) {
  const set = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== null) {
      set[name] = value;
    }
  }
  return set;
}

/** The model, by its name in the field's. */
function modelOf(ctx) {
  return ctx.info.fieldName.slice('create'.length);
}

/** The fields of the model's key: `id`, unless the API's environment names others. */
function keyFields(ctx) {
  const { KEYS_1, KEYS_2, KEYS_3, KEYS_4 } = ctx.env;
  return (packed([KEYS_1, KEYS_2, KEYS_3, KEYS_4], modelOf(ctx)) ?? 'id').split(',');
}

/** An input's key, and its other values. */
function parted(fields, input) {
  const key = {};
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

/** A key in words: `id a`, or `customer a and number 7`. */
function named(key) {
  return Object.entries(key)
    .map(([name, value]) => `${name} ${value}`)
    .join(' and ');
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
