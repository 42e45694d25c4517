"""What stands between a browser and the page: who may ask, and what the page may do.

A page on loopback is reachable from every web site that the same browser has open. The allow-list of `Host` stops a
foreign name that was pointed at this machine (DNS rebinding), the one of `Origin` stops foreign pages from sending
requests. The content security policy is the second wall behind the escaping in `render/text.py`: scripts run only when their
text was in the page as this server sent it, nothing is loaded from or sent to another host.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse

from ui.login import Login

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_EVERYWHERE = {"0.0.0.0", "::"}  # listening on all addresses of the machine: asked for by any of them, but by no name
# What is answered at all: the routes of api.py, doors.py and login.py, and those of Gradio's that its page asks for. Gradio has
# sixty more: files by their path, addresses to fetch (it looks a host up at once), uploads, runs, monitoring, editing of the app.
_OURS = ("/ask", "/search", "/documents", "/api.json", "/conversations/", "/uploads/", "/drafts/", "/youju/", "/login", "/leave")
_OF_GRADIO = ("/config", "/theme.css", "/favicon.ico", "/assets/", "/static/") + tuple(
    f"/gradio_api/{door}" for door in ("queue/", "run/", "heartbeat/", "cancel", "reset", "startup-events", "app_id", "info", "login_check", "user")
)
_BEFORE_LOGIN = ("/login", "/youju/login.css")
_FORBIDDEN = PlainTextResponse("拒绝访问：这个地址不在允许之列。", 403)
_NOTHING = PlainTextResponse("没有这个地址。", 404)
_UNKNOWN = JSONResponse({"error": "请先登录。"}, 401, {"www-authenticate": 'Basic realm="youju", charset="UTF-8"'})
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def policy(page: bytes = b"") -> str:
    """The content security policy of this page. Gradio compiles its templates ('unsafe-eval') and styles in place."""
    digests = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in _INLINE_SCRIPT.findall(page)]
    scripts = " ".join(["'self'", "'unsafe-eval'", *(f"'sha256-{digest}'" for digest in digests)])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


class Guard:
    """ASGI middleware with the rules above."""

    def __init__(self, app, host: str, login: Login | None = None):
        """`host` is the address on which the server listens."""
        self.app = app
        self.login = login
        self.hosts = LOOPBACK | {host.lower()}
        self.everywhere = host in _EVERYWHERE

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return  # nothing here speaks over web sockets
        if not self.admits(scope):
            return await _FORBIDDEN(scope, receive, _Headers(send))
        if not self.is_open(scope["path"]):
            return await (_FORBIDDEN if scope["path"].startswith("/gradio_api/") else _NOTHING)(scope, receive, _Headers(send))
        scope.setdefault("state", {})["user"] = user = await self._user(scope)
        if user is None and scope["path"] not in _BEFORE_LOGIN:
            wants_page = scope["method"] == "GET" and b"text/html" in dict(scope["headers"]).get(b"accept", b"")
            answer = RedirectResponse("/login", 303) if wants_page else _UNKNOWN
            return await answer(scope, receive, _Headers(send))
        return await self.app(scope, receive, _Headers(send))

    async def _user(self, scope) -> str | None:
        """Who is logged in; "" where nobody has to be."""
        return await run_in_threadpool(self.login.user, Request(scope)) if self.login else ""

    def is_open(self, path: str) -> bool:
        """Whether there is anything at this path for the page or for a program."""
        return path == "/" or path.startswith((*_OURS, *_OF_GRADIO))

    def admits(self, scope) -> bool:
        """Whether the request is for this server and, if a page sent it, from this server's own page."""
        headers = dict(scope["headers"])
        host, origin = headers.get(b"host", b"").decode("latin-1"), headers.get(b"origin")
        if not self._is_ours(host):
            return False
        if headers.get(b"sec-fetch-site") == b"cross-site" and headers.get(b"sec-fetch-mode") != b"navigate":
            return False
        return origin is None or origin.decode("latin-1") in (f"http://{host}", f"https://{host}")

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self.hosts or (self.everywhere and _is_address(name))


def _is_address(name: str) -> bool:
    """Whether it is an address in figures: no name, so nobody can point it elsewhere."""
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


class _Headers:
    """Sends a response with the security headers; a page is held back until its scripts are known."""

    def __init__(self, send):
        self.send = send
        self.start = None
        self.body = b""

    async def __call__(self, message):
        if message["type"] == "http.response.start":
            self.start = message
            if not self._is_page():
                await self._send_start()
            return
        if not self._is_page():
            return await self.send(message)
        self.body += message.get("body", b"")
        if not message.get("more_body"):
            await self._send_start()
            await self.send({"type": "http.response.body", "body": self.body})

    def _is_page(self) -> bool:
        return dict(self.start["headers"]).get(b"content-type", b"").startswith(b"text/html")

    async def _send_start(self):
        added = [
            (b"content-security-policy", policy(self.body).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"same-origin"),  # with no-referrer, browsers send the page's own forms with Origin: null
        ]
        await self.send({**self.start, "headers": [*self.start["headers"], *added]})
