// Filters, and the documents that are made of a query.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DOCUMENTS } from "../../../clients/javascript/src/documents.js";
import { fits } from "../../../clients/javascript/src/filter.js";
import { query } from "../../../clients/javascript/src/query.js";

const changes = ["onCreateCard", "onUpdateCard", "onDeleteCard"];

test("each operator says what DynamoDB says", () => {
  const item = { text: "tea", number: 3, list: ["a"], nothing: null };
  for (const [filter, fit] of [
    [{ text: { eq: "tea" } }, true],
    [{ text: { ne: "tea" } }, false],
    [{ nothing: { eq: null } }, true],
    [{ text: { ne: null } }, true],
    [{ number: { lt: 3 } }, false],
    [{ number: { le: 3, ge: 3 } }, true],
    [{ number: { gt: 2 } }, true],
    [{ nothing: { lt: 9 } }, false],
    [{ number: { between: [1, 3] } }, true],
    [{ text: { between: ["a", "b"] } }, false],
    [{ text: { contains: "e" } }, true],
    [{ list: { contains: "b" } }, false],
    [{ list: { notContains: "b" } }, true],
    [{ text: { beginsWith: "t" } }, true],
    [{ nothing: { attributeExists: false } }, true],
    [{ and: [{ number: { gt: 2 } }, { text: { eq: "coffee" } }] }, false],
    [{ or: [{ number: { gt: 5 } }, { text: { eq: "tea" } }] }, true],
    [{ not: { text: { eq: "tea" } } }, false],
    [{ and: [], or: [], text: {} }, true],
    [null, true],
  ])
    assert.equal(fits(filter, item), fit, JSON.stringify(filter));
});

test("a filter that a client cannot judge is refused with what to do", () => {
  assert.throws(
    () => query({ list: "listCards", changes, select: "id", filter: { and: [{ title: { size: { gt: 3 } } }] } }),
    new TypeError("filter: size of title cannot be judged by a client: filter the items yourself"),
  );
});

test("a query by an index hears of its partition, and selects what it looks at", () => {
  const of = query({
    list: "cardsByBoard",
    arguments: { boardId: "b", position: { lt: 5 } },
    types: { position: "ModelFloatKeyConditionInput" },
    changes,
    select: "title board { title }",
    filter: { column: { eq: "done" } },
  });
  const all = "title board { title } id boardId position column";
  assert.deepEqual(DOCUMENTS.list(of, "t"), {
    query: `query ($boardId: ID!, $position: ModelFloatKeyConditionInput, $filter: ModelCardFilterInput, $limit: Int, $nextToken: String) { page: cardsByBoard(boardId: $boardId, position: $position, filter: $filter, limit: $limit, nextToken: $nextToken) { items { ${all} } nextToken } }`,
    variables: { boardId: "b", position: { lt: 5 }, filter: { column: { eq: "done" } }, limit: 1000, nextToken: "t" },
  });
  assert.deepEqual(DOCUMENTS.hear(of, "onUpdateCard"), {
    query: `subscription ($filter: ModelSubscriptionCardFilterInput) { onUpdateCard(filter: $filter) { ${all} _change { kind sequence region } } }`,
    variables: { filter: { and: [{ boardId: { eq: "b" } }, { position: { lt: 5 } }, { column: { eq: "done" } }] } },
  });
});

test("what AppSync's subscriptions do not know is left to the client", () => {
  for (const filter of [{ not: { id: { eq: "1" } } }, { due: { eq: null } }, { due: { attributeExists: true } }]) {
    const of = query({ list: "listCards", changes, select: "id", filter });
    assert.deepEqual(DOCUMENTS.hear(of, "onUpdateCard").variables, {});
  }
});

test("what was missed is asked for by the list's own name, or by the one that is given", () => {
  const of = (sync) => query({ list: "listCards", changes, select: "id", sync }).sync;
  assert.deepEqual([of(true), of("missedCards"), of(undefined)], ["syncCards", "missedCards", null]);
});

test("items are asked for together, by their whole keys", () => {
  const of = query({ list: "listPrices", changes: ["onCreatePrice"], select: "cents", key: ["product", "since"], types: { since: "AWSDate!" } });
  assert.deepEqual(DOCUMENTS.get(of, ['["tea","2026-01-01"]', '["tea","2026-02-01"]']), {
    query:
      "query ($k0_0: ID!, $k0_1: AWSDate!, $k1_0: ID!, $k1_1: AWSDate!) { item0: getPrice(product: $k0_0, since: $k0_1) { cents product since } item1: getPrice(product: $k1_0, since: $k1_1) { cents product since } }",
    variables: { k0_0: "tea", k0_1: "2026-01-01", k1_0: "tea", k1_1: "2026-02-01" },
  });
});
