import { util } from '@aws-appsync/utils';
import { remove } from '@aws-appsync/utils/dynamodb';

/** delete<Model>: removes the item and returns it as it was. The input is the key. */
export function request(ctx) {
  return remove({ key: ctx.args.input });
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  // Told by the result: AppSync takes a condition that fails on a missing item for a success.
  if (!ctx.result) {
    util.error(
      `there is no item with ${named(ctx.args.input)}`,
      'DynamoDB:ConditionalCheckFailedException',
    );
  }
  return ctx.result;
}

/** A key in words: `id a`, or `customer a and number 7`. */
function named(key) {
  return Object.entries(key)
    .map(([name, value]) => `${name} ${value}`)
    .join(' and ');
}
