import { query } from '@aws-appsync/utils/dynamodb';

/**
 * A station's measures, and a storm where it is cold.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  return query({ index: 'byStation', query: { station: { eq: ctx.args.station } } });
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  const found = ctx.result.items.map((item) => ({ ...item, __typename: 'Measure' }));
  const cold = ctx.result.items.filter((item) => item.celsius < 0);
  const storms = cold.map(({ id, at }) => ({ id, at, knots: 40, __typename: 'Storm' }));
  return [...found, ...storms];
}
