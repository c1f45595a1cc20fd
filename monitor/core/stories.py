"""People before numbers: who waits, what was promised, who complained, who came back, who was lost, who is thanked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.core.clocks import running
from monitor.core.digest import Loss, Owed, Person, Return, Thanks, Waiting
from monitor.core.frame import Frame
from monitor.core.model import Case, Heard
from monitor.core.moves import Action, How
from monitor.core.numbers import hours
from monitor.core.people import people, person, reach_of, thanks
from monitor.core.policy import Policy
from monitor.core.quoting import quote
from monitor.core.rounds import Round
from monitor.core.store import Transaction
from monitor.core.story import BY

NO_CLOCK = timedelta.max
"""Sorts whoever has no clock behind those whose clock runs."""


def waiting(tx: Transaction, frame: Frame, now: datetime) -> tuple[tuple[Waiting, ...], int]:
    """The worst, of them those with the least time left, then the most visible, then the oldest."""
    cases = tx.unclaimed(frame.business, place=frame.place)
    left = {case.id: _left(case, frame.policy, now) for case in cases}

    def urgent(case: Case) -> tuple[int, timedelta]:
        here = left[case.id]
        return -case.severity.rank, NO_CLOCK if here is None else here

    first = sorted(cases, key=urgent)
    if len(first) > frame.shown:
        # only of those that may be shown it matters how visible they are
        last = urgent(first[frame.shown - 1])
        first = [case for case in first if urgent(case) <= last]
    cues = tx.cues([case.id for case in first])

    def order(case: Case) -> tuple[int, timedelta, int, datetime, int]:
        cue = cues.get(case.id)
        reach = (reach_of(cue) or 0) if cue else 0
        return (*urgent(case), -reach, cue.said if cue else case.opened, case.id)

    shown = sorted(first, key=order)[: frame.shown]
    links = tx.links([case.id for case in shown], frame.scheme)
    told = []
    for case in shown:
        who, here = person(case, cues.get(case.id), links.get(case.id)), left[case.id]
        told.append(
            Waiting(who, hours(max(now - who.said, timedelta())), None if here is None else hours(here))
        )
    return tuple(told), len(cases)


def _left(case: Case, policy: Policy, now: datetime) -> timedelta | None:
    """As `monitor.core.clocks` has it for the first response, of very many cases."""
    if case.told is not None:
        return None
    used = running(case, policy).between(case.asked, now)
    return policy.targets[case.severity].first_response - used


def owed(tx: Transaction, frame: Frame, now: datetime) -> tuple[tuple[Owed, ...], int, int]:
    """Promises that stand and are due by the end of the day after the span; how many; and how many are overdue."""
    end = day_after(frame)
    found, total = tx.standing_until(frame.business, end, frame.shown, place=frame.place)
    _, overdue = tx.standing_until(frame.business, min(now, end), 0, place=frame.place)
    who = people(tx, (case for _, case in found), frame.scheme)
    told = (
        Owed(one, promise.what, promise.due, promise.made_by, hours(now - promise.due))
        for one, (promise, _) in zip(who, found, strict=True)
    )
    return tuple(told), total, overdue


def day_after(frame: Frame) -> datetime:
    """The end of the local day in which the span ends, or that begins where it ends."""
    zone = ZoneInfo(frame.timezone)
    tomorrow = frame.until.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(frame.until.tzinfo)


def complaints(tx: Transaction, frame: Frame) -> tuple[tuple[Person, ...], int]:
    found, total = tx.complaints_said(
        frame.business, frame.since, frame.until, frame.shown, place=frame.place
    )
    ids = [heard.case_id for heard in found if heard.case_id is not None]
    cases, links = {case.id: case for case, _ in tx.promised(ids)}, tx.links(ids, frame.scheme)
    told = ((cases[at], heard, links.get(at)) for at, heard in zip(ids, found, strict=True))
    return tuple(person(*one) for one in told), total


def kind_words(tx: Transaction, frame: Frame) -> tuple[tuple[Thanks, ...], int]:
    found, total = tx.thanks_said(frame.business, frame.since, frame.until, frame.shown, place=frame.place)
    return tuple(thanks(heard) for heard in found), total


def returned(tx: Transaction, frame: Frame, won: Iterable[Round]) -> tuple[Return, ...]:
    """The last first."""
    shown = _last(won, frame.shown)
    links = tx.links([one.case.id for one in shown], frame.scheme)
    cues = tx.cues([one.case.id for one in shown])
    return tuple(
        _return(one, tx.mentions_of(one.case.id), cues.get(one.case.id), links.get(one.case.id))
        for one in shown
    )


def lost(tx: Transaction, frame: Frame, gone: Iterable[Round]) -> tuple[Loss, ...]:
    """The last first."""
    shown = _last(gone, frame.shown)
    who = people(tx, (one.case for one in shown), frame.scheme)
    return tuple(
        Loss(someone, one.end.note.strip(), one.end.at)
        for someone, one in zip(who, shown, strict=True)
        if one.end
    )


def _last(ended: Iterable[Round], limit: int) -> list[Round]:
    return sorted(ended, key=lambda one: (one.end.at if one.end else one.begun, one.case.id), reverse=True)[
        :limit
    ]


def _return(one: Round, mentions: Sequence[Heard], cue: Heard | None, link: str | None) -> Return:
    assert one.end is not None and one.to_recover is not None
    before = _before(one, mentions, cue)
    after = _after(one, mentions, before)
    complained = before is not None and before.verdict.is_complaint
    return Return(
        who=person(one.case, before, link),
        before=quote(before) if before and complained else "",
        after=quote(after) if after else "",
        done=_done(one),
        hours=hours(one.to_recover),
        at=one.end.at,
    )


def _before(one: Round, mentions: Sequence[Heard], cue: Heard | None) -> Heard | None:
    """What they had complained of by then: what stands for the case, or else the worst of it, the newest of equals."""
    known = [
        heard
        for heard in mentions
        if heard.verdict.is_complaint and one.end is not None and heard.first_seen <= one.end.at
    ]
    if cue is None or not known or any(heard.id == cue.id for heard in known):
        return cue
    return max(
        known,
        key=lambda heard: (
            heard.verdict.severity.rank if heard.verdict.severity else -1,
            heard.said,
            heard.id,
        ),
    )


def _after(one: Round, mentions: Sequence[Heard], before: Heard | None) -> Heard | None:
    """The kind words that the recovery rests on, or else the last they wrote since that is no complaint."""
    if (told := next((heard for heard in mentions if heard.id == one.kind), None)) is not None:
        return told
    if before is None or before.mention.author.key is None:
        return None
    theirs = [
        heard
        for heard in mentions
        if heard.mention.author.key == before.mention.author.key
        and not heard.verdict.is_complaint
        and heard.said > before.said
    ]
    return max(theirs, key=lambda heard: (heard.said, heard.id), default=None)


def _done(one: Round) -> str:
    """`by a refund: twelve euros back`"""
    end = one.end
    how = str((end.data or {}).get("how") or "") if end else ""
    by = BY.get(How(how), "").strip() if how in set(How) else ""
    note = end.note.strip() if end else ""
    return ": ".join(part for part in (by, note) if part)


def ended_as(rounds: Iterable[Round], action: Action) -> list[Round]:
    return [one for one in rounds if one.end is not None and one.end.action == action]
