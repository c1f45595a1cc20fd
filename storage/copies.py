"""Complaints in the same words: found by what their sketches share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select, text

from monitor.core.intents import Alike, Standing, Where
from monitor.core.model import Mention
from monitor.core.sketch import CANDIDATES, SHARED, compared
from storage.case_rows import case_of
from storage.part import batches, beside
from storage.standing import UNTOLD, Standings
from storage.tables import UNCLOSED, cases, mention, sketch


class Copies(Standings):
    def alike(
        self, business: str, hashes: Mapping[str, Sequence[int]], destination: Where, since: datetime
    ) -> dict[str, list[Alike]]:
        near = self._sharing(hashes, since)
        originals = self._originals(
            business, list({one for some in near.values() for one in some}), destination
        )
        found = {name: [originals[one] for one in some if one in originals] for name, some in near.items()}
        return {name: some for name, some in found.items() if some}

    def _sharing(self, hashes: Mapping[str, Sequence[int]], since: datetime) -> dict[str, list[int]]:
        """The ids of the mentions that share most, by name."""
        asking: defaultdict[int, list[str]] = defaultdict(list)
        for name, some in hashes.items():
            for one in some:
                asking[one].append(name)
        shared: defaultdict[str, list[int]] = defaultdict(list)
        for batch in batches(list(asking)):
            # whole numbers stand in the statement itself: binding so many costs more than finding them
            numbers = ",".join(map(str, batch))
            rows = self._db.exec_driver_sql(
                f"SELECT hash, mention_id FROM sketch WHERE hash IN ({numbers}) AND day >= {since.toordinal()}"  # noqa: S608
            )
            for one, mention_id in rows:
                for name in asking[one]:
                    shared[name].append(mention_id)
        return {
            name: [one for one, _ in _best(Counter(some))]
            for name, some in shared.items()
            if len(some) >= SHARED
        }

    def _originals(self, business: str, ids: Sequence[int], destination: Where) -> dict[int, Alike]:
        """Those whose case is not closed."""
        found: dict[int, Alike] = {}
        for batch in batches(ids):
            rows = self._db.execute(
                select(
                    mention.c.id.label("mention_id"),
                    mention.c.title,
                    mention.c.text,
                    mention.c.told_by,
                    *cases.c,
                )
                .join(cases, cases.c.id == mention.c.case_id)
                .where(
                    mention.c.id.in_(batch),
                    beside(cases.c.business == business),
                    text("cases." + UNCLOSED),
                    text("mention.is_complaint"),
                )
            ).all()
            cards = self._cards([row.id for row in rows], destination)
            for row in rows:
                words = compared(Mention("", "", row.text, row.title).words)
                stands = Standing(case_of(row), *cards.get(row.id, UNTOLD))
                found[row.mention_id] = Alike(row.mention_id, words, stands, row.told_by)
        return found

    def forget_sketches(self, before: datetime) -> int:
        return self._change(delete(sketch).where(sketch.c.day < before.toordinal()))


def _best(counted: Counter[int]) -> list[tuple[int, int]]:
    """The most alike, of equals the newest: the cases of older ones are closed sooner."""
    enough = [one for one in counted.items() if one[1] >= SHARED]
    return sorted(enough, reverse=True, key=lambda one: (one[1], one[0]))[:CANDIDATES]
