"""From opinions to a verdict: is this a negative customer experience, how bad, and on which words it rests.

A table of reasons, not a formula: each line of the verdict can be read aloud to the support lead. The same
inputs always give the same verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from monitor.core.model import Mention, Opinion, Severity, Verdict


class Sensitivity(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


THRESHOLDS = {Sensitivity.LOW: 0.65, Sensitivity.NORMAL: 0.5, Sensitivity.HIGH: 0.35}
"""A complaint opinion at or above this is a case. Low: few alerts, the sure ones. High: rather one too many."""

MEANING = {
    Sensitivity.LOW: "of 100 alerts about 90 are real, of 100 complaints about 60 are seen",
    Sensitivity.NORMAL: "of 100 alerts about 80 are real, of 100 complaints about 75 are seen",
    Sensitivity.HIGH: "of 100 alerts about 70 are real, of 100 complaints about 85 are seen",
}
"""Measured on nine public sets that nothing was trained on, words alone (docs/judgement.md)."""

SURE = 0.7
WIDE_REACH = 10_000

CRITICAL = {
    "safety": "somebody's safety is at stake",
    "discrimination": "discrimination is alleged",
    "vulnerable": "a vulnerable customer is affected",
}
HIGH = {
    "legal_threat": "threatens to go to law or to a regulator",
    "press_threat": "threatens to tell the press or everybody",
    "promised_no_call": "was promised a call or an answer that never came",
    "repeat_contact": "it is not the first time",
    "charged_twice": "was charged twice or wrongly",
    "refund_refused": "wants money back and did not get it",
    "competitor": "is leaving for a competitor",
}
MEDIUM = {
    "still_waiting": "is still waiting",
    "no_response": "got no response",
    "on_hold": "was kept on hold, transferred or hung up on",
    "rude": "was treated rudely",
}

PLAIN = {
    "not_received": "did not get what was ordered",
    "scam": "feels cheated",
    "unhelpful": "was not helped",
    "not_working": "it does not work",
    "delayed": "it came late",
    "poor_quality": "it was of poor quality",
    "price": "finds the price unfair",
    "warning": "warns others off",
}
"""Reasons worth telling that do not raise the severity by themselves."""

KIND_WORDS = {"resolved", "thanks", "praise", "content", "wish", "job_or_news"}
"""Signals that speak against a complaint: no evidence for one."""

OWN_POST = "posted by the business itself"
REPOST = "passes on somebody else's words"
OFF_TOPIC = "does not name the business"


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
    severity, reasons = _severity(mention, judge, probability) if complaint else (None, [])
    if ruled_out:
        reasons = [ruled_out]
    elif not complaint and "resolved" in judge.signals:
        reasons = ["says it was put right"]
    broken, staff = (None, None) if ruled_out else (opinions.get("expectations"), opinions.get("staff"))
    return Verdict(
        complaint=probability,
        is_complaint=complaint,
        severity=severity,
        reasons=(*reasons, *judge.notes),
        signals=judge.signals,
        evidence=tuple(e for e in judge.evidence if not (complaint and e.signal in KIND_WORDS)),
        sentiment=sentiment,
        language=language.label if language else mention.language,
        praise=not ruled_out and not complaint and "praise" in judge.signals,
        version=f"{judge.scorer}:{judge.version}",
        expectations=broken.evidence if broken else (),
        staff=tuple(dict.fromkeys(item.words for item in staff.evidence)) if staff else (),
    )


def _severity(mention: Mention, judge: Opinion, probability: float) -> tuple[Severity, list[str]]:
    critical = [why for signal, why in CRITICAL.items() if signal in judge.signals]
    strong = [why for signal, why in HIGH.items() if signal in judge.signals]
    plain = [why for signal, why in MEDIUM.items() if signal in judge.signals]
    told = [why for signal, why in PLAIN.items() if signal in judge.signals]
    weight = 1 if probability >= SURE else 0
    if strong or len(plain) > 1:
        weight += 1
    elif plain:
        weight = max(weight, 1)
    rating = mention.rating
    if rating and rating.value <= 0.3:
        plain.append(f"rated it {rating.stars:g} of {rating.scale:g}")
        weight = max(weight, 1) + (1 if rating.value == 0 and mention.text.strip() else 0)
    followers = mention.reach.followers or 0
    if followers >= WIDE_REACH:
        plain.append(f"{followers:,} people follow this author")
        weight += 1
    if critical:
        return Severity.CRITICAL, [*critical, *strong, *plain, *told]
    reasons = [*strong, *plain, *told] or ["reads as a bad experience"]
    return (Severity.LOW, Severity.MEDIUM, Severity.HIGH)[min(weight, 2)], reasons
