"""Requests signed as a client of AWS signs them."""

from __future__ import annotations

from collections.abc import Mapping

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from localaws.appsync.ports import SignedRequest
from localaws.iam.principals import Principal


def signed_headers(
    principal: Principal,
    body: bytes,
    *,
    url: str,
    region: str,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The headers that botocore sends with this body, for now."""
    request = AWSRequest(method, url, data=body, headers=dict(headers or {}))
    credentials = Credentials(
        principal.access_key_id, principal.secret_access_key, principal.session_token
    )
    SigV4Auth(credentials, "appsync", region).add_auth(request)
    return {**dict(request.headers.items()), "host": url.split("/")[2]}


def signed_request(
    principal: Principal, body: bytes = b"{}", *, region: str = "eu-west-1"
) -> SignedRequest:
    """A posted request, as the endpoint gets it."""
    headers = signed_headers(principal, body, url="http://127.0.0.1:4001/graphql", region=region)
    return SignedRequest("POST", "/graphql", headers, body)
