"""What reading costs: processor time and memory for synthetic transcripts, each read in a process of its own.

Words, speakers and turns are drawn from a seed; nothing of them means anything.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

SIZES = (25_000, 153_000, 460_000)  # words: a panel, a day of hearings, a week of parliament
_SPEAKERS, _TURN = 40, 60  # how many speak; words of a turn, on average
_READ = (
    "import resource, sys; from pathlib import Path; from corpus.parse import load_transcript;"
    "begun = sum(resource.getrusage(resource.RUSAGE_SELF)[:2]);"
    "transcript = load_transcript(Path(sys.argv[1])); used = resource.getrusage(resource.RUSAGE_SELF);"
    # What getrusage calls the most memory is inherited from the parent; Linux keeps the process's own beside it.
    "status = Path('/proc/self/status'); lines = status.read_text().split('\\n') if status.exists() else [];"
    "peak = next((int(line.split()[1]) for line in lines if line.startswith('VmHWM')), used.ru_maxrss);"
    "print(used.ru_utime + used.ru_stime - begun, peak / 1024, len(transcript.turns))"
)
Turns = list[tuple[str, str]]


class Cost(NamedTuple):
    """What one file cost."""

    form: str
    words: int
    seconds: float  # of the processor, imports not counted
    megabytes: float  # at most, the interpreter included
    turns: int


def costs(sizes: Sequence[int] = SIZES) -> list[Cost]:
    """Measure every form at every size."""
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for form, (name, write) in FORMS.items():
            for size in sizes:
                path = Path(folder) / f"{size}{name}"
                path.write_text(write(turns_of(size)), encoding="utf-8")
                run = subprocess.run(
                    [sys.executable, "-c", _READ, str(path)], check=True, capture_output=True, text=True,
                    cwd=Path(__file__).parents[1],
                )  # fmt: skip
                seconds, megabytes, turns = run.stdout.split()
                made.append(Cost(form, size, float(seconds), float(megabytes), int(turns)))
    return made


def turns_of(words: int, seed: int = 7) -> Turns:
    """Speaker and words of turns that hold ``words`` words together; always the same for one seed."""
    draw = random.Random(seed)
    vocabulary = [_word(draw) for _ in range(6000)]
    people = [f"{draw.choice(vocabulary)} {draw.choice(vocabulary)}a".title() for _ in range(_SPEAKERS)]
    turns: Turns = []
    left = words
    while left > 0:
        said = draw.choices(vocabulary, k=min(left, max(3, int(draw.expovariate(1 / _TURN)))))
        left -= len(said)
        turns.append((draw.choice(people), " ".join(_sentences(said, draw))))
    return turns


def _word(draw: random.Random) -> str:
    return "".join(draw.choice("bcdfglmnprst") + draw.choice("aeiou") for _ in range(draw.randint(1, 4)))


def _sentences(said: list[str], draw: random.Random) -> list[str]:
    made = []
    while said:
        size = draw.randint(4, 18)
        part, said = said[:size], said[size:]
        made.append(" ".join(part).capitalize() + ".")
    return made


def labelled(turns: Turns) -> str:
    """`Name: words` a paragraph."""
    return "\n\n".join(f"{name}: {text}" for name, text in turns) + "\n"


def webvtt(turns: Turns) -> str:
    """Cues of twelve words with a voice each."""
    cues, at = ["WEBVTT"], 0
    for name, text in turns:
        words = text.split()
        for start in range(0, len(words), 12):
            cues.append(f"{_stamp(at)} --> {_stamp(at + 4)}\n<v {name}>{' '.join(words[start : start + 12])}</v>")
            at += 4
    return "\n\n".join(cues) + "\n"


def _stamp(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000"


def as_json(turns: Turns) -> str:
    """Segments with a speaker and times."""
    segments = [{"speaker": n, "start": 4.0 * i, "end": 4.0 * i + 3, "text": t} for i, (n, t) in enumerate(turns)]
    return json.dumps({"segments": segments}, indent=1)


FORMS: dict[str, tuple[str, Callable[[Turns], str]]] = {
    "labelled text": (".txt", labelled),
    "WebVTT": (".vtt", webvtt),
    "JSON": (".json", as_json),
}


def table(measured: Sequence[Cost]) -> str:
    """The costs as a Markdown table."""
    lines = ["| Form | Words | Turns | CPU s | Peak MB |", "|---|---|---|---|---|"]
    lines += [f"| {c.form} | {c.words} | {c.turns} | {c.seconds:.1f} | {c.megabytes:.0f} |" for c in measured]
    return "\n".join(lines)
