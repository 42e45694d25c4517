"""A question and the conversation before it to a question that stands alone.

Rules, no model: a follow-up is short and leans on what was said (那…呢, 他, 这个, 还有, the second one); then the words of the
last question that stood alone are kept beside it. A question that stands alone is left alone. The result is shown to the
user as 理解为：….
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# Words that point back. 那 and 这 only where no noun of their own follows at length: 那起事故发生在哪里 still leans, 这 in
# 这三年行动方案的目标 does not matter, since such a question is long.
_LEANS = re.compile(
    r"^(那|那么|还有|另外|然后|再|第[一二三四五六七八九十\d]+[点条个项]|and\b|what about\b|how about\b)"
    r"|[他她它]们?(?!处|方|人)|其(?!他|它|中|余|实)|(这|那|该)(个|些|次|份|篇|场|条|件|位|家|会|里|边|样|块|方面)|上述|前者|后者|呢[？?]?$"
    r"|\b(he|she|it|they|them|his|her|its|their|that|those|this)\b",
    re.IGNORECASE,
)
_LONGEST = 40  # a longer question says what it is about


def carried(question: str, history: Sequence[Mapping[str, str]] = ()) -> str:
    """What the question leaves out: the last question that stood alone; "" for one that stands alone itself.

    `history` is a list of messages {"role": "user" | "assistant", "content": str}, oldest first.

    >>> carried("那扬州呢？", [{"role": "user", "content": "苏州哪天开的会？"}])
    '苏州哪天开的会？'
    >>> carried("安全生产月是几月？", [{"role": "user", "content": "苏州哪天开的会？"}])
    ''
    """
    earlier = [message["content"].strip() for message in history if message["role"] == "user" and message["content"].strip()]
    if not earlier or len(question) > _LONGEST or not _LEANS.search(question.strip()):
        return ""
    return next((text for text in reversed(earlier) if not _LEANS.search(text)), earlier[-1])
