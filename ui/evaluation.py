"""The figures of `youju evaluate` as one HTML page with plots, complete in itself: it opens without a network.

It lies here since no HTML stands in qa/; it takes `Evaluation.to_json()`, and questions and file names are escaped by
`render.shown` as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ui.render import shown

_SIDE, _EDGE = 260, 34  # of a plot, in pixels
_STYLE = (
    "body{font:15px/1.6 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{border-bottom:1px solid #d5dae0;padding:.2rem .7rem;text-align:right}"
    "td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:0 1.5rem 1rem 0}figcaption{font-size:13px;color:#4a5460}"
    "svg text{font-size:11px;fill:#4a5460}"
)
_NAMES = {
    "questions": "问题数", "cited": "引对", "first": "第一句即对", "quoted": "引文字数（中位）", "false refusals": "误拒", "refused": "拒答（无答案者）",
    "coverage": "作答比例", "risk": "答错比例", "ece": "校准误差 ECE", "p50 ms": "毫秒（中位）", "p95 ms": "毫秒（95%）",
    "lexical": "仅词语", "dense": "仅向量", "fused": "加权合并", "reranked": "重排（现用）",
}


def page(evaluation: Mapping) -> str:
    """The page of an `Evaluation.to_json()`."""
    curve = [(point["coverage"], point["risk"]) for point in evaluation["risk"]]
    bins = [(bin["confidence"], bin["right"]) for bin in evaluation["calibration"]]
    parts = [
        '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>有据：测评</title><style>{_STYLE}</style><h1>测评</h1>",
        _table([["", "全部"], *([_name(name), _value(value)] for name, value in evaluation["figures"].items())]),
        f"<p>把握低于 {evaluation['threshold']:.2f} 的回答一律拒答。</p>",
        _figure("只给最有把握的回答：答错比例随作答比例的变化", _plot(curve, _line, "作答比例", "答错比例")),
        _figure("把握与实际：点在对角线上，把握就说得准", _plot(bins, _dots, "把握", "实际答对")),
        "<h2>各类问题</h2>", _grid(evaluation["kinds"]), "<h2>各检索方式</h2>", _grid(evaluation["retrievers"]),
        "<h2>逐题</h2>", _trials(evaluation["trials"]),
    ]
    return "".join(parts)


def _name(name: str) -> str:
    return _NAMES.get(name, name)


def _value(value: float) -> str:
    return f"{value:.3f}" if isinstance(value, float) and value <= 1 else f"{value:.0f}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = ["".join(f"<{tag}>{shown(cell)}</{tag}>" for cell in row) for row, tag in zip(rows, ["th"] + ["td"] * len(rows))]
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{row}</tr>" for row in body) + "</table>"


def _grid(groups: Mapping[str, Mapping[str, float]]) -> str:
    names = list(dict.fromkeys(name for figures in groups.values() for name in figures))
    rows = [[_name(group) or "—", *(_value(figures[name]) if name in figures else "" for name in names)] for group, figures in groups.items()]
    return _table([["", *map(_name, names)], *rows])


def _trials(trials: Sequence[Mapping]) -> str:
    rows = [["问题", "类别", "有答案", "作答", "引对", "把握", "名次"]]
    for trial in trials:
        item = trial["item"]
        answerable = bool(item["files"] or item["evidence"])
        rows.append([item["question"], item["kind"], "是" if answerable else "否", "是" if trial["answered"] else "否", _value(trial["cited"]), _value(trial["confidence"]), str(trial["ranks"].get("reranked") or "—")])
    return _table(rows)


def _figure(caption: str, plot: str) -> str:
    return f"<figure>{plot}<figcaption>{caption}</figcaption></figure>"


def _plot(points: Sequence[tuple[float, float]], draw: Callable[[Sequence[tuple[float, float]]], str], across: str, up: str) -> str:
    """A square from 0 to 1 both ways with its points drawn."""
    size = _SIDE + 2 * _EDGE
    left, right, top, bottom = _EDGE, _EDGE + _SIDE, _EDGE, _EDGE + _SIDE
    ticks = "".join(
        f'<text x="{left + _SIDE * t}" y="{bottom + 14}" text-anchor="middle">{t:.1f}</text><text x="{left - 4}" y="{bottom - _SIDE * t + 4}" text-anchor="end">{t:.1f}</text>'
        for t in (0, 0.5, 1)
    )
    return (
        f'<svg role="img" width="{size}" height="{size}" viewBox="0 0 {size} {size}"><rect x="{left}" y="{top}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#9aa5b1"/>'
        f'{ticks}<text x="{(left + right) / 2}" y="{bottom + 28}" text-anchor="middle">{across}</text><text x="{left}" y="{top - 8}">{up}</text>'
        f"{draw([(left + _SIDE * x, bottom - _SIDE * y) for x, y in points])}</svg>"
    )


def _line(points: Sequence[tuple[float, float]]) -> str:
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{joined}" fill="none" stroke="#1f5fa8" stroke-width="2"/>'


def _dots(points: Sequence[tuple[float, float]]) -> str:
    diagonal = f'<line x1="{_EDGE}" y1="{_EDGE + _SIDE}" x2="{_EDGE + _SIDE}" y2="{_EDGE}" stroke="#9aa5b1" stroke-dasharray="4"/>'
    return diagonal + "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f5fa8"/>' for x, y in points)
