import { util } from '@aws-appsync/utils';

/**
 * Around the steps of an operation of the user's own: nobody calls it whom its @auth or, with a token, its
 * @scope does not let in. The authorizer denies it the field too, which AppSync documents to make the
 * answer null, and not to keep the resolver from running.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function request(ctx) {
  const type = ctx.info.parentTypeName;
  if (type === 'Query' || type === 'Mutation') {
    refuseUnscoped(ctx);
    refuseUncalled(ctx);
  }
  return {};
}

/**
 * Refuses whom the operation's rules do not let in or, without any, those of a model that it reads or
 * writes: whatever they are for.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
function refuseUncalled(ctx) {
  const { rules, of } = operationOf(ctx);
  admitted(ctx, rules, '');
  for (const name of of ? of : []) {
    admitted(ctx, modelNamed(ctx, name).rules, '');
  }
}

/** @param {import('@aws-appsync/utils').Context} ctx */
export function response(ctx) {
  const { model, many } = operationOf(ctx);
  const { result } = ctx.prev;
  if (!model || isNone(result)) {
    return result;
  }
  // Of a model with rules the items that the caller may read.
  const its = modelNamed(ctx, model);
  return many ? result.filter((each) => readable(ctx, its, each)) : readable(ctx, its, result);
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
 */
function refuseUnscoped(ctx) {
  const scope = authorized(ctx).scope;
  if (!isNone(scope)) {
    const entry = listedModels(ctx).find((each) => each.names[0] === '-');
    const needed = entry ? JSON.parse(entry.json)[`${ctx.info.parentTypeName}.${ctx.info.fieldName}`] : null;
    const opening = needed ? [needed, `items:${needed.split(':')[1]}`] : [];
    if (!scope.split(' ').some((each) => opening.includes(each))) {
      util.unauthorized();
    }
  }
}

/**
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
function operationOf(ctx) {
  const entry = listedModels(ctx).find((each) => each.names[0] === '!');
  const found = entry ? JSON.parse(entry.json)[`${ctx.info.parentTypeName}.${ctx.info.fieldName}`] : null;
  return found ? found : {};
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
 * @param {Record<string, any>} its
 * @param {Record<string, any> | null | undefined} item
 */
function readable(ctx, its, item) {
  const { all, ways } = admission(ctx, its.rules, 'g');
  return item && (all || opens(ways, item)) ? item : null;
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
