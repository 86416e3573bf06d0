"""One request of AppSync's to one answer. It never raises, and in doubt it refuses."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from antipode.authorizer.answer import REFUSAL, admission
from antipode.authorizer.handing import Handing
from antipode.authorizer.keys import KeyStore
from antipode.authorizer.refusal import KeysUnavailableError, Reason, RefusedError
from antipode.authorizer.scopes import Grants
from antipode.authorizer.tokens import Rules, bare, verify
from antipode.json_values import Json


@dataclass(frozen=True)
class Decision:
    """The answer, and why it is a refusal, if it is one.

    Args:
        error: what is behind INTERNAL.
    """

    answer: Json
    reason: Reason | None = None
    error: Exception | None = None


@dataclass(frozen=True)
class Authorizer:
    """Decides by a token's signature, its claims and its scopes."""

    store: KeyStore
    rules: Rules
    grants: Grants
    handing: Handing
    cache_s: int
    now: Callable[[], float] = time.time

    def decide(self, event: Json) -> Decision:
        """Whether the bearer of an event's token may call this API, and which fields not."""
        try:
            return Decision(self._admission(event))
        except RefusedError as refused:
            return _refused(refused.reason)
        except KeysUnavailableError:
            return _refused(Reason.KEYS_UNAVAILABLE)
        except Exception as error:  # noqa: BLE001 # whatever it was: nobody comes in by our defect
            return _refused(Reason.INTERNAL, error)

    def _admission(self, event: Json) -> Json:
        token = bare(event.get("authorizationToken"))
        now = self.now()
        claims = verify(token, self.store, self.rules, now)
        scopes = self.grants.known(claims.scopes)
        if not scopes:
            raise RefusedError(Reason.NOTHING_GRANTED)
        return admission(
            claims,
            scopes=scopes,
            handed=self.handing.of(claims.said),
            denied=self.grants.denied(claims.scopes),
            cache_s=self.cache_s,
            now=now,
        )


def _refused(reason: Reason, error: Exception | None = None) -> Decision:
    return Decision(dict(REFUSAL), reason, error)
