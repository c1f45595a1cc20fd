"""The queue, read from the store: the desk once for everybody, then what each person sees of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.core.compose import scheme_of
from monitor.core.day import coverage_of
from monitor.core.model import Business, Case, State
from monitor.core.moves import Action, How
from monitor.core.policy import Policy
from monitor.core.queue import (
    REMEMBERED,
    Desk,
    Hearing,
    Line,
    Queue,
    Shelf,
    Shown,
    Standing,
    elsewhere,
    in_order,
    next_move,
    page_of,
    shelved,
    standing,
)
from monitor.core.rhythm import usual_gap
from monitor.core.store import Transaction

SIZE = 8
"""Lines of a shelf on one page."""


def desk_of(
    tx: Transaction, business: Business, policy: Policy, now: datetime, enabled: Mapping[str, bool]
) -> Desk:
    """How everything stands. A few queries, however many cases there are. `enabled`: the feeds of the settings."""
    zone = ZoneInfo(business.timezone)
    found = [standing(case, promises, policy, now) for case, promises in tx.ticking(business.key)]
    known = {one.case.id for one in found}
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    until = datetime.combine(tomorrow, datetime.min.time(), zone)
    found += _outlived(tx, business.key, known, policy, now, until)
    _, backlog = tx.unclosed(business.key)
    return Desk(
        now=now,
        timezone=business.timezone,
        cases=in_order(found),
        recovered=tuple(tx.closed_since(business.key, State.RECOVERED, now - REMEMBERED)),
        backlog=backlog,
        hearing=_hearing(tx, business.key, now, enabled),
    )


def queue_of(
    tx: Transaction,
    desk: Desk,
    person: str | None,
    *,
    pages: Mapping[Shelf, int] | None = None,
    size: int = SIZE,
    only: Shelf | None = None,
    destination: str = "slack",
) -> Queue:
    """What this person sees; None: the whole desk. Costs a few queries for each line shown, and no more.

    `only`: lines of this shelf alone; the others are counted.
    """
    shelves = []
    for shelf, found in shelved(desk, person, ZoneInfo(desk.timezone)).items():
        here, page, count = page_of(found, (pages or {}).get(shelf, 1), size)
        lines = tuple(lines_of(tx, here, destination)) if only in (None, shelf) else ()
        shelves.append(Shown(shelf, len(found), page, count, lines))
    return Queue(
        person=person,
        now=desk.now,
        timezone=desk.timezone,
        shelves=tuple(shelves),
        elsewhere=elsewhere(desk, person),
        backlog=desk.backlog,
        hearing=desk.hearing,
    )


def lines_of(tx: Transaction, found: Sequence[Standing], destination: str = "slack") -> list[Line]:
    """Each with the words worth quoting, its card at that kind of destination, and how it ended."""
    cues = tx.cues([one.case.id for one in found])
    lines = []
    for one in found:
        cue, card = cues.get(one.case.id), tx.card_of(one.case.id, scheme_of(destination))
        lines.append(
            Line(
                stands=one,
                move=next_move(one),
                quote=cue.mention.words if cue else "",
                said=cue.mention.published if cue else None,
                feed=cue.feed if cue else "",
                url=(cue.mention.url if cue else None) or one.case.url,
                link=card.receipt.link if card and card.receipt else None,
                how=_how(tx, one.case),
            )
        )
    return lines


def _outlived(
    tx: Transaction, business: str, known: set[int], policy: Policy, now: datetime, until: datetime
) -> list[Standing]:
    """Cases no clock runs for, with a promise that is due before `until`: it is the customer's all the same."""
    others = dict.fromkeys(
        one.case_id for one in tx.promises_due(business, until) if one.case_id not in known
    )
    cases = (tx.case(number) for number in others)
    return [standing(case, tx.promises(case.id), policy, now) for case in cases if case is not None]


def _hearing(tx: Transaction, business: str, now: datetime, enabled: Mapping[str, bool]) -> Hearing:
    """Of the feeds that the settings want read. One that was never read is not heard either."""
    known = {feed.name: feed for feed in tx.feeds() if feed.business == business}
    wanted = [name for name, on in enabled.items() if on]
    # heard in the last day or not makes no difference here: both are well
    well = {
        name: known[name]
        for name in wanted
        if name in known
        and coverage_of(known[name], 0, now, gap=usual_gap(tx, known[name], now)).state == "quiet"
    }
    last = max((feed.last_success for feed in well.values() if feed.last_success), default=None)
    return Hearing(len(wanted), tuple(name for name in wanted if name not in well), last)


def _how(tx: Transaction, case: Case) -> How | None:
    if case.state is not State.RECOVERED:
        return None
    told = next((event for event in reversed(tx.events(case.id)) if event.action == Action.RECOVER), None)
    how = (told.data or {}).get("how") if told else None
    return How(how) if how in set(How) else None
