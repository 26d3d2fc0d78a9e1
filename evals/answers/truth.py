"""Whether our own sentences hold: each is computed anew from the tables and the words that it says it rests on.

Knows answers, transcript and notes; not what was expected. Says nothing about whether the question is answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.document import own_statements
from assistant.types import Answer, Statement
from corpus.annotations import Annotations, is_silent
from corpus.normalize import fold_text
from corpus.readers.report import report_of
from corpus.speakers import find_speakers
from corpus.types import Transcript
from index.tokens import numbers

# That somebody did not speak, said of people and not of what was found.
SAID_SILENT = re.compile(
    r"(?:没有?|未曾?|沒有?)(?:在[^。;]{0,12}里?)?(?:谈|談|提|说|說|讲|講|发言|發言|涉及|出现|出現)|没谈|未谈|"
    r"\b(?:did not|didn['’]t|does not|never) (?:speak|say|talk|mention|touch|take part)|\bsaid nothing|\bsilent\b|"
    r"^nothing (?!on|close|in)[^.]* said",
    re.IGNORECASE,
)
# That nothing was found is said of the search.
NOT_FOUND = re.compile(r"没有找到|没找到|未找到|沒有找到|\bfound (?:nothing|nobody)|\bdid not find", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[。；;!?！？])|(?<=\.)(?=\s|$)")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」|《[^》]*》")
_WORDS = re.compile(r"这些字眼[::](?P<zh>[^。]+)|these words:? (?P<en>[^.(]+)")


def sentences_of(text: str) -> list[str]:
    """Our words, cut where a statement ends."""
    return [part.strip() for part in _SENTENCES.split(text) if part.strip()]


def names_in(text: str, transcript: Transcript) -> list[str]:
    """Canonical names of the speakers whom words of ours name, in order of mention, each once.

    By a name or a part of one, not by an employer, who may be another's too.
    """
    found: dict[str, int] = {}
    for speaker in transcript.speakers:
        aliases = [a for a in speaker.aliases if len(a) > 2 and not any(part in speaker.role for part in a.split())]
        for name in (speaker.name, *aliases):
            ends = r"(?<![A-Za-z]){}(?![A-Za-z])" if name.isascii() else "{}"
            if (match := re.search(ends.format(re.escape(name)), text)) is not None:
                found[speaker.name] = min(found.get(speaker.name, len(text)), match.start())
    return sorted(found, key=lambda name: found[name])


def says_silent(sentence: str) -> bool:
    """Whether a sentence of ours says that people did not speak, and not that nothing was found."""
    return bool(SAID_SILENT.search(sentence)) and not NOT_FOUND.search(sentence)


def counts_words(sentence: str) -> bool:
    """Whether a sentence of ours says who used some words, and no more."""
    return bool(_WORDS.search(sentence))


def falsehoods(answer: Answer, transcript: Transcript, notes: Annotations) -> Iterator[tuple[str, str]]:
    """(our sentence, why it does not hold) for each that does not."""
    for statement in own_statements(answer):
        for why in _faults(statement, answer, transcript, notes):
            yield statement.text, why
    for claim in answer.claims:
        if claim.stance is None:
            continue
        noted = (notes.stance(*row.split(":", 2)[:0:-1]) for row in claim.basis if row.startswith("stance:"))
        if not any(stance is not None and stance.stance == claim.stance for stance in noted):
            yield claim.text, f"no row has {claim.speaker} as {claim.stance}"


def _faults(statement: Statement, answer: Answer, transcript: Transcript, notes: Annotations) -> Iterator[str]:
    yield from (f"there is no row {row}" for row in statement.basis if not _resolves(row, answer, transcript, notes))
    behind = _texts(statement, answer, transcript, notes)
    named = set(names_in(_QUOTED.sub(" ", statement.text), transcript))
    parts = [part for part in sentences_of(statement.text) if says_silent(part)]
    silence = {name for part in parts for name in names_in(part, transcript)}
    known = _people(statement, answer, transcript)
    mentioned = {s.name for text in behind for s in find_speakers(text, transcript.speakers)}
    if answer.abstention is not None:
        asked = {s.name for s in transcript.speakers if s.id in answer.speaker_ids}
        known |= asked | {s.name for s in find_speakers(answer.question, transcript.speakers, fuzzy=True)}
    if stray := named - known - mentioned - silence:
        yield f"names {', '.join(sorted(stray))}, in no row that it rests on"
    yield from _not_silent(statement, silence, transcript, notes)
    if strange := numbers(fold_text(statement.text)) - _numbers(statement, answer, behind, transcript):
        yield f"{', '.join(sorted(strange))} stands in nothing that it rests on"


def _resolves(row: str, answer: Answer, transcript: Transcript, notes: Annotations) -> bool:
    kind, _, rest = row.partition(":")
    if kind == "stance":
        topic, _, name = rest.partition(":")
        return notes.stance(name, topic) is not None
    if kind == "topic":
        return any(topic.id == rest for topic in notes.topics) or not notes.topics  # else a derived one
    if kind == "roster":
        return any(speaker.id == rest for speaker in transcript.speakers)
    if kind == "calculation":
        return any(trace.calculator == rest for trace in answer.calculations)
    return row == "transcript" or any(sentence.id == row for sentence in transcript.sentences)


def _people(statement: Statement, answer: Answer, transcript: Transcript) -> set[str]:
    """Who is in a row that the sentence rests on, or is quoted beside it."""
    people = {quote.speaker for quote in answer.quotes}
    by_id = {speaker.id: speaker.name for speaker in transcript.speakers}
    said = {sentence.id: sentence.turn_id for sentence in transcript.sentences}
    for row in statement.basis:
        kind, _, rest = row.partition(":")
        if kind == "stance":
            people.add(rest.partition(":")[2])
        elif kind == "roster" and rest in by_id:
            people.add(by_id[rest])
        elif row in said:
            people.add(transcript.speaker_of(said[row]).name)
    if answer.abstention is not None:
        people |= {quote.speaker for quote in answer.abstention.nearest} | set(answer.abstention.spoke)
    if "transcript" in statement.basis:
        people |= set(by_id.values())
    return people


def _texts(statement: Statement, answer: Answer, transcript: Transcript, notes: Annotations) -> list[str]:
    """The words that the sentence rests on: of its rows, of the quotes beside it, of the question."""
    quotes = [*answer.quotes, *(answer.abstention.nearest if answer.abstention else ())]
    texts = [answer.question, *(part for quote in quotes for part in (quote.text, quote.gloss) if part)]
    said = {sentence.id: sentence.text for sentence in transcript.sentences}
    topics = {topic.id: topic for topic in notes.topics}
    for row in statement.basis:
        if row in said:
            texts += [said[row], notes.note(row).gloss or ""]
        elif row.startswith(("topic:", "stance:")) and (topic := topics.get(row.split(":")[1])) is not None:
            texts += [topic.zh, topic.en, topic.proposition_zh, topic.proposition_en]
    return texts


def _not_silent(statement: Statement, people: set[str], transcript: Transcript, notes: Annotations) -> Iterator[str]:
    """Who is said to be silent on a noted topic, or never to say some words, and is not, or does."""
    topics = [row.removeprefix("topic:") for row in statement.basis if row.startswith("topic:")]
    words = _WORDS.search(statement.text)
    for name in sorted(people):
        if notes.topics and topics and not is_silent(notes, transcript, name, topics[0]):
            yield f"{name} is not silent on {topics[0]}"
        if words is not None and "transcript" in statement.basis:
            wanted = fold_text(words["zh"] or words["en"]).replace("、", ",").split(",")
            if any(_says(name, word.strip(), transcript) for word in wanted):
                yield f"{name} says one of these words"


def _says(name: str, word: str, transcript: Transcript) -> bool:
    pattern = re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])")
    own = (s.text for s in transcript.sentences if transcript.speaker_of(s.turn_id).name == name)
    return bool(word) and any(pattern.search(fold_text(text)) for text in own)


def _numbers(statement: Statement, answer: Answer, behind: list[str], transcript: Transcript) -> frozenset[str]:
    """Every number that the sentence may hold: said in what it rests on, counted in it, or told by the record."""
    told: set[str] = set()
    for text in behind:
        told |= numbers(fold_text(text))
    people = names_in(statement.text, transcript)
    rows = [row for row in statement.basis if row.startswith("stance:")]
    told |= {str(n) for n in range(max(len(people), len(rows)) + 1)}
    told |= {str(len(answer.claims)), str(len(answer.quotes))}
    told |= {str(transcript.turn(quote.turn_id).number) for quote in answer.quotes}
    told.add(str(_asking(answer, transcript)))
    if answer.calculations:
        told |= numbers(fold_text(statement.text))  # the calculators' own tests hold these
    if answer.intent == "about" or "transcript" in statement.basis or not statement.basis:
        report = report_of(transcript)
        told |= {str(row.turns) for row in report.speakers} | {f"{row.share:.0%}"[:-1] for row in report.speakers}
        told |= {str(len(report.speakers)), str(len(transcript.turns)), str(len(transcript.sentences))}
        texts = [e.text for e in transcript.editorials] + [s.title for s in transcript.sections]
        for text in (*texts, transcript.title, transcript.date or "", *(s.role for s in transcript.speakers)):
            told |= numbers(fold_text(text)) | {part.lstrip("0") for part in text.split("-")}
    return frozenset(told | set(_occurrences(statement, transcript)))


def _asking(answer: Answer, transcript: Transcript) -> int:
    """In how many turns those whose questions are told ask something."""
    hosts = {quote.speaker_id for quote in answer.quotes}
    asking = {s.turn_id for s in transcript.sentences if s.text.rstrip('”"」').endswith(("?", "?"))}
    return sum(turn.id in asking for turn in transcript.turns if turn.speaker_id in hosts)


def _occurrences(statement: Statement, transcript: Transcript) -> Iterator[str]:
    """How often the words in quotation marks are said, in all and by each, where a sentence counts them."""
    quoted = re.match(r"“([^”]+)”(?:在文稿里出现| was said)", statement.text)
    if quoted is None or "transcript" not in statement.basis:
        return
    pattern = re.compile(rf"(?<![a-z0-9]){re.escape(fold_text(quoted[1]).strip())}(?:e?s)?(?![a-z0-9])")
    by: dict[str, int] = {}
    for sentence in transcript.sentences:
        name = transcript.speaker_of(sentence.turn_id).name
        by[name] = by.get(name, 0) + len(pattern.findall(fold_text(sentence.text)))
    yield str(sum(by.values()))
    yield from (str(n) for n in by.values())
