"""Which way a message takes: routes, a channel that is unusable, kind words, and settings that change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import ACME, BAD, LOVELY, NOW, PLAIN, WORSE, Clock, Inbox, Stop, judge, said

from monitor.collect.ingest import Ingest, Reading
from monitor.core.adopt import adopt
from monitor.core.cases import Action
from monitor.core.errors import DeliveryError, Outcome, Remedy
from monitor.core.intents import Alert
from monitor.core.message import Card, Kind, Message, Praise, Unusable
from monitor.core.model import Mention, Opinion
from monitor.core.routing import Route, Routing
from monitor.deliver import Delivered, Deliverer
from monitor.pace import Pace
from monitor.recover import move
from storage.engine import open_store
from storage.store import SqlStore

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
ROUTES = (Route("C2", severity=("critical",)), Route("C3", place=("Pier",)))


class Desk:
    """A store, a receiver that refuses what it is told to refuse, and settings that may change."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.clock = Clock()
        self.inbox = Inbox(self.clock)
        self.closed: set[str] = set()
        send = self.inbox.send

        def refusing(message: Message, previous: object) -> object:
            if message.channel in self.closed:
                raise refused()
            return send(message, previous)  # type: ignore[arg-type]

        self.inbox.send = refusing  # type: ignore[method-assign, assignment]
        self.routing = Routing("slack:C1", ROUTES, ACME)
        self.owner: str | None = "slack:U0BOSS"
        self.praise: str | None = "slack:C9"

    def hear(self, *mentions: Mention, alert: Alert = Alert.ALL) -> None:
        ingest = Ingest(
            self.store, opinions, ACME, 0.5, DAY, self.routing.fallback, self.routing, self.praise
        )
        with self.store.write() as tx:
            telling = ingest.telling(tx, "news", self.clock().isoformat(), alert, self.clock())
            judged = ingest.judged(ingest.fresh(mentions))
            ingest.store_judged(tx, judged, telling, self.clock(), Reading("news"))

    def drain(self) -> Delivered:
        return Deliverer(
            self.store,
            {"slack": self.inbox},
            (*self.routing.destinations, *([self.praise] if self.praise else [])),
            now=self.clock,
            lease=MINUTE,
            paces={"slack": Pace()},
            stop=Stop(self.clock),
            business=ACME,
            fallback=self.routing.fallback,
            owner=self.owner,
        ).drain()

    def settle_in(self) -> int:
        with self.store.write() as tx:
            also = self.routing.destinations
            return adopt(tx, ACME.key, "console", self.routing.fallback, self.clock(), also=also)

    def cards(self) -> list[tuple[str, str]]:
        return [
            (message.channel, message.content.quoted.mention.native_id)
            for message in self.inbox.arrived
            if isinstance(message.content, Card)
        ]


def opinions(mentions: list[Mention]) -> list[dict[str, Opinion]]:  # type: ignore[override]
    """As the fake judge, which thinks of thanks and of names too."""
    found = []
    for mention, views in zip(mentions, judge(mentions), strict=True):
        more = dict(views)
        if "thank" in mention.words.casefold():
            said = more["complaint"]
            more["complaint"] = Opinion("complaint", "1", said.value, None, (*said.signals, "thanks"))
        found.append(more)
    return found


def refused() -> DeliveryError:
    return DeliveryError(
        "The bot is not in the channel.",
        outcome=Outcome.REFUSED,
        remedy=Remedy.PERSON,
        code="not_in_channel",
        here=True,
    )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = open_store("sqlite:///monitor.db", settings_dir=tmp_path)
    yield Desk(store)
    store.close()


# ── routes ───────────────────────────────────────────────────────────────────────────────────────────────


def test_each_case_goes_where_the_first_route_that_fits_says_and_its_thread_goes_with_it(desk: Desk) -> None:
    desk.hear(said("1", by="ann"), said("2", WORSE, by="bob"))
    desk.drain()
    assert sorted(desk.cards()) == [("C1", "1"), ("C2", "2")]
    move(desk.store, 2, Action.CLAIM, "dana", NOW)
    # what is milder would take another route, and stays with its case
    desk.hear(said("3", BAD + " Again", by="bob"), said("4", WORSE + " I am ill", by="ann"))
    desk.drain()
    assert sorted(desk.cards()) == [("C1", "1"), ("C2", "2")]
    replies = [(message.channel, message.case_id) for message in desk.inbox.arrived if message.thread]
    assert sorted(replies) == [("C1", 1), ("C2", 2), ("C2", 2)]
    assert {message.channel for message in desk.inbox.redrawn} == {"C1", "C2"}


def test_a_page_of_one_customer_makes_one_card_in_one_channel(desk: Desk) -> None:
    desk.hear(said("1", by="ann", ago=timedelta(hours=3)), said("2", WORSE, by="ann"))
    desk.drain()
    assert desk.cards() == [("C1", "1")]
    assert [message.kind for message in desk.inbox.arrived] == [Kind.CARD, Kind.REPLY]


def test_routes_that_change_lose_nothing_and_double_nothing(desk: Desk) -> None:
    desk.hear(said("1", by="ann"), said("2", WORSE, by="bob"))
    desk.drain()
    desk.routing = Routing("slack:C1", (Route("C4", severity=("critical",)), *ROUTES), ACME)
    assert desk.settle_in() == 0, "who was told in a channel in use is told"
    desk.hear(said("3", WORSE + " Twice", by="bob"), said("4", WORSE + " Ants", by="cyd"))
    desk.drain()
    assert sorted(desk.cards()) == [("C1", "1"), ("C2", "2"), ("C4", "4")]

    # a channel that no route names any more is left: the fallback hears of its cases once
    desk.routing = Routing("slack:C1", (), ACME)
    assert desk.settle_in() == 2
    assert desk.settle_in() == 0
    desk.drain()
    assert [message.kind for message in desk.inbox.arrived][-1] is Kind.BACKLOG
    assert desk.inbox.arrived[-1].channel == "C1"


# ── a channel that is unusable ───────────────────────────────────────────────────────────────────────────


def test_cards_of_an_unusable_channel_go_to_the_fallback_and_its_owner_hears_of_it_once(desk: Desk) -> None:
    desk.closed.add("C2")
    desk.hear(said("1", WORSE, by="ann"), said("2", WORSE + " Ants", by="bob"), said("3", by="cyd"))
    move(desk.store, 1, Action.CLAIM, "dana", NOW)
    told = desk.drain()
    assert sorted(desk.cards()) == [("C1", "1"), ("C1", "2"), ("C1", "3")]
    assert told.troubles == ["The bot is not in the channel."], "it is still for a person to mend"
    direct = [message for message in desk.inbox.arrived if message.kind is Kind.DIRECT]
    assert [(m.channel, m.content) for m in direct] == [
        ("U0BOSS", Unusable("C2", "The bot is not in the channel.", "C1"))
    ]
    replies = [message.channel for message in desk.inbox.arrived if message.kind is Kind.REPLY]
    assert replies == ["C1"], "what hangs under a card goes with it"

    desk.hear(said("4", WORSE + " Mice", by="eve"))
    desk.clock.pass_(MINUTE * 2)
    desk.drain()
    assert ("C1", "4") in desk.cards()
    assert len([m for m in desk.inbox.arrived if m.kind is Kind.DIRECT]) == 1

    desk.closed.clear()
    desk.clock.pass_(MINUTE * 2)
    desk.hear(said("5", WORSE + " Rats", by="fay"))
    assert desk.drain().troubles == []
    assert ("C2", "5") in desk.cards()
    assert len(desk.cards()) == len(set(desk.cards())) == 5


def test_threads_wait_for_the_channel_that_shows_their_cards(desk: Desk) -> None:
    desk.hear(said("1", WORSE, by="ann"))
    desk.drain()
    desk.closed.add("C2")
    move(desk.store, 1, Action.CLAIM, "dana", NOW)
    desk.hear(said("2", WORSE + " Ants", by="bob"))
    desk.drain()
    desk.drain()
    assert desk.cards() == [("C2", "1"), ("C1", "2")]
    assert Kind.REPLY not in desk.inbox.kinds
    desk.closed.clear()
    desk.clock.pass_(MINUTE * 2)
    desk.drain()
    assert [m.channel for m in desk.inbox.arrived if m.kind is Kind.REPLY] == ["C2"]


def test_where_the_fallback_itself_is_unusable_all_waits_and_the_owner_hears_of_it(desk: Desk) -> None:
    desk.closed.add("C1")
    desk.hear(said("1", by="ann"))
    assert desk.drain().troubles
    (direct,) = desk.inbox.arrived
    assert direct.content == Unusable("C1", "The bot is not in the channel.", None)
    desk.closed.clear()
    desk.clock.pass_(MINUTE * 2)
    assert desk.drain().troubles == []
    assert desk.cards() == [("C1", "1")]


@pytest.mark.parametrize("arrives", [True, False])
def test_a_direct_message_whose_answer_is_lost_is_not_repeated(desk: Desk, arrives: bool) -> None:
    desk.closed.add("C1")
    desk.hear(said("1", by="ann"))
    desk.inbox.fail(DeliveryError("lost", outcome=Outcome.UNKNOWN), arrives=arrives)
    desk.drain()
    for _ in range(3):
        desk.clock.pass_(MINUTE * 2)
        desk.drain()
    direct = [message for message in desk.inbox.calls if message.kind is Kind.DIRECT]
    assert len(direct) == 1
    assert desk.inbox.looks == 0, "nobody may look there"


def test_nobody_is_told_where_nobody_is_named(desk: Desk) -> None:
    desk.owner = None
    desk.closed.add("C2")
    desk.hear(said("1", WORSE, by="ann"))
    desk.drain()
    assert desk.inbox.kinds == [Kind.CARD]


# ── kind words ───────────────────────────────────────────────────────────────────────────────────────────


def test_thanks_are_passed_on_once_with_the_words(desk: Desk) -> None:
    desk.hear(said("1", LOVELY, by="ann"), said("2", PLAIN, by="bob"), said("3", "A lovely view.", by="cyd"))
    desk.hear(said("1", LOVELY + " Really.", by="ann"))
    desk.drain()
    (message,) = desk.inbox.arrived
    assert (message.kind, message.channel) == (Kind.PRAISE, "C9")
    assert isinstance(message.content, Praise)
    assert message.content.heard.mention.text == LOVELY + " Really."


def test_old_praise_is_no_news_and_without_a_channel_there_is_none(desk: Desk) -> None:
    desk.hear(said("1", LOVELY, by="ann", ago=3 * DAY), alert=Alert.RECENT)
    desk.praise = None
    desk.hear(said("2", LOVELY, by="bob"))
    desk.drain()
    assert desk.inbox.arrived == []
