"""The library's place and the head of the page: documents, conversations, and what a batch of new files came to."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence

from qa import Changes, Conversation, Description
from ui.render.text import attribute, button, date, pages, shown
from ui.shelf import PAGE, Sheet, opaque
from ui.strings import STRINGS, Words, language

_IN_BROWSER = ("stop", "sending", "reading_files", "confirm_remove", "confirm_delete", "new_name", "yes", "no", "ticked", "lost", "proof_reading", "proof_progress", "proof_stopped", "proof_pasted", "comment_wrong", "ok", "changed", "missing", "misattributed")


def header(title: str, count: int, words: Words, login: str | None) -> str:
    current = language(words)
    languages = "".join(_language(name, name == current) for name in STRINGS)
    leave = f'<form method="post" action="/leave"><button class="plain">{words["leave"]} {shown(login)}</button></form>' if login else ""
    said = attribute(json.dumps({name: words[name] for name in _IN_BROWSER}, ensure_ascii=False))
    places = "".join(
        f'<button type="button" data-place="{place}" aria-pressed="{"true" if place == "conversation" else "false"}">{words[place]}</button>'
        for place in ("library", "conversation", "proof", "sources")
    )
    return (
        f'<div class="page-header" data-language="{current}" data-words="{said}"><h1>{shown(title)}</h1><span class="motto">{words["motto"]}</span>'
        f'<div class="places">{places}</div>'
        f'<span class="count">{words["documents"].format(count=count)}</span><nav aria-label="{words["languages"]}">{languages}</nav>'
        f'<button type="button" class="plain" data-theme aria-label="{words["dark"]}" title="{words["dark"]}">◐</button>{leave}</div>'
    )


def _language(name: str, current: bool) -> str:
    state = ' aria-current="true"' if current else ""
    return f'<a href="?lang={name}" lang="{name}"{state}>{STRINGS[name]["language"]}</a>'


def welcome(count: int, upload: bool, words: Words) -> str:
    title, note = ("welcome", "welcome_note") if count else ("empty", "empty_note" if upload else "empty_closed")
    return f'<div class="welcome"><h2>{words[title]}</h2><p>{words[note]}</p></div>'


def adding(upload: bool, words: Words) -> str:
    """The tabs of the place, the button and the place to drop files on."""
    tabs = "".join(
        f'<button type="button" role="tab" data-tab="{tab}" aria-selected="{"true" if tab == "files" else "false"}">{words[tab]}</button>' for tab in ("files", "talks")
    )
    add = (
        f'<div class="adding"><label class="add"><input type="file" multiple class="files-input" aria-label="{words["add"]}">{words["add"]}</label>'
        f'<span class="hint">{words["drop"]}</span><div class="progress" role="status" hidden></div></div>'
        if upload
        else ""
    )
    return f'<div class="tabs" role="tablist">{tabs}</div>{add}'


def shelf(sheet: Sheet, ticked: Collection[str], upload: bool, words: Words, changes: str = "") -> str:
    """A page of the list of documents."""
    rows = "".join(_row(document, opaque(document.key) in ticked, upload, words) for document in sheet.documents)
    none = "" if rows else f'<p class="hint">{words["none_found" if sheet.query else "empty"]}</p>'
    chosen = f'<p class="chosen" {"" if ticked else "hidden"}><span>{words["ticked"].format(count=len(ticked))}</span>{button(words["untick"], "untick", "plain")}</p>'
    return f'{changes}{chosen}<ul class="shelf" data-query="{attribute(sheet.query)}">{rows}</ul>{none}{pages("turn_page", sheet.offset, PAGE, sheet.total, words)}'


def _row(document: Description, ticked: bool, upload: bool, words: Words) -> str:
    id, name = opaque(document.key), document.called
    size, state = _on_disk(document, words)
    facts = "".join(f"<span>{shown(fact)}</span>" for fact in (date(document.date, words), document.issuer, size) if fact)
    gone = f'<span class="state missing">{state}</span>' if state else ""
    remove = button("×", "remove", "remove", words["remove"].format(name=name), document=id, name=name) if upload else ""
    label = attribute(words["tick"].format(name=name))
    return (
        f'<li><input type="checkbox" data-tick="{id}" aria-label="{label}" title="{label}"{" checked" if ticked else ""}>'
        f'<div>{button(shown(name), "read", "title", f"{name}（{document.name}）" if document.title else "", document=id)}<p class="facts">{facts}{gone}</p></div>{remove}</li>'
    )


def _on_disk(document: Description, words: Words) -> tuple[str, str]:
    """Its size, and what is wrong with the original if something is."""
    if not document.path:
        return "", ""
    try:
        size = os.path.getsize(document.path)
    except (OSError, ValueError):
        return "", words["missing"]
    return f"{size / (1 << 20):.1f} MB" if size >= 1 << 20 else f"{max(size >> 10, 1)} KB", ""


def talks(conversations: Sequence[Conversation], current: str, words: Words) -> str:
    """The list of conversations."""
    rows = "".join(_talk(conversation, conversation.id == current, words) for conversation in conversations)
    return f'<ul class="talks">{rows}</ul>' if rows else f'<p class="hint">{words["no_talks"]}</p>'


def _talk(conversation: Conversation, current: bool, words: Words) -> str:
    name, id = conversation.title, conversation.id
    state = ' aria-current="true"' if current else ""
    return (
        f"<li{state}><div>{button(shown(name), 'talk', 'title', conversation=id)}"
        f'<p class="facts"><span>{shown(conversation.changed[:10])}</span><span>{words["turns"].format(count=conversation.turns)}</span></p></div>'
        f"{button('✎', 'rename', 'remove', words['rename'].format(name=name), conversation=id, name=name)}"
        f"{button('×', 'forget', 'remove', words['delete'].format(name=name), conversation=id, name=name)}</li>"
    )


def changed(changes: Changes, names: dict[str, str], words: Words) -> str:
    """What became of the files that were added."""
    listed = [(words["added"], [names.get(key, key) for key in (*changes.added, *changes.updated)])]
    listed += [(words["refused"], [f"{refused.reason}" for refused in changes.failed])]
    listed += [(words["skipped"], [f"{refused.path}：{refused.reason}" for refused in changes.skipped])]
    notes = [f"{names.get(note[0], note[0])}：{note[1]}" for note in _notes(changes)]
    listed.append((words["doubts"], notes))
    told = "".join(f"<p><strong>{label} {len(items)}</strong></p><ul>{''.join(f'<li>{shown(item)}</li>' for item in items[:50])}</ul>" for label, items in listed if items)
    return f'<div class="changes" role="status">{told}{button("×", "dismiss", "remove", words["close"])}</div>'


def _notes(changes: Changes) -> list[tuple[str, str]]:
    """(key, what was repaired and what is doubtful) of the documents where something was."""
    noted = [(note.key, "、".join([*(f"{kind}×{count}" for kind, count in (*note.repairs, *note.flags)), *note.doubts])) for note in changes.notes]
    return [(key, said) for key, said in noted if said]
