"""One cause, many complaints: they are told together, and never the less each is a case.

    look   points heard since the last look -> what has risen -> incidents opened, changed, ended -> their card
    mute   before cards go out: those of running incidents are told on a page in the thread of its card instead

Cards of severity high and critical go out singly all the same, as in a storm. A card that was sent before the
incident was noticed stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from monitor.core.compose import scheme_of
from monitor.core.incident_words import about
from monitor.core.incidents import Incident, cases_of, step
from monitor.core.intents import Outgoing
from monitor.core.message import Kind, OutboxState, Queued
from monitor.core.model import Severity
from monitor.core.ports import Store
from monitor.core.series import WORDING, Point, keys_of
from monitor.core.spikes import Watch
from monitor.core.store import Transaction
from monitor.core.usual import PAST

log = structlog.get_logger(__name__)

PAGE = 40
FRESH = timedelta(days=1)
"""How long what is known of the past is kept in memory: verdicts change, and cases are told apart."""
CONSOLE = "console"


class Lookout:
    """Watches for one process. Several may watch the same store: an incident is opened once."""

    def __init__(self, store: Store, business: str, destination: str, quiet: timedelta) -> None:
        self.store = store
        self.business = business
        self.destination = destination
        self.quiet = quiet
        self._watch: Watch | None = None
        self._read = datetime.min.replace(tzinfo=UTC)
        self._last = 0

    def look(self, now: datetime) -> list[Incident]:
        """The incidents that run now."""
        with self.store.read() as tx:
            watch, fresh = self._watching(tx, now)
            points = tx.points(self.business, now - PAST, after=self._last) if not fresh else []
            quiet = not fresh and not points and not tx.running(self.business)
        watch.add(points)
        self._last = max([self._last, *(point.id for point in points)])
        if quiet:
            return []
        with self.store.write() as tx:
            known = tx.running(self.business)
            found = step(known, watch, now, self.quiet)
            before = dict(zip((one.id for one in known), known, strict=True))
            kept = [self._keep(tx, before.get(one.id), one, watch, now) for one in found]
        if any(one.ended for one in found):
            self._watch = None  # what it held is no part of the past
        return [one for one in kept if one is not None and one.ended is None]

    def _watching(self, tx: Transaction, now: datetime) -> tuple[Watch, bool]:
        """And whether it was read anew."""
        if self._watch is not None and now - self._read < FRESH:
            return self._watch, False
        feeds = [feed for feed in tx.feeds() if feed.business == self.business]
        watch = Watch({feed.name: feed.baselined for feed in feeds if feed.baselined is not None})
        points = tx.points(self.business, now - PAST)
        watch.add(points)
        for one in tx.incidents_since(self.business, now - PAST):
            if one.ended is not None:
                watch.leave_out(set(tx.cases_in(one.id)), one.started, one.ended)
        self._watch, self._read = watch, now
        self._last = max((point.id for point in points), default=0)
        return watch, True

    def _keep(
        self, tx: Transaction, before: Incident | None, one: Incident, watch: Watch, now: datetime
    ) -> Incident | None:
        if before is None:
            opened = tx.open_incident(self.business, one)
            if opened is None:
                return None
            one = opened
            key = f"incident:{one.id}"
            card = Outgoing(self.destination, key, Kind.INCIDENT, self.business, data={"incident": one.id})
            tx.queue(card, now)
            one = replace(one, told_by=card.id)
            log.warning("incident", about=about(one), customers=one.count, usual=round(one.usual, 2))
        if one != before and not tx.change_incident(one):
            return None
        new = tx.join_incident(one.id, cases_of(one, watch, now))
        if before is not None and (new or one.ended or (one.keys, one.also) != (before.keys, before.also)):
            draw_anew(tx, one, now)
        if one.ended:
            log.warning("the incident is over", about=about(one), cases=len(tx.cases_in(one.id)))
        return one


def mute(tx: Transaction, destination: str, business: str, below: Severity, now: datetime) -> int:
    """Take the waiting cards of running incidents out of the queue of `destination`: a page tells of their cases.
    Returns how many."""
    running = [one for one in tx.running(business) if one.told_by is not None]
    if not running:
        return 0
    words = [int(key.partition(":")[2]) for one in running for key in one.keys if key.startswith(WORDING)]
    waiting = tx.pending_points(destination, below, words, now)
    muted = 0
    for incident in running:
        mine = {point.case_id: None for point in waiting if _is_of(incident, point)}
        waiting = [point for point in waiting if point.case_id not in mine]
        card = tx.outgoing(incident.told_by or "") if mine else None
        if card is None or card.state is OutboxState.FAILED:
            continue
        tx.join_incident(incident.id, mine)
        _list(tx, card, incident.id, list(mine), now)
        draw_anew(tx, incident, now)
        muted += len(mine)
    if muted:
        log.info("told by an incident", destination=destination, cases=muted)
    return muted


def _is_of(incident: Incident, point: Point) -> bool:
    return point.said >= incident.started and not set(keys_of(point)).isdisjoint(incident.keys)


def draw_anew(tx: Transaction, incident: Incident, now: datetime) -> None:
    """The card as it is now. A terminal forgets nothing: there only the end is worth a second one."""
    card = tx.outgoing(incident.told_by or "")
    if card is None or (card.destination == CONSOLE and incident.ended is None):
        return
    data = {"incident": incident.id, "root": card.id}
    key = f"{card.key}:again:{now.isoformat()}"
    tx.redraw(Outgoing(card.destination, key, Kind.INCIDENT, card.business, data=data), now)


def _list(tx: Transaction, card: Queued, incident: int, case_ids: Sequence[int], now: datetime) -> None:
    """On the last page as long as there is room, then on further ones."""
    pages = tx.rosters(card.id)
    rest, last = list(case_ids), pages[-1] if pages else None
    number = int((last.data or {})["page"]) if last is not None else 0
    held = list((last.data or {})["cases"]) if last is not None else []
    if last is not None and len(held) < PAGE and scheme_of(card.destination) != CONSOLE:
        fits, rest = rest[: PAGE - len(held)], rest[PAGE - len(held) :]
        shown = last.data.get("root") if last.data else None
        if shown is None and not (last.state is OutboxState.PENDING and last.receipt is None):
            shown = last.id
        data = {"storm": card.id, "incident": incident, "page": number, "cases": held + fits}
        data |= {"root": shown} if shown else {}
        key = f"{card.key}:{number}:{len(held) + len(fits)}"
        page = Outgoing(card.destination, key, Kind.ROSTER, card.business, data=data)
        tx.gather(fits, page, now, instead=last.id)
    while rest:
        number += 1
        fits, rest = rest[:PAGE], rest[PAGE:]
        data = {"storm": card.id, "incident": incident, "page": number, "cases": fits}
        page = Outgoing(
            card.destination, f"{card.key}:{number}:{len(fits)}", Kind.ROSTER, card.business, data=data
        )
        tx.gather(fits, page, now)
