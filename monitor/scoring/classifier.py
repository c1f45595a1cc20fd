"""A text classifier in a folder, as anybody can export one: loaded, tried out, and asked.

The folder holds `model.onnx` or `onnx/model.onnx`, `tokenizer.json` and `config.json`: a graph and two tables of
data; nothing of the model's is ever run as code. ONNX Runtime and tokenizers are imported here alone, and only when
a model is loaded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from monitor.scoring.hub import GRAPHS, TABLES, WEIGHTS, Unusable, graph_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = structlog.get_logger(__name__)

EXPORT = "write such a folder with `optimum-cli export onnx --model {} FOLDER` and name it here"
FED = ("input_ids", "attention_mask", "token_type_ids")
CHARACTERS = 16
"""Of a text, no more than this for each word piece is looked at."""
ALIKE = 5e-5
"""Figures that differ by less are the same to four decimals."""


class Classifier:
    """The model of a folder, loaded and tried out. Safe to ask from several threads.

    `labels` are its classes in the model's own words; `digest` is a short hash of all that makes its figures.
    Raises Unusable naming what is missing, no classifier, or does not run.
    """

    def __init__(
        self, folder: Path, *, called: str, batch: int = 16, max_tokens: int = 256, threads: int = 0
    ) -> None:
        graph = graph_in(folder)
        if graph is None:
            raise Unusable("model", f"{called} has neither {' nor '.join(GRAPHS)}: {EXPORT.format(called)}")
        config = _table(folder, "config.json", called)
        named = config.get("architectures")
        kinds = [str(kind) for kind in named] if isinstance(named, list) else []
        if kinds and not any(kind.endswith("ForSequenceClassification") for kind in kinds):
            raise Unusable("model", f"{called} is no text classifier but a {kinds[0]}: name one that is")
        if config.get("problem_type") == "regression":
            raise Unusable("model", f"{called} gives a figure and no classes: name a text classifier")
        self._called = called
        self._batch, self._max_tokens = batch, max_tokens
        self._each_by_itself = config.get("problem_type") == "multi_label_classification"
        pad = config.get("pad_token_id")
        self._pad = pad if isinstance(pad, int) else 0
        self._tokenizer = self._tokenizer_of(folder)
        self._session = self._session_of(graph, threads)
        self._kinds = {one.name: one.type for one in self._session.get_inputs()}
        self._wanted = [one.name for one in self._session.get_outputs()]
        if "input_ids" not in self._kinds or self._kinds.keys() - set(FED):
            raise Unusable(
                "model",
                f"{called} wants {', '.join(self._kinds)}, where a text classifier takes {', '.join(FED)}",
            )
        self.labels = self._tried_out(_labels(config))
        self.digest = _digest([graph, *(folder / name for name in (*TABLES, *WEIGHTS))])

    def shares(self, texts: Sequence[str]) -> list[list[float] | None]:
        """For each text the probability of each label, 0 to 1; None where the model has nothing to say."""
        pieces = self._pieces(texts)
        found: list[list[float] | None] = [None] * len(texts)
        # texts of like length together: hardly anything is padded
        order = sorted(
            (place for place, ids in enumerate(pieces) if ids), key=lambda place: len(pieces[place])
        )
        for start in range(0, len(order), self._batch):
            places = order[start : start + self._batch]
            for place, row in zip(places, self._rows([pieces[place] for place in places]), strict=True):
                found[place] = row
        return found

    def _rows(self, pieces: Sequence[Sequence[int]]) -> list[list[float] | None]:
        """A text that the model fails on takes no other with it."""
        try:
            shares = self._asked(pieces)
        except Exception as fault:  # noqa: BLE001 (the runtime's faults have no common name)
            if len(pieces) > 1:
                return [row for one in pieces for row in self._rows([one])]
            log.warning("the model failed on a text", model=self._called, error=_first_line(fault))
            return [None]
        return [None if any(share != share for share in row) else row for row in shares.tolist()]

    def _asked(self, pieces: Sequence[Sequence[int]]) -> NDArray[Any]:
        """One run of the model: (texts, labels). Raises whatever the runtime raises."""
        import numpy as np

        longest = max(map(len, pieces))
        ids = np.full((len(pieces), longest), self._pad, np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(pieces):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        fed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        exact = {
            name: fed[name].astype(np.int32) if kind == "tensor(int32)" else fed[name]
            for name, kind in self._kinds.items()
        }
        output = "logits" if "logits" in self._wanted else self._wanted[0]
        logits = np.asarray(self._session.run([output], exact)[0], np.float64)
        if logits.ndim != 2 or len(logits) != len(pieces):
            raise Unusable(
                "model", f"{self._called} is no text classifier: it gives {logits.shape} for a text"
            )
        if self._each_by_itself or logits.shape[1] == 1:
            return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))))
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Each text as the numbers of its word pieces. Lone surrogates are no text to the tokenizer."""
        most = self._max_tokens * CHARACTERS
        cut = [text[:most].encode("utf-8", "replace").decode("utf-8") for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch(cut)]

    def _tried_out(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        """See that it runs on short and longest texts, and how many classes it tells apart.

        Where company changes a text's figure (weights rounded as they go, no mask), texts go one by one.
        """
        import numpy as np

        short, long = self._pieces(
            ["Nobody called me back.", "they never called me back " * self._max_tokens]
        )
        if not short or not long:
            raise Unusable("model", f"{self._called} reads no words: its tokenizer.json is another model's")
        try:
            alone = self._asked([short])
        except Unusable:
            raise
        except Exception as fault:  # noqa: BLE001 (the runtime's faults have no common name)
            raise Unusable(
                "model", f"{self._called} does not run: {_first_line(fault)}; {EXPORT.format('MODEL')}"
            ) from None
        try:
            self._asked([long])
        except Exception as fault:  # noqa: BLE001
            raise Unusable(
                "max_tokens",
                f"{self._called} cannot read {len(long)} word pieces ({_first_line(fault)}): set a smaller number",
            ) from None
        try:
            steady = np.abs(self._asked([short, long])[0] - alone[0]).max() < ALIKE
        except Exception:  # noqa: BLE001
            steady = False
        if not steady:
            self._batch = 1
        width = alone.shape[1]
        labels = labels or tuple(f"LABEL_{number}" for number in range(width))
        if len(labels) != width:
            raise Unusable(
                "model",
                f"{self._called} tells {width} classes apart, but its config.json names {len(labels)}",
            )
        return labels

    def _tokenizer_of(self, folder: Path) -> Any:
        from tokenizers import Tokenizer

        _table(folder, "tokenizer.json", self._called)
        try:
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            tokenizer.no_padding()
            tokenizer.enable_truncation(self._max_tokens)
        except Exception as fault:  # noqa: BLE001 (tokenizers raises nothing more exact)
            raise Unusable(
                "model", f"the tokenizer.json of {self._called} does not load: {_first_line(fault)}"
            ) from None
        return tokenizer

    def _session_of(self, graph: Path, threads: int) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 4  # faults come as exceptions, and are told once
        try:
            return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        except Exception as fault:  # noqa: BLE001 (the runtime's faults have no common name)
            raise Unusable(
                "model",
                f"{graph} does not load: {_first_line(fault)}. Where it was cut short, delete it and fetch it again",
            ) from None


def _table(folder: Path, name: str, called: str) -> dict[str, Any]:
    try:
        found = json.loads((folder / name).read_bytes())
    except FileNotFoundError:
        raise Unusable("model", f"{called} has no {name}: {EXPORT.format(called)}") from None
    except (OSError, ValueError, RecursionError) as fault:
        raise Unusable("model", f"the {name} of {called} cannot be read: {fault}") from None
    if not isinstance(found, dict):
        raise Unusable("model", f"the {name} of {called} is no table")
    return found


def _labels(config: dict[str, Any]) -> tuple[str, ...]:
    """In the order of the model's figures; none where the table names none."""
    named = config.get("id2label")
    if not isinstance(named, dict) or not all(str(key).isdecimal() for key in named):
        return ()
    return tuple(str(named[key]) for key in sorted(named, key=int))


def _digest(files: Sequence[Path]) -> str:
    whole = hashlib.sha256()
    for path in files:
        if path.is_file():
            with path.open("rb") as file:
                whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()[:8]


def _first_line(fault: Exception) -> str:
    return (str(fault).strip() or type(fault).__name__).splitlines()[0][:200]
