"""Does an answer still say what the transcript says? Each part is made again from ids and compared. Pure.

Used wherever an answer comes back from outside this process: from the record (``assistant.stored``) and from an export
(``ui.verify``).

    >>> first_difference("扩建四年", "扩建六年")
    'character 3 is “六”, the transcript has “四”'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from assistant.calculators.trace import CalculationTrace, replay
from assistant.document import own_statements
from assistant.grounding import is_sentence
from assistant.types import Answer, Statement
from corpus.errors import DebateError
from corpus.library import Debate
from corpus.quotes import quote_sentences, spans_of, spans_within
from corpus.types import Quote, Span, Transcript
from corpus.words import words_and_places

READ = 24  # characters of an input as a calculator repeats it
_QUOTED = re.compile('“([^”]*)”|「([^」]*)」|『([^』]*)』|(?<!\\w)"([^"]*)"')


class Reference(NamedTuple):
    """Where quoted words stand: adjacent sentences, and the half-open spans in code points of the raw file."""

    sentence_ids: tuple[str, ...]
    spans: tuple[Span, ...]
    sha256: str

    @property
    def start(self) -> int:
        """Where the first of them begins."""
        return self.spans[0].start

    @property
    def end(self) -> int:
        """Where the last of them ends."""
        return self.spans[-1].end

    def __str__(self) -> str:
        return f"[{' '.join(self.sentence_ids)}] {written(self.spans)} sha256:{self.sha256}"


def quote_problems(quote: Quote, debate: Debate) -> Iterator[str]:
    """Where a quote differs from what its sentence ids stand for: words, place, time, speaker, whose claim, gloss."""
    try:
        spoken = quote_sentences(debate.transcript, quote.sentence_ids, debate.notes)
    except DebateError as error:
        yield str(error)
        return
    if quote.text != spoken.text:
        yield first_difference(spoken.text, quote.text)
    if (quote.start, quote.end, quote.pieces) != (spoken.start, spoken.end, spoken.pieces):
        yield f"its span is {written(spans_of(quote))}, the words stand at {written(spans_of(spoken))}"
    for name in ("seconds", "time", "link"):
        told, true = getattr(quote, name), getattr(spoken, name)
        if name in quote.model_fields_set and told != true:
            yield f"its {name} is {told}, the transcript has {true}"
    if (quote.speaker, quote.speaker_id) != (spoken.speaker, spoken.speaker_id):
        yield f"it is given to {quote.speaker}, but {spoken.speaker} said it"
    if quote.turn_id != spoken.turn_id:
        yield f"it is placed in turn {quote.turn_id}, but stands in {spoken.turn_id}"
    if (quote.mode, quote.originator) != (spoken.mode, spoken.originator):
        yield f"its claim is said to be {_whose(quote)}, but is {_whose(spoken)}"
    if quote.gloss != spoken.gloss:
        yield f"its translation “{_short(quote.gloss)}” is not the one in the notes, “{_short(spoken.gloss)}”"


def claim_problems(answer: Answer, debate: Debate) -> Iterator[str]:
    """Where our words in an answer rest on what is not there, name who did not speak, or quote what was not said."""
    names = {speaker.name for speaker in debate.transcript.speakers}
    for number, claim in enumerate(answer.claims, start=1):
        for at in claim.quotes:
            if not 0 <= at < len(answer.quotes):
                yield f"claim {number} points at a quote that is not there"
            elif claim.speaker is not None and answer.quotes[at].speaker != claim.speaker:
                yield f"claim {number} is about {claim.speaker} but rests on words of {answer.quotes[at].speaker}"
    # A reading that is asked back names its calculator in quotation marks.
    known = (answer.question, answer.standalone, *(t.title[answer.language] for t in answer.calculations))
    for statement in own_statements(answer):
        for row in statement.basis:
            if not _is_row(row, debate):
                yield f"our sentence “{statement.text}” is derived from {row}, which is not there"
        computed = _is_computed(statement, answer)  # there, what was read from the question stands in quotation marks
        for words in unsaid(statement.text, debate, *known):
            if computed and len(words) <= READ:
                continue
            yield f"our sentence “{_short(statement.text)}” puts “{_short(words)}” in quotation marks: nobody said it"
    for cells in answer.table.rows if answer.table else ():
        for words in unsaid(" ".join(cells), debate, answer.question, answer.standalone):
            yield f"the table puts “{_short(words)}” in quotation marks: nobody said it"
    for name in sorted(set(answer.abstention.spoke if answer.abstention else ()) - names):
        yield f"{name} is said to have spoken, but is not in the debate"
    for item in answer.evidence:
        try:
            spoke = debate.transcript.speaker_of(debate.transcript.sentence(item.sentence_id).turn_id).name
        except DebateError as error:
            yield str(error)
        else:
            if spoke != item.speaker:
                yield f"the evidence {item.sentence_id} is given to {item.speaker}, but {spoke} said it"


def calculation_problems(trace: CalculationTrace, debate: Debate) -> Iterator[str]:
    """Where a calculation borrows words that nobody said, or gives other numbers when it is run again."""
    for words, speaker, sentence_id in borrowed_words(trace):
        if locate(words, speaker, sentence_id, debate.transcript) is None:
            yield f"{speaker} did not say “{words}” {sentence_id}".rstrip()
    try:
        same = replay(trace)
    except DebateError as error:
        yield f"the calculation cannot be run again: {error}"
    else:
        if not same:
            yield "running it again gives other numbers"


def _is_computed(statement: Statement, answer: Answer) -> bool:
    """Whether a sentence of ours was worded by a calculator: a result, or the refusal of an input."""
    refused = answer.abstention is not None and answer.abstention.reason == "refused_input"
    return (
        any(statement.text == trace.summary[answer.language] for trace in answer.calculations)
        or (refused and answer.abstention is not None and statement.text == answer.abstention.message)
    )  # fmt: skip


def unsaid(text: str, debate: Debate, *asked: str) -> Iterator[str]:
    """What stands in quotation marks in words of ours and is neither in the debate, its notes nor the question."""
    for match in _QUOTED.finditer(text):
        words = next(group for group in match.groups() if group is not None)
        wanted = _bare(words)
        if wanted and wanted not in _known(debate.transcript) and wanted not in _bare(" ".join(asked)):
            noted = _noted(debate.notes.model_dump_json()) if debate.notes.sentences else ""
            if wanted not in noted:
                yield words


@lru_cache(maxsize=4)
def _noted(notes: str) -> str:
    return _bare(notes)


def _known(transcript: Transcript) -> str:
    return _bare_of(transcript.raw)


@lru_cache(maxsize=4)
def _bare_of(raw: str) -> str:
    return _bare(raw)


def _bare(text: str) -> str:
    """Letters and digits in one case and width: marks and white space do not make words another's."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def borrowed_words(trace: CalculationTrace) -> Iterator[tuple[str, str, str]]:
    """The words of the debate in a calculation, each once: (words, speaker, sentence id or "")."""
    seen: set[tuple[str, str]] = set()
    quoted = [a.origin for a in trace.arguments if a.origin.kind == "quote"]
    found = [(origin.quote, origin.speaker, origin.sentence_id) for origin in quoted]
    found += [(note.quote, note.speaker, "") for note in trace.notes if note.quote]
    for words, speaker, sentence_id in found:
        if words and (words, speaker) not in seen:
            seen.add((words, speaker))
            yield words, speaker, sentence_id


def locate(words: str, speaker: str, sentence_id: str, transcript: Transcript) -> Reference | None:
    """Where a speaker said exactly these words (in that sentence, if one is named); None when nowhere."""
    for turn in transcript.turns:
        if transcript.speaker_of(turn.id).name != speaker or (sentence_id and sentence_id.split(".")[0] != turn.id):
            continue
        for part in turn.paragraphs:
            spans = [(span.start, span.end) for span in part.spans]
            spoken, places = words_and_places(transcript.raw, spans, transcript.notation)
            at = spoken.find(words)
            while at >= 0:
                start, end = places[at][0], places[at + len(words) - 1][1]
                covered = tuple(s.id for s in transcript.sentences_of(turn.id) if s.start < end and start < s.end)
                if covered and (not sentence_id or sentence_id in covered):
                    return Reference(covered, spans_within(part, start, end), transcript.sha256)
                at = spoken.find(words, at + 1)
    return None


def first_difference(spoken: str, shown: str) -> str:
    """Where two texts part, from character 1."""
    for at, (a, b) in enumerate(zip(spoken, shown, strict=False), start=1):
        if a != b:
            return f"character {at} is “{b}”, the transcript has “{a}”"
    if len(shown) < len(spoken):
        return f"the words stop after character {len(shown)}; the transcript goes on “{spoken[len(shown) :][:20]}”"
    return f"the words go on after character {len(spoken)}, where the transcript stops"


def written(spans: Iterable[Span]) -> str:
    """Spans as a reference holds them: "120:164+180:201"."""
    return "+".join(f"{span.start}:{span.end}" for span in spans)


def _whose(quote: Quote) -> str:
    if quote.mode == "relays":
        return f"relayed from {quote.originator}"
    return "the speaker's own" if quote.mode == "own" else "a question"


def _short(text: str | None) -> str:
    return (text or "")[:60]


def _is_row(row: str, debate: Debate) -> bool:
    """Whether a sentence of ours may rest on this: a sentence, a row of a table of the debate, the whole transcript."""
    kind, _, rest = row.partition(":")
    if kind == "stance":
        topic, _, name = rest.partition(":")
        return debate.notes.stance(name, topic) is not None
    if kind == "topic":
        return any(topic.id == rest for topic in debate.notes.topics)
    if kind == "roster":
        return any(speaker.id == rest for speaker in debate.transcript.speakers)
    return kind in ("calculation", "transcript") or is_sentence(row, debate.transcript)
