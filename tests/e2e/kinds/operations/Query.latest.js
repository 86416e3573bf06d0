import { query } from '@aws-appsync/utils/dynamodb';

/**
 * The last measure of a station, by its index.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { station } = ctx.args;
  return query({
    index: 'byStation',
    query: { station: { eq: station } },
    scanIndexForward: false,
    limit: 1,
  });
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  return ctx.result.items.length > 0 ? ctx.result.items[0] : null;
}
