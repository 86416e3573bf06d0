import { util } from '@aws-appsync/utils';
import { put } from '@aws-appsync/utils/dynamodb';

/** create<Model>: a new item, with an id of its own making where the input has none. */
export function request(ctx) {
  const { id, ...values } = ctx.args.input;
  const now = util.time.nowISO8601();
  return put({
    key: { id: id ?? util.autoId() },
    item: {
      ...withoutNulls(values),
      createdAt: now,
      updatedAt: now,
      version: 1,
      updatedIn: ctx.env.REGION,
    },
    // Holds in this Region alone: another may create the same id in the same moment.
    condition: { id: { attributeExists: false } },
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
    util.error(`an item with id ${ctx.args.input.id} exists already`, type);
  }
  util.error(message, type);
}

/** A null is no value: the attribute stays away, as it does when an update sets it to null. */
function withoutNulls(values) {
  const set = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== null) {
      set[name] = value;
    }
  }
  return set;
}
