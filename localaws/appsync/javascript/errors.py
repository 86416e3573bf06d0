"""What is wrong with a resolver's code, in the words and the shape of the service's EvaluateCode.

CodeRefused is the one error: the code would not have been deployed. Do not retry; change the code.
https://docs.aws.amazon.com/appsync/latest/APIReference/API_CodeError.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from localaws.appsync.ports import Json
from localaws.errors import LocalAwsError


class CodeErrorType(StrEnum):
    """The kinds of code errors that EvaluateCode has been seen to report."""

    PARSER_ERROR = "PARSER_ERROR"
    LINT_ERROR = "LINT_ERROR"
    UNSUPPORTED_SYNTAX_TYPE = "UNSUPPORTED_SYNTAX_TYPE"
    INVALID_FUNCTION_INVOCATION = "INVALID_FUNCTION_INVOCATION"
    MISSING_MAPPING_EXPORT = "MISSING_MAPPING_EXPORT"


@dataclass(frozen=True, order=True)
class Location:
    """Where in the code, line and column from 1; 0 is unknown."""

    line: int = 0
    column: int = 0
    span: int = 0


@dataclass(frozen=True)
class CodeError:
    """One thing that the service would not deploy."""

    type: CodeErrorType
    value: str
    location: Location = Location()

    def as_json(self) -> Json:
        """The error as EvaluateCode answers it."""
        location = {
            "line": self.location.line,
            "column": self.location.column,
            "span": self.location.span,
        }
        return {"errorType": self.type.value, "value": self.value, "location": location}


class CodeRefused(LocalAwsError):
    """The service would refuse to deploy this code."""

    def __init__(self, errors: Sequence[CodeError]) -> None:
        super().__init__(errors)
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "Error: " + "\n".join(error.value for error in self.errors)


def diagnostic(type: CodeErrorType, location: Location, text: str) -> CodeError:
    """An error whose text includes its place, as the service's compiler and linter do."""
    return CodeError(type, f"code.js({location.line},{location.column}): error {text}", location)
