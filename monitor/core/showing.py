"""What the settings add to what is shown, and take from it: the clocks of a card, and the names of staff.

In a channel many read along, so names of staff are shortened in what customers complain of; the case itself, which
only those see who look into it, keeps every word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.core.briefing import Digest
from monitor.core.clocks import clocks
from monitor.core.masking import mask_staff, masked
from monitor.core.message import Backlog, Card, CaseLine, Content, Note, Roster, Storm
from monitor.core.model import Heard
from monitor.core.policy import Policy
from monitor.core.store import Transaction


@dataclass(frozen=True, slots=True)
class Showing:
    """How the desk wants its messages."""

    policy: Policy = field(default_factory=Policy)
    masks: frozenset[str] = frozenset({"slack"})
    """Where names of staff are shortened, by the scheme of destinations."""


AS_SHIPPED = Showing()


def shown(tx: Transaction, content: Content, showing: Showing, scheme: str, now: datetime) -> Content:
    """The content as it is to be shown at a destination of this scheme."""
    if isinstance(content, Card):
        content = _with_clocks(content, showing.policy, now)
    return _without_staff(tx, content) if scheme in showing.masks else content


def _with_clocks(card: Card, policy: Policy, now: datetime) -> Card:
    rungs = policy.ladder.rungs[: card.case.level]
    return replace(card, clocks=clocks(card.case, policy, now), rung=rungs[-1].name if rungs else "")


def _without_staff(tx: Transaction, content: Content) -> Content:
    """Praise is left alone: there a name is good news."""

    def of(case_id: int | None) -> Callable[[str], str]:
        names = _staff(tx.mentions_of(case_id)) if case_id is not None else ()
        return lambda text: mask_staff(text, names)

    def lines(worst: tuple[CaseLine, ...]) -> tuple[CaseLine, ...]:
        return tuple(replace(line, quote=of(line.case_id)(line.quote)) for line in worst)

    match content:
        case Card():
            names = _staff(content.mentions)
            return replace(content, mentions=tuple(masked(heard, names) for heard in content.mentions))
        case Note() if not content.people:
            mask = of(content.case.id)
            return replace(content, quote=mask(content.quote), earlier=mask(content.earlier))
        case Backlog() | Storm():
            return replace(content, worst=lines(content.worst))
        case Roster():
            return replace(content, lines=lines(content.lines))
        case Digest():
            return replace(
                content,
                waiting=tuple(replace(one, quote=of(one.case_id)(one.quote)) for one in content.waiting),
                complaints_worst=tuple(
                    replace(one, quote=of(one.case_id)(one.quote)) for one in content.complaints_worst
                ),
            )
        case _:
            return content


def _staff(mentions: list[Heard] | tuple[Heard, ...]) -> tuple[str, ...]:
    """Whoever is named in one post of a case is masked in all."""
    return tuple({name: None for heard in mentions for name in heard.verdict.staff})
