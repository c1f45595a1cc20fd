"""The demo's course: listen, let time pass, listen again, tell the day, account for everything.

    places on loopback -> settings and database in a temporary folder
        -> read, deliver                     what was said before we came
        -> time passes -> read, deliver      what happened since
        -> digest -> account

Nothing is canned: collectors, scorers, store, outbox and the console notifier are those of the service, joined by
the same wiring. What comes of it is shown by whoever runs the play.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from monitor.core.store import Account
from monitor.demo.server import APP, Places
from monitor.report import between, read_digest
from monitor.settings import Settings, load
from monitor.wiring import App, open_app, show, utc_now

if TYPE_CHECKING:
    from monitor.collect.ingest import Reading
    from monitor.deliver import Delivered


class Stage(Protocol):
    """Where the play is shown."""

    def scene(self, title: str, words: str) -> None: ...
    def read(self, readings: Sequence[Reading]) -> None: ...
    def delivered(self, delivered: Delivered) -> None: ...
    def account(self, account: Account) -> None: ...


def play(stage: Stage) -> Account:
    """Run the whole demo in a folder of its own that is gone afterwards. Returns the final account."""
    with (
        TemporaryDirectory(prefix="complaint-monitor-demo-") as folder,
        Places(utc_now()) as places,
        open_app(settings_for(places, Path(folder))) as app,
    ):
        app.prepare()
        _first_reading(app, stage)
        places.time_passes()
        _second_reading(app, stage)
        _the_day(app, stage)
        return _the_account(app, stage)


def settings_for(places: Places, folder: Path) -> Settings:
    """Settings as an operator would write them, read the same way; the environment has no say."""
    path = folder / "monitor.toml"
    path.write_text(_SETTINGS.format(at=places.address, port=places.port, app=APP), "utf-8")
    no_variables: Mapping[str, str] = {}
    return load(path, no_variables)


def _first_reading(app: App, stage: Stage) -> None:
    stage.scene(
        "1. Listening for the first time",
        "Four places are read: a notice board (RSS), the App Store, Mastodon and Hacker News. Searches "
        "bring other people's news too: a post that does not name the business is passed over.",
    )
    _read_and_deliver(
        app,
        stage,
        "Each customer's case becomes a card: how bad, who, where, in their words, and why. What is "
        "older than a day when listening begins rings no bell: it comes in one message, as backlog.",
    )


def _second_reading(app: App, stage: Stage) -> None:
    stage.scene(
        "2. Listening again, a little later",
        "A customer writes once more, another edits a review, a third is new, and Hacker News is down.",
    )
    _read_and_deliver(
        app,
        stage,
        "The new customer gets a card. What the other two said goes under the cards they have (↳), and "
        "these are drawn anew: on a terminal printed again, in Slack changed where they stand.",
    )


def _the_day(app: App, stage: Stage) -> None:
    stage.scene(
        "3. The digest",
        "What `complaint-monitor digest` tells of a day: who waits, what was said, whom to thank. "
        "The end says which feed could not be heard, so that silence is never taken for peace.",
    )
    now = app.now()
    show(read_digest(app.store, app.settings.business, between(now - timedelta(days=1), now), now))


def _the_account(app: App, stage: Stage) -> Account:
    stage.scene(
        "4. Nothing lost",
        "What `complaint-monitor reconcile` tells: every complaint is in exactly one place.",
    )
    with app.store.read() as tx:
        account = tx.account()
    stage.account(account)
    return account


def _read_and_deliver(app: App, stage: Stage, words: str) -> None:
    readings = app.collector.run(force=True)
    stage.read(sorted(readings, key=lambda reading: list(app.collector.feeds).index(reading.feed)))
    stage.scene("", words)
    stage.delivered(app.deliverer.drain())


_SETTINGS = """
[business]
name = "Acme Coffee"
aliases = ["AcmeCoffee"]
own_accounts = ["@acmecoffee@example.social"]
exclude = ["acme anvils"]

[http]
allow_private_hosts = ["127.0.0.1:{port}"]

[[feeds]]
name = "notice board"
source = "rss"
url = "{at}/news.xml"

[[feeds]]
name = "app reviews"
source = "appstore"
app_id = {app}
base_url = "{at}"

[[feeds]]
name = "hashtag"
source = "mastodon"
tags = ["acmecoffee"]
base_url = "{at}"

[[feeds]]
name = "hacker news"
source = "hackernews"
query = '"Acme Coffee"'
base_url = "{at}"
"""
