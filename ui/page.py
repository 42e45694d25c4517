"""The page: library, conversation or proof, and sources side by side, and which handler serves which act.

page.js turns clicks on `data-act` into acts; they reach the handlers through one component without a face, `acts`.
"""

from __future__ import annotations

import gradio as gr

from qa import Library
from ui.desk import STATE
from ui.drafts import Drafts
from ui.handlers import Handlers
from ui.intake import Intake
from ui.shelf import Shelf
from ui.told import LONGEST_QUESTION

ASKERS = 8  # questions answered at the same time; the library has its own lock for what must be alone

# Gradio wants each event's name in quotes here.
_ACTS = """
const acts = ["judge", "turn_page", "added", "remove", "read", "talk", "rename", "forget", "stop", "findings"];
document.addEventListener("youju:act", (event) => acts.includes(event.detail.act) && trigger(event.detail.act, event.detail));
document.dispatchEvent(new CustomEvent("youju:ready"));
"""


def build(library: Library, shelf: Shelf, intake: Intake | None, drafts: Drafts, title: str, login: bool) -> gr.Blocks:
    """The page over this library."""
    do = Handlers(library, shelf, intake, drafts, title, login)
    with gr.Blocks(title=title, analytics_enabled=False, fill_width=True, fill_height=True) as page:
        state, question = gr.Textbox(visible=False), gr.State("")
        acts = gr.HTML("", js_on_load=_ACTS, elem_id="acts", apply_default_css=False)
        with gr.Row(elem_id="top"):
            header = gr.HTML(apply_default_css=False, elem_id="header")
            clear = gr.Button("", size="sm", elem_id="clear", scale=0)
        with gr.Row(elem_id="desk"):
            with gr.Column(scale=2, elem_id="library"):
                adding = gr.HTML(apply_default_css=False, elem_id="adding")
                search = gr.Textbox(elem_id="search", show_label=False, container=False, max_lines=1, max_length=200)
                listed = gr.HTML(apply_default_css=False, elem_id="files")
                talks = gr.HTML(apply_default_css=False, elem_id="talks")
            with gr.Column(scale=5, elem_id="conversation"):
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
                    elem_id="box", show_label=False, container=False, max_lines=6, max_length=LONGEST_QUESTION, autofocus=True, submit_btn=True
                )
            with gr.Column(scale=7, elem_id="proof"):
                proofing = gr.HTML(elem_id="proofing", apply_default_css=False)
                findings = gr.HTML(elem_id="findings", apply_default_css=False)
            with gr.Column(scale=4, elem_id="sources"):
                panel = gr.HTML(elem_id="panel", apply_default_css=False)
                reader = gr.HTML(elem_id="reader", apply_default_css=False)

        hidden = {"api_visibility": "private", "show_progress": "hidden"}
        many = {**hidden, "concurrency_limit": ASKERS}
        now, typed = f"() => [{STATE}]", f"(typed) => [typed, {STATE}]"
        shown = [chat, panel, talks]
        page.load(do.open_page, state, [header, clear, adding, search, listed, talks, chat, box, panel, proofing, findings], js=now, **many).then(
            do.suggest, state, chat, js=now, **hidden
        )

        answering = {"fn": do.ask, "inputs": [question, state], "outputs": shown, "js": typed, **many}
        asked = box.submit(do.show_question, [box, state], [box, question, chat], js=typed, queue=False, **hidden)
        chosen = chat.example_select(do.show_example, state, [box, question, chat], js=now, queue=False, **hidden)
        running = [start.then(**answering, concurrency_id="ask") for start in (asked, chosen)]
        acts.stop(do.stop, state, shown, js=now, cancels=running, queue=False, **hidden)
        clear.click(do.open_talk, state, shown, js=f"() => {{ sessionStorage.removeItem('youju.conversation'); return [{STATE}]; }}", **many)

        acts.turn_page(do.list, [search, state], listed, js=typed, trigger_mode="always_last", **many)
        acts.added(do.added, [search, state], [listed, header], js=typed, **many)
        acts.remove(do.remove, [search, state], [listed, chat, panel, header], js=typed, **many)
        acts.judge(do.judge, state, chat, js=now, **many)
        acts.read(do.read, state, reader, js=now, **many)
        acts.findings(do.findings, state, findings, js=now, **many)
        acts.talk(do.open_talk, state, shown, js=now, **many)
        acts.rename(do.rename, state, talks, js=now, **many)
        acts.forget(do.forget, state, shown, js=now, **many)
    return page
