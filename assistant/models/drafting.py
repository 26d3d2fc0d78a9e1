"""One question's exchange with the chat model: ask, calculate, ground on trial, have repaired once.

What the model hands back names sentence ids; ``ground`` decides what of it stands. What does not is told to it once,
and dropped if it still does not stand.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant import wording
from assistant.calculation import with_places
from assistant.calculators.registry import calculators
from assistant.calculators.trace import CalculationTrace
from assistant.errors import CalculatorInputError
from assistant.grounding import Grounded, ground, label
from assistant.models import prompts
from assistant.models.chat import ChatModel
from assistant.models.inputs import Given, origins
from assistant.models.meter import Meter
from assistant.models.output import Calculate, Drafted, DraftedClaim, Wanted, function, parse, read, text_of
from assistant.models.trouble import ModelOutputError
from assistant.reading.read import Reading
from assistant.types import Answer, Draft, DraftAbstention, DraftClaim, Rejected
from corpus.errors import DebateError
from corpus.speakers import find_speakers
from index.search import PassageIndex

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

_ROUNDS = 5  # calls to the model for one draft: calculators, one for a malformed answer, one for repair
_MOST_CALCULATIONS = 6
_MOST_TOOLS = 5
_MOST_CLAIMS = 8


class Question(NamedTuple):
    """What is asked, and what the model may see and use."""

    reading: Reading
    thread: Sequence[Answer]
    shown: tuple[str, ...]  # sentence ids
    confidence: float
    ticked: tuple[str, ...] = ()  # ids of the speakers whom the user chose


class _Round(NamedTuple):
    """What one message of the model came to."""

    drafted: Drafted | None
    replies: list[Any]  # messages that answer its calls
    malformed: str = ""


class NoToolsError(DebateError):
    """The service does not take tool calls; ask for JSON."""


class Drafting:
    """One question's exchange with the model."""

    def __init__(
        self, index: PassageIndex, model: ChatModel, question: Question, meter: Meter, *, by_tool: bool
    ) -> None:
        self.index, self.model, self.meter, self.by_tool = index, model, meter, by_tool
        reading, self.thread, self.shown, self.confidence, self.bound = question
        self.understood = reading.understanding
        self.done: list[CalculationTrace] = []
        self.refusal: CalculatorInputError | None = None
        self.refused: tuple[Rejected, ...] = ()
        self.tools = self._offered()
        self.given = Given(
            questions=(*(a.question for a in self.thread), self.understood.question),
            transcript=self.index.transcript,
            shown=frozenset(self.shown),
            earlier=[c for a in self.thread for c in a.calculations],
        )

    def run(self) -> Draft:
        """Ask, calculate, ask again; ground on trial, have repaired once what does not stand."""
        messages = self._messages()
        first: tuple[Draft, Grounded] | None = None
        retold = False
        for _ in range(_ROUNDS):
            try:
                message = self._ask(messages)
            except NoToolsError:
                self.by_tool = False
                messages = self._messages()
                continue
            except ModelOutputError:
                if first is not None and first[1].claims:
                    return first[0]  # the repair failed; what stood stands
                raise
            turn = self._read(message)
            messages = [*messages, message, *turn.replies]
            if turn.malformed:
                if retold or first is not None:
                    if first is not None:
                        return self._settled(*first)
                    raise ModelOutputError("garbage")
                retold = True
                messages.append(_human(prompts.MALFORMED.format(why=turn.malformed)))
                continue
            if turn.drafted is None:
                continue  # it calculated, and is asked on
            draft = self._draft(turn.drafted)
            trial = ground(draft, self.index.transcript, self.index.notes)
            if first is not None:
                return self._repaired(first, draft, trial)
            if not trial.rejected:
                return self._settled(draft, trial)
            first = (draft, trial)
            reasons = "\n".join(f"- {r.why}" for r in dict.fromkeys(trial.rejected))
            messages.append(_human(prompts.REPAIR.format(reasons=reasons)))
        if first is None:
            raise ModelOutputError("garbage")
        return self._settled(*first)

    # ── asking ──

    def _offered(self) -> list[str]:
        """Calculators that the question may concern; none for a question without figures in a thread without any."""
        from assistant.numeric.figured import Figured
        from assistant.numeric.heard import hear

        names = [trace.calculator for a in self.thread[-2:] for trace in a.calculations][-1:]
        figured = Figured(self.understood.question)
        if figured.figures or names:
            kinds = hear(figured).kinds
            names += sorted(kinds, key=lambda kind: -kinds[kind])
        return list(dict.fromkeys(n for n in names if n in calculators()))[:_MOST_TOOLS]

    def _schemas(self) -> list[dict[str, Any]]:
        from assistant.tools import json_schema

        made = []
        for name in self.tools:
            schema = json_schema(calculators()[name])
            told = schema.pop("description")
            properties = dict(schema.get("properties", {}))
            properties["sources"] = {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "description": 'For each input, where it comes from: "user" or a sentence id.',
            }
            made.append({"name": name, "description": told, "parameters": {**schema, "properties": properties}})
        return made

    def _messages(self) -> list[BaseMessage]:
        from langchain_core.messages import SystemMessage

        by_tool = self.by_tool
        schemas = "" if by_tool or not self.tools else json.dumps(self._schemas(), ensure_ascii=False)
        told = prompts.answering(
            self.index.transcript.speakers, self.understood.language, _MOST_CLAIMS,
            calculating=bool(self.tools), by_tool=by_tool, schemas=schemas,
        )  # fmt: skip
        parts = [prompts.numbered(self.index.transcript, self.shown, self.index.notes)]
        if self.thread:
            parts.append("The conversation so far:\n" + prompts.conversation(self.thread))
        wanted = [self.index.transcript.speaker(i).name for i in self.bound]
        if wanted:
            parts.append(f"Asked about: {', '.join(wanted)}. Only their sentences may carry claims.")
        elif guessed := [self.index.transcript.speaker(i).name for i in self.understood.speaker_ids]:
            parts.append(f"It names: {', '.join(guessed)}. Whoever speaks to the question may carry claims.")
        parts.append(f"The question: {self.understood.question}")
        if self.understood.follow_up and self.understood.standalone != self.understood.question:
            parts.append(f"That is to say: {self.understood.standalone}")
        return [SystemMessage(told), _human("\n\n".join(parts))]

    def _ask(self, messages: Sequence[BaseMessage]) -> AIMessage:
        if not self.by_tool:
            return self.model.ask(messages, self.meter)
        functions = [function("answer", Drafted), *({"type": "function", "function": s} for s in self._schemas())]
        try:
            return self.model.ask(messages, self.meter, functions)
        except ModelOutputError as trouble:
            cannot = trouble.kind == "bad_request"
            if not cannot or self.model.settings.form == "tools" or len(messages) > 2:
                raise
            raise NoToolsError("The service does not take tool calls.") from None

    # ── reading ──

    def _read(self, message: AIMessage) -> _Round:
        from langchain_core.messages import ToolMessage

        if message.invalid_tool_calls:
            replies = [
                ToolMessage("Not valid JSON.", tool_call_id=c.get("id") or "")
                for c in (*message.invalid_tool_calls, *message.tool_calls)
            ]
            return _Round(None, replies, "a function's arguments were not valid JSON")
        replies, drafted, why = [], None, ""
        for call in message.tool_calls:
            identifier = call.get("id") or ""
            if call["name"] == "answer":
                try:
                    drafted = read(Drafted, call["args"])
                    replies.append(ToolMessage("Received.", tool_call_id=identifier))
                except ModelOutputError:
                    why = "the arguments of `answer` do not fit its schema"
                    replies.append(ToolMessage("Refused.", tool_call_id=identifier))
            else:
                replies.append(ToolMessage(self._calculate(_as_calculation(call)), tool_call_id=identifier))
        if message.tool_calls:
            # An answer given in one breath with a call did not know its result.
            return _Round(drafted if len(message.tool_calls) == 1 else None, replies, why)
        return self._read_text(text_of(message))

    def _read_text(self, text: str) -> _Round:
        if self.tools and '"calculate"' in text:
            try:
                return _Round(None, [_human(self._calculate(parse(Wanted, text).calculate))])
            except ModelOutputError:
                return _Round(None, [], "it is not one JSON object as described")
        try:
            return _Round(parse(Drafted, text), [])
        except ModelOutputError:
            return _Round(None, [], "it is not one JSON object as described")

    def _calculate(self, call: Calculate | None) -> str:
        """Run a calculator for the model; what it may not have is told as one sentence."""
        from assistant.tools import as_langchain_tool

        if call is None or call.name not in self.tools:
            return "Refused: there is no such function."
        if len(self.done) >= _MOST_CALCULATIONS:
            return "Refused: too many calculations; answer now."
        checked = origins(self.given, call.sources)
        try:
            checked(call.name, call.arguments)  # asked here as well, to keep the refusal for the reader
        except CalculatorInputError as refusal:
            self.refusal = refusal
        tool = as_langchain_tool(calculators()[call.name], checked)
        arguments = {name: value for name, value in call.arguments.items() if value is not None}
        try:
            message = tool.invoke({"name": call.name, "args": arguments, "id": "1", "type": "tool_call"})
        except (ValueError, TypeError):
            return "Refused: the arguments do not fit the schema."
        if isinstance(message.artifact, CalculationTrace):
            self.done.append(with_places(message.artifact, self.index.transcript))
        return str(message.content)[:8000]

    # ── settling ──

    def _draft(self, drafted: Drafted) -> Draft:
        """The wire's names as ids; a name that is nobody's is kept as such, for grounding to refuse."""
        transcript = self.index.transcript
        calculations = tuple({(t.calculator, t.model_dump_json()): t for t in self.done}.values())
        if drafted.abstain is not None and not drafted.claims:
            return Draft(
                abstention=self._abstention(drafted),
                confidence=self.confidence,
                author=self.model.name,
                calculations=calculations,
            )
        claims: list[DraftClaim] = []
        refused: list[Rejected] = []
        for drafted_claim in drafted.claims[:_MOST_CLAIMS]:
            claim, why = self._claim(drafted_claim)
            if why:
                refused.append(Rejected(text=label(claim, transcript), why=why))
            else:
                claims.append(claim)
        return Draft(
            lead=drafted.lead, claims=tuple(claims), confidence=self.confidence, author=self.model.name,
            calculations=calculations, refused=tuple(refused),
        )  # fmt: skip

    def _claim(self, drafted: DraftedClaim) -> tuple[DraftClaim, str]:
        """A claim with its speaker's id, and why it cannot be taken as far as grounding, or nothing."""
        named = find_speakers(drafted.speaker, self.index.transcript.speakers)
        speaker = named[0] if len(named) == 1 else None
        claim = DraftClaim(
            text=drafted.text, sentence_ids=tuple(drafted.sentences), speaker_id=speaker.id if speaker else None
        )
        if speaker is None:
            return claim, "The claim names no speaker of the debate, or several."
        if self.bound and speaker.id not in self.bound:
            return claim, f"The question is not about {speaker.name}."
        if any(i not in self.given.shown for i in claim.sentence_ids):
            return claim, "The claim names a sentence that was not among those given."
        return claim, ""

    def _abstention(self, drafted: Drafted) -> DraftAbstention:
        """Our wording of why, and who did speak: by the nearest sentences, not by the model's word."""
        transcript, understood = self.index.transcript, self.understood
        assert drafted.abstain is not None
        reason = drafted.abstain
        asked = [transcript.speaker(i) for i in understood.speaker_ids]
        if reason == "speaker_silent" and not asked:
            reason = "detail_absent"
        if reason == "refused_input" and self.refusal is None:
            reason = "needs_context"
        nearest = tuple(dict.fromkeys(i for i in drafted.nearest if i in self.given.shown))[:3]
        if reason in ("out_of_scope", "small_talk", "needs_context", "refused_input"):
            nearest = ()
        speakers = [transcript.speaker_of(transcript.sentence(i).turn_id) for i in nearest]
        spoke = (
            [s.name for s in dict.fromkeys(speakers) if s not in asked and not s.is_host]
            if reason == "speaker_silent"
            else []
        )
        why = self.refusal.sentence(understood.language) if self.refusal is not None else ""
        message = wording.abstain(reason, understood.language, who=[s.name for s in asked], spoke=spoke, why=why)
        return DraftAbstention(reason=reason, message=message, spoke=tuple(spoke), nearest=nearest)

    def _repaired(self, first: tuple[Draft, Grounded], draft: Draft, trial: Grounded) -> Draft:
        """The second answer, or the first where the second is worse; what the first lost stays on the report."""
        before, stood = first
        if draft.abstention is None and len(trial.claims) < len(stood.claims):
            return self._settled(before, stood)
        if draft.abstention is not None and stood.claims:
            return self._settled(before, stood)
        lost = stood.trust.dropped + stood.trust.stripped
        repaired = max(0, min(lost, trial.trust.verified - stood.trust.verified))
        # Each claim lost in the first round and not put right counts as refused.
        still = [r for r in stood.rejected if r.text not in {t.text for t in trial.rejected}][: max(0, lost - repaired)]
        return self._settled(
            draft.model_copy(update={"refused": (*draft.refused, *still), "repaired": repaired}), trial
        )

    def _settled(self, draft: Draft, trial: Grounded) -> Draft:
        """A draft with something to stand on, or the trouble that there is none."""
        if draft.abstention is None and not trial.claims and not draft.calculations:
            self.refused = trial.rejected
            raise ModelOutputError("ungrounded")
        return draft


def _as_calculation(call: Any) -> Calculate | None:
    arguments = dict(call["args"]) if isinstance(call.get("args"), dict) else {}
    sources = arguments.pop("sources", None)
    if not isinstance(sources, dict) or not all(isinstance(v, str) for v in sources.values()):
        sources = {}
    try:
        return read(
            Calculate,
            {"name": call["name"], "arguments": arguments, "sources": {str(k): v for k, v in sources.items()}},
        )
    except ModelOutputError:
        return None


def _human(text: str) -> BaseMessage:
    from langchain_core.messages import HumanMessage

    return HumanMessage(text)
