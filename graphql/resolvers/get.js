import { util } from '@aws-appsync/utils';
import { get } from '@aws-appsync/utils/dynamodb';

/**
 * get<Model>: the item of this Region's replica, or null. The arguments are the key. An item of
 * another owner is null too: nobody learns that it is there.
 */
export function request(ctx) {
  // Consistent, so that who subscribes first and then asks misses nothing that was announced before.
  return get({ key: ctx.args, consistentRead: true });
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const asked = Object.entries(ownership(ctx, modelOf(ctx)));
  return asked.every(([name, value]) => ctx.result?.[name] === value) ? ctx.result : null;
}

/** The model, by its name in the field's. */
function modelOf(ctx) {
  return ctx.info.fieldName.slice('get'.length);
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
