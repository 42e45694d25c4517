"""The place where a draft's quotations are checked: the form, and the findings as a table."""

from __future__ import annotations

from collections import Counter

from qa import KINDS, Citation, Finding
from ui.drafts import Checking
from ui.render.text import attribute, button, pages, shown
from ui.strings import Words

ROWS = 100  # findings shown at once
VERDICTS = ("not_found", "misattributed", "altered", "joined", "shortened", "variant", "exact")  # the most pressing first
WRONG = "wrong"  # the filter of what may not stay as it is


def proofing(words: Words) -> str:
    """Where a draft is pasted, chosen or dropped."""
    kinds = attribute(",".join(sorted(KINDS)))
    return (
        f'<div class="draft"><h2>{words["proof_title"]}</h2><p class="hint">{words["proof_note"]}</p>'
        f'<textarea class="draft-text" rows="5" maxlength="2000000" aria-label="{words["proof_paste"]}" placeholder="{words["proof_paste"]}"></textarea>'
        f'<div class="draft-foot"><button type="button" class="go" data-check>{words["proof_check"]}</button>'
        f'<label class="add second"><input type="file" class="draft-input" accept="{kinds}" aria-label="{words["proof_file"]}">{words["proof_file"]}</label>'
        f'<span class="hint">{words["proof_drop"]}</span></div><div class="progress" role="status" hidden></div></div>'
    )


def findings(checking: Checking, only: str, offset: int, words: Words) -> str:
    """A page of the findings on a draft, those of a verdict or, for `only` == "wrong", those that may not stay as they are."""
    numbered = [(number, finding) for number, finding in enumerate(checking.findings) if _passes(finding, only)]
    offset = min(offset, max(len(numbered) - 1, 0) // ROWS * ROWS)
    rows = "".join(_row(checking, number, finding, words) for number, finding in numbered[offset : offset + ROWS])
    columns = "".join(f'<th scope="col">{words[name]}</th>' for name in ("proof_number", "proof_verdict", "proof_words", "proof_where"))
    table = f'<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>' if rows else f'<p class="hint">{words["proof_none"]}</p>'
    rest = pages("findings", offset, ROWS, len(numbered), words, draft=checking.id, only=only)
    return f'<section class="findings" aria-label="{words["proof"]}">{_head(checking, only, words)}{table}{rest}</section>'


def _passes(finding: Finding, only: str) -> bool:
    return not only or finding.verdict == only or (only == WRONG and not finding.right)


def _head(checking: Checking, only: str, words: Words) -> str:
    counts = Counter(finding.verdict for finding in checking.findings)
    wrong = sum(not finding.right for finding in checking.findings)
    chips = [("", words["proof_all"], len(checking.findings)), (WRONG, words["proof_wrong"], wrong)]
    chips += [(verdict, words[f"proof_{verdict}"], counts[verdict]) for verdict in VERDICTS if counts[verdict]]
    filters = "".join(button(f"{label} {count}", "findings", f"plain chip {name}", pressed=name == only, draft=checking.id, only=name) for name, label, count in chips)
    links = "".join(
        f'<a href="/drafts/{checking.id}/{file}" download>{label}</a>' for file, label in (("commented.docx", words["proof_word"]), ("findings.json", "JSON"))
    )
    again = f'<button type="button" class="plain" data-again="{checking.id}">{words["proof_again"]}</button>'
    return (
        f'<header><h3>{shown(checking.name)}</h3><span class="export">{words["export"]} {links}</span>{again}</header>'
        f'<div class="chips" role="group" aria-label="{words["proof_verdict"]}">{filters}</div>'
    )


def _row(checking: Checking, number: int, finding: Finding, words: Words) -> str:
    line = words["proof_line"].format(line=checking.draft.text.count("\n", 0, finding.start) + 1)
    note = f'<p class="note">{shown(finding.note)}</p>' if finding.note else ""
    return (
        f'<tr class="finding" id="finding-{number}"><td class="n">{number + 1}<span>{line}</span></td>'
        f'<td><p class="verdict {finding.verdict}">{words[f"proof_{finding.verdict}"]}</p>{note}</td>'
        f"<td>{_words(finding, words)}</td><td>{_where(checking.id, number, finding, words)}</td></tr>"
    )


def _words(finding: Finding, words: Words) -> str:
    """The quotation and, where it is not the same, the nearest original, what differs marked in both."""
    quote = "".join(_marked("del", change.kind, change.quote) for change in finding.diff) or shown(finding.quote)
    original = "".join(_marked("ins", change.kind, change.original) for change in finding.diff) or shown(finding.original)
    told = [(words["proof_quote"], quote)] + ([(words["proof_original"], original)] if finding.original not in ("", finding.quote) else [])
    return "".join(f'<p class="compared"><span class="label">{label}</span>{text}</p>' for label, text in told)


def _marked(tag: str, kind: str, text: str) -> str:
    if not text:
        return ""
    return shown(text) if kind == "same" else f'<{tag} class="{kind}">{shown(text)}</{tag}>'


def _where(draft: str, number: int, finding: Finding, words: Words) -> str:
    if not finding.document:
        return f'<p class="hint">{words["proof_nowhere"]}</p>'
    place = f'<p>{shown(finding.document.called)}</p><p class="facts"><span>{shown(finding.location)}</span></p>'
    return place + "".join(_opens(draft, number, piece, citation, len(finding.citations), words) for piece, citation in enumerate(finding.citations))


def _opens(draft: str, number: int, piece: int, citation: Citation, of: int, words: Words) -> str:
    label = words["read"] if of == 1 else f"[{piece + 1}] {words['read']}"
    return button(label, "read", "plain open", f"{words['read']}：{citation.quote[:40]}", draft=draft, finding=number, piece=piece)
