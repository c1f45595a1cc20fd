"""What an incident is about, in plain words; and what the digest tells of it."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.core.digest import Trouble
from monitor.core.frame import Frame
from monitor.core.incidents import Incident
from monitor.core.series import EXPECTATION, PLACE, VERSION, kind_of
from monitor.core.store import Transaction

SAME_WORDS = "the same words"
ORDER = (VERSION, EXPECTATION, PLACE)


def about(incident: Incident) -> str:
    """`version 4.10.1, reliability`; what tells most comes first, and words alone when there is nothing else."""
    return told_of(incident.keys)


def told_of(keys: Iterable[str]) -> str:
    known = [key for kind in ORDER for key in keys if kind_of(key) == kind]
    return ", ".join(map(series_told, known)) or SAME_WORDS


def series_told(key: str) -> str:
    kind, _, name = key.partition(":")
    if kind == VERSION:
        return f"version {name}"
    return name.replace("_", " ") if kind == EXPECTATION else name


def rise_told(incident: Incident) -> str:
    """`12 in one hour, where 0.4 are usual`."""
    hours = "one hour" if incident.hours == 1 else f"{incident.hours} hours"
    usual = f"{incident.usual:.0f}" if incident.usual >= 10 else f"{incident.usual:.1f}"
    if incident.usual < 0.05:
        return f"{incident.count} customers in {hours}, where there are hardly ever any"
    return f"{incident.count} customers in {hours}, where {usual} are usual"


def troubles_in(tx: Transaction, frame: Frame) -> tuple[Trouble, ...]:
    """The incidents that ran in the frame; of a place those that rose there."""
    ran = [one for one in tx.incidents_since(frame.business, frame.since) if one.started < frame.until]
    return tuple(
        _trouble(tx, one)
        for one in ran
        if not frame.place or f"{PLACE}:{frame.place}" in (*one.keys, *one.also)
    )


def _trouble(tx: Transaction, one: Incident) -> Trouble:
    card = tx.outgoing(one.told_by) if one.told_by else None
    link = card.receipt.link if card is not None and card.receipt is not None else None
    joint = "in" if about(one) == SAME_WORDS else "about"
    usual, cases = one.usual / one.hours, len(tx.cases_in(one.id))
    return Trouble(f"Complaints {joint} {about(one)}", one.started, one.ended, cases, usual, link)
