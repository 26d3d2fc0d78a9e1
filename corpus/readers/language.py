"""The language of a text, from a sample of its words.

Scripts decide where they can (kana is Japanese, hangul Korean, Han without either Chinese); a trained classifier does
the rest.

    >>> language_of_text("Die Straßenbahn kostet 90 Millionen, und ich stimme dafür."), language_of_text("我赞成。")
    ('de', 'zh')
"""

from __future__ import annotations

import re

_SAMPLE, _PARTS = 3000, 6  # characters in all, from so many places
# What debates are held and transcribed in; short texts look like rarer languages too easily.
_SPOKEN = frozenset(
    re.findall(
        r"\w+",
        "ar bg bn ca cs da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ka kk ko lt lv mk ms mt nl no pl "
        "pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur vi",
    )
)
_LETTERS = re.compile(r"[^\W\d_]")
_KANA, _HANGUL, _HAN = (re.compile(f"[{span}]") for span in ("\u3041-\u30fa", "\uac00-\ud7a3", "\u3400-\u9fff"))


def language_of_text(text: str) -> str:
    """ISO 639-1 code of what most of a text is written in; "" where it holds no letters.

    Args:
        text: any length; some 3,000 characters from all over it are looked at.
    """
    sample = _sample(text)
    letters = len(_LETTERS.findall(sample))
    if not letters:
        return ""
    kana, hangul, han = (len(script.findall(sample)) for script in (_KANA, _HANGUL, _HAN))
    # One Han character says about as much as two or three letters; names in Latin letters are many in such texts.
    if 3 * (kana + hangul + han) > letters - kana - hangul - han:
        if hangul > han + kana:
            return "ko"
        return "ja" if 20 * kana > han else "zh"
    import py3langid

    ranked = [(code, score) for code, score in py3langid.rank(sample) if code in _SPOKEN]
    return str(ranked[0][0]) if ranked[0][1] > ranked[-1][1] else ""  # all alike: too few letters to tell


def _sample(text: str) -> str:
    if len(text) <= _SAMPLE:
        return text
    step, size = len(text) // _PARTS, _SAMPLE // _PARTS
    return " ".join(text[at * step : at * step + size] for at in range(_PARTS))
