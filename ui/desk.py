"""What the browser says with every request: which conversation and draft are open, which documents are ticked, which language is read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import gradio as gr

from ui.shelf import ID
from ui.strings import DEFAULT, STRINGS, Words, strings

MOST_TICKED = 1000

# Evaluated in the browser. A tab has a conversation of its own, the language is the same in all tabs.
STATE = """(() => {
  const language = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("youju.language") ?? "";
  if (!sessionStorage.getItem("youju.conversation"))
    sessionStorage.setItem("youju.conversation", Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(""));
  return JSON.stringify({language, conversation: sessionStorage.getItem("youju.conversation"), documents: JSON.parse(sessionStorage.getItem("youju.documents") ?? "[]"), draft: sessionStorage.getItem("youju.draft") ?? ""});
})()"""


@dataclass(frozen=True, slots=True)
class Desk:
    """Checked: `conversation` and `draft` are ids or "", `documents` are opaque names. `owner` is who is logged in, or ""."""

    conversation: str
    documents: tuple[str, ...]
    language: str
    owner: str
    draft: str = ""

    @property
    def words(self) -> Words:
        return strings(self.language)


def desk(state: str | None, request: gr.Request) -> Desk:
    """What the browser said, as far as it can be believed."""
    try:
        said = json.loads(state or "{}")
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    documents, language = said.get("documents"), said.get("language")
    return Desk(
        _id(said.get("conversation")),
        tuple(id for id in documents if isinstance(id, str))[:MOST_TICKED] if isinstance(documents, list) else (),
        language if language in STRINGS else DEFAULT,
        request.username or "",
        _id(said.get("draft")),
    )


def _id(said: object) -> str:
    return said if isinstance(said, str) and re.fullmatch(ID, said) else ""
