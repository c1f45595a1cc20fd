"""Emptying the outbox: order, pace, doubt, refusals and storms, with a clock that is set by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from fakes import ACME, BAD, LOVELY, NOW, WORSE, Clock, Inbox, Stop, judge, lost_answer, said
from structlog.testing import capture_logs

from monitor.collect.ingest import Ingest, Reading
from monitor.core.cases import Action
from monitor.core.errors import DeliveryError, Outcome, Remedy
from monitor.core.intents import Alert, Outgoing
from monitor.core.message import Card, Kind, OutboxState, Queued, Roster, Storm
from monitor.core.model import Mention, State
from monitor.core.store import Transaction
from monitor.deliver import Delivered, Deliverer
from monitor.pace import Pace
from monitor.recover import move
from storage.engine import open_store
from storage.store import SqlStore

S, M = timedelta(seconds=1), timedelta(minutes=1)
WHERE = "slack:C1"
LEASE = M


class Counting:
    """A store that counts how often it is asked: whoever spins, asks without end."""

    def __init__(self, store: SqlStore) -> None:
        self.store, self.asked = store, 0

    def write(self) -> AbstractContextManager[Transaction]:
        self.asked += 1
        return self.store.write()

    def read(self) -> AbstractContextManager[Transaction]:
        self.asked += 1
        return self.store.read()

    def close(self) -> None:
        self.store.close()


class Post:
    """A post office: an outbox, a receiver, and the clock they share."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.clock = Clock()
        self.inbox = Inbox(self.clock)
        self.stop = Stop(self.clock)
        self.pace = Pace(post=S, update=S)
        self.destinations: tuple[str, ...] = (WHERE,)

    def deliverer(self, store: object = None) -> Deliverer:
        return Deliverer(
            store or self.store,  # type: ignore[arg-type]
            {"slack": self.inbox},
            self.destinations,
            now=self.clock,
            lease=LEASE,
            paces={"slack": self.pace},
            stop=self.stop,
            business=ACME,
        )

    def drain(self, wait: timedelta = 10 * S) -> Delivered:
        return self.deliverer().drain(wait)

    def hear(self, *mentions: Mention, alert: Alert = Alert.ALL, where: str = WHERE) -> None:
        ingest = Ingest(self.store, judge, ACME, 0.5, timedelta(days=1), where)
        with self.store.write() as tx:
            telling = ingest.telling(tx, "news", "run", alert, self.clock())
            ingest.store_judged(tx, ingest.judged(mentions), telling, self.clock(), Reading("news"))

    def crowd(self, count: int, text: str = BAD) -> None:
        self.hear(*(said(f"post-{n:03}", text, by=f"p{n:03}", ago=(count - n) * M) for n in range(count)))

    def rows(self) -> list[Queued]:
        with self.store.read() as tx:
            cases = [case.id for case in tx.cases()]
            cards = [tx.card_of(case_id, "slack") for case_id in cases]
            return [card for card in cards if card]

    def states(self) -> dict[str, int]:
        with self.store.read() as tx:
            return tx.counts()[3]


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    store = open_store("sqlite:///monitor.db", settings_dir=tmp_path)
    yield Post(store)
    store.close()


def refused(remedy: Remedy, code: str = "no", **more: object) -> DeliveryError:
    return DeliveryError(f"refused: {code}", outcome=Outcome.REFUSED, remedy=remedy, code=code, **more)  # type: ignore[arg-type]


def not_sent(**more: object) -> DeliveryError:
    return DeliveryError("not sent", outcome=Outcome.NOT_SENT, **more)  # type: ignore[arg-type]


# ── order and pace ───────────────────────────────────────────────────────────────────────────────────────


def test_what_is_queued_arrives_once_and_a_second_drain_sends_nothing(post: Post) -> None:
    post.crowd(3)
    assert post.drain().sent == 3
    assert post.drain().sent == 0
    assert post.states() == {"sent": 3}


def test_the_worst_goes_first_and_then_the_oldest(post: Post) -> None:
    post.hear(said("1", by="a", ago=M), said("2", by="b", ago=3 * M), said("3", WORSE, by="c", ago=2 * M))
    post.drain()
    shown = [message.content for message in post.inbox.arrived]
    assert [card.quoted.mention.native_id for card in shown if isinstance(card, Card)] == ["3", "2", "1"]


def test_posts_keep_their_distance(post: Post) -> None:
    post.crowd(4)
    moments: list[datetime] = []
    send = post.inbox.send

    def noting(message, previous):  # type: ignore[no-untyped-def]
        moments.append(post.clock())
        return send(message, previous)

    post.inbox.send = noting  # type: ignore[method-assign]
    post.drain()
    gaps = [after - before for before, after in pairwise(moments)]
    assert len(gaps) == 3
    assert all(gap >= S for gap in gaps)


def test_without_time_to_wait_only_what_may_go_now_goes(post: Post) -> None:
    post.crowd(4)
    assert post.drain(wait=timedelta(0)).sent == 1
    assert post.stop.waits == []


def test_two_senders_keep_one_pace_and_send_each_once(post: Post) -> None:
    post.crowd(4)
    first, second = post.deliverer(), post.deliverer()
    for _ in range(8):
        first.drain()
        second.drain(timedelta(0))
        post.clock.pass_(S)
    assert len(post.inbox.arrived) == 4
    assert len({message.delivery_id for message in post.inbox.arrived}) == 4


def test_a_stopped_service_sends_nothing_more(post: Post) -> None:
    post.crowd(2)
    post.stop.set()
    assert post.drain().sent == 0


# ── cards, replies and redrawings ────────────────────────────────────────────────────────────────────────


def test_replies_hang_under_their_card_in_the_order_of_time(post: Post) -> None:
    post.hear(said("1", ago=3 * M), said("2", WORSE, ago=2 * M), said("3", LOVELY, ago=M))
    post.drain()
    assert post.inbox.kinds == [Kind.CARD, Kind.REPLY, Kind.REPLY]
    card, *replies = post.inbox.arrived
    assert {reply.thread.ref for reply in replies if reply.thread} == {"1"}
    assert card.thread is None
    assert [reply.content.quote for reply in replies] == [WORSE, LOVELY]  # type: ignore[union-attr]


def test_many_changes_are_one_redrawing_that_shows_the_newest(post: Post) -> None:
    post.hear(said("1"))
    post.drain()
    post.hear(said("2", ago=M))
    move(post.store, 1, Action.CLAIM, "ann", post.clock())
    move(post.store, 1, Action.CONTACT, "ann", post.clock())
    post.drain()
    (shown,) = [message.content for message in post.inbox.redrawn]
    assert isinstance(shown, Card)
    assert (shown.case.state, shown.case.revision, len(shown.mentions)) == (State.CONTACTED, 4, 2)


def test_what_is_shown_already_is_not_drawn_again(post: Post) -> None:
    post.hear(said("1"))
    post.hear(said("2", ago=M))
    assert post.states() == {"pending": 3}
    post.drain()
    assert post.inbox.kinds == [Kind.CARD, Kind.REPLY]
    assert post.inbox.redrawn == [], "the card was drawn with the newest state"
    assert post.states() == {"sent": 3}


def test_when_its_card_failed_a_redrawing_is_done_with(post: Post) -> None:
    post.hear(said("1"))
    move(post.store, 1, Action.CLAIM, "ann", post.clock())
    post.inbox.fail(refused(Remedy.NOBODY))
    assert post.drain().failed == ["refused: no"]
    assert post.inbox.redrawn == []
    assert post.states() == {"failed": 1, "sent": 2}


# ── messages of unknown fate ─────────────────────────────────────────────────────────────────────────────


def test_a_message_that_arrived_although_the_answer_was_lost_is_not_repeated(post: Post) -> None:
    post.hear(said("1"))
    post.inbox.fail(lost_answer(), arrives=True)
    result = post.drain()
    assert (len(post.inbox.arrived), post.inbox.looks) == (1, 1)
    assert (result.sent, post.states()) == (1, {"sent": 1})
    (card,) = post.rows()
    assert card.receipt is not None
    assert card.receipt.ref == "1"


def test_a_look_that_finds_no_card_has_it_posted_anew_before_the_answer_below_it(post: Post) -> None:
    post.hear(said("1"))
    post.drain()
    post.hear(said("2", BAD + " Again."))
    post.inbox.faults.extend([None, (lost_answer(), False)])
    post.inbox.blind.append(refused(Remedy.NOBODY, "thread_not_found", gone=True))
    post.drain()
    assert post.inbox.kinds == [Kind.CARD, Kind.CARD, Kind.REPLY]
    root = post.inbox.arrived[-1].thread
    assert root is not None
    assert root.ref == "2"
    assert post.inbox.looks == 1
    assert post.states() == {"sent": 3}


def test_a_message_that_did_not_arrive_is_looked_for_three_times_and_then_repeated(post: Post) -> None:
    post.hear(said("1"))
    post.inbox.fail(lost_answer())
    result = post.drain(wait=M)
    assert (len(post.inbox.arrived), post.inbox.looks) == (1, 3)
    assert result.sent == 1
    assert post.clock() - NOW >= 30 * S, "until then it might still have become visible"
    (card,) = post.inbox.arrived
    assert isinstance(card.content, Card)
    assert card.content.repeat, "it says that it may be a repeat"


def test_a_bug_in_the_notifier_is_a_doubt_like_any_other(post: Post) -> None:
    post.hear(said("1"))
    post.inbox.fail(KeyError("ts"), arrives=True)
    post.drain(wait=M)
    assert (len(post.inbox.arrived), post.states()) == (1, {"sent": 1})


@pytest.mark.parametrize("blindness", [not_sent(), not_sent(retry_after=20 * S), KeyError("a bug")])
def test_a_look_that_failed_says_nothing(post: Post, blindness: Exception) -> None:
    post.hear(said("1"))
    post.inbox.fail(lost_answer(), arrives=True)
    post.inbox.blind.extend([blindness] * 4)
    post.drain(wait=M)
    assert (len(post.inbox.arrived), post.inbox.looks, post.states()) == (1, 5, {"sent": 1})


def test_a_sender_that_died_in_the_middle_leaves_a_question_that_is_answered(post: Post) -> None:
    post.crowd(2)
    with post.store.write() as tx:
        first, second = tx.ready(post.clock(), [WHERE])
        for row in (first, second):
            assert tx.claim(row.id, "dead", post.clock(), post.clock() + LEASE)
    from monitor.core.compose import compose

    with post.store.read() as tx:
        post.inbox.send(compose(tx, first, NOW, "UTC")[0], None)
    assert post.drain(wait=timedelta(0)).sent == 0, "a live lease is no doubt"
    post.clock.pass_(LEASE)
    post.drain()
    assert Counter(message.delivery_id for message in post.inbox.arrived) == {first.id: 1, second.id: 1}
    assert post.states() == {"sent": 2}


def test_a_redrawing_of_unknown_fate_is_simply_done_again(post: Post) -> None:
    post.hear(said("1"))
    post.drain()
    move(post.store, 1, Action.CLAIM, "ann", post.clock())
    post.inbox.faults.extend([(lost_answer(), True), None])
    post.drain(wait=M)
    assert (len(post.inbox.redrawn), post.inbox.looks) == (2, 0)
    assert post.states() == {"sent": 3}


def test_a_sender_held_up_beyond_half_its_lease_does_not_send(post: Post) -> None:
    post.hear(said("1"))
    deliverer = post.deliverer()
    claim = deliverer._claim

    def slow(*told):  # type: ignore[no-untyped-def]
        claimed = claim(*told)
        post.clock.pass_(LEASE * 0.6)
        return claimed

    deliverer._claim = slow  # type: ignore[method-assign]
    deliverer.drain(timedelta(0))
    assert post.inbox.calls == []
    assert post.states() == {"sending": 1}


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────


def test_when_asked_to_slow_down_nobody_posts_before_the_time(post: Post) -> None:
    post.crowd(2)
    post.inbox.fail(not_sent(retry_after=25 * S))
    assert post.drain(wait=10 * S).sent == 0
    assert len(post.inbox.calls) == 1, "the other card waits too"
    assert post.drain(wait=30 * S).sent == 2
    assert post.clock() - NOW >= 25 * S


def test_a_plain_failure_is_tried_again_later_and_later(post: Post) -> None:
    post.hear(said("1"))
    for _ in range(4):
        post.inbox.fail(not_sent())
    post.drain(wait=M)
    assert len(post.inbox.calls) == 5
    assert post.clock() - NOW >= (2 + 4 + 8 + 16) * S


def test_what_nobody_can_mend_fails_and_holds_up_nobody(post: Post) -> None:
    post.crowd(2)
    post.inbox.fail(refused(Remedy.NOBODY, "too_long"))
    result = post.drain()
    assert (result.failed, result.sent) == (["refused: too_long"], 1)
    assert post.states() == {"failed": 1, "sent": 1}
    assert post.drain().failed == []


def test_what_a_person_must_mend_is_told_once_and_tried_once_a_minute(post: Post) -> None:
    post.crowd(3)
    post.inbox.always = refused(Remedy.PERSON, "invalid_auth")
    deliverer = post.deliverer()
    assert deliverer.drain(wait=M / 2).troubles == ["refused: invalid_auth"]
    deliverer.drain(wait=600 * S)
    assert len(post.inbox.calls) == 1, "one row tries for all, and nobody waits for a person"
    post.clock.pass_(M)
    deliverer.drain(wait=600 * S)
    assert len(post.inbox.calls) == 2
    assert post.states() == {"pending": 3}
    post.inbox.always = None
    post.clock.pass_(M)
    result = deliverer.drain(10 * S)
    assert (result.sent, result.troubles) == (3, [])


def test_another_process_perhaps_with_a_new_token_tries_at_once(post: Post) -> None:
    post.hear(said("1"))
    post.inbox.always = refused(Remedy.PERSON)
    post.drain()
    post.inbox.always = None
    post.clock.pass_(S)
    assert post.drain(timedelta(0)).sent == 1


def test_a_trouble_is_over_when_a_look_finds_the_last_message(post: Post) -> None:
    """Nothing is left to send that could prove it, and a cron run must not fail for ever."""
    post.hear(said("1"))
    post.inbox.fail(lost_answer(), arrives=True)
    post.inbox.blind.append(refused(Remedy.PERSON, "invalid_auth"))
    post.drain(wait=timedelta(0))
    post.clock.pass_(3 * S)
    assert post.drain(wait=timedelta(0)).troubles == ["refused: invalid_auth"]
    post.clock.pass_(M)
    assert post.drain(wait=timedelta(0)).troubles == []
    assert post.states() == {"sent": 1}


def test_a_trouble_stays_one_while_a_message_waits(post: Post) -> None:
    post.hear(said("1"))
    post.inbox.always = refused(Remedy.PERSON, "is_archived")
    post.drain()
    post.inbox.always = None
    post.stop.set()
    assert post.drain().troubles == ["refused: is_archived"]


def test_a_receiver_out_of_reach_is_told_once_however_many_messages_wait(post: Post) -> None:
    post.crowd(3)
    post.inbox.always = not_sent()
    deliverer = post.deliverer()
    with capture_logs() as lines:
        assert deliverer.drain(wait=timedelta(0)).held == "not sent"
        post.clock.pass_(S)
        deliverer.drain(wait=timedelta(0))
        post.inbox.always = None
        post.clock.pass_(M)
        assert deliverer.drain(wait=10 * S).held == ""
        post.inbox.always = not_sent()
        post.clock.pass_(M)
        post.hear(said("more", by="somebody else"))
        deliverer.drain(wait=timedelta(0))
    told = [line["log_level"] for line in lines if line["event"] == "not delivered yet"]
    assert told == ["warning", "info", "warning"]


def test_a_card_that_was_deleted_goes_out_again_before_what_is_told_below_it(post: Post) -> None:
    post.hear(said("1"))
    post.drain()
    (card,) = post.rows()
    post.clock.pass_(M)
    post.hear(said("2", WORSE))
    post.inbox.fail(refused(Remedy.NOBODY, "message_not_found", gone=True))
    result = post.drain()
    assert (result.sent, result.failed) == (2, [])
    assert post.inbox.kinds == [Kind.CARD, Kind.CARD, Kind.REPLY]
    (again,) = post.rows()
    assert again.receipt is not None and again.receipt != card.receipt
    assert post.inbox.arrived[-1].thread == again.receipt
    assert post.inbox.redrawn == [], "the new card shows it as it is"
    assert set(post.states()) == {"sent"}


def test_the_card_of_a_case_that_is_over_does_not_come_back(post: Post) -> None:
    post.hear(said("1"))
    post.drain()
    post.clock.pass_(M)
    move(post.store, 1, Action.DISMISS, "ada", post.clock(), note="a poem")
    for _ in range(2):
        post.inbox.fail(refused(Remedy.NOBODY, "message_not_found", gone=True))
    assert len(post.drain().failed) == 2
    assert post.inbox.kinds == [Kind.CARD]


def test_one_destination_in_trouble_leaves_the_other_alone(post: Post) -> None:
    post.destinations = (WHERE, "slack:C2")
    post.hear(said("1", by="ann"))
    post.hear(said("2", by="bob"), where="slack:C2")
    send = post.inbox.send

    def picky(message, previous):  # type: ignore[no-untyped-def]
        if message.channel == "C1":
            raise refused(Remedy.PERSON)
        return send(message, previous)

    post.inbox.send = picky  # type: ignore[method-assign]
    assert post.drain().sent == 1
    assert [message.channel for message in post.inbox.arrived] == ["C2"]


# ── rows that cannot be drawn ────────────────────────────────────────────────────────────────────────────


def poison(post: Post) -> None:
    """A card about a case that is not there, worse and older than all others."""
    with post.store.write() as tx:
        tx.queue(Outgoing(WHERE, "digest:broken", Kind.DIGEST, ACME.key, data={"since": "?"}), post.clock())


def test_a_row_that_cannot_be_drawn_blocks_nobody_and_is_not_lost(post: Post) -> None:
    poison(post)
    post.crowd(2)
    assert post.drain().sent == 2
    assert post.states() == {"pending": 1, "sent": 2}


def test_a_doubtful_row_that_cannot_be_drawn_ends_no_service(post: Post) -> None:
    poison(post)
    with post.store.write() as tx:
        (row,) = tx.ready(post.clock(), [WHERE])
        tx.claim(row.id, "dead", post.clock(), post.clock() + LEASE)
    post.clock.pass_(LEASE)
    post.crowd(2)
    assert post.drain().sent == 2
    assert post.states() == {"unknown": 1, "sent": 2}


# ── ends, and never spins ────────────────────────────────────────────────────────────────────────────────


def held_back(post: Post, why: str) -> None:
    if why == "a roster waits for its storm":
        with post.store.write() as tx:
            data = {"storm": "nobody", "page": 1, "cases": []}
            tx.queue(Outgoing(WHERE, "lonely", Kind.ROSTER, ACME.key, data=data), post.clock())
    elif why == "cannot be drawn":
        poison(post)
    elif why == "its sender holds a lease":
        post.hear(said("1"))
        with post.store.write() as tx:
            (row,) = tx.ready(post.clock(), [WHERE])
            tx.claim(row.id, "other", post.clock(), post.clock() + LEASE)
    elif why == "asked to slow down":
        post.hear(said("1"))
        post.inbox.always = not_sent(retry_after=600 * S)
    elif why == "a person must act":
        post.hear(said("1"))
        post.inbox.always = refused(Remedy.PERSON)
    elif why == "a summary waits for its reading":
        post.hear(said("1", ago=timedelta(days=30)), alert=Alert.RECENT)
    elif why == "an earlier message of its case fails":
        post.hear(said("1"), said("2"))
        post.inbox.always = not_sent()
    else:
        raise AssertionError(why)


@pytest.mark.parametrize(
    "why",
    [
        "a roster waits for its storm",
        "cannot be drawn",
        "its sender holds a lease",
        "asked to slow down",
        "a person must act",
        "a summary waits for its reading",
        "an earlier message of its case fails",
    ],
)
def test_a_row_that_is_held_back_keeps_nobody_busy(post: Post, why: str) -> None:
    held_back(post, why)
    counting = Counting(post.store)
    deliverer = post.deliverer(counting)
    deliverer.drain(timedelta(0))
    first = counting.asked
    began = post.clock()
    for _ in range(20):
        deliverer.drain(5 * S)
        post.clock.pass_(S)
    passed = (post.clock() - began) / S
    assert first < 15
    assert counting.asked - first < 15 * (passed + 1), "it asks more often than once in a while"
    assert all(wait >= 0.01 for wait in post.stop.waits)
    assert len(post.stop.waits) <= passed + 1


def test_a_probe_that_is_past_is_no_reason_to_spin(post: Post) -> None:
    """First a person must act; then, at the probe, the receiver asks for an hour's patience."""
    post.hear(said("1"))
    deliverer = post.deliverer()
    post.inbox.fail(refused(Remedy.PERSON))
    deliverer.drain(timedelta(0))
    post.clock.pass_(M)
    post.inbox.fail(not_sent(retry_after=3600 * S))
    deliverer.drain(5 * S)
    assert len(post.stop.waits) <= 2
    assert len(post.inbox.calls) == 2


@pytest.mark.parametrize("fault", [not_sent(), refused(Remedy.WAIT), lost_answer()])
@pytest.mark.parametrize("wait", [30 * S, 3600 * S])
def test_a_receiver_that_takes_nothing_does_not_hold_a_cron_run_for_ever(
    post: Post, fault: DeliveryError, wait: timedelta
) -> None:
    post.hear(said("1"))
    post.inbox.always = fault
    assert post.drain(wait).sent == 0
    assert post.clock() - NOW <= wait + M


# ── storms ───────────────────────────────────────────────────────────────────────────────────────────────


def test_many_at_once_are_one_summary_with_every_customer_in_its_thread(post: Post) -> None:
    post.pace = Pace(storm_after=20)
    post.crowd(50)
    post.hear(said("worse", WORSE, by="zoe"))
    result = post.drain()
    assert result.folded == 50
    assert Counter(post.inbox.kinds) == {Kind.CARD: 1, Kind.STORM: 1, Kind.ROSTER: 2}
    storm = next(m.content for m in post.inbox.arrived if isinstance(m.content, Storm))
    assert (storm.total, storm.pages) == (50, 2)
    rosters = [m for m in post.inbox.arrived if isinstance(m.content, Roster)]
    told = {line.name for m in rosters if isinstance(m.content, Roster) for line in m.content.lines}
    assert told == {f"P{n:03}" for n in range(50)}
    assert all(line.url for m in rosters if isinstance(m.content, Roster) for line in m.content.lines)
    assert {m.thread.ref for m in rosters if m.thread} == {
        str(n) for n, m in enumerate(post.inbox.arrived, 1) if m.kind is Kind.STORM
    }
    with post.store.read() as tx:
        account = tx.account()
    assert (account.summarised, account.delivered, account.unaccounted) == (50, 1, 0)


def test_a_storm_that_goes_on_lives_on_in_one_message(post: Post) -> None:
    post.pace = Pace(storm_after=5)
    post.crowd(10)
    post.drain()
    post.hear(*(said(f"more-{n}", by=f"q{n}") for n in range(10)))
    post.drain()
    assert Counter(post.inbox.kinds) == {Kind.STORM: 1, Kind.ROSTER: 2}
    (again,) = [message.content for message in post.inbox.redrawn]
    assert isinstance(again, Storm)
    assert again.total == 20


def test_a_storm_of_many_waves_is_still_the_one_it_began_as(post: Post) -> None:
    post.pace = Pace(storm_after=5)
    for wave in range(5):
        post.hear(*(said(f"{wave}-{n}", by=f"{wave}-{n}") for n in range(10)))
        post.drain()
        post.clock.pass_(2 * M)
    assert Counter(post.inbox.kinds) == {Kind.STORM: 1, Kind.ROSTER: 5}
    latest = post.inbox.redrawn[-1].content
    assert isinstance(latest, Storm)
    assert (latest.total, latest.pages) == (50, 5)
    pages = [message.content.page for message in post.inbox.arrived if isinstance(message.content, Roster)]
    assert pages == [1, 2, 3, 4, 5]
    post.clock.pass_(10 * M)
    post.hear(*(said(f"later-{n}", by=f"later-{n}") for n in range(10)))
    post.drain()
    assert Counter(post.inbox.kinds)[Kind.STORM] == 2, "after a quarter of an hour another one begins"


def test_few_cards_are_no_storm_and_zero_means_never(post: Post) -> None:
    post.pace = Pace(storm_after=20)
    post.crowd(20)
    assert post.drain().folded == 0
    post.pace = Pace(storm_after=0)
    post.hear(*(said(f"more-{n}", by=f"q{n}") for n in range(40)))
    assert post.drain().folded == 0
    assert post.inbox.kinds == [Kind.CARD] * 60


@pytest.mark.parametrize(("count", "folded"), [(3, 0), (4, 4)])
def test_cards_that_waited_too_long_are_told_together_unless_they_are_few(
    post: Post, count: int, folded: int
) -> None:
    post.pace = Pace(storm_after=20, storm_age=M)
    post.crowd(count)
    post.clock.pass_(2 * M)
    assert post.drain().folded == folded


def test_severe_cases_are_told_singly_even_in_a_storm(post: Post) -> None:
    post.pace = Pace(storm_after=3)
    post.crowd(10, WORSE)
    assert post.drain().folded == 0
    assert post.inbox.kinds == [Kind.CARD] * 10
    assert post.states() == {OutboxState.SENT.value: 10}
