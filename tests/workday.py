"""A desk at work, for tests of whole days: the real application between a Slack look-alike and a clock moved by hand.

Customers are heard through ingest. People do only what Slack lets them do: they press what stands on a card, fill in
the modal in sight, open Home, type a command.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

from fakes import Clock, Stop

from alerts.slack.actions import MORE_MODAL, read_value
from alerts.testing.envelopes import Envelope
from alerts.testing.slack import SlackLookalike
from monitor.collect.ingest import Reading
from monitor.core.clocks import Clocks, clocks
from monitor.core.elapsed import begun, elapsed
from monitor.core.gestures import Link
from monitor.core.intents import Alert
from monitor.core.model import Author, Case, Mention
from monitor.frontdesk import clicks_of
from monitor.recover import file_of
from monitor.settings import load
from monitor.wiring import App, open_database

LOOK, SOON = timedelta(minutes=30), timedelta(seconds=5)
PATIENCE = 30.0
"""Real seconds after which something is taken never to happen."""


class Workday:
    """`settings`: monitor.toml, with `{url}` for the look-alike's address. `start` is aware, and at half an hour."""

    def __init__(self, folder: Path, settings: str, start: datetime, channels: Sequence[str]) -> None:
        assert isinstance(start.tzinfo, ZoneInfo)
        self.folder = folder
        self.zone = start.tzinfo
        self.start = start.astimezone(UTC)
        self.clock = Clock(self.start)
        self.slack = SlackLookalike(
            log=folder / "slack.jsonl", channels=channels, now=lambda: self.clock().timestamp()
        )
        self._settings = settings
        self._looked = self.start

    def __enter__(self) -> Workday:
        self.slack.__enter__()
        (self.folder / "monitor.toml").write_text(self._settings.format(url=self.slack.api_url), "utf-8")
        tokens = {
            "MONITOR_SLACK__BOT_TOKEN": self.slack.token,
            "MONITOR_SLACK__APP_TOKEN": self.slack.app_token,
        }
        settings = load(self.folder / "monitor.toml", tokens)
        self.app = App(settings, open_database(settings), Stop(self.clock), now=self.clock)
        self.app.prepare()
        inbound = self.app.inbound
        assert inbound is not None, "there is an app-level token"
        inbound.start(clicks_of(self.app))
        self.until(lambda: inbound.state().link is Link.CONNECTED)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.app.inbound is not None:
            self.app.inbound.stop()
        self.app.close()
        self.slack.__exit__(kind, fault, trace)

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────

    def wait_until(self, at: datetime) -> None:
        """Time passes. Every half hour, half a minute late, the desk's clock looks and its messages go out."""
        while (tick := self._looked + LOOK) + SOON < at.astimezone(UTC):
            self._looked = tick
            self.clock.at = max(self.clock.at, tick + timedelta(seconds=30))
            self.app.clockwork.run(self.clock())
            self.deliver()
        self.clock.at = max(self.clock.at, at.astimezone(UTC))

    def deliver(self) -> None:
        self.app.deliverer.drain(SOON)
        if self.app.homes is not None:
            self.app.homes.refresh()

    def until(self, happened: Callable[[], Any]) -> Any:
        return self.slack.until(happened, timeout=PATIENCE)

    # ── customers ────────────────────────────────────────────────────────────────────────────────────────

    def hear(self, *posts: tuple[int, str, str]) -> None:
        """One page: number, author and words of each post, published now."""
        now = self.clock()
        page = [
            Mention(
                "reviews",
                str(number),
                words,
                author=Author(by, by.title(), f"https://people.example/{by}"),
                published=now,
                url=f"https://posts.example/{number}",
            )
            for number, by, words in posts
        ]
        ingest = self.app.ingest
        with self.app.store.write() as tx:
            telling = ingest.telling(tx, "reviews", now.isoformat(), Alert.ALL, now)
            ingest.store_judged(tx, ingest.judged(ingest.fresh(page)), telling, now, Reading("reviews"))
        self.deliver()

    # ── people ───────────────────────────────────────────────────────────────────────────────────────────

    def press(self, move: str, who: str, case_id: int, place: str | None = None) -> Envelope:
        """A button of the card (or of the message at `place`), an option of its menu, or else one of "More…"."""
        place = place or self.card(case_id)
        for action_id, value in self._controls(place):
            if read_value(value).move == move:
                return self.slack.people.click(place, action_id, who, value)
        assert self.press(MORE_MODAL, who, case_id, place).wait().acked
        return self.slack.people.click(self.modal("more", who)["id"], move, who)

    def act(self, move: str, who: str, case_id: int) -> None:
        """Press what needs no words, and have it shown."""
        before = self.case(case_id).revision
        assert self.press(move, who, case_id).wait().acked
        self.until(lambda: self.case(case_id).revision > before)
        self.deliver()

    def form(self, move: str, who: str, case_id: int, place: str | None = None, **values: Any) -> None:
        """Press, fill in the modal and submit it, and have it shown."""
        before = self.case(case_id).revision
        assert self.press(move, who, case_id, place).wait().acked
        self.modal(move, who)
        sent = self.slack.people.submit(who, values).wait()
        assert (sent.acked, sent.errors) == (True, {})
        self.until(lambda: self.case(case_id).revision > before)
        if self.slack.modals(who):
            self.slack.people.dismiss(who, clear=True)
        self.deliver()

    def modal(self, callback_id: str, who: str) -> dict[str, Any]:
        def there() -> dict[str, Any] | None:
            stack = self.slack.modals(who)
            return stack[-1] if stack and stack[-1]["callback_id"] == callback_id else None

        found: dict[str, Any] = self.until(there)
        return found

    def home(self, who: str) -> dict[str, Any]:
        """Open it, and look at what stands there then."""
        before = self.slack.home(who)
        opened = self.slack.people.open_home(who)
        assert opened is not None and opened.wait().acked
        found: dict[str, Any] = self.until(
            lambda: (now := self.slack.home(who)) is not None and now != before and now
        )
        return found

    def command(self, text: str, who: str) -> dict[str, Any]:
        """Type `/complaints text`: what was answered, for their eyes alone."""
        before = len(self.slack.whispers(who))
        assert self.slack.people.command("/complaints", text, who).wait().acked
        found: dict[str, Any] = self.until(lambda: self.slack.whispers(who)[before:])[0]
        return found

    def _controls(self, place: str) -> Iterator[tuple[str, str]]:
        """Action id and value of all that can be pressed in a message, but links."""
        blocks = next(one for one in self.slack.messages() if one["ts"] == place)["blocks"]
        for element in (one for block in blocks if block["type"] == "actions" for one in block["elements"]):
            for option in element.get("options", (element,)):
                if "value" in option:
                    yield element["action_id"], option["value"]

    # ── what came of it ──────────────────────────────────────────────────────────────────────────────────

    def case(self, case_id: int) -> Case:
        return file_of(self.app.store, case_id).case

    def clocks(self, case_id: int) -> Clocks:
        found = clocks(self.case(case_id), self.app.settings.policy, self.clock())
        assert found is not None, "it is no backlog"
        return found

    def took(self, case_id: int) -> tuple[timedelta | None, ...]:
        """Until it was claimed, until its customer was told something, and until they were won back: in hours of the
        desk, to the minute."""
        file = file_of(self.app.store, case_id)
        start, told = begun(file.case, file.events), elapsed(file.case, file.events)
        hours = self.app.settings.policy.hours_of(file.case)
        return tuple(
            None if span is None else minutes(hours.between(start, start + span))
            for span in (told.to_claim, told.to_contact, told.to_recover)
        )

    def card(self, case_id: int) -> str:
        """Its ts."""
        with self.app.store.read() as tx:
            row = tx.card_of(case_id, "slack")
        assert row is not None and row.receipt is not None, f"case {case_id} has no card yet"
        return row.receipt.ref

    def story(self, case_id: int) -> list[str]:
        """What stands in the thread of its card, card included: when, whether to the whole channel (!), and what."""
        card = self.card(case_id)
        return [
            f"{self._when(post)}{'!' if post.get('subtype') == 'thread_broadcast' else ''} "
            f"{'card' if post['ts'] == card else first_line(post)}"
            for post in self.slack.thread(card)
        ]

    def _when(self, post: Mapping[str, Any]) -> str:
        return f"{datetime.fromtimestamp(float(post['ts']), self.zone):%a %H:%M}"

    def posted(self) -> Counter[tuple[str, str, str]]:
        """How often each text was stored in each thread, counted from the look-alike's log."""
        return Counter(
            (call["body"]["channel"], call["body"].get("thread_ts") or "", call["body"]["text"])
            for call in self.slack.called("chat.postMessage")
            if call["stored"]
        )


def first_line(post: Mapping[str, Any]) -> str:
    """Without the addresses that it leads to; who did something as a mention."""
    first: str = post["blocks"][0]["text"]["text"]
    first = re.sub(r"<!date[^|>]+\|([^>]+)>", r"\1", first)
    return re.sub(r"<https://[^|>]+\|([^>]+)>", r"\1", first).split("\n")[0]


def minutes(span: timedelta) -> timedelta:
    """To the nearest one: between two messages the clock moves by a moment."""
    return timedelta(minutes=round(span / timedelta(minutes=1)))
