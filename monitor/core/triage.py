"""From opinions to a verdict: is this a negative customer experience, and on which words it rests.

How bad it is stands in a table of reasons (`monitor.core.severity`). The same inputs always give the same verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import floor

from monitor.core.model import Mention, Opinion, Severity, Verdict
from monitor.core.severity import weigh
from monitor.core.severity_rules import PUT_RIGHT


class Sensitivity(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


THRESHOLDS = {Sensitivity.LOW: 0.65, Sensitivity.NORMAL: 0.475, Sensitivity.HIGH: 0.3}
"""A complaint opinion at or above this is a case. Low: few alerts, the sure ones. High: rather one too many."""

MEANING = {
    Sensitivity.LOW: "of 100 alerts about 80 are real, of 100 complaints about 51 are seen",
    Sensitivity.NORMAL: "of 100 alerts about 73 are real, of 100 complaints about 66 are seen",
    Sensitivity.HIGH: "of 100 alerts about 65 are real, of 100 complaints about 79 are seen",
}
"""Measured on nine public sets that nothing was trained on, words alone (docs/judgement.md)."""

KIND_WORDS = {"resolved", "thanks", "praise", "content", "wish", "job_or_news"}
"""Signals that speak against a complaint: no evidence for one."""

KINDS = {
    "wish": "a feature wish",
    "question": "a question",
    "bystander": "somebody who looks on",
    "news": "news",
    "own": "a post of the business itself",
    "repost": "words passed on",
    "job": "a job post",
    "spam": "an advertisement",
    "resolved": "a problem put right",
    "praise": "a good experience",
    "thanks": "thanks",
    "chat": "talk about something else",
    "irony": "irony about life",
    "info": "plain information",
}
"""What a mention can be that is no complaint, and how to say it."""

OWN_POST = "posted by the business itself"
REPOST = "passes on somebody else's words"
OFF_TOPIC = "does not name the business"


def figure(probability: float) -> str:
    """A figure as people see it: cut after three digits, as rounded up one below the line would seem to stand on it."""
    return f"{floor(round(probability * 1_000, 6)) / 1_000:.3f}"


def verdict(
    mention: Mention,
    opinions: Mapping[str, Opinion],
    *,
    threshold: float,
    own: bool = False,
    matched: bool = True,
) -> Verdict:
    """Weigh the opinions (by scorer name) on one mention.

    `own`: the author is the business. `matched`: the mention is about the business at all. Neither kind is
    ever a complaint, whatever the words.
    """
    judge = opinions["complaint"]
    probability = judge.value or 0.0
    vader, language = opinions.get("vader"), opinions.get("language")
    sentiment = vader.value if vader else None
    ruled_out = OWN_POST if own else REPOST if mention.repost else "" if matched else OFF_TOPIC
    complaint = probability >= threshold and not ruled_out
    broken, staff = (None, None) if ruled_out else (opinions.get("expectations"), opinions.get("staff"))
    kind = None if complaint else _kind(mention, opinions, own)
    severity: Severity | None = None
    reasons: tuple[str, ...] = ()
    if complaint:
        severity, reasons = weigh(
            probability,
            judge.signals,
            mention.rating,
            mention.reach,
            words=bool(mention.words.strip()),
            broken=[item.signal for item in broken.evidence] if broken else (),
        )
    elif ruled_out:
        reasons = (ruled_out,)
    elif "resolved" in judge.signals:
        reasons = (PUT_RIGHT,)
    elif kind and not judge.notes:
        reasons = (f"reads as {KINDS.get(kind, kind)}",)
    return Verdict(
        complaint=probability,
        is_complaint=complaint,
        severity=severity,
        reasons=(*reasons, *judge.notes),
        signals=judge.signals,
        evidence=tuple([e for e in judge.evidence if e.signal not in KIND_WORDS])
        if complaint
        else tuple(judge.evidence),
        sentiment=sentiment,
        language=language.label if language else mention.language,
        praise=not ruled_out and not complaint and "praise" in judge.signals,
        version=f"{judge.scorer}:{judge.version}",
        expectations=broken.evidence if broken else (),
        staff=tuple(dict.fromkeys(item.words for item in staff.evidence)) if staff else (),
        kind=kind,
    )


def _kind(mention: Mention, opinions: Mapping[str, Opinion], own: bool) -> str | None:
    """What it is that is no complaint: what is known for sure, then what the customer tells, then how it reads."""
    if own or mention.repost:
        return "own" if own else "repost"
    told, read = opinions["complaint"].signals, opinions.get("kind")
    if "resolved" in told:
        return "resolved"
    return (read.label if read else None) or ("praise" if "praise" in told else None)
