"""What is known of feeds between readings, and who reads one now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Update, case, func, insert, or_, select, update

from monitor.core.errors import Conflict
from monitor.core.model import Json
from monitor.core.store import FeedState
from storage.columns import clean, dumps, loads
from storage.part import Part
from storage.tables import feed, listened

_FIELDS = [feed.c[column] for column in FeedState.__dataclass_fields__]


class Feeds(Part):
    def register_feed(self, name: str, source: str, business: str, now: datetime) -> None:
        known = self._db.execute(select(feed.c.source).where(feed.c.name == name)).scalar()
        if known is None:
            self._change(
                insert(feed).values(
                    name=name,
                    source=source,
                    business=business,
                    next_due=now,
                    failures=0,
                    last_error="",
                    rejected=0,
                    replaced=0,
                )
            )
        elif known != source:
            # the lease goes too: a reading of the old place must not leave its cursor to the new one
            self._change(
                update(feed)
                .where(feed.c.name == name)
                .values(
                    source=source,
                    cursor=None,
                    baselined=None,
                    next_due=now,
                    failures=0,
                    failing_since=None,
                    last_error="",
                    lease=None,
                    lease_until=None,
                )
            )

    def feeds(self) -> list[FeedState]:
        return [_state(row) for row in self._db.execute(select(*_FIELDS).order_by(feed.c.name))]

    def lease_feed(
        self, name: str, token: str, now: datetime, until: datetime, *, force: bool = False
    ) -> FeedState | None:
        free = or_(feed.c.lease_until.is_(None), feed.c.lease_until <= now)
        take = update(feed).where(feed.c.name == name, free)
        if not force:
            take = take.where(feed.c.next_due <= now)
        if not self._change(take.values(lease=token, lease_until=until, last_attempt=now)):
            return None
        return _state(self._db.execute(select(*_FIELDS).where(feed.c.name == name)).one())

    def commit_page(
        self,
        name: str,
        token: str,
        cursor: Mapping[str, Json],
        now: datetime,
        until: datetime,
        *,
        rejected: int = 0,
        replaced: int = 0,
        heard: bool = False,
    ) -> None:
        values: dict[str, Any] = {
            "cursor": dumps(cursor),
            "lease_until": until,
            "rejected": feed.c.rejected + rejected,
            "replaced": feed.c.replaced + replaced,
        }
        if heard:
            values["last_heard"] = now
        if not self._change(_ours(name, token).values(values)):
            raise Conflict(f"another process took over the reading of feed {name}; this one stops")

    def succeed_feed(self, name: str, token: str, now: datetime, next_due: datetime) -> None:
        ours = self._change(
            _ours(name, token).values(
                failures=0,
                failing_since=None,
                last_error="",
                last_success=now,
                baselined=func.coalesce(feed.c.baselined, now),
                next_due=next_due,
                lease=None,
                lease_until=None,
            )
        )
        if ours:
            self._listened(name, now)

    def _listened(self, name: str, now: datetime) -> None:
        """Two readings may end in another order than they began."""
        day = now.astimezone(UTC).toordinal()
        again = update(listened).where(listened.c.feed == name, listened.c.day == day)
        wider = {
            "first": case((listened.c.first > now, now), else_=listened.c.first),
            "last": case((listened.c.last < now, now), else_=listened.c.last),
        }
        if not self._change(again.values(wider)):
            self._change(insert(listened).values(feed=name, day=day, first=now, last=now))

    def fail_feed(self, name: str, token: str, now: datetime, next_due: datetime, error: str) -> None:
        self._change(
            _ours(name, token).values(
                failures=feed.c.failures + 1,
                failing_since=func.coalesce(feed.c.failing_since, now),
                last_error=clean(error),
                next_due=next_due,
                lease=None,
                lease_until=None,
            )
        )

    def return_feed(self, name: str, token: str) -> None:
        self._change(_ours(name, token).values(lease=None, lease_until=None))


def _ours(name: str, token: str) -> Update:
    return update(feed).where(feed.c.name == name, feed.c.lease == token)


def _state(row: Any) -> FeedState:
    values = dict(row._mapping)
    values["cursor"] = loads(values["cursor"])
    return FeedState(**values)
