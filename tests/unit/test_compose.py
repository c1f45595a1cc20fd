"""From a row of the outbox to what it says, for every kind; and the day, told from the facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes import ACME, BAD, LOVELY, NOW, PLAIN, WORSE, judge, said

from monitor.collect.ingest import Ingest, Reading
from monitor.core.adopt import adopt
from monitor.core.cases import Action
from monitor.core.compose import Moot, NotYet, compose
from monitor.core.day import NEVER_DUE
from monitor.core.digest import Digest
from monitor.core.errors import CaseError, Conflict
from monitor.core.frame import SHOWN
from monitor.core.intents import Alert, Outgoing
from monitor.core.message import (
    Backlog,
    Card,
    Kind,
    Message,
    Note,
    OutboxState,
    Queued,
    Receipt,
    Roster,
    Storm,
)
from monitor.core.model import Mention, Reply, Severity, State
from monitor.recover import file_of, move, with_cues
from monitor.report import asked, between, digest_row, post_digest, read_digest, yesterday
from storage.engine import open_store
from storage.store import SqlStore

WHERE = "slack:C1"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class Office:
    """A store, what was heard, and what became of each row."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store

    def hear(
        self, *mentions: Mention, alert: Alert = Alert.ALL, where: str = WHERE, feed: str = "news"
    ) -> None:
        ingest = Ingest(self.store, judge, ACME, 0.5, DAY, where)
        with self.store.write() as tx:
            telling = ingest.telling(tx, feed, "run", alert, NOW)
            ingest.store_judged(tx, ingest.judged(ingest.fresh(mentions)), telling, NOW, Reading(feed))

    def row(self, kind: Kind, where: str = WHERE) -> Queued:
        """The first row of that kind that may go out."""
        with self.store.read() as tx:
            return next(row for row in tx.ready(NOW + DAY, [where]) if row.kind is kind)

    def end(self, row: Queued, state: OutboxState = OutboxState.SENT, revision: int | None = None) -> Receipt:
        receipt = Receipt("C1", f"ref-{row.seq}", NOW, f"https://slack.example/{row.seq}")
        with self.store.write() as tx:
            assert tx.claim(row.id, "lease", NOW, NOW + MINUTE)
            sent = receipt if state is OutboxState.SENT else None
            assert tx.settle(row.id, "lease", state, receipt=sent, revision=revision)
        return receipt

    def say(self, row: Queued) -> tuple[Message, Receipt | None, int | None]:
        with self.store.read() as tx:
            return compose(tx, row, NOW, "Europe/London")

    def queue(self, key: str, kind: Kind, case_id: int | None = None, **data: object) -> Queued:
        message = Outgoing(WHERE, key, kind, ACME.key, case_id, data=data)
        with self.store.write() as tx:
            assert tx.queue(message, NOW)
            found = tx.outgoing(message.id)
            assert found
            return found


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    store = open_store("sqlite:///monitor.db", settings_dir=tmp_path)
    yield Office(store)
    store.close()


# ── every kind ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_card_quotes_what_opened_it_and_holds_all_that_was_said(office: Office) -> None:
    office.hear(said("1", ago=2 * HOUR), said("2", WORSE))
    row = office.row(Kind.CARD)
    message, previous, revision = office.say(row)
    assert (message.delivery_id, message.channel, message.thread) == (row.id, "C1", None)
    assert (message.case_id, message.timezone, previous, revision) == (1, "Europe/London", None, 1)
    card = message.content
    assert isinstance(card, Card)
    assert [heard.mention.native_id for heard in card.mentions] == ["1", "2"]
    assert (card.quoted.mention.native_id, card.repeat) == ("1", False)


def test_an_update_draws_the_card_anew_in_its_place(office: Office) -> None:
    office.hear(said("1"))
    card = office.row(Kind.CARD)
    office.end(card)
    move(office.store, 1, Action.CLAIM, "ann", NOW)
    message, previous, revision = office.say(office.row(Kind.UPDATE))
    assert isinstance(message.content, Card)
    assert (message.content.case.state, revision) == (State.CLAIMED, 2)
    assert previous is not None
    assert previous.ref == f"ref-{card.seq}"


def test_a_reply_hangs_under_its_card_and_quotes_the_customer(office: Office) -> None:
    office.hear(said("1", ago=2 * HOUR), said("2", LOVELY))
    with pytest.raises(StopIteration):
        office.row(Kind.REPLY)  # its card is first
    receipt = office.end(office.row(Kind.CARD))
    message, previous, revision = office.say(office.row(Kind.REPLY))
    note = message.content
    assert isinstance(note, Note)
    assert (note.headline, note.action) == ("Fred wrote again. Recovered?", "propose")
    assert (note.earlier, note.quote, note.url) == (BAD, LOVELY, "https://posts.example/2")
    assert message.thread is not None
    assert (message.thread.ref, message.channel, previous, revision) == (receipt.ref, "C1", None, None)


def test_what_a_copy_adds_is_told_with_its_author(office: Office) -> None:
    office.hear(said("1"))
    office.end(office.row(Kind.CARD))
    with office.store.write() as tx:
        tx.queue(
            Outgoing(WHERE, "reply", Kind.REPLY, ACME.key, 1, data={"action": "copied", "mention": "1"}), NOW
        )
        found = tx.outgoing(Outgoing(WHERE, "reply", Kind.REPLY, ACME.key).id)
    assert found is not None
    note = office.say(found)[0].content
    assert isinstance(note, Note)
    assert note.headline == "Fred says the same, and adds what is graver"


@pytest.mark.parametrize(
    ("edit", "headline"),
    [
        (WORSE, "Fred edited the post; it now reads"),
        (LOVELY, "Fred edited the post, and it no longer reads as a complaint. Recovered?"),
    ],
)
def test_an_edit_is_told_as_one(office: Office, edit: str, headline: str) -> None:
    office.hear(said("1"))
    office.end(office.row(Kind.CARD))
    office.hear(said("1", edit))
    office.end(office.row(Kind.UPDATE))
    note = office.say(office.row(Kind.REPLY))[0].content
    assert isinstance(note, Note)
    assert (note.headline, note.quote) == (headline, edit)


def test_an_answer_that_appears_at_the_source_is_told_once(office: Office) -> None:
    office.hear(said("1"))
    office.end(office.row(Kind.CARD))
    for _ in range(2):
        office.hear(said("1", reply=Reply("We are sorry.", NOW)))
    office.end(office.row(Kind.UPDATE))
    row = office.row(Kind.REPLY)
    note = office.say(row)[0].content
    assert isinstance(note, Note)
    assert (note.headline, note.quote, note.url) == (
        "The business has answered at the source",
        "",
        "https://posts.example/1",
    )
    office.end(row)
    with pytest.raises(StopIteration):
        office.row(Kind.REPLY)
    assert file_of(office.store, 1).case.state is State.CONTACTED


def test_a_post_that_is_nobodys_case_is_not_judged_again_for_its_answer(office: Office) -> None:
    office.hear(said("1", PLAIN))
    ingest = Ingest(office.store, judge, ACME, 0.5, DAY, WHERE)
    assert ingest.fresh([said("1", PLAIN, reply=Reply("Thank you.", NOW))]) == []


def test_a_move_is_told_with_who_and_why(office: Office) -> None:
    office.hear(said("1"))
    office.end(office.row(Kind.CARD))
    move(office.store, 1, Action.DISMISS, "ann", NOW, note="spam")
    office.end(office.row(Kind.UPDATE))
    note = office.say(office.row(Kind.REPLY))[0].content
    assert isinstance(note, Note)
    assert (note.headline, note.quote) == ("ann dismissed", "spam")


def test_what_hangs_under_another_waits_for_it(office: Office) -> None:
    office.hear(said("1"))
    card = office.row(Kind.CARD)
    hanging = office.queue("r", Kind.REPLY, 1), office.queue("u", Kind.UPDATE, 1)
    for row in hanging:
        with pytest.raises(NotYet):
            office.say(row)
    office.end(card, OutboxState.FAILED)
    for row in hanging:
        with pytest.raises(Moot):
            office.say(row)


def test_a_backlog_sums_up_what_it_tells(office: Office) -> None:
    old = [said(f"{n}", WORSE if n == 3 else BAD, by=f"p{n:02}", ago=n * 10 * DAY) for n in range(1, 15)]
    office.hear(*old, alert=Alert.RECENT)
    backlog = office.say(office.row(Kind.BACKLOG))[0].content
    assert isinstance(backlog, Backlog)
    assert (backlog.feed, backlog.total) == ("news", 14)
    assert dict(backlog.by_severity) == {"critical": 1, "low": 13}
    assert (backlog.oldest, backlog.newest) == (NOW - 140 * DAY, NOW - 10 * DAY)
    assert len(backlog.worst) == 14
    assert (backlog.worst[0].name, backlog.worst[0].quote) == ("P03", WORSE)


def stormy(office: Office) -> tuple[Queued, Queued]:
    office.hear(*(said(f"{n}", by=f"p{n}") for n in range(5)))
    with office.store.write() as tx:
        assert tx.fold(WHERE, Severity.HIGH, Outgoing(WHERE, "storm", Kind.STORM, ACME.key), 3, 1, NOW) == 5
    storm, roster = office.row(Kind.STORM), office.row(Kind.ROSTER)
    return storm, roster


def test_a_storm_counts_all_and_its_rosters_name_them(office: Office) -> None:
    storm, roster = stormy(office)
    content = office.say(storm)[0].content
    assert isinstance(content, Storm)
    assert (content.total, content.pages, dict(content.by_severity)) == (5, 2, {"low": 5})
    with pytest.raises(NotYet):
        office.say(roster)
    receipt = office.end(storm)
    message = office.say(roster)[0]
    assert isinstance(message.content, Roster)
    assert (message.content.page, len(message.content.lines)) == (1, 3)
    assert message.thread is not None
    assert message.thread.ref == receipt.ref
    again, previous, _ = office.say(office.queue("again", Kind.STORM, root=storm.id))
    assert isinstance(again.content, Storm)
    assert previous is not None
    assert previous.ref == receipt.ref


def test_rosters_whose_storm_failed_stand_alone(office: Office) -> None:
    storm, roster = stormy(office)
    office.end(storm, OutboxState.FAILED)
    message = office.say(roster)[0]
    assert isinstance(message.content, Roster)
    assert message.thread is None


def test_a_message_about_nothing_is_a_fault(office: Office) -> None:
    with pytest.raises(LookupError, match="case that does not exist"):
        office.say(office.queue("lost", Kind.CARD, None))


def test_a_card_quotes_the_post_it_tells_of_however_long_its_id(office: Office) -> None:
    office.hear(said("2" * 400, "Cold coffee and rude staff, bad."), said("3", ago=timedelta(0)))
    card = office.say(office.row(Kind.CARD))[0].content
    assert isinstance(card, Card)
    assert card.quoted.mention.text == "Cold coffee and rude staff, bad."


# ── a destination that is new ────────────────────────────────────────────────────────────────────────────


def test_a_new_destination_learns_of_open_cases_once_and_in_one_message(office: Office) -> None:
    office.hear(said("1"), said("2", by="ann"), said("3", by="bob"), where="console")
    for _ in range(3):
        office.end(office.row(Kind.CARD, "console"))
    move(office.store, 3, Action.LOSE, "ann", NOW, note="gone")
    with office.store.write() as tx:
        assert adopt(tx, ACME.key, "console", "console", NOW) == 0
        assert adopt(tx, ACME.key, "console", WHERE, NOW) == 2
        assert adopt(tx, ACME.key, "console", WHERE, NOW + HOUR) == 0
    backlog = office.say(office.row(Kind.BACKLOG))[0].content
    assert isinstance(backlog, Backlog)
    assert {line.case_id for line in backlog.worst} == {1, 2}
    with office.store.read() as tx:
        assert tx.account().unaccounted == 0


def test_what_the_console_never_showed_is_told_once_as_backlog_and_nothing_closed(office: Office) -> None:
    office.hear(said("1"), where="console")
    office.hear(said("2", by="gone"), where="console")
    move(office.store, 2, Action.DISMISS, "ann", NOW, note="a joke")
    with office.store.write() as tx:
        assert adopt(tx, ACME.key, "console", WHERE, NOW) == 1
        assert adopt(tx, ACME.key, "console", WHERE, NOW) == 0
        assert tx.next_ready_at(["console"]) is None
    summary = office.row(Kind.BACKLOG)
    with office.store.read() as tx:
        assert tx.told_by(summary.id) == [1]
        account = tx.account()
    assert (account.queued, account.suppressed, account.unaccounted) == (1, 1, 0)


def test_in_a_channel_that_was_left_only_threads_go_on(office: Office) -> None:
    left = "slack:CLEFT"
    office.hear(said("1"), where=left)
    office.end(office.row(Kind.CARD, left))
    office.hear(said("2"), said("3", by="ann"), where=left)
    with office.store.write() as tx:
        assert adopt(tx, ACME.key, "console", WHERE, NOW) == 2
        assert tx.addressed() == [WHERE, left]
        assert {row.kind for row in tx.ready(NOW + DAY, [left])} <= {Kind.REPLY, Kind.UPDATE}
        assert adopt(tx, ACME.key, "console", WHERE, NOW) == 0
    with office.store.read() as tx:
        account = tx.account()
    assert (account.complaints, account.queued, account.unaccounted) == (3, 3, 0)


# ── moves ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_move_is_made_once_for_one_click(office: Office) -> None:
    office.hear(said("1"))
    first = move(office.store, 1, Action.RECOVER, "ann", NOW, key="click-1", revision=1)
    assert move(office.store, 1, Action.RECOVER, "ann", NOW, key="click-1", revision=1) == first
    assert [event.action for event in file_of(office.store, 1).events] == ["opened", "recover"]


def test_who_saw_an_old_state_is_told_the_new_one(office: Office) -> None:
    office.hear(said("1"))
    move(office.store, 1, Action.CLAIM, "ann", NOW)
    with pytest.raises(Conflict, match=r"ann claimed\. It is claimed now"):
        move(office.store, 1, Action.RECOVER, "bob", NOW, revision=1)
    with pytest.raises(CaseError, match="no case 99"):
        move(office.store, 99, Action.CLAIM, "ann", NOW)
    with pytest.raises(CaseError, match="no case 99"):
        file_of(office.store, 99)
    case = file_of(office.store, 1).case
    ((listed, cue),) = with_cues(office.store, [case])
    assert file_of(office.store, 1).cue == cue
    assert (listed, cue.mention.text if cue else "") == (case, BAD)


# ── the day ──────────────────────────────────────────────────────────────────────────────────────────────


def told_day(office: Office, since: timedelta = DAY) -> Digest:
    return read_digest(office.store, ACME, between(NOW - since, NOW + MINUTE), NOW)


def test_the_day_tells_who_waits_what_was_said_and_whom_to_praise(office: Office) -> None:
    office.hear(
        said("1", by="ann", ago=5 * HOUR),
        said("2", WORSE, by="bob", ago=HOUR),
        said("3", LOVELY, by="cyd"),
        said("4", by="dan", ago=90 * DAY),
        alert=Alert.RECENT,
    )
    move(office.store, 2, Action.CLAIM, "eve", NOW)
    day = told_day(office)
    numbers = day.numbers
    assert (day.business, numbers.heard.count, numbers.complaints.count) == ("Acme Coffee", 3, 2)
    assert (numbers.opened, numbers.waiting, numbers.backlog) == (3, 2, 1)
    waits = [(one.who.name, one.who.quote, one.hours) for one in day.waiting]
    assert waits == [("Bob", WORSE, 1.0)], "Eve has Ann's case, and what is old is backlog"
    said_today = [(who.name, who.quote, who.owner) for who in day.complaints]
    assert said_today == [("Bob", WORSE, None), ("Ann", BAD, "eve")], "the worst first"
    assert [(kind.quote, day.thanks_total) for kind in day.thanks] == [(LOVELY, 1)]


def test_a_long_queue_is_cut_and_counted(office: Office) -> None:
    office.hear(*(said(f"{n}", by=f"p{n}") for n in range(SHOWN + 3)))
    day = told_day(office)
    assert (len(day.waiting), day.waiting_total) == (SHOWN, SHOWN + 3)


def test_coverage_names_each_feed_that_listens_and_no_imported_file(office: Office) -> None:
    with office.store.write() as tx:
        for name in ("news", "broken", "shop"):
            tx.register_feed(name, "rss", ACME.key, NOW)
            tx.lease_feed(name, "t", NOW, NOW + MINUTE)
        tx.register_feed("of another", "rss", "other", NOW)
        tx.succeed_feed("news", "t", NOW, NOW)
        tx.fail_feed("broken", "t", NOW, NOW, "nobody answered")
        tx.succeed_feed("shop", "t", NOW, NEVER_DUE)
    covered = {feed.feed: (feed.state, feed.error) for feed in told_day(office).coverage}
    assert covered == {"broken": ("failing", "nobody answered"), "news": ("quiet", "")}


def test_a_digest_is_posted_once_per_day_and_channel(office: Office) -> None:
    span = yesterday(NOW, ACME.timezone)
    assert post_digest(office.store, ACME, span, WHERE, NOW)
    assert not post_digest(office.store, ACME, span, WHERE, NOW + HOUR)
    assert post_digest(office.store, ACME, span, "slack:C2", NOW)
    assert post_digest(office.store, ACME, between(NOW - HOUR, NOW), WHERE, NOW)
    row = digest_row(office.store, ACME, span, WHERE)
    assert row is not None
    content = office.say(row)[0].content
    assert isinstance(content, Digest)
    assert content == read_digest(office.store, ACME, span, NOW)
    assert (content.since, content.until) == (NOW - 36 * HOUR, NOW - 12 * HOUR)


def test_a_whole_day_is_the_same_digest_however_it_is_asked_for() -> None:
    """London's longest day of 2026: by its dates, or as yesterday."""
    now = datetime(2026, 10, 26, 9, tzinfo=UTC)
    since, until = datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)
    assert asked(since, until, now, "Europe/London") == yesterday(now, "Europe/London")
    assert asked(since, until, now, "UTC").key != yesterday(now, "UTC").key


def test_a_span_up_to_now_is_one_digest_a_day() -> None:
    since, evening = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 22, 22, tzinfo=UTC)
    first, again, next_day = (
        asked(since, None, evening + late, "UTC") for late in (0 * HOUR, HOUR, 3 * HOUR)
    )
    assert (first.until, again.until) == (evening, evening + HOUR)
    assert first.key == again.key != next_day.key
    assert asked(since, evening, evening, "UTC").key not in (first.key, next_day.key)


def test_an_end_alone_means_the_day_before_it() -> None:
    until = datetime(2026, 3, 30, tzinfo=ZoneInfo("Europe/London"))
    assert asked(None, until, NOW, "Europe/London").key == "digest:2026-03-29"


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="not after"):
        asked(NOW, NOW, NOW, "UTC")
    with pytest.raises(ValueError, match="not after"):
        asked(NOW + HOUR, None, NOW, "UTC")
