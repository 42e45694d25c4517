"""What the page does when somebody acts: each handler takes what the browser said and gives what the places show."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from qa import Changes, Library, NoSuchConversation, Turn, YoujuError
from ui import render
from ui.desk import Desk, desk
from ui.drafts import Drafts
from ui.examples import Examples
from ui.intake import Intake
from ui.reading import Reading, number
from ui.shelf import Shelf, opaque
from ui.told import plain


class Handlers:
    """The handlers over one library; without `intake` nothing is added or removed."""

    def __init__(self, library: Library, shelf: Shelf, intake: Intake | None, drafts: Drafts, title: str, login: bool):
        self.library, self.shelf, self.intake, self.drafts, self.title, self.login = library, shelf, intake, drafts, title, login
        self.reading = Reading(library, shelf, drafts)
        self._stops: Counter[str] = Counter()  # of a conversation
        self.examples = Examples(library)
        threading.Thread(target=self.examples.questions, name="examples", daemon=True).start()

    # -- the whole page

    def open_page(self, state: str, request: gr.Request):
        """The words in the language of the address, and where this tab was left."""
        at, count = desk(state, request), len(self.shelf)
        words, (messages, panel) = at.words, self._conversation(at)
        return (
            self._header(at),
            gr.Button(words["clear"]),
            render.adding(self.intake is not None, words),
            gr.Textbox(placeholder=words["search"], label=words["search"]),
            self._shelf(at),
            self._talks(at),
            gr.Chatbot(messages, placeholder=render.welcome(count, self.intake is not None, words), label=words["conversation"]),
            gr.Textbox(placeholder=words["placeholder"], label=words["placeholder"]),
            panel,
            render.proofing(words),
            self._findings(at, at.draft),
        )

    def suggest(self, state: str, request: gr.Request):
        """What can be asked of these documents."""
        return gr.Chatbot(examples=[{"text": question} for question in self.examples.questions()])

    # -- asking

    def show_question(self, typed: str, state: str, request: gr.Request):
        """The question at once, before its answer is there."""
        at, question = desk(state, request), plain(typed).strip()
        waiting = [_message("user", render.question_bubble(question)), _message("assistant", render.waiting(at.words))] if question else []
        return "", question, _messages(self._turns(at), at) + waiting

    def show_example(self, state: str, example: gr.SelectData, request: gr.Request):
        return self.show_question(example.value["text"], state, request)

    def ask(self, question: str, state: str, request: gr.Request):
        """The conversation with this question answered and kept."""
        at, failed = desk(state, request), []
        if question and at.conversation:
            stops = self._stops[at.conversation]
            try:
                turns = self._turns(at)
                answer = self.library.ask(question, history=_history(turns), documents=self.shelf.keys(at.documents))
                if stops == self._stops[at.conversation]:
                    self.library.conversations.keep(at.conversation, question, answer, at.owner)
            except YoujuError as error:
                failed = [_message("user", render.question_bubble(question)), _message("assistant", render.failure(str(error)))]
        messages, panel = self._conversation(at)
        return messages + failed, panel, self._talks(at)

    def stop(self, state: str, request: gr.Request):
        """The conversation without the question that is being answered: its answer will not be kept."""
        at = desk(state, request)
        self._stops[at.conversation] += 1
        return *self._conversation(at), self._talks(at)

    def judge(self, state: str, event: gr.EventData, request: gr.Request):
        """Keeps what somebody says of an answer."""
        at, said = desk(state, request), _said(event)
        with _warned():
            self.library.conversations.judge(at.conversation, number(said, "turn"), str(said.get("verdict")), str(said.get("comment") or ""), at.owner)
        return _messages(self._turns(at), at)

    # -- documents

    def list(self, query: str, state: str, event: gr.EventData, request: gr.Request):
        """A page of the list of documents."""
        return self._shelf(desk(state, request), query, number(_said(event), "offset"))

    def added(self, query: str, state: str, event: gr.EventData, request: gr.Request):
        """The list after a batch of files, with what became of them."""
        at, said = desk(state, request), _said(event)
        try:
            changes = self.intake.batch(str(said.get("batch")), at.owner).changes if self.intake else Changes()
            found = {key: self.shelf.description(key) for key in (*changes.added, *changes.updated)}
        except YoujuError as error:  # what was added is out again
            return self._shelf(at, query, changes=render.failure(str(error))), self._header(at)
        names = {key: document.called for key, document in found.items()}
        return self._shelf(at, query, changes=render.changed(changes, names, at.words)), self._header(at)

    def remove(self, query: str, state: str, event: gr.EventData, request: gr.Request):
        """Takes a document out, and its words out of the conversations."""
        at = desk(state, request)
        if self.intake:
            with _warned():
                self.intake.remove(str(_said(event).get("document")))
        return self._shelf(at, query), *self._conversation(at), self._header(at)

    def read(self, state: str, event: gr.EventData, request: gr.Request):
        """The reader at a citation, a near passage, or a document's beginning."""
        at, said = desk(state, request), _said(event)
        try:
            opened = self.reading.opened(at, said)
        except YoujuError as error:
            opened = f'<article class="reader"><header>{render.closing(at.words)}</header>{render.failure(str(error))}</article>'
        return f'<div data-opened="{number(said, "opened")}">{opened}</div>'  # page.js waits for this one

    # -- a draft

    def findings(self, state: str, event: gr.EventData, request: gr.Request):
        """The findings on a draft, all or those of a verdict."""
        said = _said(event)
        return self._findings(desk(state, request), str(said.get("draft")), str(said.get("only") or ""), number(said, "offset"))

    # -- conversations

    def open_talk(self, state: str, request: gr.Request):
        """Another conversation, or a new one; the browser has its id already."""
        at = desk(state, request)
        return *self._conversation(at), self._talks(at)

    def rename(self, state: str, event: gr.EventData, request: gr.Request):
        at, said = desk(state, request), _said(event)
        with _warned():
            self.library.conversations.rename(str(said.get("conversation")), str(said.get("answer")), at.owner)
        return self._talks(at)

    def forget(self, state: str, event: gr.EventData, request: gr.Request):
        at, said = desk(state, request), _said(event)
        with _warned():
            self.library.conversations.delete(str(said.get("conversation")), at.owner)
        return *self._conversation(at), self._talks(at)

    # -- what the places show

    def _turns(self, at: Desk) -> list[Turn]:
        try:
            return self.library.conversations.turns(at.conversation, at.owner) if at.conversation else []
        except NoSuchConversation:
            return []

    def _conversation(self, at: Desk) -> tuple[list[dict], str]:
        """The messages and their sources."""
        turns = self._turns(at)
        return _messages(turns, at), render.panel(turns, at.words)

    def _shelf(self, at: Desk, query: str = "", offset: int = 0, changes: str = "") -> str:
        sheet = self.shelf.find(query or "", offset)
        ticked = {opaque(key) for key in self.shelf.keys(at.documents)}
        return render.shelf(sheet, ticked, self.intake is not None, at.words, changes)

    def _talks(self, at: Desk) -> str:
        return render.talks(self.library.conversations.list(at.owner), at.conversation, at.words)

    def _findings(self, at: Desk, draft: str, only: str = "", offset: int = 0) -> str:
        try:
            checking = self.drafts.finished(draft, at.owner)
        except YoujuError:  # it is not done, or the server was started anew
            return ""
        return render.findings(checking, only, offset, at.words)

    def _header(self, at: Desk) -> str:
        return render.header(self.title, len(self.shelf), at.words, at.owner if self.login else None)


def _history(turns: list[Turn]) -> list[dict]:
    """The form in which the library takes a conversation."""
    return [
        {"role": role, "content": content} for turn in turns[-10:] for role, content in (("user", turn.question), ("assistant", turn.answer.text))
    ]


def _messages(turns: list[Turn], at: Desk) -> list[dict]:
    return [
        message
        for turn in turns
        for message in (_message("user", render.question_bubble(turn.question)), _message("assistant", render.answer_bubble(turn, at.conversation, at.words)))
    ]


def _message(role: str, content: str) -> dict:
    """A message whose content is shown as the HTML it is; Gradio would read a plain text as Markdown."""
    return {"role": role, "content": gr.HTML(content, apply_default_css=False)}


@contextmanager
def _warned() -> Iterator[None]:
    """What cannot be done is said, and the page goes on."""
    try:
        yield
    except YoujuError as error:
        gr.Warning(render.shown(str(error)))


def _said(event: gr.EventData) -> dict:
    return event._data if isinstance(event._data, dict) else {}
