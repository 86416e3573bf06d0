import { util } from '@aws-appsync/utils';
import { operations, update } from '@aws-appsync/utils/dynamodb';

/** update<Model>: changes the fields of the input and leaves the others; null removes a field. */
export function request(ctx) {
  refuseUngranted(ctx);
  const fields = keyFields(ctx);
  const { key, values } = parted(fields, ctx.args.input);
  return counted(
    update({
      key,
      update: {
        ...changes(values),
        updatedAt: util.time.nowISO8601(),
        updatedIn: ctx.env.REGION,
      },
      // An item of another owner is none, to the caller.
      condition: { [fields[0]]: { attributeExists: true }, ...equal(ownership(ctx, modelOf(ctx))) },
    }),
  );
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
    util.error(`there is no item with ${named(key)}`, type);
  }
  util.error(message, type);
}

function changes(values) {
  const changed = {};
  for (const [name, value] of Object.entries(values)) {
    changed[name] = value === null ? operations.remove() : operations.replace(value);
  }
  return changed;
}

/**
 * The request with `version` one up. By DynamoDB's ADD, which counts from 0 where an item that was
 * written straight to the table has none. The module cannot say that: its `add` sets a value, and
 * its `increment` fails on an attribute that is missing.
 */
function counted(request) {
  const { expression, expressionNames, expressionValues } = request.update;
  return {
    ...request,
    update: {
      expression: `${expression} ADD #version :one`,
      expressionNames: { ...expressionNames, '#version': 'version' },
      expressionValues: { ...expressionValues, ':one': util.dynamodb.toNumber(1) },
    },
  };
}

/** The model, by its name in the field's. */
function modelOf(ctx) {
  return ctx.info.fieldName.slice('update'.length);
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

/** A condition: each of these names has its value. */
function equal(values) {
  const conditions = {};
  for (const [name, value] of Object.entries(values)) {
    conditions[name] = { eq: value };
  }
  return conditions;
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
