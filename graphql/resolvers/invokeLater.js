import { util } from '@aws-appsync/utils';

/**
 * A function that is called, and whose answer nobody waits for: @function(invocationType: Event).
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  return { operation: 'Invoke', invocationType: 'Event', payload: eventOf(ctx) };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return null;
}

// shared.js, by antipode schema: begin
/**
 * @param {import('@aws-appsync/utils').Context} ctx
 */
function eventOf(ctx) {
  return {
    typeName: ctx.info.parentTypeName,
    fieldName: ctx.info.fieldName,
    arguments: ctx.args,
    identity: ctx.identity,
    source: ctx.source,
    request: ctx.request,
    prev: ctx.prev,
  };
}
// shared.js, by antipode schema: end
