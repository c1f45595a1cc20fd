"""`complaint-monitor cases …`: the desk on the command line."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.app import Json, emit, shared
from monitor.cli.verdicts import broken, judged

if TYPE_CHECKING:
    from monitor.core.model import Case, Heard, Promise

app = typer.Typer(help="The customers' cases: list, show, and move them on.", no_args_is_help=True)

FOUND = 50
"""Cases that a search shows, unless it is told otherwise."""

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
    find: Annotated[
        str, typer.Option(help="Only those with these words in name or posts, closed ones too.")
    ] = "",
    owner: Annotated[str, typer.Option(help="Only the unclosed ones of this person.")] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="At most this many.")] = None,
    as_json: Json = False,
) -> None:
    """Cases, worst first; those found by their words, newest first.

    Example: complaint-monitor cases list --state open --limit 20
    """
    from monitor.core.model import UNCLOSED, State
    from monitor.recover import with_cues
    from monitor.wiring import open_database

    try:
        states = [State(one) for one in state] if state else None if everything or as_json else list(UNCLOSED)
    except ValueError as fault:
        raise typer.BadParameter(f"{fault}; states are {', '.join(State)}") from None
    settings = shared(ctx).settings()
    with closing(open_database(settings)) as store:
        with store.read() as tx:
            if find:
                found = tx.find_cases(settings.business.key, find, limit or FOUND)
            elif owner:
                found = tx.owned(settings.business.key, owner)[:limit]
            else:
                found = tx.cases(states=states, limit=limit)
        rows = with_cues(store, found)
    if as_json:
        emit([facts(case, cue) for case, cue in rows])
        return
    from monitor.cli.show import case_table

    case_table(rows)


@app.command()
def show(ctx: typer.Context, case_id: Id, as_json: Json = False) -> None:
    """One case: every word, every reason, the whole history.

    Example: complaint-monitor cases show 12
    """
    from monitor.health import iso
    from monitor.places import routes_of
    from monitor.recover import file_of
    from monitor.wiring import open_database

    settings = shared(ctx).settings()
    with closing(open_database(settings)) as store:
        file = file_of(store, case_id)
        with store.read() as tx:
            card = tx.card_of(case_id, "slack")
    routed = None
    if file.cue is not None:
        routed = routes_of(settings).of(file.cue.mention, file.cue.verdict, file.case.severity)
    if not as_json:
        from monitor.cli.explain import way
        from monitor.cli.show import case_file

        case_file(file, settings.business.timezone)
        if routed is not None and settings.tables.slack.routes:
            typer.echo(way(routed))
            if card is not None and card.destination != f"slack:{routed.channel}":
                typer.echo(f"Its card is in {card.destination.removeprefix('slack:')}, and stays there.")
        return
    emit(
        facts(file.case, file.cue)
        | {
            "channel": card.destination.removeprefix("slack:") if card else None,
            "route": routed._asdict() if routed else None,
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
                    "data": event.data or {},
                }
                for event in file.events
            ],
            "pauses": [[iso(start), iso(end)] for start, end in file.case.pauses],
            "promises": [promised(promise) for promise in file.promises],
            "past": {
                "complaints": file.past.complaints,
                "since": iso(file.past.since),
                "cases": {state.value: number for state, number in file.past.cases.items()},
            },
            "linked": list(file.linked),
        }
    )


def facts(case: Case, cue: Heard | None) -> dict[str, Any]:
    from monitor.health import iso

    return {
        "id": case.id,
        "state": case.state.value,
        "severity": case.severity.value,
        "customer": case.name or case.customer,
        "opened": iso(case.opened),
        "owner": case.owner,
        "claimed": iso(case.claimed),
        "contacted": iso(case.contacted),
        "touched": iso(case.touched),
        "waiting": iso(case.waiting),
        "snoozed": iso(case.snoozed),
        "wake": iso(case.wake),
        "level": case.level,
        "escalated": iso(case.escalated),
        "reminded": iso(case.reminded),
        "closed": iso(case.closed),
        "source": case.source,
        "url": case.url,
        "words": cue.mention.words if cue else None,
        "reasons": list(case.reasons),
        "backlog": case.backlog,
    }


def promised(promise: Promise) -> dict[str, Any]:
    from monitor.health import iso

    return {
        "id": promise.id,
        "what": promise.what,
        "due": iso(promise.due),
        "made": iso(promise.made),
        "by": promise.made_by,
        "outcome": promise.outcome,
        "ended": iso(promise.ended),
        "nudged": promise.nudged,
    }
