"""`replay`: what would have alerted under other settings or a newer judge, before anybody switches it on."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.app import Json, emit, progress, say, shared
from monitor.cli.service import ends_in_order, instants
from monitor.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.replay import Keep
    from monitor.settings import Settings

INTERRUPTED = 130
EVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


def replay(
    ctx: typer.Context,
    since: Annotated[
        str | None, typer.Option(help="Posts heard from this day or instant on, in the business's zone.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Up to this day or instant, itself not included.")] = None,
    settings: Annotated[
        Path | None, typer.Option(help="Judge by this settings file; default: by the one in force.")
    ] = None,
    threshold: Annotated[
        list[float] | None,
        typer.Option(min=0, max=1, help="Another line than the settings' sensitivity; several are compared."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the last so many posts.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every case that would be otherwise.")
    ] = False,
    as_json: Json = False,
) -> None:
    """What would have alerted, and what not, had this judge heard what is stored. Changes nothing, sends nothing.

    Example: complaint-monitor replay --since 2026-11-01 --settings tried.toml
    """
    from monitor.cli.replay_facts import facts
    from monitor.cli.replay_page import page
    from monitor.cli.replay_shown import Replayed
    from monitor.connectors import judge_of
    from monitor.core.brand import Brand
    from monitor.core.replay_diff import outcome
    from monitor.core.replaying import Replay
    from monitor.core.triage import THRESHOLDS
    from monitor.places import routes_of
    from monitor.replay import NewJudge, keeping, terms_of
    from monitor.replay import replay as replayed
    from monitor.wiring import open_database

    ours = shared(ctx).settings()
    theirs = _other(settings, ours)
    start, end = instants(since, until, ours.zone)
    sensitivity = theirs.tables.scoring.sensitivity
    lines = list(dict.fromkeys(threshold or [THRESHOLDS[sensitivity]]))
    judge = NewJudge(judge_of(theirs).judge, Brand(theirs.business), keeping(ours, theirs, _feeds))
    stop = threading.Event()
    with closing(open_database(ours)) as store:
        with store.read() as tx:
            terms = terms_of(tx, ours, routes_of(ours), routes_of(theirs))
            stretch = tx.stretch(ours.business.key, start or EVER[0], end or EVER[1], limit)
            first = tx.reread(stretch, limit=1) if stretch else []
        if stretch is None:
            emit({"posts": 0, "lines": []}) if as_json else typer.echo("Nothing was heard in this span.")
            return
        worlds = {line: Replay(terms, stretch.since) for line in lines}
        with (
            ends_in_order(stop),
            progress(stretch.posts, "judging anew", quiet=as_json, rate=True) as advance,
        ):
            rest = replayed(store, stretch, judge, worlds, advance=advance, stopped=stop.is_set)
        made = {line: outcome(world.posts, world.units) for line, world in worlds.items()}
        told = Replayed(
            store=store,
            judge=judge,
            outcomes=made,
            first=first[0].heard.first_seen,
            asked_since=start,
            asked_until=end,
            total=stretch.posts,
            rest=rest,
            under=settings.name if settings else "",
            origin=f"{sensitivity.value} sensitivity" if threshold is None else "as asked",
            zone=ours.zone,
        )
        if as_json:
            emit(facts(told))
        else:
            page(told, everything=everything)
    if rest is not None:
        say(f"Interrupted: {rest.posts:,} of {stretch.posts:,} posts were not judged anew.")
        raise typer.Exit(INTERRUPTED)


def _other(path: Path | None, ours: Settings) -> Settings:
    """The settings to try. Raises ConfigError where they cannot be used, or are another business's."""
    from monitor.core.brand import fold
    from monitor.settings import load

    if path is None:
        return ours
    theirs = load(path, tokens=False)

    def names(settings: Settings) -> set[str]:
        business = settings.business
        return {fold(name) for name in (business.name, *business.aliases)}

    if names(ours).isdisjoint(names(theirs)):
        raise ConfigError(
            f"{path} is about {theirs.business.name}, and what is stored is about {ours.business.name}: replay "
            "compares two settings of one business. If it has a new name, write the old one into business.aliases."
        )
    return theirs


def _feeds(settings: Settings) -> Mapping[str, Keep]:
    """By feed, what would be kept of it."""
    from monitor.connectors import feed_of
    from monitor.core.brand import Brand

    brand = Brand(settings.business)
    listening = [feed_of(section, settings, index) for index, section in enumerate(settings.tables.feeds)]
    return {one.name: partial(one.about, brand=brand) for one in listening}


def register(app: typer.Typer) -> None:
    app.command()(replay)
