"""Each field of a key trips on an answer that is wrong in just that; true sentences of ours do not, false ones do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from assistant.plan import Operation, Plan
from assistant.types import Abstention, Answer, Claim, Statement, Table
from corpus.annotations import Annotations
from corpus.library import open_debate
from corpus.quotes import quote_sentences
from evals.answers.book import FAR, OURS, Key, Turn, faults, load
from evals.answers.score import Judged, judge, verdict_of
from evals.answers.table import Outcome, misses, table
from evals.answers.truth import falsehoods
from evals.ground import Ground

DEBATE = open_debate()
GROUND = Ground(DEBATE.transcript)
NOTES = DEBATE.notes


def made(
    lead: str = "",
    quotes: Sequence[str] = (),
    *,
    basis: tuple[str, ...] = (),
    operation: Operation = "find",
    notes: tuple[Statement, ...] = (),
    **more: Any,
) -> Answer:
    """An answer with these words of ours over these sentences, a line a sentence."""
    quoted = tuple(quote_sentences(DEBATE.transcript, (i,), NOTES) for i in quotes)
    claims = tuple(Claim(text="", speaker=quote.speaker, quotes=(n,)) for n, quote in enumerate(quoted))
    return Answer(
        question="?", standalone="?", language=more.pop("language", "en"), intent="position", lead=lead, basis=basis,
        plan=Plan(operation=operation), claims=claims, quotes=quoted, notes=notes, transcript_id="ours",
        transcript_sha256=DEBATE.transcript.sha256, **more,
    )  # fmt: skip


def held(answer: Answer, kind: str = "position", before: Answer | None = None, **key: Any) -> Judged:
    """The answer held to a key of these fields."""
    turn = Turn(kind=kind, question="?", key=Key(**key))
    return judge(turn, answer, before, GROUND, OURS, NOTES)


def tripped(judged: Judged) -> list[str]:
    """The measures that found fault."""
    return [measure for measure, told in judged.faults.items() if told]


NOTHING = Abstention(reason="topic_absent", message="I found nothing on this in the debate.")
RIGHT = made("What Ethan Xu said on this:", ["t33.2"])
TURNED = made("", ["t33.2"], table=Table(columns=("a",), rows=(("b",),)))


@pytest.mark.parametrize(
    ("key", "wrong", "measure"),
    [
        ({"operations": ("count",)}, RIGHT, "operation"),
        ({"named": (("Rob Li",), ("Ethan Xu",))}, RIGHT, "people"),
        ({"first": "Rob Li"}, made("What Ethan Xu and Rob Li said on this:", ["t33.2", "t2.1"]), "people"),
        ({"not_named": ("Ethan Xu",)}, RIGHT, "people"),
        ({"silent": ("Bruce Liu", "Rob Li")}, made("Rob Li did not speak on this in the debate.",
                                                   basis=("topic:space", "roster:rob-li")), "people"),
        ({"quotes": (("t33.2",), ("t31.1", "t31.2"))}, RIGHT, "quotes"),
        ({"quotes": (("t31",),)}, RIGHT, "quotes"),
        ({"only": ("Ethan Xu",)}, made("", ["t33.2", "t2.1"]), "quotes"),
        ({"never": ("Ethan Xu",)}, RIGHT, "quotes"),
        ({"facts": (("15年", "15 years"),)}, RIGHT, "facts"),
        ({"own_facts": (("5年",),)}, RIGHT, "facts"),
        ({"language": "zh"}, RIGHT, "language"),
        ({"language": "en"}, made("这句话说的是太空数据中心:", ["t33.2"]), "language"),
        ({"language": "zh", "traditional": True}, made("这里说的是数据:", ["t33.2"]), "language"),
        ({"form": "table"}, RIGHT, "form"),
        ({"form": "bullets"}, made("", ["t33.1", "t33.2"]), "form"),
        ({"points": 1}, made("", ["t33.1", "t31.1"]), "form"),
        ({"silence": "never"}, made(abstention=NOTHING), "silence"),
        ({"silence": "must"}, RIGHT, "silence"),
        ({"silence": "chat"}, RIGHT, "silence"),
        ({"silence": "refuse"}, made(operation="thanks"), "silence"),
    ],
)  # fmt: skip
def test_each_field_trips_on_an_answer_that_is_wrong_in_it(key: dict[str, Any], wrong: Answer, measure: str) -> None:
    assert tripped(held(wrong, **key)) == [measure]


def test_what_nobody_answers_is_not_answered_with_something_else() -> None:
    assert tripped(held(RIGHT, silence="may")) == ["silence"]
    hedged = made("The closest words, by Ethan Xu; they may not answer this directly:", ["t33.2"])
    assert held(hedged, silence="may").good


def test_a_detail_among_many_quotes_is_beside_the_point() -> None:
    many = made("", ["t33.2", "t31.1", "t2.1", "t3.1", "t9.1"])
    assert tripped(held(many, "figure", quotes=(("t33.2",),))) == ["quotes"]
    assert held(many, "summary", quotes=(("t33.2",),)).good


@pytest.mark.parametrize(
    ("key", "right"),
    [
        ({"operations": ("find", "who")}, RIGHT),
        ({"named": (("Rob Li", "Ethan Xu"),), "first": "Ethan Xu", "not_named": ("Rob Li",)}, RIGHT),
        ({"quotes": (("t31.1", "t33.2"), ("t33",)), "only": ("Ethan Xu",), "never": ("Rob Li",)}, RIGHT),
        ({"facts": (("5年",), ("10年", "ten years"))}, RIGHT),
        ({"language": "en"}, RIGHT),
        ({"language": "zh", "traditional": True}, made("最接近的原話:", ["t33.2"])),
        ({"form": "table"}, TURNED),
        ({"points": 1}, RIGHT),
        ({"silence": "may", "quotes": (("t31.1",),), "named": (("Rob Li",),)}, made(abstention=NOTHING)),
        ({"silence": "must"}, made(abstention=NOTHING)),
        ({"silence": "chat"}, made("You are welcome.", operation="thanks")),
        ({"silence": "refuse"}, made("I do not.", operation="refuse")),
    ],
)
def test_a_right_answer_trips_nothing(key: dict[str, Any], right: Answer) -> None:
    assert held(right, **key).good


def test_an_answer_that_is_to_be_shorter_is_held_to_the_one_before() -> None:
    long = made("", ["t33.1", "t33.2", "t33.3"])
    assert tripped(held(long, "shorter", RIGHT, length="shorter")) == ["form"]
    assert held(RIGHT, "shorter", long, length="shorter").good
    assert tripped(held(RIGHT, "longer", long, length="longer")) == ["form"]


def test_a_yes_or_no_question_wants_its_word_and_a_wrong_word_is_false() -> None:
    assert tripped(held(RIGHT, "premise", verdicts=("no",))) == ["verdict"]
    assert held(made("No, as they see it: Ethan Xu disputes it.", ["t33.2"]), "premise", verdicts=("no",)).good
    wrong = held(made("Yes, as they see it.", ["t33.2"]), "position", verdicts=("no",))
    assert tripped(wrong) == ["truth"] and wrong.false
    assert [verdict_of(t) for t in ("说法不一:甲", "在他们看来不是:甲", "在他们看来是:甲", "Ann's words:")] == [
        "two", "no", "yes", None,
    ]  # fmt: skip


def test_that_somebody_is_silent_whose_words_answer_is_false() -> None:
    said = made("Ethan Xu did not speak on this in the debate.", ["t33.2"])
    assert tripped(held(said, quotes=(("t33.2",),))) == ["truth"]
    assert held(made("I found nothing by Ethan Xu on this.", ["t33.2"]), quotes=(("t33.2",),)).good


def test_that_somebody_said_it_who_did_not_is_false() -> None:
    asserted = made("It was Ethan Xu and Rob Li:", ["t33.2", "t2.1"])
    assert "truth" in tripped(held(asserted, "who_said", named=(("Ethan Xu",),)))
    hedged = made("The closest words are from Ethan Xu and Rob Li:", ["t33.2", "t2.1"])
    assert held(hedged, "who_said", named=(("Ethan Xu",),)).good


def test_what_a_key_forbids_is_false() -> None:
    assert held(RIGHT, forbidden=("Ethan Xu said",)).false


@pytest.mark.parametrize(
    "false",
    [
        made("What Rob Li said on this:", ["t33.2"]),  # quotes somebody else
        made("Rob Li did not speak on this: depreciation.", basis=("topic:depreciation", "roster:rob-li")),
        made("There are 47 of them.", ["t33.2"], basis=("t33.2",)),
        made("", ["t33.2"], notes=(Statement(text="It is so.", basis=("stance:nothing:Rob Li",)),)),
        made("It is so.", basis=("t99.9",)),
        made(
            "Nothing Ethan Xu said holds these words: storage, 储能.", basis=("transcript", "roster:ethan-xu")
        ),
    ],
)  # fmt: skip
def test_own_sentences_are_computed_anew(false: Answer) -> None:
    assert list(falsehoods(false, DEBATE.transcript, NOTES))


@pytest.mark.parametrize(
    "true",
    [
        RIGHT,
        made("Bruce Liu did not speak on this: depreciation.", basis=("topic:depreciation", "roster:bruce-liu")),
        made("It takes 5 to 10 of them.", ["t33.2"], basis=("t33.2",)),
        made("It stands in turn 33, Ethan Xu.", ["t33.2"]),
        made("Nothing Rob Li said holds these words: 太空.", basis=("transcript", "roster:rob-li")),
    ],
)
def test_true_sentences_hold(true: Answer) -> None:
    assert not list(falsehoods(true, DEBATE.transcript, NOTES))


def test_a_stance_that_is_not_the_tables_is_false() -> None:
    stance = next(s for s in NOTES.stances if s.stance == "opposes")
    other = Claim(text="So it is.", speaker=stance.speaker, stance="supports",
                  basis=(f"stance:{stance.topic}:{stance.speaker}",))  # fmt: skip
    answer = made("").model_copy(update={"claims": (other,)})
    assert list(falsehoods(answer, DEBATE.transcript, NOTES))
    right = other.model_copy(update={"stance": "opposes"})
    assert not list(falsehoods(answer.model_copy(update={"claims": (right,)}), DEBATE.transcript, NOTES))


def test_without_notes_a_row_of_the_notes_does_not_exist() -> None:
    stance = NOTES.stances[0]
    answer = made("So it is.", basis=(f"stance:{stance.topic}:{stance.speaker}",))
    assert list(falsehoods(answer, DEBATE.transcript, Annotations()))


def test_the_suite_is_sound_and_half_of_it_is_far_from_what_is_known() -> None:
    items = load()
    assert not list(faults(items))
    singles = [item for item in items if not item.conversation]
    assert len(singles) >= 300 and len(items) - len(singles) >= 60
    assert sum(item.overlap < FAR for item in items) >= len(items) / 2
    assert len({item.debate for item in items if item.debate != OURS}) >= 8
    assert all(3 <= len(item.turns) <= 6 for item in items if item.conversation)


def test_misses_of_the_sealed_part_are_never_listed() -> None:
    sealed, dev = (next(i for i in load((part,)) if i.debate == OURS) for part in ("sealed", "dev"))
    wrong = made("Yes.")
    outcomes = [
        Outcome("ours", item, item.turns[0], wrong,
                Judged({"quotes": ["none of it is quoted"]}, (), 1), {"retrieve": 2.0, "draft": 1.0})
        for item in (sealed, dev)
    ]  # fmt: skip
    listed = "\n".join(misses(outcomes))
    assert dev.id in listed and sealed.id not in listed and sealed.turns[0].question not in listed
    assert "| all | 0.00 (2) |" in table(outcomes)
