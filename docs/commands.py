"""Writes the help of every command into README.md, between its two markers."""

from __future__ import annotations

import os
import re
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
WIDTH = "100"  # columns; tests/test_house.py compares at the same width


def main() -> None:
    os.environ["COLUMNS"] = WIDTH
    from qa.cli import commands

    blocks = "\n\n".join(f"```text\n{command.format_help().strip()}\n```" for command in commands().values())
    text = README.read_text("utf-8")
    README.write_text(re.sub(r"(?<=<!-- commands -->\n).*?(?=<!-- /commands -->)", lambda _: f"{blocks}\n", text, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
