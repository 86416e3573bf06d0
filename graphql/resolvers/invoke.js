import { util } from '@aws-appsync/utils';

/**
 * A field whose value a function finds: @function.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  return { operation: 'Invoke', payload: eventOf(ctx) };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type, ctx.result);
  }
  return ctx.result;
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
