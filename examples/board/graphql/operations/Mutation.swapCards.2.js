import { util } from '@aws-appsync/utils';

/**
 * Both are written, or neither is where one has changed since it was read.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { one, other } = ctx.prev.result;
  return {
    operation: 'TransactWriteItems',
    transactItems: [move(ctx, one, other), move(ctx, other, one)],
  };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    util.error('a card has changed meanwhile: try again', 'Conflict');
  }
  const { one, other } = ctx.prev.result;
  return [moved(one, other), moved(other, one)];
}

/**
 * A card in the other's place, as updateCard would write it. Nothing is told of a card that fails.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} card
 * @param {Record<string, any>} other
 */
function move(ctx, card, other) {
  const { id, version } = card;
  const { column, position } = other;
  const change = updateItem(ctx, modelNamed(ctx, 'Card'), { id, column, position }, { version: { eq: version } });
  return { table: `${ctx.env.TABLE_PREFIX}Card`, ...change };
}

/**
 * @param {Record<string, any>} card
 * @param {Record<string, any>} other
 */
function moved(card, other) {
  return { ...card, column: other.column, position: other.position, version: card.version + 1 };
}

// shared.js, by antipode schema: begin
// shared.js, by antipode schema: end
