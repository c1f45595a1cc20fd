"""A text classifier of a few hundred numbers, written as an export writes one: graph, tokenizer, config.

What it finds is plain to see: each word has two figures, they are added up over the text, and the softmax of the sums
is the answer. Sour words speak for the first label, sweet ones for the second.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

SOUR = ("never", "waiting", "nobody", "cold", "refund", "promised")
SWEET = ("lovely", "thank", "best", "great", "kind")
PLAIN = ("[PAD]", "[UNK]", "they", "me", "called", "call", "coffee", "the", "back", "was", ".", "you")
WORDS = (*PLAIN, *SOUR, *SWEET)
LABELS = ("NEGATIVE", "POSITIVE")


def tiny_model(
    folder: Path,
    *,
    labels: Sequence[str] = LABELS,
    masked: bool = True,
    longest: int | None = None,
    under: str = "",
    seed: int = 1,
    **config: Any,
) -> Path:
    """Write the model into `folder`, its graph into the folder `under` that.

    `masked`: padding counts for nothing, as it should; else each text's figure depends on its company. `longest`:
    how many words it has places for; more of them break it.
    """
    (folder / under).mkdir(parents=True, exist_ok=True)
    onnx.save(_graph(len(labels), masked, longest, seed), folder / under / "model.onnx")
    _tokenizer().save(str(folder / "tokenizer.json"))
    named = {"id2label": {str(number): label for number, label in enumerate(labels)}}
    architecture = {"architectures": ["TinyForSequenceClassification"], "pad_token_id": 0}
    (folder / "config.json").write_text(json.dumps({**architecture, **named, **config}), "utf-8")
    return folder


def _graph(width: int, masked: bool, longest: int | None, seed: int) -> onnx.ModelProto:
    figures = np.random.default_rng(seed).normal(0, 0.05, (len(WORDS), width)).astype(np.float32)
    for column, words in enumerate((SOUR, SWEET)):
        figures[[WORDS.index(word) for word in words], column % width] += 1.0 if width > 1 else 1 - 2 * column
    figures[0] = -0.7  # what padding would say if it were heard
    figures[0, 0] = 0.7
    constants = {"figures": figures, "along": np.array([1]), "behind": np.array([2])}
    nodes = [helper.make_node("Gather", ["figures", "input_ids"], ["heard"])]
    feeds = ["input_ids", "attention_mask"] if masked else ["input_ids"]
    last = "heard"
    if longest is not None:
        constants |= {
            "places": np.zeros((longest, width), np.float32),
            "nought": np.array(0),
            "one": np.array(1),
        }
        nodes += [
            helper.make_node("Shape", ["input_ids"], ["shape"]),
            helper.make_node("Gather", ["shape", "one"], ["length"]),
            helper.make_node("Range", ["nought", "length", "one"], ["steps"]),
            helper.make_node("Gather", ["places", "steps"], ["placed"]),
            helper.make_node("Add", [last, "placed"], ["standing"]),
        ]
        last = "standing"
    if masked:
        nodes += [
            helper.make_node("Cast", ["attention_mask"], ["whether"], to=TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["whether", "behind"], ["mask"]),
            helper.make_node("Mul", [last, "mask"], ["counted"]),
        ]
        last = "counted"
    nodes.append(helper.make_node("ReduceSum", [last, "along"], ["logits"], keepdims=0))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "words"]) for name in feeds],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", width])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def _tokenizer() -> Tokenizer:
    numbers = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(numbers, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer
