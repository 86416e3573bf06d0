import { util } from '@aws-appsync/utils';

// A day more than are told of, in which pages are read.
const SECONDS_KEPT = 8 * 86400;

/**
 * publish<Kind><Model> of a model with `sync`: keeps the change that it is given, and then returns it, as
 * publish.js does. What was announced is in the journal, by the time at which it was.
 *
 * A change that is announced once more is kept once more: who asks takes the highest sequence of an item.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const change = announced(ctx);
  const now = util.time.nowEpochMilliSeconds();
  // publishCreateCard, publishUpdateCard, publishDeleteCard: what is behind the kind is the model.
  const model = ctx.info.fieldName.slice('publishCreate'.length);
  const expires = Math.floor(now / 1000) + SECONDS_KEPT;
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({
      __bucket: bucket(model, now % 8),
      __at: `${digits(now)}#${change._change.id}`,
    }),
    // Fields of GraphQL's have no __ in front. Null is never stored, so that filters find what is missing.
    attributeValues: util.dynamodb.toMapValues({ ...withoutNulls(change), __expires: expires }),
  };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  if (ctx.error) {
    refuse(ctx.error);
  }
  return announced(ctx);
}

/**
 * Ends with an error that the relay tries again, whatever it is: what is not kept is not announced.
 * @param {{ type: string, message: string }} error
 */
function refuse(error) {
  const { message, type } = error;
  const lower = `${type} ${message}`.toLowerCase();
  const isThrottled = ['throttl', 'throughput', 'limitexceeded'].some((each) => lower.indexOf(each) >= 0);
  util.error(`the journal: ${message}`, isThrottled ? 'ThrottlingException' : 'InternalFailure');
}

// shared.js, by antipode schema: begin
/**
 * @param {unknown} value
 */
function isNone(value) {
  return value === null || value === undefined;
}

/**
 * @param {Record<string, any> | null | undefined} values
 */
function withoutNulls(values) {
  /** @type {Record<string, any>} */
  const given = {};
  for (const [name, value] of Object.entries(values ? values : {})) {
    if (!isNone(value)) {
      given[name] = value;
    }
  }
  return given;
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function identified(ctx) {
  return ctx.identity ? ctx.identity : {};
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function announced(ctx) {
  // An assumed role's username is its id and the session's name: AROA...:session.
  const { username } = identified(ctx);
  if (!username || !username.startsWith(`${ctx.env.RELAY_ROLE_ID}:`)) {
    util.unauthorized();
  }
  // AppSync hands AWSJSON over parsed, its guide says; a text would otherwise announce nulls.
  const { change } = ctx.args;
  return typeof change === 'string' ? JSON.parse(change) : change;
}

/**
 * @param {string} model as the relay's mutations have it
 * @param {number} number 0 to 7
 */
function bucket(model, number) {
  return `${model}#${'01234567'.split('')[number]}`;
}

/**
 * @param {number} milliseconds since 1970
 */
function digits(milliseconds) {
  const numerals = '0123456789'.split('');
  const powers = [1e12, 1e11, 1e10, 1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1];
  return powers.map((power) => numerals[Math.floor(milliseconds / power) % 10]).join('');
}
// shared.js, by antipode schema: end
