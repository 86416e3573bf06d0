import { util } from '@aws-appsync/utils';

/**
 * As updateCard would, with these two fields: the version is counted, the stamps are set, and the relay
 * announces the card in every Region.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { id, column, position } = ctx.args;
  return updateItem(ctx, modelNamed(ctx, 'Card'), { id, column, position });
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
