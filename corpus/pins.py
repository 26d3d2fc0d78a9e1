"""Files that ship and must not change unseen: each folder's ``manifest.json`` holds their SHA-256.

    {"files": {"annotations.json": "9f…", "transcript.txt": "a1…"}}

Checked when a file is opened, and by `debate doctor`. Whoever changes one on purpose writes its hash anew:

    python -m corpus.pins corpus/data/ai-bubble-2025-11-15 index/weights/static assistant
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from corpus.errors import DebateError

MANIFEST = "manifest.json"


class PinError(DebateError):
    """A file that ships is not what its manifest names."""


def check(path: Path, data: bytes | None = None) -> None:
    """Raise PinError when the manifest in a file's folder names another hash; nothing where none names the file.

    Args:
        data: the file's bytes, where they have been read.
    """
    pinned = _pins(path.parent).get(path.name)
    if pinned is not None and hashlib.sha256(path.read_bytes() if data is None else data).hexdigest() != pinned:
        raise PinError(
            f"{path} is not the file that its manifest names: it was altered or is damaged; install again, or, if the "
            f"change is meant, run `python -m corpus.pins {path.parent}`."
        )


def changed(folder: Path) -> list[Path]:
    """The files of a folder that are missing or are not what its manifest names."""
    wrong = []
    for name, digest in _pins(folder).items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            wrong.append(path)
    return wrong


def pin(folder: Path) -> None:
    """Write the hashes of the files that a folder's manifest names as they are now."""
    path = folder / MANIFEST
    document = json.loads(path.read_text(encoding="utf-8"))
    document["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in document["files"]}
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _pins(folder: Path) -> dict[str, str]:
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {str(name): str(digest) for name, digest in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PinError(f"{path} is damaged ({error}); install again.") from error


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        pin(Path(argument))
