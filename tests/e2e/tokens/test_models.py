"""Models of a user's own: the examples, each with another key, deployed together."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from gql.transport.exceptions import TransportQueryError

from antipode_tools.project.sample import greeting
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients import demo
from antipode_tools.world.clients.deployed_schema import deployed_schema
from antipode_tools.world.clients.subscriber import Subscriber, subscriber
from tests.e2e.clients import ask, heard, new_id, replicated, table

pytestmark = pytest.mark.asyncio(loop_scope="session")

# world.json, and a Region's part of it.
Json = Any

KINDS = ("Create", "Update", "Delete")
REGIONS = ("eu-west-1", "ap-southeast-2")
STAMPS = "createdAt updatedAt version updatedIn"
CHANGE = "_change { id kind sequence region recordedAt }"
TODO = f"id name description priority status {STAMPS} {CHANGE}"
ORDER = f"""
  customer orderNumber owner status lines {{ sku quantity price options {{ name value }} }}
  total paid email phone deliverOn deliverAt orderedAt orderedFrom invoice
  shipTo {{ street city country }} tags notes expiresAt {STAMPS} {CHANGE}
"""
FIELDS = {"Todo": TODO, "Order": ORDER}
LIST_ORDER = """
  query (
    $customer: String, $orderNumber: ModelIntKeyConditionInput, $sortDirection: ModelSortDirection
    $filter: ModelOrderFilterInput, $limit: Int, $nextToken: String
  ) {
    listOrders(
      customer: $customer, orderNumber: $orderNumber, sortDirection: $sortDirection
      filter: $filter, limit: $limit, nextToken: $nextToken
    ) { items { customer orderNumber } nextToken }
  }
"""
LIST_TODO = """
  query ($filter: ModelTodoFilterInput, $limit: Int, $nextToken: String) {
    listTodos(filter: $filter, limit: $limit, nextToken: $nextToken) { items { name } nextToken }
  }
"""
LIST_BY_STATUS = """
  query (
    $status: OrderStatus!, $deliverOn: ModelStringKeyConditionInput
    $sortDirection: ModelSortDirection
    $filter: ModelOrderFilterInput, $limit: Int, $nextToken: String
  ) {
    ordersByStatus(
      status: $status, deliverOn: $deliverOn, sortDirection: $sortDirection
      filter: $filter, limit: $limit, nextToken: $nextToken
    ) { items { orderNumber status deliverOn } nextToken }
  }
"""
LIST_BY_OWNER = """
  query (
    $owner: String!, $updatedAt: ModelStringKeyConditionInput, $sortDirection: ModelSortDirection
    $filter: ModelOrderFilterInput, $limit: Int, $nextToken: String
  ) {
    ordersByOwner(
      owner: $owner, updatedAt: $updatedAt, sortDirection: $sortDirection
      filter: $filter, limit: $limit, nextToken: $nextToken
    ) { items { orderNumber owner } nextToken }
  }
"""
GET_ORDER = """
  query ($customer: String!, $orderNumber: Int!) {
    getOrder(customer: $customer, orderNumber: $orderNumber) { owner version status }
  }
"""
CREATE_ORDER = "mutation ($input: CreateOrderInput!) { createOrder(input: $input) { total } }"
UPDATE_ORDER = """
  mutation ($input: UpdateOrderInput!, $condition: ModelOrderConditionInput) {
    updateOrder(input: $input, condition: $condition) { total }
  }
"""
DELETE_ORDER = """
  mutation ($input: DeleteOrderInput!, $condition: ModelOrderConditionInput) {
    deleteOrder(input: $input, condition: $condition) { total }
  }
"""
# A year ahead: no test outlives it.
EXPIRES_AT = int(time.time()) + 365 * 24 * 3600
WHOLE_ORDER = {
    "status": "PLACED",
    "lines": [
        {
            "sku": "tea-1",
            "quantity": 2,
            "price": 3.5,
            "options": [{"name": "size", "value": "large"}, {"name": "gift", "value": None}],
        },
        {"sku": "cup-7", "quantity": 1, "price": 12.25, "options": []},
    ],
    "total": 19.25,
    "paid": False,
    "email": "ada@example.com",
    "phone": "+353 1 234 5678",
    "deliverOn": "2026-03-01",
    "deliverAt": "09:30:00.000Z",
    "orderedAt": "2026-02-03T04:05:06.000Z",
    "orderedFrom": "192.0.2.7",
    "invoice": "https://example.com/invoices/7",
    "shipTo": {"street": "1 Quay", "city": "Cork", "country": "IE"},
    "tags": ["gift", "fragile"],
    "notes": '{"door":"green","floors":[1,2]}',
    "expiresAt": EXPIRES_AT,
}
# As little as an order may have.
SMALL = {"status": "PLACED", "lines": []}


def as_user(region: WorldRegion, name: str) -> WorldRegion:
    """A Region, as it is told to a client who signs in with a token of this user's."""
    token = region.auth.token
    assert token is not None
    of_user = replace(token, claims={**token.claims, "sub": name})
    return replace(region, auth=replace(region.auth, token=of_user))


async def write(region: WorldRegion, operation: str, **input: Json) -> Json:
    """What a mutation of one item answers: `write(region, "createOrder", customer=...)`."""
    name = operation[0].upper() + operation[1:]
    fields = next(fields for model, fields in FIELDS.items() if operation.endswith(model))
    document = f"mutation ($input: {name}Input!) {{ {operation}(input: $input) {{ {fields} }} }}"
    return (await ask(region, document, input=input))[operation]


async def pages(region: WorldRegion, document: str, *, limit: int, **arguments: Json) -> list[Json]:
    """The items of every page."""
    items: list[Json] = []
    token = None
    while True:
        answer = await ask(region, document, **arguments, limit=limit, nextToken=token)
        [page] = answer.values()
        assert len(page["items"]) <= limit
        items += page["items"]
        if (token := page["nextToken"]) is None:
            return items


async def refusal(region: WorldRegion, document: str, **variables: Json) -> tuple[str, str]:
    """The type and the message of the one error that a request meets."""
    with pytest.raises(TransportQueryError) as refused:
        await ask(region, document, **variables)
    [error] = refused.value.errors or []
    return error["errorType"], error["message"]


async def listening(
    exits: AsyncExitStack, world: WorldFile, code: str, model: str, item: Json, *kinds: str
) -> Subscriber:
    """A subscriber in a Region to some kinds of changes of the items with these fields."""
    there = await exits.enter_async_context(subscriber(world.regions[code]))
    arguments = ", ".join(f"{name}: {json.dumps(value)}" for name, value in item.items())
    for kind in kinds:
        field = f"on{kind}{model}({arguments})"
        await there.subscribe(f"subscription {{ {field} {{ {FIELDS[model]} }} }}")
    return there


def without_change(item: Mapping[str, Json]) -> Json:
    return {name: value for name, value in item.items() if name != "_change"}


# Those of the clients from npm, the model between two others with them.
OF_CLIENTS = {"Blog", "Settings", "Post", "PostLabels", "Comment", "Cover", "Label", "Price"}


async def test_every_model_has_a_table(ireland: WorldRegion) -> None:
    models = {"Order", "Todo", "Board", "Card", "Presence", "ItemsModel", "Note", *OF_CLIENTS}
    own = {model: f"antipode-{model}" for model in models}
    assert ireland.tables == {**own, "Memo": "Memo-abc123-prod"}


async def test_the_demo_shows_the_first_of_the_models(world: WorldFile) -> None:
    said: list[str] = []
    await demo.run(world, said.append)
    text = re.sub(
        "Item[0-9a-f]{6}", "KEY", re.sub(r"Number(\W+)\d+", r"Number\g<1>7", "\n".join(said))
    )
    writes = [line for line in text.splitlines() if "writes" in line]
    heard = [line.partition(": ") for line in text.splitlines() if "heard after" in line]
    assert writes == [
        'sydney writes: createOrder(input: {customer: "KEY", orderNumber: 7, '
        "status: PLACED, lines: []})",
        'sydney writes: updateOrder(input: {customer: "KEY", orderNumber: 7, status: PAID})',
        'sydney writes: deleteOrder(input: {customer: "KEY", orderNumber: 7})',
    ]
    assert [(who.split()[0], json.loads(item)) for who, _, item in heard] == [
        (
            region,
            {
                "customer": "KEY",
                "orderNumber": 7,
                "status": status,
                "version": version,
                "updatedIn": "ap-southeast-2",
                "_change": {"kind": kind, "region": code},
            },
        )
        for kind, status, version in (
            ("CREATE", "PLACED", 1),
            ("UPDATE", "PAID", 2),
            ("DELETE", "PAID", 2),
        )
        for code, region in zip(REGIONS, ("ireland", "sydney"), strict=True)
    ]


async def test_what_is_offered_to_try_first_creates_an_item(
    world: WorldFile, sydney: WorldRegion
) -> None:
    schema = await asyncio.to_thread(deployed_schema, world)
    document = greeting(schema, sydney.tables)
    assert (await ask(sydney, document))["createOrder"]["status"] == "PLACED"


@pytest.mark.parametrize("writer", REGIONS)
async def test_a_todo_is_announced_by_every_subscription_in_every_region(
    world: WorldFile, writer: str
) -> None:
    there = world.regions[writer]
    key = {"id": new_id()}
    async with AsyncExitStack() as exits:
        subscribers = {
            (code, kinds): await listening(exits, world, code, "Todo", key, *kinds)
            for code in REGIONS
            for kinds in (KINDS, ("Change",))
        }
        created = await write(there, "createTodo", **key, name="Paint", priority=2, status="OPEN")
        await replicated(world)
        updated = await write(there, "updateTodo", **key, status="DONE", priority=None)
        await replicated(world)
        deleted = await write(there, "deleteTodo", **key)
        for (code, kinds), each in subscribers.items():
            fields = [f"on{kind}Todo" for kind in kinds] * (len(KINDS) // len(kinds))
            await assert_announced(each, code, fields, [created, updated, deleted])
    assert (created["name"], created["priority"], created["status"]) == ("Paint", 2, "OPEN")
    assert created["description"] is None
    assert updated == created | {
        "status": "DONE",
        "priority": None,
        "version": 2,
        "updatedAt": updated["updatedAt"],
    }
    assert deleted == updated


async def test_an_order_with_every_field_set_arrives_whole_in_every_region(
    world: WorldFile,
) -> None:
    sydney = world.regions["ap-southeast-2"]
    key = {"customer": new_id(), "orderNumber": 7}
    lines = [{"sku": "pot-1", "quantity": 1, "price": None, "options": None}]
    async with AsyncExitStack() as exits:
        subscribers = {
            code: await listening(exits, world, code, "Order", key, *KINDS) for code in REGIONS
        }
        created = await write(sydney, "createOrder", **key, **WHOLE_ORDER)
        await replicated(world)
        updated = await write(sydney, "updateOrder", **key, status="PAID", lines=lines, tags=None)
        await replicated(world)
        deleted = await write(sydney, "deleteOrder", **key)
        for code, each in subscribers.items():
            fields = [f"on{kind}Order" for kind in KINDS]
            await assert_announced(each, code, fields, [created, updated, deleted])
    stamps = {name: created[name] for name in (*STAMPS.split(), "_change")}
    assert created == {**key, **WHOLE_ORDER, **stamps, "owner": "local"}
    assert (created["version"], created["updatedIn"]) == (1, "ap-southeast-2")
    assert updated == {
        **created,
        "status": "PAID",
        "lines": lines,
        "tags": None,
        "version": 2,
        "updatedAt": updated["updatedAt"],
    }
    assert deleted == updated


async def assert_announced(
    there: Subscriber, code: str, fields: list[str], items: list[Json]
) -> None:
    """Each field in its turn brought the item as the mutation had answered it, in order."""
    announced = [await heard(there) for _ in fields]
    assert [list(each) for each in announced] == [[field] for field in fields]
    told = [each[field] for each, field in zip(announced, fields, strict=True)]
    assert [without_change(item) for item in told] == [without_change(item) for item in items]
    changes = [item["_change"] for item in told]
    assert [(change["kind"], change["region"]) for change in changes] == [
        (kind.upper(), code) for kind in KINDS
    ]
    sequences = [int(change["sequence"]) for change in changes]
    assert sequences == sorted(set(sequences))
    assert len({change["id"] for change in changes}) == len(KINDS)


async def test_a_subscription_hears_of_one_customer_alone(
    world: WorldFile, ireland: WorldRegion
) -> None:
    customer = new_id()
    async with AsyncExitStack() as exits:
        there = await listening(
            exits, world, "ap-southeast-2", "Order", {"customer": customer}, "Create"
        )
        for each, number in ((new_id(), 1), (customer, 2)):
            await write(ireland, "createOrder", customer=each, orderNumber=number, **SMALL)
        assert (await heard(there))["onCreateOrder"]["orderNumber"] == 2
        assert there.heard.empty()


@pytest.mark.parametrize("code", REGIONS)
async def test_what_is_written_straight_to_the_table_is_announced_whole(
    world: WorldFile, code: str
) -> None:
    key = {"customer": new_id(), "orderNumber": 3}
    orders = table(world, code, "Order")
    line = {"sku": "tea-1", "quantity": 2, "options": [{"name": "size"}]}
    async with AsyncExitStack() as exits:
        each_region = [
            await listening(exits, world, each, "Order", key, *KINDS) for each in REGIONS
        ]
        item = {**key, "owner": "local", "status": "PLACED", "lines": [line], "strange": "x"}
        # Not in the event loop, which serves the world as well.
        await asyncio.to_thread(orders.put_item, Item=item)
        await replicated(world)
        await asyncio.to_thread(
            orders.update_item,
            Key=key,
            UpdateExpression="SET #lines[0].quantity = :one, expiresAt = :at",
            ExpressionAttributeNames={"#lines": "lines"},
            ExpressionAttributeValues={":one": 1, ":at": EXPIRES_AT},
        )
        await replicated(world)
        await asyncio.to_thread(orders.delete_item, Key=key)
        for there in each_region:
            told = [next(iter((await heard(there)).values())) for _ in KINDS]
            assert [(item["lines"], item["expiresAt"], item["version"]) for item in told] == [
                ([as_read(line, quantity=2)], None, None),
                ([as_read(line, quantity=1)], EXPIRES_AT, None),
                ([as_read(line, quantity=1)], EXPIRES_AT, None),
            ]
            assert [item["_change"]["kind"] for item in told] == ["CREATE", "UPDATE", "DELETE"]


def as_read(line: Json, *, quantity: int) -> Json:
    options = [{**option, "value": None} for option in line["options"]]
    return {**line, "quantity": quantity, "price": None, "options": options}


async def test_an_order_is_known_by_both_fields_of_its_key(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    customer, other = new_id(), new_id()
    for each, number in ((customer, 1), (customer, 2), (other, 1)):
        await write(ireland, "createOrder", customer=each, orderNumber=number, **SMALL)
    document = """
      query ($customer: String!, $orderNumber: Int!) {
        getOrder(customer: $customer, orderNumber: $orderNumber) { customer orderNumber status }
      }
    """
    await replicated(world)
    await write(sydney, "deleteOrder", customer=customer, orderNumber=1)
    await replicated(world)
    found = [
        (await ask(ireland, document, customer=each, orderNumber=number))["getOrder"]
        for each, number in ((customer, 1), (customer, 2), (other, 1))
    ]
    assert found == [
        None,
        {"customer": customer, "orderNumber": 2, "status": "PLACED"},
        {"customer": other, "orderNumber": 1, "status": "PLACED"},
    ]


async def test_a_key_that_is_taken_or_missing_is_reported_in_full(ireland: WorldRegion) -> None:
    customer = new_id()
    await write(ireland, "createOrder", customer=customer, orderNumber=1, **SMALL)
    taken = {"customer": customer, "orderNumber": 1}
    missing = {"customer": customer, "orderNumber": 2}
    condition = {"total": {"ge": 0}}
    type_ = "DynamoDB:ConditionalCheckFailedException"
    told = [
        await refusal(ireland, CREATE_ORDER, input={**taken, **SMALL}),
        await refusal(ireland, UPDATE_ORDER, input={**missing, "total": 1}, condition=condition),
        await refusal(ireland, DELETE_ORDER, input=missing, condition=condition),
        await refusal(ireland, UPDATE_ORDER, input={**missing, "total": 1}),
        await refusal(ireland, DELETE_ORDER, input=missing),
    ]
    unmet = (
        "The conditional request failed: there is no item with customer "
        f"{customer} and orderNumber 2, or the condition does not hold"
    )
    # Without a condition of one's own it might as well be another's.
    assert told == [
        (type_, f"an item with customer {customer} and orderNumber 1 exists already"),
        (type_, unmet),
        (type_, unmet),
        ("Unauthorized", "Not Authorized to access updateOrder on type Mutation"),
        ("Unauthorized", "Not Authorized to access deleteOrder on type Mutation"),
    ]


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ({}, [1, 2, 3, 4, 5, 10]),
        ({"sortDirection": "DESC"}, [10, 5, 4, 3, 2, 1]),
        ({"orderNumber": {"eq": 3}}, [3]),
        ({"orderNumber": {"lt": 3}}, [1, 2]),
        ({"orderNumber": {"le": 3}}, [1, 2, 3]),
        ({"orderNumber": {"gt": 4}}, [5, 10]),
        ({"orderNumber": {"ge": 4}, "sortDirection": "DESC"}, [10, 5, 4]),
        ({"orderNumber": {"between": [2, 4]}}, [2, 3, 4]),
        ({"filter": {"total": {"gt": 3}}}, [4, 5, 10]),
        (
            {
                "orderNumber": {"gt": 1},
                "filter": {"or": [{"status": {"eq": "PAID"}}, {"not": {"total": {"lt": 5}}}]},
            },
            [2, 4, 5, 10],
        ),
    ],
)
async def test_a_customers_orders_are_listed_in_their_order_page_by_page(
    ireland: WorldRegion, customer: str, arguments: Json, numbers: list[int]
) -> None:
    listed = await pages(ireland, LIST_ORDER, customer=customer, limit=2, **arguments)
    assert listed == [{"customer": customer, "orderNumber": number} for number in numbers]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def customer(world: WorldFile) -> str:
    """Who has ordered six times, the even orders paid, among others who have ordered once."""
    customer = new_id()
    sydney = world.regions["ap-southeast-2"]
    for number in (10, 1, 5, 2, 4, 3):
        status = "PLACED" if number % 2 else "PAID"
        order: Json = {"orderNumber": number, "total": number, "lines": [], "status": status}
        await write(sydney, "createOrder", customer=customer, **order)
        await write(sydney, "createOrder", customer=new_id(), **order)
    await replicated(world)
    return customer


async def test_orders_of_all_customers_are_listed_with_filter_and_pages(
    ireland: WorldRegion, customer: str
) -> None:
    paid = [{"status": {"eq": status}} for status in ("PAID", "SHIPPED")]
    filter_ = {"and": [{"customer": {"eq": customer}}, {"or": paid}]}
    listed = await pages(ireland, LIST_ORDER, limit=3, filter=filter_)
    assert sorted(item["orderNumber"] for item in listed) == [2, 4, 10]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"orderNumber": {"gt": 1, "lt": 4}},
            "orderNumber has lt and gt, and can have only one of them",
        ),
        (
            {"filter": {"not": {"orderNumber": {"eq": 1}}}},
            "filter has orderNumber, a field of the key: with customer given, use the arguments",
        ),
        (
            {"customer": None, "orderNumber": {"gt": 1}},
            "orderNumber is given without customer, which it needs",
        ),
    ],
)
async def test_a_list_that_dynamodb_cannot_make_is_refused_in_words(
    ireland: WorldRegion, arguments: Json, message: str
) -> None:
    variables = {"customer": "c", **arguments}
    assert await refusal(ireland, LIST_ORDER, **variables) == ("BadRequest", message)


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ({}, [4, 2, 1, 3]),
        ({"sortDirection": "DESC"}, [3, 1, 2, 4]),
        ({"deliverOn": {"beginsWith": "2026-02"}}, [1, 3]),
        ({"deliverOn": {"lt": "2026-02-01"}, "sortDirection": "DESC"}, [2, 4]),
        ({"filter": {"total": {"ge": 2}}}, [4, 2, 3]),
    ],
)
@pytest.mark.parametrize("code", REGIONS)
async def test_orders_are_listed_by_an_index_in_its_order_page_by_page(
    world: WorldFile, delivered: str, code: str, arguments: Json, numbers: list[int]
) -> None:
    # The table's own key may stand in the filter of an index.
    filter_ = {"customer": {"eq": delivered}, **arguments.get("filter", {})}
    asked = {**arguments, "filter": filter_, "status": "PAID"}
    listed = await pages(world.regions[code], LIST_BY_STATUS, limit=2, **asked)
    assert [item["orderNumber"] for item in listed] == numbers
    assert {item["status"] for item in listed} == {"PAID"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def delivered(world: WorldFile) -> str:
    """Whose paid orders are to be delivered in the order 4, 2, 1, 3. Others are not paid, or have
    no day, and so are not in the index at all."""
    customer = new_id()
    days = {1: "2026-02-01", 2: "2026-01-15", 3: "2026-02-28", 4: "2026-01-02", 5: None, 6: None}
    for number, day in days.items():
        there = world.regions[REGIONS[number % 2]]
        order: Json = {"orderNumber": number, "total": number, "lines": [], "deliverOn": day}
        await write(there, "createOrder", customer=customer, status="PLACED", **order)
    ireland = world.regions["eu-west-1"]
    await write(ireland, "createOrder", customer=customer, orderNumber=7, **SMALL)
    await replicated(world)
    for number in range(1, 6):
        await write(ireland, "updateOrder", customer=customer, orderNumber=number, status="PAID")
    await replicated(world)
    return customer


async def test_an_index_by_owner_lists_the_callers_own_items_alone(world: WorldFile) -> None:
    ada, bob = new_id(), new_id()
    for number, owner in enumerate((ada, bob, ada)):
        there = as_user(world.regions[REGIONS[number % 2]], owner)
        await write(there, "createOrder", customer=new_id(), orderNumber=number, **SMALL)
    await replicated(world)
    for code in REGIONS:
        there = as_user(world.regions[code], ada)
        newest = await pages(there, LIST_BY_OWNER, limit=1, owner=ada, sortDirection="DESC")
        assert newest == [{"orderNumber": number, "owner": ada} for number in (2, 0)]
        assert await pages(there, LIST_BY_OWNER, limit=1, owner=bob) == []
        # By status the partition is everybody's, and the page is still the caller's.
        of_bob = {"owner": {"eq": bob}}
        assert await pages(there, LIST_BY_STATUS, limit=9, status="PLACED", filter=of_bob) == []
    asked = {"owner": ada, "filter": {"not": {"owner": {"eq": ada}}}}
    assert await refusal(there, LIST_BY_OWNER, **asked) == (
        "BadRequest",
        "filter has owner, a field of the key: with owner given, use the arguments",
    )


async def test_todos_are_listed_with_filter_and_pages(
    world: WorldFile, ireland: WorldRegion, sydney: WorldRegion
) -> None:
    word = new_id()
    for number, status in enumerate(["OPEN", "DONE", "OPEN", "STARTED", "OPEN"]):
        await write(sydney, "createTodo", name=f"{word} {number}", priority=number, status=status)
    await replicated(world)
    filter_ = {
        "name": {"beginsWith": word},
        "priority": {"between": [1, 4]},
        "or": [{"status": {"eq": "OPEN"}}, {"status": {"eq": "STARTED"}}],
    }
    listed = await pages(ireland, LIST_TODO, limit=2, filter=filter_)
    assert sorted(item["name"] for item in listed) == [f"{word} {number}" for number in (2, 3, 4)]


async def test_an_order_that_has_expired_is_deleted_and_announced_in_every_region(
    world: WorldFile, ireland: WorldRegion
) -> None:
    past, future = ({"customer": new_id(), "orderNumber": number} for number in (1, 2))
    async with AsyncExitStack() as exits:
        there = [
            await listening(exits, world, code, "Order", past, "Create", "Delete")
            for code in REGIONS
        ]
        await write(ireland, "createOrder", **future, **SMALL, expiresAt=EXPIRES_AT)
        # Not at once: a deletion within the lag would be merged with the creation.
        await write(ireland, "createOrder", **past, **SMALL, expiresAt=int(time.time()) + 2)
        for each in there:
            assert [next(iter(await heard(each))) for _ in range(2)] == [
                "onCreateOrder",
                "onDeleteOrder",
            ]
    document = "query ($customer: String) { listOrders(customer: $customer) { items { total } } }"
    left = [
        (await ask(ireland, document, customer=key["customer"]))["listOrders"]["items"]
        for key in (past, future)
    ]
    assert left == [[], [{"total": None}]]


async def test_two_owners_hear_their_own_changes_alone_in_every_region(world: WorldFile) -> None:
    ada, bob = new_id(), new_id()
    async with AsyncExitStack() as exits:
        ears = {
            (owner, code): await listening_as(exits, world, code, owner)
            for owner in (ada, bob)
            for code in REGIONS
        }
        # Of one customer's orders, written in both Regions.
        customer = new_id()
        for number, (owner, code) in enumerate(zip((ada, bob), REGIONS, strict=True)):
            there = as_user(world.regions[code], owner)
            key = {"customer": customer, "orderNumber": number}
            await write(there, "createOrder", **key, **SMALL)
            await replicated(world)
            await write(there, "updateOrder", **key, status="PAID")
            await replicated(world)
            await write(there, "deleteOrder", **key)
        told = {who: [await heard(there) for _ in KINDS] for who, there in ears.items()}
        for (owner, _), announcements in told.items():
            items = [next(iter(each.values())) for each in announcements]
            assert [list(each) for each in announcements] == [[f"on{kind}Order"] for kind in KINDS]
            assert [(item["owner"], item["orderNumber"]) for item in items] == [
                (owner, (ada, bob).index(owner))
            ] * len(KINDS)
        # Whatever was announced has reached the one whose it is: nothing is on its way to others.
        assert all(there.heard.empty() for there in ears.values())


async def listening_as(
    exits: AsyncExitStack, world: WorldFile, code: str, owner: str, arguments: str = ""
) -> Subscriber:
    """A subscriber to every kind of change of orders, who signs in as this user."""
    there = await exits.enter_async_context(subscriber(as_user(world.regions[code], owner)))
    for kind in KINDS:
        await there.subscribe(f"subscription {{ on{kind}Order{arguments} {{ {ORDER} }} }}")
    return there


async def test_no_argument_widens_what_an_owner_hears(
    world: WorldFile, ireland: WorldRegion
) -> None:
    ada, bob, customer = new_id(), new_id(), new_id()
    async with AsyncExitStack() as exits:
        with pytest.raises(TransportQueryError, match="Not Authorized to access onCreateOrder"):
            await listening_as(exits, world, "eu-west-1", ada, f'(owner: "{bob}")')
        asking = await listening_as(
            exits, world, "eu-west-1", ada, f'(customer: "{customer}", status: PLACED)'
        )
        everything = await listening_as(
            exits, world, "eu-west-1", bob, "(customer: null, status: null)"
        )
        for number, (owner, status) in enumerate([(bob, "PLACED"), (ada, "PAID"), (ada, "PLACED")]):
            await write(
                as_user(ireland, owner),
                "createOrder",
                customer=customer,
                orderNumber=number,
                status=status,
                lines=[],
            )
        assert (await heard(asking))["onCreateOrder"]["orderNumber"] == 2
        assert (await heard(everything))["onCreateOrder"]["orderNumber"] == 0
        assert asking.heard.empty()
        assert everything.heard.empty()


async def test_an_order_of_another_is_not_there_to_be_read_or_changed(world: WorldFile) -> None:
    ada, bob = new_id(), new_id()
    key = {"customer": new_id(), "orderNumber": 1}
    sydney = world.regions["ap-southeast-2"]
    created = await write(as_user(sydney, ada), "createOrder", **key, **SMALL)
    there = as_user(sydney, bob)
    denied = "Not Authorized to access {} on type Mutation"
    taken = f"an item with customer {key['customer']} and orderNumber 1 exists already"
    type_ = "DynamoDB:ConditionalCheckFailedException"
    told = [
        await refusal(there, UPDATE_ORDER, input={**key, "status": "PAID"}),
        await refusal(there, DELETE_ORDER, input=key),
        await refusal(there, CREATE_ORDER, input={**key, **SMALL}),
    ]
    assert told == [
        ("Unauthorized", denied.format("updateOrder")),
        ("Unauthorized", denied.format("deleteOrder")),
        (type_, taken),
    ]
    filters = [None, {"owner": {"eq": ada}}, {"or": [{"owner": {"ne": bob}}, {"total": {"ge": 0}}]}]
    for filter_ in filters:
        for customer in (key["customer"], None):
            asked = {"customer": customer, "filter": filter_}
            assert await pages(there, LIST_ORDER, limit=1000, **asked) == []
    assert await ask(there, GET_ORDER, **key) == {"getOrder": None}
    found = await ask(as_user(sydney, ada), GET_ORDER, **key)
    assert found["getOrder"] == {"owner": ada, "version": 1, "status": created["status"]}


async def test_an_order_given_to_another_in_the_table_is_theirs(world: WorldFile) -> None:
    ada, bob = new_id(), new_id()
    key = {"customer": new_id(), "orderNumber": 1}
    ireland = world.regions["eu-west-1"]
    await write(as_user(ireland, ada), "createOrder", **key, **SMALL)
    async with AsyncExitStack() as exits:
        there = await listening_as(exits, world, "eu-west-1", bob)
        await asyncio.to_thread(
            table(world, "eu-west-1", "Order").update_item,
            Key=key,
            UpdateExpression="SET #owner = :owner",
            ExpressionAttributeNames={"#owner": "owner"},
            ExpressionAttributeValues={":owner": bob},
        )
        assert (await heard(there))["onUpdateOrder"]["owner"] == bob
    assert await ask(as_user(ireland, ada), GET_ORDER, **key) == {"getOrder": None}
