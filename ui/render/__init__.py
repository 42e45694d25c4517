"""From the library's values to the HTML of the page; `text.shown` is the one door for text."""

from ui.render.answer import answer_bubble, failure, question_bubble, waiting
from ui.render.library import adding, changed, header, shelf, talks, welcome
from ui.render.reader import WINDOW, PagePicture, Place, reader
from ui.render.sources import panel, sources, verified
from ui.render.text import button, shown

__all__ = [
    "WINDOW", "PagePicture", "Place", "adding", "answer_bubble", "button", "changed", "failure", "header", "panel", "question_bubble", "reader", "shelf", "shown", "sources",
    "talks", "verified", "waiting", "welcome",
]  # fmt: skip
