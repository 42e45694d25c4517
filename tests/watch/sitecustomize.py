"""Python imports this when a process starts, if tests/watch is on its path: every look-up and connection that leaves loopback is
written to the file $YOUJU_WATCH. conftest.py sets both for all the tests and the processes that they start, and fails a test
during which something was written.
"""

from __future__ import annotations

import os
import sys

LOOPBACK = {None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1", "0.0.0.0", "::"}


def watch(event: str, arguments: tuple) -> None:
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if host not in LOOPBACK:
        with open(os.environ["YOUJU_WATCH"], "a") as log:
            log.write(f"{event} {host} {sys.argv[:3]}\n")


if "YOUJU_WATCH" in os.environ:
    sys.addaudithook(watch)
