"""`youju serve` as a process of its own, and what a browser and a script do with it."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from conftest import CHECKOUT


class Server:
    """A running server. Its look-ups and connections are watched, see conftest.py."""

    def __init__(self, library: Path, *options: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "qa.cli", "serve", "--library", str(library), *options], stderr=subprocess.PIPE, text=True, cwd=CHECKOUT
        )
        lines = []
        while not lines or "http://" not in lines[-1]:
            lines.append(self.process.stderr.readline())
            assert lines[-1], "".join(lines)
        self.address = lines[-1][lines[-1].index("http://") :].split("（")[0]
        self.told = "".join(lines)

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=20)


@contextmanager
def serving(library: Path, *options: str) -> Iterator[Server]:
    server = Server(library, *options)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def serving_copy(library: Path, folder: Path, *options: str) -> Iterator[Server]:
    """The same over a copy of the library, which may be changed."""
    with serving(Path(shutil.copytree(library, folder / "library")), *options) as server:
        yield server


def two_users(folder: Path) -> Path:
    """A login file with alice and bob, each with the password NAME-geheim."""
    users = folder / "users"
    for name in ("alice", "bob"):
        subprocess.run([sys.executable, "-m", "qa.cli", "password", name, "--auth", str(users)], input=f"{name}-geheim\n", text=True, cwd=CHECKOUT, check=True)
    return users


def ask(page, question: str) -> None:
    """Asks on the page and waits for the answer."""
    before = page.locator(".answer").count()
    page.locator("#box textarea").fill(question)
    page.locator("#box textarea").press("Enter")
    page.wait_for_function(f"document.querySelectorAll('.answer').length > {before}")


@dataclass(frozen=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes


def request(server: Server, method: str, path: str, headers: dict[str, str] = {}, body: bytes | str | None = None) -> Response:
    """A request as anybody could send it."""
    address = urlsplit(server.address)
    with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=60)) as connection:
        connection.request(method, path, body.encode() if isinstance(body, str) else body, headers)
        response = connection.getresponse()
        return Response(response.status, response.headers, response.read())


def api(server: Server, method: str, path: str, body: object = None, headers: dict | None = None):
    """The status and the JSON of a request, as a script would send it."""
    data = body if isinstance(body, bytes) or body is None else json.dumps(body)
    response = request(server, method, path, {"content-type": "application/json"} | (headers or {}), data)
    return response.status, json.loads(response.body) if response.headers["content-type"] == "application/json" else response.body
