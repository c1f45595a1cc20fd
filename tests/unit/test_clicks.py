"""What is answered to a person: in plain words, who did what meanwhile, and whose card this is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.clicks import Clicks
from monitor.core.cases import Action, Details
from monitor.core.gestures import (
    NOWHERE,
    Nothing,
    Opened,
    Pressed,
    Refused,
    Severed,
    Spot,
    Submitted,
    Told,
)
from monitor.core.message import Kind, OutboxState
from monitor.core.moves import CLOCK
from monitor.forming import Forming
from monitor.recover import file_of, move
from monitor.settings import load
from storage.store import SqlStore
from storage.testing import temporary_store
from storage.testing.field import BUSINESS, HOUR, NOW, SLACK, bad, by, hear, said, send_all

LATER = NOW + 2 * HOUR


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """Case 1 is Fred's, case 2 Gina's; both have their cards."""
    store = temporary_store(tmp_path)
    with store.write() as tx:
        hear(tx, bad(said("1")), bad(said("2", "My lamp from Acme Coffee never came", author=by("gina"))))
        send_all(tx)
    yield store
    store.close()


@pytest.fixture
def clicks(store: SqlStore, tmp_path: Path) -> Clicks:
    (tmp_path / "monitor.toml").write_text('[business]\nname = "Acme Coffee"\n', "utf-8")
    forming = Forming(store, load(tmp_path / "monitor.toml", {}), lambda: LATER)
    return Clicks(store, BUSINESS, (SLACK,), now=lambda: LATER, forming=forming)


def press(
    name: str, who: str = "U0ANA0001", revision: int = 1, spot: Spot = NOWHERE, at: str = "1.0"
) -> Pressed:
    return Pressed(who, name, 1, revision, at, spot)


def told(clicks: Clicks, pressed: Pressed) -> str:
    answer = clicks(pressed)
    assert isinstance(answer, Told)
    return answer.words


def test_a_person_who_was_faster_is_named_with_what_they_did_and_when(
    store: SqlStore, clicks: Clicks
) -> None:
    move(store, 1, Action.HAND_OVER, "Bob", LATER - timedelta(minutes=5), details=Details(to="Cara"))
    assert told(clicks, press("claim")) == (
        "Bob was faster: handed it over to Cara, 5 min ago. Case 1 is claimed now, and Cara has it."
    )


def test_what_the_clock_or_the_person_themselves_did_is_told_as_such(store: SqlStore, clicks: Clicks) -> None:
    move(store, 1, Action.CLAIM, "U0ANA0001", NOW + HOUR)
    assert told(clicks, press("wake")).startswith("You were here before: you claimed, 60 min ago.")
    move(store, 1, Action.RELEASE, CLOCK, NOW + HOUR)
    assert told(clicks, press("claim")) == (
        "Nothing happened for too long: nobody has it now, 60 min ago. Case 1 is open now."
    )


def test_a_customer_who_spoke_meanwhile_is_told_of(store: SqlStore, clicks: Clicks) -> None:
    with store.write() as tx:
        hear(tx, bad(said("3", "And now the second call never came either, Acme Coffee!")), now=NOW + HOUR)
    assert told(clicks, press("claim")).startswith("The customer complained again meanwhile, 60 min ago.")
    assert clicks(press("claim", revision=file_of(store, 1).case.revision)) == Nothing()


def test_a_note_is_true_however_the_case_stands(store: SqlStore, clicks: Clicks) -> None:
    move(store, 1, Action.CLAIM, "Bob", NOW + HOUR)
    assert clicks(Submitted("U0ANA0001", "note", 1, 1, "v:h", {"note": "an old friend"})) == Nothing()
    assert file_of(store, 1).events[-1].note == "an old friend"


def test_the_same_submission_twice_is_one_move(store: SqlStore, clicks: Clicks) -> None:
    sent = Submitted("U0ANA0001", "note", 1, 1, "v:h", {"note": "an old friend"})
    assert (clicks(sent), clicks(sent)) == (Nothing(), Nothing())
    assert [event.action for event in file_of(store, 1).events] == ["opened", "note"]


def test_a_form_for_the_same_customer_offers_others_and_not_the_case_itself(clicks: Clicks) -> None:
    answer = clicks(press("link"))
    assert isinstance(answer, Opened)
    assert [case.id for case, _ in answer.form.beside.candidates] == [2]


def test_another_business_and_another_database_are_not_ours(store: SqlStore, clicks: Clicks) -> None:
    assert "not in this database" in told(clicks, press("claim", revision=9))
    assert "not in this database" in told(clicks, press("claim", spot=Spot("C0ACME", "1.0", "unknown")))
    clicks.business = "another"
    assert "not in this database" in told(clicks, press("claim"))
    answer = clicks(Submitted("U0ANA0001", "note", 1, 1, "v:h", {"note": "hello"}))
    assert isinstance(answer, Refused)
    assert len(file_of(store, 1).events) == 1


@pytest.mark.parametrize("known", [True, False])
def test_a_lost_card_is_found_by_its_press_and_by_no_other(
    store: SqlStore, clicks: Clicks, known: bool
) -> None:
    with store.write() as tx:
        hear(tx, bad(said("9", "The till at Acme Coffee ate my card", author=by("hugo"))))
        (row,) = tx.ready(NOW, [SLACK])
        assert tx.claim(row.id, "sender", NOW, NOW + HOUR)
        tx.settle(row.id, "sender", OutboxState.UNKNOWN, not_before=LATER + HOUR)
    assert row.case_id is not None
    other = Pressed("U0ANA0001", "note", row.case_id, 1, "1.0", Spot("C0OTHER", "7.7"))
    clicks(other)
    with store.read() as tx:
        found = tx.outgoing(row.id)
    assert found is not None and found.receipt is None
    spot = Spot("C0ACME", "7.7", row.id if known else "")
    assert clicks(Pressed("U0ANA0001", "claim", row.case_id, 1, "1.1", spot)) == Nothing()
    with store.read() as tx:
        found = tx.outgoing(row.id)
        assert found is not None and found.state is OutboxState.SENT and found.receipt is not None
        assert (found.receipt.channel, found.receipt.ref) == ("C0ACME", "7.7")
        assert Kind.UPDATE in [one.kind for one in tx.ready(LATER, [SLACK])]


def test_a_card_that_was_never_tried_is_not_taken_for_a_lost_one(store: SqlStore, clicks: Clicks) -> None:
    with store.write() as tx:
        hear(tx, bad(said("9", "The till at Acme Coffee ate my card", author=by("hugo"))))
        (row,) = tx.ready(NOW, [SLACK])
    assert row.case_id is not None
    clicks(Pressed("U0ANA0001", "note", row.case_id, 1, "1.0", Spot("C0ACME", "7.7")))
    with store.read() as tx:
        found = tx.outgoing(row.id)
    assert found is not None and (found.state, found.receipt) == (OutboxState.PENDING, None)


def test_severed_is_trouble_until_something_goes_out(store: SqlStore, clicks: Clicks) -> None:
    assert clicks(Severed("tokens_revoked", "Install it again.")) == Nothing()
    with store.read() as tx:
        assert [(one.destination, one.message) for one in tx.troubles()] == [(SLACK, "Install it again.")]


def test_only_the_listed_may(store: SqlStore, clicks: Clicks) -> None:
    clicks.people = frozenset({"U0BEN0002"})
    assert "not among those" in told(clicks, press("claim"))
    assert isinstance(clicks(Submitted("U0ANA0001", "note", 1, 1, "v:h", {"note": "x"})), Refused)
    assert clicks(press("claim", who="U0BEN0002")) == Nothing()
    assert clicks(Severed("app_uninstalled", "Install it again.")) == Nothing()
