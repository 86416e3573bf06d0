import { util } from '@aws-appsync/utils';

/**
 * As updateTodo would, with one field: the version is counted and the stamps are set.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  return updateItem(ctx, modelNamed(ctx, 'Todo'), { id: ctx.args.id, done: true });
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}

// shared.js, by antipode schema: begin
// shared.js, by antipode schema: end
