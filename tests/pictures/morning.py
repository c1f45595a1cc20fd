"""A queue for the picture of Home: a morning at an invented café."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.core.hours import ALWAYS
from monitor.core.model import Case, Promise, Severity, State
from monitor.core.moves import How
from monitor.core.policy import Policy
from monitor.core.queue import Hearing, Line, Queue, Shelf, Shown, next_move, standing

NOW = datetime(2026, 11, 24, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OURS = "U0DANA"
BOX = "The brunch box for my mother's birthday came two hours late, and half of it was missing."


def _line(number: int, name: str, words: str, ago: float, severity: Severity, **more: object) -> Line:
    promises: Sequence[Promise] = more.pop("promises", ())  # type: ignore[assignment]
    how: How | None = more.pop("how", None)  # type: ignore[assignment]
    opened = NOW - ago * HOUR
    about = Case(number, "cafe", "appstore", name, name, State.OPEN, severity, opened)
    about = replace(about, **more)  # type: ignore[arg-type]
    stands = standing(about, promises, Policy(hours=ALWAYS), NOW)
    url = f"https://reviews.example/{number}"
    return Line(stands, next_move(stands), words, opened - HOUR / 4, "", url, None, how)


CLAIMED = {"state": State.CLAIMED, "owner": OURS, "claimed": NOW - HOUR}
CALL = Promise(1, 31, "a new brunch box, free of charge", NOW + 3 * HOUR, NOW, OURS)
PETRA = _line(31, "Pretend Petra", BOX, 1.2, Severity.HIGH, promises=(CALL,), **CLAIMED)
LUIS = _line(
    27,
    "Imaginary Luis",
    "Charged twice, and nobody writes back.",
    4.5,
    Severity.MEDIUM,
    **CLAIMED,
)
NOUR = _line(
    33,
    "Invented Nour",
    "No label on the nut bar, and my son reacted to it. Call me.",
    0.6,
    Severity.CRITICAL,
)
KIT = _line(32, "Fictional Kit", "Cold soup again, third time this month.", 2.2, Severity.LOW)
AMA = _line(
    19,
    "Made-up Ama",
    "My loyalty points are gone since the update.",
    40,
    Severity.MEDIUM,
    state=State.CONTACTED,
    owner="U0OMAR",
    contacted=NOW - 20 * HOUR,
    waiting=NOW - 20 * HOUR,
    pauses=((NOW - 20 * HOUR, None),),
)
WON = _line(
    14,
    "Untrue Ulla",
    "They rang me the same day and put it right. Back to five stars.",
    70,
    Severity.MEDIUM,
    state=State.RECOVERED,
    owner=OURS,
    closed=NOW - 26 * HOUR,
    how=How.GESTURE,
)


def morning() -> Queue:
    shelves = {
        Shelf.MINE: (LUIS, PETRA),
        Shelf.UNCLAIMED: (NOUR, KIT),
        Shelf.PROMISED: (PETRA,),
        Shelf.OVERDUE: (LUIS,),
        Shelf.WAITING: (AMA,),
        Shelf.RECOVERED: (WON,),
    }
    shown = tuple(Shown(shelf, len(lines), 1, 1, lines) for shelf, lines in shelves.items())
    return Queue(OURS, NOW, "Europe/London", shown, 3, 12, Hearing(4, last=NOW - HOUR / 15))
