"""`complaint-monitor cases …`: the desk on the command line."""

from __future__ import annotations

import getpass
from contextlib import closing
from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.app import Json, emit, shared
from monitor.cli.verdicts import broken, judged
from monitor.core.cases import DONE, Action

if TYPE_CHECKING:
    from monitor.core.model import Case, Heard

app = typer.Typer(help="The customers' cases: list, show, and move them on.", no_args_is_help=True)

Id = Annotated[int, typer.Argument(help="The case's number, as in `cases list`.", show_default=False)]
By = Annotated[str | None, typer.Option("--as", help="Who does it (default: your login name).")]
Text = Annotated[str, typer.Option("--note", "-n", help="What was said or why, kept in the case's history.")]


@app.command("list")
def list_cases(
    ctx: typer.Context,
    state: Annotated[list[str] | None, typer.Option(help="Only these states (repeatable).")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Closed cases too (with --json: always).")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most this many.")] = None,
    as_json: Json = False,
) -> None:
    """Cases, worst first.

    Example: complaint-monitor cases list --state open --limit 20
    """
    from monitor.core.day import UNCLOSED
    from monitor.core.model import State
    from monitor.recover import with_cues
    from monitor.wiring import open_database

    try:
        states = [State(one) for one in state] if state else None if everything or as_json else list(UNCLOSED)
    except ValueError as fault:
        raise typer.BadParameter(f"{fault}; states are {', '.join(State)}") from None
    with closing(open_database(shared(ctx).settings())) as store:
        with store.read() as tx:
            found = tx.cases(states=states, limit=limit)
        rows = with_cues(store, found)
    if as_json:
        emit([_facts(case, cue) for case, cue in rows])
        return
    from monitor.cli.show import case_table

    case_table(rows)


@app.command()
def show(ctx: typer.Context, case_id: Id, as_json: Json = False) -> None:
    """One case: every word, every reason, the whole history.

    Example: complaint-monitor cases show 12
    """
    from monitor.health import iso
    from monitor.recover import file_of
    from monitor.wiring import open_database

    settings = shared(ctx).settings()
    with closing(open_database(settings)) as store:
        file = file_of(store, case_id)
    if not as_json:
        from monitor.cli.show import case_file

        case_file(file, settings.business.timezone)
        return
    emit(
        _facts(file.case, file.cue)
        | {
            "revision": file.case.revision,
            "backlog": file.case.backlog,
            "mentions": [
                {
                    "id": heard.mention.native_id,
                    "feed": heard.feed,
                    "author": heard.mention.author.name or None,
                    "published": iso(heard.mention.published),
                    "edited": iso(heard.mention.edited),
                    "first_seen": iso(heard.first_seen),
                    "gone_at": iso(heard.gone_at),
                    "url": heard.mention.url,
                    "words": heard.mention.words,
                    **judged(heard.verdict),
                    "signals": list(heard.verdict.signals),
                    "evidence": [e.words for e in heard.verdict.evidence],
                    "expectations": broken(heard.verdict),
                    "staff": list(heard.verdict.staff),
                    "kind": heard.verdict.kind,
                }
                for heard in file.mentions
            ],
            "events": [
                {
                    "at": iso(event.at),
                    "actor": event.actor,
                    "action": event.action,
                    "before": event.before,
                    "after": event.after,
                    "note": event.note,
                }
                for event in file.events
            ],
        }
    )


@app.command()
def claim(ctx: typer.Context, case_id: Id, by: By = None, note: Text = "", as_json: Json = False) -> None:
    """Take a case: from now on it is yours.

    Example: complaint-monitor cases claim 12 --as dana
    """
    _move(ctx, case_id, Action.CLAIM, by, note, as_json)


@app.command()
def contact(ctx: typer.Context, case_id: Id, by: By = None, note: Text = "", as_json: Json = False) -> None:
    """Note that the customer got an answer.

    Example: complaint-monitor cases contact 12 --note "Called her; she gets a new bag"
    """
    _move(ctx, case_id, Action.CONTACT, by, note, as_json)


@app.command()
def recover(ctx: typer.Context, case_id: Id, by: By = None, note: Text = "", as_json: Json = False) -> None:
    """Close a case: the customer was won back.

    Example: complaint-monitor cases recover 12 --note "Changed the review to five stars"
    """
    _move(ctx, case_id, Action.RECOVER, by, note, as_json)


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


def _move(
    ctx: typer.Context,
    case_id: int,
    action: Action,
    by: str | None,
    note: str,
    as_json: bool,
    *,
    erred: bool = False,
) -> None:
    from datetime import datetime

    from monitor.recover import move
    from monitor.wiring import open_database

    actor = by or getpass.getuser()
    with closing(open_database(shared(ctx).settings())) as store:
        case = move(store, case_id, action, actor, datetime.now(UTC), note=note, not_a_complaint=erred)
    if as_json:
        emit(_facts(case, None))
    else:
        typer.echo(f"Case {case.id} is {case.state.value} now: {actor} {DONE[action]}.")


def _facts(case: Case, cue: Heard | None) -> dict[str, Any]:
    from monitor.health import iso

    return {
        "id": case.id,
        "state": case.state.value,
        "severity": case.severity.value,
        "customer": case.name or case.customer,
        "opened": iso(case.opened),
        "owner": case.owner,
        "source": case.source,
        "url": case.url,
        "words": cue.mention.words if cue else None,
        "reasons": list(case.reasons),
        "backlog": case.backlog,
    }
