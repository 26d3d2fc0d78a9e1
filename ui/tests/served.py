"""The real page over the real assistant, with two doors for trouble: run by the browser tests as a process.

    python ui/tests/served.py PORT DATA RUNS

"慢…" is answered slowly, "炸…" fails the first time it is asked; everything else is as shipped.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assistant import Assistant
from assistant.events import Event
from ui.serve import calm_threads, listen, run
from ui.settings import Settings
from ui.web.page import create_app

SLOW_S = 0.7  # between the steps of a slow answer


def main(port: int, data: Path, runs: Path) -> None:
    calm_threads()
    with Assistant.open(data=data, light=True) as assistant:
        plain, failed = assistant.stream, set[str]()

        def stream(question: str, *rest: Any, **more: Any) -> Iterator[Event]:
            if question.startswith("炸") and question not in failed:
                failed.add(question)
                raise RuntimeError("as asked")
            for event in plain(question, *rest, **more):
                if question.startswith("慢"):
                    time.sleep(SLOW_S)
                yield event

        assistant.stream = stream  # type: ignore[method-assign]
        run(create_app(assistant, settings=Settings(), runs=runs), listen("127.0.0.1", port))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
