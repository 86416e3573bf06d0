import { util } from '@aws-appsync/utils';

// A request may take 30 seconds, so that what is being kept now may have a time as old; and once more for
// clocks that differ. https://docs.aws.amazon.com/general/latest/gr/appsync.html
const OVERLAP = 60 * 1000;
const MILLISECONDS_TOLD = 7 * 86400 * 1000;

/**
 * sync<Model>s: what this Region has announced since `lastSync`, page by page; without it, only where to
 * begin. Around eight steps (syncStep.js), each of which reads one partition of the journal.
 *
 * `startedAt` is `Card/eu-west-1/1A2B3C/1764187200000`: the model, the Region and the journal that it is
 * of, and the time to ask from. In `nextToken` that of the first page, what this answer began with, the
 * partition and DynamoDB's own token stand in the place of the time.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const { lastSync, nextToken } = ctx.args;
  const now = util.time.nowEpochMilliSeconds();
  const limit = limited(ctx.args.limit, null);
  const first = { items: [], limit, startedAt: digits(now - OVERLAP), partition: 0, token: null, isFull: false };
  if (!isNone(nextToken)) {
    const pieces = understood(ctx, 'nextToken', 7);
    const [startedAt, since, partition] = pieces.slice(3);
    const token = pieces.slice(6).join('/');
    refuseOld(ctx, pieces, since, now);
    return { ...first, startedAt, since, partition: JSON.parse(partition), token: token ? token : null };
  }
  if (!isNone(lastSync)) {
    const pieces = understood(ctx, 'lastSync', 4);
    refuseOld(ctx, pieces, pieces[3], now);
    return { ...first, since: pieces[3] };
  }
  return { ...first, partition: 8, isFull: true };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  const { items, startedAt, since, partition, token } = ctx.prev.result;
  const started = [...origin(ctx), startedAt].join('/');
  const rest = [started, since, '01234567'.split('')[partition], token ? token : ''].join('/');
  return { items, startedAt: started, nextToken: partition < 8 ? rest : null };
}

/**
 * What is asked for: the model, this Region and its journal, by the end of the table's name, which
 * CloudFormation chose.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {string[]}
 */
function origin(ctx) {
  const words = ctx.env.JOURNAL.split('-');
  return [modelOf(ctx).sync, ctx.env.REGION, words[words.length - 1]];
}

/**
 * The pieces of an argument that this query itself has answered with.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {'lastSync' | 'nextToken'} name
 * @param {number} least how many there are
 * @returns {string[]}
 */
function understood(ctx, name, least) {
  const pieces = ctx.args[name].split('/');
  const time = '^[1-9][0-9]{12}$';
  const [startedAt, since, partition] = [...pieces, '', '', ''].slice(3);
  const isNext = name === 'nextToken';
  const isOurs = pieces[0] === modelOf(ctx).sync && pieces.length >= least && util.matches(time, startedAt);
  if (!isOurs || (isNext && !(util.matches(time, since) && util.matches('^[0-7]$', partition)))) {
    const instead = isNext ? 'ask for the first page, without it' : 'ask without it, and read the list';
    util.error(`${name} is none that ${ctx.info.fieldName} has answered with: ${instead}`, 'BadRequest');
  }
  return pieces;
}

/**
 * Refuses to tell of what is not kept here, or not any more.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string[]} pieces
 * @param {string} since
 * @param {number} now
 */
function refuseOld(ctx, pieces, since, now) {
  const [, region, journal] = origin(ctx);
  if (pieces[1] !== region || pieces[2] !== journal || JSON.parse(since) < now - MILLISECONDS_TOLD) {
    util.error(
      `what was missed is not known: ${region} tells of 7 days, and of no other Region's. Ask ` +
        `${ctx.info.fieldName} without lastSync, read the list, and go on from that startedAt`,
      'SyncExpired',
    );
  }
}

// shared.js, by antipode schema: begin
/**
 * @param {unknown} value
 */
function isNone(value) {
  return value === null || value === undefined;
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function worded(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function modelOf(ctx) {
  const field = ctx.info.fieldName;
  return modelIn(listedModels(ctx).find((each) => each.names.slice(1).includes(field)), field);
}

/**
 * @param {{ names: string[], json: string } | undefined} entry
 * @param {string} sought
 * @returns {Record<string, any>}
 */
function modelIn(entry, sought) {
  if (!entry) {
    util.error(`the API's environment does not know ${sought}: deploy the stack again`, 'InternalFailure');
  }
  return { name: entry.names[0], ...JSON.parse(entry.json) };
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {{ names: string[], json: string }[]}
 */
function listedModels(ctx) {
  const numbers = '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20'.split(' ');
  const more = '21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40'.split(' ');
  const pieces = [...numbers, ...more].map((number) => ctx.env[`MODELS_${number}`]);
  const texts = pieces.filter((each) => !isNone(each)).map((each) => each.slice(1));
  return texts
    .join('')
    .split(';')
    .map((each) => {
      const end = each.indexOf('=');
      return { names: each.slice(0, end).split(','), json: each.slice(end + 1) };
    });
}

/**
 * @param {number | null | undefined} limit
 * @param {number | null | undefined} otherwise
 */
function limited(limit, otherwise) {
  const preset = otherwise ? otherwise : 100;
  const wanted = isNone(limit) ? preset : limit;
  if (wanted < 1) {
    util.error(`limit is ${worded(wanted)}, and must be at least 1`, 'BadRequest');
  }
  // DynamoDB reads at most 1 MB a page, whatever the limit; this bounds what one request may cost.
  return Math.min(wanted, 1000);
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
