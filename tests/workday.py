"""A desk at work, for tests of whole days: the real application between a Slack look-alike and a clock moved by hand.

Customers are heard through ingest. People do only what Slack lets them do: they press what stands on a card, fill in
the modal in sight, open Home, type a command.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

from fakes import Clock, Stop

from alerts.slack.actions import MORE, MORE_MODAL, read_value
from alerts.testing.envelopes import Envelope
from alerts.testing.slack import SlackLookalike
from monitor.collect.ingest import Reading
from monitor.core.clocks import Clocks, clocks
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

    def button(self, move: str, case_id: int, place: str | None = None) -> tuple[str, str, str | None]:
        """Place, action id and value of the control that stands for a move: a button, or an option of the menu."""
        place = place or self.card(case_id)
        blocks = next(m for m in self.slack.messages() if m["ts"] == place)["blocks"]
        for element in (one for block in blocks for one in block.get("elements", ())):
            if element.get("action_id") == move:
                return place, move, None
            if element.get("action_id") == MORE:
                for option in element["options"]:
                    if read_value(option["value"]).move == move:
                        return place, MORE, option["value"]
        raise AssertionError(f"case {case_id} offers no {move}")

    def press(self, move: str, who: str, case_id: int, place: str | None = None) -> Envelope:
        return self.slack.people.click(*_in_order(*self.button(move, case_id, place), who))

    def act(self, move: str, who: str, case_id: int) -> None:
        """Press what needs no words, and have it shown."""
        before = self.case(case_id).revision
        assert self.press(move, who, case_id).wait().acked
        self.until(lambda: self.case(case_id).revision > before)
        self.deliver()

    def form(
        self, move: str, who: str, case_id: int, place: str | None = None, **values: Any
    ) -> dict[str, Any]:
        """Press, fill in the modal and submit it, and have it shown. Returns the modal as it was offered."""
        if place is None and move not in self._offered(case_id):
            assert self.press(MORE_MODAL, who, case_id).wait().acked
            whole = self.modal("more", who)
            self.slack.people.click(whole["id"], move, who).wait()
        else:
            assert self.press(move, who, case_id, place).wait().acked
        offered = self.modal(move, who)
        before = self.case(case_id).revision
        sent = self.slack.people.submit(who, values).wait()
        assert (sent.acked, sent.errors) == (True, {})
        self.until(lambda: self.case(case_id).revision > before)
        if self.slack.modals(who):
            self.slack.people.dismiss(who, clear=True)
        self.deliver()
        return offered

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
        typed = self.slack.people.command("/complaints", text, who)
        assert typed.wait().acked
        self.until(lambda: typed.replies)
        return dict(typed.replies[-1])

    def _offered(self, case_id: int) -> set[str]:
        blocks = next(m for m in self.slack.messages() if m["ts"] == self.card(case_id))["blocks"]
        elements = [one for block in blocks for one in block.get("elements", ())]
        menu = [option["value"] for one in elements for option in one.get("options", ())]
        return {one.get("action_id", "") for one in elements} | {read_value(value).move for value in menu}

    # ── what came of it ──────────────────────────────────────────────────────────────────────────────────

    def case(self, case_id: int) -> Case:
        return file_of(self.app.store, case_id).case

    def clocks(self, case_id: int) -> Clocks:
        found = clocks(self.case(case_id), self.app.settings.policy, self.clock())
        assert found is not None, "it is no backlog"
        return found

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
            f"{self._when(post)}{'!' if post.get('reply_broadcast') or post.get('subtype') else ''} "
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


def _in_order(place: str, action_id: str, value: str | None, who: str) -> tuple[str, str, str, str | None]:
    return place, action_id, who, value
