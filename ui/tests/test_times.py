"""Times, words in pieces and unknown speakers at every door; and nothing of them where a file tells no times."""

from __future__ import annotations

import functools
import html
import io
import json
import operator
import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.knowledge.tables import Tables
from assistant.proof import locate
from assistant.types import Answer
from corpus.library import Debate
from corpus.words import words_of
from index.search import PassageIndex
from ui.cli.browse import show
from ui.cli.terminal import print_answer
from ui.export import Conversation, export_json, export_markdown
from ui.footnotes import citations, markdown
from ui.palette import hues, initials
from ui.testing import sample_answer, timed, timed_answer
from ui.verify import Report, verify_export
from ui.web.rendering.answer import answer_message
from ui.web.rendering.cast import Cast
from ui.web.rendering.shell import welcome
from ui.web.rendering.timeline import timeline
from ui.web.rendering.transcript import pane
from ui.words import Language

LINKED = " · [0:24](https://example.org/harbour?t=24)"


@cache
def _debate() -> Debate:
    return timed()


@cache
def _conversation(language: Language = "en") -> Conversation:
    return Conversation("Harbour", (timed_answer(language),))


@cache
def _markdown(language: Language = "en") -> str:
    return export_markdown(_conversation(language), _debate())


@cache
def _json() -> str:
    return export_json(_conversation(), _debate())


def _verify(text: str, *, quotes_only: bool = True) -> Report:
    return verify_export(text.encode("utf-8", "surrogatepass"), _debate(), quotes_only=quotes_only)


# ── exports and their verification ──


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_export_with_times_and_pieces_verifies(language: Language) -> None:
    for text in (_markdown(language), export_json(_conversation(language), _debate())):
        report = _verify(text, quotes_only=False)
        assert report.findings == [] and report.quotes == 3
    assert f"> — IB Ines Braga · t3.2–3{LINKED}\n" in _markdown(language)
    assert "[t3.2 t3.3] 488:525+573:619 sha256:" in _markdown(language)


def test_an_unknown_speaker_is_named_in_the_exports_language() -> None:
    assert "> — unknown speaker · t4.1 · [12:05]" in _markdown() and "**unknown speaker**" in _markdown()
    assert "> — 说话人不详 · t4.1 · [12:05]" in _markdown("zh") and "unknown speaker" not in _markdown("zh")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[0:24]", "[0:25]", "should read"),
        ("harbour?t=24)", "harbour?t=25)", "should read"),
        ("488:525+573:619", "488:525+573:618", "stop"),
        ("488:525+573:619", "488:524+573:619", "the words stand at 488:525+573:619"),
        ("488:525+573:619", "488:619", "the words stand at 488:525+573:619"),
        ("488:525+573:619", "488:525", "does not lie"),
        ("488:525+573:619", "488:525+573:597+598:619", "the words stand at"),
        ("488:525+573:619", "488:525+", "cannot be checked"),
        ("earlier. The port", "earlier, The port", "“,”, the transcript has “.”"),
        ("unknown speaker · t4.1", "Ines Braga · t4.1", "should read"),
        ("unknown speaker · t4.1", "IB Ines Braga · t4.1", "should read"),
    ],
)
def test_each_alteration_in_markdown_is_named(old: str, new: str, problem: str) -> None:
    assert old in _markdown()
    findings = _verify(_markdown().replace(old, new)).findings
    assert findings and any(problem in found.problem for found in findings)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("seconds", 25.0, "its seconds is 25.0, the transcript has 24.0"),
        ("seconds", None, "its seconds is None"),
        ("time", "0:25", "its time is 0:25"),
        ("link", "https://example.org/other?t=24", "its link is"),
        ("link", None, "its link is None"),
        ("pieces", [], "the words stand at 488:525+573:619"),
        ("pieces", [{"start": 488, "end": 524}, {"start": 573, "end": 619}], "its span is 488:524+573:619"),
        ("start", 487, "its span is"),
    ],
)
def test_each_alteration_in_json_is_named(field: str, value: object, problem: str) -> None:
    document = json.loads(_json())
    document["answers"][0]["quotes"][0][field] = value
    findings = _verify(json.dumps(document)).findings
    assert findings and any(problem in found.problem for found in findings)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_altered_character_of_a_quotation_is_found_without_the_checksum(data: st.DataObject) -> None:
    text = _markdown()
    block = data.draw(st.sampled_from(list(re.finditer(r"^> “.*\n>\n> — .*\n>\n> `.*`$", text, re.MULTILINE))))
    at = data.draw(st.integers(block.start() + 2, block.end() - 1).filter(lambda at: text[at] not in "\n>"))
    other = data.draw(st.sampled_from("年x64“`*+:").filter(functools.partial(operator.ne, text[at])))
    assert _verify(text[:at] + other + text[at + 1 :]).findings


def test_an_export_from_before_times_were_kept_verifies_as_before() -> None:
    timeless = re.sub(r" · \[[\d:]+\]\([^)]*\)$", "", _markdown(), flags=re.MULTILINE)
    assert timeless != _markdown() and _verify(timeless).findings == []
    document = json.loads(_json())
    for quote in document["answers"][0]["quotes"]:
        for field in ("seconds", "time", "link"):
            del quote[field]
    assert _verify(json.dumps(document)).findings == []


def test_words_borrowed_over_two_cues_are_located_in_pieces() -> None:
    transcript = _debate().transcript
    found = locate("260 million & it opens", "Ines Braga", "", transcript)
    assert found is not None and found.sentence_ids == ("t3.2",)
    assert words_of(transcript.raw, [(s.start, s.end) for s in found.spans], "html") == "260 million & it opens"
    assert locate("it 6", "Ines Braga", "", transcript) is None  # a cue's number was not said


# ── the terminal ──


def _printed(answer: Answer, debate: Debate) -> str:
    out = io.StringIO()
    print_answer(answer, debate.transcript.speakers, out)
    return out.getvalue()


def test_the_terminal_tells_time_and_that_nobody_is_known() -> None:
    english, chinese = _printed(timed_answer(), _debate()), _printed(timed_answer("zh"), _debate())
    assert "IB Ines Braga · t3.2–3 · 0:24" in english and "? unknown speaker · t4.1 · 12:05" in english
    assert "? 说话人不详 · t4.1 · 12:05" in chinese and "unknown speaker" not in chinese


def test_show_tells_the_time_of_every_sentence() -> None:
    out = io.StringIO()
    show("t3.2", _debate(), context=0, gloss=False, out=out)
    rows = out.getvalue().splitlines()
    assert rows[0].startswith("IB Ines Braga  t3  0:24")
    assert rows[2].startswith("▶ t3.2 0:24  The bridge costs") and rows[3].startswith("  t3.3 0:29  The port")


# ── footnotes ──


def test_footnotes_tell_time_and_pieces() -> None:
    text, notes = markdown(timed_answer("zh")), citations(timed_answer())
    assert (
        f"— Ines Braga · t3.2–3{LINKED}" in text and "— 说话人不详 · t4.1" in text and "- **说话人不详** [^2]" in text
    )
    assert [note.time for note in notes] == ["0:24", "12:05", "40:10"] and notes[0].link is not None
    for note in notes:
        raw = _debate().transcript.raw
        assert words_of(raw, [(span.start, span.end) for span in note.spans], "html") == note.text


# ── the page ──


def test_a_card_links_to_the_recording_and_sends_nobody_there() -> None:
    made = answer_message(timed_answer(), _debate(), Cast(_debate()), thread="t", position=1)
    links = re.findall(r'<a class="time" href="([^"]+)" target="_blank" rel="([^"]+)"[^>]*>([\d:]+)</a>', made)
    assert links == [
        (f"https://example.org/harbour?t={at}", "noopener noreferrer", time)
        for at, time in ((24, "0:24"), (725, "12:05"), (2410, "40:10"))
    ]
    assert "<q>The bridge costs 260 million &amp; it opens two years earlier. The port cannot wait.</q>" in made
    assert made.count('<span class="zh" lang="zh">说话人不详</span>') >= 1 and 'data-place="#t3-488-619"' in made


def test_a_recording_s_address_cannot_break_out() -> None:
    quotes = tuple(q.model_copy(update={"link": 'https://x.org/"><script>?t=1'}) for q in timed_answer().quotes)
    answer = timed_answer().model_copy(update={"quotes": quotes})
    assert "<script" not in answer_message(answer, _debate(), Cast(_debate()), thread="t", position=1)
    assert "<script" not in export_markdown(Conversation("t", (answer,)), _debate())
    assert "(https://x.org/%22%3E%3Cscript%3E?t=1)" in markdown(answer)


def test_the_pane_shows_words_in_pieces_with_each_sentence_s_span() -> None:
    transcript, made = _debate().transcript, pane(_debate(), Cast(_debate()))
    bodies = re.findall(r'<p class="said" data-start="\d+" data-joined>(.*?)</p>', made)
    told = [html.unescape(re.sub(r"<[^>]*>", "", body)) for body in bodies]
    assert told == [transcript.words(part) for turn in transcript.turns for part in turn.paragraphs]
    for sentence in transcript.sentences:
        assert f'id="{sentence.id}" data-start="{sentence.start}" data-end="{sentence.end}"' in made
    assert '<span class="time">40:10</span>' in made


def test_a_long_turn_tells_the_time_about_every_minute() -> None:
    from ui.web.rendering.transcript import _marks

    transcript = _debate().transcript
    times = {"t7.1": 3912.0, "t7.2": 3980.0}
    sentences = tuple(s.model_copy(update={"seconds": times.get(s.id, s.seconds)}) for s in transcript.sentences)
    fields = {name: getattr(transcript, name) for name in type(transcript).model_fields}
    later = type(transcript).model_construct(**(fields | {"sentences": sentences}))
    assert _marks(later.turn("t7"), later) == {"t7.2": "1:06:20"}
    assert _marks(later.turn("t3"), later) == {}


def test_the_timeline_counts_what_was_said_and_not_what_stands_between() -> None:
    made = timeline(_debate(), Cast(_debate()))
    words = len(_debate().transcript.turn_text("t7"))
    assert f"Ines Braga · #7 · 1:05:12 · {words}" in made and "<tspan" in made


def test_a_known_speaker_is_never_called_unknown() -> None:
    speakers = _debate().transcript.speakers
    assert initials(speakers)["unknown"] == "?"
    assert hues(speakers)["unknown"] not in [hues(speakers)[s.name] for s in speakers if s.is_known]
    made = welcome(_debate(), Cast(_debate()), Tables(PassageIndex.in_memory(_debate().transcript)))
    assert "What did unknown speaker say" not in made and "说话人不详" in made


def test_where_the_file_tells_no_times_nothing_of_them_is_shown(debate: Debate) -> None:
    cast = Cast(debate)
    for language in ("zh", "en"):
        answer = sample_answer(debate, language)
        shown = answer_message(answer, debate, cast, thread="t", position=1) + pane(debate, cast)
        assert 'class="time"' not in shown and "data-time" not in shown and "data-joined" not in shown
        texts = (_printed(answer, debate), markdown(answer), export_markdown(Conversation("t", (answer,)), debate))
        assert not any(re.search(r"· \[?\d+:\d\d\b", text) for text in texts)
