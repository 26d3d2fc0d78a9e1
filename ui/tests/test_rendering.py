"""What is rendered holds no markup but ours, and every quote in it is its slice of the transcript."""

from __future__ import annotations

import html
import re
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.calculators.declaration import Bilingual, Chart, Series
from assistant.calculators.registry import calculators
from assistant.calculators.trace import run
from assistant.knowledge.tables import Tables
from assistant.types import Answer
from corpus.library import Debate, open_debate
from index.encoder import static_encoder
from index.search import PassageIndex
from ui.testing import sample_answer, silent_answer
from ui.web.calculate import compute, opening, question, starts
from ui.web.rendering.amounts import money, span, unit_name
from ui.web.rendering.answer import answer_message, trouble_message
from ui.web.rendering.answer import question as question_message
from ui.web.rendering.cast import Cast, colours
from ui.web.rendering.charts import drawing, figure, span_of, ticks
from ui.web.rendering.compare import stances
from ui.web.rendering.ledger import ledger
from ui.web.rendering.markup import text
from ui.web.rendering.panel import address, typed
from ui.web.rendering.shell import header, welcome
from ui.web.rendering.suggestions import follow_ups, openers
from ui.web.rendering.threads import sidebar
from ui.web.rendering.timeline import timeline
from ui.web.rendering.transcript import pane
from ui.web.rendering.wording import category, cited
from ui.words import Language

HOSTILE = "<img src=x onerror=alert(1)>${alert(1)}`{{x}}\\\n\n# \u202e\x00\"'</div><script>"


@cache
def _debate() -> Debate:
    return open_debate()


def _tables(debate: Debate) -> Tables:
    return Tables(PassageIndex.in_memory(debate.transcript, debate.notes, static_encoder()))


@cache
def _cast() -> Cast:
    return Cast(_debate())


class Balance(HTMLParser):
    """Reads HTML strictly: every opened tag is closed in order; collects tags and attributes."""

    VOID = frozenset({"input", "br", "meta", "link", "line", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [
            name for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript:")
        ]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()


def check(markup: str) -> Balance:
    """Markup that is whole, on one line, and safe inside a template literal."""
    reader = Balance()
    reader.feed(markup)
    reader.close()
    assert reader.open == [] and reader.handlers == []
    assert not reader.tags & {"script", "img", "iframe", "style", "object"}
    assert "\n" not in markup and "${" not in markup and "`" not in markup
    return reader


@given(st.text())
def test_any_text_survives_and_stays_text(words: str) -> None:
    made = text(words)
    assert not set("<>\"'`${}\\\n\r") & set(made.replace("&#36;", "").replace("&#123;", ""))
    plain = re.sub(
        "\r\n|[\r\u2028\u2029\x85]", "\n", re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "\ufffd", words)
    )
    assert html.unescape(made) == plain.replace("\x85", "\n") or any(c in words for c in "\x80\x81")


@given(st.text(max_size=60))
def test_any_question_is_one_block(words: str) -> None:
    check(question_message(words))
    check(trouble_message(words, words))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_quote_shown_is_its_slice(language: Language) -> None:
    for make in (sample_answer, silent_answer):
        answer = make(_debate(), language)
        made = answer_message(answer, _debate(), _cast(), thread="t", position=1)
        check(made)
        shown = re.findall(r'data-place="#(t\d+)-(\d+)-(\d+)" data-speaker="([^"]+)".*?<q>(.*?)</q>', made)
        assert len(shown) == len(answer.quotes) + len(answer.abstention.nearest if answer.abstention else ())
        for turn, start, end, speaker, words in shown:
            assert _debate().transcript.raw[int(start) : int(end)] == html.unescape(words)
            assert _debate().transcript.speaker_of(turn).name == speaker


def test_a_hostile_answer_injects_nothing() -> None:
    answer = sample_answer(_debate())
    claims = tuple(c.model_copy(update={"text": HOSTILE}) for c in answer.claims)
    quotes = tuple(
        q.model_copy(update={"gloss": HOSTILE, "mode": "relays", "originator": HOSTILE}) for q in answer.quotes
    )
    spoiled = {
        "question": HOSTILE,
        "lead": HOSTILE,
        "claims": claims,
        "quotes": quotes,
        "follow_ups": (HOSTILE,),
        "trouble": HOSTILE,
    }
    check(answer_message(answer.model_copy(update=spoiled), _debate(), _cast(), thread=HOSTILE, position=1))


def test_the_page_s_parts_are_whole() -> None:
    debate, cast = _debate(), _cast()
    for part in (
        pane(debate, cast),
        stances(debate, cast, _tables(debate)),
        ledger(debate, cast),
        timeline(debate, cast),
        header(debate, cast),
        welcome(debate, cast, _tables(debate)),
        sidebar([], ""),
    ):
        check(part)


def test_the_pane_holds_the_raw_text_and_nothing_else() -> None:
    made = pane(_debate(), _cast())
    for start, body in re.findall(r'<p class="said" data-start="(\d+)">(.*?)</p>', made):
        words = html.unescape(re.sub(r"<[^>]*>", "", body))
        assert _debate().transcript.raw[int(start) : int(start) + len(words)] == words


def test_a_debate_without_notes_still_has_a_page() -> None:
    from corpus.annotations import Annotations

    bare = _debate()._replace(notes=Annotations())
    cast, tables = Cast(bare), _tables(bare)
    compared = stances(bare, cast, tables)
    for part in (pane(bare, cast), compared, ledger(bare, cast), timeline(bare, cast), welcome(bare, cast, tables)):
        check(part)
    assert compared.count('class="topic"') >= 2 and "<q" in compared
    assert len(openers(bare, tables)) >= 5


def test_each_speaker_has_a_hue_of_their_own() -> None:
    rules = re.findall(r"\.(s\d+)\{--voice:(#\w+)\}", colours(_debate()))
    assert len({hue for _, hue in rules[::1]}) >= len(_debate().transcript.speakers)
    assert {m.css for m in _cast().members.values()} == {css for css, _ in rules}


def test_follow_ups_never_repeat_the_question() -> None:
    answer: Answer = sample_answer(_debate(), "zh")
    offered = follow_ups(answer.model_copy(update={"follow_ups": (answer.question, "那 Bruce 呢?")}), _debate())
    assert answer.question not in offered and len(offered) == len(set(offered)) <= 3


# ── charts ──


@given(st.floats(-1e9, 1e9), st.floats(0.001, 1e9))
def test_ticks_are_round_and_cover_the_range(low: float, spread: float) -> None:
    marks = ticks(low, low + spread)
    assert 2 <= len(marks) <= 14
    assert marks[0] <= low + 1e-6 * max(1, abs(low), spread) and marks[-1] >= low + spread - 1e-6 * max(
        1, abs(low), spread
    )


def _chart(kind: Any, *series: tuple[float | None, ...], x: tuple[float | str, ...] = (1.0, 2.0, 3.0)) -> Chart:
    word = Bilingual(zh=HOSTILE, en=HOSTILE)
    return Chart(
        kind=kind,
        title=word,
        x_label=word,
        x=x,
        unit="USD bn",
        series=tuple(Series(name=word, values=s) for s in series),
    )


@pytest.mark.parametrize("kind", ["line", "bar", "waterfall", "histogram", "fan"])
def test_every_kind_of_chart_stays_inside_its_frame(kind: str) -> None:
    made = figure(_chart(kind, (5.0, -2.0, 3.0), (6.0, None, 4.0), (8.0, 0.0, 9.0)), "en")
    check(made)
    for y in re.findall(r' (?:y|cy|y1)="([\d.-]+)"', made):
        assert 0 <= float(y) <= 280


def test_charts_side_by_side_share_their_axis() -> None:
    small, large = _chart("bar", (1.0, 2.0, 3.0)), _chart("bar", (10.0, 20.0, 30.0))
    span = span_of(small, large)
    assert span == (0.0, 30.0)
    assert drawing(small, "en", span).count(">30<") == drawing(large, "en", span).count(">30<") == 1


def test_a_chart_without_values_says_so() -> None:
    check(figure(_chart("line", (None, None, None)), "zh"))


def test_bars_stand_on_zero() -> None:
    made = drawing(_chart("bar", (10.0, 20.0, 30.0)), "en")
    feet = {
        round(float(y) + float(h), 1)
        for y, h in re.findall(r'<rect class="col[^>]*? y="([\d.]+)"[^>]*? height="([\d.]+)"', made)
    }
    assert len(feet) == 1


# ── panels ──


@pytest.mark.parametrize("name", sorted(calculators()))
def test_each_panel_is_drawn_from_its_declaration_and_computes(name: str) -> None:
    declared = calculators()[name]
    made = opening(name, _debate(), _cast(), {}, {})
    check(made)
    for field in declared.fields:
        assert made.count(f'name="{field.name}"') == 2  # base and what-if
    base = {key: start.typed for key, start in starts(name).items()}
    languages: tuple[Language, ...] = ("zh", "en")
    for language in languages:
        done = compute(name, base, {}, _debate(), _cast(), language)
        check(done)
        lacking = [f.name for f in declared.fields if f.required and f.name not in base]
        asked_for = any(f'class="refusal" role="alert" data-field="{field}"' in done for field in lacking)
        assert asked_for if lacking else "refusal" not in done, done[:300]
    assert len(question(name, base, "zh")) < 4000


def test_an_example_value_is_never_called_the_user_s() -> None:
    done = compute(
        "depreciation_schedule",
        {k: s.typed for k, s in starts("depreciation_schedule").items()},
        {},
        _debate(),
        _cast(),
        "en",
    )
    assert "yours" not in done and "an example" in done
    assert "yours" in compute(
        "depreciation_schedule",
        {**{k: s.typed for k, s in starts("depreciation_schedule").items()}, "cost": "77"},
        {},
        _debate(),
        _cast(),
        "en",
    )


@pytest.mark.parametrize(
    ("base", "what"),
    [({"cost": HOSTILE}, {}), ({"cost": "1e999"}, {}), ({}, {"life": "-1"}), ({"nonsense": "1"}, {"cost": "9" * 5000})],
)
def test_what_a_browser_sends_is_computed_or_refused_in_words(base: dict[str, str], what: dict[str, str]) -> None:
    check(compute("depreciation_schedule", base, what, _debate(), _cast(), "zh"))
    check(compute(HOSTILE, base, what, _debate(), _cast(), "en"))


def test_a_calculation_s_address_reproduces_its_inputs() -> None:
    trace = run("useful_life_change", {"cost": 100.0, "old_life": 4.0, "new_life": 6.0, "age": 2.0})
    assert address(trace) == "#calc=useful_life_change&b.cost=100&b.old_life=4&b.new_life=6&b.age=2"


def test_what_is_typed_is_read_back() -> None:
    from ui.inputs import parse_value

    for name, declared in calculators().items():
        for field in declared.fields:
            if field.default is not None:
                value, _ = parse_value(field, typed(field.default))
                again = typed(value)
                assert again == typed(field.default), (name, field.name)


# ── the reader's language ──


def test_every_default_says_in_chinese_where_it_comes_from() -> None:
    published = re.compile(r"^(V:[A-Z0-9-]+(, )?)+$|^IRC §\d+$")
    for declared in calculators().values():
        for field in declared.fields:
            if field.default is not None and field.source and not published.match(field.source):
                assert re.search(r"[\u4e00-\u9fff]", cited(field.source, "zh")), field.source
            assert "V:" not in cited(field.source or "", "en")


def test_every_unit_of_a_calculator_has_a_chinese_name() -> None:
    known_alike = {"", "GW", "%"}
    for declared in calculators().values():
        for unit in {*(f.unit for f in declared.fields), *(o.unit for o in declared.outputs)} - known_alike:
            if unit.startswith("@") or unit == "any":
                continue  # the reader's own
            assert unit_name(unit, "zh") != unit, (declared.name, unit)


@given(st.floats(-1e14, 1e14, allow_nan=False))
def test_money_reads_back_to_what_it_was(dollars: float) -> None:
    scales = {"万亿": 1e12, "亿": 1e8, "万": 1e4, "": 1.0}
    found = re.fullmatch(r"(−?)([\d,.e+-]+)(万亿|亿|万|)美元", money(dollars, "zh"))
    assert found is not None
    value = float(found[2].replace(",", "")) * scales[found[3]] * (-1 if found[1] else 1)
    assert value == pytest.approx(dollars, rel=6e-4, abs=1e-4)


def test_a_range_says_its_unit_once() -> None:
    assert span(4.0, 5.0, "years", "zh") == "4–5 年" and span(5e12, 7e12, "USD", "zh") == "5–7万亿美元"
    assert span(50.0, 50.0, "%", "en") == "50%" and span(None, None, "x", "en") == "–"


def test_a_chart_s_categories_are_in_one_language() -> None:
    assert category("燃料 / fuel", "zh") == "燃料" and category("gap / 少提折旧", "en") == "gap"
    assert category(2026.0, "zh") == "2026"
