"""The few ways by which text becomes HTML here; every other module of this folder builds on them.

What is rendered passes through Markdown (chat messages), a JavaScript template (``gr.HTML``) and ``innerHTML``. So besides
HTML's own characters those that mean something to the other two are written as character references, and the result
holds no line break, which would end Markdown's HTML block.

    >>> text("<b>${x}</b>")
    '&lt;b&gt;&#36;&#123;x&#125;&lt;/b&gt;'
"""

from __future__ import annotations

import re
from html import escape

from ui.words import Language

_TEMPLATE = str.maketrans({"$": "&#36;", "{": "&#123;", "}": "&#125;", "`": "&#96;", "\\": "&#92;"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BREAK = re.compile(r"\r\n|[\r\n\u2028\u2029\x85]")


def text(value: object) -> str:
    """Any value as HTML text or as the inside of a quoted attribute; line breaks become character references."""
    plain = _CONTROL.sub("\ufffd", str(value))
    return _BREAK.sub("&#10;", escape(plain, quote=True).translate(_TEMPLATE))


def both(zh: str, en: str) -> str:
    """The same words in both languages; the page's language decides by CSS which is shown."""
    return f'<span class="zh" lang="zh">{text(zh)}</span><span class="en" lang="en">{text(en)}</span>'


def labelled(zh: str, en: str) -> str:
    """Attributes that name an element in both languages; the page's script keeps ``aria-label`` and ``title``."""
    return f'data-zh="{text(zh)}" data-en="{text(en)}" aria-label="{text(zh)}"'


def keeper() -> str:
    """The button that collects what it stands on into the memo."""
    return (
        f'<button type="button" class="keep" data-do="keep" {labelled("收入备忘", "Collect into the memo")}>❐</button>'
    )


def pick(zh: str, en: str, language: Language) -> str:
    """The words of one language, not escaped."""
    return zh if language == "zh" else en


def flat(html: str) -> str:
    """Markup on one line, as a Markdown HTML block needs it; what is in it has been through ``text`` already."""
    return "".join(line.strip() for line in html.splitlines())
