"""What the page does when somebody acts: each handler takes what the browser said and gives what the places show."""

from __future__ import annotations

import threading

import gradio as gr

from qa import Library, NoSuchConversation, Turn, YoujuError
from ui import render
from ui.desk import Desk, desk
from ui.examples import Examples
from ui.intake import Intake
from ui.shelf import Shelf, opaque

LONGEST_QUESTION = 2000  # characters; what is longer is a pasted document, and each of its terms would be searched


class Handlers:
    """The handlers over one library; without `intake` nothing is added or removed."""

    def __init__(self, library: Library, shelf: Shelf, intake: Intake | None, title: str, login: bool):
        self.library, self.shelf, self.intake, self.title, self.login = library, shelf, intake, title, login
        self.examples = Examples(library)
        threading.Thread(target=self.examples.questions, name="examples", daemon=True).start()

    # -- the whole page

    def open_page(self, state: str, request: gr.Request):
        """The words in the language of the address, and where this tab was left."""
        at, count = desk(state, request), len(self.shelf)
        words = at.words
        return (
            render.header(self.title, count, words, at.owner if self.login else None),
            gr.Button(words["clear"]),
            render.adding(self.intake is not None, words),
            gr.Textbox(placeholder=words["search"], label=words["search"]),
            self._shelf(at),
            self._talks(at),
            gr.Chatbot(self._messages(at), placeholder=render.welcome(count, self.intake is not None, words), label=words["conversation"]),
            gr.Textbox(placeholder=words["placeholder"], label=words["placeholder"]),
            self._panel(at),
        )

    def suggest(self, state: str, request: gr.Request):
        """What can be asked of these documents."""
        return gr.Chatbot(examples=[{"text": question} for question in self.examples.questions()])

    # -- asking

    def show_question(self, typed: str, state: str, request: gr.Request):
        """The question at once, before its answer is there."""
        at, question = desk(state, request), typed.encode("utf-8", "replace").decode("utf-8").strip()
        waiting = [_message("user", render.question_bubble(question)), _message("assistant", render.waiting(at.words))] if question else []
        return "", question, self._messages(at) + waiting

    def show_example(self, state: str, example: gr.SelectData, request: gr.Request):
        return self.show_question(example.value["text"], state, request)

    def ask(self, question: str, state: str, request: gr.Request):
        """The conversation with this question answered and kept."""
        at, failed = desk(state, request), []
        if question and at.conversation:
            try:
                turns = self._turns(at)
                answer = self.library.ask(question, history=_history(turns), documents=self.shelf.keys(at.documents))
                self.library.conversations.keep(at.conversation, question, answer, at.owner)
            except YoujuError as error:
                failed = [_message("user", render.question_bubble(question)), _message("assistant", render.failure(str(error)))]
        return self._messages(at) + failed, self._panel(at), self._talks(at)

    def judge(self, state: str, event: gr.EventData, request: gr.Request):
        """Keeps what somebody says of an answer."""
        at, said = desk(state, request), _said(event)
        self.library.conversations.judge(at.conversation, _number(said, "turn"), str(said.get("verdict")), owner=at.owner)
        return self._messages(at)

    # -- documents

    def list(self, query: str, state: str, event: gr.EventData, request: gr.Request):
        """A page of the list of documents."""
        return self._shelf(desk(state, request), query, _number(_said(event), "offset"))

    def added(self, query: str, state: str, event: gr.EventData, request: gr.Request):
        """The list after a batch of files, with what became of them."""
        at, said = desk(state, request), _said(event)
        batch = self.intake.batch(str(said.get("batch")), at.owner)
        names = {document.key: document.title or document.name for document in self.shelf.find(limit=1000).documents}
        return self._shelf(at, query, changes=render.changed(batch.changes, names, at.words)), self._header(at)

    def remove(self, query: str, state: str, event: gr.EventData, request: gr.Request):
        """Takes a document out, and its words out of the conversations."""
        from ui.api import remove

        at = desk(state, request)
        if self.intake:
            try:
                remove(self.library, self.shelf, self.intake, str(_said(event).get("document")))
            except YoujuError as error:
                gr.Warning(render.shown(str(error)))
        return self._shelf(at, query), self._messages(at), self._panel(at), self._header(at)

    def read(self, state: str, event: gr.EventData, request: gr.Request):
        """The reader at a citation, a near passage, or a document's beginning."""
        at, said = desk(state, request), _said(event)
        try:
            return self._reader(at, said)
        except YoujuError as error:
            return f'<article class="reader"><header>{render.button(at.words["to_sources"], "close", "plain close")}</header>{render.failure(str(error))}</article>'

    # -- conversations

    def open_talk(self, state: str, request: gr.Request):
        """Another conversation, or a new one; the browser has its id already."""
        at = desk(state, request)
        return self._messages(at), self._panel(at), self._talks(at)

    def rename(self, state: str, event: gr.EventData, request: gr.Request):
        at, said = desk(state, request), _said(event)
        try:
            self.library.conversations.rename(str(said.get("conversation")), str(said.get("answer")), at.owner)
        except YoujuError as error:
            gr.Warning(render.shown(str(error)))
        return self._talks(at)

    def forget(self, state: str, event: gr.EventData, request: gr.Request):
        at, said = desk(state, request), _said(event)
        try:
            self.library.conversations.delete(str(said.get("conversation")), at.owner)
        except YoujuError as error:
            gr.Warning(render.shown(str(error)))
        return self._messages(at), self._panel(at), self._talks(at)

    # -- what the places show

    def _turns(self, at: Desk) -> list[Turn]:
        try:
            return self.library.conversations.turns(at.conversation, at.owner) if at.conversation else []
        except NoSuchConversation:
            return []

    def _messages(self, at: Desk) -> list[dict]:
        return [
            message
            for turn in self._turns(at)
            for message in (_message("user", render.question_bubble(turn.question)), _message("assistant", render.answer_bubble(turn, at.conversation, at.words)))
        ]

    def _panel(self, at: Desk) -> str:
        return render.panel([(turn.question, render.sources(turn.answer, turn.number, at.words)) for turn in self._turns(at)], at.words)

    def _shelf(self, at: Desk, query: str = "", offset: int = 0, changes: str = "") -> str:
        sheet = self.shelf.find(query or "", offset)
        ticked = {opaque(key) for key in self.shelf.keys(at.documents)}
        return render.shelf(sheet, ticked, self.intake is not None, at.words, changes)

    def _talks(self, at: Desk) -> str:
        return render.talks(self.library.conversations.list(at.owner), at.conversation, at.words)

    def _header(self, at: Desk) -> str:
        return render.header(self.title, len(self.shelf), at.words, at.owner if self.login else None)

    def _reader(self, at: Desk, said: dict) -> str:
        if "document" in said:
            key = self.shelf.key(str(said["document"]))
            place = render.Place((_number(said, "start"), _number(said, "end")), (_number(said, "from"), _number(said, "to")))
            return self._opened(key, place, (_number(said, "first"), _number(said, "last") or render.WINDOW), (), at)
        turn = next((turn for turn in self._turns(at) if turn.number == _number(said, "turn")), None)
        if turn is None:
            raise NoSuchConversation("没有这个对话。")
        if "near" in said:
            hit = turn.answer.hits[_number(said, "near")]
            key, passage, span, pictures = hit.document.key, hit.passage, (hit.passage.start, hit.passage.end), ()
        else:
            citation = next(citation for citation in turn.answer.citations if citation.number == _number(said, "number"))
            key, passage = citation.document.key, citation.passage
            span = tuple(passage.start + at for at in citation.passage_span)
            pictures = self._pictures(citation)
        text = self.library.document(key).text
        same = text[passage.start : passage.end] == passage.text
        place = render.Place(span, (passage.start, passage.end)) if same else render.Place(notice=at.words["changed_since"])
        return self._opened(key, place, (span[0] - render.WINDOW, span[1] + render.WINDOW), pictures, at)

    def _opened(self, key: str, place: render.Place, span: tuple[int, int], pictures: tuple, at: Desk) -> str:
        return render.reader(self.library.document(key), self.shelf.description(key), place, span, pictures, at.words)

    def _pictures(self, citation) -> tuple:
        if citation.document.media_type != "application/pdf":
            return ()
        try:
            return tuple(
                render.PagePicture(page, tuple(self.library.quote_boxes(citation.document.key, page, citation.quote))) for page in citation.pages[:3]
            )
        except YoujuError:  # the original is gone: the text is still there
            return ()


def _history(turns: list[Turn]) -> list[dict]:
    """The form in which the library takes a conversation."""
    return [
        {"role": role, "content": content} for turn in turns[-10:] for role, content in (("user", turn.question), ("assistant", turn.answer.text))
    ]


def _message(role: str, content: str) -> dict:
    """A message whose content is shown as the HTML it is; Gradio would read a plain text as Markdown."""
    return {"role": role, "content": gr.HTML(content, apply_default_css=False)}


def _said(event: gr.EventData) -> dict:
    return event._data if isinstance(event._data, dict) else {}


def _number(said: dict, name: str) -> int:
    """A number of the act, 0 when it is none."""
    try:
        return max(int(said.get(name, 0)), 0)
    except (TypeError, ValueError, OverflowError):
        return 0
