"""Rules in force, and what they hold back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, text, update

from monitor.core.model import Heard
from monitor.core.suppress import Accepted, Ground, Rule
from storage.columns import clean
from storage.mentions import HEARD
from storage.part import Part
from storage.rows import heard
from storage.tables import IN_FORCE, held, mention, rule

HELD_STILL = (text("mention.is_complaint"), mention.c.case_id.is_(None))
"""A mention that a rule held back and that nobody brought to a case since."""


class Rules(Part):
    def rules(self, business: str) -> list[Accepted]:
        rows = self._db.execute(
            select(rule).where(text(IN_FORCE), rule.c.business == business).order_by(rule.c.id)
        )
        return [Accepted(Rule(Ground(row.ground), row.value, row.place), row.by, row.at) for row in rows]

    def accept(self, business: str, wanted: Rule, by: str, now: datetime) -> bool:
        if any(one.rule.key == wanted.key for one in self.rules(business)):
            return False
        values = {
            "business": business,
            "key": wanted.key,
            "ground": wanted.ground.value,
            "value": clean(wanted.value),
            "place": clean(wanted.place),
            "by": clean(by),
            "at": now,
        }
        self._change(insert(rule).values(values))
        return True

    def withdraw(self, business: str, key: str, by: str, now: datetime) -> bool:
        ours = update(rule).where(text(IN_FORCE), rule.c.business == business, rule.c.key == key)
        return bool(self._change(ours.values(withdrawn=now, withdrawn_by=clean(by))))

    def held(self, business: str, key: str) -> list[Heard]:
        query = HEARD.join(held, held.c.mention_id == mention.c.id).where(
            held.c.rule == key, mention.c.business == business, *HELD_STILL
        )
        return [heard(row) for row in self._db.execute(query.order_by(mention.c.id.desc()))]

    def held_back(self) -> int:
        query = select(func.count()).select_from(held.join(mention, mention.c.id == held.c.mention_id))
        return self._db.execute(query.where(*HELD_STILL)).scalar_one()
