"""The digest once more, from docs/digest.md in the most obvious way: everything is read into lists and walked through.

Slow, and written apart from the builder, which it must agree with to the letter.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from monitor.core.clocks import clocks
from monitor.core.model import Case, CaseEvent, Heard, Promise, State
from monitor.core.policy import Policy
from monitor.core.store import FeedState, Transaction

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PEOPLE_ONLY = ("monitor", "clock", "source")
SAID_BESIDE = ("note", "link", "unlink", "keep", "break", "withdraw", "remind")
DEEDS = (
    "claim",
    "hand_over",
    "release",
    "contact",
    "recover",
    "lose",
    "dismiss",
    "reopen",
    "snooze",
    "wake",
    "escalate",
    "promise",
)
TWELVE = (
    "respect",
    "follow_through",
    "communication",
    "listening",
    "promptness",
    "alternatives",
    "authority",
    "clarity",
    "expertise",
    "advocacy",
    "reliability",
    "fairness",
)
Reading = tuple[str, datetime]


@dataclass
class World:
    """Everything there is."""

    heard: list[Heard]
    cases: list[Case]
    events: dict[int, list[CaseEvent]]
    promises: list[Promise]
    feeds: list[FeedState]
    readings: list[Reading]
    """Each time that a feed was read well."""


def world_of(tx: Transaction, business: str, readings: Sequence[Reading]) -> World:
    cases = tx.cases(business=business)
    return World(
        heard=tx.recent(business, limit=10**9),
        cases=cases,
        events={case.id: tx.events(case.id) for case in cases},
        promises=[promise for case in cases for promise in tx.promises(case.id)],
        feeds=[feed for feed in tx.feeds() if feed.business == business],
        readings=list(readings),
    )


@dataclass
class Asked:
    timezone: str
    since: datetime
    until: datetime
    length: str
    place: str
    now: datetime
    policy: Policy


def said(one: Heard) -> datetime:
    published = one.mention.published
    return one.first_seen if published is None or published > one.first_seen else published


def digest(world: World, asked: Asked) -> dict[str, Any]:
    """What `--json` tells, but for links, and with numbers in place of people."""
    here = [one for one in world.heard if inside(said(one), asked) and at_place(one, asked.place)]
    complaints = [one for one in here if one.verdict.is_complaint]
    cases = [case for case in world.cases if case_at_place(world, case, asked.place)]
    rounds = [one for case in cases for one in rounds_of(case, world.events[case.id])]
    ended = [one for one in rounds if one["end"] and inside(one["end"].at, asked)]
    recovered = [one for one in ended if one["end"].action == "recover"]
    lost = [one for one in ended if one["end"].action == "lose"]
    past = Past(world, asked)
    unclosed = [case for case in cases if not case.state.closed]
    return {
        "numbers": {
            "heard": past.figure(lambda one: True),
            "complaints": past.figure(complains),
            "rate": share(len(complaints), len(here)),
            "thanks": sum(one.verdict.praise for one in here),
            "opened": sum(inside(case.opened, asked) for case in cases),
            "closed": len(ended),
            "recovered": len(recovered),
            "lost": len(lost),
            "dismissed": sum(one["end"].action == "dismiss" for one in ended),
            "regressed": sum(one["again"] and inside(one["begun"], asked) for one in rounds),
            "to_claim": times(
                one["taken"] - one["begun"] for one in rounds if one["taken"] and inside(one["taken"], asked)
            ),
            "to_contact": times(
                one["given"] - one["begun"] for one in rounds if one["known"] and inside(one["known"], asked)
            ),
            "to_recover": times(one["end"].at - one["begun"] for one in recovered),
            "saved": share(len(recovered), len(recovered) + len(lost)),
            "waiting": sum(not case.backlog for case in unclosed),
            "backlog": sum(case.backlog for case in unclosed),
        },
        "waiting": waiting(world, cases, asked),
        "owed": owed(world, cases, asked),
        "complaints": new_complaints(world, complaints),
        "returned": [returned(world, one) for one in last_first(recovered)],
        "lost": [(one["case"].id, one["end"].note, one["end"].at) for one in last_first(lost)],
        "thanks": thanked(here),
        "broken": broken(past),
        "spots": [*spots(world, past, asked, "source"), *spots(world, past, asked, "location")],
        "coverage": coverage(world, asked),
        "trend": trend(world, asked),
        "recovering": recovering(world, cases, asked) if asked.length == "week" else [],
    }


# ── what belongs where ───────────────────────────────────────────────────────────────────────────────────


def inside(at: datetime, asked: Asked) -> bool:
    return asked.since <= at < asked.until


def at_place(one: Heard, place: str) -> bool:
    return not place or one.mention.place.location == place


def complaints_of(world: World, case: Case) -> list[Heard]:
    return [one for one in world.heard if one.case_id == case.id and one.verdict.is_complaint]


def case_at_place(world: World, case: Case, place: str) -> bool:
    return not place or any(at_place(one, place) for one in complaints_of(world, case))


def complains(one: Heard) -> bool:
    return one.verdict.is_complaint


def names(key: str) -> Callable[[Heard], bool]:
    def fits(one: Heard) -> bool:
        return one.verdict.is_complaint and any(piece.signal == key for piece in one.verdict.expectations)

    return fits


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def local_day(at: datetime, timezone: str) -> date:
    return at.astimezone(ZoneInfo(timezone)).date()


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────


class Past:
    """The eight periods before, as they can be compared."""

    def __init__(self, world: World, asked: Asked) -> None:
        self.world, self.asked = world, asked
        zone = ZoneInfo(asked.timezone)
        count = {"day": 1, "week": 7}.get(asked.length, 0)
        last = local_day(asked.until - timedelta(microseconds=1), asked.timezone)
        days = [last - n * DAY for n in range(count)]
        self.periods = [
            [
                (midnight(day - 7 * back * DAY, zone), midnight(day - 7 * back * DAY + DAY, zone))
                for day in days
            ]
            for back in range(1, 9)
            if days
        ]
        self.files = {feed.name for feed in world.feeds if feed.next_due.year >= 9000}
        self.now = [one for one in world.heard if inside(said(one), asked)]
        read = {feed for feed, at in world.readings if inside(at, asked)}
        self.listening = (read | {one.feed for one in self.now}) - self.files

    def figure(
        self, fits: Callable[[Heard], bool], kind: Callable[[Heard], bool] = lambda one: True
    ) -> tuple[Any, ...]:
        """`kind`: of the source or location alone."""
        place = self.asked.place
        matter = [one for one in self.world.heard if at_place(one, place) and kind(one)]
        count = sum(fits(one) for one in self.now if at_place(one, place) and kind(one))
        if self.asked.now < self.asked.until:
            return (count, None, None, None, 0, "early")
        speaks = {one.feed for one in matter if inside(said(one), self.asked)}
        for period in self.periods:
            speaks |= {one.feed for one in matter if any(a <= said(one) < b for a, b in period)}
        needed = (speaks & self.listening) or self.listening
        values = []
        for period in self.periods:
            heard_all = all(
                any(name == feed and a <= at < b for name, at in self.world.readings)
                for feed in needed
                for a, b in period
            )
            if needed and heard_all:
                values.append(
                    sum(
                        fits(one)
                        for one in matter
                        if one.feed in needed | self.files and any(a <= said(one) < b for a, b in period)
                    )
                )
        if len(values) < 4:
            return (count, None, None, None, len(values), "unknown")
        usual = statistics.median(values)
        deviation = statistics.median([abs(value - usual) for value in values])
        spread = max(1.4826 * deviation, math.sqrt(max(usual, 1)))
        low, high = round(max(0, usual - 2.5 * spread), 2), round(usual + 2.5 * spread, 2)
        told = "more" if count > high else "less" if count < low else "usual"
        return (count, usual, low, high, len(values), told)


def share(part: int, of: int) -> tuple[Any, ...]:
    if of == 0:
        return (0, 0, None, None, False)
    z, p = 1.96, part / of
    centre = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return (part, of, round(max(0, centre - half), 3), round(min(1, centre + half), 3), of >= 20)


def times(found: Iterable[timedelta]) -> tuple[Any, ...]:
    hours = sorted(one / HOUR for one in found)
    if not hours:
        return (0, None, None)
    p90 = None
    if len(hours) >= 10:
        p90 = next(one for n, one in enumerate(hours, 1) if n >= 0.9 * len(hours))
    return (len(hours), round(statistics.median(hours), 2), None if p90 is None else round(p90, 2))


# ── what was done ────────────────────────────────────────────────────────────────────────────────────────


def rounds_of(case: Case, events: list[CaseEvent]) -> list[dict[str, Any]]:
    def new(begun: datetime, again: bool) -> dict[str, Any]:
        facts: tuple[str, ...] = ("taken", "known", "given", "end", "kind")
        return {"case": case, "begun": begun, "again": again, **dict.fromkeys(facts)}

    rounds = [new(case.opened, False)]
    for event in events:
        now = rounds[-1]
        if event.action in ("regress", "regressed"):
            rounds.append(new(event.at, True))
            continue
        person = event.actor not in PEOPLE_ONLY
        if now["taken"] is None and person and event.action in DEEDS and event.after is not State.OPEN:
            now["taken"] = event.at
        if event.action == "contact" and now["known"] is None:
            now["known"] = now["given"] = event.at
            if len(rounds) == 1 and case.contacted is not None:
                now["given"] = min(event.at, case.contacted)
        if event.action in ("recover", "lose", "dismiss"):
            now["end"] = event
        if event.action in ("reopen", "reopened"):
            now["end"] = None
        if event.action == "propose":
            now["kind"] = (event.data or {}).get("after")
    return rounds


def last_first(ended: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(ended, key=lambda one: (one["end"].at, one["case"].id), reverse=True)


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────


def rank(one: Heard) -> int:
    return -1 if one.verdict.severity is None else one.verdict.severity.rank


def cue(world: World, case: Case) -> Heard:
    """The worst complaint, the newest of equals; where none is left, the newest post."""
    theirs = [one for one in world.heard if one.case_id == case.id]
    return max(
        theirs, key=lambda one: (one.verdict.is_complaint, rank(one), own(one, case), when(one), one.id)
    )


def own(one: Heard, case: Case) -> bool:
    return (one.mention.author.key or f"mention:{one.mention.native_id}") == case.customer


def when(one: Heard) -> datetime:
    return one.mention.published or one.first_seen


def waiting(world: World, cases: list[Case], asked: Asked) -> list[tuple[Any, ...]]:
    found = []
    for case in cases:
        if case.state is not State.OPEN or case.backlog:
            continue
        both = clocks(case, asked.policy, asked.now)
        assert both is not None
        clock, quoted = both.first_response, cue(world, case)
        left = None if clock.done else clock.remaining
        reach = max(quoted.mention.reach.followers or 0, quoted.mention.reach.likes or 0)
        order = (-case.severity.rank, timedelta.max if left is None else left, -reach, said(quoted), case.id)
        hours = round(max(timedelta(0), asked.now - said(quoted)) / HOUR, 2)
        told = (case.id, hours, None if left is None else round(left / HOUR, 2), quoted.mention.words)
        found.append((order, told))
    return [told for _, told in sorted(found)]


def owed(world: World, cases: list[Case], asked: Asked) -> list[tuple[Any, ...]]:
    zone = ZoneInfo(asked.timezone)
    end = midnight(local_day(asked.until, asked.timezone) + DAY, zone)
    ids = {case.id for case in cases}
    stand = [one for one in world.promises if one.outcome is None and one.due < end and one.case_id in ids]
    return [
        (one.case_id, one.what, one.due, round((asked.now - one.due) / HOUR, 2))
        for one in sorted(stand, key=lambda one: (one.due, one.id))
    ]


def new_complaints(world: World, complaints: list[Heard]) -> list[tuple[int, str]]:
    best = []
    for case in world.cases:
        theirs = [one for one in complaints if one.case_id == case.id]
        if theirs and case.state is not State.DISMISSED:
            worst = max(theirs, key=lambda one: (rank(one), one.verdict.complaint, said(one), one.id))
            best.append((case, worst))
    best.sort(key=lambda pair: pair[1].id)
    best.sort(
        key=lambda pair: (pair[0].severity.rank, pair[1].verdict.complaint, said(pair[1])), reverse=True
    )
    return [(case.id, worst.mention.words.strip()) for case, worst in best]


def returned(world: World, one: dict[str, Any]) -> tuple[Any, ...]:
    case, end = one["case"], one["end"]
    known = [heard for heard in complaints_of(world, case) if heard.first_seen <= end.at]
    before = cue(world, case)
    if known and before.id not in [heard.id for heard in known]:
        before = max(known, key=lambda heard: (rank(heard), said(heard), heard.id))
    after = [heard for heard in world.heard if heard.case_id == case.id and heard.id == one["kind"]]
    if not after and before.mention.author.key:
        after = sorted(
            (
                heard
                for heard in world.heard
                if heard.case_id == case.id
                and heard.mention.author.key == before.mention.author.key
                and not heard.verdict.is_complaint
                and said(heard) > said(before)
            ),
            key=lambda heard: (said(heard), heard.id),
        )[-1:]
    how = (end.data or {}).get("how")
    done = [f"by a {how}"] if how in ("reply", "refund", "gesture", "replacement") else []
    return (
        case.id,
        before.mention.words.strip() if before.verdict.is_complaint else "",
        after[0].mention.words.strip() if after else "",
        ": ".join([*done, *([end.note] if end.note else [])]),
        round((end.at - one["begun"]) / HOUR, 2),
        end.at,
    )


def thanked(here: list[Heard]) -> list[tuple[Any, ...]]:
    kind = [one for one in here if one.verdict.praise and one.gone_at is None and one.mention.words]
    kind.sort(key=lambda one: one.id)
    kind.sort(key=said, reverse=True)
    kind.sort(key=lambda one: not one.verdict.staff)
    return [(one.mention.words.strip(), one.verdict.staff) for one in kind]


# ── what went wrong, and where ───────────────────────────────────────────────────────────────────────────


def broken(past: Past) -> list[tuple[Any, ...]]:
    found = [(key, past.figure(names(key))) for key in TWELVE]
    told = [(key, figure) for key, figure in found if figure[0] or figure[1]]
    return sorted(told, key=lambda pair: (-pair[1][0], -(pair[1][1] or 0)))


def spots(world: World, past: Past, asked: Asked, kind: str) -> list[tuple[Any, ...]]:
    sources = {feed.name: feed.source for feed in world.feeds}

    def name_of(one: Heard) -> str:
        if kind == "source":
            return sources.get(one.feed, one.feed)
        return one.mention.place.location or ""

    here = [one for one in past.now if at_place(one, asked.place) and name_of(one)]
    found = []
    for name in {name_of(one) for one in here}:
        ours = [one for one in here if name_of(one) == name]
        others = [one for one in here if name_of(one) != name]
        bad, bad_others = sum(map(complains, ours)), sum(map(complains, others))
        figure = past.figure(complains, lambda one, name=name: name_of(one) == name)  # type: ignore[misc]
        rate = share(bad, len(ours))
        hot = (
            bad >= 5
            and figure[-1] == "more"
            and len(ours) >= 20
            and len(others) >= 20
            and rate[2] > bad_others / len(others)
        )
        found.append((kind, name, len(ours), figure, rate, hot))
    return sorted(found, key=lambda one: (-one[3][0], -one[2], one[1]))[:10]


# ── the rest ─────────────────────────────────────────────────────────────────────────────────────────────


def coverage(world: World, asked: Asked) -> list[tuple[Any, ...]]:
    told = []
    for feed in world.feeds:
        if feed.next_due.year >= 9000:
            continue
        heard = sum(one.feed == feed.name and inside(said(one), asked) for one in world.heard)
        told.append((feed.name, heard, feed.failures))
    return told


def trend(world: World, asked: Asked) -> list[tuple[Any, ...]]:
    zone = ZoneInfo(asked.timezone)
    files = {feed.name for feed in world.feeds if feed.next_due.year >= 9000}
    last = local_day(asked.until - timedelta(microseconds=1), asked.timezone)
    told = []
    for back in range(13, -1, -1):
        day = last - back * DAY
        a, b = midnight(day, zone), midnight(day + DAY, zone)
        here = [one for one in world.heard if a <= said(one) < b and at_place(one, asked.place)]
        listened = any(a <= at < b and feed not in files for feed, at in world.readings)
        told.append((day, len(here), sum(map(complains, here)), listened))
    nothing = not any(one[1] for one in told) and not any(feed.last_success for feed in world.feeds)
    return [] if nothing else told


def recovering(world: World, cases: list[Case], asked: Asked) -> list[tuple[Any, ...]]:
    since = asked.until - 90 * DAY
    ended = [
        case
        for case in cases
        if case.state in (State.RECOVERED, State.LOST) and case.closed and since <= case.closed < asked.until
    ]
    rows: dict[tuple[str, str], list[bool]] = {}
    hows: list[str] = []
    for case in ended:
        won = case.state is State.RECOVERED
        labels = [("expectation", key) for key in TWELVE if any(map(names(key), complaints_of(world, case)))]
        if case.contacted is None:
            labels.append(("first response", "never answered"))
        else:
            waited = (case.contacted - case.opened) / HOUR
            soon = "within 1 hour" if waited <= 1 else "within 4 hours" if waited <= 4 else "within a day"
            labels.append(("first response", soon if waited <= 24 else "after more than a day"))
        outcomes = [one.outcome for one in world.promises if one.case_id == case.id]
        if "broken" in outcomes:
            means = "promise broken"
        elif "kept" in outcomes:
            means = "promise kept"
        else:
            means = "reply" if case.contacted else "nothing"
        for label in (*labels, ("means", means)):
            rows.setdefault(label, []).append(won)
        if won:
            told = [event for event in world.events[case.id] if event.action == "recover"]
            hows.append((told[-1].data or {}).get("how") or "other")
    found = [(lever, value, share(sum(won), len(won))) for (lever, value), won in rows.items()]
    return sorted(found + [("how", how, share(hows.count(how), len(hows))) for how in set(hows)])
