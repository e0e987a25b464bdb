"""Makes a Kotodama character speak, with the names of the founding project.

    import asyncio
    from kotodama import send_llm_response

    asyncio.run(send_llm_response("你好！", duration=8000))

Needs nothing but Python, 3.8 or newer. The hub is looked for at the address in the environment variable KOTODAMA_URL, by default
ws://localhost:8765; a hub on another machine wants a token, which stands in KOTODAMA_TOKEN (kotodama token create --role publisher).
A thread of the client's own talks to it, over HTTP: event loops may come and go, and a program may block between two messages for as long
as it likes.
"""

import asyncio
import base64
import hashlib
import http.client
import inspect
import json
import logging
import os
import queue
import random
import socket
import struct
import threading
import time
import uuid
from urllib.parse import parse_qs, urlsplit

__all__ = ["WsClient", "choose_avatar", "disconnect", "get_ws_client", "on_touch", "send_llm_response", "send_status"]

DEFAULT_URL = "ws://localhost:8765"
CONNECT_SECONDS = 3
RECEIPT_SECONDS = 3
DISPLAY_SECONDS = 5
SPEAK_SECONDS = 120
IDLE_SECONDS = 5

# A hub that says "too fast" is obeyed for so long.
BUSY_SECONDS = 60

# A hub says something every 15 s. When it is away, pauses of a random length below a bound that doubles.
SILENCE_SECONDS = 35
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30

# The longest message that a hub may send.
MOST_BYTES = 1 << 20

# The least and the most that a hub waits within one request.
LEAST_WAIT = 0.1
MOST_WAIT = {"displayed": 60, "spoken": 600}

log = logging.getLogger("kotodama")


class WsClient:
    """A client of a hub. It may be used from any thread and any event loop, also from several.

    Messages take turns, in the order of the calls. Nothing raises when the hub is away: the methods return False, and the log says once
    why.

    What a method waits for is its argument ``wait``, and ``timeout`` says how many seconds the hub has for it:

    - None: True when the message was handed to a page at once (3 s). Otherwise the hub keeps it for a page that opens, a reply for a
      minute.
    - "taken": True when the hub has the message, with or without a page (3 s).
    - "stored": the same, but a hub whose disk is full or fails refuses the message instead of keeping it in memory (3 s).
    - "displayed": True when a page has shown it (5 s). Other messages of this client have their turn afterwards.
    - "spoken": True when a page has spoken it to its end (120 s).

    ``heard`` says after "spoken" how much was heard, as {"ms": ..., "chars": ...}; None: no page has told so.
    """

    def __init__(self, url=None, token=None):
        token = token or os.environ.get("KOTODAMA_TOKEN") or None
        if token is not None and not (token.isascii() and token.isprintable() and " " not in token):
            raise ValueError("a token is what kotodama token create prints: letters, digits, _ and -")
        url = url or os.environ.get("KOTODAMA_URL") or DEFAULT_URL
        if "://" not in url:
            url = "ws://" + url
        self.url = "ws" + url[4:] if url.startswith("http") else url
        self._token = token
        self._api = _Api(self.url, token)
        self._calls = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread = None
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

    async def choose_avatar(self, name, wait="taken", timeout=None, **fields):
        """Shows a model or a drawn character ("koto", "kitsu", "nagi") on the channel, also on pages that open later.

        None: what the character says. More fields go into the message as they are: channel="left". True: the hub has it.
        """
        return await self.send({"type": "avatar", "name": name, **fields}, wait, timeout)

    def on_touch(self, callback, *channels):
        """Calls ``callback`` each time a user touches the character on one of the channels (by default that of the client).

        It gets a dict: "channel", "area" ("head", "face", "body" or an area of the model), "gesture" ("tap" or "stroke"), and "avatar"
        where the page tells it. In a running event loop, function or coroutine function, it is called there; otherwise a function is
        called in a thread of its own, and has to be quick. Returns a function that ends this. While the hub is away nothing is told, and
        the log says so once.
        """
        listener = _Listener(self.url, self._token, channels or tuple(self._api.defaults.values()), callback, self._failed)
        threading.Thread(target=listener.run, name="kotodama touches", daemon=True).start()
        return listener.end

    async def send(self, message, wait=None, timeout=None):
        """Sends any message of docs/protocol.md, section 4, as a dict or as JSON text. True: it came as far as ``wait`` says."""
        if wait not in (None, "taken", "stored", "displayed", "spoken"):
            raise ValueError(f"wait is None, 'taken', 'stored', 'displayed' or 'spoken', got {wait!r}")
        if timeout is None:
            timeout = {"displayed": DISPLAY_SECONDS, "spoken": SPEAK_SECONDS}.get(wait, RECEIPT_SECONDS)
        if isinstance(message, (str, bytes)):
            try:
                message = json.loads(message)
            except ValueError as error:
                return self._failed(f"the message is not JSON ({error})")
            if not isinstance(message, dict):
                return self._failed("the message is not a JSON object")
        # With an id of its own a message may be sent again and is shown once.
        message = {"id": uuid.uuid4().hex, **self._api.defaults, **message, "receipt": "stored" if wait == "stored" else "none"}
        try:
            answer = await self._in_thread(lambda call: self._api.publish(message, wait, timeout, call))
        except ConnectionError as error:
            return self._failed(str(error))
        return self._judge(answer, wait, timeout)

    async def status(self):
        """What the hub says of itself (GET /api/status). Raises ConnectionError, whose text says what to do, when none answers."""
        return await self._in_thread(self._api.status)

    def pages(self):
        """The sessions of the pages that are open now; none when no hub answers. Blocks until the hub has answered.

        A hub tells them to programs of its own machine, and elsewhere to who has a token of the role admin.
        """
        try:
            clients = self._api.status(_Call(None, None))["clients"]
        except ConnectionError as error:
            self._failed(str(error))
            return set()
        return {client["session"] for client in clients if client["role"] == "page"}

    async def disconnect(self):
        """There is nothing to close: each message has a connection of its own. It is here for programs that call it."""

    def __await__(self):
        # Programs of the founding project write `await get_ws_client()`; without await it is the same.
        yield from ()
        return self

    async def _in_thread(self, work):
        call = _Call(work, asyncio.get_running_loop())
        with self._lock:
            self._calls.put(call)
            # Not alive: the process was forked, and its threads stayed behind.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._take_calls, name="kotodama", daemon=True)
                self._thread.start()
        return await call.outcome()

    def _take_calls(self):
        while True:
            try:
                call = self._calls.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                with self._lock:
                    if self._calls.empty():
                        self._thread = None
                        return
            else:
                call.run()

    def _judge(self, answer, wait, timeout):
        self.heard = answer.get("heard")
        done = {"displayed": "shown", "spoken": "spoken"}.get(wait)
        if "code" in answer:
            return self._failed(f"the hub refused the message: {answer['message']}. {answer.get('hint', '')}")
        if done and not answer.get(wait):
            return self._failed(f"no page has {done} the message within {timeout} s. {answer.get('hint', '')}")
        # What was sent again, because the first answer was lost, has gone to the pages before.
        if wait is None and not answer["pages"] and not answer.get("duplicate"):
            return self._failed(
                f"no page is open on channel {answer['channel']}, so the message waits for one. Open http{self.url[2:]} in a browser")
        self._complaint = None
        return True

    def _failed(self, why):
        # A program that speaks every second shall not fill the log with one sentence.
        if why != self._complaint:
            self._complaint = why
            log.warning(why)
        return False


class _Call:
    """What a coroutine asks of the client's thread. A coroutine that is cancelled gives it up, and the thread goes on with the next one."""

    def __init__(self, work, loop):
        self._work = work
        self._loop = loop
        self._answer = loop.create_future() if loop else None
        self._socket = None
        self.given_up = threading.Event()

    async def outcome(self):
        try:
            value, error = await self._answer
        except asyncio.CancelledError:
            self._give_up()
            raise
        if error is not None:
            raise error
        return value

    def run(self):
        """In the thread. Hands over errors as values: an exception that no task fetches would be litter on standard error."""
        if self.given_up.is_set():
            return
        try:
            outcome = self._work(self), None
        except Exception as error:
            outcome = None, error
        try:
            self._loop.call_soon_threadsafe(self._settle, outcome)
        except RuntimeError:
            # The loop was closed meanwhile, and with it what waited for the answer.
            log.debug("the event loop of a message was closed before its answer came")

    def uses(self, open_socket):
        """The work waits on this socket from now on; None: on none."""
        self._socket = open_socket
        if self.given_up.is_set() and open_socket is not None:
            raise ConnectionAbortedError("given up")

    def _settle(self, outcome):
        if not self._answer.done():
            self._answer.set_result(outcome)

    def _give_up(self):
        self.given_up.set()
        open_socket = self._socket
        if open_socket is not None:
            try:
                open_socket.shutdown(socket.SHUT_RDWR)
            except OSError as error:
                log.debug("the connection had ended by itself (%s)", error)


class _Api:
    """The hub's HTTP API (docs/protocol.md, section 8). Blocks, so it belongs into a thread."""

    def __init__(self, url, token):
        self._url = url
        # In a header, because addresses end up in logs.
        self._headers = {"Content-Type": "application/json", "Connection": "close"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        address = urlsplit("http" + url[2:])
        self._connection = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        self._host, self._port = address.hostname, address.port
        path = address.path.rstrip("/")
        # The socket may be named by its own path; the API lies beside it.
        self._root = path[: -len("/ws")] if path.endswith("/ws") else path
        channel = parse_qs(address.query).get("channel")
        self.defaults = {"channel": channel[0]} if channel else {}

    def status(self, call):
        answer = self._ask("GET", "/api/status", None, RECEIPT_SECONDS, call)[1]
        if "code" in answer:
            raise ConnectionError(f"the hub at {self._url} lets no program in here: {answer['message']}. {answer.get('hint', '')}")
        if answer.get("product") != "kotodama":
            raise self._stranger()
        return answer

    def publish(self, message, wait, timeout, call):
        """The hub's last answer about a message: that of section 8, or an error."""
        # Half of a surrogate pair, as a model's broken answer may have, is no text that a hub takes.
        body = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
        deadline = time.monotonic() + timeout
        stage = wait if wait in MOST_WAIT else None
        while True:
            began = time.monotonic()
            limit = min(max(deadline - began, LEAST_WAIT), MOST_WAIT[stage]) if stage else max(timeout, LEAST_WAIT)
            answer = self._post(body, stage, limit, call)
            now = time.monotonic()
            if "code" in answer or stage is None:
                return answer
            if answer.get(stage):
                if stage == wait:
                    return answer
                stage = wait
            elif stage == "spoken" and not answer["pages"] and not answer.get("duplicate"):
                # A hub does not wait for speech where no page is open; one may still come.
                stage = "displayed"
            elif now < began + limit or now >= deadline:
                return answer

    def _post(self, body, stage, limit, call):
        path = "/api/messages" + (f"?wait={stage}&timeout={int(limit * 1000)}" if stage else "")
        patience = limit + RECEIPT_SECONDS if stage else limit
        tries, busy_until = 2, time.monotonic() + BUSY_SECONDS
        while True:
            try:
                pause, answer = self._ask("POST", path, body, patience, call)
            except ConnectionResetError:
                # A hub that is being restarted. It knows the message by its id, so it is not shown twice.
                tries -= 1
                if tries == 0:
                    raise
                continue
            if pause is None or time.monotonic() > busy_until:
                break
            call.given_up.wait(pause)
        if "code" not in answer and "pages" not in answer:
            raise self._stranger()
        return answer

    def _ask(self, method, path, body, patience, call):
        """The seconds after which a hub that had too much to do wants to be asked again, and the answer."""
        connection = self._connection(self._host, self._port, timeout=CONNECT_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            raise ConnectionError(
                f"no Kotodama hub answers at {self._url} ({error}). Start it: dotnet run --project src/Kotodama") from error
        try:
            call.uses(connection.sock)
            connection.sock.settimeout(patience)
            connection.request(method, self._root + path, body, self._headers)
            answer = connection.getresponse()
            pause = float(answer.getheader("Retry-After", 1)) if answer.status == 429 else None
            value = json.loads(answer.read())
        except socket.timeout as error:
            raise ConnectionError(
                f"the hub at {self._url} did not answer within {patience} s; the message may or may not have been shown") from error
        except (BrokenPipeError, ConnectionResetError, http.client.IncompleteRead) as error:
            raise ConnectionResetError(f"the hub at {self._url} closed the connection ({error})") from error
        except (http.client.HTTPException, ValueError) as error:
            raise self._stranger() from error
        except OSError as error:
            raise ConnectionError(f"the connection to the hub at {self._url} broke off ({error})") from error
        finally:
            call.uses(None)
            connection.close()
        if not isinstance(value, dict):
            raise self._stranger()
        return pause, value

    def _stranger(self):
        return ConnectionError(
            f"what answers at {self._url} is no Kotodama hub. Stop that program, or name the hub's address in KOTODAMA_URL")


class _Listener:
    """Is told of touches, over a WebSocket that it keeps open, in a thread of its own. Knows as much of RFC 6455 as a hub sends."""

    def __init__(self, url, token, channels, callback, complain):
        self._url = urlsplit(url)
        self._proof = "" if token is None else f"Authorization: Bearer {token}\r\n"
        self._hello = {"type": "hello", "v": 1, "role": "publisher", "caps": ["touch"], "client": "kotodama.py"}
        if channels:
            self._hello["channels"] = list(channels)
        self._callback = callback
        self._complain = complain
        self._ended = threading.Event()
        self._socket = None
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None
            if inspect.iscoroutinefunction(callback):
                raise TypeError("a coroutine function is called in the event loop that runs, and none does") from None

    def end(self):
        """Nothing is told any more from now on."""
        self._ended.set()
        open_socket = self._socket
        if open_socket is not None:
            try:
                open_socket.shutdown(socket.SHUT_RDWR)
            except OSError as error:
                log.debug("the connection had ended by itself (%s)", error)

    def run(self):
        failures = 0
        while not self._ended.is_set():
            try:
                with self._connect() as hub:
                    self._socket = hub
                    if self._ended.is_set():
                        return
                    self._send(hub, json.dumps(self._hello).encode())
                    for message in self._messages(hub):
                        if self._ended.is_set():
                            return
                        failures = 0
                        if message.get("type") == "touch":
                            self._tell(message)
                        elif message.get("type") == "error":
                            # It has not taken the hello, and would take this for a page.
                            self._complain(f"the hub tells of no touches: {message.get('message')}. {message.get('hint', '')}")
                            if not message.get("retry"):
                                return
                            break
            except (OSError, ValueError, struct.error) as error:
                if not self._ended.is_set():
                    self._complain(f"no hub at {self._url.netloc} tells of touches ({error}); it is asked again")
            finally:
                self._socket = None
            failures += 1
            self._ended.wait(random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures, 16))))

    def _tell(self, message):
        touch = {name: message[name] for name in ("channel", "area", "gesture", "avatar") if name in message}
        if self._loop is None:
            self._call(touch)
            return
        try:
            self._loop.call_soon_threadsafe(self._call, touch)
        except RuntimeError:
            # The loop was closed, and with it what wanted to know.
            self._ended.set()

    def _call(self, touch):
        try:
            answer = self._callback(touch)
            if inspect.isawaitable(answer):
                asyncio.ensure_future(answer).add_done_callback(_report)
        except Exception:
            log.exception("what on_touch calls has failed")

    def _connect(self):
        address = self._url
        secure = address.scheme == "wss"
        hub = socket.create_connection((address.hostname, address.port or (443 if secure else 80)), CONNECT_SECONDS)
        try:
            if secure:
                import ssl

                hub = ssl.create_default_context().wrap_socket(hub, server_hostname=address.hostname)
            key = base64.b64encode(os.urandom(16)).decode()
            hub.sendall((
                f"GET {address.path or '/'} HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{self._proof}\r\n").encode())
            answer = b""
            while not answer.endswith(b"\r\n\r\n"):
                # One by one, because a frame may follow at once.
                answer += self._read(hub, 1)
                if len(answer) > 16384:
                    raise ValueError("its answer is too long")
            accept = base64.b64encode(hashlib.sha1(key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
            if b" 401 " in answer.split(b"\r\n", 1)[0]:
                raise ValueError("it wants a token, or another one: kotodama token create")
            if b" 101 " not in answer.split(b"\r\n", 1)[0] or accept not in answer:
                raise ValueError("what answers is no Kotodama hub")
            hub.settimeout(SILENCE_SECONDS)
            return hub
        except BaseException:
            hub.close()
            raise

    def _messages(self, hub):
        text = b""
        while True:
            first, second = self._read(hub, 2)
            length = second & 0x7F
            if length > 125:
                length = struct.unpack("!H" if length == 126 else "!Q", self._read(hub, 2 if length == 126 else 8))[0]
            if length + len(text) > MOST_BYTES:
                raise ValueError(f"a message has more than {MOST_BYTES} bytes")
            payload, kind = self._read(hub, length), first & 0x0F
            if kind == 8:
                return
            if kind == 9:
                self._send(hub, payload, kind=10)
            elif kind in (0, 1):
                text += payload
                if first & 0x80:
                    message = json.loads(text)
                    text = b""
                    if isinstance(message, dict):
                        yield message

    @staticmethod
    def _read(hub, length):
        data = b""
        while len(data) < length:
            piece = hub.recv(length - len(data))
            if not piece:
                raise ConnectionResetError("it closed the connection")
            data += piece
        return data

    @staticmethod
    def _send(hub, payload, kind=1):
        length = len(payload)
        head = struct.pack("!BB", 0x80 | kind, 0x80 | length) if length < 126 else struct.pack("!BBH", 0x80 | kind, 0xFE, length)
        mask = os.urandom(4)
        hub.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))


def _report(task):
    if not task.cancelled() and task.exception() is not None:
        log.error("what on_touch calls has failed", exc_info=task.exception())


_client = None


def get_ws_client():
    """The client that the functions of this module use. It may be awaited, as that of the founding project has to be."""
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


async def choose_avatar(name, wait="taken", timeout=None, **fields):
    """See :meth:`WsClient.choose_avatar`."""
    return await get_ws_client().choose_avatar(name, wait, timeout, **fields)


def on_touch(callback, *channels):
    """See :meth:`WsClient.on_touch`."""
    return get_ws_client().on_touch(callback, *channels)


async def disconnect():
    """See :meth:`WsClient.disconnect`."""
    await get_ws_client().disconnect()
