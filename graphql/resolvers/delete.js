import { util } from '@aws-appsync/utils';
import { remove } from '@aws-appsync/utils/dynamodb';

/** delete<Model>: removes the item and returns it as it was. */
export function request(ctx) {
  return remove({
    key: { id: ctx.args.input.id },
    condition: { id: { attributeExists: true } },
  });
}

export function response(ctx) {
  if (ctx.error) {
    refuse(ctx);
  }
  return ctx.result;
}

function refuse(ctx) {
  const { type, message } = ctx.error;
  if (type === 'DynamoDB:ConditionalCheckFailedException') {
    util.error(`there is no item with id ${ctx.args.input.id}`, type);
  }
  util.error(message, type);
}
