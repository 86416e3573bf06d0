import { util } from '@aws-appsync/utils';

/**
 * update<Model>: changes the fields of the input and leaves the others; null removes a field, if the
 * model does not require it.
 *
 * The request is written out here. The module's own `update` cannot count as DynamoDB's ADD does, from 0
 * where an item that was written straight to the table has no version; and what it makes of names is
 * not documented, while here no two placeholders are the same: each begins with what it is for.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const model = modelOf(ctx);
  refuseUngranted(ctx, model);
  const fields = keyFields(ctx, model);
  const { key, values } = parted(fields, ctx.args.input);
  const set = {
    ...withoutNulls(values),
    updatedAt: util.time.nowISO8601(),
    updatedIn: ctx.env.REGION,
  };
  const removed = Object.keys(values).filter((name) => isNone(values[name]));
  refuseRequired(ctx, model, removed);
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues(key),
    update: changed(set, removed),
    // An item of another owner is none, to the caller.
    condition: held(fields[0], ownership(ctx, model)),
  };
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
    util.error(`there is no item with ${named(key)}`, type);
  }
  util.error(message, type);
}

/**
 * Refuses to remove what the model requires, as a client would that declares a variable for each field
 * and gives a few: AppSync makes nulls of the others.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} model
 * @param {string[]} removed
 */
function refuseRequired(ctx, model, removed) {
  const { REQUIRED_1, REQUIRED_2, REQUIRED_3, REQUIRED_4, REQUIRED_5, REQUIRED_6 } = ctx.env;
  const { REQUIRED_7, REQUIRED_8, REQUIRED_9, REQUIRED_10, REQUIRED_11, REQUIRED_12 } = ctx.env;
  const texts = [
    ...[REQUIRED_1, REQUIRED_2, REQUIRED_3, REQUIRED_4, REQUIRED_5, REQUIRED_6],
    ...[REQUIRED_7, REQUIRED_8, REQUIRED_9, REQUIRED_10, REQUIRED_11, REQUIRED_12],
  ];
  const required = unpacked(texts, model);
  const found = removed.filter((name) => required.includes(name));
  if (found.length > 0) {
    const name = found[0];
    util.error(`${name} is null, and ${model} requires it: leave it out to keep its value`, 'BadRequest');
  }
}

/**
 * The expression that sets and removes these attributes and counts the version one up.
 * @param {Record<string, any>} set
 * @param {string[]} removed
 */
function changed(set, removed) {
  const assigned = Object.keys(set).map((name) => `#set_${name} = :set_${name}`);
  const gone = removed.map((name) => `#remove_${name}`);
  const removal = gone.length > 0 ? ` REMOVE ${gone.join(', ')}` : '';
  return {
    expression: `SET ${assigned.join(', ')}${removal} ADD #add_version :add_version`,
    expressionNames: {
      ...prefixed('#set_', Object.keys(set)),
      ...prefixed('#remove_', removed),
      '#add_version': 'version',
    },
    expressionValues: {
      ...rendered(':set_', set),
      ':add_version': util.dynamodb.toNumber(1),
    },
  };
}

/**
 * The condition that the item is there, and has these values.
 * @param {string} field of the key
 * @param {Record<string, any>} own
 */
function held(field, own) {
  const names = Object.keys(own);
  const expressionNames = prefixed('#if_', [field, ...names]);
  const parts = [`attribute_exists(#if_${field})`, ...names.map((name) => `#if_${name} = :if_${name}`)];
  const expression = parts.join(' AND ');
  return names.length > 0
    ? { expression, expressionNames, expressionValues: rendered(':if_', own) }
    : { expression, expressionNames };
}

/**
 * The attribute behind each placeholder.
 * @param {string} prefix
 * @param {string[]} names
 */
function prefixed(prefix, names) {
  /** @type {Record<string, string>} */
  const placeholders = {};
  for (const name of names) {
    placeholders[`${prefix}${name}`] = name;
  }
  return placeholders;
}

/**
 * The value behind each placeholder, as DynamoDB has it.
 * @param {string} prefix
 * @param {Record<string, any>} values
 */
function rendered(prefix, values) {
  /** @type {Record<string, any>} */
  const placeholders = {};
  for (const [name, value] of Object.entries(values)) {
    placeholders[`${prefix}${name}`] = util.dynamodb.toDynamoDB(value);
  }
  return placeholders;
}

/**
 * The model, by its name in the field's.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
function modelOf(ctx) {
  return ctx.info.fieldName.slice('update'.length);
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
