"""Thinking aloud, left out of a stream: ``<think>…</think>``, as DeepSeek, Qwen and others write it first. Pure.

    thoughts = Thoughts()
    thoughts.feed("<think>so…</th")     # ("", False)
    thoughts.feed("ink>[t1.1] Yes.")    # ("[t1.1] Yes.", False)

Some templates open the thought themselves, so that only its end is seen: then all that came before was thought, and the
second value says so.
"""

from __future__ import annotations

import re

_TAG = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_BEGINS = re.compile(r"<[/a-zA-Z]{0,10}$")


class Thoughts:
    """Text in pieces → the same without thoughts."""

    def __init__(self) -> None:
        self._held, self._inside = "", False

    def feed(self, text: str) -> tuple[str, bool]:
        """What of it is for the reader, and whether all that was given out before was a thought."""
        text, self._held = self._held + text, ""
        if begins := _BEGINS.search(text):
            text, self._held = text[: begins.start()], text[begins.start() :]
        shown, anew, at = "", False, 0
        for tag in _TAG.finditer(text):
            if not self._inside:
                shown += text[at : tag.start()]
                if tag[1]:
                    shown, anew = "", True
            self._inside = not tag[1]
            at = tag.end()
        if not self._inside:
            shown += text[at:]
        return shown, anew
