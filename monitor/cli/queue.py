"""`complaint-monitor queue`: what a lead sees in Slack's Home, on a terminal."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.app import Json, emit, shared

if TYPE_CHECKING:
    from monitor.core.queue import Line, Queue

SHOWN = 10
"""Lines of each kind, unless it is told otherwise."""
MOST = 1_000_000


def queue(
    ctx: typer.Context,
    mine: Annotated[
        str | None, typer.Option(help="The queue of this person: a name, or a member ID of Slack.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most this many of each kind (10; with --json: all).")
    ] = None,
    as_json: Json = False,
) -> None:
    """What waits, the most urgent first: unclaimed, promised for today, overdue, waiting, won back.

    Example: complaint-monitor queue --mine ann
    """
    from monitor.core.queue import counted
    from monitor.queue import desk_of, queue_of
    from monitor.wiring import open_database, utc_now

    settings = shared(ctx).settings()
    business, feeds = settings.business, settings.tables.feeds
    policy = settings.tables.desk.policy(business.timezone)
    size = limit or (MOST if as_json else SHOWN)
    with closing(open_database(settings)) as store, store.read() as tx:
        desk = desk_of(tx, business, policy, utc_now(), {feed.name: feed.enabled for feed in feeds})
        found = queue_of(tx, desk, mine, size=size)
    if not as_json:
        from monitor.cli.show import queue_page

        queue_page(found)
        return
    emit(
        {
            "person": found.person,
            "clear": found.clear,
            "counts": counted(found),
            "heard": _hearing(found),
            **{one.shelf.value: [_facts(line) for line in one.lines] for one in found.shelves},
        }
    )


def register(app: typer.Typer) -> None:
    app.command()(queue)


def _hearing(found: Queue) -> dict[str, Any]:
    from monitor.health import iso

    hearing = found.hearing
    return {"feeds": hearing.feeds, "troubled": list(hearing.troubled), "last": iso(hearing.last)}


def _facts(line: Line) -> dict[str, Any]:
    from monitor.health import iso

    case, stands = line.case, line.stands
    return {
        "id": case.id,
        "revision": case.revision,
        "state": case.state.value,
        "severity": case.severity.value,
        "customer": case.name or case.customer,
        "owner": case.owner,
        "source": case.source,
        "said": iso(line.said),
        "opened": iso(case.opened),
        "closed": iso(case.closed),
        "due": iso(stands.due),
        "ends": stands.ends.value if stands.ends else None,
        "overdue": stands.overdue,
        "waiting": iso(case.waiting),
        "snoozed": iso(case.snoozed),
        "wake": iso(case.wake),
        "promises": [{"id": one.id, "what": one.what, "due": iso(one.due)} for one in stands.promises],
        "next": line.move.value,
        "how": line.how.value if line.how else None,
        "words": line.quote,
        "url": line.url,
        "link": line.link,
    }
