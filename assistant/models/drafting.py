"""One question's exchange with the chat model: it writes, sentence by sentence; each is grounded as it comes.

What it writes names sentence ids; ``ground`` decides what of it stands. Where nothing stands it is told why, once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant import wording
from assistant.events import Writing
from assistant.grounding import Grounded, ground, is_sentence
from assistant.models import prompts
from assistant.models.chat import CITING, ChatModel
from assistant.models.frames import is_frame
from assistant.models.inputs import Given
from assistant.models.marks import Reader, Sentence, resolve
from assistant.models.meter import Meter
from assistant.models.output import Drafted, Reason, Silent, parse, text_of
from assistant.models.thoughts import Thoughts
from assistant.models.toolbox import TOOLS, Toolbox, told
from assistant.models.trouble import ModelOutputError
from assistant.prose import MAX_CLAIM, UngroundedError, check_words, clean, repeats
from assistant.reading.read import Reading
from assistant.types import Answer, Claim, Draft, DraftAbstention, DraftClaim, Rejected
from assistant.verification.judge import unrelated
from assistant.verification.stage import verify
from corpus.quotes import join_adjacent, quote_sentences
from corpus.speakers import find_speakers
from index.search import PassageIndex

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

_ROUNDS = 8  # calls to the model for one answer: tools, one for a malformed answer, one for repair
_MOST_CLAIMS = 60
_NEAREST = 3
_BEGUN = 4  # words of a sentence from which it is shown while it grows


class Question(NamedTuple):
    """What is asked, and what the model may see and use."""

    reading: Reading
    thread: Sequence[Answer]
    shown: tuple[str, ...]  # sentence ids
    embedded: Draft  # what the rules would answer: a hint
    ticked: tuple[str, ...] = ()  # ids of the speakers whom the user chose


class Abilities:
    """What a service has been found not to take; learned once, for all questions."""

    def __init__(self) -> None:
        self.tools = True


class _Reply(NamedTuple):
    """One message of the model, read."""

    claims: list[DraftClaim]
    silent: Silent | None = None
    hints: tuple[str, ...] = ()  # what was meant by references that name nothing
    malformed: str = ""


class Drafting:
    """One question's exchange with the model."""

    def __init__(
        self, index: PassageIndex, model: ChatModel, question: Question, meter: Meter, abilities: Abilities
    ) -> None:
        self.index, self.model, self.meter, self.abilities = index, model, meter, abilities
        reading, self.thread, self.shown, self.embedded, self.bound = question
        self.understood = reading.understanding
        self.refused: tuple[Rejected, ...] = ()
        self.as_json = model.settings.form == "json"
        self.asked = (self.understood.question, *(a.question for a in self.thread))
        given = Given(
            questions=(*(a.question for a in self.thread), self.understood.question),
            transcript=index.transcript,
            shown=frozenset(self.shown),
            earlier=[c for a in self.thread for c in a.calculations],
        )
        self._seen: set[tuple[int, int]] = set()  # sentences that are about what they cite
        self._quoted: list[str] = []  # what was cited so far, and its glosses
        self.box = Toolbox(index, given, self.embedded.calculations)

    def run(self) -> Iterator[Writing | Draft]:
        """Sentences as they are written, each grounded; at last the draft.

        Raises:
            ModelOutputError: The model gave nothing that stands; ``refused`` says what it claimed.
        """
        messages = self.messages()
        told_once = False
        lost: tuple[Rejected, ...] = ()
        draft, grounded = Draft(), Grounded((), (), ())
        for _ in range(_ROUNDS):
            message, reply = yield from self._round(messages)
            calls = [*message.tool_calls, *message.invalid_tool_calls]
            if calls and not reply.claims and reply.silent is None:
                messages = [*messages, message, *self._answers(message)]
                continue
            draft, grounded = self._grounded(reply, lost)
            if draft.abstention is not None or any(c.text and c.rests != "frame" for c in grounded.claims):
                yield draft
                return
            if told_once:
                break
            told_once = True
            lost = grounded.rejected
            why = "\n".join(f"- {reason}" for reason in dict.fromkeys((*(r.why for r in lost), *reply.hints)))
            asked = prompts.REPAIR.format(reasons=why) if why else prompts.MALFORMED.format(
                why=reply.malformed or "no sentence cites what it rests on"
            )  # fmt: skip
            messages = [*messages, _bare(message), _human(asked)]
            if not why:
                lost = ()
        self.refused = grounded.rejected
        if grounded.claims and any(c.quotes for c in grounded.claims):
            yield draft  # the quotes that it found stand without its words
            return
        raise ModelOutputError("ungrounded" if grounded.rejected else "garbage")

    # ── asking ──

    def messages(self) -> list[BaseMessage]:
        """What never changes for a debate first, so that services keep it read; what this question adds last."""
        from langchain_core.messages import HumanMessage, SystemMessage

        settings, transcript = self.model.settings, self.index.transcript
        form: Any = "json" if self.as_json else "cited" if settings.provider in CITING else "prose"
        told_first = prompts.answering(transcript.speakers, form, background=settings.background)
        debate = prompts.numbered(transcript, self.shown, self.index.notes)
        asked = "\n\n".join(self._asked())
        # Where the debate ends: services that cache what they are told to are told so, see ``wires``.
        human = HumanMessage(f"{debate}\n\n{asked}", additional_kwargs={"debate": len(debate)})
        return [SystemMessage(told_first), human]

    def _asked(self) -> Iterator[str]:
        transcript = self.index.transcript
        if self.thread:
            yield "The conversation so far:\n" + prompts.conversation(self.thread)
        if wanted := [transcript.speaker(i).name for i in self.bound]:
            yield f"Asked about: {', '.join(wanted)}. Only their sentences may be cited."
        elif guessed := [transcript.speaker(i).name for i in self.understood.speaker_ids]:
            yield f"It names: {', '.join(guessed)}. Whoever speaks to the question may be cited."
        hints = [i for claim in self.embedded.claims for i in claim.sentence_ids]
        if hints:
            yield f"The built-in search would quote (a hint, it may be wrong): {', '.join(dict.fromkeys(hints))}"
        for number, trace in enumerate(self.embedded.calculations, start=1):
            yield f"The built-in rules have calculated (a proposal: cite it if it answers): [c{number}] {told(trace)}"
        yield f"The question: {prompts.plain(self.understood.question)}"
        if self.understood.follow_up and self.understood.standalone != self.understood.question:
            yield f"That is to say: {prompts.plain(self.understood.standalone)}"

    def _call(self, messages: Sequence[BaseMessage]) -> Iterator[str | AIMessage]:
        """The model's text in pieces, then its message. A service that refuses tools is asked without from then on."""
        if not self.as_json and self.abilities.tools:
            try:
                yield from self.model.stream(messages, self.meter, TOOLS)
                return
            except ModelOutputError as trouble:
                if trouble.kind != "bad_request" or len(messages) > 2:
                    raise
                self.abilities.tools = False
        shape = Drafted.model_json_schema() if self.as_json else None
        yield from self.model.stream(messages, self.meter, shape=shape)

    def _round(self, messages: Sequence[BaseMessage]) -> Generator[Writing, None, tuple[AIMessage, _Reply]]:
        """One message: its sentences told as they come → (message, reply)."""
        thoughts, reader = Thoughts(), Reader()
        claims: list[DraftClaim] = []
        hints: list[str] = []
        silent: Silent | None = None
        text = ""
        message: Any = None
        for piece in self._call(messages):
            if not isinstance(piece, str):
                message = piece
                continue
            shown, anew = thoughts.feed(piece)
            if anew:  # what came before was thinking aloud
                reader, text, silent = Reader(), "", None
                claims.clear()
                hints.clear()
            text += shown
            if self.as_json or text.lstrip()[:1] in ("{", "") or text.lstrip().startswith("```json"):
                continue
            for sentence in reader.feed(shown):
                silent = silent or self._silence(sentence)
                if silent is None:
                    yield from self._sentence(sentence, claims, hints)
        if message is None:
            raise ModelOutputError("garbage")
        if self.as_json or text.lstrip().startswith(("{", "```json")):
            reply = yield from self._object(text)
            return message, reply
        for sentence in reader.end():
            silent = silent or self._silence(sentence)
            if silent is None:
                yield from self._sentence(sentence, claims, hints)
        return message, _Reply(claims, silent if not claims else None, tuple(hints))

    def _answers(self, message: AIMessage) -> list[BaseMessage]:
        from langchain_core.messages import ToolMessage

        made: list[BaseMessage] = [
            ToolMessage("Refused: not valid JSON.", tool_call_id=c.get("id") or "") for c in message.invalid_tool_calls
        ]
        for call in message.tool_calls:
            made.append(ToolMessage(self.box.call(call["name"], call["args"]), tool_call_id=call.get("id") or ""))
        return made

    # ── reading ──

    def _sentence(
        self, sentence: Sentence, claims: list[DraftClaim], hints: list[str], speaker: str = ""
    ) -> Iterator[Writing]:
        """A sentence as it is to be told; a complete one is added to the claims.

        Args:
            speaker: whose it is said to be, where the form says so; held to it.
        """
        claim, hint = self._claim(sentence)
        if speaker:
            named = find_speakers(speaker, self.index.transcript.speakers)
            claim = claim.model_copy(update={"speaker_id": named[0].id if len(named) == 1 else "?"})
        if not sentence.done:
            yield from self._growing(sentence, claim)
            return
        if hint:
            hints.append(hint)
        if len(claims) < _MOST_CLAIMS:
            claims.append(claim)
            yield self._written(claim, sentence.part)

    def _claim(self, sentence: Sentence) -> tuple[DraftClaim, str]:
        ids, numbers, hint = resolve(sentence.references, self.index.transcript)
        done = self.box.done
        basis = tuple(f"calculation:{done[n - 1].calculator}" for n in numbers if 0 < n <= len(done))
        rests: Any = "quotes" if ids else "calculation" if numbers else self._loose(sentence.text)
        claim = DraftClaim(
            text=sentence.text, sentence_ids=ids, basis=basis, block=sentence.block, shape=sentence.shape, rests=rests
        )
        return claim, hint

    def _loose(self, text: str) -> str:
        quoted = [s.text for s in self.index.transcript.sentences]
        if self.model.settings.background and not is_frame(text, quoted, self.index.transcript.speakers):
            return "background"
        return "frame"

    def _growing(self, sentence: Sentence, claim: DraftClaim) -> Iterator[Writing]:
        """The words so far of a sentence that says first what it rests on, as far as their form holds."""
        if claim.rests != "quotes" or not all(self._citable(i) for i in claim.sentence_ids):
            return
        words, _, _ = sentence.text.rpartition(" ") if sentence.text.isascii() else (sentence.text, "", "")
        words = clean(words, MAX_CLAIM)
        transcript, notes = self.index.transcript, self.index.notes
        runs = join_adjacent(transcript, claim.sentence_ids)
        quotes = tuple(quote_sentences(transcript, run, notes) for run in runs)
        try:
            check_words(words, quotes, self.box.done, transcript.speakers, asked=self.asked)
        except UngroundedError:
            return
        if words and self._on_the_matter(sentence, words, claim.sentence_ids) and not repeats(words, quotes):
            speakers = {q.speaker for q in quotes}
            told_so_far = Claim(
                text=words, speaker=speakers.pop() if len(speakers) == 1 else None, block=claim.block, shape=claim.shape
            )
            yield Writing(told_so_far, quotes, sentence.part, False)

    def _on_the_matter(self, sentence: Sentence, words: str, ids: Sequence[str]) -> bool:
        """Whether so many words have come that one sees that they are about what they cite; asked until they are."""
        place = (sentence.block, sentence.part)
        if place not in self._seen:
            enough = len(words.split()) >= _BEGUN or (not words.isascii() and len(words) >= 2 * _BEGUN)
            if not enough or unrelated(words, ids, self.index.transcript, self.index.notes):
                return False
            self._seen.add(place)
        return True

    def _written(self, claim: DraftClaim, part: int) -> Writing:
        """A complete sentence, grounded, with its verdict; without words where they do not stand."""
        nothing = Claim(text="", block=claim.block, shape=claim.shape, rests=claim.rests)
        if claim.rests == "frame":
            holds = is_frame(claim.text, self._quoted, self.index.transcript.speakers)
            return Writing(nothing.model_copy(update={"text": claim.text}) if holds else nothing, (), part, True)
        draft = Draft(claims=(claim,), calculations=tuple(self.box.done), author=self.model.name)
        grounded = self._verified(draft) if self._allowed(claim) else Grounded((), (), ())
        if not grounded.claims:
            return Writing(nothing, (), part, True)
        told_now = grounded.claims[0]
        quotes = tuple(grounded.quotes[n] for n in told_now.quotes)
        self._quoted += [words for quote in quotes for words in (quote.text, quote.gloss) if words]
        return Writing(told_now.model_copy(update={"quotes": ()}), quotes, part, True)

    def _verified(self, draft: Draft) -> Grounded:
        transcript, notes = self.index.transcript, self.index.notes
        return verify(ground(draft, transcript, notes, asked=self.asked), transcript, notes)

    def _silence(self, sentence: Sentence) -> Silent | None:
        """What a line "SILENCE: detail_absent [t2.1]" says; None for another line."""
        head, colon, reason = sentence.text.partition(":")
        if sentence.block or sentence.part or not sentence.done or head.strip().upper() != "SILENCE" or not colon:
            return None
        named = reason.strip().strip(".").casefold().replace(" ", "_")
        ids, _, _ = resolve(sentence.references, self.index.transcript)
        try:
            return Silent(abstain=named, nearest=list(ids[:24]))  # type: ignore[arg-type]
        except ValueError:
            return Silent(abstain="detail_absent", nearest=list(ids[:24]))

    def _object(self, text: str) -> Generator[Writing, None, _Reply]:
        """The JSON form → reply."""
        try:
            drafted = parse(Drafted, text)
        except ModelOutputError:
            return _Reply([], malformed="it is not one JSON object as described")
        claims: list[DraftClaim] = []
        hints: list[str] = []
        for number, one in enumerate(drafted.claims):
            references = tuple(r for name in one.sentences for r in name.replace(",", " ").split())
            sentence = Sentence(number, 0, "bullet", one.text, references, True)
            yield from self._sentence(sentence, claims, hints, one.speaker)
        silent = Silent(abstain=drafted.abstain, nearest=drafted.nearest) if drafted.abstain and not claims else None
        return _Reply(claims, silent, tuple(hints))

    def _citable(self, identifier: str) -> bool:
        return identifier in self.box.given.shown and is_sentence(identifier, self.index.transcript)

    # ── settling ──

    def _allowed(self, claim: DraftClaim) -> bool:
        return not self._objection(claim)

    def _objection(self, claim: DraftClaim) -> str:
        """Why a claim cannot be taken as far as grounding, or nothing."""
        transcript = self.index.transcript
        for identifier in claim.sentence_ids:
            if not self._citable(identifier):
                return "The claim names a sentence that was not among those given."
            speaker = transcript.speaker_of(transcript.sentence(identifier).turn_id)
            if self.bound and speaker.id not in self.bound:
                return f"The question is not about {speaker.name}."
        return ""

    def _grounded(self, reply: _Reply, lost: tuple[Rejected, ...]) -> tuple[Draft, Grounded]:
        """The draft of a reply, and what of it stands."""
        from assistant.grounding import label

        common: dict[str, Any] = {"confidence": self.embedded.confidence, "author": self.model.name}
        if reply.silent is not None and not reply.claims:
            draft = Draft(abstention=self._abstention(reply.silent), **common)
            return draft, ground(draft, self.index.transcript, self.index.notes)
        transcript = self.index.transcript
        objections = [(claim, self._objection(claim)) for claim in reply.claims]
        refused = [Rejected(text=label(claim, transcript), why=why) for claim, why in objections if why]
        claims = tuple(c for c in reply.claims if self._allowed(c))
        cited = {row.removeprefix("calculation:") for claim in claims for row in claim.basis}
        draft = Draft(
            claims=claims,
            refused=tuple(refused),
            repaired=min(len(lost), len(claims)),
            calculations=tuple(t for t in self.box.done if t.calculator in cited),
            **common,
        )
        return draft, self._verified(draft)

    def _abstention(self, silent: Silent) -> DraftAbstention:
        """Our wording of why, and who did speak: by the nearest sentences, not by the model's word."""
        transcript, understood = self.index.transcript, self.understood
        reason: Reason = silent.abstain
        asked = [transcript.speaker(i) for i in understood.speaker_ids]
        refusal = self.box.refusal
        if reason == "speaker_silent" and not asked:
            reason = "detail_absent"
        if reason == "refused_input" and refusal is None:
            reason = "needs_context"
        nearest = tuple(dict.fromkeys(i for i in silent.nearest if self._citable(i)))[:_NEAREST]
        if reason in ("out_of_scope", "small_talk", "needs_context", "refused_input"):
            nearest = ()
        speakers = [transcript.speaker_of(transcript.sentence(i).turn_id) for i in nearest]
        spoke = (
            [s.name for s in dict.fromkeys(speakers) if s not in asked and not s.is_host]
            if reason == "speaker_silent"
            else []
        )
        why = refusal.sentence(understood.language) if refusal is not None else ""
        message = wording.abstain(reason, understood.language, who=[s.name for s in asked], spoke=spoke, why=why)
        return DraftAbstention(reason=reason, message=message, spoke=tuple(spoke), nearest=nearest)


def _human(text: str) -> BaseMessage:
    from langchain_core.messages import HumanMessage

    return HumanMessage(text)


def _bare(message: AIMessage) -> BaseMessage:
    """A message of the model without its calls, which have no answers."""
    from langchain_core.messages import AIMessage

    return AIMessage(text_of(message) or "…")
