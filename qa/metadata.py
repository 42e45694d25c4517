"""What a question asks of a document itself and not of its text: 第几期, 索引号, 谁发的, 什么时候印发的.

The description knows, and where the document says so. Asked of a statute: 什么时候施行, 哪年通过. A question without a word for a
document (简报, 报道, 那篇 …) asks about the world.
"""

from __future__ import annotations

import re

from qa.fold import to_simplified
from qa.types import Description, Field

_DOCUMENT = re.compile(r"简报|报道|文件|通知|通报|公告|公报|讲话|材料|文章|报告|意见|方案|纪要|新闻|条例|规定|办法|[法函令]|第.{1,4}期|[这那该][一]?[期份篇部]")
_WHEN = r"(?:什么时候|何时|哪[一]?[天日年月]|几月几[号日]|几号)"
_WHO = r"(?:谁|哪[一]?(?:个|家|级)?(?:单位|部门|机关|机构)|什么(?:单位|部门|机关))"
# (how it is asked, the fields that answer, the first that the document has)
_ASKED = tuple(
    (re.compile(asks), names)
    for asks, names in (
        (r"第几期|哪[一]?期|期号|期数", ("issue_number",)),
        (r"索引号", ("index_number",)),
        (r"字号|文号|文件编号", ("document_number",)),
        (r"登记证|准印证|刊号", ("registration_number",)),
        (r"抄送|抄报|报送|主送|分送", ("cc", "to")),
        (r"记者", ("reporter", "author")),
        (r"编辑", ("editor",)),
        (r"来源|哪家(?:报纸|报社|媒体|网站)|转载自", ("source",)),
        (r"关键词|主题词", ("keywords",)),
        (rf"{_WHEN}(?:起|开始)?(?:施行|实施|生效)|(?:施行|实施|生效)(?:日期|时间)", ("in_force",)),
        (rf"{_WHEN}(?:\w{{0,4}})通过", ("passed",)),
        (rf"{_WHO}(?:印?发布?|制发|编[印发写]?|主办|发出|出)的|(?:发布|发文|制发|印发)(?:单位|机关|机构)", ("issuer",)),
        (rf"{_WHEN}(?:印?发|发布|公布|公开|生成|刊登|发表|讲|出)(?:的|[？?]|$)|{_WHEN}的(?:[？?]|$)|(?:印发|发布|公布|成文|生成|公开|发文|刊登)(?:的?日期|时间|日)", ("published", "date", "posted", "written", "created", "promulgated")),
    )
)


def asked(question: str) -> tuple[str, ...]:
    """The names of the fields that a question asks for; none, when it does not ask about a document itself.

    >>> asked("那份防汛简报是第几期？"), asked("这篇报道的记者是谁？"), asked("记者证到哪里办？")
    (('issue_number',), ('reporter', 'author'), ())
    """
    simple = to_simplified(question)
    if not _DOCUMENT.search(simple):
        return ()
    return next((names for asks, names in _ASKED if asks.search(simple)), ())


def stated(document: Description, names: tuple[str, ...]) -> Field | None:
    """The first of the fields that the document states, with its spans; None when it states none of them."""
    fields = {field.name: field for field in reversed(document.fields) if field.spans and field.value}
    return next((fields[name] for name in names if name in fields), None)
