// What several resolvers share. AppSync takes a resolver as one file, so `antipode schema` copies
// into each what it calls, between two comments; `antipode schema --check` compares the copies.
//
// APPSYNC_JS is no JavaScript engine: null and undefined are one to it, `??` evaluates both sides, a
// number joined with a text has come out as "null", no function may call itself, and a loop ends
// without a word after 1,000 items. Nothing here rests on any of that.
import { util } from '@aws-appsync/utils';

/**
 * Whether there is no value.
 * @param {unknown} value
 */
export function isNone(value) {
  return value === null || value === undefined;
}

/**
 * The values that there are.
 * @param {Record<string, any> | null | undefined} values
 */
export function withoutNulls(values) {
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
 * A value as a text.
 * @param {unknown} value
 * @returns {string}
 */
export function worded(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * The model of a field of Query, Mutation or Subscription.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
export function modelOf(ctx) {
  const field = ctx.info.fieldName;
  return modelIn(listedModels(ctx).find((each) => each.names.slice(1).includes(field)), field);
}

/**
 * The model of this name.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} name
 * @returns {Record<string, any>}
 */
export function modelNamed(ctx, name) {
  return modelIn(listedModels(ctx).find((each) => each.names[0] === name), name);
}

/**
 * What an entry of the environment says of its model.
 * @param {{ names: string[], json: string } | undefined} entry
 * @param {string} sought
 * @returns {Record<string, any>}
 */
export function modelIn(entry, sought) {
  if (!entry) {
    util.error(`the API's environment does not know ${sought}: deploy the stack again`, 'InternalFailure');
  }
  return { name: entry.names[0], ...JSON.parse(entry.json) };
}

/**
 * The models that the API's environment lists: `Card,getCard,listCards={"key":["id"]};...`, the name of
 * the type before those of its fields, cut into variables of which each begins with a semicolon.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {{ names: string[], json: string }[]}
 */
export function listedModels(ctx) {
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
 * The relation that a field of a type reads: the related model, the key to read it by (of the index,
 * where there is one) and the values of that key's first fields.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
export function relationOf(ctx) {
  const { relations, guarded } = modelNamed(ctx, ctx.info.parentTypeName);
  const relation = relations[ctx.info.fieldName];
  const rules = guarded ? guarded[ctx.info.fieldName] : null;
  if (rules) {
    refuseUnread(ctx, rules);
  }
  const related = modelNamed(ctx, relation.model);
  return {
    model: related,
    index: relation.index ? relation.index[0] : null,
    key: relation.index ? relation.index.slice(1) : related.key,
    values: relation.by.map((field) => ctx.source[field]),
    limit: relation.limit,
  };
}

/**
 * The attribute that holds the sort key: of several fields one text, named `sentAt#sender`.
 * @param {string[]} fields
 */
export function sortAttribute(fields) {
  return fields.join('#');
}

/**
 * The value of that attribute.
 * @param {any[]} values of the fields, in the same order
 */
export function sortValue(values) {
  return values.length === 1 ? values[0] : values.map((each) => worded(each)).join('#');
}

/**
 * The attributes of the table's key.
 * @param {string[]} fields of the key
 * @param {any[]} values of these fields
 * @returns {Record<string, any>}
 */
export function keyOf(fields, values) {
  const partition = { [fields[0]]: values[0] };
  return fields.length > 1
    ? { ...partition, [sortAttribute(fields.slice(1))]: sortValue(values.slice(1)) }
    : partition;
}

/**
 * The condition that the first fields of a key have these values.
 * @param {string[]} fields of the key
 * @param {any[]} values
 * @returns {Record<string, any>}
 */
export function keyed(fields, values) {
  const sorts = fields.slice(1);
  const given = values.slice(1);
  const partition = { [fields[0]]: { eq: values[0] } };
  if (given.length === 0) {
    return partition;
  }
  const sort = sortValue(given);
  // What is joined to it begins after a #, so that `DE` is not taken for the beginning of `DEN`.
  const condition = given.length === sorts.length ? { eq: sort } : { beginsWith: `${worded(sort)}#` };
  return { ...partition, [sortAttribute(sorts)]: condition };
}

/**
 * The composite sort keys of a model's indexes: each the name of the index, and the fields.
 * @param {Record<string, any>} its
 * @returns {{ name: string, fields: string[] }[]}
 */
export function composites(its) {
  const own = sortAttribute(its.key.slice(1));
  const indexes = Object.values(its.indexes ? its.indexes : {});
  const sorted = indexes.map((index) => ({ name: index[0], fields: index.slice(2) }));
  return sorted.filter(({ fields }) => fields.length > 1 && sortAttribute(fields) !== own);
}

/**
 * The request that makes a new item of a model, with an id of its own making where the input has none, with
 * the defaults of what it leaves out, and with its stamps. Nulls are left out.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} model as modelNamed(ctx, 'Card') finds it
 * @param {Record<string, any>} input
 * @param {Record<string, any> | null} [condition] as clients write it, beside that the item is not there
 */
export function createItem(ctx, model, input, condition) {
  const item = {
    ...(model.makesId && isNone(input.id) ? { id: util.autoId() } : {}),
    ...model.defaults,
    // A null is no value: the attribute stays away, as it does when an update sets it to null.
    ...withoutNulls(settled(model, owned(ctx, model, input))),
    ...stamps(ctx, model, input),
  };
  refuseUnadmitted(ctx, model, input, item);
  refuseInvalid(model, input);
  const key = keyOf(model.key, model.key.map((field) => item[field]));
  const attributes = { ...item, ...sorted(model, item) };
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues(key),
    attributeValues: stored(model, outside(key, attributes)),
    // Holds in this Region alone: another may create the same item in the same moment.
    condition: expressed(
      [{ [model.key[0]]: { eq: null } }, condition ? condition : {}],
      'i',
      'condition',
    ),
  };
}

/**
 * What every item is created with. A client whose input has the timestamps may give them.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} model
 * @param {Record<string, any>} input
 */
export function stamps(ctx, model, input) {
  /** @type {Record<string, any>} */
  const stamped = { ...(model.ownVersion ? {} : { version: 1 }), updatedIn: ctx.env.REGION };
  for (const name of timestamps(model)) {
    if (name && isNone(input[name])) {
      stamped[name] = util.time.nowISO8601();
    }
  }
  return stamped;
}

/**
 * The composite sort keys of the indexes: an item that lacks a part of one is not in that index.
 * @param {Record<string, any>} model
 * @param {Record<string, any>} item
 */
export function sorted(model, item) {
  /** @type {Record<string, any>} */
  const attributes = {};
  for (const { fields } of composites(model)) {
    if (fields.every((field) => !isNone(item[field]))) {
      attributes[sortAttribute(fields)] = sortValue(fields.map((field) => item[field]));
    }
  }
  return attributes;
}

/**
 * The attributes that are none of the key's.
 * @param {Record<string, any>} key
 * @param {Record<string, any>} attributes
 */
export function outside(key, attributes) {
  /** @type {Record<string, any>} */
  const others = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (isNone(key[name])) {
      others[name] = value;
    }
  }
  return others;
}

/**
 * The request that changes an item of a model: its key, and the fields to change, of which null removes one.
 * It counts the version one up and stamps the rest.
 *
 * It is written out here: the module's own `update` cannot count as DynamoDB's ADD does, from 0 where an item
 * that was written straight to the table has no version.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} model as modelNamed(ctx, 'Card') finds it
 * @param {Record<string, any>} input
 * @param {Record<string, any> | null} [condition] as clients write it, beside that the item is there
 * @param {Record<string, any> | null} [add] to numbers and sets
 */
export function updateItem(ctx, model, input, condition, add) {
  const added = withoutNulls(settled(model, add ? add : {}));
  const conditions = changeable(ctx, model, settled(model, input), added);
  refuseInvalid(model, input);
  refuseTwice(input, added);
  const changes = changed(ctx, model, settled(model, input));
  const { set, removed } = withComposites(model, input, changes);
  const values = model.key.map((field) => input[field]);
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues(keyOf(model.key, values)),
    update: updating(stored(model, set), removed, stored(model, added), !model.ownVersion),
    condition: expressed(
      [
        { [model.key[0]]: { ne: null } },
        ...conditions,
        ...bounds(model, added),
        condition ? condition : {},
      ],
      'i',
      'condition',
    ),
  };
}

/**
 * The fields that are set, with their stamps, and those that are removed. A client whose input has the
 * timestamps may give them.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} model
 * @param {Record<string, any>} input
 */
export function changed(ctx, model, input) {
  /** @type {Record<string, any>} */
  const set = {};
  const removed = [];
  const updatedAt = timestamps(model)[1];
  for (const [name, value] of Object.entries(input)) {
    if (!isNone(value) && !model.key.includes(name)) {
      set[name] = value;
    } else if (isNone(value) && name !== updatedAt) {
      refuseRequired(model, name);
      removed.push(name);
    }
  }
  if (updatedAt && isNone(input[updatedAt])) {
    set[updatedAt] = util.time.nowISO8601();
  }
  set.updatedIn = ctx.env.REGION;
  return { set, removed };
}

/**
 * Refuses to remove what the model requires, as a client would that declares a variable for each field
 * and gives a few: AppSync makes nulls of the others.
 * @param {Record<string, any>} model
 * @param {string} name
 */
export function refuseRequired(model, name) {
  const required = model.required ? model.required : [];
  if (required.includes(name)) {
    util.error(
      `${name} is null, and ${model.name} requires it: leave it out to keep its value`,
      'BadRequest',
    );
  }
}

/**
 * The changes, with those of the composite sort keys of indexes. Such a key is written anew where one of
 * its parts is, which needs all of them, but those of the item's own key; it is removed with a part.
 * @param {Record<string, any>} model
 * @param {Record<string, any>} input
 * @param {{ set: Record<string, any>, removed: string[] }} changes
 */
export function withComposites(model, input, changes) {
  const set = { ...changes.set };
  const removed = [...changes.removed];
  for (const { name, fields } of composites(model)) {
    const parts = { ...input, ...changes.set };
    const missing = fields.filter((field) => isNone(parts[field]));
    const attribute = sortAttribute(fields);
    if (missing.some((field) => changes.removed.includes(field))) {
      if (!removed.includes(attribute)) {
        removed.push(attribute);
      }
    } else if (fields.some((field) => !isNone(changes.set[field]))) {
      refuseMissing(name, missing);
      set[attribute] = sortValue(fields.map((field) => parts[field]));
    }
  }
  return { set, removed };
}

/**
 * In Amplify's words.
 * @param {string} index
 * @param {string[]} missing
 */
export function refuseMissing(index, missing) {
  if (missing.length > 0) {
    util.error(
      `When updating any part of the composite sort key for @index '${index}', you must provide all fields for the key. Missing key: '${missing[0]}'.`,
      'BadRequest',
    );
  }
}

/**
 * The values, of a set without nulls and doubles, which DynamoDB refuses; an empty set is none.
 * @param {Record<string, any>} model
 * @param {Record<string, any>} values
 */
export function settled(model, values) {
  /** @type {Record<string, any>} */
  const all = { ...values };
  let size = 0;
  for (const name of Object.keys(model.sets ? model.sets : {})) {
    if (!isNone(values[name])) {
      size += values[name].length;
      if (size > 300) {
        util.error(`${name} has more values than can be written to sets at once: write 300 at a time`, 'BadRequest');
      }
      const members = distinct(values[name]);
      all[name] = members.length > 0 ? members : null;
    }
  }
  return all;
}

/**
 * The values of a list, each once. AppSync would end the loop over a list of a thousand in its middle.
 * @param {any[]} values
 */
export function distinct(values) {
  const members = [];
  for (const each of values) {
    if (!isNone(each) && !members.includes(each)) {
      members.push(each);
    }
  }
  return members;
}

/**
 * The attributes as DynamoDB keeps them: those of @set as sets.
 * @param {Record<string, any>} model
 * @param {Record<string, any>} values
 */
export function stored(model, values) {
  /** @type {Record<string, any>} */
  const attributes = {};
  for (const [name, value] of Object.entries(values)) {
    const type = model.sets ? model.sets[name] : null;
    if (type) {
      attributes[name] = type === 'N' ? util.dynamodb.toNumberSet(value) : util.dynamodb.toStringSet(value);
    } else {
      attributes[name] = util.dynamodb.toDynamoDB(value);
    }
  }
  return attributes;
}

/**
 * Refuses a field that is both written and added to, as DynamoDB does in words of its own.
 * @param {Record<string, any>} input
 * @param {Record<string, any>} added
 */
export function refuseTwice(input, added) {
  const twice = Object.keys(added).filter((name) => Object.keys(input).includes(name));
  if (twice.length > 0) {
    util.error(`${twice[0]} is in input and in add: it is either written or added to`, 'BadRequest');
  }
}

/**
 * The conditions that what is added to stays an Int, without which nobody could read it.
 * @param {Record<string, any>} model
 * @param {Record<string, any>} added
 */
export function bounds(model, added) {
  const names = (model.ints ? model.ints : []).filter((name) => !isNone(added[name]));
  return names.map((name) => {
    const most = added[name] > 0 ? { le: 2147483647 - added[name] } : { ge: -2147483648 - added[name] };
    return { or: [{ [name]: { eq: null } }, { [name]: most }] };
  });
}

/**
 * The expression that sets and removes these attributes, adds to others and counts the version one up,
 * where it is not the type's own.
 * @param {Record<string, any>} set as DynamoDB keeps them
 * @param {string[]} removed
 * @param {Record<string, any>} added as DynamoDB keeps them
 * @param {boolean} counts whether the version is the resolvers' to count
 */
export function updating(set, removed, added, counts) {
  /** @type {Record<string, string>} */
  const expressionNames = counts ? { '#version': 'version' } : {};
  /** @type {Record<string, any>} */
  const expressionValues = counts ? { ':one': util.dynamodb.toNumber(1) } : {};
  const assigned = [];
  const gone = [];
  const more = [];
  for (const [name, value] of Object.entries(set)) {
    const place = placeholder('s', assigned.length);
    expressionNames[`#${place}`] = name;
    expressionValues[`:${place}`] = value;
    assigned.push(`#${place} = :${place}`);
  }
  for (const name of removed) {
    const place = placeholder('r', gone.length);
    expressionNames[`#${place}`] = name;
    gone.push(`#${place}`);
  }
  for (const [name, value] of Object.entries(added)) {
    const place = placeholder('a', more.length);
    expressionNames[`#${place}`] = name;
    expressionValues[`:${place}`] = value;
    more.push(`#${place} :${place}`);
  }
  const removal = gone.length > 0 ? ` REMOVE ${gone.join(', ')}` : '';
  const sums = [...(counts ? ['#version :one'] : []), ...more];
  const addition = sums.length > 0 ? ` ADD ${sums.join(', ')}` : '';
  return {
    expression: `SET ${assigned.join(', ')}${removal}${addition}`,
    expressionNames,
    expressionValues,
  };
}

/**
 * The names of the two timestamps of a model, null where it has none.
 * @param {Record<string, any>} its
 * @returns {(string | null)[]}
 */
export function timestamps(its) {
  return its.times ? its.times : ['createdAt', 'updatedAt'];
}

/**
 * Refuses values that the model's @validate does not let pass, in its words or Amplify's.
 * @param {Record<string, any>} its
 * @param {Record<string, any>} input
 */
export function refuseInvalid(its, input) {
  for (const [field, checks] of Object.entries(its.checks ? its.checks : {})) {
    for (const [type, value, words] of isNone(input[field]) ? [] : checks) {
      if (!passes(type, input[field], value)) {
        const otherwise = `Field ${field} of type ${its.name} must ${demand(type)} ${value}`;
        util.error(words ? words : otherwise, 'BadRequest');
      }
    }
  }
}

/**
 * Whether a value passes one check of @validate.
 * @param {string} type
 * @param {any} given
 * @param {string} value
 * @returns {boolean}
 */
export function passes(type, given, value) {
  if (type === 'startsWith') {
    return given.startsWith(value);
  }
  if (type === 'endsWith') {
    return given.endsWith(value);
  }
  if (type === 'matches') {
    return util.matches(value, given);
  }
  const bound = JSON.parse(value);
  const size = type === 'minLength' || type === 'maxLength' ? given.length : given;
  if (type === 'gt' || type === 'lt') {
    return type === 'gt' ? size > bound : size < bound;
  }
  return type === 'gte' || type === 'minLength' ? size >= bound : size <= bound;
}

/**
 * What a check demands, in Amplify's words.
 * @param {string} type
 */
export function demand(type) {
  /** @type {Record<string, string>} */
  const words = {
    gt: 'be greater than',
    gte: 'be greater than or equal to',
    lt: 'be less than',
    lte: 'be less than or equal to',
    minLength: 'have a minimum length of',
    maxLength: 'have a maximum length of',
    startsWith: 'start with',
    endsWith: 'end with',
    matches: 'match',
  };
  return words[type];
}

/**
 * The key in an input, in words: `id a`, or `customer a and number 7`.
 * @param {Record<string, any>} its the model
 * @param {Record<string, any>} input
 */
export function named(its, input) {
  const fields = its.key.filter((field) => !isNone(input[field]));
  return fields.map((field) => `${field} ${worded(input[field])}`).join(' and ');
}

/**
 * The item that a request has written. With LogChanges=true the API's log is told which write it was, by what
 * its announcements and the relay's log have of it, too; AppSync puts the request's id in front.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function written(ctx) {
  const item = ctx.result;
  if (ctx.env.LOG_CHANGES === 'true') {
    const its = modelOf(ctx);
    const given = ctx.request ? ctx.request.headers['x-amzn-trace-id'] : null;
    const trace = isNone(given) ? 'none' : given;
    console.log(
      `change written: ${its.name}, version ${worded(item.version)} in ${item.updatedIn}, trace ${trace}, ${named(its, item)}`,
    );
  }
  return item;
}

/**
 * What a failed condition means: what is said of the item or, if the client has a condition of its own,
 * that. Which of them is not told: the item may be another owner's.
 * @param {string} said
 * @param {Record<string, any> | null | undefined} condition
 */
export function unmet(said, condition) {
  return isNone(condition)
    ? said
    : `The conditional request failed: ${said}, or the condition does not hold`;
}

/**
 * These filters together as one expression of DynamoDB's; null where they ask for nothing. What asks for
 * nothing (`{}`, `or: []`, `lt: null`) is left out, wherever it stands. `eq: null` asks for what is not
 * there, and `ne: null` for what is.
 *
 * No two placeholders are the same, whatever the fields are called: they are numbered, in letters, and
 * begin with the mark of their expression.
 * @param {Record<string, any>[]} filters
 * @param {string} mark a letter
 * @param {string} what the name of the argument, for errors
 * @returns {any}
 */
export function expressed(filters, mark, what) {
  const { groups, comparisons } = unnested(filters, what);
  /** @type {Record<string, string>} */
  const expressionNames = {};
  /** @type {Record<string, any>} */
  let expressionValues = {};
  let operators = 0;
  for (const each of comparisons) {
    const place = placeholder(mark, Object.keys(expressionNames).length);
    expressionNames[`#${place}`] = each.field;
    const { text, values, weight } = compared(each, place);
    groups[each.within].parts.push(text);
    expressionValues = { ...expressionValues, ...values };
    operators += weight;
  }
  // From the innermost: a group of several parts stands in parentheses, one of a single part does not,
  // since DynamoDB refuses redundant ones.
  for (const { word, within, negated, parts, inner } of groups.slice(1).reverse()) {
    const all = [...parts, ...inner];
    if (all.length > 0) {
      const joined = all.length > 1 ? `(${all.join(` ${word} `)})` : all[0];
      const closed = joined.startsWith('(') ? joined : `(${joined})`;
      const text = negated ? `NOT ${closed}` : joined;
      groups[within].inner = [text, ...groups[within].inner];
      operators += negated ? all.length : all.length - 1;
    }
  }
  const parts = [...groups[0].parts, ...groups[0].inner];
  const expression = parts.join(' AND ');
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
  if (operators + parts.length - 1 > 300 || expression.length > 4096) {
    const most = '300 operators in 4096 characters';
    util.error(
      `${what} has more conditions than DynamoDB takes, which is ${most}: ask for less`,
      'BadRequest',
    );
  }
  if (parts.length === 0) {
    return null;
  }
  return Object.keys(expressionValues).length > 0
    ? { expression, expressionNames, expressionValues }
    : { expression, expressionNames };
}

/**
 * A placeholder's name: a mark and a number below 676, in letters.
 * @param {string} mark
 * @param {number} number
 */
export function placeholder(mark, number) {
  const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
  return `${mark}${letters[Math.floor(number / 26)]}${letters[number % 26]}`;
}

/**
 * Filters without their nesting: the groups of conditions, each after the one that it stands in, and the
 * comparisons, each with its group. The first group is all of it. What becomes of a group's comparisons
 * and of the groups in it is for the caller to write into `parts` and `inner`.
 * @param {Record<string, any>[]} filters
 * @param {string} what
 */
export function unnested(filters, what) {
  /** @type {{ word: string, within: number, negated: boolean, parts: any[], inner: any[] }[]} */
  const groups = [{ word: 'AND', within: 0, negated: false, parts: [], inner: [] }];
  /** @type {{ within: number, field: string, sized: boolean, operator: string, operand: any }[]} */
  const comparisons = [];
  let level = filters.map((filter) => ({ within: 0, filter }));
  for (const _ of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]) {
    /** @type {{ within: number, filter: any }[]} */
    const next = [];
    for (const { within, filter } of level) {
      for (const [name, asked] of Object.entries(withoutNulls(filter))) {
        if (name === 'and' || name === 'or') {
          groups.push({ word: name === 'or' ? 'OR' : 'AND', within, negated: false, parts: [], inner: [] });
          const outer = groups.length - 1;
          for (const each of fitting(asked, what)) {
            groups.push({ word: 'AND', within: outer, negated: false, parts: [], inner: [] });
            next.push({ within: groups.length - 1, filter: each });
          }
        } else if (name === 'not') {
          groups.push({ word: 'AND', within, negated: true, parts: [], inner: [] });
          next.push({ within: groups.length - 1, filter: asked });
        } else {
          for (const { sized, operator, operand } of operations(asked)) {
            comparisons.push({ within, field: name, sized, operator, operand });
          }
        }
      }
      fitting(next, what);
      fitting(groups, what);
      fitting(comparisons, what);
    }
    level = next;
  }
  if (level.length > 0) {
    util.error(`${what} is nested more than 20 deep: join its parts into fewer`, 'BadRequest');
  }
  return { groups, comparisons };
}

/**
 * The operations that a field is asked by, without those that ask for nothing.
 * @param {Record<string, any>} asked
 */
export function operations(asked) {
  /** @type {{ sized: boolean, operator: string, operand: any }[]} */
  const found = [];
  for (const [operator, operand] of Object.entries(asked)) {
    if (operator === 'size') {
      for (const [each, size] of Object.entries(withoutNulls(operand))) {
        found.push({ sized: true, operator: each, operand: size });
      }
    } else if (!isNone(operand) || operator === 'eq' || operator === 'ne') {
      found.push({ sized: false, operator, operand });
    }
  }
  return found;
}

/**
 * One comparison as text, the values behind its placeholders, and for how many operators DynamoDB
 * counts it.
 * @param {{ field: string, sized: boolean, operator: string, operand: any }} comparison
 * @param {string} place what its placeholders are called
 */
export function compared(comparison, place) {
  const { field, sized, operator, operand } = comparison;
  const name = sized ? `size(#${place})` : `#${place}`;
  const value = `:${place}`;
  /** @type {Record<string, string>} */
  const signs = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' };
  /** @type {Record<string, string>} */
  const functions = { contains: 'contains', notContains: 'NOT contains', beginsWith: 'begins_with' };
  const weight = sized || operator === 'notContains' ? 2 : 1;
  if (isNone(operand) || operator === 'attributeExists') {
    const exists = isNone(operand) ? operator === 'ne' : operand;
    return { text: `attribute_${exists ? 'exists' : 'not_exists'}(${name})`, values: {}, weight };
  }
  if (operator === 'between') {
    if (operand.length !== 2 || operand.some((each) => isNone(each))) {
      util.error(`${field} is asked for between ${worded(operand)}, and not two values`, 'BadRequest');
    }
    const [start, end] = operand.map((each) => util.dynamodb.toDynamoDB(each));
    const values = { [value]: start, [`${value}_end`]: end };
    return { text: `(${name} BETWEEN ${value} AND ${value}_end)`, values, weight };
  }
  if (operator === 'attributeType') {
    const values = { [value]: util.dynamodb.toDynamoDB(attributeType(operand)) };
    return { text: `attribute_type(${name}, ${value})`, values, weight };
  }
  const values = { [value]: util.dynamodb.toDynamoDB(operand) };
  const called = functions[operator];
  return called
    ? { text: `${called}(${name}, ${value})`, values, weight }
    : { text: `${name} ${signs[operator]} ${value}`, values, weight };
}

/**
 * DynamoDB's name for a type of attributes.
 * @param {string} type
 */
export function attributeType(type) {
  /** @type {Record<string, string>} */
  const types = {
    binary: 'B',
    binarySet: 'BS',
    bool: 'BOOL',
    list: 'L',
    map: 'M',
    number: 'N',
    numberSet: 'NS',
    string: 'S',
    stringSet: 'SS',
    _null: 'NULL',
  };
  return types[type];
}

/**
 * The list, if it is short enough to be worked through: AppSync would end a loop in the middle of a
 * longer one, and DynamoDB takes no expression of so many parts.
 * @param {any[]} list
 * @param {string} what
 */
export function fitting(list, what) {
  if (list.length > 600) {
    util.error(`${what} has more parts than can be asked for at once: ask for less`, 'BadRequest');
  }
  return list;
}

/**
 * A condition: each of these names has its value.
 * @param {Record<string, any>} values
 */
export function equal(values) {
  /** @type {Record<string, any>} */
  const conditions = {};
  for (const [name, value] of Object.entries(values)) {
    conditions[name] = { eq: value };
  }
  return conditions;
}

/**
 * Refuses a token whose scopes, as the authorizer found them, do not let it write. The authorizer
 * denies it the field too, which AppSync documents to make the answer null, and not to keep the
 * resolver from running.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} name of the model
 */
export function refuseUngranted(ctx, name) {
  const scope = authorized(ctx).scope;
  const granted = isNone(scope) ? ['items:write'] : scope.split(' ');
  if (!granted.includes('items:write') && !granted.includes(`${name}:write`)) {
    util.unauthorized();
  }
}

/**
 * Refuses a token whose scopes, as the authorizer found them, do not open an operation of the user's own:
 * those that its @scope names do, and without one none does.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function refuseUnscoped(ctx) {
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
 * What rules say of an operation of the user's own: its own; else the models whose rules it goes by (`of`);
 * and the model that it answers, or a list of it (`many`), if that has rules.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
export function operationOf(ctx) {
  const entry = listedModels(ctx).find((each) => each.names[0] === '!');
  const found = entry ? JSON.parse(entry.json)[`${ctx.info.parentTypeName}.${ctx.info.fieldName}`] : null;
  return found ? found : {};
}

/**
 * What a function is told of the field that it is to find the value of: Amplify's event.
 * @param {import('@aws-appsync/utils').Context} ctx
 */
export function eventOf(ctx) {
  return {
    typeName: ctx.info.parentTypeName,
    fieldName: ctx.info.fieldName,
    arguments: ctx.args,
    identity: ctx.identity,
    source: ctx.source,
    request: ctx.request,
    prev: ctx.prev,
  };
}

/**
 * Refuses to read a field that has rules of its own, of an item that has been read.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>[]} rules
 */
export function refuseUnread(ctx, rules) {
  const { all, ways } = admitted(ctx, rules, 'g');
  if (!all && !opens(ways, ctx.source)) {
    util.unauthorized();
  }
}

/**
 * What the rules let the caller do to items of a model: to all of them, or to those that one of `ways`
 * holds of, each a field with the values of which the item must have one. Whom no rule lets in is told
 * so, whatever the item.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>[] | null | undefined} rules of a model, a field or an operation; without
 *   any whoever signs in may
 * @param {string} operation its letter: create, update, delete, get, list, or s for subscribe; none for
 *   whatever rules let do
 * @returns {{ all: boolean, ways: { field: string, values: string[], many: boolean }[] }}
 */
export function admitted(ctx, rules, operation) {
  const found = admission(ctx, rules, operation);
  if (!found.all && found.ways.length === 0) {
    util.unauthorized();
  }
  return found;
}

/**
 * The same, of whom no rule lets in neither all nor any way.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>[] | null | undefined} rules
 * @param {string} operation
 */
export function admission(ctx, rules, operation) {
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
 * Whether a rule is for who signs in as the caller does, and for an operation.
 * @param {Record<string, any>} rule
 * @param {string} operation
 */
export function isFor(rule, operation) {
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
 * Whether one of the ways in holds of an item.
 * @param {{ field: string, values: string[], many: boolean }[]} ways
 * @param {Record<string, any>} item
 */
export function opens(ways, item) {
  return ways.some(({ field, values, many }) => {
    const value = item[field];
    // A list alone has members: a text has parts, and whoever wrote past the API may have left one.
    const members = many && !isNone(value) && typeof value !== 'string' ? value : [];
    return many ? values.some((each) => members.includes(each)) : values.includes(value);
  });
}

/**
 * The condition, as clients write them, that one of the ways holds of what is stored.
 * @param {{ field: string, values: string[], many: boolean }[]} ways
 */
export function openTo(ways) {
  const conditions = ways.map(({ field, values, many }) =>
    many
      ? {
          // Of a text DynamoDB would look for a part.
          not: { [field]: { attributeType: 'string' } },
          or: values.map((each) => ({ [field]: { contains: each } })),
        }
      : { or: values.map((each) => ({ [field]: { eq: each } })) },
  );
  return { or: conditions };
}

/**
 * What the caller may be called by a claim that a rule names, `sub` without one. Of a claim
 * `sub::username`, which Amplify writes as both values joined, either value is a name too.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string | null | undefined} claim
 * @returns {string[]}
 */
export function namesOf(ctx, claim) {
  const parts = isNone(claim) ? ['sub'] : claim.split('::');
  const values = parts.map((part) => (part === 'sub' ? callerOf(ctx) : claimed(ctx, part)));
  const known = values.filter((each) => typeof each === 'string' && each.length > 0);
  const whole = parts.length > 1 && known.length === parts.length ? [known.join('::')] : [];
  return distinct([...whole, ...known]);
}

/**
 * The groups that the caller is in, by a claim that a rule names. A token has a list of them, or one; the
 * authorizer hands a list on as JSON.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string | null | undefined} claim
 * @returns {string[]}
 */
export function groupsOf(ctx, claim) {
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
 * What a token says under this name, here or as the authorizer handed it on.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {string} claim
 * @returns {any}
 */
export function claimed(ctx, claim) {
  const { claims, resolverContext, username } = identified(ctx);
  const said = resolverContext ? resolverContext : claims;
  const value = said ? said[claim] : null;
  // A user pool's token has it by one name or the other; AppSync knows both.
  return isNone(value) && claim === 'username' && claims ? username : value;
}

/**
 * An input with its owners: the caller, where they are left out and a rule for owners may let the caller
 * in by them.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} its the model
 * @param {Record<string, any>} input
 */
export function owned(ctx, its, input) {
  /** @type {Record<string, any>} */
  const filled = { ...input };
  const rules = (its.rules ? its.rules : []).filter((rule) => rule.owner && isFor(rule, 'c'));
  for (const { owner, claim, many } of rules) {
    const names = namesOf(ctx, claim);
    if (isNone(filled[owner]) && names.length > 0) {
      filled[owner] = many ? [names[0]] : names[0];
    }
  }
  return filled;
}

/**
 * Refuses a new item that the caller may not make, or with a field that they may not give.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} its the model
 * @param {Record<string, any>} input
 * @param {Record<string, any>} item as it will be
 */
export function refuseUnadmitted(ctx, its, input, item) {
  for (const rules of [its.rules, ...guards(its, Object.keys(withoutNulls(input)))]) {
    const { all, ways } = admitted(ctx, rules, 'c');
    if (!all && !opens(ways, item)) {
      util.unauthorized();
    }
  }
}

/**
 * The conditions under which the caller may change an item: that rules let them, of it as it is and, where
 * the change is to a field that rules look at, as it will be; nobody gives an item away who is let in by
 * its owner or groups alone.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} its the model
 * @param {Record<string, any>} input
 * @param {Record<string, any>} added to sets, which lose nothing by it, and to numbers
 */
export function changeable(ctx, its, input, added) {
  const conditions = [];
  const written = [...Object.keys(input), ...Object.keys(added)];
  for (const rules of [its.rules, ...guards(its, written)]) {
    const { all, ways } = admitted(ctx, rules, 'u');
    if (!all) {
      conditions.push(openTo(ways));
      const kept = ways.filter(({ field }) => !Object.keys(input).includes(field));
      if (kept.length < ways.length && !opens(ways, input)) {
        if (kept.length === 0) {
          util.unauthorized();
        }
        conditions.push(openTo(kept));
      }
    }
  }
  return conditions;
}

/**
 * The rules of those of the fields that have some of their own.
 * @param {Record<string, any>} its the model
 * @param {string[]} fields
 * @returns {Record<string, any>[][]}
 */
export function guards(its, fields) {
  const guarded = its.guarded ? its.guarded : {};
  return fields.filter((name) => guarded[name]).map((name) => guarded[name]);
}

/**
 * Ends what failed for whoever may change some items and not all, whether this one is another's or is not
 * there, in AppSync's words; unless the client's own conditions may be why.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {(Record<string, any>[] | null | undefined)[]} rules those that had to let them in
 * @param {string} operation
 */
export function refuseOthers(ctx, rules, operation) {
  if (isNone(ctx.args.condition) && rules.some((each) => !admission(ctx, each, operation).all)) {
    util.unauthorized();
  }
}

/**
 * The item, if the caller may read it; null otherwise: nobody learns that another's is there.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @param {Record<string, any>} its
 * @param {Record<string, any> | null | undefined} item
 */
export function readable(ctx, its, item) {
  const { all, ways } = admission(ctx, its.rules, 'g');
  return item && (all || opens(ways, item)) ? item : null;
}

/**
 * Who calls, by a name that stays theirs: `sub` of a token, here or as the authorizer found it; of an
 * identity pool, whose users share a role, the identity; else the IAM principal's own id. Null of whoever
 * has none.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {string | null}
 */
export function callerOf(ctx) {
  const { sub, cognitoIdentityId, username } = identified(ctx);
  const names = [sub, authorized(ctx).sub, cognitoIdentityId, username].filter(
    (each) => !isNone(each),
  );
  return names.length > 0 ? names[0] : null;
}

/**
 * What the authorizer says of the caller, in the mode AWS_LAMBDA.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
export function authorized(ctx) {
  const { resolverContext } = identified(ctx);
  return resolverContext ? resolverContext : {};
}

/**
 * What AppSync says of the caller: nothing of one with an API key.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
export function identified(ctx) {
  return ctx.identity ? ctx.identity : {};
}

/**
 * The change that the relay has announced. `@aws_iam` on the field lets in whoever may call the API with
 * IAM; only the relay may announce.
 * @param {import('@aws-appsync/utils').Context} ctx
 * @returns {Record<string, any>}
 */
export function announced(ctx) {
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
 * Ends with what DynamoDB said of a page. What AppSync says of a token that it did not make, and DynamoDB
 * of one that was another list's, is told in words.
 * @param {{ type: string, message: string }} error
 * @param {string | null | undefined} nextToken of the page
 */
export function refusePage(error, nextToken) {
  const { message, type } = error;
  const lower = message ? message.toLowerCase() : '';
  const words = ['pagination token', 'starting key', 'start key', 'startkey'];
  if (!isNone(nextToken) && words.some((each) => lower.indexOf(each) >= 0)) {
    util.error('nextToken is of another list: ask for the first page, without it', 'BadRequest');
  }
  util.error(message, type);
}

/**
 * How many items a page is made of.
 * @param {number | null | undefined} limit
 * @param {number | null | undefined} otherwise
 */
export function limited(limit, otherwise) {
  const preset = otherwise ? otherwise : 100;
  const wanted = isNone(limit) ? preset : limit;
  if (wanted < 1) {
    util.error(`limit is ${worded(wanted)}, and must be at least 1`, 'BadRequest');
  }
  // DynamoDB reads at most 1 MB a page, whatever the limit; this bounds what one request may cost.
  return Math.min(wanted, 1000);
}

/**
 * The partition of the journal that holds announcements of a model: one of eight, so that no write waits
 * for others.
 * @param {string} model as the relay's mutations have it
 * @param {number} number 0 to 7
 */
export function bucket(model, number) {
  return `${model}#${'01234567'.split('')[number]}`;
}

/**
 * A time as a text of thirteen digits, which order as the times do.
 * @param {number} milliseconds since 1970
 */
export function digits(milliseconds) {
  const numerals = '0123456789'.split('');
  const powers = [1e12, 1e11, 1e10, 1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1];
  return powers.map((power) => numerals[Math.floor(milliseconds / power) % 10]).join('');
}
