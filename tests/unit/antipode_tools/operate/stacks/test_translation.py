"""What botocore raises, in words for an operator."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
)

from antipode_tools.operate.stacks.errors import (
    NoCredentials,
    NotRunningError,
    OperationError,
)
from antipode_tools.operate.stacks.translation import translated


def test_an_endpoint_where_nothing_listens_is_not_running() -> None:
    with pytest.raises(NotRunningError) as caught, translated("cannot list the bucket"):
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:4000/")

    assert str(caught.value) == (
        'cannot list the bucket: Could not connect to the endpoint URL: "http://127.0.0.1:4000/"'
    )


def test_any_other_error_says_what_was_being_done() -> None:
    with pytest.raises(OperationError) as caught, translated("cannot list the bucket"):
        raise PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY")

    assert type(caught.value) is OperationError
    assert str(caught.value) == (
        "cannot list the bucket: Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY"
    )


def test_without_credentials_it_does_not_matter_what_was_being_done() -> None:
    with pytest.raises(NoCredentials) as caught, translated("cannot list the bucket"):
        raise NoCredentialsError

    assert str(caught.value) == "there are no credentials for AWS (aws configure)"
