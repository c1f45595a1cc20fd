"""The log of all calls: what was asked, what was answered, and what truly was stored."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from alerts.testing.faults import Fault


class CallLog:
    """`lines` as they came; with a path, each is in the file before its answer goes out."""

    def __init__(self, path: Path | None, writes: tuple[str, ...]) -> None:
        self.lines: list[dict[str, Any]] = []
        self._path = path
        self._writes = writes
        self._file: TextIO | None = None

    def open(self) -> None:
        if self._path is not None:
            self._file = self._path.open("a", encoding="utf-8")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def note(
        self, at: float, method: str, body: dict[str, Any], reply: dict[str, Any], fault: Fault | None
    ) -> None:
        line = {
            "n": len(self.lines),
            "at": at,
            "method": method,
            "body": body,
            "stored": bool(reply["ok"]) and method in self._writes,
            "ts": reply.get("ts"),
            "answer": "ok" if reply["ok"] else reply["error"],
            "fault": str(fault) if fault else None,
        }
        self.lines.append(line)
        if self._file is not None:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()


def read_log(path: Path) -> list[dict[str, Any]]:
    """Every whole line of a log."""
    return [
        json.loads(line) for line in path.read_text("utf-8").splitlines(keepends=True) if line[-1] == "\n"
    ]


def stored_posts(calls: Iterable[dict[str, Any]]) -> Counter[str]:
    """How often each delivery was stored by a post, by its delivery id: 0 is lost, 2 is doubled."""
    found: Counter[str] = Counter()
    for call in calls:
        if call["method"] == "chat.postMessage" and call["stored"]:
            metadata = call["body"].get("metadata") or {}
            payload = (json.loads(metadata) if isinstance(metadata, str) else metadata).get("event_payload")
            found[(payload or {}).get("delivery_id", "")] += 1
    return found
