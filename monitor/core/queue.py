"""What waits for a person: the cases of the desk on shelves, the most urgent first. Pure.

    desk:  how every unclosed case stands at one instant, in the order of urgency; made once for everybody
    queue: what of it one person sees, page by page

A case may lie on several shelves: each shelf answers a question of its own, and its count is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from monitor.core.clocks import running
from monitor.core.model import Case, Promise, State
from monitor.core.moves import Action, How
from monitor.core.policy import Policy

REMEMBERED = timedelta(days=7)
"""How long a customer who was won back is shown."""
FAR = datetime(9000, 1, 1, tzinfo=UTC)


class Shelf(StrEnum):
    """In the order in which they are shown."""

    MINE = "mine"
    """This person's, where it is the desk's turn."""
    UNCLAIMED = "unclaimed"
    PROMISED = "promised"
    """Something was promised for today."""
    OVERDUE = "overdue"
    """A promise or a clock is past its end, whoever has the case."""
    WAITING = "waiting"
    """It is the customer's turn, or the case sleeps."""
    RECOVERED = "recovered"
    """Won back within `REMEMBERED`, the newest first."""


CALLING = (Shelf.MINE, Shelf.UNCLAIMED, Shelf.PROMISED, Shelf.OVERDUE)
"""What asks somebody to do something: with none of it the desk is clear."""


class Ends(StrEnum):
    """What ends at the time that counts for a case."""

    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"
    PROMISE = "promise"


@dataclass(frozen=True, slots=True)
class Standing:
    """A case at one instant, with the promises that stand, the next due first."""

    case: Case
    promises: tuple[Promise, ...] = ()
    due: datetime | None = None
    """What ends first: a promise, or a clock that runs. None: nothing does, as the case stands."""
    ends: Ends | None = None
    overdue: bool = False

    @property
    def resting(self) -> bool:
        """Nobody at the desk can do anything now."""
        return self.case.waiting is not None or self.case.snoozed is not None


@dataclass(frozen=True, slots=True)
class Hearing:
    """Was everything heard? `feeds` counts those that are read, `troubled` names those that fail, fell silent, or were
    not read yet."""

    feeds: int
    troubled: tuple[str, ...] = ()
    last: datetime | None = None
    """When a feed was last read well."""


@dataclass(frozen=True, slots=True)
class Desk:
    now: datetime
    timezone: str
    cases: tuple[Standing, ...]
    """The most urgent first; backlog left out."""
    recovered: tuple[Case, ...]
    """The newest first."""
    backlog: int
    hearing: Hearing


@dataclass(frozen=True, slots=True)
class Line:
    """One case as a queue shows it."""

    stands: Standing
    move: Action
    """What a person would likely do next."""
    quote: str = ""
    said: datetime | None = None
    """When the customer wrote, where that is known."""
    feed: str = ""
    url: str | None = None
    """The post."""
    link: str | None = None
    """The card, where there is one."""
    how: How | None = None
    """By what the customer was won back."""

    @property
    def case(self) -> Case:
        return self.stands.case


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a shelf. Pages count from 1; an empty shelf has one."""

    shelf: Shelf
    total: int
    page: int
    pages: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    person: str | None
    """Whose it is. None: the whole desk's, without `MINE`."""
    now: datetime
    timezone: str
    shelves: tuple[Shown, ...]
    elsewhere: int
    """Cases that are in other hands, on no shelf but perhaps `OVERDUE` or `PROMISED`."""
    backlog: int
    hearing: Hearing

    @property
    def counts(self) -> dict[Shelf, int]:
        return {one.shelf: one.total for one in self.shelves}

    @property
    def clear(self) -> bool:
        """Nothing waits for anybody to do it."""
        return not any(one.total for one in self.shelves if one.shelf in CALLING)


def standing(case: Case, promises: Sequence[Promise], policy: Policy, now: datetime) -> Standing:
    """How one case stands at `now`."""
    told = tuple(sorted((one for one in promises if one.outcome is None), key=lambda one: (one.due, one.id)))
    ending = [(one.due, Ends.PROMISE) for one in told[:1]]
    resting = case.waiting is not None or case.snoozed is not None
    if not (case.state.closed or case.backlog or resting):
        # as in `clocks.clocks`, of which only the end is needed here, and of ten thousand cases
        target, runs = policy.targets[case.severity], running(case, policy)
        if case.told is None:
            ending.append((runs.add(case.asked, target.first_response) or FAR, Ends.FIRST_RESPONSE))
        ending.append((runs.add(case.opened, target.resolution) or FAR, Ends.RESOLUTION))
    due, ends = min(ending, default=(None, None), key=lambda one: one[0])
    return Standing(case, told, due, ends, due is not None and due <= now)


def in_order(found: Iterable[Standing]) -> tuple[Standing, ...]:
    """Overdue, then the least time left, then the worst, then the oldest."""
    return tuple(
        sorted(
            found,
            key=lambda one: (
                not one.overdue,
                one.due or FAR,
                -one.case.severity.rank,
                one.case.opened,
                one.case.id,
            ),
        )
    )


def shelved(desk: Desk, person: str | None, zone: tzinfo) -> dict[Shelf, list[Standing]]:
    """Every shelf that this person has, each in order. `zone`: where today begins and ends."""
    found: dict[Shelf, list[Standing]] = {shelf: [] for shelf in Shelf if person or shelf is not Shelf.MINE}
    today = desk.now.astimezone(zone).date()
    for one in desk.cases:
        if one.overdue:
            found[Shelf.OVERDUE].append(one)
        if any(promise.due.astimezone(zone).date() == today for promise in one.promises):
            found[Shelf.PROMISED].append(one)
        if one.case.state.closed:
            continue  # it is here for a promise alone
        if one.resting:
            found[Shelf.WAITING].append(one)
        elif one.case.owner is None:
            found[Shelf.UNCLAIMED].append(one)
        elif one.case.owner == person:
            found[Shelf.MINE].append(one)
    found[Shelf.RECOVERED] = [Standing(case) for case in desk.recovered]
    return found


def elsewhere(desk: Desk, person: str | None) -> int:
    """How many cases others have, and could do something for."""
    return sum(
        one.case.owner not in (None, person) and not one.resting and not one.case.state.closed
        for one in desk.cases
    )


def page_of(found: Sequence[Standing], page: int, size: int) -> tuple[Sequence[Standing], int, int]:
    """Those on this page, which page it is (the nearest there is), and how many there are."""
    pages = max(1, -(-len(found) // size))
    page = min(max(page, 1), pages)
    return found[(page - 1) * size : page * size], page, pages


def next_move(stands: Standing) -> Action:
    """What a person would likely do next."""
    case = stands.case
    if case.state.closed:
        return Action.KEEP if stands.promises else Action.REOPEN
    if case.owner is None:
        return Action.CLAIM
    if case.snoozed is not None:
        return Action.WAKE
    if stands.ends is Ends.PROMISE:
        return Action.KEEP
    return Action.RECOVER if case.state is State.CONTACTED else Action.CONTACT


def counted(queue: Queue) -> Mapping[str, int]:
    """For machines."""
    return {shelf.value: number for shelf, number in queue.counts.items()} | {
        "elsewhere": queue.elsewhere,
        "backlog": queue.backlog,
    }
