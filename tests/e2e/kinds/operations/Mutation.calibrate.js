import { util } from '@aws-appsync/utils';

/**
 * As updateMeasure would: announced in every Region.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  return updateItem(ctx, modelNamed(ctx, 'Measure'), ctx.args.input);
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
