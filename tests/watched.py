"""Runs `youju` and writes every look-up and connection that leaves loopback to a file: python watched.py LOG serve …"""

from __future__ import annotations

import sys
from pathlib import Path

LOG = Path(sys.argv.pop(1))
LOOPBACK = {None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1"}


def watch(event: str, arguments: tuple) -> None:
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if host not in LOOPBACK:
        with LOG.open("a") as log:
            log.write(f"{event} {host}\n")


sys.addaudithook(watch)

from qa.cli import main  # noqa: E402  (what is imported is watched too)

sys.exit(main())
