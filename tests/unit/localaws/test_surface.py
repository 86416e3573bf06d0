"""What localaws promises to those who use it alone: rooms, their names, one base of errors."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import localaws
from localaws.errors import LocalAwsError

# A change here is a change for whoever uses a room: say so in the changelog.
SURFACE = {
    "apigateway": ["Gateway", "Request", "Response", "deployed", "serve"],
    "appsync": [
        "Api",
        "ApiKey",
        "AuthMode",
        "CodeRefused",
        "DataPlane",
        "Declared",
        "DeploymentError",
        "FunctionSource",
        "HandlerName",
        "InvalidContext",
        "JavaScriptEvaluator",
        "NoneSource",
        "PipelineResolver",
        "SchemaError",
        "Step",
        "TableSource",
        "UnitResolver",
        "evaluate_code",
        "read_api",
        "read_declared",
    ],
    "cloudfront": [
        "Address",
        "CloudFrontFunction",
        "Distribution",
        "FunctionError",
        "OriginRequestFunction",
        "Viewer",
    ],
    "dynamodb": [
        "Apply",
        "AwsTables",
        "ControlPlane",
        "ExpiringTable",
        "GlobalTables",
        "Network",
        "NoSuchTable",
        "Record",
        "Replication",
        "Unreachable",
        "complete",
        "expire",
    ],
    "event_source_mapping": [
        "AwsRegion",
        "Condition",
        "Discard",
        "EventSourceMappings",
        "FilterError",
        "InMemoryMapping",
        "Pace",
        "Settings",
        "SettingsError",
        "Source",
        "Throttled",
        "VirtualClock",
        "metadata",
        "with_payload",
    ],
    "iam": ["Evaluate", "Principal", "simulator"],
    "route53": ["Client", "NoRecord", "Routing", "SharedName", "choose", "routing"],
    "tokens": ["Documents", "LocalIssuer", "claims", "over_http"],
}


def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(localaws.__path__, "localaws.")
    return [importlib.import_module(module.name) for module in found]


ROOMS = sorted(module.name for module in pkgutil.iter_modules(localaws.__path__) if module.ispkg)


def test_the_rooms_are_the_pinned_ones() -> None:
    assert sorted(SURFACE) == ROOMS


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_lists_the_names_that_are_pinned_and_has_them(room: str) -> None:
    module = importlib.import_module(f"localaws.{room}")
    assert sorted(module.__all__) == sorted(SURFACE[room])
    assert all(hasattr(module, name) for name in module.__all__)
    assert inspect.getdoc(module)


def test_every_error_is_under_the_one_base() -> None:
    raised = {
        defined
        for module in modules()
        for defined in vars(module).values()
        if inspect.isclass(defined)
        and issubclass(defined, Exception)
        and defined.__module__.startswith("localaws.")
    }
    assert {error for error in raised if not issubclass(error, LocalAwsError)} == set()
    assert len(raised) > 20


def test_the_tree_of_errors_names_what_the_rooms_raise_to_their_users() -> None:
    tree = inspect.getdoc(importlib.import_module("localaws.errors")) or ""
    for room in ROOMS:
        module = importlib.import_module(f"localaws.{room}")
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isclass(value) and issubclass(value, Exception):
                assert f"── {name} " in tree
