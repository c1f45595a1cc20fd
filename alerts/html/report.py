"""The digest as the text of one HTML file: nothing in it is fetched, and nothing in it runs.

Every word is escaped by the templates; what customers and operators wrote is first made harmless by
`alerts.words`, and a link is only made of an address that `safe_url` lets through. A policy inside the file
forbids the browser all but the one style sheet, which it knows by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from alerts import phrases, telling
from alerts.deeds import reach_told
from alerts.html import charts
from alerts.opening import opening_told
from alerts.words import clean, line, safe_url
from monitor.core.digest import Digest, Figure, Length, Lever, Person, Recovering, Share, Spot
from monitor.core.model import Severity

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from markupsafe import Markup

QUOTE, QUOTE_LINES = 2_000, 60
"""Of a customer's words that much is shown; the link leads to the rest."""
SHOWN = 12
"""So many stand open; the rest is folded, and found by the browser's search all the same."""
MOST_WAITING = 60
"""Of more who wait a line each tells enough: the rest of them stands with their complaint."""
PRINTED = 60
"""A folded list is printed up to this length: nobody wants five thousand complaints on paper."""


class Group(NamedTuple):
    """The complaints of one severity."""

    severity: Severity
    people: Sequence[tuple[str, Person]]
    """Each with its anchor."""


@dataclass(frozen=True, slots=True)
class Count:
    """A line of the numbers."""

    what: str
    count: str
    told: str


class Chart(NamedTuple):
    title: str
    picture: Markup
    told: str


class Places(NamedTuple):
    title: str
    spots: Sequence[Spot]
    top: int
    """What the right end of their bars means."""


class LeverRows(NamedTuple):
    title: str
    column: str
    rows: Sequence[Recovering]


def report_of(digest: Digest, people: Mapping[str, str] | None = None) -> str:
    """The file's text. `people`: names of the desk's people by the id they have in a case, where they are known."""
    zone = phrases.zone(digest.timezone)
    style = _style()
    groups, anchors = _grouped(digest.complaints)
    return _template().render(
        digest=digest,
        zone=zone,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        groups=groups,
        anchors=anchors,
        names=people or {},
        first=telling.unread(digest),
        title=telling.title_told(digest),
        opening=opening_told(digest),
        period=telling.period_of(digest),
        counts=_counts(digest),
        rates=_rates(digest),
        charts=_trend(digest, zone),
        contents=_contents(digest),
        feeds=sorted(digest.coverage, key=lambda feed: (not feed.deaf, feed.well)),
        places=_places(digest),
        levers=_levers(digest),
        most_broken=charts.scale(max((_reach(one.figure) for one in digest.broken), default=0)),
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    env = Environment(
        loader=PackageLoader("alerts.html", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    _furnish(env)
    return env.get_template("report.html.jinja")


def _furnish(env: Environment) -> None:
    """The words and signs that the templates may use."""
    env.filters |= {
        "quoted": lambda text: clean(text, limit=QUOTE, lines=QUOTE_LINES),
        "line": line,
        "url": safe_url,
        "moment": phrases.moment,
        "plural": phrases.plural,
        "count": lambda number: f"{number:,}",
    }
    env.globals |= {
        "telling": telling,
        "where": phrases.where,
        "reach_told": reach_told,
        "bar": charts.bar,
        "interval": charts.interval,
        "SHOWN": SHOWN,
        "PRINTED": PRINTED,
        "MOST_WAITING": MOST_WAITING,
        "WORDLESS": phrases.WORDLESS,
    }


@cache
def _style() -> str:
    return resources.files("alerts.html").joinpath("report.css").read_text("utf-8")


def _grouped(people: Sequence[Person]) -> tuple[list[Group], dict[int, str]]:
    """Complaints by severity, worst first, each with an anchor of its own; and where each case is found first."""
    anchors: dict[int, str] = {}
    told: dict[Severity, list[tuple[str, Person]]] = {}
    seen: dict[int, int] = {}
    for one in people:
        seen[one.case_id] = seen.get(one.case_id, 0) + 1
        again = f"-{seen[one.case_id]}" if seen[one.case_id] > 1 else ""
        anchor = f"case-{one.case_id}{again}"
        anchors.setdefault(one.case_id, anchor)
        told.setdefault(one.severity, []).append((anchor, one))
    worst_first = sorted(told, key=lambda severity: -severity.rank)
    return [Group(severity, told[severity]) for severity in worst_first], anchors


def _counts(digest: Digest) -> list[Count]:
    numbers, period = digest.numbers, telling.period_of(digest)
    older = f"and {numbers.backlog:,} older ones from before the listening began" if numbers.backlog else ""
    counted = [
        ("Posts heard", numbers.heard.count, telling.against_told(numbers.heard, period)),
        ("Complaints", numbers.complaints.count, telling.against_told(numbers.complaints, period)),
        ("Thanks", numbers.thanks, ""),
        ("New cases", numbers.opened, ""),
        ("Won back", numbers.recovered, ""),
        ("Lost", numbers.lost, ""),
        ("Dismissed", numbers.dismissed, "needed no answer" if numbers.dismissed else ""),
        ("Complained again", numbers.regressed, "after they had been won back" if numbers.regressed else ""),
        ("Unclosed now", numbers.waiting, older),
    ]
    return [Count(what, f"{count:,}", told) for what, count, told in counted]


def _rates(digest: Digest) -> list[Count]:
    numbers = digest.numbers
    told = [
        (telling.RATE, _share(numbers.rate)),
        (telling.SAVED, _share(numbers.saved)),
        *((what, telling.times_told(getattr(numbers, name))) for what, name in telling.TOOK.items()),
    ]
    return [Count(f"{what[:1].upper()}{what[1:]}", "", words) for what, words in told]


def _share(share: Share) -> str:
    return "; ".join(part for part in (telling.share_told(share), telling.interval_told(share)) if part)


def _trend(digest: Digest, zone: tzinfo) -> list[Chart]:
    """The fortnight, if anything was heard in it."""
    if not any(day.heard or day.complaints for day in digest.trend):
        return []
    first = digest.since.astimezone(zone).date()
    last = (digest.until - timedelta(microseconds=1)).astimezone(zone).date()
    found = []
    for name, title, figure in (
        ("complaints", "Complaints a day", digest.numbers.complaints),
        ("heard", "Posts heard a day", digest.numbers.heard),
    ):
        columns = []
        for one in digest.trend:
            # What is usual is known of this weekday alone: a Sunday is not held against Tuesdays.
            alike = digest.length is Length.DAY and one.day.weekday() == first.weekday()
            usual = (figure.low, figure.high) if alike else (None, None)
            columns.append(
                charts.Column(one.day, getattr(one, name), first <= one.day <= last, *usual, one.listened)
            )
        told = telling.figure_told(figure, telling.period_of(digest))
        found.append(Chart(title, charts.columns(name, columns, title), told))
    return found


def _places(digest: Digest) -> list[Places]:
    found = []
    for kind, title in (("location", "By location"), ("source", "By site")):
        spots = [spot for spot in digest.spots if spot.kind == kind]
        if spots:
            found.append(Places(title, spots, charts.scale(max(_reach(spot.complaints) for spot in spots))))
    return found


def _contents(digest: Digest) -> list[tuple[str, str, int]]:
    """The sections that are long enough to be looked for: anchor, name, how many."""
    found = (
        ("waiting", "Waiting", digest.waiting_total),
        ("promises", "Promises", digest.owed_total),
        ("returned", "Came back", digest.returned_total),
        ("thanks", "Thanks", digest.thanks_total),
        ("complaints", "Complaints", digest.complaints_total),
        ("broken", "What we broke", len(digest.broken)),
        ("lost", "Lost", digest.lost_total),
        ("incidents", "Incidents", len(digest.troubles)),
        ("places", "Places", len(digest.spots)),
        ("coverage", "Feeds", len(digest.coverage)),
    )
    return [one for one in found if one[2]] if not digest.quiet else []


def _levers(digest: Digest) -> list[LeverRows]:
    rows = ((lever, [one for one in digest.recovering if one.lever is lever]) for lever in Lever)
    return [
        LeverRows(telling.LEVERS[lever], "Share of them" if lever is Lever.HOW else "Won back", found)
        for lever, found in rows
        if found
    ]


def _reach(figure: Figure) -> float:
    return max(figure.count, figure.high or 0.0)
