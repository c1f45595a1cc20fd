"""The one place where history is written: whoever follows it is told in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from monitor.core.happening import Follower
from monitor.core.intents import Outgoing
from monitor.core.message import Kind
from storage.queueing import Queueing
from storage.tables import case_event, cases


class Following(Queueing):
    followers: tuple[Follower, ...] = ()

    def _happen(self, lines: Sequence[dict[str, Any]]) -> None:
        """Add the lines; for each one row of the outbox for each follower that wants it."""
        if not lines:
            return
        if not self.followers:
            self._insert(case_event, lines)
            return
        # writers take turns, so what is newer than this is ours
        before = self._db.execute(select(func.max(case_event.c.id))).scalar() or 0
        self._insert(case_event, lines)
        written = self._db.execute(
            select(case_event.c.id, case_event.c.case_id, case_event.c.action, cases.c.business)
            .join(cases, cases.c.id == case_event.c.case_id)
            .where(case_event.c.id > before)
            .order_by(case_event.c.id)
        ).all()
        # without a severity: machines are told in the order in which it happened
        messages = [
            Outgoing(
                follower.destination,
                f"{row.business}:event:{row.id}",
                Kind.EVENT,
                row.business,
                row.case_id,
                data={"event": row.id},
            )
            for row in written
            for follower in self.followers
            if follower.wants(row.action)
        ]
        self._queue(messages, lines[0]["at"], {})
