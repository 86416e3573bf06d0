"""The stand-in for the issuers of clients' tokens, in the modes that have an issuer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from antipode_tools.world.background import Background
from antipode_tools.world.listeners import authority
from antipode_tools.world.serving import sign_in
from antipode_tools.world.serving.sign_in import SigningIn
from localaws.tokens.fetching import over_http
from localaws.tokens.issuer import Documents, LocalIssuer


class IssuerStandIn:
    """Stands in for the issuers that the Regions' APIs trust, of which there may be none."""

    def __init__(self, issuer: LocalIssuer) -> None:
        self._issuer = issuer

    @classmethod
    async def of(
        cls, signing_in: Sequence[SigningIn], listener: socket.socket, background: Background
    ) -> Self:
        """Stand in for the issuers of what is deployed, with documents served on the socket."""
        names = sign_in.issuers(signing_in)
        url = f"http://{authority(listener)}"
        issuing = cls(await asyncio.to_thread(LocalIssuer.of, names, url))
        documents = Documents(lambda: issuing.issuer.documents)
        await background.serve(documents, listener, "the issuer of tokens")
        return issuing

    @property
    def issuer(self) -> LocalIssuer:
        """The stand-in as it is now."""
        return self._issuer

    def follow(self, signing_in: Sequence[SigningIn]) -> None:
        """Stand in for the issuers of what is deployed now, with the same key."""
        self._issuer = replace(self._issuer, issuers=sign_in.issuers(signing_in))

    async def fetch(self, url: str) -> bytes:
        """Fetch an issuer's document, from the stand-in for issuers that have one."""
        return await over_http(self._issuer.stand_ins)(url)
