"""Messages that are nothing but a greeting, thanks or a farewell: they need no model. Pure.

>>> is_courtesy("Hello!"), is_courtesy("谢谢,再见"), is_courtesy("Hello, who is against?")
(True, True, False)
"""

from __future__ import annotations

import re

from corpus.normalize import fold_text

_ENGLISH = re.compile(
    r"hi|hello|hey|there|good|morning|afternoon|evening|day|night|thanks|thank|you|very|much|many|so|a|lot|cheers|"
    r"bye|goodbye|see|later|ok|okay|great|nice|cool|please|everyone|all|welcome|and|dear|to|meet"
)
_CHINESE = re.compile(
    r"(?:你好|您好|大家好|早上好|上午好|下午好|晚上好|早安|晚安|早|嗨|哈喽|谢谢|多谢|感谢|谢了|再见|拜拜|回头见|好的|好|不错|辛苦了?|"
    r"你们?|您|了|啊|呀|哦|吗|很|非常|太)+"
)


def is_courtesy(message: str) -> bool:
    """Whether nothing is left of a message without words of courtesy."""
    folded = fold_text(message)
    words = re.findall(r"[a-z]+", folded)
    chinese = "".join(re.findall(r"[\u3400-\u9fff]+", folded))
    if (
        any(c.isdigit() for c in folded)
        or not (words or chinese)
        or not all(_ENGLISH.fullmatch(word) for word in words)
    ):
        return False
    return not chinese or _CHINESE.fullmatch(chinese) is not None
