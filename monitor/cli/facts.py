"""The commands that tell and change nothing: status, reconcile, try, check."""

from __future__ import annotations

import json
import re
import threading
from contextlib import closing
from itertools import islice
from typing import Annotated, Any

import typer

from monitor.cli.app import FAILED, Json, emit, say, shared
from monitor.cli.verdicts import judged
from monitor.core.errors import SourceError


def status(ctx: typer.Context, as_json: Json = False) -> None:
    """How it is: what was heard, which cases wait, what is queued, how each feed does.

    Example: complaint-monitor status --json
    """
    from monitor.health import read_status
    from monitor.wiring import open_database, utc_now

    settings = shared(ctx).settings()
    with closing(open_database(settings)) as store:
        feeds = settings.tables.feeds
        enabled, configured = [f.name for f in feeds if f.enabled], [f.name for f in feeds]
        clicks = settings.bot_token is not None and settings.app_token is not None
        found = read_status(store, enabled, configured, utc_now(), clicks=clicks)
    if as_json:
        emit(found.facts())
    else:
        from monitor.cli.show import status_page

        status_page(found, utc_now())


def reconcile(ctx: typer.Context, as_json: Json = False) -> None:
    """Prove that nothing is lost: every complaint is delivered, queued, summarised or suppressed.

    Changes nothing. Exit 1 when a complaint is in none of these.

    Example: complaint-monitor reconcile --json
    """
    from dataclasses import asdict

    from monitor.wiring import open_database

    with closing(open_database(shared(ctx).settings())) as store, store.read() as tx:
        account = tx.account()
    if as_json:
        emit(asdict(account))
    else:
        from monitor.cli.show import account_page

        account_page(account)
    if account.unaccounted:
        raise typer.Exit(FAILED)


def try_source(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(help="Which connector, such as rss.", show_default=False)],
    options: Annotated[
        list[str] | None,
        typer.Argument(
            help="KEY=VALUE: the source's options; match=true or false; keep=QUERY.", show_default=False
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most this many posts.")] = 20,
    as_json: Json = False,
) -> None:
    """Read a place live, judge what it says, print it, and store nothing.

    Example: complaint-monitor try rss url=https://example.com/feed.xml
    """
    from pydantic import ValidationError

    from monitor.connectors import feed_of, judge_of, source_options
    from monitor.core.brand import Brand
    from monitor.core.model import Business, Feed, Mention, Rejected
    from monitor.core.triage import THRESHOLDS, verdict
    from monitor.settings import FeedSection, Settings, Tables
    from monitor.settings.tables import BusinessSection
    from monitor.wiring import http_of, utc_now

    settings = shared(ctx).optional()
    business = settings.business if settings else None
    used = settings or Settings(Tables(business=BusinessSection(name="-")), None)
    given = _options(options or [], source_options(source))
    try:
        section = FeedSection.model_validate({"name": "try", "source": source, **given})
    except ValidationError as wrong:
        told = (
            f"{'.'.join(map(str, e['loc']))}: {e['msg'].removeprefix('Value error, ')}"
            for e in wrong.errors()
        )
        raise typer.BadParameter("; ".join(told)) from None
    listening = feed_of(section, used)
    feed = Feed("try", source, business or Business("-"), listening.options, utc_now())
    stop = threading.Event()
    http = http_of(used, utc_now, stop)
    mentions: list[Mention] = []
    rejected: list[Rejected] = []
    fault: SourceError | None = None
    try:
        for page in listening.source.collect(feed, http):
            mentions += page.mentions
            rejected += page.rejected
            if len(mentions) >= limit:
                break
    except SourceError as caught:
        if not mentions and not rejected:
            raise
        fault = caught  # what could be read is shown before it is said
    shown = list(islice(mentions, limit))
    threshold = THRESHOLDS[used.tables.scoring.sensitivity]
    views = judge_of(settings).judge(shown)
    brand = Brand(business) if business else None
    rows, dropped = [], 0
    for mention, opinions in zip(shown, views, strict=True):
        if brand is None:
            about = listening.keep is None or listening.keep.matches(mention)
        else:
            about = listening.about(mention, brand)
        dropped += not about
        own = brand is not None and brand.own(mention)
        rows.append((mention, verdict(mention, opinions, threshold=threshold, own=own, matched=about)))
    if as_json:
        emit(
            {
                "mentions": [_mention_facts(m, v) for m, v in rows],
                "rejected": [f"{r.where}: {r.why}" for r in rejected],
                "error": str(fault) if fault else None,
            }
        )
        if fault:
            raise fault
        return
    from monitor.cli.show import table

    table(
        "judged",
        "sure",
        "author",
        "words",
        rows=[
            (
                v.severity.value if v.severity else "-",
                f"{v.complaint:.2f}",
                m.author.name[:16],
                f"{' '.join(m.words.split())[:160]}{f' [{v.reasons[0]}]' if v.reasons else ''}",
            )
            for m, v in rows
        ],
    )
    for item in rejected:
        say(f"not readable: {item.where}: {item.why}")
    say(
        f"{len(mentions)} posts read, {sum(v.is_complaint for _, v in rows)} of the {len(rows)} shown are complaints. "
        "Nothing was stored."
    )
    if dropped:
        say(f"{dropped} of those shown would be dropped, being not about the business or not matching keep.")
    if not settings:
        say("No settings file: whether a post is about your business was not checked.")
    if fault:
        raise fault


def check(
    ctx: typer.Context,
    send_test: Annotated[
        bool, typer.Option("--send-test", help="Post one test card to the channel.")
    ] = False,
    probe: Annotated[
        str | None,
        typer.Option(
            help="Post, find, redraw and delete a card in this test channel (its ID); or send a test event to "
            "webhook:NAME."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Test everything before it counts: settings, database, feeds, Slack, webhooks. Posts nothing by itself.

    Example: complaint-monitor check --send-test
    """
    from dataclasses import asdict

    from monitor.checkup import examine
    from monitor.wiring import open_app

    if probe is not None and not re.fullmatch(r"[CG][A-Z0-9]{2,}|webhook:\S+", probe):
        raise typer.BadParameter("--probe needs the ID of a channel, such as C0123456789, or webhook:NAME")
    settings = shared(ctx).settings()
    with open_app(settings) as app:
        findings = list(examine(app, send_test=send_test, probe=probe))
    if as_json:
        emit([asdict(finding) for finding in findings])
    else:
        from monitor.cli.show import findings_page

        findings_page(findings)
        bad = sum(not finding.ok for finding in findings)
        say(f"{bad} of {len(findings)} things need your attention." if bad else "All is well.")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FAILED)


def register(app: typer.Typer) -> None:
    app.command()(status)
    app.command()(reconcile)
    app.command("try")(try_source)
    app.command()(check)


def _mention_facts(mention: Any, found: Any) -> dict[str, Any]:
    from monitor.health import iso

    return {
        "id": mention.native_id,
        "author": mention.author.name or None,
        "published": iso(mention.published),
        "rating": mention.rating.value if mention.rating else None,
        "stars": mention.rating.stars if mention.rating else None,
        "scale": mention.rating.scale if mention.rating else None,
        "url": mention.url,
        "words": mention.words,
        "language": found.language,
        **judged(found),
        "evidence": [e.words for e in found.evidence],
    }


def _options(pairs: list[str], model: Any) -> dict[str, Any]:
    """KEY=VALUE as the source's options take them: lists by commas, everything else as it stands or as JSON."""
    given: dict[str, Any] = {}
    for pair in pairs:
        key, sign, raw = pair.partition("=")
        if not sign:
            raise typer.BadParameter(f"{pair!r}: write KEY=VALUE; keys are {', '.join(model.model_fields)}")
        key = key.strip()
        field = model.model_fields.get(key)
        many = field is not None and any(word in str(field.annotation) for word in ("list", "tuple"))
        if raw[:1] in "[{" or raw in ("true", "false"):
            try:
                given[key] = json.loads(raw)
            except ValueError as fault:
                raise typer.BadParameter(f"{pair!r} is not valid JSON: {fault}") from None
        else:
            given[key] = [part.strip() for part in raw.split(",") if part.strip()] if many else raw
    return given
