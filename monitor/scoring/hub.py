"""Where a model lies: a folder of one's own, or the hub's copy, fetched once and from then on read without the network.

Only what is data is fetched: a graph, its weights, two tables. huggingface_hub is imported here alone, and only for
a model that is no folder.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from pathlib import Path

import structlog

from monitor.core.errors import MonitorError

log = structlog.get_logger(__name__)

GRAPHS = ("model.onnx", "onnx/model.onnx")
TABLES = ("config.json", "tokenizer.json")
WEIGHTS = tuple(f"{graph}_data" for graph in GRAPHS)
"""Weights beyond 2 GB stand beside their graph."""
ON_THE_HUB = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


class Unusable(Exception):
    """The model cannot be used. `key` is the setting to change."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def find(model: str, revision: str | None, folder: Path) -> Path:
    """The model's folder: `model` as a path from `folder` where there is one, else the hub's model of that name.

    Raises Unusable; MonitorError when the hub was needed and did not answer.
    """
    own = folder / Path(model).expanduser()
    if own.is_dir():
        if revision is not None:
            raise Unusable("revision", f"is for models of the hub, and {own} is a folder: take it out")
        return own
    if own.exists():
        raise Unusable("model", f"{own} is a file: name the folder that holds model.onnx")
    if not ON_THE_HUB.fullmatch(model):
        raise Unusable("model", f"there is no folder {own} (a model of the hub is written owner/name)")
    return _from_hub(model, revision, own)


def _from_hub(model: str, revision: str | None, own: Path) -> Path:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    import huggingface_hub as hub
    from huggingface_hub import errors
    from huggingface_hub.utils.tqdm import disable_progress_bars

    # its advice on accounts and speed is none of the reader's business
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    wanted = [*TABLES, *GRAPHS, *WEIGHTS]
    try:
        kept = Path(
            hub.snapshot_download(model, revision=revision, allow_patterns=wanted, local_files_only=True)
        )
        if graph_in(kept) and all((kept / name).is_file() for name in TABLES):
            return kept
    except errors.LocalEntryNotFoundError:
        pass  # never fetched
    if not sys.stderr.isatty():
        disable_progress_bars()
    log.warning("fetching a model from the hub", model=model, revision=revision)
    try:
        return Path(hub.snapshot_download(model, revision=revision, allow_patterns=wanted))
    except errors.GatedRepoError:
        raise Unusable("model", f"the hub gives {model} only to people it knows: set HF_TOKEN") from None
    except errors.RevisionNotFoundError:
        raise Unusable("revision", f"{model} has no revision {revision!r} on the hub") from None
    except errors.RepositoryNotFoundError:
        raise Unusable(
            "model",
            f"there is no folder {own}, and the hub shows no model {model} (a private one needs HF_TOKEN)",
        ) from None
    except Exception as fault:  # noqa: BLE001 (the network's faults have no common name)
        told = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        raise MonitorError(
            f"the model {model} could not be fetched from the hub: {told}. Try again, or name a folder in "
            "scoring.transformer.model"
        ) from None


def graph_in(folder: Path) -> Path | None:
    return next((folder / name for name in GRAPHS if (folder / name).is_file()), None)
