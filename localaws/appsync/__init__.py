"""AppSync on one machine: GraphQL over HTTP, APPSYNC_JS resolvers, and subscriptions in real time.

`DataPlane` is the ASGI application of one Region's API. What it serves is an `Api`, which is read
from the control plane of an AWS endpoint with `read_api`, or written by hand.
"""

from localaws.appsync.control_plane import read_api
from localaws.appsync.declared import Declared, read_declared
from localaws.appsync.deployed import (
    Api,
    ApiKey,
    DeploymentError,
    FunctionSource,
    NoneSource,
    PipelineResolver,
    Step,
    TableSource,
    UnitResolver,
)
from localaws.appsync.evaluate import InvalidContext, evaluate_code
from localaws.appsync.javascript.errors import CodeRefused
from localaws.appsync.javascript.evaluator import JavaScriptEvaluator
from localaws.appsync.plane import DataPlane
from localaws.appsync.ports import AuthMode, HandlerName
from localaws.appsync.schema import SchemaError

__all__ = [
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
]
