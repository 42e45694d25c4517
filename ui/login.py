"""Who may come in: names and passwords from a file, sessions in memory, one small page.

A line of the file is `name:scrypt:salt:hash`; `youju password NAME --auth FILE` writes it. scrypt as RFC 7914 has it,
N = 2**14, r = 8, p = 1: about 50 ms and 16 MB an attempt.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import re
import secrets
import threading
import time
from pathlib import Path
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from qa import BadRequest
from ui.strings import Words, language, strings

COOKIE = "youju_session"
_LASTS = 12 * 3600  # seconds that a login holds
_PATIENCE = 5  # wrong passwords for a name before it has to wait
_WAIT = 60  # seconds
_NAME = re.compile(r"[^\s:]{1,64}")


def line(name: str, password: str) -> str:
    """The line of the file for this name. Raises BadRequest when the name or the password will not do."""
    if not _NAME.fullmatch(name):
        raise BadRequest("用户名不能有空格和冒号，最长 64 个字。")
    if len(password) < 8:
        raise BadRequest("密码至少 8 个字符。")
    salt = secrets.token_hex(16)
    return f"{name}:scrypt:{salt}:{_hash(password, salt)}"


def _hash(password: str, salt: str) -> str:
    return hashlib.scrypt(password.encode("utf-8", "replace"), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


class Login:
    """The names of a file and the sessions of those who are in."""

    def __init__(self, path: Path):
        try:
            lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
            self._users = {name: (salt, hashed) for name, kind, salt, hashed in (line.split(":") for line in lines) if kind == "scrypt"}
        except (OSError, ValueError) as error:
            raise BadRequest(f"读不了登录文件 {path}。用 youju password 用户名 --auth {path} 建立。") from error
        if not self._users:
            raise BadRequest(f"登录文件 {path} 里没有用户。用 youju password 用户名 --auth {path} 添加。")
        self._sessions: dict[str, tuple[str, float]] = {}
        self._missed: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def user(self, request: Request) -> str | None:
        """Who sends the request: by the cookie of a session, or by name and password (HTTP Basic, for scripts)."""
        with self._lock:
            name, until = self._sessions.get(_digest(request.cookies.get(COOKIE, "")), ("", 0.0))
        if until > time.time():
            return name
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            name, _, password = base64.b64decode(sent).decode("utf-8").partition(":")
        except ValueError:
            return None
        return name if self.admits(name, password) else None

    def admits(self, name: str, password: str) -> bool:
        """Whether it is the name's password; after a few wrong ones a name has to wait."""
        with self._lock:
            missed, since = self._missed.get(name, (0, 0.0))
            if missed >= _PATIENCE and time.time() < since + _WAIT:
                return False
        salt, hashed = self._users.get(name, ("00" * 16, ""))  # an unknown name takes as long as a known one
        right = hmac.compare_digest(_hash(password, salt), hashed)
        with self._lock:
            if len(self._missed) > 10_000:
                self._missed.clear()
            self._missed[name] = (0, 0.0) if right else (missed + 1, time.time())
        return right

    def enter(self, name: str) -> str:
        """The cookie of a new session."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions = {digest: session for digest, session in self._sessions.items() if session[1] > time.time()}
            self._sessions[_digest(token)] = (name, time.time() + _LASTS)
        return token

    def leave(self, request: Request) -> None:
        with self._lock:
            self._sessions.pop(_digest(request.cookies.get(COOKIE, "")), None)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def login_page(request: Request, login: Login, title: str) -> Response:
    """GET shows the form, POST takes it."""
    words = strings(request.query_params.get("lang"))
    if request.method == "GET":
        return HTMLResponse(_page(words, title, ""))
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > 4096:
            return HTMLResponse(_page(words, title, words["login_wrong"]), 413)
    form = parse_qs(body.decode("utf-8", "replace"))
    name, password = form.get("name", [""])[0], form.get("password", [""])[0]
    if not await run_in_threadpool(login.admits, name, password):
        return HTMLResponse(_page(words, title, words["login_wrong"]), 401)
    response = RedirectResponse("/", 303)
    response.set_cookie(COOKIE, login.enter(name), max_age=_LASTS, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return response


def _page(words: Words, title: str, wrong: str) -> str:
    return f"""<!doctype html><html lang="{language(words)}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{html.escape(title)}</title><link rel="stylesheet" href="/youju/login.css">
<main><h1>{html.escape(title)}</h1><form method="post"><p role="alert">{html.escape(wrong)}</p>
<label>{words["login_name"]}<input name="name" autocomplete="username" required autofocus></label>
<label>{words["login_password"]}<input name="password" type="password" autocomplete="current-password" required></label>
<button>{words["login"]}</button></form></main></html>"""
