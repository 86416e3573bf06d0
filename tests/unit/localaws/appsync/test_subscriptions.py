"""Subscriptions: which are accepted, what they hear, what they are told."""

import asyncio

import pytest

from localaws.appsync.ports import (
    Announcement,
    AuthMode,
    Evaluation,
    GraphQLError,
    GraphQLRequest,
    HandlerError,
    Identity,
    Invalidation,
    Json,
    Subscription,
    SubscriptionRefused,
)
from tests.unit.localaws.appsync.fakes import BY_IAM, BY_KEY, World, fails


async def subscribe(
    world: World, query: str, variables: Json = None, identity: Identity = BY_KEY, **changes: Json
) -> Subscription:
    request = GraphQLRequest(query, variables or {})
    return await world.endpoint(**changes).subscribe(identity, request, {})


async def refusal(
    world: World, query: str, variables: Json = None, identity: Identity = BY_KEY, **changes: Json
) -> list[GraphQLError]:
    with pytest.raises(SubscriptionRefused) as refused:
        await subscribe(world, query, variables, identity, **changes)
    return list(refused.value.errors)


async def first_refusal(
    world: World, query: str, variables: Json = None, identity: Identity = BY_KEY, **changes: Json
) -> tuple[str | None, str]:
    error = (await refusal(world, query, variables, identity, **changes))[0]
    return error.error_type, error.message


def published(**value: Json) -> Announcement:
    return Announcement("publish", value)


# -- Which are accepted -----------------------------------------------------------------------


async def test_a_subscription_knows_its_field_and_hears_its_mutations(world: World) -> None:
    subscription = await subscribe(world, "subscription { mine: onPublish { id } }")
    assert subscription.field == "onPublish"
    assert subscription.matches(published(id="1"))
    assert not subscription.matches(Announcement("hush", {"id": "1"}))


@pytest.mark.parametrize(
    ("query", "error_type", "message"),
    [
        (
            "subscription { nope }",
            None,
            "Validation error of type FieldUndefined: "
            "Field 'nope' in type 'Subscription' is undefined @ 'nope'",
        ),
        (
            "subscription { onPublish(nope: 1) { id } }",
            None,
            "Validation error of type UnknownArgument: Unknown field argument nope @ 'onPublish'",
        ),
        ("subscription {", "MalformedHttpRequestException", "Unable to parse GraphQL query."),
        (
            "query { items { id } }",
            "UnsupportedOperation",
            " not supported through the realtime channel",
        ),
        (
            "subscription S { onPublish { id } } query Q { items { id } }",
            "UnsupportedOperation",
            " not supported through the realtime channel",
        ),
        (
            "subscription { __typename }",
            "UnsupportedOperation",
            " not supported through the realtime channel",
        ),
        (
            "subscription { onPublish @skip(if: true) { id } }",
            "UnsupportedOperation",
            " not supported through the realtime channel",
        ),
        (
            "subscription { onPublish { id } onSecret { word } }",
            "DuplicatedOperationError",
            "Duplicated operation",
        ),
        (
            "subscription { a: onPublish { id } ...F } "
            "fragment F on Subscription { b: onPublish { id } }",
            "DuplicatedOperationError",
            "Duplicated operation",
        ),
        (
            "subscription A { onPublish { id } } subscription B { onPublish { id } }",
            "BadRequestException",
            "Missing operation name.",
        ),
    ],
)
async def test_a_start_that_cannot_run_is_refused(
    world: World, query: str, error_type: str | None, message: str
) -> None:
    assert await first_refusal(world, query) == (error_type, message)


async def test_a_variable_out_of_its_type_is_refused(world: World) -> None:
    query = "subscription ($id: ID!) { onPublish(id: $id) { id } }"
    assert await first_refusal(world, query, {"id": None}) == (
        None,
        "Variable 'id' has coerced Null value for NonNull type 'ID!'",
    )


async def test_a_field_of_another_mode_is_refused(world: World) -> None:
    assert await first_refusal(world, "subscription { onLocked { id } }") == (
        "Unauthorized",
        "Not Authorized to access onLocked on type Subscription",
    )
    subscription = await subscribe(world, "subscription { onLocked { id } }", identity=BY_IAM)
    assert subscription.field == "onLocked"


async def test_the_fields_resolver_may_refuse(world: World) -> None:
    world.unit("Subscription", "onPublish", lambda _: {}, fails("not you", "Denied", {"a": 1}))
    errors = await refusal(world, "subscription { onPublish { id } }")
    assert [(each.error_type, each.message) for each in errors] == [("Denied", "not you")]


async def test_an_appended_error_refuses_too(world: World) -> None:
    said = Evaluation(result=None, appended_errors=(HandlerError("partly", "P"),))
    world.unit("Subscription", "onPublish", lambda _: {}, lambda _: said)
    assert await first_refusal(world, "subscription { onPublish { id } }") == ("P", "partly")


async def test_the_fields_resolver_sees_arguments_and_caller(world: World) -> None:
    world.unit("Subscription", "onLocked", lambda _: {}, lambda _: None)
    await subscribe(world, "subscription { onLocked { id } }", identity=BY_IAM)
    context = world.evaluator.contexts[0]
    assert context["identity"] == {"username": "AROA1:relay"}
    assert context["info"]["parentTypeName"] == "Subscription"
    assert context["info"]["selectionSetList"] == ["id"]


async def test_a_non_null_subscription_is_accepted_without_a_value(world: World) -> None:
    world.sdl = """
      type Query { a: Int }
      type Mutation { m: Int }
      type Subscription { onM: Int! @aws_subscribe(mutations: ["m"]) }
    """
    subscription = await subscribe(world, "subscription { onM }")
    assert subscription.payload(Announcement("m", 7)) == {"data": {"onM": 7}}


async def test_a_resolver_that_takes_too_long_refuses(world: World) -> None:
    class Hanging:
        async def evaluate(self, *_: Json) -> Evaluation:
            never: asyncio.Future[Evaluation] = asyncio.get_running_loop().create_future()
            return await never

    world.value("Subscription", "onPublish", None)
    world.evaluator = Hanging()  # type: ignore[assignment]  # an Evaluator, if not the fake
    query = "subscription { onPublish { id } }"
    assert await first_refusal(world, query, timeout_s=0.01) == (
        "ExecutionTimeout",
        "Execution timed out.",
    )


async def test_a_subscription_without_mutations_hears_nothing(world: World) -> None:
    world.sdl = "type Query { a: Int } type Subscription { never: Int }"
    subscription = await subscribe(world, "subscription { never }")
    assert not subscription.matches(Announcement("never", 1))


# -- What they hear ---------------------------------------------------------------------------

BY_ID = "subscription ($id: ID, $name: String) { onPublish(id: $id, name: $name) { id } }"


async def test_every_argument_must_equal_what_the_mutation_selected(world: World) -> None:
    subscription = await subscribe(world, BY_ID, {"id": "1", "name": "a"})
    assert subscription.matches(published(id="1", name="a", note="n"))
    assert not subscription.matches(published(id="1", name="b"))
    assert not subscription.matches(published(id="1"))


async def test_an_argument_left_out_does_not_filter(world: World) -> None:
    subscription = await subscribe(world, 'subscription { onPublish(name: "a") { id } }')
    assert subscription.matches(published(id="1", name="a"))
    assert subscription.matches(published(id=None, name="a"))


async def test_a_null_argument_hears_only_null(world: World) -> None:
    subscription = await subscribe(world, "subscription { onPublish(id: null) { id } }")
    assert subscription.matches(published(id=None))
    assert not subscription.matches(published(id="1"))


async def test_a_variable_that_is_not_supplied_filters_as_null(world: World) -> None:
    subscription = await subscribe(world, BY_ID, {"id": "1"})
    assert subscription.matches(published(id="1", name=None))
    assert not subscription.matches(published(id="1", name="a"))


async def test_a_variables_default_filters(world: World) -> None:
    query = 'subscription ($id: ID = "1") { onPublish(id: $id) { id } }'
    subscription = await subscribe(world, query)
    assert subscription.matches(published(id="1"))
    assert not subscription.matches(published(id="2"))


async def test_a_filter_of_the_resolver_replaces_the_arguments(world: World) -> None:
    condition = {"fieldName": "name", "operator": "beginsWith", "value": "a"}
    group = {"filterGroup": [{"filters": [condition]}]}
    world.unit(
        "Subscription",
        "onPublish",
        lambda _: {},
        lambda _: Evaluation(result=None, subscription_filter=group),
    )
    subscription = await subscribe(world, 'subscription { onPublish(id: "1") { id } }')
    assert subscription.matches(published(id="2", name="abc"))
    assert not subscription.matches(published(id="1", name="b"))


async def test_the_resolver_sees_the_headers_of_the_connection(world: World) -> None:
    world.unit("Subscription", "onPublish", lambda _: {})
    request = GraphQLRequest("subscription { onPublish { id } }")
    await world.endpoint().subscribe(BY_KEY, request, {"x-tenant": "north"})
    seen = [context["request"] for context in world.evaluator.contexts]
    assert seen == [{"headers": {"x-tenant": "north"}, "domainName": None}] * 2


@pytest.mark.parametrize("group", [{}, {"filterGroup": []}, []])
async def test_a_filter_that_the_service_refuses_refuses_the_start(
    world: World, group: Json
) -> None:
    world.unit(
        "Subscription",
        "onPublish",
        lambda _: {},
        lambda _: Evaluation(result=None, subscription_filter=group),
    )
    assert await first_refusal(world, "subscription { onPublish { id } }") == (
        None,
        "subscription filter needs a non-empty list `filterGroup`.",
    )


# -- What ends them ---------------------------------------------------------------------------

ENDS_B = {
    "filterGroup": [{"filters": [{"fieldName": "name", "operator": "eq", "value": "b"}]}],
}


async def test_a_subscription_ends_by_the_invalidation_filter_that_its_resolver_set(
    world: World,
) -> None:
    world.unit(
        "Subscription",
        "onPublish",
        lambda _: {},
        lambda _: Evaluation(result=None, invalidation_filter=ENDS_B),
    )
    subscription = await subscribe(world, "subscription { onPublish { id } }")
    assert subscription.ended_by(Invalidation("onPublish", {"name": "b"}))
    assert not subscription.ended_by(Invalidation("onPublish", {"name": "a"}))
    assert not subscription.ended_by(Invalidation("onOther", {"name": "b"}))
    assert subscription.matches(published(id="1", name="b"))


async def test_a_subscription_without_such_a_filter_is_ended_by_nothing(world: World) -> None:
    subscription = await subscribe(world, "subscription { onPublish { id } }")
    assert not subscription.ended_by(Invalidation("onPublish", {"id": "1"}))


async def test_an_invalidation_filter_that_the_service_refuses_refuses_the_start(
    world: World,
) -> None:
    world.unit(
        "Subscription",
        "onPublish",
        lambda _: {},
        lambda _: Evaluation(result=None, invalidation_filter={"filterGroup": []}),
    )
    assert await first_refusal(world, "subscription { onPublish { id } }") == (
        None,
        "subscription filter needs a non-empty list `filterGroup`.",
    )


# -- What they are told -----------------------------------------------------------------------


async def test_a_subscriber_receives_its_own_selection_of_what_the_mutation_selected(
    world: World,
) -> None:
    query = """
      subscription {
        onPublish { key: id data name note part { size label } ...F }
      }
      fragment F on Item { __typename at }
    """
    subscription = await subscribe(world, query)
    announced = published(
        id="1",
        data='{"a":1}',
        part={"size": 2, "label": "l", "other": 3},
        at="2026-01-02T03:04:05Z",
        alias="of the mutation's own",
    )
    assert subscription.payload(announced) == {
        "data": {
            "onPublish": {
                "key": "1",
                "data": '{"a":1}',
                "name": None,
                "note": None,
                "part": {"size": 2, "label": "l"},
                "__typename": "Item",
                "at": "2026-01-02T03:04:05Z",
            }
        }
    }


async def test_a_missing_non_null_field_nulls_its_parent_in_the_services_words(
    world: World,
) -> None:
    subscription = await subscribe(world, "subscription { onPublish { part { label } } }")
    assert subscription.payload(published(part={"size": 1})) == {
        "data": {"onPublish": {"part": None}},
        "errors": [
            {
                "path": ["onPublish", "part", "label"],
                "message": "Cannot return null for non-nullable type: 'String' "
                "within parent 'Part' (/onPublish/part/label)",
            }
        ],
    }


async def test_a_field_of_another_mode_is_null_for_the_subscriber(world: World) -> None:
    subscription = await subscribe(world, "subscription { onSecret { word } }")
    assert subscription.payload(Announcement("hush", {"word": "x"})) == {
        "data": {"onSecret": {"word": None}},
        "errors": [
            {
                "path": ["onSecret", "word"],
                "errorType": "Unauthorized",
                "locations": [{"line": 1, "column": 27, "sourceName": None}],
                "message": "Not Authorized to access word on type Secret",
            }
        ],
    }


async def test_a_list_is_delivered_whole(world: World) -> None:
    world.sdl = """
      type Query { a: Int }
      type Mutation { m: [Part] }
      type Part { size: Int }
      type Subscription { onM: [Part] @aws_subscribe(mutations: ["m"]) }
    """
    subscription = await subscribe(world, "subscription { onM { size } }")
    announced = Announcement("m", [{"size": 1}, {"size": 2}])
    assert subscription.matches(announced)
    assert subscription.payload(announced) == {"data": {"onM": [{"size": 1}, {"size": 2}]}}


# -- Shapes -----------------------------------------------------------------------------------


async def test_subscriptions_that_differ_in_what_they_filter_by_have_one_shape(
    world: World,
) -> None:
    one, other = [await subscribe(world, BY_ID, {"id": each}) for each in ("1", "2")]
    assert one.shape == other.shape
    assert hash(one.shape) == hash(other.shape)


async def test_variables_count_wherever_the_root_field_stands(world: World) -> None:
    query = """
      subscription ($more: Boolean!) {
        ... on Subscription { onPublish { id name @include(if: $more) } }
      }
    """
    one, other = [await subscribe(world, query, {"more": each}) for each in (True, False)]
    assert one.shape != other.shape


async def test_subscriptions_that_receive_different_things_differ_in_shape(world: World) -> None:
    query = """
      subscription ($id: ID, $more: Boolean!) { onPublish(id: $id) { id ...F } }
      fragment F on Item { name @include(if: $more) }
    """
    shapes = {
        (await subscribe(world, query, {"more": True})).shape,
        (await subscribe(world, query, {"more": False})).shape,
        (await subscribe(world, query.replace("name", "note"), {"more": False})).shape,
        (
            await subscribe(
                world,
                query,
                {"more": True},
                BY_IAM,
                default_mode=AuthMode.AWS_IAM,
                additional_modes=(AuthMode.API_KEY,),
            )
        ).shape,
    }
    assert len(shapes) == 4
