"""What was heard: is it known, what was thought of it, and when must its words go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select, text, update

from monitor.core.intents import Known
from monitor.core.model import Evidence, Heard, Rating
from storage.columns import LARGEST, by_name, clean, name
from storage.part import Part, among, batches, beside, listed
from storage.rows import evidence_of, evidence_text, heard
from storage.tables import UNCLOSED, assessment, cases, mention, same_customer

_NAMES = {column.name for column in mention.c}
_JUDGED = ("reasons", "signals", "evidence", "sentiment", "language", "expectations", "staff", "kind")
HEARD: Select[tuple[object, ...]] = select(
    *mention.c,
    *(
        column if column.name not in _NAMES else column.label(f"a_{column.name}")
        for column in assessment.c
        if column.name in _JUDGED
    ),
).join(
    assessment,
    and_(
        assessment.c.mention_id == mention.c.id,
        assessment.c.fingerprint == mention.c.fingerprint,
        assessment.c.version == mention.c.judged_by,
    ),
)
"""A mention with the verdict in force."""


_ONE, _OTHER = same_customer.alias("one"), same_customer.alias("other")
_LINKED = (
    select(_ONE.c.group_id)
    .join(_OTHER, and_(_OTHER.c.group_id == _ONE.c.group_id, _OTHER.c.business == _ONE.c.business))
    .where(
        _ONE.c.business == cases.c.business,
        _ONE.c.source == cases.c.source,
        _ONE.c.customer == cases.c.customer,
        _OTHER.c.source == mention.c.source,
        _OTHER.c.customer == func.coalesce(mention.c.author_key, "mention:" + mention.c.native_id),
    )
    .correlate(cases, mention)
    .exists()
)
"""Whether a mention's author is the case's customer under another name."""
_BEGINNING = 190
"""Characters by which ids are compared with what was made of them: longer ones are cut, each in its way."""
COPIED = and_(
    cases.c.id.is_not(None),
    or_(
        cases.c.source != mention.c.source,
        and_(mention.c.author_key.is_not(None), cases.c.customer != mention.c.author_key),
        and_(
            mention.c.author_key.is_(None),
            func.substr(cases.c.customer, 1, _BEGINNING)
            != func.substr("mention:" + mention.c.native_id, 1, _BEGINNING),
        ),
    ),
    ~_LINKED,
)
"""Whether a mention is in the case of somebody else, who had said the same before."""


@cache
def _known(sqlite: bool) -> Select[Any]:
    """Asked twice a page of every post on it."""
    return (
        select(
            mention.c.native_id,
            mention.c.id,
            mention.c.fingerprint,
            mention.c.is_complaint,
            mention.c.case_id,
            mention.c.told_by,
            COPIED.label("copied"),
            mention.c.reply.is_not(None).label("answered"),
            mention.c.stars,
            mention.c.scale,
            mention.c.lowest,
        )
        .outerjoin(cases, cases.c.id == mention.c.case_id)
        .where(
            mention.c.business == bindparam("business"),
            mention.c.source == bindparam("source"),
            among(mention.c.native_id, sqlite),
        )
    )


class Mentions(Part):
    def known(self, business: str, source: str, native_ids: Sequence[str]) -> dict[str, Known]:
        asked = by_name(native_ids)
        found: dict[str, Known] = {}
        for batch in batches(list(asked)):
            names = listed(batch, self._sqlite)
            rows = self._db.execute(
                _known(self._sqlite), {"business": business, "source": source, "names": names}
            )
            for row in rows:
                known = Known(
                    row.id,
                    row.fingerprint,
                    row.is_complaint,
                    row.case_id,
                    row.told_by,
                    row.copied,
                    row.answered,
                    None if row.stars is None else Rating(row.stars, row.scale, row.lowest),
                )
                found.update(dict.fromkeys(asked[row.native_id], known))
        return found

    def mark_gone(
        self, business: str, source: str, native_ids: Sequence[str], now: datetime, *, words: bool
    ) -> list[int]:
        touched: dict[int, None] = {}
        for batch in batches(list(by_name(native_ids))):
            rows = self._db.execute(
                select(mention.c.id, mention.c.case_id)
                .where(
                    mention.c.business == business,
                    mention.c.source == source,
                    mention.c.native_id.in_(batch),
                    mention.c.gone_at.is_(None),
                )
                .order_by(mention.c.id)
            ).all()
            ids = [row.id for row in rows]
            self._change(update(mention).where(mention.c.id.in_(ids)).values(gone_at=now))
            if words:
                self._blank(ids, now)
            owners = [row.case_id for row in rows if row.case_id is not None]
            unclosed = self._db.execute(
                select(cases.c.id).where(cases.c.id.in_(owners), text(UNCLOSED)).order_by(cases.c.id)
            ).scalars()
            touched.update(dict.fromkeys(unclosed))
        return list(touched)

    def expire(self, source: str, before: datetime) -> int:
        """Blank the words of mentions first seen before that instant, and their authors' names."""
        ids = list(
            self._db.execute(
                select(mention.c.id).where(
                    mention.c.first_seen < before,
                    mention.c.source == source,
                    mention.c.blanked_at.is_(None),
                )
            ).scalars()
        )
        for batch in batches(ids):
            self._blank(batch, before)
        return len(ids)

    def _blank(self, ids: Sequence[int], now: datetime) -> None:
        """Evidence and the names of staff go too: they repeat the customer's words. Which expectations were
        broken stays, without the words that showed it."""
        blank = update(mention).where(mention.c.id.in_(ids))
        self._change(blank.values(title="", text="", author_name="", blanked_at=now))
        judged = assessment.c.mention_id.in_(ids)
        self._change(update(assessment).where(judged).values(evidence="[]", staff="[]"))
        told = select(assessment.c.expectations).where(judged, assessment.c.expectations != "[]").distinct()
        for written in list(self._db.execute(told).scalars()):
            keys = evidence_text([Evidence(broken.signal, "") for broken in evidence_of(written)])
            same = update(assessment).where(judged, assessment.c.expectations == written)
            self._change(same.values(expectations=keys))

    def mentions_of(self, case_id: int) -> list[Heard]:
        rows = self._db.execute(
            HEARD.where(mention.c.case_id == case_id).order_by(
                mention.c.published.is_(None), mention.c.published, mention.c.first_seen, mention.c.id
            )
        )
        return [heard(row) for row in rows]

    def mention(self, business: str, source: str, native_id: str) -> Heard | None:
        row = self._db.execute(
            HEARD.where(
                mention.c.business == business,
                mention.c.source == source,
                mention.c.native_id == name(native_id),
            )
        ).first()
        return heard(row) if row else None

    def latest(self, business: str, *, before: int | None = None, limit: int = 500) -> list[Heard]:
        asked = HEARD.where(beside(mention.c.business == business), mention.c.blanked_at.is_(None))
        if before is not None:
            asked = asked.where(mention.c.id < before)
        return [heard(row) for row in self._db.execute(asked.order_by(mention.c.id.desc()).limit(limit))]

    def recent(
        self,
        business: str,
        *,
        find: str = "",
        complaints: bool = False,
        quiet: bool = False,
        limit: int,
    ) -> list[Heard]:
        query = HEARD.where(beside(mention.c.business == business))
        if find := clean(find):
            query = query.where(
                or_(*(c.icontains(find, autoescape=True) for c in (mention.c.text, mention.c.title)))
            )
        if complaints:
            query = query.where(beside(mention.c.is_complaint.is_(True)))
        if quiet:
            query = query.where(or_(mention.c.is_complaint.is_(False), mention.c.case_id.is_(None)))
        return [heard(row) for row in self._db.execute(query.order_by(mention.c.id.desc()).limit(limit))]

    def named(self, business: str, which: str) -> list[Heard]:
        """A number is an id here; an address is compared letter by letter."""
        this = mention.c.url == clean(which)
        if which.isascii() and which.isdigit() and int(which) <= LARGEST:
            this = mention.c.id == int(which)
        rows = self._db.execute(HEARD.where(this, mention.c.business == business).order_by(mention.c.id))
        return [heard(row) for row in rows]

    def cues(self, case_ids: Sequence[int]) -> dict[int, Heard]:
        found: dict[int, Heard] = {}
        for batch in batches(case_ids):
            place = func.row_number().over(
                partition_by=mention.c.case_id,
                order_by=[
                    mention.c.is_complaint.desc(),
                    mention.c.severity.desc(),
                    COPIED,
                    func.coalesce(mention.c.published, mention.c.first_seen).desc(),
                    mention.c.id.desc(),
                ],
            )
            ranked = (
                select(mention.c.id.label("mention_id"), place.label("place"))
                .join(cases, cases.c.id == mention.c.case_id)
                .where(mention.c.case_id.in_(batch))
                .subquery()
            )
            best = HEARD.join(ranked, ranked.c.mention_id == mention.c.id).where(ranked.c.place == 1)
            found.update((row.case_id, heard(row)) for row in self._db.execute(best))
        return found
