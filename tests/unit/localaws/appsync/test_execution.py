"""What a request does: its fields, their authorization, their errors, its announcements."""

import asyncio

import pytest

from localaws.appsync.documents import RequestRefused
from localaws.appsync.ports import (
    Announcement,
    Evaluation,
    GraphQLRequest,
    HandlerError,
    Invalidation,
    Json,
)
from tests.unit.localaws.appsync.fakes import BY_IAM, BY_KEY, World, fails

# -- Values -----------------------------------------------------------------------------------


async def test_a_field_without_a_resolver_takes_the_property_of_its_name(world: World) -> None:
    world.value("Query", "item", {"id": "1", "part": {"size": 2, "label": "a"}})
    body = await world.run('{ item(id: "1") { key: id part { size label } note } }')
    assert body == {"data": {"item": {"key": "1", "part": {"size": 2, "label": "a"}, "note": None}}}


async def test_a_root_field_without_a_resolver_is_null(world: World) -> None:
    assert await world.run("{ items { id } }") == {"data": {"items": None}}


async def test_a_nested_resolver_sees_its_parent_as_source(world: World) -> None:
    world.value("Query", "items", [{"id": "1"}, {"id": "2"}])
    world.unit("Item", "name", lambda ctx: {"payload": f"name of {ctx['source']['id']}"})
    body = await world.run("{ items { name } }")
    assert body == {"data": {"items": [{"name": "name of 1"}, {"name": "name of 2"}]}}


async def test_mutations_run_one_after_the_other(world: World) -> None:
    order: list[str] = []

    def request(ctx: Json) -> Json:
        order.append(f"begin {ctx['arguments']['input']['id']}")
        return {"payload": ctx["arguments"]["input"]}

    def response(ctx: Json) -> Json:
        order.append(f"end {ctx['arguments']['input']['id']}")
        return ctx["result"]

    world.unit("Mutation", "put", request, response)
    body = await world.run(
        'mutation { a: put(input: {id: "1"}) { id } b: put(input: {id: "2"}) { id } }'
    )
    assert body == {"data": {"a": {"id": "1"}, "b": {"id": "2"}}}
    assert order == ["begin 1", "end 1", "begin 2", "end 2"]


async def test_json_arguments_arrive_parsed_and_leave_as_text(world: World) -> None:
    world.unit("Mutation", "put", lambda ctx: {"payload": ctx["arguments"]["input"]})
    body = await world.run(
        "mutation ($input: ItemInput!) { put(input: $input) { data } }",
        {"input": {"id": "1", "data": '{"a": [1, "é"]}'}},
    )
    assert body == {"data": {"put": {"data": '{"a":[1,"é"]}'}}}
    assert world.evaluator.contexts[0]["arguments"]["input"]["data"] == {"a": [1, "é"]}


async def test_arguments_may_be_called_source_and_info(world: World) -> None:
    world.sdl = "type Query { echo(source: String, info: String, self: String): String }"
    world.unit("Query", "echo", lambda ctx: {"payload": "".join(ctx["arguments"].values())})
    body = await world.run('{ echo(source: "a", info: "b", self: "c") }')
    assert body == {"data": {"echo": "abc"}}


async def test_introspection_answers_unless_the_api_disables_it(world: World) -> None:
    query = '{ __type(name: "Part") { fields { name } } }'
    assert await world.run(query) == {
        "data": {"__type": {"fields": [{"name": "size"}, {"name": "label"}]}}
    }
    assert await world.run(query, introspection=False) == {
        "data": None,
        "errors": [
            {
                "path": None,
                "locations": [{"line": 1, "column": 3, "sourceName": None}],
                "message": "Validation error of type FieldUndefined: "
                "Field '__type' in type 'Query' is undefined @ '__type'",
            }
        ],
    }


async def test_the_handlers_context_is_the_documented_one(world: World) -> None:
    world.value("Query", "item", {"id": "1"})
    await world.run(
        "query Q($id: ID!) { item(id: $id) { id ...F } } fragment F on Item { part { size } }",
        {"id": "1"},
        identity=BY_IAM,
        headers={"x-client": "me"},
        default_mode=BY_IAM.mode,
        additional_modes=(BY_KEY.mode,),
    )
    assert world.evaluator.contexts[0] == {
        "arguments": {"id": "1"},
        "source": None,
        "identity": {"username": "AROA1:relay"},
        "request": {"headers": {"x-client": "me"}, "domainName": None},
        "info": {
            "fieldName": "item",
            "parentTypeName": "Query",
            "variables": {"id": "1"},
            "selectionSetList": ["id", "part", "part/size"],
            "selectionSetGraphQL": "{\n  id\n  ...F\n}",
        },
        "env": {"REGION": "eu-west-1"},
        "stash": {},
        "prev": {"result": None},
        "result": None,
        "error": None,
        "outErrors": [],
    }


# -- Authorization ----------------------------------------------------------------------------


async def test_a_denied_field_is_null_and_the_others_are_answered(world: World) -> None:
    world.value("Query", "item", {"id": "1"})
    body = await world.run('{ item(id: "1") { id } locked { id } }')
    assert body == {
        "data": {"item": {"id": "1"}, "locked": None},
        "errors": [
            {
                "path": ["locked"],
                "data": None,
                "errorType": "Unauthorized",
                "errorInfo": None,
                "locations": [{"line": 1, "column": 24, "sourceName": None}],
                "message": "Not Authorized to access locked on type Query",
            }
        ],
    }


async def test_a_denied_fields_resolver_does_not_run(world: World) -> None:
    world.value("Query", "locked", {"id": "1"})
    await world.run("{ locked { id } }")
    assert world.evaluator.contexts == []


async def test_a_type_with_a_directive_shuts_the_default_mode_out(world: World) -> None:
    world.value("Query", "secret", {"word": "x"})
    body = await world.run("{ secret { word } }")
    assert body["data"] == {"secret": {"word": None}}
    assert body["errors"][0]["message"] == "Not Authorized to access word on type Secret"


async def test_a_mode_that_is_not_the_default_needs_a_directive(world: World) -> None:
    body = await world.run("{ items { id } }", identity=BY_IAM)
    assert body["errors"][0]["message"] == "Not Authorized to access items on type Query"


# -- Errors -----------------------------------------------------------------------------------


async def test_an_error_of_a_handler_has_all_it_said(world: World) -> None:
    data = {"id": "1", "name": "n", "note": "not asked for", "part": {"size": 1, "label": "l"}}
    world.unit("Query", "item", fails("no", "Refused", data, {"code": 7}))
    body = await world.run('{ item(id: "1") { id called: name part { size } } }')
    assert body == {
        "data": {"item": None},
        "errors": [
            {
                "path": ["item"],
                "data": {"id": "1", "called": "n", "part": {"size": 1}},
                "errorType": "Refused",
                "errorInfo": {"code": 7},
                "locations": [{"line": 1, "column": 3, "sourceName": None}],
                "message": "no",
            }
        ],
    }


async def test_an_appended_error_stands_beside_the_value(world: World) -> None:
    error = HandlerError("partly", "Partial")
    world.unit(
        "Query",
        "items",
        lambda _: {},
        lambda _: Evaluation(result=[{"id": "1"}], appended_errors=(error,)),
    )
    body = await world.run("{ items { id } }")
    assert body["data"] == {"items": [{"id": "1"}]}
    assert [(each["message"], each["errorType"], each["path"]) for each in body["errors"]] == [
        ("partly", "Partial", ["items"])
    ]


async def test_a_missing_non_null_value_nulls_its_parent_in_the_services_words(
    world: World,
) -> None:
    world.value("Query", "items", [{"parts": [{"size": 1, "label": "a"}, {"size": 2}]}])
    body = await world.run("{ items { parts { size label } } }")
    assert body == {
        "data": {"items": [{"parts": [{"size": 1, "label": "a"}, None]}]},
        "errors": [
            {
                "path": ["items", 0, "parts", 1, "label"],
                "locations": None,
                "message": "Cannot return null for non-nullable type: 'String' "
                "within parent 'Part' (/items[0]/parts[1]/label)",
            }
        ],
    }


@pytest.mark.parametrize(
    ("value", "selection", "message"),
    [
        (
            {"at": "yesterday"},
            "at",
            "Can't serialize value (/item/at) : "
            "Unable to serialize `yesterday` as a valid DateTime Object.",
        ),
        (
            {"part": {"size": "big"}},
            "part { size }",
            "Can't serialize value (/item/part/size) : Expected type 'Int' but was 'String'.",
        ),
        (
            {"parts": 1},
            "parts { size }",
            "Can't resolve value (/item/parts) : type mismatch error, expected type LIST",
        ),
    ],
)
async def test_a_value_out_of_its_type_is_null_in_the_services_words(
    world: World, value: Json, selection: str, message: str
) -> None:
    world.value("Query", "item", value)
    body = await world.run(f'{{ item(id: "1") {{ {selection} }} }}')
    assert [each["message"] for each in body["errors"]] == [message]


async def test_an_error_in_the_variables_leaves_no_data(world: World) -> None:
    body = await world.run(
        "mutation Put($input: ItemInput!) { put(input: $input) { id } }",
        {"input": {"id": "1", "phone": "1110004444"}},
    )
    assert body == {
        "data": None,
        "errors": [
            {
                "path": None,
                "locations": [{"line": 1, "column": 14, "sourceName": None}],
                "message": "Variable 'phone' has an invalid value. "
                "Unable to parse `1110004444` as a valid phone number.",
            }
        ],
    }


async def test_a_broken_evaluator_fails_the_field_and_tells_nothing(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Json) -> Json:
        raise RuntimeError("a secret of the implementation")

    world.unit("Query", "items", broken)
    body = await world.run("{ items { id } }")
    assert [(each["message"], each["errorType"]) for each in body["errors"]] == [
        ("An internal failure occurred.", "InternalFailure")
    ]
    assert "a secret of the implementation" in caplog.text


async def test_a_request_that_takes_too_long_is_cut_off(world: World) -> None:
    class Hanging:
        async def evaluate(self, *_: Json) -> Evaluation:
            return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]  # it never has a value

    world.value("Query", "items", [])
    world.evaluator = Hanging()  # type: ignore[assignment]  # an Evaluator, if not the fake
    assert await world.run("{ items { id } }", timeout_s=0.01) == {
        "data": None,
        "errors": [
            {
                "path": None,
                "errorType": "ExecutionTimeout",
                "locations": None,
                "message": "Execution timed out.",
            }
        ],
    }


async def test_more_resolvers_than_the_limit_fail(world: World) -> None:
    world.value("Query", "item", {"id": "1"})
    body = await world.run(
        "{ a: item(id: 1) { id } b: item(id: 1) { id } c: item(id: 1) { id } }", resolver_limit=2
    )
    assert body["data"] == {"a": {"id": "1"}, "b": {"id": "1"}, "c": None}
    assert [(each["message"], each["errorType"]) for each in body["errors"]] == [
        ("The request runs more than 2 resolvers.", "ResolverExecutionLimitReached")
    ]


async def test_a_query_deeper_than_the_limit_is_refused(world: World) -> None:
    body = await world.run("{ item(id: 1) { part { size } } }", depth_limit=2)
    assert body == {
        "data": None,
        "errors": [
            {
                "path": None,
                "errorType": "QueryDepthLimitReached",
                "locations": None,
                "message": "Query depth is 3, the API's limit is 2.",
            }
        ],
    }


async def test_a_subscription_over_http_is_refused(world: World) -> None:
    with pytest.raises(RequestRefused) as refused:
        await world.run("subscription { onPublish { id } }")
    assert (refused.value.status, refused.value.error_type, refused.value.message) == (
        400,
        "BadRequestException",
        "Subscriptions over MQTT is not supported.",
    )


async def test_response_headers_of_handlers_are_collected(world: World) -> None:
    world.unit(
        "Query",
        "items",
        lambda _: Evaluation(result={}, response_headers={"x-a": "1"}),
        lambda _: [],
    )
    executed = await world.endpoint().execute(BY_KEY, GraphQLRequest("{ items { id } }"), {})
    assert executed.headers == {"x-a": "1"}


# -- Batches ----------------------------------------------------------------------------------


async def test_the_fields_of_a_list_invoke_a_function_together(world: World) -> None:
    names = world.function("names", lambda payloads: [f"name {each}" for each in payloads])
    world.value("Query", "items", [{"id": str(number)} for number in range(7)])
    world.unit(
        "Item",
        "name",
        lambda ctx: {"operation": "BatchInvoke", "payload": ctx["source"]["id"]},
        source=names,
        batch_size=5,
    )
    body = await world.run("{ items { name } }")
    assert body == {"data": {"items": [{"name": f"name {number}"} for number in range(7)]}}
    assert [call["Payload"] for call in world.functions.calls] == [
        ["0", "1", "2", "3", "4"],
        ["5", "6"],
    ]


async def test_a_field_that_leaves_early_does_not_hold_up_its_batch(world: World) -> None:
    names = world.function("names", lambda payloads: [f"name {each}" for each in payloads])

    def request(ctx: Json) -> Json:
        if ctx["source"]["id"] == "1":
            return Evaluation(result="early", early_return=True)
        return {"operation": "BatchInvoke", "payload": ctx["source"]["id"]}

    world.value("Query", "items", [{"id": "1"}, {"id": "2"}])
    world.unit("Item", "name", request, source=names)
    body = await world.run("{ items { name } }")
    assert body == {"data": {"items": [{"name": "early"}, {"name": "name 2"}]}}


# -- Announcements ----------------------------------------------------------------------------

PUBLISH = "mutation ($change: AWSJSON!) { publish(change: $change) { id name } }"


def publishing(world: World) -> None:
    world.unit("Mutation", "publish", lambda ctx: {"payload": ctx["arguments"]["change"]})


async def test_a_mutation_announces_what_it_selected(world: World) -> None:
    publishing(world)
    await world.run(PUBLISH, {"change": '{"id": 1, "name": "a", "note": "unselected"}'})
    assert world.announced == [Announcement("publish", {"id": "1", "name": "a"})]


async def test_each_alias_announces_once_under_its_own_selection(world: World) -> None:
    publishing(world)
    await world.run(
        """mutation {
          a: publish(change: "{\\"id\\": 1}") { id }
          b: publish(change: "{\\"id\\": 2}") { key: id }
        }"""
    )
    assert world.announced == [
        Announcement("publish", {"id": "1"}),
        Announcement("publish", {"key": "2"}),
    ]


async def test_a_null_or_failed_mutation_announces_nothing(world: World) -> None:
    publishing(world)
    await world.run(PUBLISH, {"change": "null"})
    world.unit("Mutation", "publish", fails("no"))
    await world.run(PUBLISH, {"change": "{}"})
    assert world.announced == []


async def test_an_appended_error_does_not_keep_a_value_from_being_announced(world: World) -> None:
    world.unit(
        "Mutation",
        "publish",
        lambda _: {},
        lambda _: Evaluation(result={"id": 1}, appended_errors=(HandlerError("partly"),)),
    )
    await world.run(PUBLISH, {"change": "{}"})
    assert world.announced == [Announcement("publish", {"id": "1", "name": None})]


async def test_a_mutation_that_its_caller_may_not_read_announces_nothing(world: World) -> None:
    world.value("Mutation", "hush", {"word": "x"})
    body = await world.run("mutation { hush { word } }")
    assert body["data"] == {"hush": {"word": None}}
    assert world.announced == []


async def test_a_mutation_that_nobody_can_subscribe_to_announces_nothing(world: World) -> None:
    world.value("Mutation", "put", {"id": "1"})
    await world.run('mutation { put(input: {id: "1"}) { id } }')
    assert world.announced == []


async def test_a_payload_over_the_limit_is_counted_and_the_publisher_succeeds(
    world: World,
) -> None:
    publishing(world)
    # 245,760 bytes in all: the braces, the quotes, the names, and two bytes for each letter.
    fits = "é" * ((245_760 - len('{"id":"1","name":""}')) // 2)
    endpoint = world.endpoint()
    for name in (fits, f"{fits}é"):
        change = f'{{"id": "1", "name": "{name}"}}'
        executed = await endpoint.execute(BY_KEY, GraphQLRequest(PUBLISH, {"change": change}), {})
        assert executed.body == {"data": {"publish": {"id": "1", "name": name}}}
    assert world.announced == [Announcement("publish", {"id": "1", "name": fits})]
    assert endpoint.oversized == 1


async def test_a_non_null_failure_at_the_root_leaves_no_data_and_no_announcement(
    world: World,
) -> None:
    world.sdl = """
      type Query { a: Int }
      type Mutation { publish: String! }
      type Subscription { onPublish: String @aws_subscribe(mutations: ["publish"]) }
    """
    body = await world.run("mutation { publish }")
    assert body["data"] is None
    assert world.announced == []


@pytest.mark.parametrize(
    "value", [1, "Cat", [1], {"name": "a"}, {"__typename": "Cow"}, {"__typename": "Query"}]
)
async def test_an_abstract_field_without_an_object_of_one_of_its_types_is_refused(
    world: World, value: Json, caplog: pytest.LogCaptureFixture
) -> None:
    world.sdl = """
      interface Pet { name: String }
      type Cat implements Pet { name: String }
      type Query { pet: Pet }
    """
    world.value("Query", "pet", value)
    assert await world.run("{ pet { name } }") == {
        "data": {"pet": None},
        "errors": [
            {
                "path": ["pet"],
                "errorType": "BadRequestException",
                "locations": None,
                "message": "Could not determine the exact type of Pet. Expected MAP/OBJECT type.'",
            }
        ],
    }
    assert caplog.records == []


async def test_a_mutation_ends_the_subscriptions_that_its_resolver_names(world: World) -> None:
    asked: tuple[Json, ...] = (
        {"subscriptionField": "onPublish", "payload": {"name": "b"}},
        {"payload": {}},
        None,
    )
    world.unit(
        "Mutation",
        "put",
        lambda _: {},
        lambda _: Evaluation(result={"id": "1"}, invalidations=asked),
    )
    await world.run('mutation { put(input: {id: "1"}) { id } }')
    assert world.invalidated == [Invalidation("onPublish", {"name": "b"})]


async def test_a_query_ends_no_subscription(world: World) -> None:
    asked = ({"subscriptionField": "onPublish"},)
    world.unit(
        "Query", "item", lambda _: {}, lambda _: Evaluation(result=None, invalidations=asked)
    )
    await world.run('{ item(id: "1") { id } }')
    assert world.invalidated == []


# -- Numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [35732563039223750, 2**53 + 1, -(10**30), 7])
async def test_a_float_takes_integers_that_a_double_rounds(world: World, number: int) -> None:
    """JavaScript writes large doubles as integers: 3.573256303922375e16 is the first of these."""
    world.sdl = "type Query { echo(number: Float): [Float] }"
    world.unit("Query", "echo", lambda ctx: {"payload": [number, ctx["arguments"]["number"]]})
    body = await world.run("query ($n: Float) { echo(number: $n) }", {"n": number})
    assert body == {"data": {"echo": [float(number), float(number)]}}


async def test_a_float_is_no_integer_beyond_every_double(world: World) -> None:
    world.sdl = "type Query { echo: Float }"
    world.value("Query", "echo", 10**400)
    body = await world.run("{ echo }")
    assert body["errors"][0]["message"] == (
        "Can't serialize value (/echo) : Expected type 'Float' but was 'BigInteger'."
    )


async def test_a_variable_that_is_not_given_is_null_in_a_resolvers_arguments(world: World) -> None:
    world.sdl = """
    input Shape { size: Int kind: String }
    type Part { label(a: String): String }
    type Query { v(a: String, b: String = "default", c: String, shape: Shape): Part }
    """
    world.value("Query", "v", {})
    world.unit("Part", "label", lambda ctx: {"payload": str(ctx["arguments"])})
    body = await world.run(
        "query ($x: String) { v(a: $x, b: $x, shape: {size: 1, kind: $x}) { label(a: $x) } }"
    )
    assert world.evaluator.contexts[0]["arguments"] == {
        "a": None,
        "b": "default",
        "shape": {"size": 1},
    }
    assert body == {"data": {"v": {"label": "{'a': None}"}}}
