"""Lets the character say something with Python's standard library alone, and waits until a page has shown it.

python3 samples/python/hello_stdlib.py "Good morning"
"""

import json
import os
import sys
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

HUB = os.environ.get("KOTODAMA_URL", "http://localhost:8765").replace("ws://", "http://").rstrip("/")

# The hub is on this machine, so a proxy of the environment is in the way.
http = build_opener(ProxyHandler({}))


def say(text, **fields):
    """Sends a reply. Returns the hub's answer, for example {"pages": 1, "displayed": True, …}."""
    body = json.dumps({"type": "llm_response", "content": text, **fields}).encode()
    request = Request(f"{HUB}/api/messages?wait=displayed", body, {"Content-Type": "application/json"})
    try:
        with http.open(request, timeout=10) as answer:
            return json.load(answer)
    except HTTPError as refused:
        error = json.load(refused)
        sys.exit(f"The hub refused it: {error['message']}. {error['hint']}")
    except URLError as away:
        sys.exit(f"No hub answers at {HUB} ({away.reason}). Start it: dotnet run --project src/Kotodama")


answer = say(" ".join(sys.argv[1:]) or "Hello from nothing but Python.", emotion="joy")
print("A page shows it." if answer["displayed"] else answer["hint"])
