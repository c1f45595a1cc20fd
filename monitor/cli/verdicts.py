"""A verdict as `--json` tells it, the same in every command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.core.model import Evidence, Verdict


def judged(verdict: Verdict) -> dict[str, Any]:
    """How sure, is it one, how bad, and why."""
    return {
        "complaint": round(verdict.complaint, 4),
        "is_complaint": verdict.is_complaint,
        "severity": verdict.severity,
        "reasons": list(verdict.reasons),
    }


def broke(verdict: Verdict) -> Sequence[Evidence]:
    """The broken expectations, most important first. What is no complaint broke none: those that were found in it are
    kept for the desk, should it say that it is one after all."""
    return verdict.expectations if verdict.is_complaint else ()


def broken(verdict: Verdict) -> list[dict[str, str]]:
    """The broken expectations with the words that show each; empty for what is no complaint."""
    return [{"key": item.signal, "evidence": item.words} for item in broke(verdict)]
