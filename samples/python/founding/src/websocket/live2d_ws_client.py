"""The founding project's WebSocket client by name, for programs that were written for it. See live2d_ws_server.py beside it."""

import asyncio
import logging
import sys
from pathlib import Path

# Beside this file in your program, further up in Kotodama's samples.
sys.path += [str(folder) for folder in Path(__file__).resolve().parents if (folder / "kotodama.py").is_file()][:1]

import kotodama  # noqa: E402

logger = logging.getLogger(__name__)


class Live2DWebSocketClient:
    """A publisher. It may be used from any thread and any event loop, and a hub that was away is found again by itself.

    What sends is True when the hub has the message, also if no page is open yet: a reply waits a minute for one. Otherwise the log says
    why.
    """

    def __init__(self, uri="ws://localhost:8765"):
        self.uri = uri
        self.websocket = None
        self.connected = False
        # One that says nothing of its own means the hub of KOTODAMA_URL, as all the samples do.
        self._hub = kotodama.get_ws_client() if uri == "ws://localhost:8765" else kotodama.WsClient(uri)

    async def connect(self):
        """Looks for the hub. False when none answers."""
        try:
            await self._hub.status()
        except ConnectionError as away:
            logger.warning("%s", away)
            return False
        self.connected = True
        return True

    async def disconnect(self):
        """Nothing more can be sent until the next :meth:`connect`."""
        self.connected = False

    async def send_message(self, message):
        """Sends the JSON text of a message."""
        if not self.connected:
            logger.warning("This client is not connected: await connect() first.")
            return False
        return await self._hub.send(message, wait="taken")

    async def send_llm_response(self, response, duration=8000):
        """Shows a reply for at least ``duration`` ms."""
        return await self.send_message({"type": "llm_response", "content": response, "duration": duration})

    async def send_status(self, status):
        """Shows what the program is doing."""
        return await self.send_message({"type": "status", "content": status})


ws_client = None


async def get_ws_client():
    """The one client, connected if a hub answers."""
    global ws_client
    if ws_client is None:
        ws_client = Live2DWebSocketClient()
    if not ws_client.connected:
        await ws_client.connect()
    return ws_client


async def send_llm_response(response, duration=8000):
    """See :meth:`Live2DWebSocketClient.send_llm_response`."""
    return await (await get_ws_client()).send_llm_response(response, duration)


async def send_status(status):
    """See :meth:`Live2DWebSocketClient.send_status`."""
    return await (await get_ws_client()).send_status(status)


async def disconnect():
    """Ends the one client. The next message makes a new one."""
    global ws_client
    if ws_client is not None:
        await ws_client.disconnect()
        ws_client = None


if __name__ == "__main__":
    print(asyncio.run(send_llm_response("测试消息", 5000)))
