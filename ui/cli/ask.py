"""`debate ask`: one question, one answer, saved as a thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from ui.cli.questions import checked_question
from ui.session import Place, open_session, tell_where_to_go_on
from ui.words import word


def ask(
    question: str,
    place: Place,
    *,
    speakers: Sequence[str] = (),
    thread: str | None = None,
    as_json: bool = False,
    out: TextIO,
    err: TextIO,
) -> int:
    """Answer on ``out``, how to go on on ``err``; 0 for an abstaining answer too.

    Raises:
        DebateError: The question, a speaker, the thread, the transcript or the data folder is no good.
    """
    question = checked_question(question)
    with open_session(place, thread) as session:
        answer = session.assistant.ask(
            question, thread=session.thread, speakers=speakers, create=session.thread is None
        )
        if session.unsaved is not None:
            answer = answer.model_copy(update={"thread": session.thread})
        if as_json:
            out.write(answer.model_dump_json(indent=2) + "\n")
        else:
            from ui.cli.terminal import print_answer

            print_answer(answer, session.assistant.debate.transcript.speakers, out)
        out.flush()
        language = answer.language
        labels = (word("continue", language), word("unsaved", language))
        tell_where_to_go_on(session, answer.thread, place, labels, err)
    return 0
