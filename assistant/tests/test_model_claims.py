"""A chat model's sentences: natural ones pass the form, each carries its verdict, contradicted ones are withdrawn."""

from __future__ import annotations

import pytest

from assistant import Answer
from assistant.calculators.trace import Origin, run
from assistant.grounding import ground
from assistant.prose import UngroundedError, check_words
from assistant.testing import Reply, Request, answer, claim
from assistant.tests.conftest import Scripted
from assistant.types import Draft, DraftClaim
from assistant.verification.stage import verify
from corpus.library import open_debate
from corpus.quotes import quote_sentences

DEBATE = open_debate()


def passes(text: str, *ids: str, asked: tuple[str, ...] = ()) -> bool:
    quotes = [quote_sentences(DEBATE.transcript, (i,), DEBATE.notes) for i in ids]
    try:
        check_words(text, quotes, (), DEBATE.transcript.speakers, asked=asked)
    except UngroundedError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("The host brings up Burry's fund.", ("t5.1",)),
        ("主持人提到了这只基金。", ("t5.1",)),
        ("In his picture Bruce is another landlord.", ("t16.9",)),
        ("Of growth of 2%, half came from consumers.", ("t24.3",)),
        ("The four sources differ.", ("t26.8",)),
        ("The five steps form a circle.", ("t15.2",)),
    ],
)
def test_natural_sentences_are_not_refused_for_their_form(text: str, ids: tuple[str, ...]) -> None:
    assert passes(text, *ids)


def test_the_users_own_figures_may_be_repeated() -> None:
    assert passes("Over 7.5 years, as you suppose, profits look better.", "t11.5", asked=("Over 7.5 years?",))
    assert not passes("Over 7.5 years profits look better.", "t11.5")


def test_a_mentioned_name_may_be_named_but_not_made_to_say_anything() -> None:
    assert passes("He is with Rob on this.", "t3.1")
    assert not passes("Rob Li thinks so too.", "t3.1")
    assert not passes("Ethan agrees.", "t3.1")


def test_a_year_within_a_calculation_may_be_named() -> None:
    trace = run("useful_life_change", {"cost": 100.0, "old_life": 4.0, "new_life": 6.0, "age": 2.0},
                {"cost": Origin(kind="user", read="$100bn")})  # fmt: skip
    with pytest.raises(UngroundedError):
        check_words("In 2041 it ends.", [], [trace], DEBATE.transcript.speakers)


def lied(request: Request) -> Reply:
    return answer(
        request,
        {
            "claims": [
                claim("Bruce Liu", ["t35.6"], "Bruce thinks that AI is a bubble now."),
                claim("Bruce Liu", ["t29.2"], "NVIDIA at 190 plainly has not priced in such a grand story."),
            ]
        },
    )


def test_a_contradicted_sentence_is_withdrawn_in_sight_and_the_rest_carry_their_verdict(scripted: Scripted) -> None:
    assistant, _ = scripted(lied, context="whole")
    got = assistant.ask("Is AI a bubble?")
    assert got.answerer == "openai:scripted"
    wrong, right = got.claims
    assert wrong.verdict == "contradicted" and not wrong.text and "bubble" in wrong.withdrawn and wrong.why
    assert right.verdict == "supported" and right.text and not right.withdrawn
    assert got.trust.stripped == 1 and got.trust.verified == 1 and len(got.rejected) == 1
    assert "withdrawn" in got.text and "1 of 2 sentences supported" in got.text
    assert Answer.model_validate_json(got.model_dump_json(exclude={"abstained"})).claims == got.claims


def test_words_derived_by_code_carry_no_verdict(embedded: object) -> None:
    got = embedded.ask("Is AI a bubble?")  # type: ignore[attr-defined]
    assert got.claims and all(c.verdict is None for c in got.claims)
    assert "措辞" not in got.text and "Wording by" not in got.text


def test_a_verifier_decides_but_not_over_what_is_certain() -> None:
    from assistant.verification.judge import Judgement

    draft = Draft(
        author="openai:x",
        claims=(
            DraftClaim(text="Bruce is optimistic.", sentence_ids=("t29.4",), speaker_id="bruce-liu"),
            DraftClaim(text="Bruce himself thinks a crash is near.", sentence_ids=("t21.4",), speaker_id="bruce-liu"),
        ),
    )
    grounded = ground(draft, DEBATE.transcript, DEBATE.notes)

    def kind(asked: object) -> dict[int, Judgement]:
        return {n: Judgement(verdict="supported", why="It is there.") for n in range(2)}

    one, two = verify(grounded, DEBATE.transcript, DEBATE.notes, kind).claims
    assert one.verdict == "supported"
    assert two.verdict == "unsupported"
