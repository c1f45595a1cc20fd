"""What is put into the outbox: each (destination, key) once, ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, text, update

from monitor.core.intents import Outgoing
from monitor.core.message import Kind
from storage.columns import loads, name
from storage.part import Part, among, batches, listed
from storage.rows import outgoing_values
from storage.tables import SUMMARY, outbox


class Queueing(Part):
    def queue(self, message: Outgoing, now: datetime) -> bool:
        return bool(self._queue([message], now, {})[0])

    def _queue(
        self, messages: Sequence[Outgoing], now: datetime, case_ids: Mapping[int, int]
    ) -> tuple[int, dict[str, str]]:
        """How many were new; and for each message's id the id of the row that tells it.

        The two differ where the key held a negative case id or unsound text, or where the row was queued for
        another destination and redirected.
        """
        wanted = [(message, *_address(message, case_ids)) for message in messages]
        rows = self._stored([(message.destination, key) for message, key, _ in wanted])
        redrawn = [case for message, _, case in wanted if message.kind is Kind.UPDATE and case is not None]
        carded, drawn = self._drawings(redrawn)
        fresh: list[dict[str, Any]] = []
        told: dict[str, str] = {}
        for message, key, case_id in wanted:
            where = (message.destination, key)
            place = (message.destination, case_id)
            if where not in rows:
                if message.kind is Kind.UPDATE and (place not in carded or place in drawn):
                    continue
                row = outgoing_values(message, key, case_id, now)
                fresh.append(row)
                rows[where] = row["id"]
                if message.kind is Kind.CARD:
                    carded.add(place)
                elif message.kind is Kind.UPDATE:
                    drawn.add(place)
            told[message.id] = rows[where]
        self._insert(outbox, fresh)
        return len(fresh), told

    def _stored(self, addresses: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """The ids of those queued before."""
        found: dict[tuple[str, str], str] = {}
        for destination in {where for where, _ in addresses}:
            for batch in batches([key for where, key in addresses if where == destination]):
                names = listed(batch, self._sqlite)
                rows = self._db.execute(_queued(self._sqlite), {"destination": destination, "names": names})
                found.update(((destination, row.key), row.id) for row in rows)
        return found

    def _drawings(
        self, case_ids: Sequence[int]
    ) -> tuple[set[tuple[str, int | None]], set[tuple[str, int | None]]]:
        """Which of the cases have a card at which destination, and which a redrawing that still waits."""
        carded: set[tuple[str, int | None]] = set()
        drawn: set[tuple[str, int | None]] = set()
        for batch in batches(list(dict.fromkeys(case_ids))):
            rows = self._db.execute(
                select(outbox.c.destination, outbox.c.case_id, outbox.c.kind, outbox.c.state).where(
                    outbox.c.case_id.in_(batch), outbox.c.kind.in_(["card", "update"])
                )
            )
            for destination, case_id, kind, state in rows:
                if kind == "card" and state != "failed":
                    carded.add((destination, case_id))
                elif kind == "update" and state == "pending":
                    drawn.add((destination, case_id))
        return carded, drawn

    def release(self, destination: str, key: str, now: datetime) -> None:
        """One that was tried already waits for another reason, and goes on waiting."""
        self._change(
            update(outbox)
            .where(
                outbox.c.destination == destination,
                outbox.c.key == name(key),
                outbox.c.state == "pending",
                outbox.c.attempts == 0,
                outbox.c.not_before > now,
            )
            .values(not_before=now)
        )

    def open_backlog(self, destination: str, feed: str) -> str | None:
        rows = self._db.execute(
            select(outbox.c.key, outbox.c.data)
            .where(
                text(SUMMARY),
                outbox.c.destination == destination,
                outbox.c.kind == "backlog",
                outbox.c.state == "pending",
            )
            .order_by(outbox.c.seq.desc())
        )
        return next((row.key for row in rows if (loads(row.data) or {}).get("feed") == feed), None)


@cache
def _queued(sqlite: bool) -> Select[tuple[str, str]]:
    return select(outbox.c.key, outbox.c.id).where(
        outbox.c.destination == bindparam("destination"), among(outbox.c.key, sqlite)
    )


def _address(message: Outgoing, case_ids: Mapping[int, int]) -> tuple[str, int | None]:
    """The key and the case as stored: negative case ids become real ones in both."""
    key, case_id = message.key, message.case_id
    if case_id is not None and case_id < 0:
        real = case_ids[case_id]
        if message.kind is Kind.UPDATE:
            key = key.replace(f":update:{case_id}:", f":update:{real}:")
        case_id = real
    return name(key), case_id
