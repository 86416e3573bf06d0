import { util } from '@aws-appsync/utils';
import { scan } from '@aws-appsync/utils/dynamodb';

const DEFAULT_LIMIT = 100;
// DynamoDB reads at most 1 MB a page, whatever the limit; this bounds what one request may cost.
const MAXIMUM_LIMIT = 1000;

/** list<Model>: one page of this Region's replica. `limit` counts items before the filter. */
export function request(ctx) {
  const { filter, nextToken } = ctx.args;
  const limit = ctx.args.limit ?? DEFAULT_LIMIT;
  if (limit < 1) {
    util.error(`limit is ${limit}, must be at least 1`, 'BadRequest');
  }
  return scan({
    filter: conditions(filter),
    limit: Math.min(limit, MAXIMUM_LIMIT),
    nextToken,
    // Consistent, so that who subscribes first and then lists misses nothing announced before.
    consistentRead: true,
  });
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const { items, nextToken } = ctx.result;
  return { items, nextToken };
}

/** What a filter asks for, or undefined where that is nothing: DynamoDB takes no empty expression. */
function conditions(filter) {
  const asked = {};
  for (const [name, condition] of Object.entries(filter ?? {})) {
    if (Object.keys(condition ?? {}).length > 0) {
      asked[name] = condition;
    }
  }
  return Object.keys(asked).length > 0 ? asked : undefined;
}
