"""The debate itself: `/v1/transcript`, `/v1/stances`, `/v1/figures`: the words and the notes on them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from assistant import Assistant
from corpus.annotations import Figure, Stance, Topic, is_silent
from corpus.library import Debate
from corpus.quotes import link_at, seconds_at
from corpus.readers.report import ReadingReport, report_of
from corpus.readers.times import clock
from corpus.speakers import resolve_speaker
from corpus.types import Mode, Span, Turn
from ui.errors import UsageError
from ui.ledger import conflicts
from ui.rest.fields import SpeakerName, TurnId

_Speaker = Annotated[
    SpeakerName | None, Query(description="Only this speaker: a name, given name or description.", examples=["Rob Li"])
]


class _Out(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpeakerOut(_Out):
    """Somebody who speaks."""

    id: str = Field(examples=["rob-li"])
    name: str = Field(examples=["Rob Li"])
    role: str = Field(description="What the transcript says of them.", examples=["Amont Partners 管理合伙人"])
    aliases: list[str] = Field(description="Other ways to name them.", examples=[["Rob"]])
    is_host: bool = Field(examples=[False])
    is_known: bool = Field(description="False for the one who stands for words of unknown origin.", examples=[True])


class SectionOut(_Out):
    """A titled part."""

    number: int = Field(description="From 1; 0 for turns before the first title.", examples=[1])
    title: str = Field(examples=["GPU折旧"])


class SentenceOut(_Out):
    """A sentence, word for word, and the notes on it."""

    id: str = Field(examples=["t12.4"])
    start: int = Field(description="Code points into the transcript file, half-open span.", examples=[4463])
    end: int = Field(examples=[4496])
    spans: list[Span] = Field(
        description="The pieces in which the words stand, in order; joined, they are the words.",
        examples=[[{"start": 4463, "end": 4496}]],
    )
    seconds: float | None = Field(
        description="When it begins in the recording, where the file tells it.", examples=[None]
    )
    time: str | None = Field(description="The same as it is shown.", examples=[None])
    link: str | None = Field(description="The recording at that moment, where the file names one.", examples=[None])
    text: str = Field(examples=["我甚至在会议上听到谷歌公开说,他们7年前的TPU至今仍满负荷运转。"])
    gloss: str = Field(description="Our English rendering, never a quote.", examples=["I even heard Google say …"])
    mode: Mode = Field(description="Whether the claim is the speaker's own, relayed, or asked.", examples=["relays"])
    originator: str | None = Field(description="Whose claim is relayed.", examples=["Google"])


class TurnOut(_Out):
    """One uninterrupted stretch of speech."""

    id: str = Field(examples=["t12"])
    speaker: str = Field(examples=["Ethan Xu"])
    section: int = Field(examples=[1])
    seconds: float | None = Field(
        description="When it begins in the recording, where the file tells it.", examples=[None]
    )
    time: str | None = Field(description="The same as it is shown.", examples=[None])
    sentences: list[SentenceOut]


class TranscriptOut(_Out):
    """The whole debate, or the turns that were asked for."""

    id: str = Field(examples=["ai-bubble-2025-11-15"])
    title: str = Field(examples=["万亿基建市场还是AI投资泡沫?"])
    sha256: str = Field(description="Of the transcript file's bytes.", examples=["a1195c42f186"])
    recording: str = Field(description="Address of the recording; empty where the file names none.", examples=[""])
    speakers: list[SpeakerOut]
    sections: list[SectionOut]
    turns: list[TurnOut]


class Silence(_Out):
    """A speaker and a topic on which none of the speaker's stances is."""

    speaker: str = Field(examples=["Yang Ren"])
    topic: str = Field(examples=["depreciation"])


class StancesOut(_Out):
    """Who stands where, with the sentences that say so; silence is told too."""

    topics: list[Topic]
    stances: list[Stance]
    neutral: list[Silence] = Field(description="Who spoke on a topic without taking a side.")
    silent: list[Silence] = Field(description="Who did not speak on a topic.")


class FigureOut(Figure):
    """A figure with who said it."""

    speaker: str = Field(examples=["Rob Li"])
    differs: bool = Field(description="Whether voices in its group give ranges that do not overlap.", examples=[False])


class FiguresOut(_Out):
    """The ledger of figures."""

    figures: list[FigureOut]
    groups: list[str] = Field(description="Quantities on which there are several figures.", examples=[["gpu_life"]])


def router(assistant: Assistant) -> APIRouter:
    """The routes that read."""
    routes = APIRouter(prefix="/v1", tags=["debate"])
    debate = assistant.debate
    turns = {turn.id: turn_out(turn, debate) for turn in debate.transcript.turns}
    tag = f'"{debate.transcript.sha256[:32]}"'
    whole = _transcript(debate, list(turns.values())).model_dump_json().encode()

    @routes.get("/transcript", summary="The transcript", response_model=TranscriptOut)
    async def read_transcript(
        request: Request,
        speaker: _Speaker = None,
        section: Annotated[int | None, Query(ge=0, le=100_000, description="Only this section.", examples=[1])] = None,
    ) -> Response:
        """All turns in order, or one speaker's, or one section's. It never changes: `ETag` is by its hash."""
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if speaker is None and section is None:
            if request.headers.get("if-none-match") == tag:
                return Response(status_code=304, headers=headers)
            return Response(whole, media_type="application/json", headers=headers)
        names = None if speaker is None else {s.name for s in resolve_speaker(speaker, debate.transcript.speakers)}
        kept = [
            turn
            for turn in turns.values()
            if (names is None or turn.speaker in names) and (section is None or turn.section == section)
        ]
        return Response(_transcript(debate, kept).model_dump_json().encode(), media_type="application/json")

    @routes.get("/transcript/{turn}", summary="One turn")
    async def read_turn(
        turn: Annotated[TurnId, Path(description="Id of a turn.", examples=["t12"])],
    ) -> TurnOut:
        """Its sentences with their spans and the notes on them."""
        return turns[debate.transcript.turn(turn).id]

    @routes.get("/report", summary="How the file was read")
    async def read_report() -> ReadingReport:
        """What form it was taken for, who speaks how much, and what may have been read wrong, line by line."""
        return report_of(debate.transcript)

    @routes.get("/stances", summary="Who stands where")
    async def read_stances(
        topic: Annotated[
            str | None, Query(max_length=80, description="Only this topic, by id.", examples=[None])
        ] = None,
        speaker: _Speaker = None,
    ) -> StancesOut:
        """Topic × speaker, silence included."""
        return stances(debate, topic, speaker)

    @routes.get("/figures", summary="Figures, and where voices differ")
    async def read_figures(
        group: Annotated[str | None, Query(max_length=80, description="Only this quantity.", examples=[None])] = None,
    ) -> FiguresOut:
        """Each with the words of the figure, its range, unit, speaker and originator."""
        return figures(debate, group)

    return routes


def turn_out(turn: Turn, debate: Debate) -> TurnOut:
    """A turn as the doors show it."""
    sentences = []
    for sentence in debate.transcript.sentences_of(turn.id):
        note = debate.notes.note(sentence.id)
        seconds = seconds_at(debate.transcript, sentence)
        sentences.append(
            SentenceOut(
                id=sentence.id, start=sentence.start, end=sentence.end, spans=list(sentence.spans), seconds=seconds,
                time=_shown(seconds), link=link_at(debate.transcript, seconds), text=sentence.text, gloss=note.gloss,
                mode=note.mode, originator=note.originator,
            )
        )  # fmt: skip
    speaker = debate.transcript.speaker_of(turn.id)
    return TurnOut(
        id=turn.id, speaker=speaker.name, section=turn.section, seconds=turn.seconds, time=_shown(turn.seconds),
        sentences=sentences,
    )  # fmt: skip


def _shown(seconds: float | None) -> str | None:
    return None if seconds is None else clock(seconds)


def _transcript(debate: Debate, turns: list[TurnOut]) -> TranscriptOut:
    transcript = debate.transcript
    return TranscriptOut(
        id=transcript.id,
        title=transcript.title,
        sha256=transcript.sha256,
        recording=transcript.recording,
        speakers=[
            SpeakerOut(
                id=s.id, name=s.name, role=s.role, aliases=list(s.aliases), is_host=s.is_host, is_known=s.is_known
            )
            for s in transcript.speakers
        ],
        sections=[SectionOut(number=s.number, title=s.title) for s in transcript.sections],
        turns=turns,
    )


def stances(debate: Debate, topic: str | None = None, speaker: str | None = None) -> StancesOut:
    """Stances on one topic or all, of one speaker or all.

    Raises:
        UsageError: There is no such topic.
        UnknownSpeakerError: The name matches nobody.
    """
    notes, everybody = debate.notes, debate.transcript.speakers
    names = [s.name for s in (resolve_speaker(speaker, everybody) if speaker is not None else everybody)]
    topics = [t for t in notes.topics if topic is None or t.id == topic]
    if topic is not None and not topics:
        known = ", ".join(t.id for t in notes.topics) or "none"
        raise UsageError(f"There is no topic {topic[:60]!r}; the topics are {known}.")
    kept = {t.id for t in topics}
    sideless = [
        (n, t.id, is_silent(notes, debate.transcript, n, t.id))
        for t in topics
        for n in names
        if notes.stance(n, t.id) is None
    ]
    return StancesOut(
        topics=topics,
        stances=[s for s in notes.stances if s.topic in kept and s.speaker in names],
        neutral=[Silence(speaker=n, topic=t) for n, t, quiet in sideless if not quiet],
        silent=[Silence(speaker=n, topic=t) for n, t, quiet in sideless if quiet],
    )


def figures(debate: Debate, group: str | None = None) -> FiguresOut:
    """The ledger, or one group of it.

    Raises:
        UsageError: There is no such group.
    """
    notes, transcript, differing = debate.notes, debate.transcript, conflicts(debate)
    groups = list(dict.fromkeys(f.group for f in notes.figures if f.group))
    if group is not None and group not in groups:
        raise UsageError(f"There is no group {group[:60]!r}; the groups are {', '.join(groups) or 'none'}.")
    return FiguresOut(
        figures=[
            FigureOut(
                **figure.model_dump(),
                speaker=transcript.speaker_of(transcript.sentence(figure.sentence).turn_id).name,
                differs=figure.group in differing,
            )
            for figure in notes.figures
            if group is None or figure.group == group
        ],
        groups=groups,
    )
