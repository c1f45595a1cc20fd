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
from monitor.core.message import CONSOLE, Kind, OutboxState, Queued
from monitor.core.model import Json, Severity
from monitor.core.ports import Store
from monitor.core.series import WORDING, Point, keys_of
from monitor.core.spikes import Watch
from monitor.core.store import Transaction
from monitor.core.usual import PAST

log = structlog.get_logger(__name__)

PAGE = 40
FRESH = timedelta(days=1)
"""How long what is known of the past is kept in memory: verdicts change, and cases are told apart."""


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
        self._running: set[int] = set()

    def look(self, now: datetime) -> list[Incident]:
        """The incidents that run now."""
        try:
            return self._looked(now)
        except BaseException:
            self._watch = None  # what it found was not kept: the next look must find it again
            raise

    def _looked(self, now: datetime) -> list[Incident]:
        with self.store.read() as tx:
            running = {one.id for one in tx.running(self.business)}
            if self._running - running:
                self._watch = None  # somebody else ended one: what it held is no part of the past
            self._running = running
            watch, fresh = self._watching(tx, now)
            points = tx.points(self.business, now - PAST, after=self._last) if not fresh else []
        watch.add(points)
        self._last = max([self._last, *(point.id for point in points)])
        if not (fresh or points or running):
            return []
        with self.store.write() as tx:
            known = tx.running(self.business)
            found = step(known, watch, now, self.quiet)
            before = dict(zip((one.id for one in known), known, strict=True))
            kept = [self._keep(tx, before.get(one.id), one, watch, now) for one in found]
        if any(one.ended for one in found):
            self._watch = None  # what it held is no part of the past
        self._running |= {one.id for one in kept if one is not None}
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
    """Take the waiting cards of incidents that run out of the queue of `destination`, if it is where they are told:
    a page tells of their cases. Whoever reads another channel would not see that. Returns how many."""
    told = [(one, tx.outgoing(one.told_by)) for one in tx.running(business) if one.told_by is not None]
    cards = {one.id: card for one, card in told if card is not None and _tells(card, destination)}
    running = [one for one, _ in told if one.id in cards]
    if not running:
        return 0
    words = [int(key.partition(":")[2]) for one in running for key in one.keys if key.startswith(WORDING)]
    waiting = tx.pending_points(destination, below, words, now)
    muted = 0
    for incident in running:
        mine = {point.case_id: None for point in waiting if _is_of(incident, point)}
        waiting = [point for point in waiting if point.case_id not in mine]
        if not mine:
            continue
        tx.join_incident(incident.id, mine)
        _list(tx, cards[incident.id], incident.id, list(mine), now)
        draw_anew(tx, incident, now)
        muted += len(mine)
    if muted:
        log.info("told by an incident", destination=destination, cases=muted)
    return muted


def _tells(card: Queued, destination: str) -> bool:
    return card.destination == destination and card.state is not OutboxState.FAILED


def _is_of(incident: Incident, point: Point) -> bool:
    return point.said >= incident.started and not set(keys_of(point)).isdisjoint(incident.keys)


def draw_anew(tx: Transaction, incident: Incident, now: datetime) -> None:
    """The card as it is now. A terminal forgets nothing: there only the end is worth a second one."""
    card = tx.outgoing(incident.told_by or "")
    if card is None or card.state is OutboxState.FAILED:
        return
    if scheme_of(card.destination) == CONSOLE and incident.ended is None:
        return
    data = {"incident": incident.id, "root": card.id}
    key = f"{card.key}:again:{now.isoformat()}"
    tx.redraw(Outgoing(card.destination, key, Kind.INCIDENT, card.business, data=data), now)


def _list(tx: Transaction, card: Queued, incident: int, case_ids: Sequence[int], now: datetime) -> None:
    """On the last page as long as there is room, then on further ones. Who stands on a page already and has written
    again is told by that page, drawn anew. A terminal forgets nothing: there every page is a new one."""
    pages = {_number(row): row for row in tx.rosters(card.id)}
    paper = scheme_of(card.destination) == CONSOLE
    for row in () if paper else pages.values():
        if again := [one for one in case_ids if one in _cases(row)]:
            _page(tx, card, incident, _number(row), _cases(row), again, now, last=row)
            case_ids = [one for one in case_ids if one not in again]
    number = max(pages, default=0)
    if number and case_ids and not paper and (room := PAGE - len(_cases(pages[number]))) > 0:
        last = tx.rosters(card.id)[-1]
        fits, case_ids = case_ids[:room], case_ids[room:]
        _page(tx, card, incident, number, [*_cases(last), *fits], fits, now, last=last)
    for start in range(0, len(case_ids), PAGE):
        number += 1
        fits = case_ids[start : start + PAGE]
        _page(tx, card, incident, number, fits, fits, now)


def _page(
    tx: Transaction,
    card: Queued,
    incident: int,
    number: int,
    cases: Sequence[int],
    taken: Sequence[int],
    now: datetime,
    *,
    last: Queued | None = None,
    anew: bool = False,
) -> None:
    """`taken`: whose waiting messages it tells. `last`: the drawing that it replaces; `anew`: by a new message."""
    shown = None
    if last is not None and not anew:
        shown = (last.data or {}).get("root")
        if shown is None and (last.attempts or last.state is not OutboxState.PENDING):
            shown = last.id
    data: dict[str, Json] = {"storm": card.id, "incident": incident, "page": number, "cases": list(cases)}
    data |= {"root": shown} if shown else {}
    key = f"{card.key}:{number}:{last.seq if last is not None else 0}"
    page = Outgoing(card.destination, key, Kind.ROSTER, card.business, data=data)
    tx.gather(taken, page, now, instead=last.id if last is not None else None)


def _number(page: Queued) -> int:
    return int((page.data or {})["page"])


def _cases(page: Queued) -> list[int]:
    return list((page.data or {})["cases"])


def stands_again(tx: Transaction, row: Queued, now: datetime) -> bool:
    """Whether `row`, of an incident whose card or page somebody deleted by hand, is told by a message that goes out
    anew. With a card all its pages do. One that is over comes back only for a page that never arrived."""
    data = row.data or {}
    incident = tx.incident(int(data["incident"])) if "incident" in data else None
    if incident is None or row.kind not in (Kind.INCIDENT, Kind.ROSTER):
        return False
    card = tx.outgoing(str(data["storm"] if row.kind is Kind.ROSTER else data.get("root", row.id)))
    if card is None:
        return False
    below = row.kind is Kind.ROSTER
    if below or incident.ended is None:
        whole = not below or "root" not in data
        if whole and card.receipt is not None and tx.recall(card.id, card.receipt, now):
            log.warning("the card of an incident was deleted by hand; it is posted anew", delivery=card.id)
        for page in {_number(one): one for one in tx.rosters(card.id)}.values():
            stood = page.id == row.id or "root" in (page.data or {}) or page.receipt is not None
            if stood and (whole or _number(page) == data["page"]):
                _page(tx, card, incident.id, _number(page), _cases(page), (), now, last=page, anew=True)
    tx.settle(row.id, row.lease or "", OutboxState.SENT)
    return True


def page_anew(tx: Transaction, row: Queued, now: datetime) -> bool:
    """Whether `row`, a page that may not be changed any more, is told by a new message in its place."""
    data = row.data or {}
    card = tx.outgoing(str(data["storm"])) if row.kind is Kind.ROSTER and "incident" in data else None
    if card is None or "root" not in data:
        return False
    newest = {_number(one): one for one in tx.rosters(card.id)}.get(_number(row), row)
    _page(tx, card, int(data["incident"]), _number(row), _cases(newest), (), now, last=newest, anew=True)
    tx.settle(row.id, row.lease or "", OutboxState.SENT)
    return True


def switch_off(tx: Transaction, business: str, now: datetime) -> None:
    """Nobody watches any more: what runs is over, and its card says why."""
    for one in tx.running(business):
        ended = replace(one, ended=now)
        if tx.change_incident(ended):
            draw_anew(tx, ended, now)
