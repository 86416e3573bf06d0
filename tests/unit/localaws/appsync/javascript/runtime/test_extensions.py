from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError

Run = Callable[..., Evaluation]

FILTER = {"filterGroup": [{"filters": [{"fieldName": "a", "operator": "eq", "value": 1}]}]}


def test_subscription_filters_are_reported(run: Run) -> None:
    evaluation = run(
        "extensions.setSubscriptionFilter(ctx.args.f);"
        " extensions.setSubscriptionInvalidationFilter(ctx.args.f); return null;",
        arguments={"f": FILTER},
    )

    assert evaluation.subscription_filter == FILTER
    assert evaluation.invalidation_filter == FILTER
    assert evaluation.result is None


def test_invalidations_are_reported_in_order(run: Run) -> None:
    evaluation = run(
        "for (const id of [1, 2]) {"
        " extensions.invalidateSubscriptions({subscriptionField: 'onX', payload: {id}}); }"
    )

    assert evaluation.invalidations == (
        {"subscriptionField": "onX", "payload": {"id": 1}},
        {"subscriptionField": "onX", "payload": {"id": 2}},
    )


def test_a_sixth_invalidation_is_an_error(run: Run) -> None:
    evaluation = run("for (const id of [1,2,3,4,5,6]) { extensions.invalidateSubscriptions({}); }")

    message = "a request may call invalidateSubscriptions 5 times"
    assert evaluation.error == HandlerError(message, "InvalidationLimitExceeded")


def test_evicting_from_the_cache_does_nothing(run: Run) -> None:
    evaluation = run("extensions.evictFromApiCache('Query', 'get', {'context.arguments.id': 1});")

    assert evaluation == Evaluation()


def test_an_early_return_ends_the_handler_with_its_value(run: Run) -> None:
    evaluation = run("runtime.earlyReturn({a: 1}); ctx.stash.after = 1;")

    assert evaluation == Evaluation(result={"a": 1}, early_return=True)


def test_an_early_return_may_skip_the_rest_of_a_pipeline(run: Run) -> None:
    assert run("runtime.earlyReturn(1, {skipTo: 'END'})").skip_to_end
    assert not run("runtime.earlyReturn(1, {skipTo: 'NEXT'})").skip_to_end


@pytest.mark.parametrize("value", ["", "undefined", "null"])
def test_an_early_return_without_a_value_is_a_runtime_error(run: Run, value: str) -> None:
    error = HandlerError("Runtime Error", "Code")
    assert run(f"runtime.earlyReturn({value})") == Evaluation(error=error)
