"""What botocore raises, in words for an operator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
)

from antipode_tools.operate.stacks.errors import (
    NoCredentials,
    NotRunningError,
    OperationError,
)


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Says what was being done when AWS refused or was not reached.

    Raises:
        NoCredentials
        NotRunningError: nothing listens there.
        OperationError: from whatever else botocore raised.
    """
    try:
        yield
    except NoCredentialsError as error:
        raise NoCredentials("there are no credentials for AWS (aws configure)") from error
    except EndpointConnectionError as error:
        raise NotRunningError(f"{doing}: {error}") from error
    except (BotoCoreError, ClientError) as error:
        raise OperationError(f"{doing}: {error}") from error
