"""Starts the page. The environment is set before Gradio is imported, because Gradio calls two hosts while it is imported."""

from __future__ import annotations

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"  # Gradio calls the page that it has started; nothing else is called

import socket
import time
from collections.abc import Callable
from pathlib import Path

import gradio as gr
from starlette.middleware import Middleware

from qa import BadRequest, Library
from ui.guard import Guard
from ui.page import build

_HERE = Path(__file__).resolve().parent
_PORTS = range(7860, 7960)
_FONTS = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "sans-serif"]


def serve(library: Library, host: str, port: int | None, ready: Callable[[str], None]) -> None:
    """Serves the page until it is interrupted; `ready` is told its address. Without a port it takes the first free one."""
    page = build(library)
    page.launch(
        server_name=f"[{host}]" if ":" in host else host,
        server_port=_free(host, [port] if port else _PORTS),
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        inbrowser=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        max_file_size=1,  # no uploads yet; the guard refuses them as well
        theme=gr.themes.Base(primary_hue="teal", neutral_hue="stone", font=_FONTS, font_mono=["ui-monospace", "monospace"]),
        css_paths=_HERE / "page.css",
        js=(_HERE / "page.js").read_text("utf-8"),
        app_kwargs={"middleware": [Middleware(Guard, host=host)], "docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    ready(page.local_url)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        page.close(verbose=False)


def _free(host: str, ports: range | list[int]) -> int:
    """The first of these ports that nobody listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in ports:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise BadRequest(f"不能在 {host} 的 {ports[0]}" + (f"–{ports[-1]}" if len(ports) > 1 else "") + " 端口上监听，请用 --port 换一个端口。")
