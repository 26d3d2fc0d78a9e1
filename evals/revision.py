"""Which product a run measured: the commit, and a hash of the files when they are not those of the commit.

>>> revision() == revision()
True
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
# what can change an answer; scorers and reports cannot
_MEASURED = ("corpus", "index", "assistant", "evals/systems.py", "evals/peers")
_LEFT_OUT = ("__pycache__", "tests")


def revision() -> str:
    """The short commit; "<commit>+<hash>" when measured files differ from it; "<hash>" outside a repository."""
    commit = _git("rev-parse", "--short", "HEAD")
    if commit is None:
        return digest()
    changed = _git("status", "--porcelain", "--untracked-files=all", "--", *_MEASURED)
    return commit if changed == "" else f"{commit}+{digest()}"


def digest() -> str:
    """Eight hexadecimal digits over the measured files, names and bytes."""
    total = hashlib.sha256()
    for name in _MEASURED:
        path = ROOT / name
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.is_file() and not any(part in _LEFT_OUT for part in file.relative_to(ROOT).parts):
                total.update(file.relative_to(ROOT).as_posix().encode() + b"\0")
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:8]


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
