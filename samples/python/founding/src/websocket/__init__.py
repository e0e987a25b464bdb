"""The founding project's package, over the hub."""

from importlib import import_module

_HOMES = {
    "Live2DWebSocketClient": ".live2d_ws_client",
    "Live2DWebSocketServer": ".live2d_ws_server",
    "disconnect": ".live2d_ws_client",
    "get_ws_client": ".live2d_ws_client",
    "get_ws_server": ".live2d_ws_server",
    "send_llm_response": ".live2d_ws_server",
    "send_status": ".live2d_ws_server",
}

__all__ = list(_HOMES)


def __getattr__(name):
    # Not before it is asked for: Python warns of a module that is imported already when it is run with -m.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)
