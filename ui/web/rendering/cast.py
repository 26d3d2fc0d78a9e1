"""Who is on the page: each speaker's colour class, initials and role, the same wherever they appear."""

from __future__ import annotations

from typing import NamedTuple

from assistant.wording import named
from corpus.labels import english
from corpus.library import Debate
from corpus.types import UNKNOWN_NAME, Quote, Speaker
from ui.palette import hues, initials
from ui.web.rendering.markup import both, text

UNKNOWN = "s-none"


class Member(NamedTuple):
    """One speaker as the page shows them."""

    speaker: Speaker
    css: str  # class that sets --voice and --voice-soft
    letters: str


class Cast:
    """The speakers of one debate."""

    def __init__(self, debate: Debate) -> None:
        speakers = debate.transcript.speakers
        letters = initials(speakers)
        self.members = {s.name: Member(s, f"s{at}", letters[s.name]) for at, s in enumerate(speakers)}
        self.language = debate.transcript.language or "zh"  # in which they speak
        self._english = english(debate.source)
        self._by_id = {member.speaker.id: member for member in self.members.values()}

    def css(self, name: str | None) -> str:
        """The colour class of a speaker; a neutral one for anybody else."""
        member = self.members.get(name or "")
        return member.css if member else UNKNOWN

    def of_turn(self, debate: Debate, turn_id: str) -> Member:
        """Who speaks in a turn."""
        return self._by_id[debate.transcript.turn(turn_id).speaker_id]

    def avatar(self, name: str) -> str:
        """The round tag with initials; decoration, the name stands beside it."""
        member = self.members.get(name)
        letters = member.letters if member else name[:1]
        return f'<span class="avatar" aria-hidden="true">{text(letters)}</span>'

    def name(self, name: str) -> str:
        """A name in the speaker's colour."""
        return f'<b class="voice {self.css(name)}">{self.shown(name)}</b>'

    def shown(self, name: str) -> str:
        """A name as HTML text; that nobody knows, in both languages, where nobody does."""
        return both(named(name, "zh"), named(name, "en")) if name == UNKNOWN_NAME else text(name)

    def role(self, name: str) -> str:
        """What the transcript says the speaker is, as HTML in the page's language; "" if it says nothing."""
        member = self.members.get(name)
        return self.label(member.speaker.role) if member else ""

    def label(self, words: str) -> str:
        """A role, title or heading of the transcript as HTML: in English too, where that is on record."""
        return both(words, self._english[words]) if words in self._english else text(words)

    def english(self, words: str) -> str:
        """The same as plain English text; as it stands where nobody wrote any."""
        return self._english.get(words, words)


def colours(debate: Debate) -> str:
    """CSS that gives each colour class, and each choice of whom to quote, its hue on a light and on a dark ground."""
    rules, chosen = [], hues(debate.transcript.speakers)
    for at, speaker in enumerate(debate.transcript.speakers):
        hue = chosen[speaker.name]
        for css in (f".s{at}", f"#only label:nth-of-type({at + 1})"):
            rules.append(f"{css}{{--voice:{hue.light}}}.dark {css}{{--voice:{hue.dark}}}")
    return "".join(rules)


def place(quote: Quote) -> str:
    """A quote's address on the page, "#t12-4463-4496": turn and half-open code-point span of the raw text."""
    return f"#{quote.turn_id}-{quote.start}-{quote.end}"
