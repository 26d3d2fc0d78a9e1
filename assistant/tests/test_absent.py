"""Somebody asked about who does not speak: said so, with who mentions them; relayed claims are not caught."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.absent import does_not_speak

HARBOUR = """\
Nora Field: Good evening. Tonight: should the city build a tunnel under the harbour, or a second bridge?

Tomas Weil: A tunnel. It costs 410 million, but it never closes for wind, and the old bridge closed 38 days last year.

Ines Braga: I disagree. The bridge costs 260 million and opens two years earlier. The port cannot wait.

Nora Field: Who pays the difference if the city chooses the tunnel?

Tomas Weil: Tolls pay half of it. As Governor Ames always says, a harbour without a tunnel is a pond.

Ines Braga: Harbour Freight said the port is full, and tolls will push trucks through the old town.
"""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    path = tmp_path_factory.mktemp("harbour") / "harbour.txt"
    Path(path).write_text(HARBOUR, encoding="utf-8")
    with Assistant.open(path, save=False, light=True, model="none") as assistant:
        yield assistant


def test_who_does_not_speak_is_told_with_who_mentions_him(harbour: Assistant) -> None:
    answer = harbour.ask("What did Governor Ames say about bridges?")
    assert answer.abstention is not None and not answer.quotes and answer.confidence == 0.0
    assert answer.abstention.message == (
        "Governor Ames does not speak in this debate; Tomas Weil mentions Governor Ames."
    )
    assert [quote.speaker for quote in answer.abstention.nearest] == ["Tomas Weil"]
    assert "Governor Ames" in answer.abstention.nearest[0].text


def test_who_is_not_even_mentioned_has_no_nearest_words(harbour: Assistant) -> None:
    answer = harbour.ask("What did Angela Quist say about the tunnel?")
    assert answer.abstention is not None and answer.abstention.nearest == ()
    assert answer.abstention.message == "Angela Quist does not speak in this debate."


def test_a_first_name_in_common_is_not_the_same_person(harbour: Assistant) -> None:
    answer = harbour.ask("What did Tomas Quist say about tolls?")
    assert answer.abstention is not None and not answer.quotes


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("What did Ines say about the trucks?", "Ines Braga"),
        ("What did Weil say about tolls?", "Tomas Weil"),
        ("what did tomass weil say about tolls?", "Tomas Weil"),
        ("What does the tunnel cost?", "Tomas Weil"),
    ],
)
def test_questions_about_speakers_and_things_are_answered(harbour: Assistant, question: str, speaker: str) -> None:
    answer = harbour.ask(question)
    assert answer.abstention is None and speaker in {quote.speaker for quote in answer.quotes}


def test_a_claim_that_a_speaker_is_noted_to_relay_is_quoted(embedded: Assistant) -> None:
    originators = {embedded.index.notes.note(s.id).originator for s in embedded.debate.transcript.sentences}
    person = next(name for name in sorted(filter(None, originators)) if name.istitle() and len(name.split()) == 2)
    answer = embedded.ask(f"What did {person} say?")
    assert answer.abstention is None or "does not speak" not in answer.abstention.message


@pytest.mark.parametrize(
    ("who", "by", "language", "sentence"),
    [
        ("校长", [], "zh", "文稿里没有人以校长的身份发言。"),
        ("王校长", ["林晓", "周明"], "zh", "王校长没有在这场辩论里发言；提到王校长的是林晓、周明。"),
        (
            "mayor",
            ["Ann", "Bo"],
            "en",
            "Nobody in this transcript is named as the mayor; Ann and Bo mention the mayor.",
        ),
    ],
)
def test_the_sentence_is_in_the_questions_language(who: str, by: list[str], language: str, sentence: str) -> None:
    assert does_not_speak(who, by, "zh" if language == "zh" else "en") == sentence
