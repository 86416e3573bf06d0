import { util } from '@aws-appsync/utils';
import { query } from '@aws-appsync/utils/dynamodb';

/**
 * The first hundred of a board's cards are looked at, by the index that cardsByBoard has.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  return query({
    index: 'byBoard',
    query: { boardId: { eq: ctx.args.boardId } },
    filter: { title: { contains: ctx.args.text } },
    limit: 100,
  });
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result.items;
}
