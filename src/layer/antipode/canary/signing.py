"""Headers that sign a request to AppSync with IAM credentials, for both of its endpoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from antipode.canary.protocol import Sign


def signer(region: str, credentials: Callable[[], Credentials]) -> Sign:
    """Signs with the credentials of the moment, which a role changes every few hours."""

    def sign(url: str, body: bytes, headers: Mapping[str, str]) -> Mapping[str, str]:
        all_of_them = {**headers, "host": urlsplit(url).netloc}
        request = AWSRequest("POST", url, headers=all_of_them, data=body)
        SigV4Auth(credentials(), "appsync", region).add_auth(request)
        return {**all_of_them, **dict(request.headers.items())}

    return sign
