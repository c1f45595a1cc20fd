"""What wins people back: of the cases that ended, how many were recovered, by what was broken and what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from monitor.core.digest import Lever, Recovering
from monitor.core.expectations import EXPECTATIONS, keys_of
from monitor.core.model import State
from monitor.core.moves import How
from monitor.core.numbers import share
from monitor.core.recounting import Ended

DAYS = 90
MOST = 5_000
"""Cases that are looked at, the newest."""
FIRST_RESPONSES = (
    ("within 1 hour", timedelta(hours=1)),
    ("within 4 hours", timedelta(hours=4)),
    ("within a day", timedelta(days=1)),
    ("after more than a day", timedelta.max),
)
NEVER = "never answered"
REPLY, KEPT, FAILED, NOTHING = "reply", "promise kept", "promise broken", "nothing"
_PLACES = {
    Lever.FIRST_RESPONSE: (*(name for name, _ in FIRST_RESPONSES), NEVER),
    Lever.MEANS: (REPLY, KEPT, FAILED, NOTHING),
}


def recovering(ended: Sequence[Ended]) -> tuple[Recovering, ...]:
    """By each lever; expectations and gestures that are met most often first."""
    of: Counter[tuple[Lever, str]] = Counter()
    won: Counter[tuple[Lever, str]] = Counter()
    for one in ended:
        known = list(_properties(one))
        of.update(known)
        if one.state is State.RECOVERED:
            won.update(known)
            won[Lever.HOW, one.how if one.how in set(How) else How.OTHER.value] += 1
    all_won = sum(count for (lever, _), count in won.items() if lever is Lever.HOW)
    for lever, value in list(won):
        if lever is Lever.HOW:
            of[lever, value] = all_won
    found = [
        Recovering(lever, value, share(won[lever, value], count)) for (lever, value), count in of.items()
    ]
    return tuple(sorted(found, key=_order))


def _properties(one: Ended) -> Iterable[tuple[Lever, str]]:
    for key in keys_of(one.broken):
        yield Lever.EXPECTATION, key
    if one.contacted is None:
        yield Lever.FIRST_RESPONSE, NEVER
    else:
        waited = one.contacted - one.opened
        yield Lever.FIRST_RESPONSE, next(name for name, most in FIRST_RESPONSES if waited <= most)
    answered = REPLY if one.contacted is not None else NOTHING
    yield Lever.MEANS, FAILED if one.failed else KEPT if one.kept else answered


def _order(one: Recovering) -> tuple[int, int, int, int]:
    lever = list(Lever).index(one.lever)
    if one.lever in _PLACES:
        return lever, _PLACES[one.lever].index(one.value), 0, 0
    keys = EXPECTATIONS if one.lever is Lever.EXPECTATION else tuple(How)
    return lever, -one.saved.of, -one.saved.part, keys.index(one.value)
