/** @param {import('@aws-appsync/utils').Context} ctx */
export function request(ctx) {
  return { payload: `first, of ${ctx.env.REGION}` };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  return ctx.result;
}
