"""Digests to show: a rich day, a quiet one, one complaint, five thousand, and one full of hostile words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from monitor.core.digest import (
    Against,
    Broken,
    Changed,
    Coverage,
    Day,
    Digest,
    Figure,
    Length,
    Lever,
    Loss,
    Numbers,
    Owed,
    Person,
    Recovering,
    Return,
    Share,
    Spot,
    Thanks,
    Times,
    Trouble,
    Waiting,
)
from monitor.core.model import Severity, State

SINCE = datetime(2026, 11, 23, 23, tzinfo=UTC)
UNTIL = datetime(2026, 11, 24, 23, tzinfo=UTC)
TOLD = datetime(2026, 11, 25, 7, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOSTILE = (
    (
        "<script>alert('x')</script> <!channel> <@U0ALL> *bold* [red]x[/red] \x1b[31m\u202egnp.exe =cmd|' /C calc'!A0 "
        "</td></table>\"'><img src=x onerror=alert(1)> {{7*7}} ${x} `rm -rf` https://evil.example/<|> %s %(a)s "
        "\ud83e\uddd1"
    )
    .encode("utf-16", "surrogatepass")
    .decode("utf-16")
)
RIGHT_TO_LEFT = "الخدمة سيئة جدا ولم يرد أحد"

HEARD = Figure(212, 188.0, 150.0, 226.0, 8, Against.USUAL)
COMPLAINTS = Figure(34, 19.0, 12.0, 27.0, 8, Against.MORE)
NUMBERS = Numbers(
    heard=HEARD,
    complaints=COMPLAINTS,
    rate=Share(34, 212, 0.117, 0.216, enough=True),
    thanks=12,
    opened=31,
    closed=9,
    recovered=6,
    lost=2,
    dismissed=1,
    regressed=1,
    to_claim=Times(24, 0.4, 2.1),
    to_contact=Times(18, 1.3, 5.5),
    to_recover=Times(6, 21.0, None),
    saved=Share(6, 8, 0.41, 0.93),
    waiting=17,
    backlog=140,
)
NOTHING = Numbers(
    heard=Figure(0, 2.0, 0.0, 5.0, 8, Against.USUAL),
    complaints=Figure(0),
    rate=Share(0, 0),
    thanks=0,
    opened=0,
    closed=0,
    recovered=0,
    lost=0,
    dismissed=0,
    regressed=0,
    to_claim=Times(),
    to_contact=Times(),
    to_recover=Times(),
    saved=Share(0, 0),
    waiting=0,
    backlog=0,
)


def person(number: int, name: str, quote: str, ago: float, severity: Severity, **more: object) -> Person:
    found = Person(
        case_id=number,
        name=name,
        severity=severity,
        state=State.OPEN,
        source="appstore",
        feed="app-de",
        quote=quote,
        said=UNTIL - ago * HOUR,
        url=f"https://reviews.example/{number}",
        link=f"https://pretend.slack.example/archives/C0CARE/p{number:06d}",
    )
    return replace(found, **more)  # type: ignore[arg-type]


PETRA = person(
    31,
    "Pretend Petra",
    "The brunch box for my mother's birthday came two hours late, and half of it was missing.",
    9.5,
    Severity.HIGH,
    expectation="reliability",
    place="Harbour Street",
    reach=2_140,
)
LUIS = person(
    27,
    "Imaginary Luis",
    "Charged twice, and nobody writes back.",
    20,
    Severity.MEDIUM,
    source="mastodon",
    feed="fediverse",
    expectation="fairness",
)
NUTS = person(
    40,
    "Invented Ines",
    "I asked for no nuts, and there were nuts in it. My boy had to see a doctor.",
    3,
    Severity.CRITICAL,
    expectation="listening",
    place="Mill Lane",
)
OLAF = person(
    12,
    "Fictional Olaf",
    "Nobody called back.",
    60,
    Severity.HIGH,
    state=State.CONTACTED,
    owner="U0DANA",
    expectation="promptness",
)
WANDA = person(
    8,
    "Madeup Wanda",
    "Cold soup, and the waiter shrugged.",
    100,
    Severity.MEDIUM,
    state=State.RECOVERED,
    owner="U0OMAR",
    expectation="respect",
    place="Harbour Street",
)
GONE = person(
    5,
    "Notional Nils",
    "Third time the order is wrong. I am done.",
    150,
    Severity.HIGH,
    state=State.LOST,
    owner="U0DANA",
    expectation="follow_through",
)
COVERAGE = (
    Coverage("app-de", "appstore", "heard", 120, TOLD - HOUR / 4, TOLD - HOUR),
    Coverage("fediverse", "mastodon", "heard", 92, TOLD - HOUR / 6, TOLD - 2 * HOUR),
    Coverage("forum", "rss", "quiet", 0, TOLD - HOUR / 2, TOLD - 30 * HOUR),
    Coverage(
        "reviews-fr",
        "appstore",
        "failing",
        0,
        TOLD - 19 * HOUR,
        TOLD - 26 * HOUR,
        since=TOLD - 18 * HOUR,
        failures=11,
        error="the server answered 503 (it is overloaded)",
    ),
    Coverage("blog", "rss", "silent", 0, TOLD - HOUR / 2, TOLD - 240 * HOUR, since=TOLD - 240 * HOUR),
)
TREND = tuple(
    Day(date(2026, 11, 11) + timedelta(days=i), heard, complaints)
    for i, (heard, complaints) in enumerate(
        zip(
            (180, 175, 160, 120, 110, 190, 188, 182, 170, 165, 125, 118, 195, 212),
            (17, 19, 15, 9, 10, 21, 18, 16, 14, 17, 11, 8, 22, 34),
            strict=True,
        )
    )
)
DAY = Digest(
    business="The Invented Café",
    timezone="Europe/Berlin",
    length=Length.DAY,
    since=SINCE,
    until=UNTIL,
    told=TOLD,
    numbers=NUMBERS,
    waiting=(Waiting(NUTS, 11.5, 0.5), Waiting(PETRA, 18.0, -1.5), Waiting(LUIS, 28.5, None)),
    waiting_total=9,
    owed=(
        Owed(OLAF, "a call back with a date", TOLD - 3 * HOUR, "U0DANA", 3.0),
        Owed(PETRA, "a new brunch box, free of charge", TOLD + 5 * HOUR, "U0OMAR", -5.0),
    ),
    owed_total=2,
    overdue=1,
    complaints=(NUTS, PETRA, LUIS),
    complaints_total=31,
    returned=(
        Return(
            WANDA,
            "Cold soup, and the waiter shrugged.",
            "They wrote to me, said sorry and meant it. I shall come again.",
            "by a gesture: a dinner for two",
            47.0,
            UNTIL - 5 * HOUR,
        ),
    ),
    returned_total=6,
    lost=(Loss(GONE, "has gone to another café", UNTIL - 8 * HOUR),),
    lost_total=2,
    thanks=(
        Thanks(
            "Pretend Priya",
            "appstore",
            "app-de",
            "Mina at the counter found my scarf and ran after me. What a kind soul!",
            UNTIL - 6 * HOUR,
            "https://reviews.example/901",
            "Mill Lane",
            ("Mina",),
        ),
        Thanks("", "mastodon", "fediverse", "Best cinnamon buns in town.", UNTIL - 9 * HOUR),
    ),
    thanks_total=12,
    broken=(
        Broken("reliability", Figure(14, 6.0, 2.0, 11.0, 8, Against.MORE)),
        Broken("promptness", Figure(7, 5.0, 1.0, 10.0, 8, Against.USUAL)),
        Broken("fairness", Figure(3, 3.0, 0.0, 7.0, 8, Against.USUAL)),
        Broken("respect", Figure(1, 4.0, 1.0, 8.0, 8, Against.USUAL)),
    ),
    spots=(
        Spot(
            "source",
            "appstore",
            120,
            Figure(25, 14.0, 8.0, 21.0, 8, Against.MORE),
            Share(25, 120, 0.145, 0.29, True),
        ),
        Spot(
            "source",
            "mastodon",
            92,
            Figure(9, 6.0, 2.0, 11.0, 8, Against.USUAL),
            Share(9, 92, 0.052, 0.175, True),
        ),
        Spot(
            "location",
            "Harbour Street",
            41,
            Figure(15, 4.0, 1.0, 8.0, 8, Against.MORE),
            Share(15, 41, 0.236, 0.519, True),
            hot=True,
        ),
        Spot("location", "Mill Lane", 6, Figure(2), Share(2, 6, 0.097, 0.7)),
    ),
    troubles=(
        Trouble(
            "Late deliveries in Harbour Street",
            UNTIL - 7 * HOUR,
            None,
            11,
            0.4,
            "https://pretend.slack.example/p9",
        ),
    ),
    coverage=COVERAGE,
    trend=TREND,
)
WEEK = replace(
    DAY,
    length=Length.WEEK,
    since=UNTIL - timedelta(days=7),
    recovering=(
        Recovering(Lever.EXPECTATION, "reliability", Share(31, 44, 0.557, 0.818, True)),
        Recovering(Lever.EXPECTATION, "respect", Share(3, 5, 0.231, 0.882)),
        Recovering(Lever.FIRST_RESPONSE, "within 1 hour", Share(40, 50, 0.67, 0.888, True)),
        Recovering(Lever.FIRST_RESPONSE, "after more than a day", Share(12, 31, 0.237, 0.562, True)),
        Recovering(Lever.MEANS, "promise kept", Share(18, 22, 0.615, 0.927, True)),
        Recovering(Lever.MEANS, "reply", Share(30, 52, 0.442, 0.699, True)),
        Recovering(Lever.HOW, "reply", Share(31, 48, 0.504, 0.767, True)),
        Recovering(Lever.HOW, "refund", Share(12, 48, 0.149, 0.388, True)),
    ),
    recovering_days=90,
    changed=Changed(TOLD - 2 * HOUR, 4, (("heard", 208, 212), ("complaints", 32, 34))),
)
QUIET = Digest(
    business="The Invented Café",
    timezone="Europe/Berlin",
    length=Length.DAY,
    since=SINCE,
    until=UNTIL,
    told=TOLD,
    numbers=NOTHING,
    coverage=tuple(
        replace(feed, state="quiet", heard=0, since=None, failures=0, error="") for feed in COVERAGE
    ),
    trend=tuple(replace(day, heard=0, complaints=0) for day in TREND),
)
"""Nothing was said, and everything was heard."""
FIRST = replace(QUIET, numbers=replace(NOTHING, heard=Figure(0)), coverage=(), trend=())
"""Before any feed was ever read."""
ONE = replace(
    QUIET,
    numbers=replace(
        NOTHING, heard=Figure(1), complaints=Figure(1), rate=Share(1, 1, 0.207, 1.0), opened=1, waiting=1
    ),
    waiting=(Waiting(LUIS, 28.5, 2.5),),
    waiting_total=1,
    complaints=(LUIS,),
    complaints_total=1,
    broken=(Broken("fairness", Figure(1)),),
    coverage=COVERAGE,
)


def _crowd(count: int) -> tuple[Person, ...]:
    return tuple(
        replace(
            PETRA,
            case_id=1_000 + i,
            name=f"Pretend customer {i}",
            quote=f"Order {i} came late, cold, and without the drinks. " * (1 + i % 4),
            severity=list(Severity)[i % 4],
            said=UNTIL - (i % 24) * HOUR,
        )
        for i in range(count)
    )


def many(count: int = 5_000) -> Digest:
    """A day with so many complaints."""
    crowd = _crowd(count)
    return replace(
        DAY,
        numbers=replace(NUMBERS, complaints=Figure(count, 19.0, 12.0, 27.0, 8, Against.MORE), waiting=count),
        waiting=tuple(Waiting(who, 20.0, 3.0 - i % 30) for i, who in enumerate(crowd)),
        waiting_total=count,
        complaints=crowd,
        complaints_total=count,
    )


def hostile() -> Digest:
    """Every word that a customer or a source gives is an attack."""
    nasty = replace(
        NUTS,
        name=HOSTILE,
        quote=HOSTILE * 30,
        place=HOSTILE,
        feed=HOSTILE,
        url="javascript:alert(1)",
        link=None,
    )
    mirrored = replace(nasty, case_id=41, name=RIGHT_TO_LEFT, quote=RIGHT_TO_LEFT * 40, owner=HOSTILE)
    mute = replace(nasty, case_id=42, name="", quote="", place="", url=None)
    faces = replace(nasty, case_id=43, name="\U0001f621" * 40, quote="\U0001f621\U0001f92c" * 300)
    return replace(
        DAY,
        business=HOSTILE,
        waiting=tuple(Waiting(who, 5.0, 1.0) for who in (nasty, mirrored, mute, faces)),
        owed=(Owed(nasty, HOSTILE, TOLD, HOSTILE, 0.0),),
        complaints=(nasty, mirrored, mute, faces),
        returned=(Return(nasty, HOSTILE, HOSTILE, HOSTILE, 3.0, UNTIL),),
        lost=(Loss(nasty, HOSTILE, UNTIL),),
        thanks=(Thanks(HOSTILE, "rss", HOSTILE, HOSTILE, UNTIL, "data:text/html,x", HOSTILE, (HOSTILE,)),),
        spots=(Spot("location", HOSTILE, 40, Figure(20), Share(20, 40, 0.35, 0.65, True), hot=True),),
        troubles=(Trouble(HOSTILE, SINCE, UNTIL, 9, 0.1),),
        coverage=(Coverage(HOSTILE, "rss", "failing", 0, None, None, SINCE, 3, HOSTILE),),
    )


SAMPLES = {
    "day": lambda: DAY,
    "week": lambda: WEEK,
    "quiet": lambda: QUIET,
    "first": lambda: FIRST,
    "one": lambda: ONE,
    "many": many,
    "hostile": hostile,
}
"""By name; made when asked for, as one is big."""
