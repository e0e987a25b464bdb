"""Lets the character greet: python3 samples/python/hello.py"""

import asyncio

from kotodama import disconnect, send_llm_response, send_status


async def main():
    await send_status("思考中……")
    await asyncio.sleep(1)
    if await send_llm_response("你好！这是 LLM 的回复。", duration=8000, emotion="joy", motion="wave"):
        print("Sent to the page.")
    else:
        print("No page has it; the line above says why.")
    await send_status("")
    await disconnect()


asyncio.run(main())
