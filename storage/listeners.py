"""Who listens to the desk now: one row a process, renewed while it lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from monitor.core.gestures import Line, Link, Listener
from storage.columns import clean
from storage.part import Part
from storage.tables import listener

FORGOTTEN = timedelta(days=1)
"""A process that died is shown as gone for so long, and then not at all."""


class Listeners(Part):
    def attend(self, told: Listener) -> None:
        self.leave(told.holder)
        self._change(delete(listener).where(listener.c.seen < told.seen - FORGOTTEN))
        values = {
            "holder": clean(told.holder),
            "link": told.line.link.value,
            "since": told.line.since,
            "renewed": told.line.renewed,
            "fault": clean(told.line.fault),
            "seen": told.seen,
        }
        self._change(insert(listener).values(values))

    def leave(self, holder: str) -> None:
        self._change(delete(listener).where(listener.c.holder == clean(holder)))

    def listeners(self, since: datetime) -> list[Listener]:
        rows = self._db.execute(select(listener).where(listener.c.seen >= since).order_by(listener.c.holder))
        return [
            Listener(row.holder, Line(Link(row.link), row.since, row.renewed, row.fault), row.seen)
            for row in rows
        ]
