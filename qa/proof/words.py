"""Findings in words: for a terminal, for a comment in Word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qa.proof.finding import Finding

NAMES = {"exact": "一致", "variant": "写法不同", "altered": "有改动", "shortened": "有省略", "joined": "拼接", "misattributed": "出处有误", "not_found": "未找到"}
"""The verdicts as users read them."""

_PASSED_OVER = "引号里的简短名称、术语（前面没有“指出”“规定”之类的话引出）不算引文，没有核对。"


def table(findings: Sequence[Finding]) -> str:
    """The findings for a terminal: one line for what is right, quotation, original, source and note for the rest, and a sum."""
    rows = [_row(number, finding) for number, finding in enumerate(findings, 1)]
    return "\n".join([*rows, "", summary(findings), _PASSED_OVER])


def summary(findings: Sequence[Finding]) -> str:
    """How many quotations there are of each verdict."""
    counts = Counter(finding.verdict for finding in findings)
    parts = "，".join(f"{name} {counts[verdict]}" for verdict, name in NAMES.items() if counts[verdict])
    return f"共 {len(findings)} 处引文：{parts}。" if findings else "草稿里没有找到引文。"


def _row(number: int, finding: Finding) -> str:
    name = NAMES[finding.verdict]
    head = f"{number:>3}  {name}{'　' * (4 - len(name))}  "
    if finding.right and not finding.diff:
        lines = [f"{_cut(finding.quote)}  {source(finding)}", *([f"说明：{finding.note}"] if finding.note else [])]
    else:
        quote, original = marked(finding)
        lines = [f"引文：{quote}"] + [f"{label}：{text}" for label, text in (("原文", original), ("出处", source(finding)), ("说明", finding.note)) if text]
    return head + f"\n{' ' * 15}".join(line.replace("\n", " ⏎ ") for line in lines)


def _cut(text: str, room: int = 40) -> str:
    return text if len(text) <= room else f"{text[: room - 12]}……{text[-10:]}"


def source(finding: Finding) -> str:
    """Title and place, for people; "" when nothing was found."""
    document = finding.document
    return f"《{document.called}》 {finding.location}" if document else ""


def marked(finding: Finding) -> tuple[str, str]:
    """Quotation and original with what differs in 【】, what one lacks as 【】."""
    if not finding.diff:
        return finding.quote, finding.original
    quote, original = [], []
    for change in finding.diff:
        same = change.kind == "same"
        quote.append(change.quote if same else f"【{change.quote}】")
        original.append(change.original if same else f"【{change.original}】")
    return "".join(quote), "".join(original)
