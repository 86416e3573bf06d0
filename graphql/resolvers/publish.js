import { util } from '@aws-appsync/utils';

/**
 * publish<Kind><Model>: returns the change that it is given, and so announces it. Nothing is stored.
 *
 * `@aws_iam` on the field lets in whoever may call the API with IAM; only the relay may announce.
 */
export function request(ctx) {
  // An assumed role's username is its id and the session's name: AROA...:session.
  if (!(ctx.identity?.username ?? '').startsWith(`${ctx.env.RELAY_ROLE_ID}:`)) {
    util.unauthorized();
  }
  return { payload: parsed(ctx.args.change) };
}

export function response(ctx) {
  return ctx.result;
}

/** AppSync hands AWSJSON over parsed, its guide says; a string would otherwise announce nulls. */
function parsed(change) {
  return typeof change === 'string' ? JSON.parse(change) : change;
}
