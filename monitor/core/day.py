"""The story of a span of time, from the facts in the store.

frame  -> what was said in it, in the days it is compared with, and in the fortnight   (hearing)
       -> what was done in it, case by case                                            (rounds)
       -> people (stories), numbers (comparing, numbers, spots), coverage              -> one value
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core import stories
from monitor.core.changes import changed_since, told_at
from monitor.core.comparing import Compared, counted
from monitor.core.digest import Coverage, Digest, Length, Numbers, Recovering
from monitor.core.frame import Frame
from monitor.core.hearing import Said, read_said
from monitor.core.incident_words import troubles_in
from monitor.core.model import Json
from monitor.core.moves import Action
from monitor.core.numbers import share, times
from monitor.core.recovering import DAYS, MOST, recovering
from monitor.core.rhythm import silent_after, usual_gap
from monitor.core.rounds import TOLD, Round, rounds_of
from monitor.core.spots import broken_in, complains, spots_in
from monitor.core.store import FeedState, Transaction

NEVER_DUE = datetime(9000, 1, 1, tzinfo=UTC)
"""When an imported file is due: it is no feed to come back to, and cannot fall silent."""


def digest_of(
    tx: Transaction, frame: Frame, now: datetime, first: Mapping[str, Json] | None = None
) -> Digest:
    """Everything told of the frame, as it is known `now`. `first`: the facts of when it was first posted."""
    feeds = [feed for feed in tx.feeds() if feed.business == frame.business]
    files = frozenset(feed.name for feed in feeds if feed.next_due >= NEVER_DUE)
    said = read_said(tx, frame, files, now)
    rounds = _rounds(tx, frame)
    numbers = _numbers(tx, frame, said.compared, rounds)
    waiting, waiting_total = stories.waiting(tx, frame, now)
    owed, owed_total, overdue = stories.owed(tx, frame, now)
    complaints, complaints_total = stories.complaints(tx, frame)
    thanks, thanks_total = stories.kind_words(tx, frame)
    won = stories.ended_as(_within(frame, rounds), Action.RECOVER)
    gone = stories.ended_as(_within(frame, rounds), Action.LOSE)
    weekly = frame.length is Length.WEEK
    told = Digest(
        business=frame.name,
        timezone=frame.timezone,
        length=frame.length,
        since=frame.since,
        until=frame.until,
        told=now,
        numbers=numbers,
        place=frame.place,
        waiting=waiting,
        waiting_total=waiting_total,
        owed=owed,
        owed_total=owed_total,
        overdue=overdue,
        complaints=complaints,
        complaints_total=complaints_total,
        returned=stories.returned(tx, frame, won),
        returned_total=len(won),
        lost=stories.lost(tx, frame, gone),
        lost_total=len(gone),
        thanks=thanks,
        thanks_total=thanks_total,
        broken=broken_in(said.compared),
        spots=spots_in(said.compared, {feed.name: feed.source for feed in feeds}),
        troubles=troubles_in(tx, frame),
        coverage=_coverage(tx, frame, feeds, said, now),
        trend=said.trend
        if any(feed.last_success for feed in feeds) or any(day.heard for day in said.trend)
        else (),
        recovering=_recovering(tx, frame) if weekly else (),
        recovering_days=DAYS if weekly else 0,
    )
    if not first:
        return told
    late = tx.heard_after(frame.business, frame.since, frame.until, told_at(first), place=frame.place)
    return replace(told, changed=changed_since(first, told, late))


def _rounds(tx: Transaction, frame: Frame) -> list[Round]:
    worked = tx.worked(frame.business, frame.since, frame.until, TOLD, place=frame.place)
    return [one for case in worked for one in rounds_of(case)]


def _within(frame: Frame, rounds: Sequence[Round]) -> list[Round]:
    """Those that ended in the frame."""
    return [one for one in rounds if one.end is not None and frame.since <= one.end.at < frame.until]


def _numbers(tx: Transaction, frame: Frame, compared: Compared, rounds: Sequence[Round]) -> Numbers:
    def here(at: datetime | None) -> bool:
        return at is not None and frame.since <= at < frame.until

    heard, complaints = compared.figure(lambda _: True), compared.figure(complains)
    ended = _within(frame, rounds)
    recovered, lost, dismissed = (
        len(stories.ended_as(ended, action)) for action in (Action.RECOVER, Action.LOSE, Action.DISMISS)
    )
    waiting, backlog = tx.unclosed(frame.business, place=frame.place)
    return Numbers(
        heard=heard,
        complaints=complaints,
        rate=share(complaints.count, heard.count),
        thanks=counted(one for one in compared.now if one.praise),
        opened=tx.opened(frame.business, frame.since, frame.until, place=frame.place),
        closed=len(ended),
        recovered=recovered,
        lost=lost,
        dismissed=dismissed,
        regressed=sum(one.again and here(one.begun) for one in rounds),
        to_claim=times(one.to_claim for one in rounds if one.to_claim is not None and here(one.taken)),
        to_contact=times(
            one.to_contact for one in rounds if one.to_contact is not None and here(one.answered)
        ),
        to_recover=times(one.to_recover for one in ended if one.to_recover is not None),
        saved=share(recovered, recovered + lost),
        waiting=waiting,
        backlog=backlog,
    )


def _coverage(
    tx: Transaction, frame: Frame, feeds: Sequence[FeedState], said: Said, now: datetime
) -> tuple[Coverage, ...]:
    """Of all that are listened to, or were in the frame: a feed speaks of all places."""
    return tuple(
        coverage_of(
            feed,
            said.by_feed[feed.name],
            now,
            paused=not (frame.feeds or {}).get(feed.name, True),
            gap=usual_gap(tx, feed, now),
        )
        for feed in feeds
        if feed.next_due < NEVER_DUE
        and (frame.feeds is None or feed.name in frame.feeds or said.by_feed[feed.name])
    )


def coverage_of(
    feed: FeedState, heard: int, now: datetime, *, paused: bool = False, gap: timedelta | None = None
) -> Coverage:
    """Was the feed heard? Failing and silent are never mistaken for quiet. `gap`: `rhythm.usual_gap`."""
    last = feed.last_heard or feed.baselined
    since = None
    if paused:
        state = "paused"
    elif feed.failures:
        state, since = "failing", feed.failing_since
    elif feed.last_success is None:
        state = "new"
    elif heard:
        state = "heard"
    elif last is not None and now - last > silent_after(gap):
        state, since = "silent", last
    else:
        state = "quiet"
    return Coverage(
        feed=feed.name,
        source=feed.source,
        state=state,
        heard=heard,
        last_success=feed.last_success,
        last_heard=feed.last_heard,
        since=since,
        failures=feed.failures,
        error=feed.last_error if feed.failures else "",
    )


def _recovering(tx: Transaction, frame: Frame) -> tuple[Recovering, ...]:
    since = frame.until - timedelta(days=DAYS)
    return recovering(tx.ended(frame.business, since, frame.until, MOST, place=frame.place))
