"""What our own words may hold: only the source's quotations and figures, no other speaker, no markup. Pure.

A chat model writes these words, so every way to make them look like somebody's is closed: all kinds of quotation marks,
a name or verb of speech with a colon, another speaker's name beside this speaker's quote, links, secrets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from assistant.calculators.trace import CalculationTrace
from assistant.redaction import holds_secret
from corpus.errors import DebateError
from corpus.speakers import comparable, find_mentions, find_speakers
from corpus.types import Quote, Speaker

MAX_CLAIM = 600  # characters
MAX_LEAD = 400  # characters
_COPIED = 8  # letters from which words in common are a copy; a Chinese character counts for two

_PAIRS = (
    ("“", "”"), ("„", "“"), ("„", "”"), ("”", "”"), ("‟", "”"), ('"', '"'), ("＂", "＂"), ("「", "」"), ("『", "』"),
    ("｢", "｣"), ("﹁", "﹂"), ("﹃", "﹄"), ("«", "»"), ("»", "«"), ("‹", "›"), ("《", "》"), ("〈", "〉"), ("‘", "’"),
    ("‚", "‘"), ("'", "'"), ("＇", "＇"), ("`", "`"), ("´", "´"), ("``", "''"), ("❝", "❞"), ("❛", "❜"), ("〝", "〞"),
    ("〝", "〟"), ("″", "″"), ("′", "′"), ("【", "】"),
)  # fmt: skip
_MARKS = frozenset(mark for pair in _PAIRS for mark in "".join(pair))
_APOSTROPHES = frozenset("'’＇ʼ′")
_STRETCH = re.compile(
    "|".join(rf"(?:{re.escape(a)}[^{re.escape(b[0])}]*{re.escape(b)})" for a, b in _PAIRS if a not in "'’")
)
_SINGLE = re.compile(r"(?<![\w])['‘][^'’]*['’](?!\w)")
_MARKUP = re.compile(
    r"https?://|www\.|\w+://|<\s*[a-zA-Z/!?]|!\[|\]\s*\(|^\s*(?:>|#{1,6} |```|~~~)|&#?\w+;|(?:javascript|data|mailto):",
    re.IGNORECASE,
)
_SPEECH = (
    r"(?:说道?|讲道?|表示|指出|认为|声称|宣称|坦言|强调|补充道?|问道?|答道?|回应|写道|原话|原文|引用|"
    r"(?<![a-z])(?:say|says|said|saying|told|tells|wrote|writes|asks?|asked|claims?|claimed|argues?|argued|states?|stated|adds?|added|"
    r"replie[sd]|answers?|answered|quotes?|quoted|quoting|verbatim|words|puts? it|concludes?|concluded)(?![a-z]))"
)
_SAYS = re.compile(
    r"\s*(?:also |himself |herself |too,? )?(?:"
    + _SPEECH
    + r"|thinks?|believes?|holds?|agrees?|sees?|shares?|觉得|也|同意|相信|主张|看)"
)
_DIRECT = re.compile(
    _SPEECH + r"\s*(?:是|这样|如下|as follows|this)?\s*[:：︰﹕∶]\s*(?P<words>[^。!?！？\n]+)", re.IGNORECASE
)
_NAMED_COLON = re.compile(r"\s*(?:[(（][^)）]{0,40}[)）])?\s*[:：︰﹕∶]\s*(?P<words>[^。!?！？\n]+)")


class UngroundedError(DebateError):
    """A claim that its quotes do not carry."""


def clean(text: str, most: int) -> str:
    """One line of visible characters, at most ``most`` of them; nothing that hides, turns or overlays text."""
    shown = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    line = " ".join(shown.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def check_words(
    text: str,
    quotes: Sequence[Quote],
    calculations: Sequence[CalculationTrace],
    speakers: Sequence[Speaker] = (),
    *,
    about: Sequence[str] | None = None,
    asked: Sequence[str] = (),
) -> None:
    """Raise UngroundedError when our words say more than the quotes and calculations carry.

    Args:
        text: our words, already ``clean``.
        speakers: everybody who speaks in the debate.
        about: names that may be named; those of the quotes' speakers and of whom they mention when left out.
        asked: the user's own questions, whose figures may be repeated.
    """
    if not text:
        return
    from assistant.figures import known, stray  # its patterns take a while to compile; most drafts say nothing

    if _MARKUP.search(text):
        raise UngroundedError("The claim holds a link or markup.")
    if holds_secret(text):
        raise UngroundedError("The claim holds something that looks like a key.")
    _check_quotation(text, quotes, speakers)
    source = known([*asked, *(q.text for q in quotes), *(q.gloss for q in quotes if q.gloss)], calculations)
    figure = stray(text, source)
    if figure is not None:
        raise UngroundedError(f"The figure {clean(figure, 40)} stands in none of the claim's quotes.")
    _check_names(text, quotes, speakers, about)


def repeats(text: str, quotes: Sequence[Quote]) -> bool:
    """Whether words of ours are nothing but a quote's, without quotation marks: those are for the quote to show."""
    if any(c in _MARKS and c not in _APOSTROPHES for c in text):
        return False
    wanted = _bare(text)
    length = len(wanted) + sum("\u3400" <= c <= "\u9fff" for c in wanted)
    return length >= _COPIED and any(wanted in _bare(quote.text) for quote in quotes)


def _check_names(text: str, quotes: Sequence[Quote], speakers: Sequence[Speaker], about: Sequence[str] | None) -> None:
    """Whoever is named speaks, is relayed or is mentioned in the quotes; what fits several may mean one of those."""
    allowed, spoken_of = set(about or ()), set[str]()
    if about is None:
        originators = " ".join(q.originator for q in quotes if q.originator)
        allowed = {q.speaker for q in quotes} | {s.name for s in find_speakers(originators, speakers)}
        spoken = "\n".join(part for q in quotes for part in (q.text, q.gloss) if part)
        spoken_of = {s.name for s in find_speakers(spoken, speakers)}
    for mention in find_mentions(text, speakers):
        names = [speaker.name for speaker in mention.speakers]
        # "the landlord next door, Bruce" may be named; "Bruce thinks so too" is said of nobody's words here.
        says = _SAYS.match(comparable(text), mention.end) is not None
        if names and allowed.isdisjoint(names) and (says or spoken_of.isdisjoint(names)):
            raise UngroundedError(f"The claim names {names[0]}, who said none of its quotes.")


def _check_quotation(text: str, quotes: Sequence[Quote], speakers: Sequence[Speaker]) -> None:
    said = [_bare(quote.text) for quote in quotes]

    def stands(words: str) -> bool:
        wanted = _bare(words)
        return not wanted or any(wanted in words for words in said)

    rest = text
    for pattern in (_STRETCH, _SINGLE):
        for match in pattern.finditer(rest):
            if not stands(match[0]):
                raise UngroundedError("The claim puts quotation marks around words that are not the source's.")
        rest = pattern.sub(" ", rest)
    if any(c in _MARKS and not _is_apostrophe(rest, at) for at, c in enumerate(rest)):
        raise UngroundedError("The claim opens a quotation that does not end.")
    direct = [match["words"] for match in _DIRECT.finditer(text)]
    for name in {n for s in speakers for n in (s.name, *s.aliases)}:
        at = text.find(name)
        while at >= 0:
            if named := _NAMED_COLON.match(text, at + len(name)):
                direct.append(named["words"])
            at = text.find(name, at + 1)
    if not all(stands(words) for words in direct):
        raise UngroundedError("The claim puts words into a mouth that are not the source's.")


def _bare(text: str) -> str:
    """Letters and digits in one case and width: marks and white space do not make words another's."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] in _APOSTROPHES and at > 0 and text[at - 1].isalnum()
