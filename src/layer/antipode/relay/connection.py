"""One connection to an HTTP server: a request goes out, its response comes in, one at a time."""

from __future__ import annotations

import asyncio
from typing import cast

from antipode.relay.errors import HttpError
from antipode.relay.http1 import Response, ResponseReader

# A publish answers with what it announces, which is a quarter of this at most.
MAX_ANSWER_BYTES = 1_048_576


class Connection(asyncio.Protocol):
    """Made by the loop for a socket that is connected. Whoever gives up an exchange closes it."""

    def __init__(self) -> None:
        self._reader: ResponseReader | None = None
        self._response: asyncio.Future[Response] | None = None

    async def exchange(self, request: bytes) -> Response:
        """Sends a request and waits for its response.

        Raises:
            HttpError: what came is no response.
            OSError: the connection broke; a ConnectionError, if the other side had closed it.
        """
        if self._transport.is_closing():
            raise ConnectionResetError("the connection was closed before an answer")
        self._reader = ResponseReader(MAX_ANSWER_BYTES)
        self._response = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._response

    def close(self) -> None:
        """Closes it at once: there is nobody left to say goodbye to."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A stream's transport is one, as asyncio has it.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._reader is None:
            return self.close()  # nobody asked: what came would be taken for the next answer
        try:
            response = self._reader.feed(data)
        except HttpError as error:
            return self._break(error)
        if response is not None:
            self._answer(response)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._reader is None:
            return
        try:
            if exc is not None:
                raise exc
            response = self._reader.end()
        except (OSError, HttpError) as error:
            return self._break(error)
        if response is not None:
            self._answer(response)

    def _answer(self, response: Response) -> None:
        self._reader = None
        if self._response is not None and not self._response.done():
            self._response.set_result(response)

    def _break(self, error: Exception) -> None:
        self._reader = None
        self._transport.abort()
        if self._response is not None and not self._response.done():
            self._response.set_exception(error)
