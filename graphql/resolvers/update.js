import { util } from '@aws-appsync/utils';
import { operations, update } from '@aws-appsync/utils/dynamodb';

/** update<Model>: changes the fields of the input and leaves the others; null removes a field. */
export function request(ctx) {
  const { id, ...values } = ctx.args.input;
  return update({
    key: { id },
    update: {
      ...changes(values),
      updatedAt: util.time.nowISO8601(),
      // ADD, which counts from 0 where increment fails: on items written straight to the table.
      version: operations.add(1),
      updatedIn: ctx.env.REGION,
    },
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

function changes(values) {
  const changed = {};
  for (const [name, value] of Object.entries(values)) {
    changed[name] = value === null ? operations.remove() : operations.replace(value);
  }
  return changed;
}
