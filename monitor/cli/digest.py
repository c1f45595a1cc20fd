"""The command that tells the story of a day, a week or a span."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.app import FAILED, Json, emit, say, shared
from monitor.cli.service import instants, tell_held

if TYPE_CHECKING:
    from monitor.core.digest import Digest
    from monitor.report import Span
    from monitor.settings import Settings
    from monitor.wiring import App

WHOLE = 1_000_000
"""A file names everybody; what is printed or posted, the first few of each list."""
KNOWN_PLACES = 10
"""Named where somebody asks for one that nobody spoke of."""


def digest(
    ctx: typer.Context,
    day: Annotated[str | None, typer.Option(help="This day, such as 2026-11-01.", metavar="DAY")] = None,
    week: Annotated[bool, typer.Option("--week", help="The last whole week, Monday to Sunday.")] = False,
    since: Annotated[
        str | None, typer.Option(help="From this day or instant, in the business's zone.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Up to this day or instant, itself not included.")] = None,
    place: Annotated[str, typer.Option(help="Only this location, as posts name it.")] = "",
    html: Annotated[
        Path | None,
        typer.Option(help="Write it as one HTML file, with every complaint.", metavar="FILE"),
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(help="Write it into this file as Markdown.", metavar="FILE")
    ] = None,
    post: Annotated[
        bool,
        typer.Option(
            "--post", help="Post it to Slack, once per day and channel; again: bring it up to date."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """The story of yesterday: who waits, what was said, who came back, what was not heard.

    With --week and --day: of the week that this day is in.

    Examples: complaint-monitor digest;  complaint-monitor digest --week;
    complaint-monitor digest --html report.html;
    complaint-monitor digest --since 2026-11-01 --until 2026-11-08 --place "Harbour Street"
    """
    from monitor.core.digest import Length
    from monitor.core.frame import SHOWN
    from monitor.report import read_digest
    from monitor.wiring import CONSOLE, open_app, show, write_markdown, write_report

    settings = shared(ctx).settings()
    if html and markdown and html.resolve() == markdown.resolve():
        raise typer.BadParameter("--html and --markdown name the same file: name two")
    with open_app(settings) as app:
        now = app.now()
        chosen = chosen_span(settings, day, week, since, until, now)
        if post and chosen.length is not Length.SPAN and now < chosen.until:
            # it would stand where the whole one belongs
            raise typer.BadParameter("--post: that time is not over yet; leave --post away to read it so far")
        if place:
            place = known_place(app, chosen, place)
        told = read_digest(
            app.store,
            settings.business,
            chosen,
            now,
            app.enabled,
            place=place,
            policy=settings.policy,
            shown=WHOLE if html or markdown else SHOWN,
            destination=app.digest_destination,
        )
        for file, write in ((html, write_report), (markdown, write_markdown)):
            if file is not None:
                say(f"The digest is in {write(told, file)}.")
        if as_json:
            emit(facts(told))
        elif not (html or markdown) and (not post or app.destination == CONSOLE):
            show(told)
        if post:
            _post(app, chosen, place, now, as_json)


def chosen_span(
    settings: Settings, day: str | None, week: bool, since: str | None, until: str | None, now: datetime
) -> Span:
    """What is asked for. Raises BadParameter."""
    chosen = _span(settings, day, week, since, until, now)
    if chosen.since > now:
        begins = f"{chosen.since.astimezone(settings.zone):%Y-%m-%dT%H:%M}"
        raise typer.BadParameter(f"that time has not begun: it would begin at {begins}; name an earlier one")
    return chosen


def _span(
    settings: Settings, day: str | None, week: bool, since: str | None, until: str | None, now: datetime
) -> Span:
    from monitor.report import asked, last_week
    from monitor.report import day as one_day
    from monitor.report import week as one_week

    zone = settings.business.timezone
    if (day or week) and (since or until):
        raise typer.BadParameter("--day and --week tell whole days: leave --since and --until away")
    if day:
        which = _day(day)
        return one_week(which, zone) if week else one_day(which, zone)
    if week:
        return last_week(now, zone)
    start, end = instants(since, until, settings.zone)
    try:
        return asked(start, end, now, zone)
    except ValueError:
        raise typer.BadParameter("--since must lie in the past") from None


def known_place(app: App, chosen: Span, place: str) -> str:
    """As posts name it, whatever its capitals. Raises BadParameter, with the places that were spoken of."""
    from monitor.report import places

    known = places(app.store, app.settings.business, chosen)
    found = [name for name in known if name == place] or [
        name for name in known if name.casefold() == place.strip().casefold()
    ]
    if found:
        return found[0]
    named = ", ".join(known[:KNOWN_PLACES]) or "none"
    raise typer.BadParameter(f"--place {place!r}: no post of late names it; places that were named: {named}")


def facts(told: Digest) -> dict[str, Any]:
    """For `--json`: docs/digest.md tells each field. Times in ISO 8601, UTC."""
    plain = _plain(asdict(told))
    assert isinstance(plain, dict)
    return plain | {"quiet": told.quiet, "all_heard": told.all_heard}


def _post(app: App, chosen: Span, place: str, now: datetime, as_json: bool) -> None:
    from monitor.core.message import OutboxState
    from monitor.report import digest_row, post_digest, update_digest
    from monitor.wiring import CONSOLE

    if app.destination == CONSOLE:
        say("--post needs Slack, and no Slack token is set: the digest was printed instead.")
        return
    app.prepare()
    business, there = app.settings.business, app.digest_destination
    about = (app.store, business, chosen, there, now, app.enabled)
    policy = app.settings.policy
    new = post_digest(*about, place=place, policy=policy)
    again = not new and update_digest(*about, place=place, policy=policy)
    result = app.deliverer.drain(timedelta(seconds=30))
    if not as_json:
        row = digest_row(app.store, business, chosen, there, place)
        if again and row is not None and row.state is OutboxState.SENT:
            say("This channel had this digest already: it is brought up to date there.")
        elif row is not None and row.state is OutboxState.SENT:
            say("The digest is posted.")
        else:
            say("The digest is queued: `run` goes on trying to post it.")
            tell_held(result)
    for message in (*result.troubles, *result.failed):
        say(f"! {message}")
    if result.troubles or result.failed:
        raise typer.Exit(FAILED)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"--day {text!r}: write a day such as 2026-11-01") from None


def _plain(value: Any) -> Any:
    """Dataclasses' values as JSON takes them."""
    from monitor.health import iso

    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def register(app: typer.Typer) -> None:
    app.command()(digest)
