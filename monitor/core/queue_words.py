"""The plain words of a queue, the same in Slack and on a terminal. They hold words of the desk's own people and names
of feeds: receivers make them harmless like any other."""

from __future__ import annotations

from datetime import datetime

from monitor.core.clock import spoken
from monitor.core.moves import How
from monitor.core.queue import Ends, Hearing, Line, Queue, Shelf, Standing

TITLES = {
    Shelf.MINE: "Yours",
    Shelf.UNCLAIMED: "Nobody has these yet",
    Shelf.PROMISED: "Promised for today",
    Shelf.OVERDUE: "Overdue, whoever has them",
    Shelf.WAITING: "Waiting for the customer, or asleep",
    Shelf.RECOVERED: "Won back in the last 7 days",
}
SHORT = {
    Shelf.MINE: "yours",
    Shelf.UNCLAIMED: "unclaimed",
    Shelf.PROMISED: "promised for today",
    Shelf.OVERDUE: "overdue",
    Shelf.WAITING: "waiting",
    Shelf.RECOVERED: "won back",
}
ENDING = {Ends.FIRST_RESPONSE: "first answer", Ends.RESOLUTION: "solution"}
HOW = {
    How.REPLY: "by a reply",
    How.REFUND: "by a refund",
    How.GESTURE: "by a gesture",
    How.REPLACEMENT: "by a replacement",
}


def left(stands: Standing, now: datetime) -> str:
    """`overdue by 3 h: first answer`, `2 h left: solution`; empty where nothing ends."""
    if stands.due is None or stands.ends is None:
        return ""
    what = ENDING[stands.ends] if stands.ends in ENDING else f"promise: {stands.promises[0].what}"
    if stands.overdue:
        return f"overdue by {spoken(now - stands.due)}: {what}"
    return f"{spoken(stands.due - now)} left: {what}"


def owed(stands: Standing, now: datetime) -> str:
    """The next promise, where something else ends before it: it is not to be forgotten over that."""
    if not stands.promises or stands.ends is Ends.PROMISE:
        return ""
    return f"promised in {spoken(stands.promises[0].due - now)}: {stands.promises[0].what}"


def rests(stands: Standing, now: datetime) -> str:
    """Why nobody can do anything now; empty where somebody can."""
    case = stands.case
    if case.snoozed is not None:
        if case.wake is None:
            return "asleep until something happens"
        return f"asleep for {spoken(case.wake - now)} more" if case.wake > now else "about to wake"
    return f"the customer's turn for {spoken(now - case.waiting)}" if case.waiting else ""


def aged(line: Line, now: datetime) -> str:
    """`said 2 days ago`; of a customer who was won back: when, and by what."""
    case = line.case
    if case.state.closed and case.closed is not None:
        by = f" {HOW[line.how]}" if line.how in HOW else ""
        return f"{case.state.value}{by} {spoken(now - case.closed)} ago"
    return f"said {spoken(now - (line.said or case.opened))} ago"


def heard(hearing: Hearing, now: datetime) -> str:
    """Whether everything was heard; what was not is never told as quiet."""
    if not hearing.feeds:
        return "No feed is read yet, so nothing can be heard."
    lately = f", last {spoken(now - hearing.last)} ago" if hearing.last else ""
    if hearing.troubled:
        names = ", ".join(hearing.troubled[:3])
        more = f" and {len(hearing.troubled) - 3} more" if len(hearing.troubled) > 3 else ""
        return f"Not everything was heard: {names}{more} failed, fell silent, or was not read yet."
    feeds = "The one feed was heard" if hearing.feeds == 1 else f"All {hearing.feeds} feeds were heard"
    return f"{feeds}{lately}."


def clear(queue: Queue) -> str:
    """What is said when nothing waits."""
    waits = queue.counts.get(Shelf.WAITING, 0)
    rest = (
        f" {waits:,} {'case waits' if waits == 1 else 'cases wait'} for the customer or sleep."
        if waits
        else ""
    )
    return (
        f"Nothing waits for you: every customer has somebody.{rest}"
        if queue.person
        else (f"Nothing waits: every customer has somebody.{rest}")
    )


def summary(queue: Queue) -> str:
    """`2 yours, 12 unclaimed, …`: what there is, without the shelves that are empty."""
    told = [f"{number:,} {SHORT[shelf]}" for shelf, number in queue.counts.items() if number]
    return ", ".join(told) or "nothing"


def beyond(queue: Queue) -> str:
    """Cases that are on none of the shelves; empty where there are none."""
    told = [f"{queue.elsewhere:,} in other hands"] if queue.elsewhere and queue.person else []
    told += [f"{queue.elsewhere:,} in somebody's hands"] if queue.elsewhere and not queue.person else []
    told += [f"{queue.backlog:,} older ones in the backlog"] if queue.backlog else []
    return ", ".join(told)
