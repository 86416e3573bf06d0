import { util } from '@aws-appsync/utils';
import { remove } from '@aws-appsync/utils/dynamodb';

/** delete<Model>: removes the item and returns it as it was. */
export function request(ctx) {
  return remove({ key: { id: ctx.args.input.id } });
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  // Told by the result: AppSync takes a condition that fails on a missing item for a success.
  if (!ctx.result) {
    util.error(
      `there is no item with id ${ctx.args.input.id}`,
      'DynamoDB:ConditionalCheckFailedException',
    );
  }
  return ctx.result;
}
