/**
 * Nothing is read for them.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const at = ctx.args.since || '2026-01-01T00:00:00.000Z';
  return {
    payload: [
      { id: 's', at, knots: 55, __typename: 'Storm' },
      { id: 'c', at, minutes: 10, __typename: 'Calm' },
    ],
  };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  return ctx.result;
}
