"""What people look at: the report page, the terminal summary, the README table, the floors file."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals.command import main
from evals.errors import EvaluationError, FloorError
from evals.gate import FLOORS, read_floors
from evals.report import render
from evals.run import load_report, run_system
from evals.summary import misses, summary
from evals.table import END, START, latest, markdown, replace
from evals.testing import NeverAbstains, Perfect
from evals.types import Case, Report

HOSTILE = "</script><img src=x onerror=alert(1)> & \"quotes\" '甲'"


@pytest.fixture(scope="module")
def hostile(cases: tuple[Case, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose questions try to break out of the page; one of them is in the test split."""
    silent = [case for case in cases if case.turns[0].kind == "unanswerable" and not case.conversation][:4]
    some = []
    for number, case in enumerate(silent):
        turn = case.turns[0].model_copy(update={"question": f"{HOSTILE} {number}"})
        some.append(case.model_copy(update={"turns": (turn,), "split": "test" if number == 3 else "dev"}))
    some += [case for case in cases if not case.conversation and case.turns[0].gold and case.split == "dev"][:10]
    folder = tmp_path_factory.mktemp("runs") / "ours" / "abc"
    return run_system("ours", lambda: NeverAbstains(Perfect(some)), some, folder, jobs=0, resamples=50)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_page_escapes_everything_and_needs_nothing_from_outside(hostile: Path) -> None:
    page = render(load_report(hostile), ("dev", "test"))
    tags = _Tags()
    tags.feed(page)
    names = {name for name, _ in tags.seen}
    assert not names & {"img", "script", "link", "iframe", "object"}
    assert all(not key.startswith("on") for _, attributes in tags.seen for key in attributes)
    assert all(key not in ("src", "href") for _, attributes in tags.seen for key in attributes)
    assert "url(" not in page
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in page
    assert sum(name == "svg" for name, _ in tags.seen) >= 5
    assert "Reliability of the confidence" in page


def test_questions_of_the_test_split_are_listed_only_on_request(hostile: Path) -> None:
    report = load_report(hostile)
    assert "&#x27;甲&#x27; 3" not in render(report)
    assert "&#x27;甲&#x27; 3" in render(report, ("dev", "test"))
    assert f"{HOSTILE} 3" not in misses(report, ("dev",))
    assert f"{HOSTILE} 0" in misses(report, ("dev",))


def test_the_summary_has_a_column_for_each_split_and_a_dash_for_what_has_no_score(hostile: Path) -> None:
    lines = summary(load_report(hostile)).splitlines()
    assert re.split(r"\s{2,}", lines[1].strip())[1:4] == ["all", "dev", "test"]
    assert next(line for line in lines if line.startswith("Right value")).split()[-1] == "–"
    assert next(line for line in lines if line.startswith("Abstention recall")).split()[5] == "0.000"


def test_the_table_goes_between_its_markers_and_is_checked(
    hostile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = hostile.parent.parent
    assert latest(root) == [hostile]
    readme = tmp_path / "README.md"
    readme.write_text(f"# Title\n{START}\nold\n{END}\nrest\n", encoding="utf-8")
    arguments = ["table", "--runs", str(root), "--readme", str(readme)]
    assert main([*arguments, "--check"]) == 1
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0
    page = readme.read_text("utf-8")
    assert page.startswith(f"# Title\n{START}\n| System |") and page.endswith(f"{END}\nrest\n")
    assert "\n| ours |" in page and "old" not in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in rows}) == 1
    with pytest.raises(EvaluationError, match="no place"):
        replace("# Title", "table")
    capsys.readouterr()


def test_a_system_that_could_not_run_has_a_row_that_says_so() -> None:
    report = Report(
        config="peer", revision="r", transcript_sha256="0", started="now", machine="here", opening_s=None,
        memory_mb=None, unavailable="It is not installed.",
    )  # fmt: skip
    text = markdown([report])
    assert "| peer | – |" in text
    assert "peer was not run: It is not installed." in text
    assert "It is not installed." in render(report)
    assert "It is not installed." in summary(report)


def test_the_floors_that_ship_can_be_read() -> None:
    assert {"verbatim", "speaker"} <= {floor.measure for floor in read_floors(FLOORS)}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "holds no"),
        ("floor = 3", "holds no"),
        ("[[floor", "not TOML"),
        ('[[floor]]\nmeasure = "charm"\nat_least = 1', "charm"),
        ('[[floor]]\nmeasure = "speaker"', "one number"),
        ('[[floor]]\nmeasure = "speaker"\nat_least = 1\nat_most = 1', "one number"),
        ('[[floor]]\nmeasure = "speaker"\nat_least = true', "one number"),
        ('[[floor]]\nmeasure = "speaker"\nat_least = 1\nlanguage = "zh"\nsuite = "singles"', "no group"),
        ('[[floor]]\nmeasure = "speaker"\nat_least = 1\ncolour = "red"', "colour"),
    ],
)
def test_a_floors_file_that_would_let_things_through_is_refused(text: str, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FloorError, match=complaint):
        read_floors(path)


def test_the_gate_exits_with_1_when_a_floor_is_broken(
    hostile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text('[[floor]]\nmeasure = "abstention_recall"\nat_least = 0.5\n', encoding="utf-8")
    assert main(["gate", str(hostile), "--floors", str(floors)]) == 1
    assert "BROKEN Abstention recall (all): 0.000" in capsys.readouterr().out
    floors.write_text('[[floor]]\nmeasure = "verbatim"\nat_least = 1\n', encoding="utf-8")
    assert main(["gate", str(hostile), "--floors", str(floors)]) == 0
    capsys.readouterr()
