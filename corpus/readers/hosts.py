"""Who leads the talk, from what each speaker does: opens and closes it, asks, hands over, is answered at length.

Where the file itself says who hosts, nothing is guessed. Else a logistic model gives each speaker a probability; its
weights and the bar from which it is believed (a precision of .95) are fitted by ``evals.hosts`` and stand in
``hosts.json``. Below the bar nobody is called the host.

    >>> from corpus.parse import transcript_from_turns
    >>> talk = transcript_from_turns([("Ann", "Welcome. Tunnel or bridge, Bo?"), ("Bo", "A tunnel, always.")], "x")
    >>> does = features(talk)["ann"]
    >>> does["opens"], does["ends_asking"], does["calls"], does["closes"]
    (1.0, 1.0, 1.0, 0.0)
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pydantic import Field

from corpus.normalize import fold_text
from corpus.readers.lexicon import words
from corpus.readers.naming import names_nobody, without_titles
from corpus.readers.roles import begins_with_role, concepts_in, is_role, ways
from corpus.types import Frozen, Speaker, Transcript

FITTED = Path(__file__).parent / "hosts.json"
_EDGE = 160  # characters at either end of a turn in which somebody is called upon
_QUESTION = re.compile(r"[?？؟][”’」』）)\"']*\s*$|(?:吗|呢)[。”]?$")
_WORDS = re.compile(r"[A-Za-zÀ-ÿ][\w'’-]*[A-Za-zÀ-ÿ]|[\u2e80-\u9fff]+")
_TOGETHER = ("ends_asking", "calls", "passes", "thanks")  # what one who leads does more than all others together
_LIKELY = 0.5  # what a chair's behaviour must reach
_FEWEST = 4  # turns below which behaviour says nothing


class HostModel(Frozen):
    """P(hosts) = 1 / (1 + e^−(bias + Σ weight·feature))."""

    bias: float
    weights: dict[str, float]
    believed_from: float = Field(description="Probability from which precision is at least .95.")

    def of(self, features: Mapping[str, float]) -> float:
        """Probability that somebody with these features hosts."""
        total = self.bias + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def fitted() -> HostModel:
    """The model that ships."""
    return HostModel.model_validate(json.loads(FITTED.read_text(encoding="utf-8")))


def with_hosts(transcript: Transcript, model: HostModel | None = None) -> Transcript:
    """The transcript with its likely hosts marked, where the file does not say who hosts."""
    if any(speaker.is_host for speaker in transcript.speakers) or len(transcript.turns) < _FEWEST:
        return transcript
    model = model or fitted()
    sure = {who: model.of(does) for who, does in features(transcript).items()}
    speakers = tuple(
        speaker.model_copy(
            update={
                "host_probability": round(sure[speaker.id], 3),
                "is_host": sure[speaker.id] >= (_LIKELY if _chairs(speaker) else model.believed_from),
            }
        )
        if speaker.id in sure
        else speaker
        for speaker in transcript.speakers
    )
    # Built from its fields: model_copy would keep look-up tables that were cached with the old speakers.
    fields = {name: getattr(transcript, name) for name in Transcript.model_fields}
    return Transcript.model_construct(**(fields | {"speakers": speakers}))


def _chairs(speaker: Speaker) -> bool:
    """Whether somebody is called chair or president and nothing else: of a meeting, mostly, and seldom of a firm."""
    bare = re.sub(r"^(?:the|le|la|il|el|der|die)\s+", "", without_titles(speaker.name), flags=re.IGNORECASE)
    office = begins_with_role(bare) if names_nobody(speaker.name) else ""
    called = office or speaker.role
    return is_role(called) and any(concept.name == "chair" for concept in concepts_in(called))


def features(transcript: Transcript) -> dict[str, dict[str, float]]:
    """Speaker id → what the speaker does, each from 0 to about 1; nobody for a monologue, and never "unknown"."""
    known = {speaker.id for speaker in transcript.speakers if speaker.is_known}
    turns = [(turn.speaker_id, [s.text for s in transcript.sentences_of(turn.id)]) for turn in transcript.turns]
    turns = [(who, said) for who, said in turns if said]
    spoken = Counter(who for who, _ in turns)
    if len(spoken.keys() & known) < 2:
        return {}
    lengths = [sum(map(len, said)) for _, said in turns]
    asked = Counter[str]()
    characters = Counter[str]()
    for (who, said), length in zip(turns, lengths, strict=True):
        asked[who] += sum(1 for sentence in said if _QUESTION.search(sentence))
        characters[who] += length
    sentences: dict[str, int] = defaultdict(int)
    for who, said in turns:
        sentences[who] += len(said)
    does = _turn_by_turn(transcript, turns, lengths)
    all_asked, all_characters = asked.total(), characters.total()
    all_do = {name: sum(does[who][name] for who in spoken) for name in _TOGETHER}
    found = {}
    for who in (who for who in spoken if who in known):
        others = max(1, len(spoken) - 1)
        found[who] = {
            "opens": float(turns[0][0] == who),
            "closes": float(turns[-1][0] == who),
            "asks": asked[who] / sentences[who],
            "asks_of_all": asked[who] / max(1, all_asked),
            "few_words": 1.0 - min(1.0, characters[who] * len(spoken) / max(1, all_characters)),
            "many_turns": min(2.0, spoken[who] * len(spoken) / len(turns)) / 2,
            **{name: count / spoken[who] for name, count in does[who].items() if name != "answerers"},
            **{f"{name}_of_all": does[who][name] / max(1, all_do[name]) for name in _TOGETHER},
            "answerers": min(1.0, does[who]["answerers"] / others),
            "welcomes": _says(turns[:3], who, "opening"),
            "takes_leave": _says(turns[-3:], who, "closing"),
        }
    return found


def _turn_by_turn(
    transcript: Transcript, turns: Sequence[tuple[str, list[str]]], lengths: Sequence[int]
) -> dict[str, Counter[str]]:
    """For each speaker the number of turns that end in a question, call on somebody, thank, are answered at length."""
    owners = _names(transcript)
    does: dict[str, Counter[str]] = defaultdict(
        lambda: Counter({"ends_asking": 0, "calls": 0, "thanks": 0, "passes": 0, "answered": 0, "answerers": 0})
    )
    followers: dict[str, set[str]] = defaultdict(set)
    for who, said in turns:
        edges = f"{said[0][:_EDGE]} {said[-1][-_EDGE:]}"
        folded = fold_text(edges)
        does[who]["ends_asking"] += bool(_QUESTION.search(said[-1]))
        does[who]["calls"] += any(whose != who for whose in _called(edges, owners))
        does[who]["thanks"] += _holds(folded, "thanks")
        does[who]["passes"] += _holds(folded, "passing")
    for ((who, _), length), ((following, _), next_length) in pairwise(zip(turns, lengths, strict=True)):
        if following != who:
            followers[who].add(following)
            does[who]["answered"] += next_length > length
    for who, after in followers.items():
        does[who]["answerers"] = len(after)
    return does


def _names(transcript: Transcript) -> dict[str, str]:
    """What people call each other by, in one word → speaker id."""
    owners: dict[str, str] = {}
    for speaker in transcript.speakers:
        for name in (speaker.name, *speaker.aliases):
            if len(name) > 1 and " " not in name and name.lower() not in words("everyday"):
                owners.setdefault(name, speaker.id)
    return owners


def _called(text: str, owners: Mapping[str, str]) -> Iterator[str]:
    """The speakers whose names stand in a text."""
    for word in _WORDS.findall(text):
        if word in owners:
            yield owners[word]
        elif word[0] >= "\u2e80":  # a run of Chinese characters holds names of two to four
            windows = (word[at : at + size] for size in (2, 3, 4) for at in range(len(word) - size + 1))
            yield from (owners[window] for window in windows if window in owners)


def _says(turns: Sequence[tuple[str, list[str]]], who: str, occasion: str) -> float:
    """Whether somebody says in these turns what one says on an occasion."""
    return float(any(_holds(fold_text(" ".join(said)), occasion) for speaker, said in turns if speaker == who))


def _holds(folded: str, occasion: str) -> bool:
    return any(way in folded for way in ways("courtesies")[occasion])
