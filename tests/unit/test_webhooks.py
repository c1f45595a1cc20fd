"""Events on their way to other programs: what fails is sent again, in order, and keeps nobody else waiting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import ACME, NOW, Clock, Inbox, Stop, judge, said

from alerts.webhook import REST
from monitor.collect.ingest import Ingest, Reading
from monitor.core.cases import Action
from monitor.core.errors import ConfigError, DeliveryError, Outcome, Remedy
from monitor.core.happening import Follower
from monitor.core.intents import Alert
from monitor.core.message import Happened, OutboxState
from monitor.core.model import Mention
from monitor.deliver import AHEAD, Delivered, Deliverer
from monitor.pace import Pace
from monitor.recover import move
from monitor.settings import load
from monitor.webhooks import drop_removed
from storage.engine import open_store
from storage.store import SqlStore

DESK, TOOL, SLACK = "webhook:desk", "webhook:tool", "slack:C1"
LEASE = timedelta(minutes=1)
DEAD = DeliveryError("nobody answers", outcome=Outcome.UNKNOWN, retry_after=REST, code="unreachable")


class Office:
    """One outbox with two ways out, as a process has them."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.clock = Clock()
        self.stop = Stop(self.clock)
        self.slack, self.hooks = Inbox(self.clock), Inbox(self.clock)

    def _deliverer(self, inbox: Inbox, *destinations: str) -> Deliverer:
        scheme = destinations[0].partition(":")[0]
        return Deliverer(
            self.store,
            {scheme: inbox},
            destinations,
            now=self.clock,
            lease=LEASE,
            paces={scheme: Pace()},
            stop=self.stop,
            business=ACME,
        )

    def to_slack(self) -> Delivered:
        return self._deliverer(self.slack, SLACK).drain()

    def to_programs(self, wait: timedelta = timedelta(0)) -> Delivered:
        return self._deliverer(self.hooks, DESK, TOOL).drain(wait)

    def hear(self, *mentions: Mention) -> None:
        ingest = Ingest(self.store, judge, ACME, 0.5, timedelta(days=1), SLACK)
        with self.store.write() as tx:
            telling = ingest.telling(tx, "news", "run", Alert.ALL, self.clock())
            ingest.store_judged(tx, ingest.judged(mentions), telling, self.clock(), Reading("news"))

    def got(self, channel: str = "desk") -> list[tuple[int, str]]:
        """Case and action of what arrived."""
        return [
            (message.content.case.id, message.content.line.event.action)
            for message in self.hooks.arrived
            if isinstance(message.content, Happened) and message.channel == channel
        ]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    followers = (Follower(DESK), Follower(TOOL, frozenset({"claimed"})))
    store = open_store("sqlite:///monitor.db", settings_dir=tmp_path, followers=followers)
    yield Office(store)
    store.close()


def test_a_dead_program_keeps_slack_waiting_for_nothing(office: Office) -> None:
    office.hear(*(said(f"p{n}", by=f"c{n}") for n in range(30)))
    office.hooks.always = DEAD
    held = office.to_programs()
    assert held.sent == 0
    assert held.held == "nobody answers"
    assert len(office.hooks.calls) == 1, "one try tells enough: the rest waits with it"
    assert office.to_slack().sent == 30
    assert office.clock.at == NOW


def test_a_dead_slack_keeps_no_program_waiting(office: Office) -> None:
    office.hear(said("p1"), said("p2", by="gil"))
    office.slack.always = DEAD
    office.to_slack()
    assert office.to_programs().sent == 2
    assert office.got() == [(1, "opened"), (2, "opened")]


def test_what_may_not_have_arrived_is_sent_again_under_the_same_id(office: Office) -> None:
    office.hear(said("p1"))
    office.hooks.fail(DEAD, arrives=True)
    office.to_programs()
    office.to_programs()
    assert len(office.hooks.calls) == 1, "it rests"
    office.clock.pass_(REST)
    assert office.to_programs().sent == 1
    assert office.hooks.looks == 0, "nobody can be asked"
    first, second = office.hooks.arrived
    assert first.delivery_id == second.delivery_id
    assert first.content.line == second.content.line  # type: ignore[union-attr]


def test_a_sender_that_died_in_the_middle_is_made_good(office: Office) -> None:
    office.hear(said("p1"))
    with office.store.write() as tx:
        [row] = tx.ready(NOW, [DESK])
        tx.claim(row.id, "dead", NOW, NOW + LEASE)
    assert office.to_programs().sent == 0
    office.clock.pass_(LEASE)
    assert office.to_programs().sent == 1
    assert office.hooks.looks == 0


def test_the_order_of_a_case_is_kept_through_faults(office: Office) -> None:
    office.hear(said("p1"))
    for action in (Action.CLAIM, Action.CONTACT, Action.RECOVER):
        move(office.store, 1, action, "dana", office.clock())
    office.hooks.fail(DEAD)
    office.to_programs()
    office.hooks.fail(DEAD, arrives=True)
    for _ in range(9):
        office.clock.pass_(REST)
        office.to_programs()
    assert list(dict.fromkeys(office.got())) == [(1, a) for a in ("opened", "claim", "contact", "recover")]
    assert office.got("tool") == [(1, "claim")]


def test_one_event_that_is_refused_lets_the_next_pass(office: Office) -> None:
    office.hear(said("p1"))
    move(office.store, 1, Action.CLAIM, "dana", office.clock())
    office.hooks.fail(DeliveryError("no", outcome=Outcome.REFUSED, remedy=Remedy.NOBODY, code="422"))
    ended = office.to_programs()
    assert ended.failed == ["no"]
    assert office.got() == [(1, "claim")]
    with office.store.read() as tx:
        assert tx.counts()[3]["failed"] == 1
        assert tx.account().unaccounted == 0


def test_one_that_a_person_must_mend_is_told_of_and_loses_nothing(office: Office) -> None:
    office.hear(said("p1"), said("p2", by="gil"))
    office.hooks.always = DeliveryError("gone", outcome=Outcome.REFUSED, remedy=Remedy.PERSON, code="410")
    assert office.to_programs().troubles == ["gone"]
    assert len(office.hooks.calls) == 1
    office.hooks.always = None
    office.clock.pass_(timedelta(minutes=2))
    assert office.to_programs().troubles == []
    assert office.got() == [(1, "opened"), (2, "opened")]


def test_one_dead_program_does_not_stop_another(office: Office) -> None:
    office.hear(said("p1"))
    move(office.store, 1, Action.CLAIM, "dana", office.clock())
    office.hooks.fail(DEAD)
    office.to_programs()
    assert office.got() == []
    assert office.got("tool") == [(1, "claim")]


def test_however_much_waits_for_a_dead_program_another_is_served(office: Office) -> None:
    office.hear(*(said(f"p{n}", by=f"c{n}") for n in range(AHEAD + 5)))
    office.hooks.fail(DEAD)
    office.to_programs()
    move(office.store, 3, Action.CLAIM, "dana", office.clock())
    office.to_programs()
    assert office.got("tool") == [(3, "claim")]
    assert office.got() == []


def test_what_waits_for_a_webhook_that_was_taken_out_is_dropped(office: Office, tmp_path: Path) -> None:
    office.hear(said("p1"))
    move(office.store, 1, Action.CLAIM, "dana", office.clock())
    path = tmp_path / "monitor.toml"
    path.write_text(
        '[business]\nname = "Acme"\n[[webhooks]]\nname = "tool"\nurl = "https://t.example"\nsecret_env = "S"\n'
    )
    settings = load(path, {})
    with office.store.write() as tx:
        assert drop_removed(tx, settings) == [
            "the settings have no webhook:desk any more: 2 events that waited for it were dropped "
            "(`export events` has them)"
        ]
        assert drop_removed(tx, settings) == []
        assert tx.addressed() == [SLACK, TOOL]
        assert [row.state for row in tx.ready(NOW, [TOOL])] == [OutboxState.PENDING]
        assert tx.account().unaccounted == 0


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────

HOOK = '[business]\nname = "Acme"\n[[webhooks]]\nname = "desk"\nurl = "https://desk.example/hook"\n'
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("", "secret_env or by secret_file"),
        ('secret_env = "A"\nsecret_file = "b"', "secret_env or by secret_file"),
        (f'secret = "{WHSEC}"', "no such setting. Known here: name, url"),
        (f'secret_env = "{WHSEC}"', "the NAME of a variable"),
        ('secret_env = "A"\nevents = ["exploded"]', "'exploded' is no event; there are: opened"),
        ('secret_env = "A"\nwords = "yes"', "valid boolean"),
    ],
)
def test_wrong_settings_say_what_is_right_and_show_no_secret(tmp_path: Path, told: str, why: str) -> None:
    path = tmp_path / "monitor.toml"
    path.write_text(f"{HOOK}{told}\n")
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert why in str(caught.value)
    assert "webhooks[0]" in str(caught.value)
    assert WHSEC not in str(caught.value)


def test_an_address_that_is_none_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    path.write_text(f'{HOOK}secret_env = "A"\n'.replace("https://desk.example/hook", "desk.example/KEY"))
    with pytest.raises(ConfigError, match="webhooks\\[0\\]\\.url: this is no web address") as caught:
        load(path, {})
    assert "KEY" not in str(caught.value)


def test_two_of_one_name_are_one_too_many(tmp_path: Path) -> None:
    path = tmp_path / "monitor.toml"
    hook = HOOK.partition("\n[[")[2]
    path.write_text(f'{HOOK}secret_env = "A"\n[[{hook}secret_env = "B"\n')
    with pytest.raises(ConfigError, match="two webhooks are called 'desk'"):
        load(path, {})


def test_a_secret_is_read_when_it_is_needed_and_stands_in_no_picture_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{WHSEC}\n")
    path = tmp_path / "monitor.toml"
    path.write_text(f'{HOOK}secret_file = "secret"\n')
    settings = load(path, {})
    [hook] = settings.tables.webhooks
    assert hook.secret(settings.folder).strip() == WHSEC
    assert WHSEC not in repr(settings)
    assert settings.secrets == (WHSEC,)
    (tmp_path / "secret").unlink()
    with pytest.raises(ConfigError, match="webhook desk: the file secret cannot be read: No such file"):
        hook.secret(settings.folder)
    assert settings.secrets == ()
    path.write_text(f'{HOOK}secret_env = "DESK_SECRET"\n')
    [hook] = load(path, {}).tables.webhooks
    assert hook.secret(tmp_path, {"DESK_SECRET": WHSEC}) == WHSEC
    with pytest.raises(ConfigError, match="the variable DESK_SECRET is empty"):
        hook.secret(tmp_path, {})
