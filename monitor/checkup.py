"""`check`: every part tried before it counts, with the remedy beside each fault."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from monitor import slack_app, webhooks
from monitor.answering import playbooks_of
from monitor.core.compose import channel_of, scheme_of
from monitor.core.errors import DeliveryError, MonitorError
from monitor.core.message import Card, Kind, Message
from monitor.core.model import (
    Author,
    Case,
    Evidence,
    Feed,
    Heard,
    Mention,
    Rating,
    Severity,
    State,
    Verdict,
)
from monitor.core.ports import Finding
from monitor.wiring import CONSOLE, App

if TYPE_CHECKING:
    from monitor.collect.feeds import Listening
    from monitor.scoring.transformer import Transformer
    from monitor.settings import Settings


WEBHOOK = "webhook:"


def examine(app: App, *, send_test: bool, probe: str | None = None) -> Iterator[Finding]:
    """One finding after the other; stores nothing, posts nothing but the test card that was asked for.

    `probe`: the ID of a channel in which a card goes all its way and is deleted again; or `webhook:NAME`, which is
    sent a test event.
    """
    settings = app.settings
    yield Finding("settings", True, str(settings.path or "from the environment"))
    yield Finding("database", True, "answers, and its schema is up to date")
    if app.transformer is not None:
        yield _transformer(app.transformer)
    if settings.tables.desk.playbooks is not None:
        yield _playbooks(settings)
    if not settings.tables.feeds:
        yield Finding("feeds", False, "none", "Add a [[feeds]] table to the settings, or use `import FILE`.")
    for listening in app.feeds:
        yield _feed(app, listening)
    for section in settings.tables.feeds:
        if not section.enabled:
            yield Finding(f"feed {section.name}", True, "paused (enabled = false)")
    if app.webhooks is not None:
        yield from app.webhooks.check()
    yield from webhooks.left_behind(app)
    if probe is not None and probe.startswith(WEBHOOK):
        yield webhooks.probe(app, probe)
        probe = None
    if app.destination == CONSOLE:
        yield Finding(
            "Slack",
            True,
            "no token: alerts are printed on the console. `complaint-monitor slack setup` connects Slack.",
        )
        if probe is not None:
            yield Finding(
                "Probe", False, "there is no Slack token", "`complaint-monitor slack setup` asks for it."
            )
        if send_test:
            yield _send(app, CONSOLE)
        return
    yield from slack_app.examine(settings)
    if probe is not None:
        yield from slack_app.probe(settings, test_message(app, probe))
    if send_test:
        yield _send(app, app.destination)


def _playbooks(settings: Settings) -> Finding:
    try:
        count = len(playbooks_of(settings).books)
    except MonitorError as fault:
        return Finding("playbooks", False, str(fault), "Mend what it says; docs/playbooks.md tells the form.")
    return Finding("playbooks", True, f"{count} starting texts")


def _transformer(transformer: Transformer) -> Finding:
    try:
        return Finding("transformer", True, transformer.told())
    except MonitorError as fault:
        return Finding(
            "transformer",
            False,
            str(fault),
            "Mend what it says, or take the table [scoring.transformer] out.",
        )


def _feed(app: App, listening: Listening) -> Finding:
    """Read one page of a feed, as on its very first reading."""
    feed = Feed(
        listening.name,
        listening.source.name,
        app.settings.business,
        listening.options,
        app.now(),
    )
    what = f"feed {listening.name}"
    try:
        page = next(iter(listening.source.collect(feed, app.http)), None)
    except MonitorError as fault:
        return Finding(what, False, str(fault), "Mend what it says, or pause the feed with enabled = false.")
    if page is None:
        return Finding(what, True, "answers; nothing there yet")
    about = sum(listening.about(mention, app.ingest.brand) for mention in page.mentions)
    told = f"answers: {len(page.mentions)} posts on the first page, {about} about the business"
    if page.mentions and not about and listening.keep is not None:
        return Finding(
            what, True, f"{told}. Nothing there matches its keep: `complaint-monitor query` tries another"
        )
    if page.mentions and not about:
        return Finding(
            what,
            True,
            f"{told}. If this is the business's own page, set match = false, or every post is passed over",
        )
    return Finding(what, True, told)


def _send(app: App, destination: str) -> Finding:
    message = test_message(app, channel_of(destination))
    try:
        receipt = app.notifiers[scheme_of(destination)].send(message, None)
    except DeliveryError as fault:
        return Finding("test card", False, str(fault), "Mend what it says and try again; nothing is queued.")
    return Finding("test card", True, f"delivered{f': {receipt.link}' if receipt.link else ''}")


def test_message(app: App, channel: str) -> Message:
    """A card as it will look, plainly marked as a test."""
    now, business = app.now(), app.settings.business
    words = "This is a test card. I was promised a call on Monday and nobody has called."
    start = words.index("promised")
    verdict = Verdict(
        complaint=0.9,
        is_complaint=True,
        severity=Severity.MEDIUM,
        reasons=("was promised a call or an answer that never came",),
        signals=("promised_no_call",),
        evidence=(Evidence("promised_no_call", words[start:-1], start, len(words) - 1),),
    )
    mention = Mention(
        "test",
        "test",
        words,
        author=Author("test", "Test customer (nobody real)"),
        published=now,
        rating=Rating(2),
    )
    case = Case(
        id=0,
        business=business.key,
        source="test",
        customer="test",
        name=mention.author.name,
        state=State.OPEN,
        severity=Severity.MEDIUM,
        opened=now,
        reasons=verdict.reasons,
    )
    heard = Heard(0, "test", mention, verdict, now)
    return Message(
        delivery_id=str(uuid.uuid4()),
        kind=Kind.CARD,
        channel=channel,
        content=Card(case, (heard,), 0),
        business=business.key,
        timezone=business.timezone,
    )
