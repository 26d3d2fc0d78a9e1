"""What a library costs: debates made from real speech patterns are imported, opened by a new process, and asked.

    python -m evals scale                        # 20 debates of about 30,000 words, by the quick encoder
    python -m evals scale --debates 5 --encode   # by the encoder that is meant, which takes its time

Turns keep the lengths and the sentences the shapes of the written debates; a third of the words of each sentence are
exchanged for words from elsewhere, so that no two sentences, and no two vectors, are alike. Nothing is calculated from
something smaller: what a hundred debates take is printed only when a hundred were made.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from corpus.readers.report import count_words
from evals.written import Written, all_written
from index.encoder import STATIC

_PEOPLE = 6
_EXCHANGED = 0.33  # of the words of a sentence
_ROOT = Path(__file__).parents[1]


def made_debate(number: int, words: int, material: Sequence[Written]) -> str:
    """A transcript of about so many words; the same for the same number."""
    chance = random.Random(number)
    first = ("Ada", "Ben", "Cleo", "Dov", "Esme", "Finn", "Gita", "Hugo", "Iris", "Jon")
    last = ("Moss", "Quill", "Renn", "Stroud", "Tarn", "Udall", "Voss", "Wray", "Yarrow", "Zell")
    people = [f"{chance.choice(first)} {surname}" for surname in chance.sample(last, _PEOPLE)]
    lexicon = [w for d in material for _, said in d.turns for s in said for w in re.findall(r"[a-z]{5,}", s)]
    lines = [f"Meeting {number}", f"Date: {2000 + number // 12}-{number % 12 + 1:02d}-15", ""]
    count, at = 0, 0
    while count < words:
        _, said = chance.choice(chance.choice(material).turns)
        text = " ".join(_exchanged(sentence, lexicon, chance) for sentence in said)
        lines += [f"{people[at % _PEOPLE]}: {text}", ""]
        count += len(text.split())
        at += chance.randint(1, _PEOPLE - 1)
    return "\n".join(lines)


def _exchanged(sentence: str, lexicon: Sequence[str], chance: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        return chance.choice(lexicon) if chance.random() < _EXCHANGED else match[0]

    return re.sub(r"\b[a-z]{4,}\b", other, sentence)


def questions(count: int, material: Sequence[Written]) -> list[str]:
    """Questions as people ask them, of the material that the debates were made from."""
    asked = [a.question for d in material for a in d.asked if a.language == "en"]
    return random.Random(0).sample(asked, count)


def measure_asking(folder: Path, encoder: str | None, count: int) -> dict[str, float]:
    """In a process of its own: the first answer in s; warm ones over all and in one, in ms; memory in MB."""
    from assistant.library.library import Library

    asked = questions(count + 1, [d for d in all_written() if d.language == "en"][:40])
    material_read, worked = time.perf_counter(), time.process_time()
    with Library.open(folder, encoder=encoder) as library:
        library.answer(asked[0])
        first, first_cpu = time.perf_counter() - material_read, time.process_time() - worked
        one = library.debates[0].id
        library.answer(asked[0], [one])
        spent: dict[str, list[float]] = {"all": [], "one": [], "all_cpu": [], "one_cpu": []}
        for question in asked[1:]:
            for name, within in (("all", None), ("one", [one])):
                start, worked = time.perf_counter(), time.process_time()
                library.answer(question, within)
                spent[name].append((time.perf_counter() - start) * 1000)
                spent[f"{name}_cpu"].append((time.process_time() - worked) * 1000)
    peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))[1])  # type: ignore[index]
    figures = {f"{name}_p{p}": float(np.percentile(rows, p)) for name, rows in spent.items() for p in (50, 95)}
    return {"first_s": first, "first_cpu": first_cpu, "memory_mb": peak / 1024, **figures}


def print_scale(out: TextIO, *, debates: int, words: int, asked: int, encode: bool) -> None:
    """Make, import, ask; a table.

    Args:
        encode: whether the encoder that is meant makes the vectors, and not the quick one.
    """
    from assistant.library.library import Library

    material = [d for d in all_written() if d.language == "en"][:40]
    encoder = None if encode else str(STATIC)
    with tempfile.TemporaryDirectory() as place:
        folder, spoken, sentences, spent = Path(place), 0, 0, 0.0
        with Library.open(folder / "home", encoder=encoder) as library:
            for number in range(debates):
                text = made_debate(number, words, material)
                path = folder / f"meeting-{number:03d}.txt"
                path.write_text(text, encoding="utf-8")
                start = time.process_time()
                shelved, _ = library.add(path)
                spent += time.process_time() - start
                spoken += count_words(text)
                sentences += library.store.count_sentences(shelved.sha256)
        disk = sum(file.stat().st_size for file in (folder / "home").rglob("*") if file.is_file())
        told = _in_a_new_process(folder / "home", encoder, asked)
    rows = (
        ("debates", f"{debates}"),
        ("words", f"{spoken:,}"),
        ("sentences", f"{sentences:,}"),
        ("encoder", "the one that is meant" if encode else "quick (static)"),
        ("import, words a second of processor time", f"{spoken / spent:,.0f}"),
        ("first answer over all, s (processor)", f"{told['first_s']:.1f} ({told['first_cpu']:.1f})"),
        ("warm, in one, p50 / p95 ms", _pair(told, "one")),
        ("the same in processor time", _pair(told, "one_cpu")),
        ("warm, over all, p50 / p95 ms", _pair(told, "all")),
        ("the same in processor time", _pair(told, "all_cpu")),
        ("peak memory, MB", f"{told['memory_mb']:.0f}"),
        ("disk, MB", f"{disk / 1e6:.0f}"),
    )
    out.write("| | |\n|---|---:|\n" + "".join(f"| {name} | {value} |\n" for name, value in rows))


def _pair(told: dict[str, Any], name: str) -> str:
    return f"{told[f'{name}_p50']:.0f} / {told[f'{name}_p95']:.0f}"


def _in_a_new_process(folder: Path, encoder: str | None, asked: int) -> dict[str, Any]:
    code = (
        "import json, sys; from pathlib import Path; from evals.scale import measure_asking; "
        "print(json.dumps(measure_asking(Path(sys.argv[1]), sys.argv[2] or None, int(sys.argv[3]))))"
    )
    command = [sys.executable, "-c", code, str(folder), encoder or "", str(asked)]
    calm = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # as `debate serve` runs
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True, env=calm)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
