import { util } from '@aws-appsync/utils';

/**
 * The two cards as they are: a transaction writes what it is told, and reads nothing for it.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { one, other } = ctx.args;
  if (one === other) {
    util.error('a card cannot change places with itself', 'BadRequest');
  }
  const table = `${ctx.env.TABLE_PREFIX}Card`;
  return {
    operation: 'TransactGetItems',
    transactItems: [one, other].map((id) => ({ table, key: util.dynamodb.toMapValues({ id }) })),
  };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const [one, other] = ctx.result.items;
  if (!one || !other) {
    util.error('there is no such card', 'NotFound');
  }
  return { one, other };
}
