"""A year of a fictional business, with what really happened in it told apart.

`python tests/simulated_year.py --seed 7` prints what a year holds. The business, Pocketbarn, lends out garden
tools by an app; nobody in it exists. Its mentions have hours, weekdays and seasons, good and bad days, releases
of the app, three incidents, a feed that falls silent and catches up, and one post that goes round.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import cos, exp, pi

from simulated_words import BRANCHES, OUTAGE, PRICE, RELEASE, Words

from monitor.core.model import NOWHERE, Author, Evidence, Mention, Place, Severity, Verdict

BEGIN = datetime(2025, 1, 6, tzinfo=UTC)
HOURS = 364 * 24
MENTIONS = 200_000
COMPLAINING = 0.115
"""Share of the usual mentions that complain."""
LEARNING = 75
"""Days at the beginning in which nothing unusual happens: there is no past to judge it by."""


@dataclass(frozen=True, slots=True)
class SimulatedFeed:
    name: str
    source: str
    share: float
    every: timedelta
    """How often it is read: what is said in between is heard then."""
    place: str = ""
    """What its posts tell of where: `storefront`, `location`, or nothing."""
    threads: float = 0.0
    """Share of its posts that answer in somebody's thread."""


FEEDS = (
    SimulatedFeed("app", "appstore", 0.34, timedelta(minutes=15), "storefront"),
    SimulatedFeed("social", "mastodon", 0.30, timedelta(minutes=5)),
    SimulatedFeed("branches", "rss", 0.18, timedelta(minutes=10), "location"),
    SimulatedFeed("forum", "hackernews", 0.10, timedelta(minutes=5), threads=0.7),
    SimulatedFeed("blogs", "rss", 0.08, timedelta(minutes=15)),
)
BY_NAME = {feed.name: feed for feed in FEEDS}
STOREFRONTS = {"us": 0.40, "gb": 0.25, "au": 0.15, "ca": 0.12, "ie": 0.08}
LOCATIONS = dict(zip(BRANCHES, (0.22, 0.18, 0.15, 0.13, 0.12, 0.09, 0.07, 0.04), strict=True))
EXPECTATIONS = {
    "reliability": 0.22,
    "promptness": 0.16,
    "communication": 0.13,
    "fairness": 0.12,
    "respect": 0.09,
    "follow_through": 0.08,
    "clarity": 0.07,
    "expertise": 0.05,
    "alternatives": 0.03,
    "listening": 0.02,
    "authority": 0.02,
    "advocacy": 0.01,
}


@dataclass(frozen=True, slots=True)
class HeardPost:
    mention: Mention
    verdict: Verdict
    feed: str
    heard: datetime


@dataclass(frozen=True, slots=True)
class TrueIncident:
    kind: str
    """`outage`, `price` or `release`."""
    start: datetime
    """When its rate begins to rise."""
    end: datetime
    series: tuple[str, ...]
    """The series that rise by its making, as `expectation:reliability`."""
    posts: int
    """Complaints it made."""
    first_hour: int
    """Of them said in the first hour."""


@dataclass(frozen=True, slots=True)
class Truth:
    incidents: tuple[TrueIncident, ...]
    silent_feed: str
    silent: tuple[datetime, datetime]
    viral: str
    """The native id of the post that goes round."""
    viral_span: tuple[datetime, datetime]
    viral_posts: int


@dataclass(frozen=True, slots=True)
class Year:
    posts: Sequence[HeardPost]
    """In the order in which they are heard."""
    truth: Truth


_NEUTRAL = Verdict(0.06, False)


class _Maker:
    def __init__(self, seed: int, mentions: int) -> None:
        self.rng = random.Random(seed)
        self.words = Words(self.rng, tuple(LOCATIONS))
        self.mentions = mentions
        self.posts: list[HeardPost] = []
        self.customers = max(200, mentions // 4)
        self.releases = self._releases()
        self.threads: dict[str, list[str]] = {feed.name: [] for feed in FEEDS}
        self.number = 0
        self.verdicts: dict[tuple[str, ...], list[Verdict]] = {}

    # ── the ordinary year ────────────────────────────────────────────────────────────────────────────────

    def _releases(self) -> list[tuple[float, str]]:
        """Days on which the app has a new version."""
        days, found, minor = 0.4, [], 0
        while days < HOURS / 24:
            found.append((days, f"4.{minor}.0"))
            days, minor = days + self.rng.uniform(18, 38), minor + 1
        return found

    def rates(self) -> list[float]:
        """How much is said in each hour: by hour, weekday and season, with good and bad days and hours."""
        rng, found, mood = self.rng, [], 0.0
        for day in range(HOURS // 24):
            season = 1 + 0.35 * cos(2 * pi * (day - 150) / 365) + 0.0006 * day
            weekday = (1.0, 0.95, 0.95, 1.0, 1.1, 1.35, 1.25)[day % 7]
            mood = 0.6 * mood + rng.gauss(0, 0.14)
            for hour in range(24):
                daily = (
                    0.25 + 0.75 * (1 - cos(2 * pi * (hour - 3.5) / 24)) + 0.5 * exp(-((hour - 20) ** 2) / 6)
                )
                found.append(season * weekday * exp(mood) * daily * rng.gammavariate(14, 1 / 14))
        return found

    def version(self, day: float) -> str:
        out = [(at, name) for at, name in self.releases if at <= day] or self.releases[:1]
        for at, name in reversed(out):
            if self.rng.random() < 1 - exp(-(day - at) / 3):
                return name
        return out[0][1]

    def keys(self) -> tuple[str, ...]:
        roll = self.rng.random()
        count = 0 if roll < 0.12 else 1 if roll < 0.75 else 2
        drawn = self.rng.choices(_KEYS, cum_weights=_KEY_WEIGHTS, k=count)
        return tuple(dict.fromkeys(drawn))

    def ordinary(self, number: int, rates: Sequence[float]) -> None:
        rng = self.rng
        hours = rng.choices(range(len(rates)), cum_weights=list(accumulate(rates)), k=number)
        feeds = rng.choices(FEEDS, weights=[feed.share for feed in FEEDS], k=number)
        bad_day = [exp(rng.gauss(0, 0.15)) for _ in range(HOURS // 24)]
        fresh = [
            1.25 if any(0 <= day - at < 3 for at, _ in self.releases) else 1.0 for day in range(HOURS // 24)
        ]
        for hour, feed in zip(sorted(hours), feeds, strict=True):
            at = hour + rng.random()
            day = hour // 24
            share = COMPLAINING * bad_day[day] * (fresh[day] if feed.name == "app" else 1.0)
            self.say(feed, at, self.keys() if rng.random() < share else None)

    def say(
        self,
        feed: SimulatedFeed,
        at: float,
        keys: tuple[str, ...] | None,
        *,
        core: str | None = None,
        version: str | None = None,
        thread: str | None = None,
        parent: str | None = None,
        text: str | None = None,
        repost: bool = False,
        customer: str | None = None,
    ) -> str:
        """One mention, `at` hours from the beginning; `keys` None: no complaint. Returns its id."""
        rng = self.rng
        self.number += 1
        native_id = f"p{self.number}"
        said = BEGIN + timedelta(hours=at)
        place = NOWHERE
        if feed.place == "storefront":
            front = rng.choices(_FRONTS, cum_weights=_FRONT_WEIGHTS)[0]
            place = Place(storefront=front, version=version or self.version(at / 24))
        elif feed.place == "location":
            place = Place(location=rng.choices(_BRANCHES, cum_weights=_BRANCH_WEIGHTS)[0])
        if thread is None and feed.threads:
            known = self.threads[feed.name]
            thread = rng.choice(known[-4:]) if known and rng.random() < feed.threads else native_id
            if thread == native_id:
                known.append(native_id)
                del known[:-20]
        who = customer or f"c{int(self.customers * rng.random() ** 1.5)}"
        if text is None:
            text = self.words.other() if keys is None else self.words.complaint(keys, core)
        mention = Mention(
            feed.source,
            native_id,
            text,
            author=Author(who, who),
            published=said,
            thread=thread,
            parent=parent,
            place=place,
            repost=repost,
        )
        verdict = _NEUTRAL if keys is None else self.verdict(keys)
        seconds = feed.every.total_seconds()
        read = (said.timestamp() + 40) // seconds * seconds + seconds
        self.posts.append(HeardPost(mention, verdict, feed.name, datetime.fromtimestamp(read, UTC)))
        return native_id

    def verdict(self, keys: tuple[str, ...]) -> Verdict:
        known = self.verdicts.setdefault(keys, [])
        if not known:
            broken = tuple(Evidence(key, "") for key in keys)
            for severity, p in ((Severity.LOW, 0.6), (Severity.MEDIUM, 0.8), (Severity.HIGH, 0.95)):
                known.append(Verdict(p, True, severity, expectations=broken))
        return self.rng.choices(known, cum_weights=(0.3, 0.85, 1.0))[0]

    # ── what is unusual ──────────────────────────────────────────────────────────────────────────────────

    def moments(self, number: int, apart: float) -> list[float]:
        """Days on which something begins, at least `apart` days from each other."""
        while True:
            days = [self.rng.uniform(LEARNING, HOURS / 24 - 12) for _ in range(number)]
            if all(abs(one - other) >= apart for i, one in enumerate(days) for other in days[:i]):
                return days

    def rising(self, start: float, hours: float, peak: float, ramp: float, fade: float) -> list[float]:
        """Times of the posts of an incident: `ramp` hours up to `peak` posts an hour, from `fade` hours on down."""
        found, at, rng = [], start, self.rng
        while at < start + hours:
            at += rng.expovariate(peak)
            height = min(1.0, (at - start) / ramp) * (
                1.0 if at - start < fade else exp(-(at - start - fade) / fade)
            )
            if rng.random() < height and at < start + hours:
                found.append(at)
        return found

    def _told(self, kind: str, start: float, times: Sequence[float], series: tuple[str, ...]) -> TrueIncident:
        begin, end = (BEGIN + timedelta(hours=at) for at in (start, times[-1]))
        return TrueIncident(kind, begin, end, series, len(times), sum(at < start + 1 for at in times))

    def outage(self, day: float) -> TrueIncident:
        """Everything stands still for some hours; people write at once, everywhere."""
        rng, start = self.rng, int(day) * 24 + self.rng.uniform(8, 20)
        times = self.rising(start, rng.uniform(3, 7), rng.uniform(28, 60), 0.25, rng.uniform(1.5, 3))
        for at in times:
            feed = BY_NAME[rng.choices(("social", "app", "forum", "branches"), (0.55, 0.25, 0.12, 0.08))[0]]
            keys = (
                ("reliability",)
                if rng.random() < 0.7
                else ("reliability", rng.choice(("communication", "promptness")))
            )
            self.say(feed, at, keys, core=rng.choice(OUTAGE), customer=self.somebody())
        return self._told("outage", start, times, ("expectation:reliability",))

    def price(self, day: float) -> TrueIncident:
        """A letter goes out in the morning: prices rise. Anger over days."""
        rng, start = self.rng, int(day) * 24 + self.rng.uniform(7, 11)
        times = self.rising(start, rng.uniform(30, 60), rng.uniform(24, 40), 0.5, rng.uniform(5, 9))
        for at in times:
            feed = BY_NAME[rng.choices(("social", "blogs", "forum", "branches"), (0.6, 0.15, 0.1, 0.15))[0]]
            keys = (
                ("fairness",)
                if rng.random() < 0.75
                else ("fairness", rng.choice(("clarity", "communication")))
            )
            self.say(feed, at, keys, core=rng.choice(PRICE), customer=self.somebody())
        return self._told("price", start, times, ("expectation:fairness",))

    def release(self, day: float) -> TrueIncident:
        """A release that breaks the app: only those who have it complain, half of them in the same few words."""
        rng = self.rng
        at, _ = min(self.releases, key=lambda one: abs(one[0] - day))
        start, name = at * 24, f"{dict(self.releases)[at].rsplit('.', 1)[0]}.1"
        times = self.rising(start, rng.uniform(20, 40), rng.uniform(26, 44), 0.5, rng.uniform(4, 7))
        for moment in times:
            core = RELEASE if rng.random() < 0.5 else rng.choice(OUTAGE)
            keys = ("reliability",) if rng.random() < 0.6 else ()
            self.say(BY_NAME["app"], moment, keys, core=core, version=name, customer=self.somebody())
        return self._told("release", start, times, (f"version:{name}", "wording", "expectation:reliability"))

    def somebody(self) -> str:
        return f"c{self.rng.randrange(self.customers)}"

    def viral(self, day: float) -> tuple[str, tuple[datetime, datetime], int]:
        """One post, hundreds of answers and reposts, and the same text under other names."""
        rng, start = self.rng, int(day) * 24 + self.rng.uniform(9, 19)
        feed = BY_NAME["social"]
        before = len(self.posts)
        keys = ("respect", "listening")
        text = self.words.complaint(keys, "they told my grandfather to come back when he can use a telephone")
        first = self.say(feed, start, keys, text=text, customer="teller")
        last = start
        for at in self.rising(start, 40, rng.uniform(50, 90), 1.0, rng.uniform(4, 7)):
            roll, last = rng.random(), at
            if roll < 0.45:
                angry = rng.random() < 0.5
                self.say(feed, at, self.keys() if angry else None, parent=first, customer=self.somebody())
            elif roll < 0.85:
                self.say(
                    feed,
                    at,
                    keys if rng.random() < 0.5 else None,
                    text=text,
                    repost=True,
                    customer=self.somebody(),
                )
            else:
                said = text if rng.random() < 0.7 else f"{text} Wow."
                self.say(feed, at, keys, text=said, customer=self.somebody())
        span = BEGIN + timedelta(hours=start), BEGIN + timedelta(hours=last)
        return first, span, len(self.posts) - before

    def silence(self, day: float) -> tuple[str, tuple[datetime, datetime]]:
        """A feed answers, and brings nothing, for days; then it brings everything at once."""
        feed = self.rng.choice([one.name for one in FEEDS])
        since = BEGIN + timedelta(days=day)
        until = since + timedelta(days=self.rng.uniform(4, 7))
        self.posts = [
            replace(post, heard=until) if post.feed == feed and since <= post.heard < until else post
            for post in self.posts
        ]
        return feed, (since, until)


_KEYS, _KEY_WEIGHTS = tuple(EXPECTATIONS), tuple(accumulate(EXPECTATIONS.values()))
_FRONTS, _FRONT_WEIGHTS = tuple(STOREFRONTS), tuple(accumulate(STOREFRONTS.values()))
_BRANCHES, _BRANCH_WEIGHTS = tuple(LOCATIONS), tuple(accumulate(LOCATIONS.values()))


def simulate(seed: int, mentions: int = MENTIONS) -> Year:
    """The year of this seed: `mentions` in all, the same for the same seed on every machine."""
    maker = _Maker(seed, mentions)
    outage, price, release, viral, silent = maker.moments(5, 14)
    incidents = (maker.outage(outage), maker.price(price), maker.release(release))
    told, span, count = maker.viral(viral)
    maker.ordinary(mentions - len(maker.posts), maker.rates())
    # a feed that is deaf while something happens would hide it from everybody
    while any(abs((one.start - BEGIN) / timedelta(days=1) - silent) < 9 for one in incidents):
        silent = maker.rng.uniform(LEARNING, HOURS / 24 - 12)
    feed, days = maker.silence(silent)
    posts = sorted(maker.posts, key=lambda post: (post.heard, post.mention.published, post.mention.native_id))
    return Year(
        posts, Truth(tuple(sorted(incidents, key=lambda one: one.start)), feed, days, told, span, count)
    )


def _summary(year: Year) -> str:
    complaints = [post for post in year.posts if post.verdict.is_complaint]
    lines = [f"{len(year.posts):,} mentions, {len(complaints):,} complaints"]
    lines += [
        f"  {name:12} {count:>7,}" for name, count in Counter(post.feed for post in year.posts).most_common()
    ]
    broken = Counter(one.signal for post in complaints for one in post.verdict.expectations)
    lines += [f"  {name:16} {count:>6,}" for name, count in broken.most_common()]
    truth = year.truth
    for one in truth.incidents:
        lines.append(
            f"{one.kind}: {one.start:%Y-%m-%d %H:%M} to {one.end:%m-%d %H:%M}, {one.posts} posts,"
            f" {one.first_hour} in the first hour"
        )
    since, until = truth.silent
    lines.append(f"silent: {truth.silent_feed}, {since:%Y-%m-%d %H:%M} to {until:%m-%d %H:%M}")
    since, until = truth.viral_span
    lines.append(
        f"viral: {truth.viral}, {truth.viral_posts} posts, {since:%Y-%m-%d %H:%M} to {until:%m-%d %H:%M}"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mentions", type=int, default=MENTIONS)
    asked = parser.parse_args()
    print(_summary(simulate(asked.seed, asked.mentions)))
