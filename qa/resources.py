"""Where the program's own data lies: in the checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PLACES = {"model": "data/model", "question": "data/question", "words": "data/words", "seeds": "seeds"}


def folder(name: str) -> Path:
    """The folder "model", "question", "words" or "seeds" that the program carries."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / _PLACES[name]
