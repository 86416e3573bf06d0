import { util } from '@aws-appsync/utils';
import { get } from '@aws-appsync/utils/dynamodb';

/** get<Model>: the item of this Region's replica, or null. The arguments are the key. */
export function request(ctx) {
  // Consistent, so that who subscribes first and then asks misses nothing that was announced before.
  return get({ key: ctx.args, consistentRead: true });
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
