"""What would have alerted under another judge: the stored history once more, as a diff of cases.

    each post, oldest first, with both verdicts
        -> the case it is in, would join, or would open   (as `monitor.core.ingest` decides, one customer one case)
        -> that case as it was, beside the case as it would have been
    at the end: more, fewer, and those that would be another (`monitor.core.replay_diff`)

Where both judges agree, a post stays in the case it is in: the same judge finds no difference. A case that would have
been opened stays open here, as nobody worked on it, until its customer's next real one: then the two are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from monitor.core.copies import Copies, Original
from monitor.core.ingest import customer_of
from monitor.core.intents import CLOCK_SKEW, Judged
from monitor.core.labels import DESK, Label
from monitor.core.model import Case, Mention, Severity, State, Verdict
from monitor.core.replay_cases import Customer, Posts, Side, Terms, Unit
from monitor.core.rereading import Reread
from monitor.core.routing import Routing
from monitor.core.severity import NO_HISTORY, History, Weighed, history_told, remembering
from monitor.core.signs import since_the_end
from monitor.core.sketch import REMEMBERED, sketch_of
from monitor.core.suppress import holding, must_be_seen


@dataclass(slots=True)
class _Said:
    """How often a customer complained up to now, in each world."""

    before: int = 0
    after: int = 0
    since: datetime | None = None


class Replay:
    """Takes the posts of a span, oldest first, and keeps one small record a case. Touches nothing."""

    def __init__(self, terms: Terms, since: datetime) -> None:
        self.terms = terms
        self.since = since
        self.posts = Posts()
        self._stored: dict[int, Unit] = {}
        self._open: dict[Customer, Unit] = {}
        """Those that only the new judge would have opened, by customer."""
        self._made: dict[int, Unit] = {}
        """The same by `made`, and where they became one with a real one, that: so copies find them."""
        self._said: dict[Customer, _Said] = {}
        self._copies = self._older = Copies({}, terms.same)
        """What copies are found by: of a month, and of the one before it."""
        self._month = since

    @property
    def units(self) -> Iterator[Unit]:
        yield from self._stored.values()
        yield from self._open.values()

    @staticmethod
    def asks(post: Reread, thought: Verdict | None) -> bool:
        """Does it depend on the cases of its customer where this post goes?"""
        return thought is not None and thought.is_complaint and (post.case is None or not _own(post))

    def take(self, post: Reread, thought: Verdict | None, past: Sequence[Case] = ()) -> None:
        """The next post, what the new judge thinks (None: its words are gone) and, if `asks`, its customer's cases."""
        was = post.heard.verdict
        self.posts.read += 1
        self.posts.judges[was.version] += 1
        was_seen = was.is_complaint and was.version != DESK
        if thought is None:
            self.posts.gone += 1
        else:
            self._compare(post, was_seen, thought.is_complaint)
        found = was if thought is None else thought
        alerted = post.case is not None and was_seen
        complains = alerted if thought is None else thought.is_complaint
        unit = self._unit(post, found if complains else None)
        place = self._place(post, found, unit, past) if complains else None
        if unit is not None and alerted:
            unit.before = _added(unit.before, post, was, was.severity, self.terms.then)
        if place is not None:
            loud = unit.loud if unit is not None and alerted else self._loud(post)
            place.would_be_loud = place.would_be_loud or loud
            past_of = self._past(post, was if alerted else None, place)
            severity, _ = remembering(Weighed(found.severity or Severity.LOW, ()), past_of)
            if alerted and thought is None:
                severity = was.severity or Severity.LOW
            place.after = _added(place.after, post, found, severity, self.terms.now, past_of)
        self._count(post.heard.mention, alerted, place is not None)

    # ── where a complaint goes ───────────────────────────────────────────────────────────────────────────

    def _unit(self, post: Reread, thought: Verdict | None) -> Unit | None:
        """The case the post is in, and if it is a new one, together with what the new judge had opened before it."""
        case = post.case
        if case is None:
            return None
        unit = self._stored.get(case.id)
        if unit is None:
            unit = self._stored[case.id] = self._of(case)
            twin = self._open.get((case.source, case.customer))
            if twin is None and thought is not None:
                twin = self._copied(post, thought, invented=True)
            if twin is not None and not unit.older:
                self._merge(twin, unit)
        unit.by_hand = unit.by_hand or post.heard.verdict.version == DESK
        unit.word = _word(post, unit.word)
        return unit

    def _of(self, case: Case) -> Unit:
        return Unit(case.id, older=case.opened < self.since, ended=case.closed, loud=not case.backlog)

    def _merge(self, twin: Unit, unit: Unit) -> None:
        unit.after, unit.again, unit.would_be_loud = twin.after, twin.again, twin.would_be_loud
        del self._open[twin.customer]
        self._made[twin.made] = unit

    def _place(self, post: Reread, thought: Verdict, unit: Unit | None, past: Sequence[Case]) -> Unit | None:
        """The case this complaint is in in the new world; None: a rule holds it back."""
        mention, was = post.heard.mention, post.heard.verdict
        own = _own(post)
        if unit is not None:
            opened_it = was.is_complaint and was.version != DESK and unit.before is None
            if unit.after is not None or unit.older or opened_it:
                if own and post.case is not None:  # what is in the case of somebody else is itself a copy
                    self._remember(post, post.case.id)
                return unit
        who, at = (mention.source, customer_of(mention)), post.heard.first_seen
        if (mine := self._open.get(who)) is not None and not (own and unit is not None):
            return mine
        if unit is not None:
            # nobody is repeated any more: a copy goes where its own customer's complaints go
            theirs = None if own else next((case for case in past if _stood(case, at)), None)
            if theirs is not None:
                return self._stored.setdefault(theirs.id, self._of(theirs))
            if self._ruled(post, thought):
                self.posts.held += 1
                return None
            return unit
        # had a case of the customer stood, the post would be in it
        ended = [case for case in past if case.closed is not None and case.closed <= at]
        back = ended[-1] if ended and ended[-1].state is State.RECOVERED else None
        if back is None or not since_the_end(mention, back):
            back = None
            if self._ruled(post, thought) or (was.is_complaint and not must_be_seen(thought)):
                self.posts.held += 1
                return None
            if (copied := self._copied(post, thought)) is not None:
                return copied
        made = -len(self._made) - 1
        unit = Unit(made=made, customer=who, again=back.id if back else None, word=_word(post, None))
        self._open[who] = self._made[made] = unit
        self._remember(post, made)
        return unit

    def _ruled(self, post: Reread, thought: Verdict) -> bool:
        return holding(self.terms.rules, post.heard.feed, post.heard.mention, thought) is not None

    def _copied(self, post: Reread, thought: Verdict, *, invented: bool = False) -> Unit | None:
        """The case of somebody who said nearly the same within a month. `invented`: one that nobody really has."""
        heard = post.heard
        judged = Judged(heard.mention, thought, sketch=sketch_of(heard.mention))
        least = (thought.severity or Severity.LOW).rank if must_be_seen(thought) else -1
        found = (self._copies,) if self._older is self._copies else (self._copies, self._older)
        for original in chain.from_iterable(one.originals(judged, None) for one in found):
            unit = self._made.get(original.case_id) or self._stored.get(original.case_id)
            if unit is None or unit.after is None or (invented and unit.case_id is not None):
                continue
            stood = unit.ended is None or unit.ended > heard.first_seen
            recent = heard.first_seen - unit.after.latest <= REMEMBERED
            if stood and recent and unit.after.severity.rank >= least:
                return unit
        return None

    def _remember(self, post: Reread, number: int) -> None:
        """From now on others may repeat it."""
        at = post.heard.first_seen
        if at - self._month > REMEMBERED:
            self._older, self._copies, self._month = self._copies, Copies({}, self.terms.same), at
        sketch = sketch_of(post.heard.mention)
        if sketch is not None:
            self._copies.add(sketch, Original(number, ""))

    # ── what a case is made of ───────────────────────────────────────────────────────────────────────────

    def _past(self, post: Reread, was: Verdict | None, place: Unit) -> History:
        """What the customer had said before, in the new world. `was`: the stored verdict, if it alerted."""
        mention = post.heard.mention
        said = self._said.get((mention.source, mention.author.key or ""), _Said())
        if was is None:
            return History(said.after, said.since or mention.published, place.again is not None)
        told = history_told(was.reasons)
        known = told.complaints or min(said.before, 1)
        ahead = said.after - said.before
        return History(max(0, known + ahead), told.since or said.since, told.regressed)

    def _count(self, mention: Mention, before: bool, after: bool) -> None:
        if mention.author.key is None or not (before or after):
            return
        said = self._said.setdefault((mention.source, mention.author.key), _Said(since=mention.published))
        said.before += before
        said.after += after

    def _loud(self, post: Reread) -> bool:
        """Would it have been told by itself? Older posts of a first reading are summed up."""
        heard, said = post.heard, post.heard.mention.published
        if not self.terms.first_reading(heard.feed, heard.first_seen):
            return True
        return (
            said is not None and heard.first_seen - self.terms.window <= said <= heard.first_seen + CLOCK_SKEW
        )

    def _compare(self, post: Reread, then: bool, now: bool) -> None:
        posts = self.posts
        posts.more += now and not then
        posts.fewer += then and not now
        said = _judged_by_people(post)
        if said is None:
            return
        right = said is Label.COMPLAINT
        posts.judged += 1
        posts.right_then += then is right
        posts.right_now += now is right
        if now is not right:
            (posts.unseen if right else posts.disagreed).append(post.heard.id)


def _stood(case: Case, at: datetime) -> bool:
    return case.opened <= at and (case.closed is None or case.closed > at)


def _own(post: Reread) -> bool:
    """Is it in no case, or in that of its own customer, and not in that of somebody whom it repeats?"""
    case, mention = post.case, post.heard.mention
    return case is None or (case.source, case.customer) == (mention.source, customer_of(mention))


def _added(
    side: Side | None,
    post: Reread,
    verdict: Verdict,
    severity: Severity | None,
    routing: Routing,
    past: History = NO_HISTORY,
) -> Side:
    """The case with one more complaint."""
    heard, severity = post.heard, severity or Severity.LOW
    broken = verdict.expectations[0].signal if verdict.expectations else None
    if side is None:
        place = routing.destination(heard.mention, verdict, severity)
        at = heard.first_seen
        return Side(at, heard.id, heard.id, severity, broken, place, past, at, post.blanked)
    side.complaints += 1
    side.latest = heard.first_seen
    if severity.rank > side.severity.rank:
        side.lead, side.severity, side.expectation = heard.id, severity, broken
        side.past, side.gone = past, post.blanked
    return side


def _word(post: Reread, before: Label | None) -> Label | None:
    """What people take the case for, with what they had said of another post of it: a complaint outweighs."""
    said = _judged_by_people(post)
    return Label.COMPLAINT if Label.COMPLAINT in (said, before) else said if said is not None else before


def _judged_by_people(post: Reread) -> Label | None:
    """By a label; or a complaint whose case they worked as one."""
    case = post.case
    if post.label is not None or case is None or not post.heard.verdict.is_complaint:
        return post.label
    contacted = case.state is State.CONTACTED and case.owner is not None
    return Label.COMPLAINT if contacted or case.state in (State.RECOVERED, State.LOST) else None
