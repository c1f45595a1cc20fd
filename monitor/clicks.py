"""What a person does at the desk becomes a move of a case, or the form for one, and each gets an answer.

Nobody is left without one: who was faster, what the case does not allow, whose card this is not.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from monitor.core.asking import Reply
from monitor.core.cases import Action
from monitor.core.clock import spoken
from monitor.core.compose import channel_of
from monitor.core.desk_card import desk_card, redraw
from monitor.core.errors import CaseError, Conflict
from monitor.core.forms import AT_ONCE, DRAFT, FORMS, OF_A_PROMISE, Filled, Unfit, filled
from monitor.core.gestures import (
    SEVERED,
    Answer,
    Commanded,
    Gesture,
    HomeOpened,
    Nothing,
    Opened,
    Pressed,
    Refused,
    Replied,
    Severed,
    Spot,
    Submitted,
    Told,
    Turned,
)
from monitor.core.message import OutboxState, Receipt
from monitor.core.model import Case
from monitor.core.moves import MACHINES
from monitor.core.policy import Ladder
from monitor.core.ports import Store
from monitor.core.store import Transaction
from monitor.core.story import headline
from monitor.forming import Forming
from monitor.homes import Homes
from monitor.recover import LADDER, click_key, move
from monitor.troubles import PROBE

log = structlog.get_logger(__name__)

ALWAYS_TRUE = frozenset({Action.NOTE})
"""What may be said of a case however it stands by now."""

NOT_OURS = (
    "This card belongs to a case that is not in this database: it may be of another installation, or of a database "
    "that was replaced. Nothing was changed."
)
NOT_ALLOWED = (
    "You are not among those who may work on cases here, so nothing was changed. Whoever looks after Complaint "
    "Monitor can add you."
)


class Clicks:
    """The answering side of a desk, safe to call in several threads. Raises StoreError when the database fails."""

    def __init__(
        self,
        store: Store,
        business: str,
        destinations: Sequence[str],
        *,
        now: Callable[[], datetime],
        forming: Forming,
        ladder: Ladder = LADDER,
        people: Collection[str] = (),
        homes: Homes | None = None,
        asked: Callable[[str, str], Reply] | None = None,
    ) -> None:
        self.store = store
        self.business = business
        self.destinations = destinations
        """Which are in trouble when the desk does not know us any more."""
        self.now = now
        self.ladder = ladder
        """Who is called when a person escalates."""
        self.people = frozenset(people)
        """Who may work here; empty: everybody."""
        self._homes = homes
        self._asked = asked
        """What is replied to a text, and who typed it."""
        self._forming = forming

    def __call__(self, gesture: Gesture) -> Answer:
        if isinstance(gesture, Severed):
            return self._severed(gesture)
        if self.people and gesture.person not in self.people:
            return Refused({"": NOT_ALLOWED}) if isinstance(gesture, Submitted) else Told(NOT_ALLOWED)
        match gesture:
            case Pressed():
                return self._seen_at_home(gesture, self._pressed(gesture))
            case Submitted():
                return self._seen_at_home(gesture, self._submitted(gesture))
            case Commanded(person=person, text=text):
                return (
                    Replied(self._asked(text, person)) if self._asked else Told("No command is known here.")
                )
            case HomeOpened(person=person):
                if self._homes is not None:
                    self._homes.opened(person)
            case Turned(person=person, pages=pages):
                if self._homes is not None:
                    self._homes.pressed(person, pages)
        return Nothing()

    def _seen_at_home(self, gesture: Pressed | Submitted, answer: Answer) -> Answer:
        """What was done from no card was done at Home, and whoever did it looks there."""
        if self._homes is not None and not gesture.spot.channel and not isinstance(answer, Opened | Refused):
            self._homes.pressed(gesture.person)
        return answer

    # ── a press ──────────────────────────────────────────────────────────────────────────────────────────

    def _pressed(self, pressed: Pressed) -> Answer:
        case = self._found(pressed)
        if case is None:
            return Told(NOT_OURS)
        name = pressed.move.removesuffix("_modal")
        if name in AT_ONCE or (name in OF_A_PROMISE and self._standing(case.id) < 2):
            return self._done(pressed, Action(name))
        if name in FORMS:
            stale = case.revision != pressed.revision and name in set(Action)
            notice = self._meanwhile(pressed) if stale else ""
            return Opened(self._forming.form(name, case.id, pressed.spot, notice))
        return Told("This button is of an older version. The card is drawn anew; use that one.")

    def _done(self, pressed: Pressed, action: Action) -> Answer:
        try:
            self._move(pressed, action, Filled())
        except Conflict as fault:
            return self._outrun(pressed, action, fault)
        except CaseError as fault:
            self._redraw(pressed.case_id)
            return Told(_sentence(fault))
        return Nothing()

    def _outrun(self, pressed: Pressed, action: Action, fault: Conflict) -> Answer:
        """Who asks twice for the same has it already, and is told nothing."""
        self._redraw(pressed.case_id)
        with self.store.read() as tx:
            last = tx.events(pressed.case_id)[-1]
        if (last.actor, last.action) == (pressed.person, action.value):
            return Nothing()
        return Told(self._faster(pressed, fault))

    # ── a form ───────────────────────────────────────────────────────────────────────────────────────────

    def _submitted(self, submitted: Submitted) -> Answer:
        if self._found(submitted) is None:
            return Refused({"": NOT_OURS})
        if submitted.move == DRAFT:
            return self._drafted(submitted)
        if submitted.move not in set(Action):
            return Refused({"": "This form is of an older version: close it, and press the button again."})
        action = Action(submitted.move)
        try:
            self._move(submitted, action, filled(action, submitted.values, self.now()))
        except Unfit as unfit:
            return Refused(unfit.errors)
        except Conflict as fault:
            self._redraw(submitted.case_id)
            told = self._faster(submitted, fault)
            if not self._stale(submitted):
                return Refused({"": told})
            # what they wrote stays before them, to be sent once more or not
            return Opened(self._forming.form(submitted.move, submitted.case_id, submitted.spot, told))
        except CaseError as fault:
            return Refused({"": _sentence(fault)})
        return Nothing()

    def _move(self, gesture: Pressed | Submitted, action: Action, told: Filled) -> None:
        move(
            self.store,
            gesture.case_id,
            action,
            gesture.person,
            self.now(),
            note=told.note,
            revision=None if action in ALWAYS_TRUE else gesture.revision,
            key=click_key(gesture.case_id, action, gesture.person, gesture.at),
            details=told.details,
            not_a_complaint=told.erred,
            ladder=self.ladder,
        )

    def _drafted(self, submitted: Submitted) -> Answer:
        """Looked through once, and then kept as a note: nothing is sent, and nothing is held back."""
        text = str(submitted.values.get("text", ""))
        if not submitted.values.get("checked"):
            findings = self._forming.findings(submitted.case_id, text)
            if findings:
                return Opened(self._forming.checked(submitted.case_id, submitted.spot, text, findings))
        kept = {"note": f"Draft of a reply: {text}"}
        return self._submitted(replace(submitted, move=Action.NOTE.value, values=kept))

    # ── the case and its card ────────────────────────────────────────────────────────────────────────────

    def _found(self, gesture: Pressed | Submitted) -> Case | None:
        """The case, if the card is one of ours; with it, the card that we had lost sight of."""
        with self.store.read() as tx:
            case = tx.case(gesture.case_id)
            if case is None or case.business != self.business or gesture.revision > case.revision:
                return None
            spot = gesture.spot
            row = tx.outgoing(spot.delivery) if spot.delivery else None
            if spot.delivery and (row is None or row.case_id not in (None, case.id)):
                return None
            card = desk_card(tx, case.id)
        if spot.ref and card is not None and card.receipt is None:
            with self.store.write() as tx:
                _regained(tx, case, spot, self.now())
        return case

    def _standing(self, case_id: int) -> int:
        with self.store.read() as tx:
            return sum(promise.outcome is None for promise in tx.promises(case_id))

    def _redraw(self, case_id: int) -> None:
        with self.store.write() as tx:
            case = tx.case(case_id)
            if case is not None:
                redraw(tx, case, self.now(), hurried=True)

    def _stale(self, gesture: Pressed | Submitted) -> bool:
        with self.store.read() as tx:
            case = tx.case(gesture.case_id)
        return case is not None and case.revision != gesture.revision

    def _faster(self, gesture: Pressed | Submitted, fault: Conflict) -> str:
        return self._meanwhile(gesture) if self._stale(gesture) else _sentence(fault)

    def _meanwhile(self, gesture: Pressed | Submitted) -> str:
        """Who did what since the person looked, and how the case stands now."""
        with self.store.read() as tx:
            case, events = tx.case(gesture.case_id), tx.events(gesture.case_id)
        assert case is not None, "it was found before, and cases are never deleted"
        last = events[-1]
        stands = f"Case {case.id} is {case.state} now" + (
            f", and {case.owner} has it." if case.owner else "."
        )
        ago = f"{spoken(self.now() - last.at)} ago"
        if last.action not in set(Action):
            return f"The customer {last.action} meanwhile, {ago}. {stands} Look at it again."
        if last.actor in MACHINES:
            return f"{headline(last.action, last.actor, last.data or {})}, {ago}. {stands}"
        done = headline(last.action, "", last.data or {})
        if last.actor == gesture.person:
            return f"You were here before: you {done}, {ago}. {stands}"
        return f"{last.actor} was faster: {done}, {ago}. {stands}"

    def _severed(self, severed: Severed) -> Answer:
        now = self.now()
        with self.store.write() as tx:
            for destination in self.destinations:
                tx.trouble(destination, f"{SEVERED}{severed.code}", severed.words, now, now + PROBE)
        log.error("a person must act: messages wait until then", code=severed.code, why=severed.words)
        return Nothing()


def _regained(tx: Transaction, case: Case, spot: Spot, now: datetime) -> None:
    """Somebody pressed a card of which we did not know that it had arrived: now we do."""
    tx.lapse(now)
    card = desk_card(tx, case.id)
    if card is None or card.receipt is not None:
        return
    if card.id != spot.delivery if spot.delivery else channel_of(card.destination) != spot.channel:
        return
    lease = uuid.uuid4().hex
    if card.state is OutboxState.UNKNOWN:
        mine = tx.claim_look(card.id, lease, now, now + PROBE)
    elif card.state is OutboxState.PENDING and (card.attempts or spot.delivery):
        mine = tx.claim(card.id, lease, now, now + PROBE)
    else:
        mine = None
    if mine is not None:
        tx.settle(card.id, lease, OutboxState.SENT, receipt=Receipt(spot.channel, spot.ref, now))
        redraw(tx, case, now, hurried=True)
        log.info("a card that was lost is found again by a click", case=case.id, delivery=card.id)


def _sentence(fault: Exception) -> str:
    told = str(fault)
    return told[:1].upper() + told[1:]
