"""A verdict as `--json` tells it, the same in every command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.core.model import Verdict


def judged(verdict: Verdict) -> dict[str, Any]:
    """How sure, is it one, how bad, and why."""
    return {
        "complaint": round(verdict.complaint, 4),
        "is_complaint": verdict.is_complaint,
        "severity": verdict.severity,
        "reasons": list(verdict.reasons),
    }


def broken(verdict: Verdict) -> list[dict[str, str]]:
    """The broken expectations with the words that show each, most important first."""
    return [{"key": item.signal, "evidence": item.words} for item in verdict.expectations]
