"""The plain words for the people of a digest, where a list says more of them than their names: the same on the
terminal, in Markdown, in HTML and in Slack. Pure; receivers escape it for their own markup.
"""

from __future__ import annotations

from collections.abc import Sequence

from alerts.phrases import plural
from alerts.telling import hours_told
from alerts.words import line
from monitor.core.digest import Digest, Loss, Owed, Person, Return

STAFF = 5


def reach_told(who: Person) -> str:
    """`1,200 followers or likes`: nobody knows how many have seen it; empty where the source tells neither."""
    return plural(who.reach, "follower or like", "followers or likes") if who.reach else ""


def standing_told(who: Person) -> str:
    """`claimed, dana`"""
    owner = line(who.owner or "", 40)
    return f"{who.state.value}, {owner}" if owner else who.state.value


def promised_told(owed: Owed) -> str:
    """`a call back, promised by dana`"""
    by = line(owed.made_by, 40)
    return (line(owed.what, 200) or "something") + (f", promised by {by}" if by else "")


def returned_told(one: Return) -> str:
    """`was won back by dana by a refund, after 21 h`; after the name."""
    owner = f" by {line(one.who.owner, 40)}" if one.who.owner else ""
    done = f" {line(one.done, 150)}" if one.done else ""
    return f"was won back{owner}{done}, after {hours_told(one.hours)}"


def lost_told(one: Loss) -> str:
    """`why: went to another shop`"""
    return f"why: {line(one.why, 150)}" if one.why else "nobody said why"


def staff_told(names: Sequence[str]) -> str:
    """`Ann, Ben and Cleo`, as the customer wrote them."""
    shown = [name for name in (line(name, 40) for name in names[:STAFF]) if name]
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1]))) if shown else ""


def besides_waiting(digest: Digest, most: int) -> Sequence[Person]:
    """Who complained, but for the first `most` who wait, whose words stand above."""
    above = {one.who.case_id for one in digest.waiting[:most]}
    return [who for who in digest.complaints if who.case_id not in above]
