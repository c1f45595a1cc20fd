"""Counting: for `reconcile`, `status` and the digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from monitor.core.store import Account
from storage.part import Part
from storage.tables import FAILED, UNFINISHED, cases, held, mention, outbox

_SUMMARIES = ("backlog", "storm", "roster")


class Facts(Part):
    def account(self) -> Account:
        by_rule = held.c.mention_id.is_not(None)
        rows = self._db.execute(
            select(cases.c.state, outbox.c.state, outbox.c.kind, by_rule, func.count())
            .select_from(
                mention.outerjoin(cases, cases.c.id == mention.c.case_id)
                .outerjoin(outbox, outbox.c.id == mention.c.told_by)
                .outerjoin(held, held.c.mention_id == mention.c.id)
            )
            .where(text("mention.is_complaint"))
            .group_by(cases.c.state, outbox.c.state, outbox.c.kind, by_rule)
        )
        classes: Counter[str] = Counter()
        for case_state, state, kind, is_held, count in rows:
            classes[_fate(case_state, state, kind, held=bool(is_held))] += count
        return Account(complaints=classes.total(), **{fate: classes[fate] for fate in _FATES})

    def counts(self) -> tuple[int, int, dict[str, int], dict[str, int]]:
        run = self._db.execute
        heard_at_all = run(select(func.count()).select_from(mention)).scalar_one()
        complaints = run(select(func.count()).select_from(mention).where(text("is_complaint"))).scalar_one()
        by_state = run(select(cases.c.state, func.count()).group_by(cases.c.state))
        queued = run(select(func.count()).select_from(outbox)).scalar_one()
        by_fate: Counter[str] = Counter()
        for some in (UNFINISHED, FAILED):
            by_fate.update(
                _tally(run(select(outbox.c.state, func.count()).where(text(some)).group_by(outbox.c.state)))
            )
        by_fate["sent"] = queued - by_fate.total()
        return (
            heard_at_all,
            complaints,
            _tally(by_state),
            dict(+by_fate),
        )

    def heard_by_feed(self, since: datetime, until: datetime) -> dict[str, int]:
        rows = self._db.execute(
            select(mention.c.feed, func.count())
            .where(mention.c.first_seen >= since, mention.c.first_seen < until)
            .group_by(mention.c.feed)
        )
        return _tally(rows)


def _tally(rows: Iterable[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in rows}


_FATES = ("delivered", "queued", "summarised", "suppressed", "unaccounted")


def _fate(case_state: str | None, state: str | None, kind: str | None, *, held: bool) -> str:
    """What became of complaints whose case is in `case_state` and whose message, of that kind, in `state`;
    `held`: a rule held it back, which is over once a case has it."""
    if case_state == "dismissed" or (case_state is None and held):
        return "suppressed"
    if state is None or state == "failed":
        return "unaccounted"
    if state != "sent":
        return "queued"
    return "summarised" if kind in _SUMMARIES else "delivered"
