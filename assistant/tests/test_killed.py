"""What a kill in the middle of an index build leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from assistant.api import Assistant

ROOT = Path(__file__).parents[2]
BUILD = """
import sys
from assistant.api import Assistant
with Assistant.open(data=sys.argv[1], light=True) as assistant:
    print("ready", flush=True)
    assistant.rebuild_index()
"""


def test_killed_twenty_times_while_building_the_next_question_is_answered_and_nothing_is_lost(tmp_path: Path) -> None:
    with Assistant.open(data=tmp_path, light=True) as assistant:
        thread = assistant.ask("Rob 怎么看 GPU 折旧?").thread
    assert thread is not None
    for attempt in range(20):
        process = subprocess.Popen(
            [sys.executable, "-c", BUILD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        if attempt >= 4:  # the first four are killed while the vectors are made, the others while Chroma is filled
            assert process.stdout.readline() == b"ready\n"
        time.sleep(0.15 * (attempt % 10))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    with Assistant.open(data=tmp_path, light=True) as assistant:
        assert assistant.ask("谁提到了谷歌的 TPU?").quotes[0].speaker == "Ethan Xu"
        assert len(assistant.thread(thread)) == 1
        assistant.rebuild_index()
        assert assistant.index_state == "chroma"
        assert assistant.ask("谁提到了谷歌的 TPU?").quotes[0].speaker == "Ethan Xu"
