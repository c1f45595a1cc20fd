"""The story of a span of time, from the facts in the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from monitor.core.briefing import Coverage, Digest, Voice, Waiting
from monitor.core.model import UNCLOSED, Case, Heard
from monitor.core.store import FeedState, Transaction

SILENT_AFTER = timedelta(days=7)
"""A feed that brought nothing for this long may be deaf without knowing it."""

NEVER_DUE = datetime(9000, 1, 1, tzinfo=UTC)
"""When an imported file is due: it is no feed to come back to, and cannot fall silent."""

SHOWN = 10


def digest_of(
    tx: Transaction,
    business: str,
    name: str,
    timezone: str,
    since: datetime,
    until: datetime,
    now: datetime,
    feeds: Mapping[str, bool] | None = None,
) -> Digest:
    """Everything told of [since, until). `business` is its key, `name` what people call it.

    `feeds`: the feeds of the settings, and whether each is enabled; coverage leaves out what was removed from
    them. None: all that were ever read.
    """
    counts = tx.day_counts(business, since, until)
    cases = [case for case in tx.cases(states=UNCLOSED, business=business) if not case.backlog]
    shown = cases[:SHOWN]
    cues = tx.cues([case.id for case in shown])
    heard = tx.heard_by_feed(since, until)
    named = {case.id for case in shown}
    voices = tx.voices(business, since, until, praise=False, limit=5 * SHOWN)
    # a case speaks once: its copies say the same
    worst: dict[int | None, Heard] = {}
    for voice in voices:
        worst.setdefault(voice.case_id, voice)
    return Digest(
        business=name,
        timezone=timezone,
        since=since,
        until=until,
        heard=counts.heard,
        complaints=counts.complaints,
        opened=counts.opened,
        closed=counts.closed,
        recovered=counts.recovered,
        waiting_total=counts.waiting,
        backlog_total=counts.backlog,
        waiting=tuple(_waiting(tx, case, cues.get(case.id), now) for case in shown),
        complaints_worst=tuple(_voice(h) for h in worst.values() if h.case_id not in named)[:SHOWN],
        praise=tuple(_voice(h) for h in tx.voices(business, since, until, praise=True, limit=SHOWN // 2)),
        praise_total=counts.praise,
        coverage=tuple(
            coverage_of(feed, heard.get(feed.name, 0), now, paused=not (feeds or {}).get(feed.name, True))
            for feed in tx.feeds()
            if feed.business == business
            and feed.next_due < NEVER_DUE
            and (feeds is None or feed.name in feeds or heard.get(feed.name))
        ),
    )


def coverage_of(feed: FeedState, heard: int, now: datetime, *, paused: bool = False) -> Coverage:
    """Was the feed heard? Failing and silent are never mistaken for quiet."""
    if paused:
        state = "paused"
    elif feed.failures:
        state = "failing"
    elif feed.last_success is None:
        state = "new"
    elif heard:
        state = "heard"
    elif (since := feed.last_heard or feed.baselined) is not None and now - since > SILENT_AFTER:
        state = "silent"
    else:
        state = "quiet"
    return Coverage(
        feed=feed.name,
        source=feed.source,
        state=state,
        last_success=feed.last_success,
        failing_since=feed.failing_since,
        failures=feed.failures,
        heard=heard,
        error=feed.last_error if feed.failures else "",
    )


def _waiting(tx: Transaction, case: Case, cue: Heard | None, now: datetime) -> Waiting:
    said = (cue.mention.published if cue else None) or case.opened
    card = tx.card_of(case.id, "slack")
    return Waiting(
        case_id=case.id,
        name=case.name,
        severity=case.severity,
        state=case.state.value,
        source=case.source,
        feed=cue.feed if cue else "",
        opened=case.opened,
        age_hours=round(max(0.0, (now - said).total_seconds()) / 3600, 2),
        owner=case.owner,
        quote=cue.mention.words if cue else "",
        url=(cue.mention.url if cue else None) or case.url,
        link=card.receipt.link if card and card.receipt else None,
    )


def _voice(heard: Heard) -> Voice:
    return Voice(
        name=heard.mention.author.name,
        source=heard.mention.source,
        feed=heard.feed,
        quote=heard.mention.words,
        url=heard.mention.url,
        case_id=heard.case_id,
        severity=heard.verdict.severity,
    )
