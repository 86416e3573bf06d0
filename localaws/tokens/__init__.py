"""Issuers of tokens on one machine: `LocalIssuer` signs, and its documents are served."""

from localaws.tokens.fetching import over_http
from localaws.tokens.issuer import Documents, LocalIssuer, claims

__all__ = ["Documents", "LocalIssuer", "claims", "over_http"]
