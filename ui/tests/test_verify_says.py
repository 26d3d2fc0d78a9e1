"""`verify` says no more than it checks, and checks what a reader would take for said."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from corpus.library import Debate
from ui.export import Conversation, checksum_line, export_json, export_markdown
from ui.testing import sample_answer, silent_answer
from ui.verify import Report, verify_export, verify_file


def markdown(debate: Debate) -> str:
    return export_markdown(Conversation("t", (sample_answer(debate),), "abc"), debate)


def sealed(text: str) -> bytes:
    """The text with a checksum of its own: a forger can make one too."""
    body = text.rstrip("\n").rpartition("\n\n")[0] + "\n"
    return f"{body}\n{checksum_line(body, 'en')}\n".encode()


def check(text: str, debate: Debate) -> Report:
    return verify_export(sealed(text), debate)


def test_an_inverted_translation_is_found_in_both_forms(debate: Debate) -> None:
    text = markdown(debate)
    gloss = next(row for row in text.split("\n") if row.startswith("\\[our translation"))
    found = check(text.replace(gloss, gloss[:-1] + " not."), debate).findings
    assert len(found) == 1 and "translation" in found[0].problem
    document = json.loads(export_json(Conversation("t", (sample_answer(debate),)), debate))
    document["answers"][0]["quotes"][0]["gloss"] = "The opposite."
    told = verify_export(json.dumps(document).encode(), debate, quotes_only=True).findings
    assert any("translation" in f.problem for f in told)


def test_a_translation_without_its_quotation_is_found(debate: Debate) -> None:
    found = check("# t\n\n\\[our translation, not a quote\\] Sell everything.\n\n" + markdown(debate), debate).findings
    assert any("belongs to no quotation" in f.problem for f in found)


@pytest.mark.parametrize("marks", ["“{}”", "「{}」", '"{}"', "『{}』"])
def test_an_invented_quotation_in_plain_prose_is_found(marks: str, debate: Debate) -> None:
    invented = marks.format("The bubble will burst tomorrow, sell it all")
    text = markdown(debate).replace("Side by side:", f"Side by side: Rob said {invented}")
    assert any("nobody said it" in f.problem for f in check(text, debate).findings)


def test_words_that_were_said_may_stand_in_quotation_marks(debate: Debate) -> None:
    text = markdown(debate).replace("Side by side:", "Side by side: on “满负荷运转” they part.")
    assert check(text, debate).findings == []


def test_a_quotation_cut_in_half_is_found(debate: Debate) -> None:
    answer = sample_answer(debate)
    quote = answer.quotes[0]
    half = quote.text[: len(quote.text) // 2]
    text = markdown(debate).replace(f"“{quote.text}”", f"“{half}”")
    text = text.replace(f"{quote.start}:{quote.end}", f"{quote.start}:{quote.start + len(half)}")
    report = check(text, debate)
    assert any("only part" in f.problem for f in report.findings) and report.partial


def test_words_that_a_calculation_borrows_say_that_they_are_a_part(debate: Debate) -> None:
    report = check(markdown(debate), debate)
    assert report.findings == [] and len(report.partial) == 1
    assert re.search(r"> — .*\(part of the sentence\)", markdown(debate))


def test_nothing_to_verify_is_not_verified(debate: Debate, tmp_path: Path) -> None:
    bare = silent_answer(debate)
    assert bare.abstention is not None
    bare = bare.model_copy(update={"abstention": bare.abstention.model_copy(update={"nearest": ()})})
    path = tmp_path / "t.md"
    path.write_text(export_markdown(Conversation("t", (bare,)), debate), encoding="utf-8")
    out = io.StringIO()
    assert verify_file(str(path), None, quotes_only=False, stdin=io.StringIO(), out=out) == 1
    assert out.getvalue() == "nothing to verify: 1 answer, 0 quotes, 0 calculations.\n"


def test_what_was_not_checked_is_said(debate: Debate) -> None:
    text = markdown(debate)
    assert verify_export(text.encode(), debate, quotes_only=True).unchecked
    other = re.sub(r"(Notes: SHA-256 `)[0-9a-f]{8}", r"\g<1>00000000", text)
    assert other != text and any("notes here" in told for told in check(other, debate).unchecked)


def test_an_export_of_the_first_version_still_verifies(debate: Debate) -> None:
    text = re.sub(r" · Notes: SHA-256 `[0-9a-f]{64}`", "", markdown(debate)).replace(" (part of the sentence)", "")
    body = text.rstrip("\n").rpartition("\n\n")[0] + "\n"
    report = verify_export(f"{body}\n{checksum_line(body, 'en', 1)}\n".encode(), debate)
    assert report.findings == [] and report.partial
