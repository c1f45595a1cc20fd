"""What people at the desk said of the judge's verdicts: right, wrong, or missed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from monitor.core.model import Mention, Severity, Verdict


class Label(IntEnum):
    NOT_A_COMPLAINT = 0
    COMPLAINT = 1


DESK = "desk"
"""The judge of a verdict that a person gave."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mention with the label in force."""

    mention_id: int
    mention: Mention
    """Without words where those had to be removed since, or where others stand in their place."""
    feed: str
    verdict: Verdict
    """In force now; of a post that was edited since, the one that was labelled."""
    label: Label
    by: str
    at: datetime
    probability: float
    """0 to 1: what the judge had said when the label was given."""
    version: str
    """The judge that had said so."""
    was_complaint: bool
    """Whether it had been a complaint to the judge: then the label is about an alert, else about a miss."""
    given: bool = True
    """False: nobody said so, but the case was worked as one: the customer got an answer, or was lost."""
    note: str = ""


def found_by(verdict: Verdict, by: str) -> Verdict:
    """The verdict on what the judge did not see, or a rule held back, once a person says that it is a complaint.

    How sure the judge was stays: it is what the label stands beside.
    """
    return replace(
        verdict,
        is_complaint=True,
        severity=verdict.severity or Severity.MEDIUM,
        reasons=(f"found by {by}", *verdict.reasons),
        praise=False,
        version=DESK,
    )
