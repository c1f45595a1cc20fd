"""What a page leaves behind: the cases as they stand by now, their history, and the messages that tell of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monitor.core.cases import heard_from
from monitor.core.intents import MONITOR, Judged, Known, Outgoing, Plan, Standing, Telling, redrawing
from monitor.core.message import Kind
from monitor.core.model import Case, CaseEvent, Json, State
from monitor.core.moves import PROPOSE, SPOKEN
from monitor.core.signs import named, sounds_won_back

BACKLOG_HOLD = timedelta(minutes=1)
"""How long a summary waits for the reading's next page before it goes out; finishing the reading frees it."""


class Ledger:
    """The plan as far as it is made."""

    def __init__(self, telling: Telling, business: str, now: datetime, stands: dict[int, Standing]) -> None:
        self.plan = Plan()
        self.telling = telling
        self.business = business
        self.now = now
        self.stands = stands
        """Every case that this page may touch, as it stands by now."""
        self.queued: set[str] = set()

    def _revise(
        self, stands: Standing, case: Case, action: str, before: State | None = None, **more: Any
    ) -> Case:
        woken = action in SPOKEN and case.snoozed is not None
        if action in SPOKEN:
            case = heard_from(case, self.now)
        if case.id > 0:
            # one revision a page, however often the customer appears on it
            stored = self.plan.revised.get(case.id)
            case = replace(case, revision=stored.revision if stored else case.revision + 1)
            self.plan.revised[case.id] = case
        else:
            self.plan.cases[-case.id - 1] = case
        self.stands[case.id] = Standing(case, stands.card, stands.at)
        self._event(case, action, before or stands.case.state, **more)
        if woken:
            self._event(case, "wake", case.state)
        return case

    def _again(self, mark: str) -> str:
        """An edit, in a key: the same words may come back, and are told anew then."""
        return f"{mark}:{self.now.isoformat()}"

    def _event(
        self, case: Case, action: str, before: State | None, actor: str = MONITOR, **more: Any
    ) -> None:
        self.plan.events.append(CaseEvent(case.id, self.now, actor, action, before, case.state, **more))

    def _card(self, case: Case, item: Judged, mark: str) -> str:
        """Whatever is told of the case later follows its card, also where another route would fit by then."""
        at = self.telling.place(item.mention, item.verdict, case.severity)
        self.stands[case.id] = Standing(case, None, at)
        card = self._queue(Kind.CARD, "card", case, item, mark, "complained")
        self.stands[case.id] = Standing(case, card, at)
        return card

    def pass_on(self, item: Judged) -> None:
        """Kind words with somebody's name in them, or with thanks, to those who earned them: once, and not old ones."""
        mention, verdict = item.mention, item.verdict
        earned = verdict.praise and (verdict.staff or "thanks" in verdict.signals)
        if self.telling.praise is None or not earned or mention.repost:
            return
        if self.telling.one_by_one(mention, self.now):
            self.plan.messages.append(
                Outgoing(
                    self.telling.praise,
                    f"{self.business}:praise:{mention.source}:{mention.native_id}",
                    Kind.PRAISE,
                    self.business,
                    published=mention.published,
                    data={"source": mention.source, "mention": mention.native_id},
                )
            )

    def _at(self, case: Case) -> str:
        """Where the case's messages go."""
        stands = self.stands.get(case.id)
        return (stands.at if stands is not None else "") or self.telling.destination

    def _reply(self, case: Case, item: Judged, mark: str, action: str, before: Known | None = None) -> str:
        self._redraw(case, item)
        asks = {PROPOSE: True} if sounds_won_back(item, before, case) else {}
        return self._queue(Kind.REPLY, "reply", case, item, mark, action, **asks)

    def _queue(
        self, kind: Kind, what: str, case: Case, item: Judged, mark: str, action: str, **more: Json
    ) -> str:
        """The key names the words (`mark`, and when they were edited), so that an edit is told and nothing twice."""
        key = f"{what}:{item.mention.source}:{item.mention.native_id}:{mark}"
        out = Outgoing(
            self._at(case),
            f"{self.business}:{key}",
            kind,
            self.business,
            case_id=case.id,
            severity=case.severity,
            published=item.mention.published,
            data=named(case, item.mention, action) | more,
        )
        self.plan.messages.append(out)
        return out.id

    def _redraw(self, case: Case, item: Judged) -> None:
        """What is told below the card waits for this: it finds out whether the card still stands."""
        out = redrawing(case, self._at(case), item.mention.published)
        if case.id > 0 and out.key not in self.queued:
            self.queued.add(out.key)
            self.plan.messages.append(out)

    def _backlog(self) -> str:
        out = Outgoing(
            self.telling.destination,
            self.telling.backlog_key,
            Kind.BACKLOG,
            self.business,
            hold_until=self.now + BACKLOG_HOLD,
            data={"feed": self.telling.feed},
        )
        if out.key not in self.queued:
            self.queued.add(out.key)
            self.plan.messages.append(out)
        return out.id
