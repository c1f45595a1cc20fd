"""What reaches the channel when things break: lost and doubled messages, counted from the receiver's own log.

    300 alerts, 35 % of the calls failing   this product beside slack_sdk's WebClient and its default handlers,
                                            in one run, against the same look-alike and the same dice
    100 times kill -9                       the real command, two feeds, at random moments; then one whole run

Spans are short (leases and time-outs of a second), so the rates say nothing about a real workspace, which
takes about one message a second.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alerts.testing.slack import SlackLookalike, read_log, stored_posts
from monitor import logs
from monitor.collect.files import import_pages
from monitor.core.intents import Alert
from monitor.core.model import Author, Mention, Page
from monitor.settings import load
from monitor.wiring import open_app
from tests.stage import GRUMBLE, Newsstand, Post, Stage, lost_and_doubled, mark, posts, saying, told

ALERTS, SHARE, SEED = 300, 0.35, 2026
ROUNDS = 100


def main(alerts: int = ALERTS, rounds: int = ROUNDS) -> None:
    print(f"{alerts} alerts, {SHARE:.0%} of the posts failing (seed {SEED})")
    ways: list[tuple[str, Callable[[SlackLookalike, int], None]]] = [
        ("this product", _product),
        ("slack_sdk, default handlers, once each", _sdk_once),
        ("slack_sdk, default handlers, until it says ok", _sdk_until_ok),
    ]
    for name, way in ways:
        with SlackLookalike() as slack:
            slack.fail_at_random(SHARE, seed=SEED)
            began = time.perf_counter()
            way(slack, alerts)
            spent = time.perf_counter() - began
            found = stored_posts(slack.calls)
            calls = Counter(call["method"] for call in slack.calls)
            _line(name, alerts - len(found), sum(n > 1 for n in found.values()))
            faults = sum(call["fault"] is not None for call in slack.calls)
            looks = calls["conversations.history"] + calls["conversations.replies"]
            print(
                f"    {alerts / spent:.1f} alerts/s, {calls['chat.postMessage']} posts, {looks} looks, {faults} faults"
            )
    _kills(rounds)


def _line(name: str, lost: int, doubled: int) -> None:
    print(f"  {name:<48} lost {lost:>3}   doubled {doubled:>3}", flush=True)


def _product(slack: SlackLookalike, alerts: int) -> None:
    now = datetime.now(UTC)
    heard = tuple(
        Mention("files", str(n), saying(GRUMBLE, n), author=Author(f"fred-{n}", f"Fred {n}"), published=now)
        for n in range(alerts)
    )
    with tempfile.TemporaryDirectory() as folder, Newsstand() as stand:
        stage = Stage(Path(folder), slack, stand)
        stage.write()
        settings = load(Path(folder) / "monitor.toml", {"MONITOR_SLACK__BOT_TOKEN": slack.token})
        with open_app(settings) as app:
            app.prepare()
            import_pages(
                app.ingest,
                "alerts",
                [Page(heard, {})],
                alert=Alert.ALL,
                match=False,
                now=app.now,
                lease=timedelta(minutes=5),
            )
            app.deliverer.drain(timedelta(minutes=5))
            with app.store.read() as tx:
                account = tx.account()
    if account.delivered != alerts:
        raise SystemExit(f"of {alerts} alerts {account.delivered} count as delivered: {account}")


def _sdk_once(slack: SlackLookalike, alerts: int) -> None:
    _sdk(slack, alerts, tries=1)


def _sdk_until_ok(slack: SlackLookalike, alerts: int) -> None:
    _sdk(slack, alerts, tries=100)


def _sdk(slack: SlackLookalike, alerts: int, tries: int) -> None:
    """What one writes first: call, and on an exception call again (or not)."""
    import logging

    from slack_sdk import WebClient

    silent = logging.Logger("slack_sdk", logging.CRITICAL + 1)
    client = WebClient(slack.token, base_url=slack.api_url, timeout=1, logger=silent)
    for n in range(alerts):
        payload = {"delivery_id": str(n), "case_id": n}
        for _ in range(tries):
            try:
                client.chat_postMessage(
                    channel=slack.channel,
                    text=f"{GRUMBLE} {mark(n)}",
                    metadata={"event_type": "complaint_monitor", "event_payload": payload},
                )
                break
            except Exception as fault:  # noqa: BLE001 - whatever it was: this is the naive way
                if "ratelimited" in str(fault):
                    time.sleep(1)


def _kills(rounds: int) -> None:
    """`run` and `run --once` by turns, each killed at a random moment while two feeds go on changing."""
    dice = random.Random(SEED)
    with (
        tempfile.TemporaryDirectory() as folder,
        SlackLookalike(log=Path(folder) / "slack.jsonl") as slack,
        Newsstand() as stand,
    ):
        stage = Stage(Path(folder), slack, stand)
        stage.listen("news")
        stage.listen("forum")
        numbers: list[int] = []
        for round_ in range(rounds):
            for name in stand.feeds:
                fresh = _round(name, 10 * round_)
                stand.feeds[name] = stand.feeds[name][-40:] + fresh
                numbers += [post.number for post in fresh]
            process = stage.start(*(("run",) if round_ % 2 else ("run", "--once", "--all")))
            time.sleep(dice.uniform(0.5, 2.0))
            stage.kill(process)
        time.sleep(1.1)
        for name in stand.feeds:
            stand.feeds[name] = [post for first in range(0, 10 * rounds, 10) for post in _round(name, first)]
        stage.well("run", "--once", "--all", "--wait", "30s")
        calls = read_log(Path(folder) / "slack.jsonl")
        lost, doubled = lost_and_doubled(told(calls), numbers)
        account = stage.account()
    print(f"{rounds} times kill -9, {len(numbers)} complaints from two feeds")
    _line("this product", lost, doubled)
    print(f"    {account}")


def _round(name: str, first: int) -> list[Post]:
    return posts(first + (1 if name == "news" else 6), 2)


if __name__ == "__main__":
    logs.configure(0, told=True)
    main(*(int(word) for word in sys.argv[1:]))
