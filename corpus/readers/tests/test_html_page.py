"""HTML: marked-up speakers, tables, and plain pages; what stands outside the turns is nobody's."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import TranscriptParseError
from corpus.readers.html_page import HtmlPage
from corpus.readers.html_text import lines_of, open_page
from corpus.readers.reading import Reading, Source
from corpus.readers.xml_forms import XmlForms

CASES = Path(__file__).parents[2] / "tests" / "cases"


def source(text: str) -> Source:
    return Source(text.encode(), "a.html", text)


def read(text: str) -> Reading:
    assert HtmlPage().claims(source(text)) > XmlForms().claims(source(text))
    return HtmlPage().read(source(text))


def said(reading: Reading) -> list[tuple[str | None, str]]:
    return [
        (turn.name, "|".join(" ".join(reading.raw[p.start : p.end] for p in part) for part in turn.paragraphs))
        for turn in reading.turns
    ]


def test_cite_time_and_paragraph() -> None:
    reading = read((CASES / "19-cite.html").read_text(encoding="utf-8"))
    assert said(reading)[0] == ("Hana Sato", "Welcome to the co-op's meeting on the solar field north of the village.")
    assert [(turn.name, turn.seconds) for turn in reading.turns] == [
        ("Hana Sato", 0.0), ("Leo Brandt", 8.0), ("Mira Costa", 21.0),
        ("Hana Sato", 35.0), ("Leo Brandt", 39.0), ("Mira Costa", 47.0),
    ]  # fmt: skip


PAGE = """<!DOCTYPE html><html><head><title>Site</title><script>var a = "Ann: no";</script></head><body>
<nav><a href="/x">Bob: home</a></nav><h1>Tunnel or bridge, 4 March 2025</h1><p>By the editor of this page.</p>
<iframe src="https://www.youtube.com/embed/abcdefghijk?rel=0"></iframe><div class="transcript">
<div class="turn"><span class="speaker">Ann Lee</span> <span class="timestamp">[00:05]</span>
<p>Is it late &amp; cold?</p><p>I ask you.</p></div>
<div class="turn"><span class="speaker">Bob Ray</span> <span class="timestamp">01:02:05</span><p>It is.</p></div>
<p>Thanks for reading.</p><div class="turn"><span class="speaker">Ann Lee</span><p>Oh.</p></div></div>
<footer>Bob: imprint</footer></body></html>"""


def test_words_between_the_boxes_of_turns_are_nobodys() -> None:
    reading = read(PAGE)
    assert said(reading) == [("Ann Lee", "Is it late & cold?|I ask you."), ("Bob Ray", "It is."), ("Ann Lee", "Oh.")]
    assert [turn.seconds for turn in reading.turns] == [5.0, 3725.0, None]
    assert [editorial.text for editorial in reading.editorials] == ["Thanks for reading."]
    assert (reading.title, reading.date) == ("Tunnel or bridge, 4 March 2025", "2025-03-04")
    assert reading.recording == "https://www.youtube.com/watch?v=abcdefghijk"


@pytest.mark.parametrize(
    "body",
    [
        '<p><span class="speaker-name">Ann:</span> Is it late here?</p><p>I ask.</p>'
        '<p><span class="speaker-name">Bob (Chair):</span> It is late.</p>',
        "<dl><dt>Ann</dt><dd>Is it late here?</dd><dd>I ask.</dd><dt>Bob (Chair)</dt><dd>It is late.</dd></dl>",
        "<table><tr><th>No</th><th>Speaker</th><th>Text</th></tr><tr><td>1</td><td>Ann</td><td>Is it late here?<br>"
        "I ask.</td></tr><tr><td>2</td><td>Bob (Chair)</td><td>It is late.</td></tr></table>",
        '<p data-speaker="Ann">Is it late here?</p><p data-speaker="Ann">I ask.</p>'
        '<p data-speaker="Bob (Chair)">It is late.</p><p>Transcribed by Eve.</p>',
        '<div><b class="from_name">Ann</b><div>Is it late here?</div><div>I ask.</div></div>'
        '<div><b class="from_name">Bob (Chair)</b><div>It is late.</div></div>',
    ],
)
def test_ways_to_mark_a_speaker(body: str) -> None:
    expected = [("Ann", "Is it late here?|I ask."), ("Bob (Chair)", "It is late.")]
    assert said(read(f"<html><body>{body}</body></html>")) == expected


def test_a_plain_page_is_read_as_the_text_it_shows() -> None:
    reading = read(
        "<html><body><main><h1>Bridge</h1><p><strong>Ann Lee: </strong>Is it <em>late</em> here?</p><p>I ask you.</p>"
        "<p><b>Bob</b> <b>Ray:</b> It is.</p><p><strong>Ann Lee:</strong> Oh.</p></main></body></html>"
    )
    assert said(reading) == [("Ann Lee", "Is it late here?|I ask you."), ("Bob Ray", "It is."), ("Ann Lee", "Oh.")]
    assert reading.title == "Bridge"


def test_a_name_behind_quoted_words_is_not_given_the_next_words() -> None:
    quotes = [("Ann Lee", "First words are quoted here."), ("Bob Ray", "More words are quoted here.")]
    body = "".join(f"<blockquote><p>{words}</p><cite>{name}</cite></blockquote>" for name, words in quotes)
    reading = read(f"<html><body>{body}</body></html>")
    assert not any(name == "Ann Lee" and "More" in words for name, words in said(reading))


def test_preformatted_text_keeps_its_lines_and_indents() -> None:
    text = lines_of(open_page("<html><body><pre>\n  Mr. HALE. I rise\nfor the ferry.\n</pre></body></html>"))
    assert text == "  Mr. HALE. I rise\nfor the ferry."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<html><body><script>x()</script></body></html>", "shows no text"),
        ("<html>\n<body>" + "<div>" * 5000 + "Ann: x", r"^Line 2: .*more than 500"),
        ("<html><body>" + "<p>x</p>" * 300_000, "more than 500,000 tags"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(text: str, why: str) -> None:
    with pytest.raises(TranscriptParseError, match=why):
        HtmlPage().read(source(text))


MARKDOWN = "<h1 align=center>Bridge</h1>\n<p>4 March</p>\n" + "\n**Ann:** Is it late?\n\n**Bob:** It is.\n" * 3


@pytest.mark.parametrize(
    "text", ["Ann: <b>yes</b>", "<v Ann>Yes", "<TEI><u>Yes</u></TEI>", "<ann> yes\n<bob> no", MARKDOWN]
)
def test_other_texts_are_not_claimed(text: str) -> None:
    assert HtmlPage().claims(source(text)) == 0


NAMES = st.sampled_from(["Ann Lee", "周岚", "Bob O'Hara"])
WORDS = st.text("ab <>&'\"c.?é周", min_size=1, max_size=30).map(lambda text: " ".join(f"x{text}x".split()))


@given(st.lists(st.tuples(NAMES, WORDS), min_size=2, max_size=10), st.sampled_from(["cite", "span class='speaker'"]))
def test_known_turns_read_back(turns: list[tuple[str, str]], tag: str) -> None:
    end = tag.split()[0]
    body = "".join(f"<div><{tag}>{escape(name)}:</{end}><p>{escape(words)}</p></div>\n" for name, words in turns)
    merged: list[tuple[str, str]] = []
    for name, words in turns:
        if merged and merged[-1][0] == name:
            merged[-1] = (name, f"{merged[-1][1]}|{words}")
        else:
            merged.append((name, words))
    assert said(read(f"<html><body>{body}</body></html>")) == merged
