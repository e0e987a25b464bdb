"""Makes a Kotodama character speak, with the names of the founding project.

    import asyncio
    from kotodama import send_llm_response

    asyncio.run(send_llm_response("你好！", duration=8000))

Needs the package ``websockets``, 10.4 or newer (Debian: ``apt install python3-websockets``). The hub is looked for at the address in
the environment variable KOTODAMA_URL, by default ws://localhost:8765.
"""

import asyncio
import inspect
import json
import logging
import os
import uuid

import websockets
from websockets.exceptions import ConnectionClosed, WebSocketException

__all__ = ["WsClient", "disconnect", "get_ws_client", "send_llm_response", "send_status"]

DEFAULT_URL = "ws://localhost:8765"
CONNECT_SECONDS = 3
RECEIPT_SECONDS = 1

log = logging.getLogger("kotodama")

# Newer versions of the library go through http_proxy even to this machine; older ones know no proxies.
_CONNECT_OPTIONS = {"proxy": None} if "proxy" in inspect.signature(websockets.connect).parameters else {}


class WsClient:
    """A connection to a hub that is opened when it is needed and again after it was lost.

    Messages of several tasks take turns. Nothing raises when the hub is away: the methods return False, and the log says once why.
    """

    def __init__(self, url=None):
        url = url or os.environ.get("KOTODAMA_URL") or DEFAULT_URL
        if "://" not in url:
            url = "ws://" + url
        self.url = "ws" + url[4:] if url.startswith("http") else url
        self._socket = None
        self._loop = None
        self._turn = None
        self._complaint = None

    async def send_llm_response(self, response, duration=8000, **fields):
        """Shows a reply for at least ``duration`` ms. True: it was handed to a page.

        More fields go into the message as they are: emotion="joy", motion="wave", channel="left".
        """
        return await self.send({"type": "llm_response", "content": response, "duration": duration, **fields})

    async def send_status(self, status, **fields):
        """Shows what the program is doing; an empty text takes the line away. True: it was handed to a page."""
        return await self.send({"type": "status", "content": status, **fields})

    async def send(self, message):
        """Sends any message of docs/protocol.md, section 4. True: it was handed to a page."""
        message = {"id": uuid.uuid4().hex, **message, "receipt": "sent"}
        self._belong_to(asyncio.get_running_loop())
        async with self._turn:
            # A connection that was lost since the last message shows it only when it is used, so there is a second try.
            for attempt in (1, 2):
                try:
                    return self._judge(await self._exchange(message))
                except ConnectionClosed as lost:
                    self._socket = None
                    if attempt == 2:
                        return self._failed(f"the hub at {self.url} closed the connection ({lost})")
                except (OSError, asyncio.TimeoutError, WebSocketException) as error:
                    self._socket = None
                    return self._failed(f"no Kotodama hub answers at {self.url} ({error or 'too slow'}). Start it: dotnet run --project src/Kotodama")

    async def disconnect(self):
        """Closes the connection. The next message opens a new one."""
        self._belong_to(asyncio.get_running_loop())
        async with self._turn:
            socket, self._socket = self._socket, None
            if socket is not None:
                await socket.close()

    def _belong_to(self, loop):
        # Each asyncio.run() has its own loop, and a connection dies with the loop that opened it.
        if self._loop is not loop:
            self._loop, self._socket, self._turn = loop, None, asyncio.Lock()

    async def _exchange(self, message):
        """Sends a message and returns the hub's answer to it, or None when none came in time."""
        if self._socket is None:
            self._socket = await websockets.connect(self.url, open_timeout=CONNECT_SECONDS, **_CONNECT_OPTIONS)
        await self._socket.send(json.dumps(message, ensure_ascii=False))
        try:
            return await asyncio.wait_for(self._answer(message["id"]), RECEIPT_SECONDS)
        except asyncio.TimeoutError:
            return None

    async def _answer(self, message_id):
        while True:
            answer = json.loads(await self._socket.recv())
            # An error about a message that could not be read names no id; ours is the only one under way.
            if answer.get("type") in ("receipt", "error") and answer.get("id", message_id) == message_id:
                return answer

    def _judge(self, answer):
        if answer is None:
            return self._failed(f"the hub at {self.url} did not answer within {RECEIPT_SECONDS} s; the message may or may not have been shown")
        if answer["type"] == "error":
            return self._failed(f"the hub refused the message: {answer['message']}. {answer['hint']}")
        if answer["pages"] == 0:
            return self._failed(f"no page is open on channel {answer['channel']}, so nobody sees it. Open http{self.url[2:]} in a browser")
        self._complaint = None
        return True

    def _failed(self, why):
        # A program that speaks every second shall not fill the log with one sentence.
        if why != self._complaint:
            self._complaint = why
            log.warning(why)
        return False


_client = None


def get_ws_client():
    """The client that the functions of this module use."""
    global _client
    if _client is None:
        _client = WsClient()
    return _client


async def send_llm_response(response, duration=8000, **fields):
    """See :meth:`WsClient.send_llm_response`."""
    return await get_ws_client().send_llm_response(response, duration, **fields)


async def send_status(status, **fields):
    """See :meth:`WsClient.send_status`."""
    return await get_ws_client().send_status(status, **fields)


async def disconnect():
    """See :meth:`WsClient.disconnect`."""
    await get_ws_client().disconnect()
