"""Calculators in the hands of a chat model: inputs that nobody gave are refused, the others say whose they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from assistant.calculators.registry import calculator
from assistant.errors import CalculatorInputError
from assistant.models.inputs import Given, origin_of, origins
from assistant.testing import Reply, Request, answer, claim
from assistant.tests.conftest import Scripted
from assistant.tools import as_langchain_tool
from corpus.library import open_debate

TRANSCRIPT = open_debate().transcript
LIFE = calculator("useful_life_change")


def origin(name: str, value: Any, said: str = "", question: str = "", shown: tuple[str, ...] = ()) -> str:
    given = Given((question,), TRANSCRIPT, frozenset(shown))
    return origin_of(LIFE.field(name), value, said, given).kind


def test_the_users_figures_are_the_users_in_any_unit_and_language() -> None:
    asked = "一批300亿美元的机器,折旧从4年改成6年"
    assert origin("cost", 30.0, question=asked) == "user"
    assert origin("old_life", 4.0, "user", question=asked) == "user"
    assert origin("new_life", 6.0, question=asked) == "user"
    assert origin("cost", 0.5, question="$500 million of servers") == "user"


def test_a_sentence_gives_its_figures_only_when_it_was_shown_and_named() -> None:
    assert origin("old_life", 7.0, "t12.4", shown=("t12.4",)) == "quote"
    for said, shown in (("t12.4", ()), ("t1.1", ("t1.1",)), ("t999.1", ("t12.4",))):
        with pytest.raises(CalculatorInputError, match="none of these"):
            origin("cost", 71.0, said, shown=shown)


@pytest.mark.parametrize("value", [5.0, 30.0001, 3.0, 300.0, 2028.0])
def test_an_invented_figure_is_refused(value: float) -> None:
    with pytest.raises(CalculatorInputError) as refused:
        origin("cost", value, "user", question="$30bn of machines, is it a bubble in 2028?")
    assert refused.value.field == "cost"


def test_a_default_is_a_default_with_its_source() -> None:
    optional = next(f for f in LIFE.fields if not f.required and f.default is not None)
    found = origin_of(optional, optional.default, "", Given(("?",)))
    assert found.kind == "default" and found.source == optional.source


def test_the_tool_refuses_with_a_sentence_the_model_can_read() -> None:
    given = Given(("$100bn of servers over 4 years, written off over 6 instead, changed after 2 years",))
    tool = as_langchain_tool(LIFE, origins(given, {}))
    good = {"cost": 100.0, "old_life": 4.0, "new_life": 6.0, "age": 2.0}
    done = tool.invoke({"name": LIFE.name, "args": good, "id": "1", "type": "tool_call"})
    assert done.artifact.value("delta_dep") == pytest.approx(-12.5)
    assert {a.origin.kind for a in done.artifact.arguments} == {"user", "default"} or all(
        a.origin.kind == "user" for a in done.artifact.arguments
    )
    lied = tool.invoke({"name": LIFE.name, "args": good | {"cost": 999.0}, "id": "2", "type": "tool_call"})
    assert lied.artifact is None and "cost" in str(lied.content) and lied.status == "error"


# ── over HTTP ──

ASKED = "Suppose servers: outlay 100 billion dollars. Lives: four, then six; the switch comes at age two. What then?"


def calculating(arguments: Mapping[str, Any], told: str) -> Any:
    """A model that looks for the calculator, calls it, then answers."""

    def script(request: Request) -> Reply:
        done = [m for m in request.body["messages"] if m["role"] == "tool"]
        if not done:
            return Reply(calls=[("find_calculator", json.dumps({"question": ASKED}))])
        if len(done) == 1:
            sources = arguments.get("sources", {})
            inputs = {k: v for k, v in arguments.items() if k != "sources"}
            call = {"name": "useful_life_change", "arguments": inputs, "sources": sources}
            return Reply(calls=[("calculate", json.dumps(call))])
        return Reply(text=told)

    return script


GOOD = {"cost": 100.0, "old_life": 4.0, "new_life": 6.0, "age": 2.0, "sources": {"cost": "user"}}
TOLD = "[c1] Yearly depreciation falls by $12.5 billion."


@pytest.fixture
def by_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules read no calculation in the question, so that it is the model's to make."""
    monkeypatch.setattr("assistant.graph.understand_numeric", lambda *asked: None)


@pytest.mark.usefixtures("by_model")
def test_a_model_calculates_with_the_users_figures(scripted: Scripted) -> None:
    assistant, endpoint = scripted(calculating(GOOD, TOLD))
    got = assistant.ask(ASKED)
    assert got.answerer == "openai:scripted", got.trouble
    assert got.calculations[0].value("delta_dep") == pytest.approx(-12.5)
    assert [(c.text, c.rests) for c in got.claims] == [("Yearly depreciation falls by $12.5 billion.", "calculation")]
    assert "useful_life_change" in endpoint.requests[1].text and len(endpoint.requests) == 3
    assert len({json.dumps(r.body["tools"]) for r in endpoint.requests}) == 1  # what stands first never changes


@pytest.mark.usefixtures("by_model")
def test_a_model_cannot_calculate_with_figures_of_its_own(scripted: Scripted) -> None:
    assistant, _ = scripted(calculating(GOOD | {"cost": 640.0}, "SILENCE: refused_input"))
    got = assistant.ask(ASKED)
    assert not got.calculations and got.abstention is not None and got.abstention.reason == "refused_input"
    assert "cost" in got.abstention.message
    assistant, _ = scripted(calculating(GOOD | {"cost": 640.0}, "[c1] It falls by $80 billion."))
    got = assistant.ask(ASKED)
    assert not got.calculations and "80" not in got.text


def test_a_calculation_that_the_rules_propose_is_the_models_to_take_or_leave(scripted: Scripted) -> None:
    asked = "一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?顺便说,有 42 个人问过我。"
    for told, kept in (("[c1] 当年利润会高一些。", 1), ("[t12.4] 旧芯片还在用。", 0)):
        assistant, endpoint = scripted(lambda request, told=told: Reply(text=told))
        got = assistant.ask(asked)
        if endpoint.requests:
            assert len(got.calculations) == kept and got.answerer == "openai:scripted"
            assert "a proposal" in endpoint.requests[0].text


def test_what_the_rules_calculate_needs_no_model(scripted: Scripted) -> None:
    assistant, endpoint = scripted("good")
    got = assistant.ask("一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?")
    assert got.calculations and got.answerer == "embedded" and got.trouble is None and not endpoint.requests


@pytest.mark.usefixtures("by_model")
def test_calls_to_what_was_not_offered_are_refused(scripted: Scripted) -> None:
    def script(request: Request) -> Reply:
        if request.number == 1:
            return Reply(calls=[("os_system", '{"command": "x"}'), ("monte_carlo", "{}")])
        (identifier, speaker), *_ = request.of_each_speaker(1)
        return answer(request, {"claims": [claim(speaker, [identifier], "This is the point made.")]})

    assistant, endpoint = scripted(script)
    got = assistant.ask("芯片能用多久?")
    assert got.answerer == "openai:scripted" and not got.calculations
    assert endpoint.requests[1].text.count("there is no such function") == 2
