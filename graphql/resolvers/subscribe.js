import { extensions, util } from '@aws-appsync/utils';

/**
 * on<Kind><Model>, of a model with owners: the subscriber hears of their own items alone, and of
 * those alone that the arguments ask for. The filter that is set here takes the place of AppSync's
 * own matching of arguments, so that no argument can widen it.
 */
export function request(ctx) {
  return { payload: null };
}

export function response(ctx) {
  const own = ownership(ctx, modelOf(ctx));
  if (Object.keys(own).length === 0) {
    util.error(`${ctx.info.fieldName} is of a model whose owners are not known here`, 'Internal');
  }
  const filter = equal({ ...asked(ctx.args), ...own });
  extensions.setSubscriptionFilter(util.transform.toSubscriptionFilter(filter));
  return null;
}

/** The arguments. A filter compares with no null: it would hear nothing, without a word. */
function asked(args) {
  const missing = Object.keys(args).find((name) => args[name] === null);
  if (missing) {
    util.error(`${missing} is null: leave it out, to hear of every value`, 'BadRequest');
  }
  return args;
}

/** A condition: each of these names has its value. */
function equal(values) {
  const conditions = {};
  for (const [name, value] of Object.entries(values)) {
    conditions[name] = { eq: value };
  }
  return conditions;
}

/** The model, by its name in the field's, which begins with onCreate or one as long. */
function modelOf(ctx) {
  return ctx.info.fieldName.slice('onCreate'.length);
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
