import { util } from '@aws-appsync/utils';

/**
 * Of the card that stands above it, in a query as in an announcement.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { due } = ctx.source;
  const today = util.time.nowISO8601().slice(0, 10);
  return { payload: due ? due < today : null };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  return ctx.result;
}
