"""Other systems beside ours on debates that nobody annotated: what is found at an equal budget, and what it costs.

    python -m evals peers                # short debates, and ten joined into a long one
    python -m evals peers --held-out     # the same among those that our weights were not fitted on

Short: of the written debates that are neither sealed nor looked at the longest English one, the longest Chinese one and
the one with most speakers. They are too short to tell index times apart, so the ten longest English ones joined make a
long transcript, and the ten longest Chinese ones another. Our weights were fitted on these very debates, as nobody
else's were: ``--held-out`` chooses alike among those that are looked at. (The means of the encoder that ships, which
every row of e5 shares, are of both.)

Rows: ours, LangChain's recursive splitter with Chroma, LlamaIndex and Haystack in their documented defaults, each with
all-MiniLM-L6-v2 and with the multilingual-e5-small that ships (our ONNX file, prompts and means, so that the others
get questions across languages for free; both read 256 tokens of a text), and BM25 over windows of five sentences. Each
row runs in a process of its own, with the libraries imported and warmed beforehand.

Everything handed over counts as the sentences of which it holds at least half, best first, until a budget is full.
Ours hands over what it quotes, then what it considered; a chunk, its sentences as they stand. A hit is a sentence that
answers. "As told": what a reader gets without a budget, with our abstentions as misses. "Right": how much of what fits
1,000 characters is whole sentences whose speaker is told, by name or by a label in the same chunk. A Chinese
character counts for three, as the same talk takes a third as many.
"""

from __future__ import annotations

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from uuid import uuid4

from corpus.errors import DebateError
from corpus.parse import transcript_from_turns
from corpus.types import Transcript
from evals.errors import SystemUnavailableError
from evals.ground import Ground
from evals.peers.bm25 import tokens
from evals.peers.chunks import locate, sentences_in
from evals.peers.langchain import CHUNK, OVERLAP
from evals.peers.minilm import minilm_folder
from evals.workers import peak_memory_mb
from evals.written import Written, all_written

if TYPE_CHECKING:
    from index.types import Encoder

SENTENCES, CHARACTERS = 3, 1000  # the budgets
JOINED = 10  # debates in a long transcript
AROUND = 2  # sentences on either side in a window of BM25's
E5, MINILM, NONE = "e5-small", "MiniLM", "–"
_COLUMNS = (
    "Short: 3 sentences", "1,000 ch.", "Long: 3 sentences", "1,000 ch.", "1,000 ch. across", "As told", "its ch.",
    "Right", "Index s short", "long", "× ours", "p50 ms", "Peak MB",
)  # fmt: skip


class Question(NamedTuple):
    """What is asked of a transcript."""

    text: str
    across: bool  # asked in another language than the debate's
    gold: frozenset[str]  # ids of the sentences that answer, at least one


class Foreign(NamedTuple):
    """A transcript that nobody annotated, with questions that it answers."""

    transcript: Transcript
    questions: tuple[Question, ...]
    long: bool


class Piece(NamedTuple):
    """Words that a system hands over; a chunk of the raw text where it does not say whose they are."""

    text: str
    speaker: str | None = None


class Found(NamedTuple):
    """Pieces, best first; a reader is told the first ``told`` of them."""

    pieces: list[Piece]
    told: int


class Peer(Protocol):
    """A system with one transcript indexed."""

    def find(self, question: str) -> Found:
        """What it has to say."""
        ...


Opener = Callable[[Transcript], Peer]


class Given(NamedTuple):
    """A sentence that was handed over."""

    sentence: str  # id; "" for words that nobody said
    size: int  # characters, a Chinese one for three
    right: bool  # whole, and its speaker told


class Outcome(NamedTuple):
    """What a system did with one question."""

    question: Question
    long: bool
    given: tuple[Given, ...]  # best first, each sentence once
    told: tuple[Given, ...]
    latency_ms: float

    def hit(self, given: Iterable[Given]) -> bool:
        """Whether one of the sentences answers."""
        return any(one.sentence in self.question.gold for one in given)


class Row(NamedTuple):
    """One system with one encoder, measured; or why it was not."""

    system: str
    encoder: str
    outcomes: tuple[Outcome, ...] = ()
    index_s: tuple[float, float] = (0.0, 0.0)  # seconds, of the short transcripts together and of the long ones
    memory_mb: float | None = None
    unavailable: str = ""


class Ours:
    """The product on a file that it has never seen; nothing is kept."""

    def __init__(self, transcript: Transcript, encoder: str) -> None:
        from assistant import Assistant

        model = None if encoder == E5 else str(minilm_folder())
        with tempfile.TemporaryDirectory(prefix="debate-foreign-") as folder:
            path = Path(folder) / "foreign.txt"
            path.write_text(transcript.raw, encoding="utf-8", newline="\n")
            self._assistant = Assistant.open(path, save=False, encoder=model, model="none")

    def find(self, question: str) -> Found:
        """What is quoted, then what was considered."""
        answer = self._assistant.ask(question)
        transcript = self._assistant.debate.transcript
        quoted = [Piece(quote.text, quote.speaker) for quote in answer.quotes]
        considered = [Piece(transcript.sentence(e.sentence_id).text, e.speaker) for e in answer.evidence]
        return Found(quoted + considered, len(quoted))


class LangChainScript:
    """Recursive splitter, Chroma, the top 4 chunks of 1,000 characters."""

    def __init__(self, transcript: Transcript, encoder: str) -> None:
        """Raises: SystemUnavailableError: A library or the encoder is not installed."""
        try:
            from langchain_chroma import Chroma
            from langchain_core.embeddings import Embeddings
            from langchain_text_splitters import RecursiveCharacterTextSplitter
        except ImportError as error:
            raise _missing(error) from error
        model = _encoder(encoder)

        class Embedded(Embeddings):
            """Our encoder behind LangChain's interface."""

            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                """One vector per text."""
                vectors: list[list[float]] = model.encode(texts).tolist()
                return vectors

            def embed_query(self, text: str) -> list[float]:
                """The vector of a question."""
                vector: list[float] = model.encode([text], query=True)[0].tolist()
                return vector

        chunks = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP).split_text(transcript.raw)
        self._store: Any = Chroma.from_texts(chunks, Embedded(), collection_name=f"foreign-{uuid4()}")

    def find(self, question: str) -> Found:
        """The chunks nearest to the question."""
        found = [Piece(chunk.page_content) for chunk in self._store.similarity_search(question)]
        return Found(found, len(found))


class LlamaIndex:
    """Sentence splitter of 1,024 tokens, VectorStoreIndex, the 2 nearest nodes."""

    def __init__(self, transcript: Transcript, encoder: str) -> None:
        """Raises: SystemUnavailableError: A library or the encoder is not installed."""
        try:
            from llama_index.core import Document, MockEmbedding, QueryBundle, VectorStoreIndex
            from llama_index.core.node_parser import SentenceSplitter
        except ImportError as error:
            raise _missing(error) from error
        self._model, self._bundle = _encoder(encoder), QueryBundle
        nodes = SentenceSplitter().get_nodes_from_documents([Document(text=transcript.raw)])
        for node, vector in zip(nodes, self._model.encode([node.get_content() for node in nodes]), strict=True):
            node.embedding = vector.tolist()
        # Nodes and questions come with their vectors; the model that LlamaIndex wants to be given is never called.
        index: Any = VectorStoreIndex(nodes, embed_model=MockEmbedding(embed_dim=self._model.dimension))
        self._retriever: Any = index.as_retriever()

    def find(self, question: str) -> Found:
        """The nodes nearest to the question."""
        vector = self._model.encode([question], query=True)[0].tolist()
        nodes = self._retriever.retrieve(self._bundle(query_str=question, embedding=vector))
        return Found([Piece(one.node.get_content()) for one in nodes], len(nodes))


class Haystack:
    """DocumentSplitter of 200 words between spaces, in-memory store, the 10 nearest documents."""

    def __init__(self, transcript: Transcript, encoder: str) -> None:
        """Raises: SystemUnavailableError: A library or the encoder is not installed."""
        try:
            from haystack import Document
            from haystack.components.preprocessors import DocumentSplitter
            from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
            from haystack.document_stores.in_memory import InMemoryDocumentStore
        except ImportError as error:
            raise _missing(error) from error
        self._model = _encoder(encoder)
        store = InMemoryDocumentStore()
        pieces = DocumentSplitter().run(documents=[Document(content=transcript.raw)])["documents"]
        vectors = self._model.encode([piece.content for piece in pieces])
        store.write_documents(
            [Document(content=p.content, embedding=vector.tolist()) for p, vector in zip(pieces, vectors, strict=True)]
        )
        self._retriever: Any = InMemoryEmbeddingRetriever(document_store=store)

    def find(self, question: str) -> Found:
        """The documents nearest to the question."""
        vector = self._model.encode([question], query=True)[0].tolist()
        found = [Piece(one.content) for one in self._retriever.run(query_embedding=vector)["documents"]]
        return Found(found, len(found))


class BM25Windows:
    """BM25 over windows of sentences across turns, with the speakers' names; told are the best windows' middles."""

    def __init__(self, transcript: Transcript, encoder: str = NONE) -> None:
        """Raises: SystemUnavailableError: bm25s is not installed."""
        try:
            import bm25s
        except ImportError as error:
            raise _missing(error) from error
        names = [transcript.speaker_of(sentence.turn_id).name for sentence in transcript.sentences]
        texts = [sentence.text for sentence in transcript.sentences]
        self._pieces = [Piece(text, name) for text, name in zip(texts, names, strict=True)]
        windows = [slice(max(0, at - AROUND), at + AROUND + 1) for at in range(len(texts))]
        self._index: Any = bm25s.BM25()
        self._index.index(
            [tokens(" ".join([*dict.fromkeys(names[w]), *texts[w]])) or [""] for w in windows], show_progress=False
        )

    def find(self, question: str) -> Found:
        """The middle sentences of the windows that share most with the question."""
        known = [token for token in tokens(question) if token in self._index.vocab_dict]
        if not known:
            return Found([], 0)
        rows, scores = self._index.retrieve([known], k=min(50, len(self._pieces)), show_progress=False)
        found = [self._pieces[int(row)] for row, score in zip(rows[0], scores[0], strict=True) if score > 0]
        return Found(found, min(SENTENCES, len(found)))


SYSTEMS: dict[str, Callable[[Transcript, str], Peer]] = {
    "ours": Ours,
    "LangChain": LangChainScript,
    "LlamaIndex": LlamaIndex,
    "Haystack": Haystack,
    "BM25 windows": BM25Windows,
}


def _encoder(name: str) -> Encoder:
    from index.encoder import open_encoder

    return open_encoder(None if name == E5 else str(minilm_folder()))


def _missing(error: ImportError) -> SystemUnavailableError:
    return SystemUnavailableError(f"{error.name} is not installed; `pip install 'debate-assistant[peers]'`.")


def size(text: str) -> int:
    """Characters, a Chinese one for three.

    >>> size("GPU 能用几年?")
    17
    """
    return len(text) + 2 * sum("\u3400" <= c <= "\u9fff" for c in text)


def joined(debates: Sequence[Written], *, long: bool) -> Foreign:
    """One transcript of all the debates' turns, with the questions that it answers."""
    from evals.fit.weights import written_questions

    turns = [
        (name, ("" if debate.language == "zh" else " ").join(said)) for debate in debates for name, said in debate.turns
    ]
    transcript = transcript_from_turns(turns, "foreign")
    questions = [
        Question(known.question, asked.language != debate.language, known.sentences)
        for debate in debates
        for asked, known in zip(debate.asked, written_questions(debate, transcript), strict=True)
        if known.sentences  # else nothing answers, or its sentences are cut otherwise by the product
    ]
    return Foreign(transcript, tuple(questions), long)


def chosen(debates: Iterable[Written], *, held_out: bool = False) -> list[Foreign]:
    """The three short transcripts, then the two long ones.

    Args:
        held_out: choose among the debates that are looked at, instead of those that our weights are fitted on.
    """
    pool = sorted(
        (d for d in debates if not d.sealed and d.looked_at == held_out),
        key=lambda d: (-sum(size(sentence) for _, said in d.turns for sentence in said), d.name),
    )
    english, chinese = ([d for d in pool if d.language == language] for language in ("en", "zh"))
    first = [english[0], chinese[0]]
    most = min((d for d in pool if d not in first), key=lambda d: -len(d.speakers))  # the longest of several
    short = [joined([debate], long=False) for debate in (*first, most)]
    return [*short, *(joined(some[:JOINED], long=True) for some in (english, chinese))]


def given(pieces: Iterable[Piece], ground: Ground) -> Iterator[Given]:
    """The sentences that the pieces hold at least half of, in their order; each once."""
    transcript, seen = ground.transcript, set()
    for piece in pieces:
        if piece.speaker is None:
            spans = locate(transcript.raw, [piece.text])
        else:
            spans = [(place.start, place.end) for place in ground.spans(piece.speaker, piece.text)]
        if not spans:
            yield Given("", size(piece.text), False)
        for sentence in sentences_in(transcript, spans):
            if sentence.id not in seen:
                seen.add(sentence.id)
                whole = any(start <= sentence.start and sentence.end <= end for start, end in spans)
                label = transcript.raw.rfind(
                    transcript.speaker_of(sentence.turn_id).name, 0, transcript.turn(sentence.turn_id).start
                )
                told = piece.speaker is not None or any(start <= label for start, _ in spans)
                yield Given(sentence.id, size(sentence.text), whole and told)


def within(handed: Sequence[Given], characters: int) -> list[Given]:
    """The first sentences that together have no more characters."""
    taken: list[Given] = []
    left = characters
    for one in handed:
        left -= one.size
        if left < 0:
            break
        taken.append(one)
    return taken


def measure(open_peer: Opener, debates: Sequence[Foreign]) -> tuple[list[Outcome], tuple[float, float]]:
    """Every question's outcome, and the seconds that indexing took: short transcripts, long ones.

    Indexing loads the encoder too; the libraries are imported and the system is warmed before.
    """
    # long enough to be split, since some import on their first split what they split with
    turns = [("Ann", f"Is it later than {number}, and if it is, who will tell them?") for number in range(100)]
    open_peer(transcript_from_turns(turns, "warm")).find("How late is it?")
    outcomes: list[Outcome] = []
    index_s = [0.0, 0.0]
    for debate in debates:
        answered, seconds = _asked(open_peer, debate)
        outcomes += answered
        index_s[debate.long] += seconds
    return outcomes, (index_s[0], index_s[1])


def _asked(open_peer: Opener, debate: Foreign) -> tuple[list[Outcome], float]:
    """The outcomes of one transcript and the seconds that indexing it took; the index is gone afterwards."""
    started = time.perf_counter()
    peer = open_peer(debate.transcript)
    seconds = time.perf_counter() - started
    ground = Ground(debate.transcript)
    outcomes = []
    for question in debate.questions:
        started = time.perf_counter()
        found = peer.find(question.text)
        latency_ms = (time.perf_counter() - started) * 1000
        told = tuple(given(found.pieces[: found.told], ground))
        outcomes.append(Outcome(question, debate.long, tuple(given(found.pieces, ground)), told, latency_ms))
    return outcomes, seconds


def _row(system: str, encoder: str, debates: Sequence[Foreign]) -> Row:
    """One row; runs in a process of its own."""
    try:
        outcomes, index_s = measure(lambda transcript: SYSTEMS[system](transcript, encoder), debates)
    except DebateError as error:
        return Row(system, encoder, unavailable=str(error))
    return Row(system, encoder, tuple(outcomes), index_s, peak_memory_mb())


def rows(debates: Sequence[Foreign], progress: Callable[[int, int], None] | None = None) -> list[Row]:
    """All systems, one after the other."""
    # spawn: a forked copy would hold this process's memory, and threads that do not run
    context = multiprocessing.get_context("spawn")
    cells = [(s, e) for s in SYSTEMS for e in ((NONE,) if s == "BM25 windows" else (E5, MINILM))]
    measured = []
    for done, (system, encoder) in enumerate(cells, start=1):
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            measured.append(pool.submit(_row, system, encoder, debates).result())
        if progress is not None:
            progress(done, len(cells))
    return measured


def figures(row: Row, ours_s: float) -> list[str]:
    """One line of the table, in the order of its columns.

    Args:
        ours_s: Seconds that ours took to index the long transcripts.
    """
    short, long = ([o for o in row.outcomes if o.long == wanted] for wanted in (False, True))
    fitting = [one for o in row.outcomes for one in within(o.given, CHARACTERS)]

    def share(values: Iterable[bool]) -> str:
        counted = list(values)
        return f"{sum(counted) / len(counted):.2f}" if counted else "–"

    def at_budgets(outcomes: Sequence[Outcome]) -> list[str]:
        return [
            share(o.hit(o.given[:SENTENCES]) for o in outcomes),
            share(o.hit(within(o.given, CHARACTERS)) for o in outcomes),
        ]

    return [
        *at_budgets(short), *at_budgets(long),
        share(o.hit(within(o.given, CHARACTERS)) for o in long if o.question.across),
        share(o.hit(o.told) for o in long),
        f"{statistics.mean(sum(one.size for one in o.told) for o in long):,.0f}" if long else "–",
        share(one.right for one in fitting),
        f"{row.index_s[0]:.1f}", f"{row.index_s[1]:.1f}", f"{row.index_s[1] / ours_s:.2f}" if ours_s else "–",
        f"{statistics.median(o.latency_ms for o in row.outcomes):.1f}",
        "–" if row.memory_mb is None else f"{row.memory_mb:,.0f}",
    ]  # fmt: skip


def table(measured: Sequence[Row], debates: Sequence[Foreign]) -> str:
    """The rows as a Markdown table, with what could not run below it."""
    lines = [f"| System | Encoder | {' | '.join(_COLUMNS)} |", "|---|---|" + "---:|" * len(_COLUMNS)]
    notes = []
    for row in measured:
        if row.unavailable:
            why = "not installed" if "not installed" in row.unavailable else "not run"
            cells = [why, *["–"] * (len(_COLUMNS) - 1)]
            notes.append(f"{row.system} with {row.encoder} was not run: {row.unavailable}")
        else:
            cells = figures(row, measured[0].index_s[1])
        lines.append(f"| {row.system} | {row.encoder} | {' | '.join(cells)} |")
    for long in (False, True):
        some = [d for d in debates if d.long == long]
        asked = [question for d in some for question in d.questions]
        sentences = ", ".join(f"{len(d.transcript.sentences):,}" for d in some)
        notes.append(
            f"{'Long' if long else 'Short'}: {len(some)} transcripts of {sentences} sentences; {len(asked)} questions, "
            f"{sum(question.across for question in asked)} of them across languages."
        )
    return "\n".join((*lines, "", *(f"{note}  " for note in notes)))


def print_peers(*, held_out: bool = False, progress: Callable[[int, int], None] | None = None) -> None:
    """Measure all systems and print the table."""
    debates = chosen(all_written(), held_out=held_out)
    print(table(rows(debates, progress), debates))
