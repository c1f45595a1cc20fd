"""What every notifier owes: subclass `NotifierContract`, name your notifier, and pytest does the rest.

class TestMine(NotifierContract):
    exactly_once = True

    @pytest.fixture
    def notifier(self) -> Notifier:
        return Mine(...)

    @pytest.fixture
    def channel(self) -> str:
        return "where tests may post"
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from alerts.testing import samples
from monitor.core.message import Kind, Message, Receipt
from monitor.core.ports import Finding, Notifier

LONG_AGO = timedelta(minutes=10)


class NotifierContract:
    """Override the fixtures `notifier` and `channel`, and `shown`, which tells what a reader would see."""

    exactly_once: ClassVar[bool] = True
    """Does `find` find what was sent? False for receivers that cannot be asked."""

    @pytest.fixture
    def notifier(self) -> Notifier:
        raise NotImplementedError("override the fixture `notifier`")

    @pytest.fixture
    def channel(self) -> str:
        return ""

    @pytest.fixture
    def shown(self) -> Callable[[], str]:
        raise NotImplementedError("override the fixture `shown`")

    def test_says_what_it_is(self, notifier: Notifier) -> None:
        assert notifier.name
        assert notifier.name == notifier.name.lower()
        assert notifier.api == 1

    def test_takes_every_kind_of_message(self, notifier: Notifier, channel: str) -> None:
        root = notifier.send(_card(channel), None)
        for message in samples.every(channel=channel):
            message = replace(message, thread=root) if message.thread else message
            receipt = notifier.send(message, root if message.kind is Kind.UPDATE else None)
            assert receipt.channel == channel
            assert receipt.ref
            assert receipt.at.utcoffset() == timedelta(0)

    @pytest.mark.parametrize("attempt", samples.HOSTILE)
    def test_hostile_words_reach_readers_as_words(
        self, notifier: Notifier, channel: str, shown: Callable[[], str], attempt: str
    ) -> None:
        hostile = samples.HOSTILE[attempt]
        for message in samples.every(hostile, hostile, channel):
            notifier.send(replace(message, thread=None, kind=_rooted(message)), None)
        text = shown()
        controls = [
            sign for sign in text if (sign < " " and sign not in "\n\r\t") or "\x7f" <= sign <= "\x9f"
        ]
        assert controls == []
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

    def test_a_card_shows_who_where_and_what(
        self, notifier: Notifier, channel: str, shown: Callable[[], str]
    ) -> None:
        notifier.send(_card(channel), None)
        text = " ".join(shown().split()).lower()
        for part in ("high", samples.NAME, "app store", "1★", samples.WORDS, "promised a call", "case 12"):
            assert part.lower() in text

    def test_a_redrawing_keeps_its_place(self, notifier: Notifier, channel: str) -> None:
        first = notifier.send(_card(channel), None)
        again = notifier.send(replace(_card(channel), delivery_id="d2", kind=Kind.UPDATE), first)
        assert (again.channel, again.ref) == (first.channel, first.ref)

    def test_finds_what_was_sent_and_nothing_else(self, notifier: Notifier, channel: str) -> None:
        since = datetime.now(UTC) - LONG_AGO
        root = notifier.send(_card(channel, "sent"), None)
        reply = replace(_card(channel, "reply"), kind=Kind.REPLY, thread=root)
        sent = notifier.send(reply, None)
        assert notifier.find(_card(channel, "never sent"), since) is None
        if not self.exactly_once:
            assert notifier.find(_card(channel, "sent"), since) is None
            return
        assert _where(notifier.find(_card(channel, "sent"), since)) == _where(root)
        assert _where(notifier.find(reply, since)) == _where(sent)

    def test_still_finds_a_card_that_was_drawn_anew(self, notifier: Notifier, channel: str) -> None:
        since = datetime.now(UTC) - LONG_AGO
        root = notifier.send(_card(channel, "sent"), None)
        notifier.send(replace(_card(channel, "update"), kind=Kind.UPDATE), root)
        found = notifier.find(_card(channel, "sent"), since)
        assert _where(found) == (_where(root) if self.exactly_once else None)

    def test_checks_without_posting(self, notifier: Notifier, channel: str, shown: Callable[[], str]) -> None:
        before = shown()
        findings = notifier.check(channel)
        assert findings
        for finding in findings:
            assert isinstance(finding, Finding)
            assert finding.ok, finding
        assert shown() == before


def _card(channel: str, delivery: str = "contract-card") -> Message:
    return samples.message(samples.card(), Kind.CARD, delivery, channel, case_id=12)


def _rooted(message: Message) -> Kind:
    return Kind.CARD if message.kind is Kind.UPDATE else message.kind


def _where(receipt: Receipt | None) -> tuple[str, str] | None:
    return (receipt.channel, receipt.ref) if receipt else None
