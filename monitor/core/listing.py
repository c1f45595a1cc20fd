"""Many cases in one message: their lines, and what is said of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from monitor.core.message import CaseLine
from monitor.core.model import Case, Severity
from monitor.core.store import Transaction


def case_lines(tx: Transaction, cases: Sequence[Case], destination: str) -> list[CaseLine]:
    """The cases as lines of a list, with a link to each card that exists."""
    cues = tx.cues([case.id for case in cases])
    lines = []
    for case in cases:
        cue = cues.get(case.id)
        card = tx.card_of(case.id, destination.partition(":")[0])
        lines.append(
            CaseLine(
                case_id=case.id,
                name=case.name,
                severity=case.severity,
                source=case.source,
                said=(cue.mention.published if cue else None) or case.opened,
                quote=cue.mention.words if cue else "",
                url=(cue.mention.url if cue else None) or case.url,
                link=card.receipt.link if card and card.receipt else None,
                feed=cue.feed if cue else "",
            )
        )
    return lines


def cases_by_weight(tx: Transaction, ids: Sequence[int]) -> list[Case]:
    found = [case for case in (tx.case(number) for number in ids) if case is not None]
    return sorted(found, key=lambda case: (-case.severity.rank, case.opened, case.id))


def tally(cases: Sequence[Case]) -> dict[str, int]:
    counted = Counter(case.severity for case in cases)
    return {severity.value: counted[severity] for severity in reversed(Severity) if counted[severity]}


def span(tx: Transaction, cases: Sequence[Case]) -> tuple[datetime | None, datetime | None]:
    said = [
        heard.mention.published
        for heard in tx.cues([case.id for case in cases]).values()
        if heard.mention.published is not None
    ]
    return (min(said), max(said)) if said else (None, None)
