"""`complaint-monitor escalate`: what the clocks of the cases ask for, now and next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from monitor.cli.app import Json, emit, shared

if TYPE_CHECKING:
    from monitor.core.duties import Duty
    from monitor.core.policy import Ladder
    from monitor.escalate import Upcoming


def escalate(
    ctx: typer.Context,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what is due, and what comes next for each case.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Do what is due: wake, remind, release, call for promises, and go up the ladder.

    The service does so every minute, and `run --once` in each round. What is told goes into the outbox.

    Example: complaint-monitor escalate --dry-run
    """
    from monitor.core.deeds import facts_of
    from monitor.wiring import open_app

    settings = shared(ctx).settings()
    with open_app(settings) as app:
        now, ladder = app.now(), app.clockwork.policy.ladder
        if dry_run:
            found = list(app.clockwork.upcoming(now))
            if as_json:
                emit([_facts(one, ladder) for one in found])
            else:
                _page(found, ladder, settings.zone)
            return
        app.prepare()
        done = app.clockwork.run(now)
        if as_json:
            emit(
                [{"case": case.id, "revision": case.revision} | facts_of(duty, ladder) for case, duty in done]
            )
            return
        for case, duty in done:
            _line(f"case {case.id}", duty, ladder)
        typer.echo(f"{len(done)} due." if done else "Nothing is due.")


def _facts(one: Upcoming, ladder: Ladder) -> dict[str, Any]:
    from monitor.core.deeds import facts_of
    from monitor.health import iso

    return {
        "case": one.case.id,
        "state": one.case.state.value,
        "owner": one.case.owner,
        "level": one.case.level,
        "due": [facts_of(duty, ladder) for duty in one.due],
        "next_at": iso(one.at),
        "next": [facts_of(duty, ladder) for duty in one.next],
    }


def _page(found: list[Upcoming], ladder: Ladder, zone: ZoneInfo) -> None:
    if not found:
        typer.echo("No clock runs: there is no open case, and no promise.")
    for one in found:
        owner = one.case.owner or "nobody has it"
        typer.echo(_shown(f"case {one.case.id} · {one.case.severity} · {one.case.state} · {owner}"))
        for duty in one.due:
            _line("  now", duty, ladder)
        at = f"  {one.at.astimezone(zone):%a %-d %b %H:%M %Z}" if one.at else ""
        for duty in one.next:
            _line(at, duty, ladder)
        if not one.next:
            typer.echo("  nothing more, as it stands")


def _line(lead: str, duty: Duty, ladder: Ladder) -> None:
    from monitor.core.deeds import facts_of
    from monitor.core.moves import CLOCK
    from monitor.core.story import headline

    facts = facts_of(duty, ladder)
    told = headline(str(facts["action"]), CLOCK, facts).removesuffix(", by")
    typer.echo(_shown(f"{lead}: {told}"))


def _shown(text: str) -> str:
    from monitor.logs import visible

    return visible(text if len(text) <= 80 else f"{text[:79]}…")


def register(app: typer.Typer) -> None:
    app.command()(escalate)
