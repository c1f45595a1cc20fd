"""The desk's clock: what is due for a case is done, stored and told in one transaction, each thing once.

    watched -> due? -> [ ONE TRANSACTION: ask again -> case + promises + history + messages ]

What was found due is asked again under the writers' lock, so any number of processes may do this at once. A case that
has not changed is not looked at before its time: `Clockwork` remembers when that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from monitor.core.deeds import Deed, called, deed, merged, weight
from monitor.core.desk_card import desk_card
from monitor.core.due import due_actions, next_tick
from monitor.core.duties import Duty, Why, done
from monitor.core.intents import Outgoing, redrawing
from monitor.core.message import Kind, OutboxState
from monitor.core.model import Case, Json, Promise, Severity
from monitor.core.moves import CLOCK, Action
from monitor.core.policy import Policy
from monitor.core.ports import Store
from monitor.core.store import Transaction

log = structlog.get_logger(__name__)

Place = Callable[[Transaction, Case], str]
"""The destination of a card that a case is yet to get."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What is due for a case now, and what is next once that is done."""

    case: Case
    due: tuple[Duty, ...]
    next: tuple[Duty, ...] = ()
    at: datetime | None = None
    """When the next is due; None: nothing is, as the case stands."""


class Clockwork:
    """The clock of one process. `place`: where a case is told that no card tells of, such as one of a storm."""

    def __init__(self, store: Store, business: str, policy: Policy, place: Place) -> None:
        self.store = store
        self.business = business
        self.policy = policy
        self.place = place
        self._ticks: dict[int, tuple[int, datetime | None]] = {}
        """Of each case: the revision that was looked at, and when the next thing is due for it."""

    def run(self, now: datetime) -> list[tuple[Case, Duty]]:
        """Do what is due. Returns it, each with the case as it was before."""
        carried_out: list[tuple[Case, Duty]] = []
        for case_id in self._due(now):
            with self.store.write() as tx:
                carried_out += _carry_out(tx, case_id, self.policy, self.place, now)
        for case, duty in carried_out:
            log.info("due", case=case.id, duty=type(duty).__name__.lower(), level=case.level)
        return carried_out

    def _due(self, now: datetime) -> list[int]:
        """The cases for which something is due, the longest waiting first."""
        with self.store.read() as tx:
            watched = tx.watched(self.business)
            old = self._ticks
            stale = [number for number, revision in watched.items() if old.get(number, (0,))[0] != revision]
            looked = list(_standing(tx, stale))
        ticks = {case.id: (case.revision, next_tick(case, made, self.policy, now)) for case, made in looked}
        self._ticks = {number: old[number] for number in watched if number in old} | ticks
        due = sorted((at, number) for number, (_, at) in self._ticks.items() if at is not None and at <= now)
        return [number for _, number in due]

    def upcoming(self, now: datetime) -> Iterator[Upcoming]:
        """What a run would do now, and what comes next, for every case; changes nothing."""
        with self.store.read() as tx:
            files = list(_standing(tx, list(tx.watched(self.business))))
        for case, made in files:
            due = due_actions(case, made, self.policy, now)
            after, still = case, made
            for duty in due:
                after, still = done(after, still, duty, now)
            at = next_tick(after, still, self.policy, now)
            following = due_actions(after, still, self.policy, at) if at is not None else []
            yield Upcoming(case, tuple(due), tuple(following), at)


def _carry_out(
    tx: Transaction, case_id: int, policy: Policy, place: Place, now: datetime
) -> list[tuple[Case, Duty]]:
    """All that is due for one case. Another process may have done it meanwhile: then nothing is."""
    for case, made in _standing(tx, [case_id]):
        duties, deeds = [], []
        for duty in due_actions(case, made, policy, now):
            after, later = done(case, made, duty, now)
            after = replace(after, revision=case.revision + 1)
            did = deed(case, after, duty, policy.ladder, now)
            tx.revise(after, did.event)
            for promise in later:
                if promise not in made:
                    tx.update_promise(promise)
            duties.append((case, duty))
            deeds.append(did)
            case, made = after, later
        if deeds:
            _tell(tx, case, deeds, place, now)
        return duties
    return []


def _standing(tx: Transaction, case_ids: Sequence[int]) -> Iterator[tuple[Case, tuple[Promise, ...]]]:
    """The cases with what their clocks go by: a promise that was broken before a case was opened anew is history."""
    for case, made in tx.promised(case_ids):
        if case.escalated is None and any(one.outcome == "broken" for one in made):
            anew = [e.at for e in tx.events(case.id) if e.before and e.before.closed and not e.after.closed]
            made = tuple(one for one in made if one.ended is None or not anew or one.ended > anew[-1])
        yield case, made


# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────


def _tell(tx: Transaction, case: Case, deeds: Sequence[Deed], place: Place, now: datetime) -> None:
    """The card drawn anew, and one message of a kind in the case's thread. A case without a card gets one, where
    somebody must hear of it."""
    card = desk_card(tx, case.id)
    if card is not None and card.state is not OutboxState.FAILED:
        where = card.destination
    else:
        if not any(did.calls or did.loud or _last_call(did) for did in deeds):
            return
        where = place(tx, case)
        key = f"{case.business}:desk:{case.id}:card:{case.revision}"
        # it was summed up once: not again
        alone = max(weight(case), Severity.HIGH, key=lambda severity: severity.rank)
        tx.queue(Outgoing(where, key, Kind.CARD, case.business, case.id, alone), now)
    tx.queue(redrawing(case, where), now)
    kinds: dict[object, list[Deed]] = {}
    for did in deeds:
        kinds.setdefault(did.kind, []).append(did)
    for alike in kinds.values():
        for message in _messages(case, where, alike):
            tx.queue(message, now)


def _last_call(did: Deed) -> bool:
    """Nobody took it, and its time is nearly over: whoever saw it in a list must see it alone."""
    return did.event.action == Action.REMIND and (did.event.data or {}).get("why") == Why.SOON.value


def _messages(case: Case, where: str, deeds: Sequence[Deed]) -> Iterable[Outgoing]:
    first = deeds[0]
    told: dict[str, Json] = {
        "action": first.event.action,
        "actor": CLOCK,
        "note": "",
        "data": merged([d.event for d in deeds]),
    }
    told |= {"calls": list(dict.fromkeys(who for did in deeds for who in did.calls)), "loud": first.loud}
    key = first.event.key or ""
    yield Outgoing(where, key, Kind.REPLY, case.business, case.id, weight(case), data=told)
    if first.event.action == Action.ESCALATE:
        yield from called(case, where, key, first.rung, told, weight(case))
