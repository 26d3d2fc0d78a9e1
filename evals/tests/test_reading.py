from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.parse import parse_transcript
from evals.aligned import aligned
from evals.command import main
from evals.errors import EvaluationError
from evals.reading import CASES, SUFFIX, FileScore, Said, measure, rows, same_person, score, table
from evals.reading_cost import FORMS, costs, turns_of


def said(*turns: tuple[str | None, str]) -> Said:
    pairs = [(who, word) for who, text in turns for word in text.split()]
    return Said([word for _, word in pairs], [who for who, _ in pairs])


def judged(text: str, wanted: Said) -> FileScore:
    return score(Path("panel.txt"), parse_transcript(text, "panel"), wanted)


def test_words_of_a_missed_label_are_wrong_and_its_own_words_invented() -> None:
    text = "Ann: the sea is patient\nand low: so are we\nBob: we are not\nAnn: no\nBob: no"
    wanted = said(
        ("Ann", "the sea is patient"), ("Cy", "so are we"), ("Bob", "we are not"), ("Ann", "no"), ("Bob", "no")
    )
    found = judged(text, wanted)
    assert (found.words, found.right, found.wrong, found.invented) == (12, 9, 3, 2)
    assert found.unknown == found.lost == found.announced == 0


def test_word_under_nobody_is_unknown_and_a_missing_one_lost() -> None:
    found = judged(
        "It rained all day.\n\nThe roof held.\n", said(("Ann", "it rained all long day"), (None, "the roof held"))
    )
    assert (found.right, found.unknown, found.lost, found.wrong) == (3, 4, 1, 0)


def test_doubt_at_a_wrong_turn_announces_it() -> None:
    text = "Ann: Hi.\nBob: Ho.\nAnn: Thanks, Ann. I stay.\nBob: Bye."
    found = judged(text, said(("Ann", "hi"), ("Bob", "ho"), ("Cy", "thanks ann i stay"), ("Bob", "bye")))
    assert found.wrong == found.announced == 4


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("ANN LEE", "Ann Lee", True),
        ("Dr. Ann Lee (Chair)", "Ann Lee", True),
        ("Lee", "Ann Lee", True),
        ("Ms. BERG of Ohio", "Ms. Berg", True),
        ("The CHAIRMAN", "chairman", True),
        ("Ann Lee", "Ann Ray", False),
        ("Ann", "Anna", False),
        ("Speaker 1", "Speaker 2", False),
        ("何静", "何靜", True),
        ("何静", "罗平", False),
    ],
)
def test_names_of_one_person(a: str, b: str, same: bool) -> None:
    assert same_person(a, b) is same_person(b, a) is same


WORDS = st.lists(st.sampled_from("abcdefg"), max_size=30)


@given(WORDS, WORDS)
def test_alignment_keeps_order_and_pairs_equal_words(wanted: list[str], got: list[str]) -> None:
    pairs = [(i, j) for i, j in enumerate(aligned(wanted, got)) if j is not None]
    assert all(wanted[i] == got[j] for i, j in pairs)
    assert [j for _, j in pairs] == sorted({j for _, j in pairs})


@given(WORDS, WORDS, WORDS)
def test_what_was_added_costs_no_word_of_the_text(before: list[str], text: list[str], after: list[str]) -> None:
    text = [f"{word}{at}" for at, word in enumerate(text)]
    assert None not in aligned(text, before + text + after)


def write(folder: Path, name: str, text: str, turns: list[tuple[str | None, str]]) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    reference = {"turns": [{"speaker": who, "text": words} for who, words in turns]}
    (folder / f"{name}{SUFFIX}").write_text(json.dumps(reference), encoding="utf-8")


def test_forms_are_listed_worst_first_and_all_last(tmp_path: Path) -> None:
    write(tmp_path, "good.txt", "Ann: Hi.\nBob: Ho.\nAnn: Bye.", [("Ann", "Hi."), ("Bob", "Ho."), ("Ann", "Bye.")])
    write(tmp_path, "bad.md", "**Ann:** Hi.\n\n**Bob:** Ho.\n", [("Ann", "Hi."), ("Cy", "Ho.")])
    write(tmp_path, "broken.txt", "", [("Ann", "Hi.")])
    scores = measure([tmp_path])
    assert [row.form for row in rows(scores)] == ["labelled text: bold", "refused", "labelled text: colon", "all"]
    shown = table(scores)
    assert "1 of 3 files without a fault." in shown
    assert "bad.md (labelled text: bold): wrong 50.00%" in shown and "give a transcript" in shown


def test_folder_without_references_and_broken_ones_are_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="No reference"):
        measure([tmp_path])
    with pytest.raises(EvaluationError, match="no folder"):
        measure([tmp_path / "missing"])
    (tmp_path / f"a.txt{SUFFIX}").write_text("{}", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"a\.txt\.turns\.json is no reference"):
        measure([tmp_path])


def test_command_prints_both_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "good.txt", "Ann: Hi.\nBob: Ho.", [("Ann", "Hi."), ("Bob", "Ho.")])
    assert main(["reading", str(tmp_path), "--no-cost"]) == 0
    assert "| labelled text: colon | 1 | 2 | 100.00% |" in capsys.readouterr().out


def test_every_case_has_a_reference() -> None:
    files = {path.name for path in CASES.iterdir() if path.is_file()}
    assert {name for name in files if not name.endswith(SUFFIX)} == {
        n.removesuffix(SUFFIX) for n in files if n.endswith(SUFFIX)
    }


def test_synthetic_turns_are_the_same_again_and_of_the_size_asked_for() -> None:
    turns = turns_of(2000)
    assert turns == turns_of(2000)
    assert sum(len(text.split()) for _, text in turns) == 2000


def test_cost_is_measured_for_every_form() -> None:
    measured = costs([500])
    assert [cost.form for cost in measured] == list(FORMS)
    assert all(cost.seconds > 0 and cost.megabytes > 10 and cost.turns > 1 for cost in measured)


def test_memory_of_the_measuring_process_is_not_counted() -> None:
    held = bytearray(400 * 1024 * 1024)
    for at in range(0, len(held), 4096):
        held[at] = 1
    assert max(cost.megabytes for cost in costs([500])) < 400
