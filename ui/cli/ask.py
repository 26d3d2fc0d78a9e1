"""`debate ask`: one question, one answer, saved as a thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from corpus.readers.report import report_of
from corpus.types import Transcript
from ui.cli.following import follow
from ui.cli.questions import checked_question
from ui.errors import UsageError
from ui.layout import visible
from ui.session import Place, open_session, tell_where_to_go_on
from ui.words import word


def tell_doubts(transcript: Transcript, path: Path, err: TextIO) -> None:
    """Say on stderr, in one line, when the file may have been read wrong."""
    if transcript.doubts:
        from ui.cli.importing import doubt_line

        err.write(f"{visible(doubt_line(report_of(transcript), path) or '')}\n")


def ask(
    question: str,
    place: Place,
    *,
    speakers: Sequence[str] = (),
    thread: str | None = None,
    instead_of: int | None = None,
    as_json: bool = False,
    out: TextIO,
    err: TextIO,
) -> int:
    """Answer on ``out``, how to go on on ``err``; 0 for an abstaining answer too.

    Raises:
        DebateError: The question, a speaker, the thread, the transcript or the data folder is no good.
    """
    question = checked_question(question)
    if instead_of is not None and thread is None:
        raise UsageError("--instead-of names a question of a thread; say which by --thread ID.")
    with open_session(place, thread) as session:
        if place.transcript is not None:
            tell_doubts(session.assistant.debate.transcript, place.transcript, err)
        everybody = session.assistant.debate.transcript.speakers
        asking: dict[str, Any] = {"thread": session.thread, "speakers": speakers, "create": session.thread is None}
        if as_json:
            answer = session.assistant.ask(question, **asking, instead_of=instead_of)
        else:
            answer = follow(session.assistant.stream(question, **asking, instead_of=instead_of), everybody, out)
        if place.transcript is not None and session.assistant.index_state.startswith("quick"):
            err.write(f"{visible(word('quick', answer.language).format(file=place.transcript))}\n")
        if session.unsaved is not None:
            answer = answer.model_copy(update={"thread": session.thread})
        if as_json:
            out.write(answer.model_dump_json(indent=2) + "\n")
        out.flush()
        language = answer.language
        labels = (word("continue", language), word("unsaved", language))
        tell_where_to_go_on(session, answer.thread, place, labels, err)
    return 0
