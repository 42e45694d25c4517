"""The page: layout and handlers. A conversation is a tuple of turns, which Gradio keeps for each open page."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from qa import Library, YoujuError
from ui import render
from ui.examples import examples
from ui.strings import Words, strings

LONGEST_QUESTION = 2000  # characters; what is longer is a pasted document, and each of its terms would be searched
EXAMPLES = 4
ASKERS = 8  # questions answered at the same time; the library has its own lock for what must be alone


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer: as text for the library, as HTML for the page."""

    question: str
    answer: str
    bubble: str
    sources: str


def build(library: Library) -> gr.Blocks:
    """The page over this library."""
    suggested = [{"text": question} for question in examples(library, EXAMPLES)]

    def open_page(request: gr.Request):
        """The words in the language of the address (?lang=en), and what can be asked of these documents."""
        words, documents = _words(request), library.documents()
        return (
            render.header(len(documents), words),
            gr.Button(words["clear"]),
            gr.Chatbot(placeholder=render.welcome(len(documents), words), examples=suggested),
            gr.Textbox(placeholder=words["placeholder"], label=words["placeholder"]),
            render.contents(documents, words),
        )

    def ask(question: str, turns: tuple[Turn, ...], request: gr.Request):
        """The conversation with this question answered."""
        words = _words(request)
        if question:
            turns = (*turns, _answered(library, question, turns, words))
        sources = render.panel([(turn.question, turn.sources) for turn in turns], words)
        return turns, _messages(turns), sources if turns else render.contents(library.documents(), words)

    with gr.Blocks(title="有据", analytics_enabled=False, fill_width=True, fill_height=True) as page:
        turns, question = gr.State(()), gr.State("")
        with gr.Row(elem_id="top"):
            header = gr.HTML(apply_default_css=False)
            clear = gr.Button("", size="sm", elem_id="clear", scale=0)
        with gr.Row(elem_id="desk"):
            with gr.Column(scale=3, elem_id="conversation"):
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    container=False,
                    height="100%",
                    buttons=[],
                    latex_delimiters=[],
                    layout="bubble",
                    group_consecutive_messages=False,
                )
                box = gr.Textbox(
                    elem_id="box",
                    show_label=False,
                    container=False,
                    max_lines=6,
                    max_length=LONGEST_QUESTION,
                    autofocus=True,
                    submit_btn=True,
                )
            with gr.Column(scale=2, elem_id="sources"):
                panel = gr.HTML(elem_id="panel", apply_default_css=False)

        hidden = {"api_visibility": "private", "show_progress": "hidden"}
        page.load(open_page, None, [header, clear, chat, box, panel], **hidden)
        answering = {"fn": ask, "inputs": [question, turns], "outputs": [turns, chat, panel], **hidden}
        for start, show in ((box.submit, _show_question), (chat.example_select, _show_example)):
            start(show, [box, turns], [box, question, chat], queue=False, **hidden).then(
                **answering, concurrency_limit=ASKERS, concurrency_id="ask"
            )
        clear.click(lambda: ("", ()), None, [question, turns], queue=False, **hidden).then(**answering)
    return page


def _words(request: gr.Request) -> Words:
    return strings(request.query_params.get("lang"))


def _show_question(typed: str, turns: tuple[Turn, ...]):
    """The question at once, before its answer is there."""
    question = typed.strip()
    return "", question, _messages(turns) + ([_message("user", render.question_bubble(question))] if question else [])


def _show_example(typed: str, turns: tuple[Turn, ...], example: gr.SelectData):
    return _show_question(example.value["text"], turns)


def _answered(library: Library, question: str, turns: tuple[Turn, ...], words: Words) -> Turn:
    try:
        answer = library.ask(question, history=_history(turns))
    except YoujuError as error:
        return Turn(question, str(error), render.failure(str(error)), "")
    number = len(turns) + 1
    return Turn(
        question,
        answer.text,
        render.answer_bubble(answer, question, number, words),
        render.sources(answer, number, words),
    )


def _history(turns: tuple[Turn, ...]) -> list[dict[str, str]]:
    return [
        {"role": role, "content": content}
        for turn in turns
        for role, content in (("user", turn.question), ("assistant", turn.answer))
    ]


def _messages(turns: tuple[Turn, ...]) -> list[dict]:
    return [
        message
        for turn in turns
        for message in (_message("user", render.question_bubble(turn.question)), _message("assistant", turn.bubble))
    ]


def _message(role: str, content: str) -> dict:
    """A message whose content is shown as the HTML it is; Gradio would read a plain text as Markdown."""
    return {"role": role, "content": gr.HTML(content, apply_default_css=False)}
