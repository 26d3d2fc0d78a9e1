"""Imports run one way: corpus → index → assistant → ui, evals."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_IMPORT = {
    "corpus": {"corpus"},
    "index": {"corpus", "index"},
    "assistant": {"corpus", "index", "assistant"},
    "ui": {"corpus", "index", "assistant", "ui"},
    "evals": {"corpus", "index", "assistant", "evals"},
}
ONLY_HOME = {
    "sentence_transformers": ("index/encoder.py", "index/reader.py", "index/training/", "evals/peers/"),
    "chromadb": ("index/chroma.py", "evals/peers/", "ui/doctor.py"),
    "gradio": ("ui/",),
}


def imports_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("room", MAY_IMPORT)
@pytest.mark.slow
def test_no_import_climbs_to_a_later_room(room: str) -> None:
    files = list((ROOT / room).rglob("*.py"))
    assert files
    for path in files:
        climbed = imports_of(path) & set(MAY_IMPORT) - MAY_IMPORT[room]
        assert not climbed, f"{path.relative_to(ROOT)} imports {climbed}"


@pytest.mark.parametrize("library", ONLY_HOME)
@pytest.mark.slow
def test_a_heavy_library_is_imported_in_its_one_home_only(library: str) -> None:
    for room in MAY_IMPORT:
        for path in (ROOT / room).rglob("*.py"):
            where = path.relative_to(ROOT).as_posix()
            if "/tests/" not in where and library in imports_of(path):
                assert where.startswith(ONLY_HOME[library]), where
