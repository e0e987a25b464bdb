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
DISPLAY_SECONDS = 5
SPEAK_SECONDS = 120

log = logging.getLogger("kotodama")

# Newer versions of the library go through http_proxy even to this machine; older ones know no proxies.
_CONNECT_OPTIONS = {"proxy": None} if "proxy" in inspect.signature(websockets.connect).parameters else {}


class WsClient:
    """A connection to a hub that is opened when it is needed and again after it was lost.

    Messages of several tasks take turns. Nothing raises when the hub is away: the methods return False, and the log says once why.

    What a method waits for is its argument ``wait``, and ``timeout`` says how many seconds the hub has for it:

    - None: True when the message was handed to a page at once (1 s). Otherwise the hub keeps it, a reply for a minute, for a page that opens.
    - "stored": True when the hub has the message, with or without a page (1 s).
    - "displayed": True when a page has shown it (5 s). Other messages of this client have their turn afterwards.
    - "spoken": True when a page has spoken it to its end (120 s).

    ``heard`` says after "spoken" how much was heard, as {"ms": ..., "chars": ...}; None: no page has told so.
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
        self.heard = None

    async def send_llm_response(self, response, duration=8000, wait=None, timeout=None, **fields):
        """Shows a reply for at least ``duration`` ms. True: it came as far as ``wait`` says.

        More fields go into the message as they are: emotion="joy", motion="wave", channel="left".
        """
        return await self.send({"type": "llm_response", "content": response, "duration": duration, **fields}, wait, timeout)

    async def send_status(self, status, wait=None, timeout=None, **fields):
        """Shows what the program is doing; an empty text takes the line away. True: it came as far as ``wait`` says."""
        return await self.send({"type": "status", "content": status, **fields}, wait, timeout)

    async def send(self, message, wait=None, timeout=None):
        """Sends any message of docs/protocol.md, section 4. True: it came as far as ``wait`` says."""
        if wait not in (None, "stored", "displayed", "spoken"):
            raise ValueError(f"wait is None, 'stored', 'displayed' or 'spoken', got {wait!r}")
        if timeout is None:
            timeout = {"displayed": DISPLAY_SECONDS, "spoken": SPEAK_SECONDS}.get(wait, RECEIPT_SECONDS)
        # Not "stored" unless asked for: a hub whose disk is full would refuse it instead of showing it.
        message = {"id": uuid.uuid4().hex, **message, "receipt": wait or "received"}
        self._belong_to(asyncio.get_running_loop())
        async with self._turn:
            # A connection that was lost since the last message shows it only when it is used, so there is a second try. The hub knows
            # the message by its id, so it is not shown twice.
            for attempt in (1, 2):
                try:
                    return self._judge(await self._exchange(message, wait, timeout), wait, timeout)
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

    async def _exchange(self, message, wait, timeout):
        """Sends a message and returns the hub's answer that decides, or None when none came in time."""
        if self._socket is None:
            self._socket = await websockets.connect(self.url, open_timeout=CONNECT_SECONDS, **_CONNECT_OPTIONS)
        await self._socket.send(json.dumps(message, ensure_ascii=False))
        try:
            return await asyncio.wait_for(self._answer(message["id"], wait), timeout)
        except asyncio.TimeoutError:
            return None

    async def _answer(self, message_id, wait):
        while True:
            answer = json.loads(await self._socket.recv())
            # An error about a message that could not be read names no id; ours is the only one under way.
            if answer.get("type") not in ("receipt", "error") or answer.get("id", message_id) != message_id:
                continue
            # A message without a number is not kept, and no page says that it has shown it.
            kept = answer["type"] == "receipt" and "seq" in answer
            if wait in ("displayed", "spoken") and not answer.get("final") and (kept or answer.get("status") == "progress"):
                continue
            return answer

    def _judge(self, answer, wait, timeout):
        self.heard = (answer or {}).get("heard")
        done = {"displayed": "shown", "spoken": "spoken"}.get(wait)
        if answer is None and done:
            return self._failed(f"no page has {done} the message within {timeout} s. Is http{self.url[2:]} open in a browser?")
        if answer is None:
            return self._failed(f"the hub at {self.url} did not answer within {timeout} s; the message may or may not have been shown")
        if answer["type"] == "error":
            return self._failed(f"the hub refused the message: {answer['message']}. {answer.get('hint', '')}")
        if done and answer["status"] != "done":
            return self._failed(f"no page has {done} the message: {answer['status']}")
        if wait is None and not answer.get("pages"):
            return self._failed(f"no page is open on channel {answer['channel']}, so nobody sees it yet. Open http{self.url[2:]} in a browser")
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


async def send_llm_response(response, duration=8000, wait=None, timeout=None, **fields):
    """See :meth:`WsClient.send_llm_response`."""
    return await get_ws_client().send_llm_response(response, duration, wait, timeout, **fields)


async def send_status(status, wait=None, timeout=None, **fields):
    """See :meth:`WsClient.send_status`."""
    return await get_ws_client().send_status(status, wait, timeout, **fields)


async def disconnect():
    """See :meth:`WsClient.disconnect`."""
    await get_ws_client().disconnect()
