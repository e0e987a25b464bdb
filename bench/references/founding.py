"""Every message to every other client, one awaited send after the other: the manner of the founding server.

A reference for `Kotodama.Bench beside`. Usage: python3 founding.py PORT
"""
import asyncio
import sys

import websockets

clients = set()


async def serve(websocket, path=None):
    clients.add(websocket)
    try:
        async for message in websocket:
            for client in list(clients):
                if client is not websocket:
                    try:
                        await client.send(message)
                    except websockets.ConnectionClosed:
                        clients.discard(client)
    except websockets.ConnectionClosed:
        pass
    finally:
        clients.discard(websocket)


async def main():
    async with websockets.serve(serve, "127.0.0.1", int(sys.argv[1]), max_size=None, ping_interval=None):
        await asyncio.Future()


asyncio.run(main())
