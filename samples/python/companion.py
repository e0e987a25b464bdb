"""A companion of one's own: answers the user who writes on the page. python3 samples/python/companion.py

Put your program, or your language model, into answer(). Needs the package websockets.
"""

import asyncio
import json
import os

import websockets


def answer(text):
    return f"You said {len(text.split())} words: {text}"


async def main():
    async with websockets.connect(os.environ.get("KOTODAMA_URL", "ws://localhost:8765")) as hub:
        await hub.send(json.dumps({"type": "hello", "role": "companion", "client": "companion.py"}))
        async for frame in hub:
            message = json.loads(frame) if isinstance(frame, str) else {}
            if message.get("type") == "user_text" and message.get("final", True):
                await hub.send(json.dumps({"type": "llm_response", "channel": message["channel"], "content": answer(message["content"])}))


asyncio.run(main())
