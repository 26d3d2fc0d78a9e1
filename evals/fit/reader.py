"""Train the reader: a cross-encoder that says whether a sentence answers a question, and whether a quote supports a claim.

    python -m evals.fit.reader BASE OUT          # BASE: the encoder's sentence-transformers folder; OUT: a new folder

Six layers of the encoder with its embeddings frozen, two heads on the first token. Seeded; learns from written debates
that are not sealed and reports on a tenth of those that it keeps aside. Prints its progress; a step is some 32 pairs.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from evals.fit.lessons import Embed, Lesson, lessons_of
from evals.written import Written, all_written

LAYERS, LENGTH, BATCH, EPOCHS, RATE, SEED = 6, 112, 32, 2, 1e-4, 20261130


class Reader(nn.Module):
    """Token ids → (n, 2) logits: answers, supports."""

    def __init__(self, base: str | Path, layers: int = LAYERS) -> None:
        super().__init__()
        config = BertConfig.from_pretrained(base)
        config.num_hidden_layers = layers
        self.body = BertModel.from_pretrained(base, config=config, add_pooling_layer=False, attn_implementation="eager")
        self.heads = nn.Linear(config.hidden_size, 2)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Logits of both heads."""
        hidden = self.body(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask[..., None].to(hidden.dtype)
        return self.heads((hidden * mask).sum(1) / mask.sum(1))


def held_out(debate: Written) -> bool:
    """Whether a debate is kept aside while training: one in ten of those that are not sealed."""
    return sum(debate.name.encode()) % 10 == 0


def batches(lessons: Sequence[Lesson], tokenizer: Tokenizer, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    """Batches of pairs of similar length, in random order."""
    order = sorted(range(len(lessons)), key=lambda i: len(lessons[i].question) + len(lessons[i].passage) + rng.random() * 40)
    groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    rng.shuffle(groups)
    for group in groups:
        chosen = [lessons[i] for i in group]
        yield *encode(tokenizer, [(l.question, l.passage) for l in chosen]), chosen


def encode(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and mask of pairs."""
    encoded = tokenizer.encode_batch(list(pairs))
    return torch.tensor([e.ids for e in encoded]), torch.tensor([e.attention_mask for e in encoded])


def open_tokenizer(base: str | Path) -> Tokenizer:
    """The encoder's tokenizer, cut and padded as the reader wants it."""
    tokenizer = Tokenizer.from_file(str(Path(base) / "tokenizer.json"))
    tokenizer.enable_truncation(LENGTH, strategy="longest_first")
    tokenizer.enable_padding(pad_id=tokenizer.token_to_id("<pad>"), pad_token="<pad>")
    return tokenizer


def train(base: Path, out: Path, embed: Embed, say: Callable[[str], None] = print) -> None:
    """Train and write ``reader.pt`` and ``manifest.json``."""
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    debates = [d for d in all_written() if not d.sealed]
    lessons = [l for d in debates if not held_out(d) for l in lessons_of(d, embed, rng)]
    kept = [d for d in debates if held_out(d)]
    say(f"{len(debates) - len(kept)} debates, {len(lessons)} lessons; {len(kept)} debates kept aside")
    tokenizer = open_tokenizer(base)
    model = Reader(base)
    for parameter in model.body.embeddings.parameters():
        parameter.requires_grad = False
    decayed = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(decayed, lr=RATE, weight_decay=0.01)
    steps = EPOCHS * (-(-len(lessons) // BATCH))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.1, anneal_strategy="linear")
    step, began, lost = 0, time.monotonic(), 0.0
    for epoch in range(EPOCHS):
        model.train()
        for ids, mask, chosen in batches(lessons, tokenizer, rng):
            logits = model(ids, mask)
            heads = torch.tensor([l.head for l in chosen])
            labels = torch.tensor([l.label for l in chosen])
            weights = torch.tensor([l.weight for l in chosen])
            loss = nn.functional.binary_cross_entropy_with_logits(logits[range(len(chosen)), heads], labels, weights)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(decayed, 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            lost = 0.98 * lost + 0.02 * loss.item() if step > 1 else loss.item()
            if step % 50 == 0:
                left = (time.monotonic() - began) / step * (steps - step)
                say(f"epoch {epoch + 1}, step {step} of {steps}, loss {lost:.3f}, {left / 60:.0f} min left")
        out.mkdir(parents=True, exist_ok=True)
        torch.save({k: v for k, v in model.state_dict().items() if "embeddings.word" not in k}, out / "reader.pt")
        figures = evaluate(model, tokenizer, kept, embed)
        say(f"after epoch {epoch + 1}: {figures}")
        (out / "manifest.json").write_text(
            json.dumps({"layers": LAYERS, "seed": SEED, "epochs": epoch + 1, "lessons": len(lessons), "figures": figures}, indent=1)
        )


def evaluate(model: Reader, tokenizer: Tokenizer, debates: Sequence[Written], embed: Embed) -> dict[str, float]:
    """On debates that were kept aside: rank of the gold among the twenty nearest, and what the heads tell apart."""
    from evals.fit.lessons import _sentences

    model.eval()
    hits, base_hits, best, answerable, supports, faithful = [], [], [], [], [], []
    for debate in debates:
        ids, texts, passages = _sentences(debate)
        near = embed([a.question for a in debate.asked], True) @ embed(texts, False).T
        for asked, scores in zip(debate.asked, near, strict=True):
            order = np.argsort(-scores)[:20]
            logits = scored(model, tokenizer, [(asked.question, passages[at]) for at in order], 0)
            best.append(float(logits.max()))
            answerable.append(asked.kind not in ("miss", "open"))
            if answerable[-1]:
                hits.append(ids[order[int(logits.argmax())]] in asked.sentences)
                base_hits.append(ids[order[0]] in asked.sentences)
        for claim in debate.claimed:
            quoted = " ".join(debate.sentence(i) for i in claim.sentences)
            supports.append(float(scored(model, tokenizer, [(claim.claim, f"{claim.speaker}: « {quoted} »")], 1)[0]))
            faithful.append(claim.kind == "faithful")
    return {
        "questions": len(best), "hit_1_encoder": float(np.mean(base_hits)), "hit_1_reader": float(np.mean(hits)),
        "answerable_auroc": auroc(best, answerable), "supports_auroc": auroc(supports, faithful),
    }  # fmt: skip


def scored(model: Reader, tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]], head: int) -> NDArray[np.float32]:
    """Logits of one head, shape (n_pairs,)."""
    with torch.inference_mode():
        ids, mask = encode(tokenizer, pairs)
        return model(ids, mask)[:, head].numpy()


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """Probability that a positive scores above a negative, ties by half."""
    values, labels = np.asarray(scores), np.asarray(positive, dtype=bool)
    above = values[labels][:, None] - values[~labels][None, :]
    return float(np.mean((above > 0) + 0.5 * (above == 0))) if above.size else float("nan")


if __name__ == "__main__":
    from index.encoder import open_encoder

    encoder = open_encoder(sys.argv[1])
    train(Path(sys.argv[1]), Path(sys.argv[2]), lambda texts, query: encoder.encode(list(texts), query=query))
