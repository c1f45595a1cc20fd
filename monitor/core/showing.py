"""What the settings add to what is shown, and take from it: the clocks of a card, and the names of staff.

In a channel many read along, so names of staff are shortened in what customers complain of; the case itself, which
only those see who look into it, keeps every word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.core.clocks import clocks
from monitor.core.digest import Digest, Person
from monitor.core.masking import mask_staff, masked
from monitor.core.message import Backlog, Card, CaseLine, Content, IncidentCard, Note, Page, Roster, Storm
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
        case Backlog() | Storm() | IncidentCard():
            return replace(content, worst=lines(content.worst))
        case Roster() | Page():
            return replace(content, lines=lines(content.lines))
        case Digest():
            return _told_of(tx, content)
        case _:
            return content


def _told_of(tx: Transaction, told: Digest) -> Digest:
    """Of many cases at once. What customers wrote after they were won back is left alone, as praise is."""
    people = [
        *(one.who for group in (told.waiting, told.owed, told.returned, told.lost) for one in group),
        *told.complaints,
    ]
    named = tx.staff_of({who.case_id for who in people})

    def masked_of(who: Person, text: str) -> str:
        return mask_staff(text, named.get(who.case_id, ()))

    def short(who: Person) -> Person:
        return replace(who, quote=masked_of(who, who.quote))

    return replace(
        told,
        waiting=tuple(replace(one, who=short(one.who)) for one in told.waiting),
        owed=tuple(replace(one, who=short(one.who)) for one in told.owed),
        complaints=tuple(map(short, told.complaints)),
        returned=tuple(
            replace(one, who=short(one.who), before=masked_of(one.who, one.before)) for one in told.returned
        ),
        lost=tuple(replace(one, who=short(one.who)) for one in told.lost),
    )


def _staff(mentions: list[Heard] | tuple[Heard, ...]) -> tuple[str, ...]:
    """Whoever is named in one post of a case is masked in all."""
    return tuple({name: None for heard in mentions for name in heard.verdict.staff})
