"""The commands that move things: run, import, migrate."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, redirect_stdout
from datetime import date, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.app import FAILED, Json, emit, progress, say, shared
from monitor.core.clock import span
from monitor.core.errors import ConfigError
from monitor.core.intents import Alert

if TYPE_CHECKING:
    from monitor.collect.ingest import Reading
    from monitor.deliver import Delivered
    from monitor.wiring import App


NO_SLACK = "No Slack token is set: alerts are printed here. `complaint-monitor check` says how to add Slack."

PROGRAMS = timedelta(seconds=5)
"""How long a round waits for the turn of the next event for a program."""
DEAF = "Buttons in Slack are not heard in a round: `complaint-monitor run`, the service, listens to them."


def run(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="One round, for cron: collect, deliver, end.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="With --once: every feed, due or not.")] = False,
    feed: Annotated[
        list[str] | None, typer.Option(help="With --once: this feed, due or not (repeatable).")
    ] = None,
    wait: Annotated[
        str, typer.Option(help="With --once: wait this long for the next message's turn.")
    ] = "30s",
    as_json: Json = False,
) -> None:
    """Listen and alert: as a service until stopped, or one round with --once.

    Examples: complaint-monitor run;  complaint-monitor run --once --feed news
    """
    from monitor.wiring import CONSOLE, open_app

    if not once and (everything or feed or as_json):
        raise typer.BadParameter("--all, --feed and --json belong to --once")
    settings = shared(ctx).settings(told=once)
    with open_app(settings) as app:
        if app.destination == CONSOLE:
            say(NO_SLACK)
        if once:
            if app.settings.app_token is not None and app.destination != CONSOLE:
                say(DEAF)
            with ends_in_order(app.stop):
                code = _round(app, everything, feed, _span(wait, "--wait"), as_json)
            raise typer.Exit(code)
        from monitor.daemon import Service
        from monitor.systemd import Manager

        if sys.stderr.isatty():  # a service manager's log needs to tell only what is amiss
            say(_begun(app))
        raise typer.Exit(Service(app, Manager()).run())


def _begun(app: App) -> str:
    """What it is doing from now on, for whoever sits before it."""
    from monitor.wiring import CONSOLE

    count = len(app.feeds)
    told = f"Listening to {count} feed{'' if count == 1 else 's'}; cards go to {app.destination}."
    if app.destination != CONSOLE:
        told += " Buttons are heard." if app.settings.app_token is not None else " Buttons are not heard."
    return f"{told} Ctrl-C ends it."


@contextmanager
def ends_in_order(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and Ctrl-C end the work where it is safe to. Whoever asks twice means it."""

    def asked(number: int, _: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _round(app: App, everything: bool, names: list[str] | None, wait: timedelta, as_json: bool) -> int:
    from monitor.upkeep import forget_copies, remove_old_words
    from monitor.wiring import CONSOLE

    unknown = sorted(set(names or ()) - {feed.name for feed in app.feeds})
    if unknown:
        known = ", ".join(feed.name for feed in app.feeds) or "none"
        raise ConfigError(f"there is no enabled feed called {', '.join(unknown)}; enabled are: {known}")
    adopted = app.prepare()
    say(*app.dropped)
    remove_old_words(app.store, app.settings.tables.storage.retention, app.now())
    forget_copies(app.store, app.now())
    readings = app.collector.run(names or None, force=everything or bool(names))
    escalated = app.clockwork.run(app.now())
    incidents = app.lookout.look(app.now()) if app.lookout is not None else []
    # with --json standard output is one document: cards of the console are for people, and stand beside it
    cards = redirect_stdout(sys.stderr) if as_json else nullcontext()
    with cards, progress(0, "delivering", quiet=as_json or app.destination == CONSOLE) as advance:
        delivered = app.deliverer.drain(wait, on_sent=advance)
    # people first: a program that does not answer keeps nobody waiting
    told = app.webhooks.drain(min(wait, PROGRAMS)) if app.webhooks else None
    if as_json:
        webhooks = {"webhooks": _delivery_facts(told)} if told else {}
        counts = {"escalated": len(escalated), "incidents": len(incidents)}
        emit(_round_facts(readings, delivered, adopted) | counts | webhooks)
    else:
        wanted = names or [feed.name for feed in app.feeds if everything]
        taken = [name for name in wanted if name not in {reading.feed for reading in readings}]
        _tell_round(readings, delivered, adopted, taken)
        if told is not None:
            tell_held(told)
    wrong = [*delivered.troubles, *delivered.failed, *((*told.troubles, *told.failed) if told else ())]
    for message in wrong:
        say(f"! {message}")
    return FAILED if wrong else 0


def _delivery_facts(delivered: Delivered) -> dict[str, Any]:
    return {
        "sent": delivered.sent,
        "held": delivered.held or None,
        "failed": delivered.failed,
        "troubles": delivered.troubles,
    }


def _round_facts(readings: Sequence[Reading], delivered: Delivered, adopted: int) -> dict[str, Any]:
    return {
        "feeds": [
            {
                "name": r.feed,
                "added": r.added,
                "updated": r.updated,
                "known": r.known,
                "complaints": r.complaints,
                "unmatched": r.unmatched,
                "rejected": len(r.rejected),
                "error": r.error or None,
            }
            for r in readings
        ],
        **_delivery_facts(delivered),
        "folded": delivered.folded,
        "adopted": adopted,
    }


def _tell_round(
    readings: Sequence[Reading], delivered: Delivered, adopted: int, taken: Sequence[str]
) -> None:
    """`taken`: feeds that were to be read and that somebody else holds."""
    if not readings and not taken:
        say("No feed was due.")
    for name in taken:
        say(f"{name}: not read: another process reads it, or ended in the middle; its lease is waited for")
    for r in readings:
        parts = [f"{r.added} new", f"{r.complaints} complaints"]
        parts += [f"{r.updated} edited"] * bool(r.updated)
        parts += [f"{r.unmatched} passed over"] * bool(r.unmatched)
        parts += [f"{len(r.rejected)} not readable"] * bool(r.rejected)
        say(f"{r.feed}: {', '.join(parts)}" if not r.error else f"{r.feed}: failed: {r.error}")
    if adopted:
        say(f"{adopted} open cases are new to this channel: told there in one message, as backlog.")
    if delivered.folded:
        say(f"{delivered.folded} cases were told together in one summary, because so many came at once.")
    say(f"{delivered.sent} messages delivered.")
    tell_held(delivered)


def tell_held(delivered: Delivered) -> None:
    if delivered.held and not delivered.troubles:
        say(f"! {delivered.held}")


def import_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV, or JSONL with one object a line.", show_default=False)],
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="FIELD=COLUMN, such as text=Review (repeatable).")
    ] = None,
    scale: Annotated[float, typer.Option(help="The best grade of the file's ratings.")] = 5,
    feed: Annotated[
        str | None, typer.Option(help="Feed name (default: the file's name without its ending).")
    ] = None,
    match: Annotated[
        bool, typer.Option("--match/--no-match", help="Keep only what names the business.")
    ] = False,
    alert: Annotated[Alert, typer.Option(help="Which complaints to alert one by one.")] = Alert.RECENT,
    as_json: Json = False,
) -> None:
    """Bring in reviews from a file. Importing the same file again adds nothing; `run` delivers the alerts.

    Knows the columns id, text, title, author, published, rating (or stars), url, lang, place. Complaints that
    are not alerted become backlog cases, told in one message.

    Example: complaint-monitor import reviews.csv --map text=Review --map rating=Stars --alert none
    """
    from monitor.collect.files import import_pages
    from monitor.wiring import file_pages, open_app

    mapping = mapping_of(columns or [])
    settings = shared(ctx).settings()
    name = feed or file.stem
    with open_app(settings) as app:
        app.prepare()
        pages, rows = file_pages(file, name, mapping, scale)
        with progress(rows, f"importing {file.name}", quiet=as_json) as advance:
            result = import_pages(
                app.ingest,
                name,
                pages,
                alert=alert,
                match=match,
                now=app.now,
                lease=settings.tables.collect.lease,
                on_page=advance,
            )
    read = result.added + result.updated + result.known + result.unmatched
    if as_json:
        emit(
            {
                "read": read + len(result.rejected),
                "added": result.added,
                "known": result.known,
                "updated": result.updated,
                "rejected": len(result.rejected),
                "complaints": result.complaints,
                "unmatched": result.unmatched,
                "rejects": result.rejected[:100],
            }
        )
        return
    typer.echo(
        f"{read + len(result.rejected):,} rows read: {result.added:,} new, {result.known:,} known, "
        f"{result.updated:,} edited, {len(result.rejected):,} not readable; {result.complaints:,} complaints."
    )
    for told in result.rejected[:20]:
        say(f"  {told}")
    if len(result.rejected) > 20:
        say(f"  and {len(result.rejected) - 20} more; --json lists the first 100")
    if result.complaints:
        typer.echo("`complaint-monitor run --once` delivers the alerts; `cases list` shows the cases.")


def migrate(ctx: typer.Context) -> None:
    """Bring the database up to date (SQLite does so by itself; PostgreSQL needs this after an upgrade).

    Example: complaint-monitor migrate
    """
    from monitor.wiring import migrate as upgrade

    typer.echo(upgrade(shared(ctx).settings()))


def register(app: typer.Typer) -> None:
    app.command()(run)
    app.command("import")(import_file)
    app.command()(migrate)


def mapping_of(pairs: list[str]) -> dict[str, str]:
    """`--map FIELD=COLUMN` as a file of reviews is read by."""
    from monitor.wiring import file_fields

    fields, mapping = file_fields(), {}
    for pair in pairs:
        ours, sign, theirs = pair.partition("=")
        ours = "rating" if ours.strip() == "stars" else ours.strip()
        if not sign or ours not in fields or not theirs.strip():
            raise typer.BadParameter(f"--map {pair!r}: write FIELD=COLUMN; fields are {', '.join(fields)}")
        mapping[ours] = theirs.strip()
    return mapping


def instant(text: str, zone: Any, option: str) -> datetime:
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), datetime.min.time(), zone)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{option} {text!r}: write a day such as 2026-11-01, or 2026-11-01T08:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def instants(since: str | None, until: str | None, zone: Any) -> tuple[datetime | None, datetime | None]:
    """What `--since` and `--until` ask for. Raises BadParameter, also where the end is not after the start."""
    start = instant(since, zone, "--since") if since else None
    end = instant(until, zone, "--until") if until else None
    if start is not None and end is not None and end <= start:
        raise typer.BadParameter("--until must be later than --since")
    return start, end


def _span(text: str, option: str) -> timedelta:
    try:
        return span(text)
    except ValueError as fault:
        raise typer.BadParameter(f"{option}: {fault}") from None
