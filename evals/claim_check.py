"""Claims in files: judged one a line, or, where they are labelled, scored as a table.

In: ``{"id"?, "speaker", "sentences": ["t17.4"], "claim"}``; out: ``{"id", "verdict", "why"}``, in the order of the
lines. The whole input is checked before the first claim is judged. Labelled files add ``"label"`` ("faithful" or
"unfaithful") and may add ``"kind"``, ``"language"`` and ``"debate"``, the name of a written debate.

    python -m evals claims FILE.jsonl                       # the table
    python -m evals claims IN.jsonl -o OUT.jsonl [--transcript FILE]
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, NamedTuple

from assistant.verification.evidence import Evidence, evidence_of
from assistant.verification.judge import Judgement, judge
from assistant.verification.lexicon import is_chinese
from corpus.annotations import Annotations
from corpus.errors import UnknownReferenceError
from corpus.library import Debate, open_debate
from corpus.speakers import find_speakers
from evals.errors import LineError
from evals.jsonl import dump, field, identifier, read_lines

FOLDER = Path(__file__).parent / "claims"
VERDICTS = ("supported", "partly", "unchecked", "unsupported", "contradicted")
_REFUSED = ("unsupported", "contradicted")


class Labelled(NamedTuple):
    """One claim of a file; ``label`` is None where the file does not tell."""

    id: str | int
    speaker: str
    ids: tuple[str, ...]
    claim: str
    debate: Debate
    label: bool | None = None
    kind: str = ""
    language: str = ""

    @property
    def evidence(self) -> Evidence:
        """What it is held against."""
        return evidence_of(self.debate.transcript, self.debate.notes, self.ids)

    @property
    def speaker_said_it(self) -> bool:
        """Whether the cited sentences are the speaker's."""
        meant = {s.name for s in find_speakers(self.speaker, self.debate.transcript.speakers)}
        return bool(meant & set(self.evidence.speakers))

    def judged(self) -> Judgement:
        """Its verdict."""
        return judge(self.claim, self.speaker, self.ids, self.debate.transcript, self.debate.notes)


def read_claims(path: Path, debate: Debate | None = None) -> list[Labelled]:
    """The claims of a file; about ``debate``, or the one that ships when left out, where a line names no other.

    Raises:
        EvaluationError: The file cannot be read.
        LineError: A line does not have the form, or names a speaker or sentence that its debate does not have.
    """
    shared = debate or open_debate()
    return [_parse(path, line, value, shared) for line, value in read_lines(path)]


def _parse(path: Path, line: int, value: dict[str, Any], shared: Debate) -> Labelled:
    name = identifier(path, line, value, "id") if "id" in value else line
    speaker, claim = field(path, line, value, "speaker"), field(path, line, value, "claim")
    if not claim.strip():
        raise LineError(path, line, 'has a blank "claim"; write it out.')
    sentences = value.get("sentences")
    if not isinstance(sentences, list) or not sentences or not all(isinstance(i, str) for i in sentences):
        raise LineError(path, line, '"sentences" must be a list of at least one sentence id, such as ["t17.4"].')
    debate = shared
    if "debate" in value:
        debate = _written(field(path, line, value, "debate")) or _no_debate(path, line, value["debate"])
    for sentence in sentences:
        try:
            debate.transcript.position(sentence)
        except UnknownReferenceError as error:
            raise LineError(path, line, str(error)) from None
    if not find_speakers(speaker, debate.transcript.speakers):
        raise LineError(path, line, f"nobody in the debate is called {speaker!r}.")
    label = value.get("label")
    if label not in (None, "faithful", "unfaithful"):
        raise LineError(path, line, '"label" must be "faithful" or "unfaithful".')
    language = value.get("language") or ("zh" if is_chinese(claim) else "en")
    kind = value.get("kind") or label or ""
    truth = None if label is None else label == "faithful"
    return Labelled(name, speaker, tuple(sentences), claim, debate, truth, str(kind), str(language))


def _no_debate(path: Path, line: int, name: str) -> Debate:
    raise LineError(path, line, f"there is no written debate {name!r} in evals/debates.")


@lru_cache(maxsize=16)
def _written(name: str) -> Debate | None:
    from evals import written
    from evals.written import read_written

    path = written.FOLDER / f"{Path(name).name}.debate"
    return Debate(read_written(path).transcript(), Annotations()) if path.is_file() else None


def written_claims(*, sealed: bool, but: Iterable[str] = ()) -> Iterator[Labelled]:
    """Claims of the written debates whose ids the product cuts alike; of those looked at or named in ``but``, none."""
    from evals.written import all_written

    for written in all_written():
        if written.sealed != sealed or written.looked_at or written.name in but:
            continue
        debate = Debate(written.transcript(), Annotations())
        there = {s.id: s.text.strip() for s in debate.transcript.sentences}
        for number, c in enumerate(written.claimed, start=1):
            if all(there.get(i) == written.sentence(i) for i in c.sentences):
                name = f"{written.name}:{number}"
                label = c.kind == "faithful"
                yield Labelled(name, c.speaker, c.sentences, c.claim, debate, label, c.kind, c.language)


def write_verdicts(
    claims: Sequence[Labelled], file: IO[str], progress: Callable[[int, int], None] | None = None
) -> None:
    """Judge each claim and write its line."""
    for number, claim in enumerate(claims, start=1):
        told = claim.judged()
        file.write(dump({"id": claim.id, "verdict": told.verdict, "why": told.why}) + "\n")
        file.flush()
        if progress is not None:
            progress(number, len(claims))


def table(claims: Sequence[Labelled]) -> str:
    """How labelled claims were judged: a row each kind and language, then what is promised of them."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for claim in claims:
        verdict = claim.judged().verdict
        truth = "faithful" if claim.label else "unfaithful"
        for row in {(truth, "all"), (truth, claim.language), (claim.kind or truth, "all")}:
            counts[row][verdict] += 1
    lines = [f"| claims | language | n | {' | '.join(VERDICTS)} |", f"|---|---|---:|{'---:|' * len(VERDICTS)}"]
    order = {"faithful": 0, "unfaithful": 1}
    for (kind, language), count in sorted(counts.items(), key=lambda row: (order.get(row[0][0], 2), row[0])):
        shares = " | ".join(f"{100 * count[v] / count.total():.0f} %" for v in VERDICTS)
        lines.append(f"| {kind} | {language} | {count.total()} | {shares} |")
    false, true = counts[("unfaithful", "all")], counts[("faithful", "all")]
    if false and true:
        passed, refused = false["supported"] / false.total(), sum(true[v] for v in _REFUSED) / true.total()
        lines += ["", f"unfaithful called supported {100 * passed:.1f} %, faithful refused {100 * refused:.1f} %"]
    return "\n".join(lines)
