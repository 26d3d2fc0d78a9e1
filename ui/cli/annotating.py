"""`debate annotate`: a chat model's notes on a transcript, with a progress bar where somebody is looking."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from ui.cli.indexing import bar
from ui.errors import UsageError


def annotate(path: Path, model: str | None, *, force: bool, out: TextIO, err: TextIO) -> int:
    """Write the notes and say what there is of them; 1 when some steps came to nothing.

    Raises:
        UsageError: No model is configured.
        DebateError: The transcript, the model or the notes that are there already are no good.
    """
    from assistant.logs import set_up
    from assistant.models.annotator import annotate as annotate_transcript
    from assistant.models.chat import open_model

    set_up()
    chat = open_model(model)
    if chat is None:
        raise UsageError("Notes need a chat model; name one by --model or DEBATE_MODEL, such as openai:gpt-5-mini.")
    with bar(err, "notes") as progress:
        report = annotate_transcript(path, chat, force=force, progress=progress)
    out.write(
        f"{report.path}\n{report.sentences} sentences, {report.questions} questions, {report.stances} stances, "
        f"{report.figures} figures; {report.dropped} items did not hold and were dropped\n"
    )
    if report.usage is not None and report.usage.input_tokens is not None:
        cost = f", {report.usage.cost_usd:.4f} USD" if report.usage.cost_usd is not None else ""
        out.write(
            f"{report.usage.calls} calls, {report.usage.input_tokens:,} + {report.usage.output_tokens:,} tokens{cost}\n"
        )
    if report.skipped:
        out.write(f"{report.skipped} steps came to nothing; run the same command again to fill them\n")
    return 1 if report.skipped else 0
