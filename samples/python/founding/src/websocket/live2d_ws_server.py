"""The founding project's WebSocket server by name, for programs that were written for it: the hub has the port, and this speaks to it.

Put this file, live2d_ws_client.py and kotodama.py into the src/websocket of your program and start the hub with `kotodama --founding`.
docs/from-the-original.md says what is different, and why.
"""

import asyncio
import logging
import sys
import time
from pathlib import Path

# Beside this file in your program, further up in Kotodama's samples.
sys.path += [str(folder) for folder in Path(__file__).resolve().parents if (folder / "kotodama.py").is_file()][:1]

import kotodama  # noqa: E402

logger = logging.getLogger(__name__)

ANY_ADDRESS = ("", "0.0.0.0", "::")


class Live2DWebSocketServer:
    """Stands for the hub. It may be used from any thread and any event loop.

    What sends is True when a page was handed the message, which the hub has stored before. Otherwise the log says why.
    """

    def __init__(self, host="localhost", port=8765):
        self.host = host
        self.port = port
        self.server = None
        # One that says nothing of its own means the hub of KOTODAMA_URL, as all the samples do.
        if (host, port) == ("localhost", 8765):
            self._hub = kotodama.get_ws_client()
        else:
            name = "localhost" if host is None or host in ANY_ADDRESS else host
            self._hub = kotodama.WsClient(f"ws://{f'[{name}]' if ':' in name else name}:{port}")

    @property
    def clients(self):
        """The pages that are open now. The hub is asked each time, which takes some milliseconds."""
        return self._hub.pages()

    async def start(self):
        """Looks for the hub, which serves already. ConnectionError, which is an OSError, when none answers; its text says what to do."""
        await self._hub.status()
        self.server = self._hub
        logger.info("The hub at %s is the server.", self._hub.url)

    async def stop(self):
        """Leaves the hub as it is: it serves other programs and the pages."""
        self.server = None

    async def broadcast_message(self, message):
        """Sends a message to all pages: the JSON text of one."""
        return await self._hub.send(message)

    async def send_llm_response(self, response, duration=8000):
        """Shows a reply for at least ``duration`` ms."""
        return await self._hub.send_llm_response(response, duration)

    async def send_status(self, status):
        """Shows what the program is doing."""
        return await self._hub.send_status(status)


ws_server = None


async def get_ws_server():
    """The one server, after it has found the hub; ConnectionError as in :meth:`Live2DWebSocketServer.start`."""
    global ws_server
    if ws_server is None:
        server = Live2DWebSocketServer()
        await server.start()
        ws_server = server
    return ws_server


async def send_llm_response(response, duration=8000):
    """See :meth:`Live2DWebSocketServer.send_llm_response`. False without a hub; one that is started later is found."""
    return await (ws_server or Live2DWebSocketServer()).send_llm_response(response, duration)


async def send_status(status):
    """See :meth:`Live2DWebSocketServer.send_status`."""
    return await (ws_server or Live2DWebSocketServer()).send_status(status)


def run_ws_server():
    """Blocks until Ctrl+C, as programs expect that start it in a thread. There is nothing to run: the hub is the server."""
    try:
        asyncio.run(get_ws_server())
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        logger.info("This program ends, the hub goes on.")


if __name__ == "__main__":
    try:
        asyncio.run(get_ws_server())
        print(f"The hub at {kotodama.get_ws_client().url} is the server, so this program is not needed. Ctrl+C ends it.", flush=True)
        run_ws_server()
    except ConnectionError as away:
        sys.exit(str(away))
    except KeyboardInterrupt:
        sys.exit()
