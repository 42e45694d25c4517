"""Starts the page. The environment is set before Gradio is imported, because Gradio calls two hosts while it is imported."""

from __future__ import annotations

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"

import socket
from collections.abc import Callable
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from gradio import processing_utils
from starlette.responses import RedirectResponse
from starlette.staticfiles import StaticFiles

from qa import BadRequest, Library
from ui.api import owner, routes
from ui.doors import doors
from ui.drafts import Drafts
from ui.guard import Guard
from ui.intake import Intake
from ui.login import COOKIE, Login, login_page
from ui.page import build
from ui.shelf import Shelf

_HERE = Path(__file__).resolve().parent
_PORTS = range(7860, 7960)
_FONTS = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif"]
_HEAD = '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/youju/page.css"><script type="module" src="/youju/page.js"></script>'


async def _fetch_nothing(url: str, cache_dir: str) -> str:
    raise gr.Error("这里不取网址上的文件。", print_exception=False)


# Whatever component a request is for, Gradio fetches what its data names as a file by an address, and looks the host up through a
# public resolver first. No file comes here through Gradio, and the server asks nobody.
processing_utils.async_ssrf_protected_download = _fetch_nothing


def serve(library: Library, host: str, port: int | None, ready: Callable[[str], None], *, title: str = "有据", login: Login | None = None, upload: bool = True) -> None:
    """Serves the page until it is interrupted; `ready` is told its address. Without a port it takes the first free one."""
    listening = _free(host, [port] if port else _PORTS)
    port = listening.getsockname()[1]
    named = f"[{host}]" if ":" in host else host
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, named)
    # An open page keeps a stream open for as long as it is there: stopping does not wait for it.
    server = uvicorn.Server(uvicorn.Config(app(library, host, title=title, login=login, upload=upload), host=host, port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=1))
    started = server.startup

    async def startup(sockets=None) -> None:
        await started(sockets=sockets)
        ready(f"http://{shown}:{port}/")

    server.startup = startup
    server.run(sockets=[listening])


def app(library: Library, host: str, *, title: str, login: Login | None, upload: bool) -> FastAPI:
    """The page, the API and what guards them."""
    shelf = Shelf(library)
    intake, drafts = Intake(library, shelf) if upload else None, Drafts(library)
    served = FastAPI(title=title, description="答案是文件里的原句，每一句都注明出处。", docs_url=None, redoc_url=None, openapi_url="/api.json")
    served.add_middleware(Guard, host=host, login=login)
    served.mount("/youju", StaticFiles(directory=_HERE / "static"))
    if login:
        _login_routes(served, login, title)
    routes(served, library, shelf, intake)
    doors(served, library, shelf, intake, drafts)
    return gr.mount_gradio_app(
        served,
        build(library, shelf, intake, drafts, title, bool(login)),
        path="/",
        server_name=host,
        auth_dependency=owner if login else None,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        footer_links=[],
        max_file_size=1,  # Gradio takes no files; the guard refuses them as well
        theme=gr.themes.Base(primary_hue="teal", neutral_hue="stone", font=_FONTS, font_mono=["ui-monospace", "monospace"]),
        head=_HEAD,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )


def _login_routes(served: FastAPI, login: Login, title: str) -> None:
    @served.api_route("/login", methods=["GET", "POST"], include_in_schema=False)
    async def enter(request: Request):
        return await login_page(request, login, title)

    @served.post("/leave", include_in_schema=False)
    def leave(request: Request):
        login.leave(request)
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE)
        return response


def _free(host: str, ports: range | list[int]) -> socket.socket:
    """A socket bound to the first of these ports that nobody listens on: bound here, so that nobody takes it meanwhile."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in ports:
        bound = socket.socket(family)
        try:
            if os.name != "nt":  # there the option would share the port with whoever listens on it
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((host, port))
            bound.listen()
        except OSError:
            bound.close()
            continue
        return bound
    raise BadRequest(f"不能在 {host} 的 {ports[0]}" + (f"–{ports[-1]}" if len(ports) > 1 else "") + " 端口上监听，请用 --port 换一个端口。")
