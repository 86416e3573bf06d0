import { util } from '@aws-appsync/utils';

/**
 * A field that has rules of its own: its value, for whom they let in. Announcements are without it.
 * @param {import('@aws-appsync/utils').Context} _ctx
 */
export function request(_ctx) {
  return { payload: null };
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  const model = modelNamed(ctx, ctx.info.parentTypeName);
  refuseUnread(ctx, model.guarded[ctx.info.fieldName]);
  return ctx.source[ctx.info.fieldName];
}

// shared.js, by antipode schema: begin
/**
 * @param {unknown} value
 */
function isNone(value) {
  return value === null || value === undefined;
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} name
 * @returns {Record<string, any>}
 */
function modelNamed(ctx, name) {
  return modelIn(listedModels(ctx).find((each) => each.names[0] === name), name);
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
 * @param {any[]} values
 */
function distinct(values) {
  const members = [];
  for (const each of values) {
    if (!isNone(each) && !members.includes(each)) {
      members.push(each);
    }
  }
  return members;
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>[]} rules
 */
function refuseUnread(ctx, rules) {
  const { all, ways } = admitted(ctx, rules, 'g');
  if (!all && !opens(ways, ctx.source)) {
    util.unauthorized();
  }
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>[] | null | undefined} rules of a model, a field or an operation; without
 *   any whoever signs in may
 * @param {string} operation its letter: create, update, delete, get, list, or s for subscribe; none for
 *   whatever rules let do
 * @returns {{ all: boolean, ways: { field: string, values: string[], many: boolean }[] }}
 */
function admitted(ctx, rules, operation) {
  const found = admission(ctx, rules, operation);
  if (!found.all && found.ways.length === 0) {
    util.unauthorized();
  }
  return found;
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>[] | null | undefined} rules
 * @param {string} operation
 */
function admission(ctx, rules, operation) {
  /** @type {{ field: string, values: string[], many: boolean }[]} */
  const ways = [];
  let all = isNone(rules);
  const theirs = (rules ? rules : []).filter((rule) => isFor(rule, operation));
  for (const rule of theirs) {
    if (rule.owner) {
      ways.push({ field: rule.owner, values: namesOf(ctx, rule.claim), many: !!rule.many });
    } else if (rule.groupsField) {
      ways.push({ field: rule.groupsField, values: groupsOf(ctx, rule.claim), many: !!rule.many });
    } else if (rule.groups) {
      const groups = groupsOf(ctx, rule.claim);
      all = all || rule.groups.some((each) => groups.includes(each));
    } else {
      all = true;
    }
  }
  return { all, ways: ways.filter((way) => way.values.length > 0) };
}

/**
 * @param {Record<string, any>} rule
 * @param {string} operation
 */
function isFor(rule, operation) {
  /** @type {Record<string, string>} */
  const modes = {
    'API Key Authorization': 'K',
    'Lambda Authorization': 'L',
    'User Pool Authorization': 'U',
    'Open ID Connect Authorization': 'O',
    'IAM Authorization': 'I',
  };
  const mode = modes[util.authType()];
  return !!mode && rule.by.includes(mode) && (isNone(rule.do) || rule.do.includes(operation));
}

/**
 * @param {{ field: string, values: string[], many: boolean }[]} ways
 * @param {Record<string, any>} item
 */
function opens(ways, item) {
  return ways.some(({ field, values, many }) => {
    const value = item[field];
    // A list alone has members: a text has parts, and whoever wrote past the API may have left one.
    const members = many && !isNone(value) && typeof value !== 'string' ? value : [];
    return many ? values.some((each) => members.includes(each)) : values.includes(value);
  });
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string | null | undefined} claim
 * @returns {string[]}
 */
function namesOf(ctx, claim) {
  const parts = isNone(claim) ? ['sub'] : claim.split('::');
  const values = parts.map((part) => (part === 'sub' ? callerOf(ctx) : claimed(ctx, part)));
  const known = values.filter((each) => typeof each === 'string' && each.length > 0);
  const whole = parts.length > 1 && known.length === parts.length ? [known.join('::')] : [];
  return distinct([...whole, ...known]);
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string | null | undefined} claim
 * @returns {string[]}
 */
function groupsOf(ctx, claim) {
  const { resolverContext } = identified(ctx);
  const value = claimed(ctx, isNone(claim) ? 'cognito:groups' : claim);
  if (isNone(value) || value === '') {
    return [];
  }
  if (resolverContext) {
    return typeof value === 'string' && value.startsWith('[') ? JSON.parse(value) : [];
  }
  const listed = JSON.stringify(value).startsWith('[') ? value : [value];
  return listed.filter((each) => typeof each === 'string' && each.length > 0);
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} claim
 * @returns {any}
 */
function claimed(ctx, claim) {
  const { claims, resolverContext, username } = identified(ctx);
  const said = resolverContext ? resolverContext : claims;
  const value = said ? said[claim] : null;
  // A user pool's token has it by one name or the other; AppSync knows both.
  return isNone(value) && claim === 'username' && claims ? username : value;
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {string | null}
 */
function callerOf(ctx) {
  const { sub, cognitoIdentityId, username } = identified(ctx);
  const names = [sub, authorized(ctx).sub, cognitoIdentityId, username].filter(
    (each) => !isNone(each),
  );
  return names.length > 0 ? names[0] : null;
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function authorized(ctx) {
  const { resolverContext } = identified(ctx);
  return resolverContext ? resolverContext : {};
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function identified(ctx) {
  return ctx.identity ? ctx.identity : {};
}
// shared.js, by antipode schema: end
