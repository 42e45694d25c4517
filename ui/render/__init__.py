"""From the library's values to the HTML of the page; `text.shown` is the one door for text."""

from ui.render.answer import answer_bubble, failure, question_bubble, waiting
from ui.render.library import adding, changed, header, shelf, talks, welcome
from ui.render.reader import WINDOW, PagePicture, Place, closing, reader
from ui.render.proof import findings, proofing
from ui.render.sources import panel, sources
from ui.render.text import shown

__all__ = [
    "WINDOW", "PagePicture", "Place", "adding", "answer_bubble", "changed", "closing", "failure", "findings", "header", "panel", "proofing", "question_bubble", "reader", "shelf",
    "shown", "sources", "talks", "waiting", "welcome",
]  # fmt: skip
