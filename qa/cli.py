"""The command line: doors only. Each command is one library call and its printing.

What is heavy is imported by the command that needs it, so that `youju --help` and `youju verify` answer at once. Results
go to standard output, everything else to standard error.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from qa.types import BadRequest, Changes, Description, Hit, Note, YoujuError

if TYPE_CHECKING:
    from qa.answer import Answer
    from qa.cite import Verdict
    from qa.library import Library
    from qa.questions import Questions

DONE, NOT_ALL_WELL, FAILED, INTERRUPTED = 0, 1, 3, 130  # 2 is argparse's own, for a command that cannot be understood
_EXIT_CODES = (
    "退出码：0 完成；1 完成，但结果并非全部正常（verify、proof 有引文不符，add 有文件没读成，status 有问题）；2 命令写错；3 出错，原因见标准错误。"
)
# What could steer a terminal or deceive its reader: controls (a line feed and a tab excepted), bidirectional and zero-width
# formatting, lone surrogates.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    options = commands()[""].parse_args((sys.argv[1:] if arguments is None else arguments) or ["-h"])
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a console that lacks a character still shows the rest
    try:
        return options.run(options)
    except YoujuError as error:
        _say(f"youju：{error}")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:  # a full disk, a folder that may not be written
        _say(f"youju：无法读写 {error.filename or '资料库'}（{error.strerror or error}）。")
        return FAILED


# ---------------------------------------------------------------------------------------------------------- the commands


def serve(options: argparse.Namespace) -> int:
    from ui.guard import LOOPBACK
    from ui.login import Login
    from ui.serve import serve

    login = Login(options.auth) if options.auth else None
    with _library(options) as library:
        if options.host not in LOOPBACK and not login:
            _say(f"注意：{options.host} 可以从别的机器访问，而这个页面没有登录，谁打开都能查看资料、添加和移除文件。用 --auth 加上登录，用 --no-upload 禁止改动。")
        ready = lambda address: _say(f"有据已就绪：{address}（按 Ctrl+C 结束）")  # noqa: E731
        serve(library, options.host, options.port, ready, title=options.title, login=login, upload=options.upload)
    return DONE


def mcp(options: argparse.Namespace) -> int:
    try:
        from ui.assistant import server
    except ModuleNotFoundError as error:
        raise BadRequest("没有装 MCP 组件，请先运行：pip install 'youju[mcp]'") from error
    with _library(options) as library:
        server(library).run()
    return DONE


def password(options: argparse.Namespace) -> int:
    from getpass import getpass

    from ui.login import line

    typed = getpass(f"{options.name} 的密码：") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if sys.stdin.isatty() and getpass("再输入一次：") != typed:
        raise BadRequest("两次输入的密码不同。")
    added = line(options.name, typed)
    known = options.auth.read_text("utf-8").splitlines() if options.auth.exists() else []
    lines = [one for one in known if not one.startswith(f"{options.name}:")]
    with os.fdopen(os.open(options.auth, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join([*lines, added]) + "\n")
    return DONE


def feedback(options: argparse.Namespace) -> int:
    with _library(options) as library:
        given = library.conversations.feedback()
    words = {"useful": "有用", "useless": "没用", "wrong_citation": "引用有误"}
    lines = ("  ".join(filter(None, (said.given[:16].replace("T", " "), words[said.verdict], said.owner, said.question, said.comment))) for said in given)
    _print_json(given) if options.json else _print("\n".join(lines) or "还没有评价。")
    return DONE


def ask(options: argparse.Namespace) -> int:
    question = _question(options)
    with _library(options) as library:
        answer = library.ask(question)
    _print_json(answer.to_json()) if options.json else _print(_answer(answer, question))
    return DONE


def search(options: argparse.Namespace) -> int:
    question = _question(options)
    with _library(options) as library:
        hits = library.search(question, limit=options.limit)
    _print_json(hits) if options.json else _print("\n\n".join(_hit(number, hit) for number, hit in enumerate(hits, 1)))
    return DONE


def add(options: argparse.Namespace) -> int:
    with _library(options) as library, _progress() as progress:
        changes = library.add(options.paths, encoding=options.encoding, progress=progress)
    _print_json(changes) if options.json else _print(_changes(changes))
    return NOT_ALL_WELL if changes.failed else DONE


def inspect(options: argparse.Namespace) -> int:
    from qa.inspect import inspect

    found = inspect(options.file, encoding=options.encoding)
    _print_json(found) if options.json else _print(found.to_text())
    return DONE


def remove(options: argparse.Namespace) -> int:
    with _library(options) as library:
        for key in _keys(library, options.keys):
            library.remove(key)
    return DONE


def list_(options: argparse.Namespace) -> int:
    with _library(options) as library:
        documents = library.documents()
    _print_json(documents) if options.json else _print("\n".join(map(_document, documents)))
    return DONE


def status(options: argparse.Namespace) -> int:
    with _library(options) as library:
        folder, findings = str(library.folder), library.check()
    if options.json:
        _print_json({"folder": folder, **dataclasses.asdict(findings)})
    else:
        _print(
            f"资料库  {folder}\n文件    {findings.documents}\n段落    {findings.passages}\n句子    {findings.sentences}\n"
            f"模型    {findings.model}\nSQLite  {findings.sqlite}\n" + ("\n".join(findings.problems) or "一切正常")
        )
    return NOT_ALL_WELL if findings.problems else DONE


def rebuild(options: argparse.Namespace) -> int:
    from qa.library import rebuild_library

    with _progress("段") as progress:
        rebuild_library(options.library, options.model, progress)
    _say(f"已换成{options.model or '内置模型'}，所有段落的向量都重算过了。")
    return DONE


def report(options: argparse.Namespace) -> int:
    from qa.cite import Citation
    from qa.report import Report, ending_of

    questions = [*(options.question or ()), *_lines(options.questions)]
    saved = [_read_json(name) for name in options.saved or ()]
    if not questions and not saved:
        raise BadRequest("请用 --question 或 --questions 给出要回答的问题，或用 --saved 给出存下的答案。")
    chosen = {"style": options.style, "system": options.system, "title": options.title, "appendix": options.appendix}
    Report((), **chosen).to_bytes(ending_of(options.output.name))  # before the work: whether it can be written like that
    with _library(options) as library, _progress("题") as progress:
        basket = [item for stored in saved for item in library.collected(stored)]
        for done, question in enumerate(questions, 1):
            basket.append(library.ask(question))
            progress(done, len(questions), question)
    written = Report(basket, **chosen)
    written.save(options.output)
    content, refused = written.content(), [item.question for item in basket if not isinstance(item, Citation) and not item.answered]
    _say(f"{options.output}：{sum(not isinstance(item, Citation) for item in basket)} 个问题，{content.facts[1]}。")
    for question in refused:
        _say(f"资料没有回答：{question}")
    for entry in content.entries:
        if entry.item.missing:
            _say(f"参考文献 [{entry.number}] 缺 {'、'.join(entry.item.missing)}：youju describe --set …  {entry.document.key}")
    return DONE


def describe(options: argparse.Namespace) -> int:
    from qa.facts import SETTABLE
    from qa.reference import BY_HAND, KINDS, kind_of, reference, written

    facts: dict[str, str | None] = dict.fromkeys(options.unset or ())
    for assignment in options.set or ():
        name, equals, value = assignment.partition("=")
        if not equals:
            raise BadRequest(f"--set {assignment} 要写成 --set 项目=值，例如 --set issuer=省应急管理厅。")
        facts[name.strip()] = value
    with _library(options) as library:
        (key,) = _keys(library, [options.key])
        description = library.describe(key, **facts)
    if options.json:
        _print_json(description)
        return DONE
    item = reference(description)
    lines = [f"文献类型  {KINDS[kind_of(description)][0]}", f"题名  {description.title}", f"责任机构  {description.issuer}", f"日期  {description.date}"]
    lines += [f"{' '.join(filter(None, (SETTABLE.get(field.name), field.name)))}  {field.value}" + ("（手工设定）" if field.note == BY_HAND else "") for field in description.fields if field.value and field.name not in ("title", "issuer", "date") or field.note == BY_HAND]
    _print("\n".join([*lines, f"参考文献  {written(item)}", *([f"缺  {'、'.join(item.missing)}"] if item.missing else [])]))
    return DONE


def verify(options: argparse.Namespace) -> int:
    if options.answer == "-":
        from qa.cite import citations_from_json

        checked = [(citation.number, citation.quote, citation.verify()) for citation in citations_from_json(_read_json("-"))]
    else:
        from qa.report.evidence import verify_report

        checked = [(found.citation.number if options.answer.endswith(".json") else found.number, found.quote, found.verdict) for found in verify_report(options.answer)]
    if options.json:
        _print_json([{"number": number, "state": v.state, "reason": v.reason, "quote": quote} for number, quote, v in checked])
    else:
        _print("\n".join(_verdict(number, quote, verdict) for number, quote, verdict in checked))
    return DONE if all(verdict.state == "ok" for _, _, verdict in checked) else NOT_ALL_WELL


def proof(options: argparse.Namespace) -> int:
    from qa.proof import open_draft, summary, table, text_draft

    if options.output and options.output.suffix.lower() != ".docx":
        raise BadRequest(f"--output 要以 .docx 结尾，而不是“{options.output.name}”。")
    if options.output and options.draft != "-" and options.output.resolve() == Path(options.draft).resolve():
        raise BadRequest("--output 不能就是草稿自己：批注写在另一份文件里，草稿不动。")
    draft = text_draft(_stdin()) if options.draft == "-" else open_draft(options.draft)
    with _library(options) as library, _progress() as progress:
        findings = library.proof(draft.text, progress=lambda done, total: progress(done, total, draft.name))
    _print_json(findings) if options.json else _print(table(findings))
    if options.output:
        options.output.write_bytes(draft.commented(findings))
        _say(f"已写入带批注的副本：{options.output}（{summary(findings)}）")
    return DONE if all(finding.right for finding in findings) else NOT_ALL_WELL


def evaluate(options: argparse.Namespace) -> int:
    from qa.questions import load, template

    if options.make_template:
        if options.questions.exists():
            raise BadRequest(f"{options.questions} 已经存在，没有覆盖。请换一个文件名。")
        options.questions.write_text(template(), "utf-8")
        _say(f"已写好 {options.questions}：每行填一个问题，留空的行不算。")
        return DONE
    questions = load(options.questions)
    with _measured(options, questions) as library, _progress() as progress:
        from qa.evaluate import measure

        evaluation = measure(library, questions.items, progress)
    if options.html:
        from ui.evaluation import page

        options.html.write_text(_visible(page(evaluation.to_json())), "utf-8")
    _print_json(evaluation) if options.json else _print(evaluation.to_text())
    return DONE


@contextmanager
def _measured(options: argparse.Namespace, questions: Questions) -> Iterator[Library]:
    """The library that is asked: one made for the purpose of the documents that were named or that the questions bring."""
    from qa.library import open_library

    if not options.documents and (options.library or not questions.texts):
        with _library(options) as library:
            yield library
        return
    with TemporaryDirectory() as folder, open_library(options.library or Path(folder) / "library", options.model) as library:
        with _progress() as progress:
            failed = library.add(options.documents, progress=progress).failed if options.documents else ()
        for refused in failed:
            _say(f"失败：{refused.path}：{refused.reason}")
        library.add_texts(questions.texts)
        yield library


# ----------------------------------------------------------------------------------------------------------- their words


class _Parser(argparse.ArgumentParser):
    """argparse with Chinese headings."""

    def __init__(self, **arguments):
        super().__init__(**arguments, add_help=False, epilog=_EXIT_CODES)
        self.options = self.add_argument_group("选项")
        self.options.add_argument("-h", "--help", action="help", help="显示这份说明")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "用法：", 1).replace("\npositional arguments:\n", "\n参数:\n", 1)

    def error(self, message: str):
        self.exit(2, f"{self.format_usage()}{self.prog}：命令写得不对（{message}），用 {self.prog} -h 看说明。\n")


def commands() -> dict[str, argparse.ArgumentParser]:
    """The program, by the name "", and each of its commands, by theirs: what they take and how they explain it."""
    program = _Parser(prog="youju", description="有据：向自己的文件提问，答案是文件里的原句，每一句都注明出处，可与原件核对。全程离线。")
    program.options.add_argument("--version", action="version", version=f"youju {version('youju')}", help="显示版本")
    choices = program.add_subparsers(title="命令", metavar="命令", required=True, parser_class=_Parser)

    def command(run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        added = choices.add_parser(run.__name__.rstrip("_"), help=help, description=f"{help}。")
        added.set_defaults(run=run)
        return added

    added = command(serve, "在浏览器里提问")
    added.options.add_argument("--host", metavar="HOST", default="127.0.0.1", help="监听的地址（默认 127.0.0.1，只有本机能访问）")
    added.options.add_argument("--port", metavar="PORT", type=int, help="端口（默认 7860，被占用时顺延）")
    added.options.add_argument("--auth", metavar="FILE", type=Path, help="要登录：用户和密码的文件，由 youju password 写成")
    added.options.add_argument("--no-upload", dest="upload", action="store_false", help="网页和接口不能添加、移除文件")
    added.options.add_argument("--title", metavar="TITLE", default="有据", help="网页的标题（默认 有据）")
    _add_library(added)

    added = command(mcp, "给桌面上的 AI 助手用：MCP 服务，走标准输入输出（要先装 youju[mcp]）")
    _add_library(added)

    added = command(password, "设置网页登录的用户和密码")
    added.add_argument("name", metavar="用户名", help="用户名；已有的会换成新密码")
    added.options.add_argument("--auth", metavar="FILE", type=Path, required=True, help="写到这个文件，youju serve --auth 用它")

    added = command(feedback, "列出大家对回答的评价")
    _add_library(added)
    _add_json(added)

    added = command(ask, "提一个问题")
    added.add_argument("question", metavar="问题", nargs="+", help="问题；- 表示从标准输入读取")
    _add_library(added)
    _add_json(added)

    added = command(search, "查找相关段落")
    added.add_argument("question", metavar="问题", nargs="+", help="问题或关键词；- 表示从标准输入读取")
    added.options.add_argument("--limit", metavar="N", type=int, default=10, help="最多列出几段（默认 10）")
    _add_library(added)
    _add_json(added)

    added = command(add, "把文件或文件夹加入资料库，未改动的不重读")
    added.add_argument("paths", metavar="路径", nargs="+", help="文件或文件夹")
    added.options.add_argument("--encoding", metavar="CODEC", help="文本文件的编码（默认自动判断）")
    _add_library(added)
    _add_json(added)

    added = command(inspect, "看一个文件读成了什么样：著录、修复、正文、段落，不动资料库")
    added.add_argument("file", metavar="文件", help="要看的文件")
    added.options.add_argument("--encoding", metavar="CODEC", help="文本文件的编码（默认自动判断）")
    _add_json(added)

    added = command(remove, "把文件移出资料库，不动原文件")
    added.add_argument("keys", metavar="文件", nargs="+", help="文件的路径，或 youju list 每行末尾的名称")
    _add_library(added)

    added = command(list_, "列出资料库里的文件")
    _add_library(added)
    _add_json(added)

    added = command(status, "检查资料库是否完好")
    _add_library(added)
    _add_json(added)

    added = command(rebuild, "换一个嵌入模型，只重算向量，不重读文件")
    _add_library(added)

    added = command(report, "把几个问题的答案写成一份带参考文献的报告")
    added.options.add_argument("--question", metavar="问题", action="append", help="要回答的问题，可以写多次")
    added.options.add_argument("--questions", metavar="FILE", help="问题的文件，一行一个；- 表示从标准输入读取")
    added.options.add_argument("--saved", metavar="JSON", action="append", help="youju ask --json 存下的答案，或 youju search --json 存下的段落，排在前面；可以写多次")
    added.options.add_argument("--output", metavar="FILE", type=Path, required=True, help="报告的文件，扩展名决定格式：docx、md、html、txt、csv、bib、ris、csl.json、json")
    added.options.add_argument("--title", default="", metavar="标题", help="报告的标题")
    added.options.add_argument("--style", default="gbt7714-2025", metavar="格式", help="gbt7714-2025（默认）或 gbt7714-2015")
    added.options.add_argument("--system", default="numeric", metavar="体系", help="numeric 顺序编码制（默认）或 author-date 著者-出版年制")
    added.options.add_argument("--appendix", action="store_true", help="附上引文所在的段落")
    _add_library(added)

    added = command(describe, "查看或手工设定一份文件的题名、责任者、日期等，写参考文献时用")
    added.add_argument("key", metavar="文件", help="文件的路径，或 youju list 每行末尾的名称")
    added.options.add_argument("--set", metavar="项目=值", action="append", help="设定一项，可以写多次；重读文件后仍然有效。项目见报错提示")
    added.options.add_argument("--unset", metavar="项目", action="append", help="取消一项手工设定")
    _add_library(added)
    _add_json(added)

    added = command(verify, "把报告或保存的答案里的引文与原文件逐字核对")
    added.add_argument("answer", metavar="文件", help="youju report 的 docx、md、html、json，或 youju ask --json 的输出；- 表示从标准输入读取答案")
    _add_json(added)

    added = command(proof, "核对草稿里的引文：原话对不对，出处对不对")
    added.add_argument("draft", metavar="草稿", help="草稿文件（.docx、.txt、.md 等）；- 表示从标准输入读取")
    added.options.add_argument("--output", metavar="DOCX", type=Path, help="另存一份 Word 文件，每处引文加上批注；草稿本身不动")
    _add_library(added)
    _add_json(added)

    added = command(evaluate, "用自己的问题测一测：找得到吗，引得对吗，该拒答时拒答吗")
    added.add_argument("questions", metavar="问题文件", type=Path, help="每行一个问题的 JSON Lines，或 SQuAD 格式")
    added.options.add_argument("--make-template", action="store_true", help="不测，而是按这个文件名写一份空白的供填写")
    added.options.add_argument("--documents", metavar="PATH", nargs="+", type=Path, help="问题所问的文件或文件夹（默认用资料库）")
    added.options.add_argument("--html", metavar="FILE", type=Path, help="另存一份带图的网页")
    _add_library(added)
    _add_json(added)
    return {"": program, **choices.choices}


def _add_library(command: _Parser) -> None:
    command.options.add_argument("--library", metavar="DIR", type=Path, help="资料库的文件夹（默认 $YOUJU_LIBRARY，或 data/library）")
    command.options.add_argument("--model", metavar="MODEL", help="嵌入模型：zh-small、multilingual、strong，或 sentence-transformers 模型的文件夹或名称（默认内置模型）")


def _add_json(command: _Parser) -> None:
    command.options.add_argument("--json", action="store_true", help="以 JSON 输出")


def _answer(answer: Answer, asked: str) -> str:
    understood = "" if answer.question == asked.strip() else f"理解为：{answer.question}\n"
    references = "\n".join(f"[{citation.number}] {citation.reference}" for citation in answer.citations)
    return "\n\n".join(filter(None, (understood + answer.text, answer.notice, references)))


def _hit(number: int, hit: Hit) -> str:
    headings = " › ".join(hit.passage.headings)
    return f"{number}. {_named(hit.document)}（{hit.score:.2f}）\n" + (f"   {headings}\n" if headings else "") + "   " + hit.passage.text.replace("\n", "\n   ")


def _document(document: Description) -> str:
    return f"{document.date or '-':<10}  {_named(document)}  {document.key}"


def _named(document: Description) -> str:
    return "  ".join(filter(None, (document.called, document.issuer)))


_SHOWN = 20  # of a list in the summary of add; --json has all


def _changes(changes: Changes) -> str:
    """What add read, what it repaired, what it doubts, refused and passed over."""
    counts = f"新增 {len(changes.added)}，更新 {len(changes.updated)}，未变 {len(changes.unchanged)}，移除 {len(changes.removed)}，失败 {len(changes.failed)}，略过 {len(changes.skipped)}"
    notes = changes.notes
    passages = f"读成 {sum(note.passages for note in notes)} 段" if notes else ""
    repaired = Counter()
    for note in notes:
        repaired.update(dict(note.repairs))
    repairs = "修复：" + "，".join(f"{said} {times} 处" for said, times in repaired.most_common()) if repaired else ""
    doubtful = [f"注意：{os.path.basename(note.key)}：{'；'.join(said)}" for note in notes if (said := _doubts(note))]
    refused = [f"失败：{refused.path}：{refused.reason}" for refused in changes.failed]
    skipped = [f"略过：{skipped.path}：{skipped.reason}" for skipped in changes.skipped]
    lists = [*_first(doubtful), *refused, *_first(skipped)]
    return "\n".join(filter(None, [counts, passages, repairs, *lists]))


def _doubts(note: Note) -> list[str]:
    """What the owner of a document should know; what belongs to the site and not to the text is no doubt."""
    return [*note.doubts, *(f"{said} {times} 处" for said, times in note.flags if not said.startswith("不入段落"))]


def _first(lines: list[str]) -> list[str]:
    return lines if len(lines) <= _SHOWN else [*lines[:_SHOWN], f"……还有 {len(lines) - _SHOWN} 条，用 --json 看全部"]


# ------------------------------------------------------------------------------------------------------- in and out


@contextmanager
def _library(options: argparse.Namespace) -> Iterator[Library]:
    """The library that was named, or the default one; says so when it had to be made."""
    from qa.library import default_library, open_library

    with _progress() as progress:
        library = open_library(options.library, options.model) if options.library else default_library(options.model, progress)
    with library:
        if library.created:
            _say(f"已新建资料库：{library.folder}" + ("（空的）" if options.library else "，并导入了自带的文件"))
        yield library


def _keys(library: Library, names: Sequence[str]) -> list[str]:
    """The keys of documents that were named by their keys or by the paths of their files."""
    known = {document.key for document in library.documents()}
    return [name if name in known else os.path.abspath(name) for name in names]


@contextmanager
def _progress(unit: str = "份") -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar on a terminal, once the work has taken a second; a model that works long at one file shows its own."""
    from tqdm import tqdm

    if sys.stderr.isatty():
        logging.getLogger("sentence_transformers").setLevel(logging.INFO)
    form = f"{{percentage:3.0f}}%|{{bar}}| {{n:.1f}}/{{total}} {unit} [{{elapsed}}<{{remaining}}{{postfix}}]"  # a part of a large file counts
    with tqdm(bar_format=form, delay=1, disable=None, leave=False) as bar:

        def progress(done: float, total: int, name: str) -> None:
            bar.total = total
            bar.set_postfix_str(_visible(name), refresh=False)
            bar.update(done - bar.n)

        yield progress


def _stdin() -> str:
    """Standard input in whatever encoding it is."""
    from qa.read.decode import decode

    data = sys.stdin.buffer.read()
    return decode(data, None)[0] if data else ""


def _question(options: argparse.Namespace) -> str:
    return _stdin() if options.question == ["-"] else " ".join(options.question)


def _verdict(number: int, quote: str, verdict: Verdict) -> str:
    line = f"[{number}] {verdict.state}  {verdict.reason}"
    return line if verdict.state == "ok" else f"{line}\n    {quote[:60].replace(chr(10), ' ')}{'……' if len(quote) > 60 else ''}"


def _lines(name: str | None) -> list[str]:
    """The lines of a file of questions that are not empty."""
    if not name:
        return []
    try:
        from qa.read.decode import decode

        text = _stdin() if name == "-" else decode(Path(name).read_bytes(), None)[0]
    except FileNotFoundError as error:
        raise BadRequest(f"没有 {name} 这个文件。") from error
    return [line.strip("\ufeff \t") for line in text.splitlines() if line.strip("\ufeff \t")]


def _read_json(name: str) -> object:
    try:
        return json.loads(sys.stdin.read() if name == "-" else Path(name).read_text("utf-8"))
    except FileNotFoundError as error:
        raise BadRequest(f"没有 {name} 这个文件。") from error
    except ValueError as error:
        raise BadRequest(f"{name} 不是有效的 JSON 文件，请用 youju ask … --json 保存答案。") from error


def _visible(text: str) -> str:
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def _print(text: str) -> None:
    if text:
        sys.stdout.write(_visible(text).rstrip("\n") + "\n")


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=dataclasses.asdict) + "\n")


def _say(text: str) -> None:
    sys.stderr.write(_visible(text) + "\n")


if __name__ == "__main__":
    sys.exit(main())
