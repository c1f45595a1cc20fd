"""Customers as a digest shows them: who they are, what they said, where their case is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from monitor.core.digest import Person, Thanks
from monitor.core.model import Case, Heard
from monitor.core.quoting import quote


class Reading(Protocol):
    def cues(self, case_ids: list[int]) -> dict[int, Heard]: ...

    def links(self, case_ids: Collection[int], scheme: str) -> dict[int, str]: ...


def person(case: Case, heard: Heard | None, link: str | None) -> Person:
    """`heard`: the post that is quoted. Its author may be known by another name than the case's."""
    if heard is None:
        return Person(
            case_id=case.id,
            name=case.name,
            severity=case.severity,
            state=case.state,
            source=case.source,
            feed="",
            quote="",
            said=case.opened,
            owner=case.owner,
            url=case.url,
            link=link,
            revision=case.revision,
        )
    mention, broken = heard.mention, heard.verdict.expectations
    return Person(
        case_id=case.id,
        name=mention.author.name or case.name,
        severity=case.severity,
        state=case.state,
        source=mention.source,
        feed=heard.feed,
        quote=quote(heard),
        said=heard.said,
        place=mention.place.location or "",
        owner=case.owner,
        expectation=broken[0].signal if broken and heard.verdict.is_complaint else "",
        url=mention.url or case.url,
        link=link,
        reach=reach_of(heard),
        revision=case.revision,
    )


def reach_of(heard: Heard) -> int | None:
    told = [
        count for count in (heard.mention.reach.followers, heard.mention.reach.likes) if count is not None
    ]
    return max(told, default=None)


def people(tx: Reading, cases: Iterable[Case], scheme: str) -> list[Person]:
    """Each by the words that are worth quoting."""
    cases = list(cases)
    ids = [case.id for case in cases]
    cues, links = tx.cues(ids), tx.links(ids, scheme)
    return [person(case, cues.get(case.id), links.get(case.id)) for case in cases]


def thanks(heard: Heard) -> Thanks:
    mention = heard.mention
    return Thanks(
        name=mention.author.name,
        source=mention.source,
        feed=heard.feed,
        quote=quote(heard),
        said=heard.said,
        url=mention.url,
        place=mention.place.location or "",
        staff=heard.verdict.staff,
    )
