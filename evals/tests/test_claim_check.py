"""Claims in, verdicts out: published lines, and one clear sentence with its number for a bad line."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from evals.claim_check import FOLDER, read_claims
from evals.command import main

GOOD = {"speaker": "Bruce Liu", "sentences": ["t17.4"], "claim": "Bruce says the closed loop is real."}


def written(path: Path, *lines: object) -> Path:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines), "utf-8")
    return path


def test_every_claim_has_its_line_and_an_id_of_its_own_or_its_line_number(tmp_path: Path) -> None:
    source, out = written(tmp_path / "in.jsonl", {"id": "a", **GOOD}, "", GOOD), tmp_path / "out.jsonl"
    assert main(["claims", str(source), "-o", str(out)]) == 0
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == ["a", 3]
    for line in lines:
        assert list(line) == ["id", "verdict", "why"]
        assert line["verdict"] in ("contradicted", "unsupported", "unchecked", "partly") and line["why"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        ({"speaker": "Bruce Liu", "claim": "x"}, '"sentences"'),
        ({**GOOD, "sentences": []}, '"sentences"'),
        ({**GOOD, "sentences": ["t999.1"]}, "t999.1"),
        ({**GOOD, "speaker": "Nobody Known"}, "Nobody Known"),
        ({**GOOD, "claim": " "}, "blank"),
        ({**GOOD, "label": "maybe"}, '"label"'),
        ({**GOOD, "debate": "../secret"}, "no written debate"),
    ],
)
def test_a_bad_line_is_one_sentence_with_its_number(
    line: object, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = written(tmp_path / "in.jsonl", GOOD, line), tmp_path / "out.jsonl"
    assert main(["claims", str(source), "-o", str(out)]) == 2
    error = capsys.readouterr().err
    assert told in error and "line 2" in error and len(error.splitlines()) == 1
    assert not out.exists()


def test_labelled_claims_are_scored_and_others_are_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labelled = written(tmp_path / "l.jsonl", {**GOOD, "label": "unfaithful", "kind": "polarity"})
    assert main(["claims", str(labelled)]) == 0
    assert "| polarity | all | 1 |" in capsys.readouterr().out
    assert main(["claims", str(written(tmp_path / "u.jsonl", GOOD))]) == 2
    assert "label" in capsys.readouterr().err


def test_a_claim_about_another_debate_is_held_against_that_debate(tmp_path: Path) -> None:
    talk = tmp_path / "talk.txt"
    talk.write_text("Ada Moor: The hall holds forty people.\n\nBen Holt: It holds no more than thirty.\n", "utf-8")
    claim = {"speaker": "Ada Moor", "sentences": ["t2.1"], "claim": "Ada says that it holds no more than thirty."}
    source, out = written(tmp_path / "in.jsonl", claim), tmp_path / "out.jsonl"
    assert main(["claims", str(source), "-o", str(out), "--transcript", str(talk)]) == 0
    assert json.loads(out.read_text("utf-8"))["verdict"] == "unsupported"


def test_promises_hold_on_the_given_claims_and_ours() -> None:
    claims = [c for name in ("given", "dev") for c in read_claims(FOLDER / f"{name}.jsonl")]
    told = Counter((c.label, c.judged().verdict) for c in claims)
    false, true = (sum(n for (label, _), n in told.items() if label is truth) for truth in (False, True))
    assert told[False, "supported"] <= 0.15 * false
    assert told[True, "unsupported"] + told[True, "contradicted"] <= 0.03 * true
    # Not by saying nothing.
    assert told[True, "supported"] + told[True, "partly"] >= 0.7 * true
    assert told[False, "unsupported"] + told[False, "contradicted"] >= 0.35 * false
