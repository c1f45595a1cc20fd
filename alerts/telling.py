"""The plain words for the values of a digest, the same in Slack, on the terminal, in Markdown and in HTML.

Pure, and without any receiver's markup. What customers and operators wrote is made harmless by `line`; receivers
escape it for their own markup like any other text.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from alerts import phrases
from alerts.phrases import plural
from alerts.words import line
from monitor.core.clock import spoken
from monitor.core.digest import (
    Against,
    Changed,
    Coverage,
    Digest,
    Figure,
    Length,
    Lever,
    Owed,
    Recovering,
    Share,
    Spot,
    Times,
    Trouble,
    Waiting,
)
from monitor.core.severity_rules import WITH

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EXPLAINED = {
    "respect": "treated with courtesy, as a person",
    "follow_through": "commitments that are kept",
    "communication": "told the good and the bad",
    "listening": "heard without interruption, and what was asked for is done",
    "promptness": "answered quickly, called back when promised",
    "alternatives": "options when there is a problem",
    "authority": "somebody who can decide",
    "clarity": "clear terms, prices, next steps",
    "expertise": "people who know the product",
    "advocacy": "somebody who takes the customer's side",
    "reliability": "the product, delivery or booking works",
    "fairness": "fair prices, charges, refunds",
}
"""What customers expect, by the key of the twelve."""
LEVERS = {
    Lever.EXPECTATION: "By what went wrong",
    Lever.FIRST_RESPONSE: "By how soon they were answered",
    Lever.MEANS: "By what was done for them",
    Lever.HOW: "Of those won back, by what",
}
NOTED = {"never answered": "no answer noted", "nothing": "nothing noted"}
"""Of a lever: who was won back "by a reply" may have been answered although nobody noted when."""
STATES = {
    "heard": "heard",
    "quiet": "heard, nothing new",
    "failing": "failing",
    "silent": "silent",
    "new": "not read yet",
    "paused": "paused",
}
FEW_DATA = "few data"
RATE = "complaints, of what was heard"
SAVED = "won back, of those won back or lost"
TOOK = {
    "until somebody took it": "to_claim",
    "until the first answer": "to_contact",
    "until won back": "to_recover",
}
"""How long it took, and the field of the numbers."""
NAMES = {"heard": "posts heard"}


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────


def figure_told(figure: Figure, period: str) -> str:
    """`34: more than usual for a Tuesday (usually 12 to 27)`; `period` is that of `period_of`."""
    return f"{figure.count:,}: {against_told(figure, period)}"


def against_told(figure: Figure, period: str) -> str:
    """`more than usual for a Tuesday (usually 12 to 27)`, `as usual for a week (90 to 140)`, or that nothing is usual
    yet, or that it is too early to say."""
    usual = usual_told(figure)
    match figure.against:
        case Against.MORE:
            return f"more than usual for {period} (usually {usual})" if usual else "more than usual"
        case Against.LESS:
            return f"fewer than usual for {period} (usually {usual})" if usual else "fewer than usual"
        case Against.USUAL:
            return f"as usual for {period} ({usual})" if usual else f"as usual for {period}"
        case Against.UNKNOWN:
            return "too little past to compare with"
        case Against.EARLY:
            return "so far, as it is not over yet"


def usual_told(figure: Figure) -> str:
    """`12 to 27`, `up to 5`, `none`; empty where it is not known."""
    if figure.low is None or figure.high is None:
        return ""
    low, high = max(0, math.ceil(figure.low)), max(0, math.floor(figure.high))
    if high <= 0:
        return "none"
    if low <= 0:
        return f"up to {high:,}"
    return f"{low:,} to {high:,}" if low < high else f"{high:,}"


def share_told(share: Share) -> str:
    """`16% (34 of 212)`; where there are few, the counts alone: `2 of 3 (few data)`; `none yet` of nothing."""
    if share.of <= 0:
        return "none yet"
    counts = f"{share.part:,} of {share.of:,}"
    return f"{percent(share.part / share.of)} ({counts})" if share.enough else f"{counts} ({FEW_DATA})"


def interval_told(share: Share) -> str:
    """`likely 12% to 22%`; empty where there are too few to say."""
    if not share.enough or share.low is None or share.high is None:
        return ""
    return f"likely {percent(share.low)} to {percent(share.high)}"


def percent(part: float) -> str:
    """Of 1. Never all or nothing by rounding alone."""
    told = round(100 * part)
    if told == 0 and part > 0:
        return "under 1%"
    return "over 99%" if told == 100 and part < 1 else f"{told}%"


def times_told(times: Times) -> str:
    """`half within 24 min, nine in ten within 2 h (24 times)`; less where there are few."""
    if not times.count:
        return "did not happen"
    often = "once" if times.count == 1 else f"{times.count:,} times"
    if times.median is None:
        return f"{often} ({FEW_DATA})"
    if times.count == 1:
        return f"{hours_told(times.median)} (once)"
    tail = f", nine in ten within {hours_told(times.p90)}" if times.p90 is not None else ""
    few = f"; {FEW_DATA}" if times.p90 is None else ""
    return f"half within {hours_told(times.median)}{tail} ({often}{few})"


def hours_told(hours: float) -> str:
    """`24 min`, `21 h`, `4 days`; how far it is from now, whichever way."""
    return spoken(timedelta(hours=abs(hours)))


def numbers_told(digest: Digest) -> list[tuple[str, str]]:
    """What is counted, each with what it says; nothing on a quiet span."""
    if digest.quiet:
        return []
    n, period = digest.numbers, period_of(digest)
    took = [(what, getattr(n, name)) for what, name in TOOK.items()]
    return [
        ("posts heard", figure_told(n.heard, period)),
        ("complaints", figure_told(n.complaints, period)),
        (RATE, share_told(n.rate)),
        ("cases", cases_told(digest)),
        *((what, times_told(times)) for what, times in took if times.count),
        (SAVED, share_told(n.saved)),
    ]


def cases_told(digest: Digest) -> str:
    """`31 opened, 9 closed (6 won back, 3 lost), 17 not over now`: what there is."""
    n = digest.numbers
    ends = _counted({"won back": n.recovered, "lost": n.lost, "dismissed": n.dismissed})
    counts = {
        "opened": n.opened,
        f"closed ({ends})": n.closed,
        "complained again": n.regressed,
        "not over now": n.waiting,
        "older ones not over": n.backlog,
    }
    return _counted(counts) or "none"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


# ── the span ─────────────────────────────────────────────────────────────────────────────────────────────


def title_told(digest: Digest) -> str:
    """`The Invented Café · Tue 24 Nov 2026`, with the place where only one is told of."""
    zone = phrases.zone(digest.timezone)
    where = f", {line(digest.place, 60)}" if digest.place else ""
    return f"{line(digest.business, 60)}{where} · {span_told(digest.since, digest.until, zone)}"


def span_told(since: datetime, until: datetime, zone: tzinfo) -> str:
    """`Tue 24 Nov 2026`; `Wed 18 Nov to Tue 24 Nov 2026`; with the hours where it is not made of whole days."""
    first, end = since.astimezone(zone), until.astimezone(zone)
    if first.time() != time() or end.time() != time():
        return f"{phrases.moment(since, zone)} to {phrases.moment(until, zone)}"
    last = end - timedelta(microseconds=1)
    if first.date() == last.date():
        return phrases.day(since, zone)
    year = f" {first.year}" if first.year != last.year else ""
    return (
        f"{first:%a} {first.day} {first:%b}{year} to {phrases.day(until - timedelta(microseconds=1), zone)}"
    )


def report_command(digest: Digest) -> str:
    """What writes the whole of this span, and of no other, into a file."""
    zone = phrases.zone(digest.timezone)
    since, until = (_typed(at.astimezone(zone)) for at in (digest.since, digest.until))
    span = {
        Length.DAY: f"--day {since}",
        Length.WEEK: f"--week --day {since}",
        Length.SPAN: f"--since {since} --until {until}",
    }
    place = f" --place {shlex.quote(line(digest.place, 200))}" if digest.place else ""
    return f"complaint-monitor digest {span[digest.length]}{place} --html report.html"


def _typed(local: datetime) -> str:
    """With its offset: an hour that comes twice is told apart."""
    return f"{local:%Y-%m-%d}" if local.time() == time() else local.isoformat(timespec="seconds")


def day_told(day: date) -> str:
    """`Tue 24 Nov`, of the trend."""
    return f"{day:%a} {day.day} {day:%b}"


def period_of(digest: Digest) -> str:
    """What its figures are compared with: `a Tuesday`, `a week`."""
    if digest.length is Length.DAY:
        return f"a {WEEKDAYS[digest.since.astimezone(phrases.zone(digest.timezone)).weekday()]}"
    return "a week" if digest.length is Length.WEEK else "such a time"


def changed_told(changed: Changed, zone: tzinfo) -> str:
    """`Since it was first posted on 25 Nov 2026 06:30 CET, 4 late posts came in: posts heard 208, now 212; …`"""
    late = plural(changed.late, "late post")
    told = f"Since this was first posted on {phrases.moment(changed.first, zone)}, "
    told += f"{late} came in" if changed.late else "something changed"
    differ = [
        f"{NAMES.get(what, line(what, 40))} {then:,}, now {now:,}" for what, then, now in changed.figures
    ]
    return told + (f": {'; '.join(differ)}." if differ else ".")


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────


def name_told(name: str) -> str:
    return line(name, 60) or phrases.NOBODY


def waiting_told(waiting: Waiting) -> str:
    """`waits 18 h; the first answer is overdue by 90 min of working time`"""
    return f"waits {hours_told(waiting.hours)}; {left_told(waiting.left)}"


def left_told(left: float | None) -> str:
    """Working hours until the first answer is due."""
    if left is None:
        return "no clock runs"
    if left < 0:
        return f"the first answer is overdue by {hours_told(left)} of working time"
    return f"{hours_told(left)} of working time left for the first answer"


def owed_told(owed: Owed, zone: tzinfo) -> str:
    """`overdue by 3 h: it was due 25 Nov 2026 05:30 CET`, `due in 5 h: 25 Nov 2026 13:30 CET`"""
    at = phrases.moment(owed.due, zone)
    if owed.late > 0:
        return f"overdue by {hours_told(owed.late)}: it was due {at}"
    return f"due in {hours_told(owed.late)}: {at}" if owed.late < 0 else f"due now: {at}"


# ── what went wrong, and where ───────────────────────────────────────────────────────────────────────────


def expectation_told(key: str) -> str:
    """`How people are treated`: as cards tell it; empty where none could be told."""
    told = WITH.get(key, line(key.replace("_", " "), 40))
    return told[:1].upper() + told[1:]


def spot_told(spot: Spot, limit: int) -> str:
    """The source by the name people know, or the location as posts name it."""
    return phrases.where(spot.name) if spot.kind == "source" else line(spot.name, limit)


def trouble_told(trouble: Trouble, zone: tzinfo) -> str:
    """`11 cases; usually 0.4 complaints an hour; since 24 Nov 2026 17:00 CET, and goes on`"""
    usual = f"usually {_rate(trouble.usual)} complaints an hour" if trouble.usual > 0 else "usually none"
    start = phrases.moment(trouble.started, zone)
    when = f"since {start}, and goes on"
    if trouble.ended is not None:
        when = f"{start} to {phrases.moment(trouble.ended, zone)}, over"
    return f"{plural(trouble.cases, 'case')}; {usual}; {when}"


def _rate(an_hour: float) -> str:
    if an_hour < 0.1:
        return "under 0.1"
    return f"{an_hour:.1f}".removesuffix(".0") if an_hour < 10 else f"{an_hour:,.0f}"


def recovering_told(one: Recovering) -> str:
    """What the customers of this row share."""
    if one.lever is Lever.EXPECTATION:
        return expectation_told(one.value)
    told = NOTED.get(one.value, line(one.value, 60))
    return told[:1].upper() + told[1:]


# ── was everything heard? ────────────────────────────────────────────────────────────────────────────────


def coverage_told(feed: Coverage, zone: tzinfo) -> str:
    """One feed in a line, without its name: `failing since …, 11 tries failed: the server answered 503`"""
    state = STATES.get(feed.state, line(feed.state, 20))
    since = f" since {phrases.moment(feed.since, zone)}" if feed.since else ""
    reached = (
        f"last reached {phrases.moment(feed.last_success, zone)}"
        if feed.last_success
        else "never reached yet"
    )
    match feed.state:
        case "failing":
            tries = f", {plural(feed.failures, 'try', 'tries')} failed" if feed.failures else ""
            why = f": {line(feed.error, 200)}" if feed.error else ""
            return f"{state}{since}{tries}, {reached}{why}"
        case "silent":
            return f"{state}{since}: it is reached, and brings nothing where it usually does"
        case "heard":
            return f"{plural(feed.heard, 'post')}, {reached}"
        case _:
            return f"{state}, {reached}" if feed.last_success or feed.well else state


def hearing_told(digest: Digest) -> str:
    """`Everything was heard: all 5 feeds.`, or which were not: what was not heard is never told as quiet."""
    if unread(digest):
        return "No feed has been read yet, so nothing can be told."
    deaf = f"Not everything was heard: {_deaf(digest)}." if digest.deaf else ""
    if digest.unlistened and digest.coverage:
        told = f"No feed was read {_then(digest)}: of what was said, only what was heard later is known."
        return f"{told} {deaf}".rstrip()
    well = sum(feed.well for feed in digest.coverage)
    if deaf or not well:
        return deaf or "No feed is listened to now."
    new, paused = (sum(feed.state == state for feed in digest.coverage) for state in ("new", "paused"))
    rest = [f"{new:,} not read yet"] * bool(new) + [f"{paused:,} paused"] * bool(paused)
    head = "What is read was heard" if rest else "Everything was heard"
    return "; ".join([f"{head}: {'the one feed' if well == 1 else f'all {well:,} feeds'}", *rest]) + "."


def quiet_told(digest: Digest) -> str:
    """Of a span in which nothing happened, as far as it is known."""
    if digest.unlistened:
        return f"Nothing was heard of what was said {_then(digest)}; nobody waits, and no promise is due."
    what = {Length.DAY: "A quiet day", Length.WEEK: "A quiet week"}.get(digest.length, "Quiet")
    return f"{what}: nobody wrote, nobody waits, and no promise is due."


def _then(digest: Digest) -> str:
    return "in that week" if digest.length is Length.WEEK else "on that day"


def unread(digest: Digest) -> bool:
    """Was no feed ever read? Then it is not quiet: nothing is known."""
    return digest.quiet and not digest.trend and not any(feed.last_success for feed in digest.coverage)


def unread_told(digest: Digest) -> tuple[str, ...]:
    """Where no feed was ever read: that, and what to do."""
    tried = f"No feed could be read yet, so there is nothing to tell: {_deaf(digest)}." if digest.deaf else ""
    return (tried or "No feed has been read yet, so there is nothing to tell.", *FIRST_STEPS)


def _deaf(digest: Digest) -> str:
    names = [f"{line(feed.feed, 60)} ({STATES[feed.state]})" for feed in digest.deaf[:5]]
    more = f" and {len(digest.deaf) - 5} more" if len(digest.deaf) > 5 else ""
    return ", ".join(names) + more


FIRST_STEPS = (
    "Read them once: complaint-monitor run --once",
    "See whether each can be reached: complaint-monitor check",
    "Then tell the day again: complaint-monitor digest",
)
