import { util } from '@aws-appsync/utils';

/**
 * Around the steps of an operation of the user's own: nobody's token calls it that its @scope does not let
 * in. The authorizer denies it the field too, which AppSync documents to make the answer null, and not to
 * keep the resolver from running.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const type = ctx.info.parentTypeName;
  if (type === 'Query' || type === 'Mutation') {
    refuseUnscoped(ctx);
  }
  return {};
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  return ctx.prev.result;
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
 * Refuses a token whose scopes, as the authorizer found them, do not open an operation of the user's own:
 * those that its @scope names do, and without one none does.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
function refuseUnscoped(ctx) {
  const scope = authorized(ctx).scope;
  if (!isNone(scope)) {
    const entry = listedModels(ctx).find((each) => each.names[0] === '-');
    const needed = entry ? JSON.parse(entry.json)[`${ctx.info.parentTypeName}.${ctx.info.fieldName}`] : null;
    const opening = needed ? [needed, `items:${needed.split(':')[1]}`] : [];
    if (!scope.split(' ').some((each) => opening.includes(each))) {
      util.unauthorized();
    }
  }
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
