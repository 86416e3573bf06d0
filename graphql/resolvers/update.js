import { util } from '@aws-appsync/utils';
import { operations, update } from '@aws-appsync/utils/dynamodb';

/** update<Model>: changes the fields of the input and leaves the others; null removes a field. */
export function request(ctx) {
  const { id, ...values } = ctx.args.input;
  return counted(
    update({
      key: { id },
      update: {
        ...changes(values),
        updatedAt: util.time.nowISO8601(),
        updatedIn: ctx.env.REGION,
      },
      condition: { id: { attributeExists: true } },
    }),
  );
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

/**
 * The request with `version` one up. By DynamoDB's ADD, which counts from 0 where an item that was
 * written straight to the table has none. The module cannot say that: its `add` sets a value, and
 * its `increment` fails on an attribute that is missing.
 */
function counted(request) {
  const { expression, expressionNames, expressionValues } = request.update;
  return {
    ...request,
    update: {
      expression: `${expression} ADD #version :one`,
      expressionNames: { ...expressionNames, '#version': 'version' },
      expressionValues: { ...expressionValues, ':one': util.dynamodb.toNumber(1) },
    },
  };
}
