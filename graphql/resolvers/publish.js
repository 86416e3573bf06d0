import { util } from '@aws-appsync/utils';

/**
 * publish<Kind><Model>: returns the change that it is given, and so announces it. Nothing is stored.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  return { payload: announced(ctx) };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  return ctx.result;
}

// shared.js, by antipode schema: begin
/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function identified(ctx) {
  return ctx.identity ? ctx.identity : {};
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function announced(ctx) {
  // An assumed role's username is its id and the session's name: AROA...:session.
  const { username } = identified(ctx);
  if (!username || !username.startsWith(`${ctx.env.RELAY_ROLE_ID}:`)) {
    util.unauthorized();
  }
  // AppSync hands AWSJSON over parsed, its guide says; a text would otherwise announce nulls.
  const { change } = ctx.args;
  return typeof change === 'string' ? JSON.parse(change) : change;
}
// shared.js, by antipode schema: end
