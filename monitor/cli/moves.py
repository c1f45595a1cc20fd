"""`complaint-monitor cases …`: every move of a case."""

from __future__ import annotations

import getpass
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli.app import Json, emit, shared
from monitor.cli.cases import By, Id, Text, facts, promised
from monitor.cli.cases import app as app
from monitor.core.cases import Action, Details, How

Due = Annotated[
    str,
    typer.Option(help="By when: 2026-12-01, 2026-12-01T10:00, or from now on: 4h, 2d.", show_default=False),
]
Which = Annotated[
    int | None, typer.Option("--promise", help="Which, where the case has several: `cases show` lists them.")
]


@app.command()
def claim(ctx: typer.Context, case_id: Id, by: By = None, note: Text = "", as_json: Json = False) -> None:
    """Take a case: from now on it is yours.

    Example: complaint-monitor cases claim 12 --as dana
    """
    _move(ctx, case_id, Action.CLAIM, by, note, as_json)


@app.command("hand-over")
def hand_over(
    ctx: typer.Context,
    case_id: Id,
    person: Annotated[str, typer.Argument(help="Who gets it.", show_default=False)],
    by: By = None,
    note: Text = "",
    as_json: Json = False,
) -> None:
    """Give a case to somebody else.

    Example: complaint-monitor cases hand-over 12 robin --note "She speaks Dutch"
    """
    _move(ctx, case_id, Action.HAND_OVER, by, note, as_json, Details(to=person))


@app.command()
def release(ctx: typer.Context, case_id: Id, by: By = None, note: Text = "", as_json: Json = False) -> None:
    """Give a case back: nobody has it then.

    Example: complaint-monitor cases release 12
    """
    _move(ctx, case_id, Action.RELEASE, by, note, as_json)


@app.command()
def contact(
    ctx: typer.Context,
    case_id: Id,
    text: Annotated[str, typer.Option(help="What was written to the customer.")] = "",
    link: Annotated[str, typer.Option(help="The address of the answer.")] = "",
    by: By = None,
    note: Text = "",
    as_json: Json = False,
) -> None:
    """Note that the customer got an answer: now it is their turn, and the clocks stand.

    Example: complaint-monitor cases contact 12 --note "Called her; she gets a new bag"
    """
    _move(ctx, case_id, Action.CONTACT, by, note, as_json, Details(text=text, link=link))


@app.command()
def recover(
    ctx: typer.Context,
    case_id: Id,
    how: Annotated[How | None, typer.Option(help="By what the customer was won back.")] = None,
    by: By = None,
    note: Text = "",
    as_json: Json = False,
) -> None:
    """Close a case: the customer was won back.

    Example: complaint-monitor cases recover 12 --how refund --note "Changed the review to five stars"
    """
    _move(ctx, case_id, Action.RECOVER, by, note, as_json, Details(how=how))


@app.command()
def lose(ctx: typer.Context, case_id: Id, by: By = None, note: Text = "", as_json: Json = False) -> None:
    """Close a case: the customer is lost. Say why with --note.

    Example: complaint-monitor cases lose 12 --note "Moved to another shop"
    """
    _move(ctx, case_id, Action.LOSE, by, note, as_json)


@app.command()
def dismiss(
    ctx: typer.Context,
    case_id: Id,
    by: By = None,
    note: Text = "",
    erred: Annotated[
        bool,
        typer.Option("--not-a-complaint", help="The judge erred: learn from it. Then no note is needed."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Close a case: there was nothing to answer. Say why with --note, or that it was no complaint at all.

    Example: complaint-monitor cases dismiss 12 --not-a-complaint --note "A joke between friends"
    """
    note = note or ("not a complaint" if erred else "")
    _move(ctx, case_id, Action.DISMISS, by, note, as_json, erred=erred)


@app.command()
def reopen(ctx: typer.Context, case_id: Id, by: By = None, note: Text = "", as_json: Json = False) -> None:
    """Open a closed case again.

    Example: complaint-monitor cases reopen 12
    """
    _move(ctx, case_id, Action.REOPEN, by, note, as_json)


@app.command()
def note(
    ctx: typer.Context,
    case_id: Id,
    text: Annotated[str, typer.Argument(help="What to note.", show_default=False)],
    by: By = None,
    as_json: Json = False,
) -> None:
    """Note something in a case's history, also in a closed one's.

    Example: complaint-monitor cases note 12 "Asked the kitchen; they remember her"
    """
    _move(ctx, case_id, Action.NOTE, by, text, as_json)


@app.command()
def snooze(
    ctx: typer.Context,
    case_id: Id,
    until: Annotated[
        str, typer.Option(help="2026-12-01, 2026-12-01T10:00, 4h or 2d. Without it: until something happens.")
    ] = "",
    by: By = None,
    note: Text = "",
    as_json: Json = False,
) -> None:
    """Let a case sleep. It wakes at that time, and whenever its customer writes.

    Example: complaint-monitor cases snooze 12 --until 2d --note "The part arrives on Thursday"
    """
    _move(ctx, case_id, Action.SNOOZE, by, note, as_json, until=until)


@app.command()
def wake(ctx: typer.Context, case_id: Id, by: By = None, note: Text = "", as_json: Json = False) -> None:
    """Wake a sleeping case.

    Example: complaint-monitor cases wake 12
    """
    _move(ctx, case_id, Action.WAKE, by, note, as_json)


@app.command()
def escalate(ctx: typer.Context, case_id: Id, by: By = None, note: Text = "", as_json: Json = False) -> None:
    """Put a case a rung up: it needs somebody with more authority. Say why with --note.

    Example: complaint-monitor cases escalate 12 --note "She wants to hear it from the manager"
    """
    _move(ctx, case_id, Action.ESCALATE, by, note, as_json)


@app.command()
def promise(
    ctx: typer.Context,
    case_id: Id,
    what: Annotated[str, typer.Argument(help="What the customer was told would happen.", show_default=False)],
    due: Due,
    by: By = None,
    note: Text = "",
    as_json: Json = False,
) -> None:
    """Note what the customer was promised, and by when.

    Example: complaint-monitor cases promise 12 "A call back from the manager" --due 2026-12-01T10:00
    """
    _move(ctx, case_id, Action.PROMISE, by, note, as_json, Details(what=what), until=due)


@app.command()
def keep(
    ctx: typer.Context,
    case_id: Id,
    which: Which = None,
    by: By = None,
    note: Text = "",
    as_json: Json = False,
) -> None:
    """A promise was kept.

    Example: complaint-monitor cases keep 12
    """
    _move(ctx, case_id, Action.KEEP, by, note, as_json, Details(promise=which))


@app.command("break")
def break_promise(
    ctx: typer.Context,
    case_id: Id,
    which: Which = None,
    by: By = None,
    note: Text = "",
    as_json: Json = False,
) -> None:
    """A promise was broken.

    Example: complaint-monitor cases break 12 --promise 3 --note "The manager was ill"
    """
    _move(ctx, case_id, Action.BREAK, by, note, as_json, Details(promise=which))


@app.command()
def withdraw(
    ctx: typer.Context,
    case_id: Id,
    which: Which = None,
    by: By = None,
    note: Text = "",
    as_json: Json = False,
) -> None:
    """A promise no longer stands, and that is right. Say why with --note.

    Example: complaint-monitor cases withdraw 12 --note "She would rather have a voucher"
    """
    _move(ctx, case_id, Action.WITHDRAW, by, note, as_json, Details(promise=which))


@app.command()
def link(
    ctx: typer.Context,
    case_id: Id,
    other: Annotated[int, typer.Argument(help="A case of the same customer.", show_default=False)],
    by: By = None,
    note: Text = "",
    as_json: Json = False,
) -> None:
    """Say that the authors of two cases are one and the same customer.

    Example: complaint-monitor cases link 12 15
    """
    _move(ctx, case_id, Action.LINK, by, note, as_json, Details(other=other))


@app.command()
def unlink(ctx: typer.Context, case_id: Id, by: By = None, note: Text = "", as_json: Json = False) -> None:
    """Say that a case's author is a customer of their own after all.

    Example: complaint-monitor cases unlink 12
    """
    _move(ctx, case_id, Action.UNLINK, by, note, as_json)


def _move(
    ctx: typer.Context,
    case_id: int,
    action: Action,
    by: str | None,
    note: str,
    as_json: bool,
    details: Details | None = None,
    *,
    until: str = "",
    erred: bool = False,
) -> None:
    from monitor.core.story import headline, moment_of
    from monitor.recover import file_of, move
    from monitor.wiring import open_database, utc_now

    settings, now = shared(ctx).settings(), utc_now()
    details, actor = details or Details(), by or getpass.getuser()
    if until:
        details = replace(details, until=_later(until, settings.zone, now))
    with closing(open_database(settings)) as store:
        case = move(
            store,
            case_id,
            action,
            actor,
            now,
            note=note,
            details=details,
            not_a_complaint=erred,
            ladder=settings.policy.ladder,
        )
        file = file_of(store, case.id)
    if as_json:
        emit(facts(case, None) | {"promises": [promised(one) for one in file.promises]})
        return
    from monitor.logs import visible

    last = next(event for event in reversed(file.events) if event.action == action)
    data = last.data or {}
    at = moment_of(data)
    when = f" {at.astimezone(settings.zone):%d %b %Y %H:%M}" if at else ""
    typer.echo(visible(f"Case {case.id} is {case.state.value} now: {headline(action, actor, data)}{when}."))


def _later(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A day, an instant, or a span from now on; in UTC."""
    from monitor.cli.service import instant
    from monitor.core.clock import span

    try:
        return now + span(text)
    except ValueError:
        return instant(text, zone, "the time").astimezone(UTC)
