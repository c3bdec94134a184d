"""Whether there is a display to open a window on; checked before Qt is started, which would end the process."""

import ctypes
import os
import sys

INSTEAD = "draw to a file instead: funjax render SESSION.toml -o OUT.png"
"""What to do without a screen."""


def is_set() -> bool:
    """Whether the environment names a screen, or which of Qt's platforms to use. Only Linux can lack one."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


def complaint() -> str:
    """Why no window can open, without a full stop; empty where one can."""
    if not is_set():
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    display = os.environ.get("DISPLAY")
    only_x11 = display and not os.environ.get("WAYLAND_DISPLAY") and not os.environ.get("QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and only_x11 and not _x_server_answers():
        return f"the display DISPLAY={display} does not answer"
    return ""


def _x_server_answers() -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # not known; Qt reports what is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers: bool = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return answers
