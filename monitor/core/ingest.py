"""From judged mentions to intents: what to store, which case each complaint joins, whom to tell.

`plan` touches nothing. Whoever stores the plan does so in one transaction with the cursor that passes the
page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import tee
from operator import eq
from types import MappingProxyType

from monitor.core.cases import came_back
from monitor.core.copies import Copies, Original, Same
from monitor.core.fingerprint import fingerprint
from monitor.core.intents import (
    Alike,
    Entry,
    Judged,
    Known,
    Plan,
    Standing,
    Telling,
)
from monitor.core.ledger import Ledger
from monitor.core.message import Kind
from monitor.core.model import Case, Mention, Severity, State
from monitor.core.moves import CONTACT, PROPOSE, REGRESS, SOURCE
from monitor.core.severity import NO_HISTORY, History, Weighed, graver, remembering, retold, with_grave
from monitor.core.signs import after_answer, newly_answered, since_the_end, sounds_won_back
from monitor.core.suppress import must_be_seen

NONE_ALIKE: Mapping[str, Sequence[Alike]] = MappingProxyType({})
NO_HISTORIES: Mapping[str, History] = MappingProxyType({})
NONE_CLOSED: Mapping[int, Standing] = MappingProxyType({})


def customer_of(mention: Mention) -> str:
    """Who this is, within business and source: the author's key, or the mention itself if there is none."""
    return mention.author.key or f"mention:{mention.native_id}"


def plan(
    judged: Sequence[Judged],
    *,
    known: Mapping[str, Known],
    standing: Mapping[str, Standing],
    recovered: Mapping[str, Standing],
    telling: Telling,
    business: str,
    now: datetime,
    alike: Mapping[str, Sequence[Alike]] = NONE_ALIKE,
    same: Same = eq,
    histories: Mapping[str, History] = NO_HISTORIES,
    closed: Mapping[int, Standing] = NONE_CLOSED,
) -> Plan:
    """Decide a page.

    `known` and `alike` (complaints that a new one may repeat) are by native id; `standing` (unclosed cases),
    `recovered` (the latest case, if it ended as recovered) and `histories` are by customer; `closed`
    (closed cases of known mentions) by their ids. Oldest first, so that a case is opened by what was said first.
    """
    book = _Book(telling, business, now, standing, recovered, Copies(alike, same), histories, closed)
    for found in alike.values():
        for near in found:
            book.stands.setdefault(near.stands.case.id, near.stands)
    unique: dict[str, Judged] = {}
    for item in judged:
        unique[item.mention.native_id] = item
    far = datetime.max.replace(tzinfo=UTC)
    # the same id twice on a page: the later one counts
    book.plan.unchanged += len(judged) - len(unique)
    for item in sorted(unique.values(), key=lambda one: one.mention.published or far):
        mark = fingerprint(item.mention)
        before = known.get(item.mention.native_id)
        if before is None:
            book.hear(item, mark)
        elif before.fingerprint != mark:
            book.amend(item, mark, before)
        else:
            book.plan.unchanged += 1
        if before is None or before.fingerprint != mark:
            book.pass_on(item)
        book.look_for_signs(item, mark, before)
    return book.plan


class _Book(Ledger):
    """The cases as this page changes them."""

    def __init__(
        self,
        telling: Telling,
        business: str,
        now: datetime,
        standing: Mapping[str, Standing],
        recovered: Mapping[str, Standing],
        copies: Copies,
        histories: Mapping[str, History],
        closed: Mapping[int, Standing],
    ) -> None:
        super().__init__(telling, business, now, {one.case.id: one for one in standing.values()})
        self.theirs = {customer: one.case.id for customer, one in standing.items()}
        """Which of them is a customer's own."""
        self.recovered = recovered
        self.copies = copies
        self.histories = dict(histories)
        self.closed = closed

    def own(self, mention: Mention) -> Standing | None:
        """The unclosed case of the customer who says this."""
        case_id = self.theirs.get(customer_of(mention))
        return None if case_id is None else self.stands[case_id]

    def hear(self, item: Judged, mark: str, known: int | None = None, *, counted: bool = False) -> None:
        """A mention that no case knows yet. `counted`: its customer's history knows it already."""
        mention = item.mention
        stands = self.own(mention)
        if stands is None and not item.verdict.is_complaint:  # most of what is heard
            self.plan.entries.append(Entry(mention, item.verdict, mark, None, None, known))
            return
        told = mark if known is None else self._again(mark)
        case_id = told_by = held_by = original = None
        deed = "complained again"
        # each is compared letter by letter when it is first asked for, and never twice
        repeats, repeats_again = tee(self.copies.originals(item, known))
        if item.verdict.is_complaint:
            back = self.recovered.get(customer_of(mention))
            if (
                stands is None
                and back is not None
                and (known is not None or since_the_end(mention, back.case))
            ):
                stands, deed = self._regress(back), REGRESS
            if stands is not None:
                item = self._remember(item, counted=counted)
                case_id, told_by = self._join(item, told, stands, deed)
            elif item.rule is not None:
                held_by = item.rule
                why = f"held back by rule {held_by.key}: {held_by}"
                item = replace(item, verdict=replace(item.verdict, reasons=(why, *item.verdict.reasons)))
            elif (original := self._original(item, repeats)) is not None:
                case_id, told_by = self._copy(item, told, original)
            else:
                item = self._remember(item)
                case_id, told_by = self._open(item, told)
        elif stands is not None and not mention.repost:
            case_id, told_by = self._follow(item, told, stands)
        hashes: tuple[int, ...] = ()
        # of copies the original alone is looked for, so that a thousand cost no more than one, by whomever they are
        new = original is None and all(one.case_id != case_id for one in repeats_again)
        if new and item.sketch is not None and case_id is not None and told_by is not None:
            hashes = item.sketch.hashes
            self.copies.add(item.sketch, Original(case_id, told_by))
        self.plan.entries.append(Entry(mention, item.verdict, mark, case_id, told_by, known, held_by, hashes))

    def _original(self, item: Judged, repeats: Iterator[Original]) -> Original | None:
        """What this complaint is a copy of. One that must be seen is none of a milder one: whoever dismisses that
        would dismiss it unseen."""
        if must_be_seen(item.verdict):
            rank = (item.verdict.severity or Severity.LOW).rank
            repeats = (one for one in repeats if self.stands[one.case_id].case.severity.rank >= rank)
        return next(repeats, None)

    def amend(self, item: Judged, mark: str, before: Known) -> None:
        """A mention whose words or stars were edited."""
        customer, complaint, told_by = customer_of(item.mention), item.verdict.is_complaint, before.told_by
        if before.case_id is None or (complaint and (before.copied or not before.is_complaint)):
            self.hear(item, mark, known=before.id)
            return
        stands = self.own(item.mention)
        back = self.recovered.get(customer)
        if stands is None and complaint and back is not None and back.case.id == before.case_id:
            stands = self._regress(back)
        here = stands is not None and stands.case.id == before.case_id
        ended = None if here or not complaint else self.closed.get(before.case_id)
        if ended is not None and graver(ended.case, item.verdict.severity, item.verdict.reasons):
            # whoever closed the case had read other words
            counted = ended.case.state is not State.DISMISSED
            if stands is None and back is None and item.rule is None:
                self._reopen(item, mark, before.id, ended, counted=counted)
                return
            if stands is not None or back is not None:
                self.hear(item, mark, known=before.id, counted=counted)
                return
        if stands is not None and here:
            item = self._remember(item, counted=True) if complaint else item
            action = "edited" if complaint else "eased"
            # danger is news however old the post is
            worse = graver(stands.case, item.verdict.severity, item.verdict.reasons)
            news = worse or self.telling.one_by_one(item.mention, self.now)
            alone = complaint and not stands.card and news
            case = self._worsen(stands.case, item) if complaint else stands.case
            case = self._revise(stands, replace(case, backlog=case.backlog and not alone), action)
            if stands.card:
                self._reply(case, item, self._again(mark), action, before)
            elif alone:
                told_by = self._card(case, item, self._again(mark))
        hashes = item.sketch.hashes if complaint and item.sketch is not None else ()
        self.plan.entries.append(
            Entry(item.mention, item.verdict, mark, before.case_id, told_by, before.id, hashes=hashes)
        )

    def _remember(self, item: Judged, *, counted: bool = False) -> Judged:
        """The complaint as it weighs with what its customer said before. `counted`: it is one of those itself."""
        mention, verdict, customer = item.mention, item.verdict, customer_of(item.mention)
        known = self.histories.get(customer, NO_HISTORY)
        since = min(known.since or self.now, mention.published or self.now)
        before = History(max(0, known.complaints - counted), since, known.regressed)
        self.histories[customer] = History(before.complaints + 1, since, known.regressed)
        found = remembering(Weighed(verdict.severity or Severity.LOW, verdict.reasons), before)
        if found == (verdict.severity, verdict.reasons):  # most customers complain for the first time
            return item
        return replace(item, verdict=replace(verdict, severity=found.severity, reasons=found.reasons))

    def look_for_signs(self, item: Judged, mark: str, before: Known | None) -> None:
        """What the post says of its own case beside its words: the business has answered, the customer is pleased."""
        mention, stands = item.mention, self.own(item.mention)
        same = before is not None and before.fingerprint == mark
        case_id = before.case_id if before is not None and same else self.plan.entries[-1].case_id
        answered = newly_answered(mention, before)
        if answered and same and before is not None and mention.reply is not None:
            self.plan.answers[before.id] = mention.reply
        if stands is None or stands.case.id != case_id:
            return
        if answered and stands.case.waiting is None:
            facts = {"source": True, **({"link": mention.url} if mention.url else {})}
            case = after_answer(stands.case, mention, self.now)
            case = self._revise(stands, case, CONTACT, actor=SOURCE, data=facts)
            if stands.card and case.id > 0:
                self._redraw(case, item)
                self._queue(Kind.REPLY, "answered", case, item, mark, CONTACT, actor=SOURCE, data=facts)
        if not same and sounds_won_back(item, before, stands.case):
            case = self.stands[case_id].case
            key = f"propose:{self.business}:{mention.source}:{mention.native_id}:{mark}"
            self._event(case, PROPOSE, case.state, data={"after": mention.native_id}, key=key)

    # ── the five ways a mention meets a case ─────────────────────────────────────────────────────────────

    def _open(self, item: Judged, mark: str) -> tuple[int, str]:
        mention, verdict = item.mention, item.verdict
        alone = self.telling.one_by_one(mention, self.now)
        case = Case(
            id=-(len(self.plan.cases) + 1),
            business=self.business,
            source=mention.source,
            customer=customer_of(mention),
            name=mention.author.name,
            state=State.OPEN,
            severity=verdict.severity or Severity.LOW,
            opened=self.now,
            backlog=not alone,
            reasons=verdict.reasons,
            url=mention.url,
        )
        self.plan.cases.append(case)
        self._event(case, "opened", None)
        self.theirs[case.customer] = case.id
        self.stands[case.id] = Standing(case, None)
        return case.id, self._card(case, item, mark) if alone else self._backlog()

    def _join(self, item: Judged, mark: str, stands: Standing, deed: str) -> tuple[int, str]:
        alone = self.telling.one_by_one(item.mention, self.now)
        case = self._worsen(stands.case, item)
        if alone:
            case = replace(case, backlog=False)
        case = self._revise(stands, case, "complained again")
        if stands.card:
            told_by = self._reply(case, item, mark, deed)
        elif alone:
            told_by = self._card(case, item, mark)
        else:
            told_by = self._backlog()
        return case.id, told_by

    def _copy(self, item: Judged, mark: str, original: Original) -> tuple[int, str]:
        """Somebody else says the same: it counts in that case, and the message that tells of it tells of both.

        A copy that is recent makes the case of an old original one to be told by itself. What is graver in it is told
        in the thread."""
        stands = self.stands[original.case_id]
        case, severity, reasons = stands.case, item.verdict.severity or Severity.LOW, item.verdict.reasons
        worse = graver(case, severity, reasons)
        if severity.rank > case.severity.rank:
            case = replace(case, severity=severity, reasons=with_grave(reasons, case.reasons))
        else:
            case = replace(case, reasons=with_grave(case.reasons, reasons))
        alone = not stands.card and self.telling.one_by_one(item.mention, self.now)
        case = self._revise(stands, replace(case, backlog=case.backlog and not alone), "copied")
        if not alone:
            self._redraw(case, item)
            if worse and stands.card:
                return case.id, self._reply(case, item, mark, "copied")
            return case.id, stands.card or original.told_by
        return case.id, self._card(case, item, mark)

    def _follow(self, item: Judged, mark: str, stands: Standing) -> tuple[int, str | None]:
        """Not a complaint, but the customer speaks: whoever works the case must see it, unless it is old."""
        case = self._revise(stands, stands.case, "wrote again")
        if not stands.card or not self.telling.one_by_one(item.mention, self.now):
            return case.id, None
        return case.id, self._reply(case, item, mark, "wrote again")

    def _regress(self, stands: Standing) -> Standing:
        back = came_back(stands.case, self.now)
        case = self._revise(stands, back, REGRESS, before=stands.case.state)
        self.theirs[case.customer] = case.id
        known = self.histories.get(case.customer, NO_HISTORY)
        self.histories[case.customer] = replace(known, regressed=True)
        return self.stands[case.id]

    def _reopen(self, item: Judged, mark: str, known: int, ended: Standing, *, counted: bool) -> None:
        """A case that was given up, before its post was edited into this: its thread is old, so a new card tells."""
        item = self._remember(item, counted=counted)
        case = self._worsen(came_back(ended.case, self.now), item)
        case = self._revise(ended, case, "reopened")
        card = self._card(case, item, self._again(mark))
        self.theirs[case.customer] = case.id
        hashes = item.sketch.hashes if item.sketch is not None else ()
        self.plan.entries.append(Entry(item.mention, item.verdict, mark, case.id, card, known, hashes=hashes))

    def _worsen(self, case: Case, item: Judged) -> Case:
        """The worst that was said stands for the case, of equals the newest; what is known of before with either, and
        what must be seen of both."""
        severity, reasons = item.verdict.severity or Severity.LOW, item.verdict.reasons
        if severity.rank >= case.severity.rank:
            reasons = with_grave(reasons, case.reasons)
            return replace(case, severity=severity, reasons=reasons, url=item.mention.url or case.url)
        return replace(case, reasons=with_grave(retold(case.reasons, reasons), reasons))
