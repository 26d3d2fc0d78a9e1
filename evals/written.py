"""Written debates: invented transcripts with questions, near misses and claims, read and checked.

Knows the form of ``evals/debates/*.debate`` (``BRIEF.md`` there); what they teach is somebody else's business. A fifth
of the debates is sealed: chosen by the hash of the name, so that nobody chooses, and scored once.

    python -m evals.written [FILE …]      # checks them all, prints what is wrong and how many there are
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from corpus.types import Transcript

FOLDER = Path(__file__).parent / "debates"
QUESTION_KINDS = ("who", "position", "figure", "fact", "reason", "comparison", "host", "relay", "premise", "vague")
CLAIM_KINDS = ("faithful", "polarity", "direction", "relation", "scope", "invention", "figure", "person")
_TURN = re.compile(r"t(\d+) ([^:]{1,60}): (.+)")


class Asked(NamedTuple):
    """A question; ``sentences`` answer it, or come nearest where ``kind`` is "miss"; none where it is "open"."""

    language: str
    kind: str
    question: str
    sentences: tuple[str, ...]


class Claimed(NamedTuple):
    """A claim about what a speaker said in some sentences; only "faithful" ones hold."""

    language: str
    kind: str
    speaker: str
    sentences: tuple[str, ...]
    claim: str


class Written(NamedTuple):
    """One written debate; ids are those of the brief, "t3.2" is the second sentence of the third turn."""

    name: str
    title: str
    language: str
    kind: str
    speakers: tuple[tuple[str, str, bool], ...]  # name, role, whether a host
    turns: tuple[tuple[str, tuple[str, ...]], ...]  # speaker, sentences
    asked: tuple[Asked, ...]
    claimed: tuple[Claimed, ...]

    @property
    def sealed(self) -> bool:
        """Whether it belongs to the fifth that is scored once."""
        return hashlib.sha256(self.name.encode()).digest()[0] % 5 == 0

    @property
    def looked_at(self) -> bool:
        """Whether it is of the eighth of the others that nothing is fitted on, to see how well what was fitted does."""
        return not self.sealed and hashlib.sha256(self.name.encode()).digest()[1] % 8 == 0

    def sentence(self, identifier: str) -> str:
        """The words of a sentence id. Raises KeyError where there is none."""
        match = re.fullmatch(r"t(\d+)\.(\d+)", identifier)
        if match and 0 < int(match[1]) <= len(self.turns):
            said = self.turns[int(match[1]) - 1][1]
            if 0 < int(match[2]) <= len(said):
                return said[int(match[2]) - 1]
        raise KeyError(identifier)

    def transcript(self) -> Transcript:
        """The debate as the product reads turns that come as data."""
        from corpus.parse import transcript_from_turns

        joint = "" if self.language == "zh" else " "
        return transcript_from_turns(((name, joint.join(said)) for name, said in self.turns), self.name, self.title)


def read_written(path: Path) -> Written:
    """Read one file.

    Raises:
        ValueError: It breaks the form; names the line.
    """
    facts: dict[str, str] = {}
    speakers: list[tuple[str, str, bool]] = []
    turns: list[tuple[str, tuple[str, ...]]] = []
    asked: list[Asked] = []
    claimed: list[Claimed] = []
    part = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        if line.strip() == "---":
            part += 1
            continue
        try:
            if part == 0:
                key, _, value = line.partition(":")
                if key.strip() == "speaker":
                    name, role, *more = (f.strip() for f in (value + " | |").split("|"))
                    speakers.append((name, role, more[0] == "host"))
                else:
                    facts[key.strip()] = value.strip()
            elif part == 1:
                turns.append(_turn(line, len(turns) + 1))
            else:
                record = _record(line)
                (claimed if isinstance(record, Claimed) else asked).append(record)  # type: ignore[arg-type]
        except (ValueError, IndexError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from None
    return Written(
        path.stem, facts.get("title", ""), facts.get("language", ""), facts.get("kind", ""),
        tuple(speakers), tuple(turns), tuple(asked), tuple(claimed),
    )  # fmt: skip


def _turn(line: str, number: int) -> tuple[str, tuple[str, ...]]:
    match = _TURN.fullmatch(line.strip())
    if match is None or int(match[1]) != number:
        raise ValueError(f"a turn is `t{number} Name: sentence || sentence`")
    return match[2].strip(), tuple(s.strip() for s in match[3].split("||") if s.strip())


def _record(line: str) -> Asked | Claimed:
    fields = [f.strip() for f in line.split("|")]
    what, _, language = fields[0].partition(" ")
    if what == "c":
        return Claimed(language, fields[1], fields[2], _ids(fields[3]), fields[4])
    if what == "q":
        return Asked(language, fields[1], fields[2], _ids(fields[3]))
    if what == "m":
        return Asked(language, "miss", fields[2], _ids(fields[3]))
    if what == "u":
        return Asked(language, "open", fields[1], ())
    raise ValueError(f"a record begins with q, m, u or c, not with {what!r}")


def _ids(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"t\d+\.\d+", text))


def faults(debate: Written) -> Iterator[str]:
    """What is wrong with a debate, a sentence each; nothing when it is sound."""
    names = {name for name, _, _ in debate.speakers}
    if debate.language not in ("zh", "en"):
        yield "language is zh or en"
    if len(debate.turns) < 20:
        yield f"{len(debate.turns)} turns are too few"
    if stray := {name for name, _ in debate.turns} - names:
        yield f"speaks without being listed: {', '.join(sorted(stray))}"
    if sum(host for _, _, host in debate.speakers) < 1:
        yield "nobody hosts"
    kinds = Counter(a.kind for a in debate.asked)
    if unknown := set(kinds) - {*QUESTION_KINDS, "miss", "open"}:
        yield f"unknown kinds of question: {', '.join(sorted(unknown))}"
    if sum(kinds[k] for k in QUESTION_KINDS) < 10 or kinds["miss"] < 5 or kinds["open"] < 3 or len(debate.claimed) < 8:
        yield "too few questions, near misses, open questions or claims"
    records: list[Asked | Claimed] = [*debate.asked, *debate.claimed]
    for record in records:
        words = record.question if isinstance(record, Asked) else record.claim
        if record.language not in ("zh", "en"):
            yield f"no language: {words[:50]}"
        if not record.sentences and record.kind != "open":
            yield f"no sentences: {words[:50]}"
        for identifier in record.sentences:
            try:
                debate.sentence(identifier)
            except KeyError:
                yield f"there is no {identifier}: {words[:50]}"
    for claim in debate.claimed:
        if claim.kind not in CLAIM_KINDS or claim.speaker not in names:
            yield f"kind {claim.kind!r} or speaker {claim.speaker!r} is unknown: {claim.claim[:50]}"


def all_written(folder: Path = FOLDER) -> list[Written]:
    """All written debates, by name."""
    return [read_written(path) for path in sorted(folder.glob("*.debate"))]


def main(arguments: Sequence[str]) -> int:
    """Check files; 1 when anything is wrong."""
    paths = [Path(a) for a in arguments] or sorted(FOLDER.glob("*.debate"))
    wrong = 0
    counts: Counter[str] = Counter()
    for path in paths:
        try:
            debate = read_written(path)
            found = list(faults(debate))
        except ValueError as error:
            found = [str(error)]
        else:
            sizes = {"turns": len(debate.turns), "asked": len(debate.asked), "claims": len(debate.claimed)}
            counts.update([debate.language], **sizes)
            counts["sealed"] += debate.sealed
        for fault in found:
            print(f"{path.name}: {fault}")
        wrong += bool(found)
    print(f"{len(paths)} debates, {wrong} with faults; {dict(counts)}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
