"""Storing a plan: everything one page changes, in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, case, delete, func, select, update

from monitor.core.errors import Conflict
from monitor.core.intents import Entry, Plan
from monitor.core.model import Case, CaseEvent, Heard, Reply
from monitor.core.moves import PROPOSE
from monitor.core.store import Applied
from storage.case_rows import case_values, event_values
from storage.columns import Moment, aware, name
from storage.following import Following
from storage.mentions import Mentions
from storage.part import batches
from storage.rows import Columns, Mender, assessment_columns, mention_columns
from storage.tables import assessment, case_event, cases, held, mention, sketch


class Applying(Following, Mentions):
    def apply(self, plan: Plan, business: str, feed: str, now: datetime) -> Applied:
        mend = Mender()
        case_ids = self._open(plan.cases)
        self._revise(list(plan.revised.values()))
        quoted = self._quoted(plan.events)
        told = self._queue(plan.messages, now, case_ids)[1]
        links = _Links(case_ids, told)
        fresh = {
            (entry.mention.source, name(entry.mention.native_id)): entry
            for entry in plan.entries
            if entry.known is None
        }
        edited = {entry.known: entry for entry in plan.entries if entry.known is not None}
        self._add(fresh, links, business, feed, now, mend)
        self._amend(edited, links, now, mend)
        self._answer(plan.answers, mend)
        self._tell([self._referring(event, quoted, plan, business) for event in plan.events], case_ids)
        complaints = sum(entry.verdict.is_complaint for entry in fresh.values())
        return Applied(len(fresh), len(edited), complaints, case_ids, mend.replaced)

    def _open(self, new: Sequence[Case]) -> dict[int, int]:
        """Two customers whose keys differ only in what no database takes are one."""
        values = {(row["source"], row["customer"]): row for row in map(case_values, new)}
        first = self._next_id(cases)
        real = {customer: first + place for place, customer in enumerate(values)}
        self._insert(cases, [{"id": real[customer], **row} for customer, row in values.items()])
        return {case.id: real[case.source, name(case.customer)] for case in new}

    def _revise(self, revised: Sequence[Case]) -> None:
        rows = [{**case_values(case), "at": case.id, "was": case.revision - 1} for case in revised]
        if not rows:
            return
        columns: dict[str, Any] = {
            column: bindparam(column) for column in rows[0] if column not in ("at", "was")
        }
        step = (
            update(cases)
            .where(cases.c.id == bindparam("at"), cases.c.revision == bindparam("was"))
            .values(columns)
        )
        if self._change(step, rows) != len(rows):
            raise Conflict("a case on this page was changed by somebody else meanwhile: read the page again")

    def _tell(self, events: Sequence[CaseEvent], case_ids: Mapping[int, int]) -> None:
        lines = [event_values(event, case_ids.get(event.case_id, event.case_id)) for event in events]
        keys = list(dict.fromkeys(line["key"] for line in lines if line["key"] is not None))
        seen: set[str] = set()
        for batch in batches(keys):
            known = select(case_event.c.key).where(case_event.c.key.in_(batch))
            seen.update(self._db.execute(known).scalars())
        fresh = []
        for line in lines:
            if line["key"] is None or line["key"] not in seen:
                fresh.append(line)
                seen.add(line["key"])
        self._happen(fresh)

    def _quoted(self, events: Sequence[CaseEvent]) -> dict[int, Heard]:
        """What stands for the cases that a page proposes to close, before the page is stored."""
        proposed = [event.case_id for event in events if event.action == PROPOSE and event.case_id > 0]
        return self.cues(proposed) if proposed else {}

    def _referring(
        self, event: CaseEvent, quoted: Mapping[int, Heard], plan: Plan, business: str
    ) -> CaseEvent:
        """A proposal with the numbers of the mentions it rests on: the complaint (`before`) and the kind words."""
        if event.action != PROPOSE or event.data is None:
            return event
        source = plan.entries[0].mention.source
        after = self.mention(business, source, event.data["after"])
        told = {"before": quoted.get(event.case_id), "after": after}
        return replace(event, data={name: heard.id for name, heard in told.items() if heard})

    def _answer(self, answers: Mapping[int, Reply], mend: Mender) -> None:
        rows = [
            {"at": at, "words": mend([reply.text])[0], "given": reply.published}
            for at, reply in answers.items()
        ]
        step = update(mention).where(mention.c.id == bindparam("at"))
        self._change(step.values(reply=bindparam("words"), replied=bindparam("given")), rows)

    def _add(
        self,
        fresh: Mapping[tuple[str, str], Entry],
        links: _Links,
        business: str,
        feed: str,
        now: datetime,
        mend: Mender,
    ) -> None:
        if not fresh:
            return
        first, entries = self._next_id(mention), list(fresh.values())
        ids, count = range(first, first + len(entries)), len(entries)
        self._insert_columns(
            mention,
            {
                "id": ids,
                "business": [business] * count,
                "source": [source for source, _ in fresh],
                "native_id": [native_id for _, native_id in fresh],
                "feed": [feed] * count,
                "first_seen": [now] * count,
                "said": [_said(entry.mention.published, now) for entry in entries],
                **mention_columns(entries, mend),
                **links.of(entries),
            },
        )
        self._insert_columns(assessment, assessment_columns(ids, entries))
        self._find_later(dict(zip(ids, entries, strict=True)), now)

    def _find_later(self, entries: Mapping[int, Entry], now: datetime) -> None:
        """By what copies of these are found, and which of them a rule holds back."""
        day = now.toordinal()
        self._insert(
            sketch,
            [
                {"hash": one, "mention_id": at, "day": day}
                for at, entry in entries.items()
                for one in entry.hashes
            ],
        )
        rows = [
            {"mention_id": at, "rule": entry.held_by.key, "at": now}
            for at, entry in entries.items()
            if entry.held_by is not None
        ]
        self._insert(held, rows)

    def _next_id(self, table: Table) -> int:
        """Writers take turns, so a number may be given here: asking the database for each costs three times
        as much."""
        return (self._db.execute(select(func.max(table.c.id))).scalar() or 0) + 1

    def _amend(self, edited: Mapping[int, Entry], links: _Links, now: datetime, mend: Mender) -> None:
        """An edit back to earlier words is judged anew; a post that is edited is there and has its words."""
        if not edited:
            return
        ids, entries = list(edited), list(edited.values())
        nothing = [None] * len(ids)
        changed = {
            **mention_columns(entries, mend),
            **links.of(entries),
            "gone_at": nothing,
            "blanked_at": nothing,
        }
        columns: dict[str, Any] = {column: bindparam(column) for column in changed}
        columns["said"] = _SAID_AFTER_EDIT
        self._change(
            update(mention).where(mention.c.id == bindparam("at")).values(columns),
            _rows({"at": ids, **changed}),
        )
        judged = assessment_columns(ids, entries)
        same = delete(assessment).where(
            assessment.c.mention_id == bindparam("at"),
            assessment.c.fingerprint == bindparam("mark"),
            assessment.c.version == bindparam("judge"),
        )
        self._change(
            same,
            _rows({"at": ids, "mark": judged["fingerprint"], "judge": judged["version"]}),
        )
        self._insert_columns(assessment, judged)
        self._change(delete(held).where(held.c.mention_id == bindparam("at")), [{"at": at} for at in edited])
        # of the words before an edit only what both share; the rest finds nothing, and goes in its time
        again = delete(sketch).where(
            sketch.c.hash == bindparam("one"), sketch.c.mention_id == bindparam("at")
        )
        self._change(again, [{"one": one, "at": at} for at, entry in edited.items() for one in entry.hashes])
        self._find_later(edited, now)


class _Links:
    """To which case and which message a mention of the plan belongs, as stored."""

    def __init__(self, case_ids: Mapping[int, int], told: Mapping[str, str]) -> None:
        self._case_ids = case_ids
        self._told = told

    def of(self, entries: Sequence[Entry]) -> Columns:
        cases, told = self._case_ids, self._told
        return {
            "case_id": [one.case_id and cases.get(one.case_id, one.case_id) for one in entries],
            "told_by": [one.told_by and told.get(one.told_by, one.told_by) for one in entries],
        }


def _said(published: datetime | None, now: datetime) -> datetime:
    """As `Heard.said`, of what is heard now."""
    return now if published is None else min(aware(published), now)


_GIVEN = bindparam("published", type_=Moment())
_SAID_AFTER_EDIT = case((mention.c.first_seen > _GIVEN, _GIVEN), else_=mention.c.first_seen)


def _rows(columns: Columns) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
