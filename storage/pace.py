"""How fast a destination may be told things, and whether a person must mend it first."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, text, update

from monitor.core.store import Trouble, WaitingCards
from storage.columns import clean
from storage.part import Part
from storage.tables import PENDING, bucket, outbox, trouble


class Pace(Part):
    def take_slot(self, bucket: str, now: datetime, interval: timedelta) -> datetime | None:
        free = self._free(bucket)
        if free is not None and free > now:
            return free
        self._set(bucket, free, now + interval)
        return None

    def park(self, bucket: str, until: datetime) -> None:
        free = self._free(bucket)
        if free is None or free < until:
            self._set(bucket, free, until)

    def parked(self, beginning: str, now: datetime) -> list[str]:
        rows = self._db.execute(
            select(bucket.c.name)
            .where(bucket.c.name.startswith(beginning, autoescape=True), bucket.c.free > now)
            .order_by(bucket.c.name)
        ).scalars()
        return [name for name in rows if name.startswith(beginning)]

    def _free(self, name: str) -> datetime | None:
        return self._db.execute(select(bucket.c.free).where(bucket.c.name == name)).scalar()

    def _set(self, name: str, before: datetime | None, free: datetime) -> None:
        if before is None:
            self._change(insert(bucket).values(name=name, free=free))
        else:
            self._change(update(bucket).where(bucket.c.name == name).values(free=free))

    def trouble(self, destination: str, code: str, message: str, now: datetime, next_probe: datetime) -> bool:
        """News is also another trouble (`code`) than the one that is known."""
        known = self._db.execute(select(trouble.c.code).where(trouble.c.destination == destination)).scalar()
        values = {"code": clean(code), "message": clean(message), "next_probe": next_probe}
        if known is None:
            self._change(insert(trouble).values(destination=destination, since=now, **values))
        else:
            self._change(update(trouble).where(trouble.c.destination == destination).values(**values))
        return known != values["code"]

    def troubles(self) -> list[Trouble]:
        rows = self._db.execute(select(trouble).order_by(trouble.c.destination))
        return [Trouble(**row._mapping) for row in rows]

    def mended(self, destination: str) -> bool:
        return bool(self._change(delete(trouble).where(trouble.c.destination == destination)))

    def waiting_cards(self, destination: str, now: datetime) -> WaitingCards:
        count, oldest = self._db.execute(
            select(func.count(), func.min(outbox.c.created)).where(
                text(PENDING),
                outbox.c.destination == destination,
                outbox.c.kind == "card",
                outbox.c.not_before <= now,
            )
        ).one()
        return WaitingCards(count, oldest)
