"""Which grammar a labelled text is written in, and which of its labels are people: decided once for the whole file.

Each candidate grammar is scored by the labels it finds and how far they are to be believed; the best one is applied
throughout. Labels in another form count only where they name somebody who is known already, or who repeats and is named
in the words. A line-by-line guess is how one odd line would switch off all others.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from corpus.readers.belief import DOUBTFUL, NEVER, SURE, Evidence, is_calling, plain
from corpus.readers.grammars import GRAMMARS, Grammar, Label, label_on
from corpus.readers.lines import BULLET, CAPTION, FINAL, IMAGE, Line
from corpus.readers.metadata import key_of
from corpus.readers.roles import begins_with_role
from corpus.types import Doubt

_LISTED = re.compile(r"\s*(?:[,，、;；&]|\band\b|\bund\b|\bet\b|\by\b|和)\s*")
_OPEN = re.compile(r"[^\W\d_][^()（）:：\n]{1,60}[(（][^()（）:：\n]{1,60}$")
_CLOSE = re.compile(r"[^()（）:：\n]{1,40}[)）]\s?[:：]$")
_ADDRESSES = re.compile(r"(?:[<(\[]?https?://\S+\s*)+")
_NAMELESS = ("chevrons", "ideographic space")  # forms with a mark that begins a turn of nobody named
_PARTS = re.compile(r"\w{2,}")
_COMPANION = 4.0  # how far a name in a second form must be believed to be a label at all
_MIXED = 0.1  # from this share of known names on, labels of the other placement are labels, not quotations of labels


class Choice(NamedTuple):
    """The labels of a file: index into its lines → label, ``name`` "" where it is not known who speaks."""

    form: str
    labels: dict[int, Label]
    doubts: tuple[Doubt, ...]


class _Candidate(NamedTuple):
    grammar: Grammar
    labels: dict[int, Label]
    odds: dict[str, float]  # plain name → how far it is believed
    headings: frozenset[str]  # plain names that are words for remarks: "Note", "Break"
    score: float


def choose(lines: Sequence[Line], listed: Iterable[str] = ()) -> Choice | None:
    """The labels of a text; None when it has none.

    Args:
        lines: those of the text that may be speech, in order.
        listed: names that the file itself lists.
    """
    evidence = Evidence((line.text for line in lines), listed)
    plausible = [index for index, line in enumerate(lines) if line.text and not IMAGE.search(line.text)]
    candidates = [_candidate(grammar, lines, plausible, evidence) for grammar in GRAMMARS]
    best = max(candidates, key=lambda c: c.score)
    if best.score <= 0:
        return None
    labels, doubts = _believed(best, lines)
    labels = _with_companions(best, candidates, labels)
    return Choice(best.grammar.form, dict(sorted(labels.items())), tuple(doubts)) if labels else None


def _is_listed(grammar: Grammar, below: Line) -> bool:
    """Whether right below a name with a role another one stands: a list of those who take part."""
    label = label_on(grammar, below.text) if below.text else None
    return label is not None and bool(label.role)


def joined_labels(lines: Sequence[Line]) -> list[Line]:
    """The lines, those joined over which the brackets of one label were wrapped: "Ann Lee (Greens and" + "Reds):"."""
    made: list[Line] = []
    for line in lines:
        before = made[-1] if made else None
        if before is not None and _OPEN.match(before.text) and _CLOSE.match(line.text):
            text = before.text + " " * (line.start - before.end) + line.text
            made[-1] = before._replace(end=line.end, text=text)
        else:
            made.append(line)
    return made


def split_run_on(lines: Sequence[Line], choice: Choice) -> list[Line]:
    """The lines, cut where another label follows the end of a sentence: "Ann: Where? Bob: Here."

    Only labels before words are looked for, and only names that label another line, too.
    """
    inline = {label.name for label in choice.labels.values() if label.name and not label.alone}
    if choice.form not in ("colon", "capitals") or not inline:
        return list(lines)
    names = "|".join(map(re.escape, sorted(inline, key=len, reverse=True)[:400]))
    pattern = re.compile(rf"(?<=[.!?…。！？\"”’)])\s{{0,3}}(?=(?:{names})\s?[:：]\s?\S)")
    made: list[Line] = []
    for index, line in enumerate(lines):
        cuts = [m.end() for m in pattern.finditer(line.text)] if index in choice.labels else []
        for start, end in pairwise([0, *cuts, len(line.text)]):
            text = line.text[start:end]
            bare = text.rstrip()
            made.append(line._replace(start=line.start + start, end=line.start + start + len(bare), text=bare))
    return made


def _candidate(grammar: Grammar, lines: Sequence[Line], plausible: Sequence[int], evidence: Evidence) -> _Candidate:
    labels: dict[int, Label] = {}
    bare = grammar.form == "name and role on a line"  # a paragraph begins with it
    filled = len(plausible)
    for index in plausible:
        line = lines[index]
        if _may_be_label(grammar, line) and not (bare and index and lines[index - 1].text):
            label = label_on(grammar, line.text)
            if bare and label and index + 1 < len(lines) and _is_listed(grammar, lines[index + 1]):
                continue
            if label is not None and not CAPTION.search(f"{label.name}:"):
                labels[index] = label
    labels = _without_declarations(lines, _without_list_headings(lines, labels))
    times = Counter(plain(label.name) for label in labels.values())
    shown = {plain(label.name): label.name for label in labels.values()}
    dense = _dense(labels, evidence, filled)
    lowered = _lowered(grammar, labels, filled)
    named = [shown[plain(label.name)] for label in labels.values() if label.name]
    usual = sum(1 for name in named if evidence.prior(name, marked=grammar.marked) >= 1.0)
    coherent = 1.5 if len(times) > 2 and usual >= 0.8 * len(named) else 0.0
    between = _between([label for label in labels.values() if evidence.prior(label.name, marked=True) > NEVER])
    first = next((index for index, line in enumerate(lines) if line.text), -1)
    odds: dict[str, float] = {}
    for key, count in times.items():
        if not key:  # the form begins a turn without naming anybody
            odds[key] = NEVER
            continue
        titled = grammar.form == "full stop"
        odds[key] = evidence.of(shown[key], count, marked=grammar.marked, titled=titled, lowered=lowered)
        if odds[key] > NEVER and key in dense and not grammar.needs_blank:
            odds[key] += 2.0
        elif odds[key] > NEVER and not grammar.needs_blank:
            odds[key] += coherent
        if odds[key] > NEVER and key in between:
            odds[key] += 1.5
        if odds[key] > 0 and first in labels and labels[first].alone and plain(labels[first].name) == key:
            odds[key] += 1.0  # speech begins with its label
        if odds[key] > NEVER and grammar.form == "name and role on a line":
            odds[key] += _bare_line(key, labels, lines)
    for key in _linking(labels, lines):
        odds[key] -= 6.0  # "Slides: https://…"
    for key, more in _by_shape(labels, odds).items():
        odds[key] += more
    headings = frozenset(key for key in times if evidence.is_heading(shown[key]))
    return _Candidate(grammar, labels, odds, headings, _score(grammar, labels, odds))


def _linking(labels: Mapping[int, Label], lines: Sequence[Line]) -> set[str]:
    """Names whose labels stand before nothing but addresses."""
    rests: dict[str, bool] = {}
    for index, label in labels.items():
        rest = lines[index].text[label.words_at :]
        rests[plain(label.name)] = rests.get(plain(label.name), True) and bool(_ADDRESSES.fullmatch(rest))
    return {key for key, only in rests.items() if only and key}


def _by_shape(labels: Mapping[int, Label], odds: Mapping[str, float]) -> dict[str, float]:
    """What the shapes of the other labels say: a surname in capitals, two words, a role that others have too."""
    names = {plain(label.name): label for label in labels.values() if label.name and odds[plain(label.name)] > NEVER}
    times = Counter(plain(label.name) for label in labels.values())
    total = sum(times[key] for key in names) or 1
    roles = Counter(label.role for label in names.values() if label.role)
    more = dict.fromkeys(names, 0.0)
    for shape in (_has_capitals, lambda name: len(name.split()) > 1):
        having = {key for key, label in names.items() if shape(label.name) or is_calling(label.name)}
        if len(having) > 3 and sum(times[key] for key in having) >= 0.9 * total:
            for key in names:
                more[key] += 0.75 if key in having else -5.0 if times[key] < 0.05 * total else 0.0
    for key, label in names.items():
        more[key] += 1.5 if roles[label.role] > 1 else 0.0
    return more


def _has_capitals(name: str) -> bool:
    return any(len(token) > 1 and token.isupper() for token in _PARTS.findall(name))


def _lowered(grammar: Grammar, labels: Mapping[int, Label], filled: int) -> bool:
    """Whether the labels are nicknames in small letters: nearly all are, and most lines have one."""
    small = sum(1 for label in labels.values() if label.name[:1].islower() and " " not in label.name)
    return not grammar.needs_blank and len(labels) > 3 and small >= 0.8 * len(labels) and len(labels) >= 0.6 * filled


def _dense(labels: Mapping[int, Label], evidence: Evidence, filled: int) -> set[str]:
    """The names whose labels stand on lines of their own, or before words, where that is what most of the text is."""
    placed: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for label in labels.values():
        if label.name and evidence.prior(label.name, marked=True) > NEVER:
            placed[label.alone][plain(label.name)] += 1
    # Half of the lines before words; a label of its own has a line of words below it, often an empty one between.
    return {key for alone, names in placed.items() if (3 if alone else 2) * names.total() >= filled for key in names}


def _between(labels: Sequence[Label]) -> set[str]:
    """Names that stand between two labels of one and the same other name, which would else not be needed twice."""
    made: set[str] = set()
    for alone in (True, False):
        order = [plain(label.name) for label in labels if label.alone == alone]
        made.update(b for a, b, c in zip(order, order[1:], order[2:], strict=False) if a == c != b)
    return made


def _may_be_label(grammar: Grammar, line: Line) -> bool:
    bulleted = BULLET.match(line.text) and not line.text.startswith(("**", "- **", "* **"))
    return not bulleted or grammar.form == "marks of minutes"


def _bare_line(key: str, labels: Mapping[int, Label], lines: Sequence[Line]) -> float:
    """What the surroundings say of a name that stands bare on a line: words must follow, mostly longer than a name."""
    places = [index for index, label in labels.items() if plain(label.name) == key]
    followed = [next((line.text for line in lines[i + 1 : i + 3] if line.text), "") for i in places]
    long = sum(1 for text in followed if len(text) > 40 or text.endswith((".", "?", "!", "。", "？", "！")))
    roles = sum(1 for index in places if labels[index].role)
    return (1.0 if roles else -1.0) + (0.5 if 2 * long >= len(places) else -4.0)


def _score(grammar: Grammar, labels: Mapping[int, Label], odds: Mapping[str, float]) -> float:
    believed = unbelieved = 0.0
    for label in labels.values():
        held = odds[plain(label.name)]
        if held >= SURE:
            believed += 1 / (1 + math.exp(-held))
        elif label.name and held > NEVER and not grammar.needs_blank:
            unbelieved += 1
    names = {plain(label.name) for label in labels.values() if odds[plain(label.name)] >= SURE}
    # One name alone is a monologue at best; a form that ordinary lines have too needs two people.
    if grammar.needs_blank and len(names) < 2:
        return 0.0
    if grammar.form == "name and role on a line":
        believed *= 0.5  # many a line is short and begins with a capital
    return believed - 0.7 * unbelieved if believed else 0.0


def _believed(best: _Candidate, lines: Sequence[Line]) -> tuple[dict[int, Label], list[Doubt]]:
    """The labels of the chosen grammar that are people, those that may be (nobody's words), and what to say of them."""
    sure = {i: label for i, label in best.labels.items() if best.odds[plain(label.name)] >= SURE}
    alone = sum(1 for label in sure.values() if label.alone)
    if sure and 2 * alone == len(sure) and next(iter(sure.values())).alone:
        alone += 1  # of equals the first decides
    kept: dict[int, Label] = {}
    doubts: list[Doubt] = []
    spaced = sum(1 for index in sure if index == 0 or not lines[index - 1].text) >= 0.9 * len(sure)
    odd = [i for i, label in sure.items() if len(sure) > 2 and _placement_differs(label, alone, len(sure))]
    quoted = set(odd) if len(odd) < max(2, _MIXED * len(sure)) or alone > 0.5 * len(sure) else set()
    quoted |= _read_out({i: label for i, label in best.labels.items() if best.odds[plain(label.name)] >= DOUBTFUL})
    if best.grammar.marked:
        quoted = set()
    for index, label in best.labels.items():
        held = best.odds[plain(label.name)]
        line = lines[index]
        if index in quoted and not label.alone:
            why = f"“{label.name}:” stands within somebody's turn, unlike the other labels; it was read as quoted."
            doubts.append(Doubt(line=line.number, why=why))
        elif held >= SURE or (best.grammar.form in _NAMELESS and not label.name):
            kept[index] = label
        elif (held >= DOUBTFUL or _is_remark(best, index, label, lines, spaced)) and (
            best.grammar.marked or not _placement_differs(label, alone, len(sure))
        ):
            kept[index] = label._replace(name="", words_at=0)
            why = f"“{label.name}” may be a name or a word of the text; what follows is attributed to nobody."
            doubts.append(Doubt(line=line.number, why=why))
    return kept, doubts


def _read_out(sure: Mapping[int, Label]) -> set[int]:
    """Places of labels in another placement, of other names, that stand in one turn: a dialogue that is read out."""
    order = sorted(sure)
    if not order:
        return set()
    odd = [at for at, index in enumerate(order) if sure[index].alone != sure[order[0]].alone]
    names = {plain(sure[order[at]].name) for at in odd}
    usual = {plain(label.name) for label in sure.values() if label.alone == sure[order[0]].alone}
    whole = bool(odd) and odd[-1] - odd[0] == len(odd) - 1 and odd[-1] + 1 < len(order)
    return {order[at] for at in odd} if whole and len(usual) > 1 and not names & usual else set()


def _is_remark(best: _Candidate, index: int, label: Label, lines: Sequence[Line], spaced: bool) -> bool:
    """Whether "Break:", "Note:" stands where the labels of people stand, so that nobody can tell whose words follow."""
    if plain(label.name) not in best.headings or ":" not in lines[index].text[: label.words_at + 2].replace("：", ":"):
        return False
    return best.grammar.marked or (spaced and not label.alone and index > 0 and not lines[index - 1].text)


def _placement_differs(label: Label, alone: int, count: int) -> bool:
    return label.alone != (2 * alone > count)


def _with_companions(best: _Candidate, candidates: Sequence[_Candidate], labels: dict[int, Label]) -> dict[int, Label]:
    """Add labels in other forms: of people known already, or believed beyond doubt by themselves."""
    known = {plain(label.name) for label in labels.values() if label.name}
    alone = 2 * sum(1 for label in labels.values() if label.alone) > len(labels)
    for other in candidates:
        if other is best:
            continue
        times = Counter(plain(label.name) for label in other.labels.values())
        fitting = {
            index: label
            for index, label in other.labels.items()
            if index not in labels
            and label.name
            and (label.alone == alone or best.grammar.marked or label.seconds is not None)
            and _accompanies(best, other, label, known, times)
        }  # fmt: skip
        labels.update(fitting)
    return labels


def _accompanies(best: _Candidate, other: _Candidate, label: Label, known: set[str], times: Mapping[str, int]) -> bool:
    """Whether a label in a second form is one: of somebody known, of an office, or believed beyond doubt."""
    if other.grammar.needs_blank:  # most lines of that form are none
        return bool(label.role and begins_with_role(label.role)) and other.odds[plain(label.name)] >= DOUBTFUL
    key = plain(label.name)
    if key in known or _is_examination(best, other, label):
        return True
    if times[key] > 2 and other.odds[key] - 2.0 >= _COMPANION:
        return True
    return other.grammar.form == "colon" and is_calling(label.name) and other.odds[plain(label.name)] >= SURE


def _is_examination(best: _Candidate, other: _Candidate, label: Label) -> bool:
    """Whether questions and answers stand among the labels of a court, or its labels among them."""
    forms = {best.grammar.form, other.grammar.form}
    if "questions and answers" not in forms or not forms & {"capitals", "colon"}:
        return False
    return other.odds[plain(label.name)] >= SURE


def _without_list_headings(lines: Sequence[Line], labels: dict[int, Label]) -> dict[int, Label]:
    """Drop "Guests:" above a list of bullets and "Agenda:" right above another label, where that names nobody else."""
    times = Counter(plain(label.name) for label in labels.values())
    inline = sum(1 for label in labels.values() if not label.alone)
    kept: dict[int, Label] = {}
    below, below_label = "", False
    for index in range(len(lines) - 1, -1, -1):
        label = labels.get(index)
        if label is not None:
            heads_list = BULLET.match(below) or (below_label and 2 * inline > len(labels))
            if not (label.alone and times[plain(label.name)] == 1 and heads_list):
                kept[index] = label
        if lines[index].text:
            below, below_label = lines[index].text, label is not None
    return dict(sorted(kept.items()))


def _without_declarations(lines: Sequence[Line], labels: dict[int, Label]) -> dict[int, Label]:
    """Drop "Present: Ann, Bob" and "Moderator: Ann Lee": a label used once before nothing but names of who speaks.

    Above the first label that comes again, somebody who never speaks may be listed so too: "Clerk: Ilse Korn".
    """
    times = Counter(plain(label.name) for label in labels.values())
    talk = min((index for index, label in labels.items() if times[plain(label.name)] > 1), default=-1)
    spoken = {part for key in times for part in (key, *key.split()) if len(part) > 1}

    def declares(index: int, label: Label) -> bool:
        text = lines[index].text[label.words_at :]
        if FINAL.search(text) and key_of(label.name) is None:
            return False  # "Thank you, chair."
        named = [n for n in _LISTED.split(text.strip(" .*_")) if n]
        known = [n for n in named if plain(n) in spoken or any(part in spoken for part in _PARTS.findall(plain(n)))]
        listed = index < talk and all(
            1 < len(n.split()) <= 4 and all(w[:1].isupper() for w in n.split()) for n in named
        )
        names = all((0 < len(n.split()) <= 5 and n[:1].isupper()) or plain(n) in spoken for n in named)
        return bool(named) and (listed or (bool(known) and names))

    declaring = Counter(plain(label.name) for i, label in labels.items() if not label.alone and declares(i, label))
    listing = {key for key, count in declaring.items() if count >= 0.9 * times[key]}
    return {index: label for index, label in labels.items() if plain(label.name) not in listing}
