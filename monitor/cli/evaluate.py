"""`evaluate`: how good the judge is, on posts that somebody labelled or by the labels given at the desk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.app import Json, emit, progress, say, shared
from monitor.core.errors import ConfigError

if TYPE_CHECKING:
    from monitor.core.aspects import Mapped
    from monitor.core.desk import Desk
    from monitor.core.labelled import LabelledSet
    from monitor.evaluate import Evaluation, Figures
    from monitor.settings import Settings

MOST_REJECTS = 100
LONGEST_NAME = 24
ENOUGH_TO_TIME = 300
"""Texts below which a speed tells of the clock, not of the judge."""


def evaluate(
    ctx: typer.Context,
    file: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Labelled posts: CSV, or JSONL with one object a line.",
            show_default=False,
        ),
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(min=0, max=1, help="Try another line than the settings' sensitivity.")
    ] = None,
    stars: Annotated[bool, typer.Option("--stars", help="Let the judge see the stars column.")] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only the first so many rows of each file.")
    ] = None,
    expectations: Annotated[
        Path | None, typer.Option(help="JSON: which expectations are right for each aspect of each set.")
    ] = None,
    as_json: Json = False,
) -> None:
    """How often the judge is right, beside stock VADER. Without a FILE: by the labels given at the desk.

    Knows the columns text, title, label (1 or 0, true or false, yes or no, or empty), stars, aspect, id. Stars
    are left out unless asked for: in most public sets the label was made from them.

    Example: complaint-monitor evaluate reviews.csv --json
    """
    from monitor.connectors import judge_of
    from monitor.core.triage import THRESHOLDS, Sensitivity
    from monitor.evaluate import evaluate as judged
    from monitor.scoring.stock import stock_vader
    from monitor.wiring import labelled_file

    settings = shared(ctx).optional()
    if not file:
        _desk(settings, as_json)
        return
    names = _names([path.stem for path in file])
    sets = [
        labelled_file(path, name, stars=stars, limit=limit) for path, name in zip(file, names, strict=True)
    ]
    mappings = _mappings(expectations, {name: path.stem for path, name in zip(file, names, strict=True)})
    sensitivity = settings.tables.scoring.sensitivity if settings else Sensitivity.NORMAL
    line = THRESHOLDS[sensitivity] if threshold is None else threshold
    most = settings.tables.scoring.max_chars if settings else 20_000
    with progress(sum(len(one.posts) for one in sets), "judging", quiet=as_json) as advance:
        found = judged(sets, judge_of(settings), stock_vader(most), line, mappings=mappings, advance=advance)
    if as_json:
        rejects = {
            one.name: [f"{item.where}: {item.why}" for item in one.rejected[:MOST_REJECTS]]
            for one in sets
            if one.rejected
        }
        rejected = {one.name: len(one.rejected) for one in sets if one.rejected}
        emit({**found.facts(), "rejected": rejected, "rejects": rejects})
    else:
        _page(found, f"{sensitivity.value} sensitivity" if threshold is None else "as asked", stars=stars)
    for one in sets:
        _tell_rejected(one)
    for name, named in found.expectations.items():
        if named.unknown:
            say(f"{name}: the mapping does not know {', '.join(named.unknown)}: taken as saying nothing")
    if expectations and not mappings:
        say(f"{expectations.name} maps none of these sets: {', '.join(names)}")


def register(app: typer.Typer) -> None:
    app.command()(evaluate)


def _names(stems: Sequence[str]) -> list[str]:
    """Each file's name without its ending, told apart where two are alike."""
    names: list[str] = []
    for stem in stems:
        name, number = stem, 1
        while name in names:
            number += 1
            name = f"{stem}-{number}"
        names.append(name)
    return names


def _mappings(path: Path | None, stems: Mapping[str, str]) -> dict[str, Mapped]:
    """By a set's name, the mapping of its file's name."""
    from monitor.core.aspects import read_mapping

    if path is None:
        return {}
    try:
        document = json.loads(path.read_bytes())
    except OSError as fault:
        raise ConfigError(f"{path} cannot be read: {fault.strerror or fault}") from None
    except (ValueError, RecursionError) as fault:
        raise ConfigError(f"{path} is not JSON: {fault}") from None
    known = read_mapping(document, path.name)
    return {name: known[stem] for name, stem in stems.items() if stem in known}


def _tell_rejected(one: LabelledSet) -> None:
    if not one.rejected:
        return
    rows = "1 row" if len(one.rejected) == 1 else f"{len(one.rejected):,} rows"
    say(f"{one.name}: not readable, and in no figure: {rows}")
    for item in one.rejected[:20]:
        say(f"  {item.where}: {item.why}")
    if len(one.rejected) > 20:
        say(f"  and {len(one.rejected) - 20:,} more; --json lists the first {MOST_REJECTS}")


# ── the desk ─────────────────────────────────────────────────────────────────────────────────────────────


def _desk(settings: Settings | None, as_json: bool) -> None:
    from monitor.core.desk import desk
    from monitor.evaluate import desk_labels
    from monitor.wiring import open_database

    if settings is None:
        found = desk(())
    else:
        with closing(open_database(settings)) as store:
            found = desk(desk_labels(store, settings.business))
    if as_json:
        emit({"desk": found.facts()})
    else:
        _desk_page(found)


def _desk_page(found: Desk) -> None:
    from monitor.cli.show import screen, table

    overall = found.overall
    out = screen()
    if not overall.alerts and not overall.missed:
        out.print(
            "No labels were given at the desk yet. To measure on a file of labelled posts, name it: "
            "complaint-monitor evaluate FILE"
        )
        return
    out.print(f"Of {overall.alerts:,} alerts judged at the desk {overall.real:,} were real.")
    if overall.missed:
        out.print(f"{overall.missed:,} complaints that raised no alert were found by people.")
    table(
        "judge",
        "alerts",
        "real",
        "missed",
        "precision",
        rows=[
            (name, tally.alerts, tally.real, tally.missed, _short(tally.precision))
            for name, tally in found.versions.items()
        ],
    )


# ── the figures ──────────────────────────────────────────────────────────────────────────────────────────

COLUMNS = ("n", "pos", "AUC", "AP", "P", "R", "F1", "macro", "flag", "ECE")


def _page(found: Evaluation, origin: str, *, stars: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from monitor.cli.show import screen
    from monitor.logs import visible

    out = screen()
    seen = "stars taken in" if stars else "stars left out"
    out.print(f"Line at {found.threshold:.2f} ({origin}), {seen}; stock VADER's is at -0.05.")
    grid = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    grid.add_column("set", no_wrap=True, overflow="ellipsis", max_width=LONGEST_NAME)
    for name in COLUMNS:
        grid.add_column(name, justify="right", no_wrap=True)
    shown = list(found.sets.items())
    if found.overall and len(shown) > 1:
        shown.append(("overall", found.overall))
    for name, one in shown:
        total = (f"{one.judge.n}", "–" if one.judge.positives is None else f"{one.judge.positives}")
        grid.add_row(
            Text(visible(name)), *total, *_cells(one.judge), style="bold" if name == "overall" else ""
        )
        grid.add_row(Text("  VADER", style="dim"), "", "", *_cells(one.vader), style="dim")
    out.print(grid)
    if found.mean_auc is not None:
        out.print(f"Mean AUC {_auc(found.mean_auc)}, VADER's {_auc(found.vader_mean_auc)}.")
    left_out = {name: one.unlabelled for name, one in found.sets.items() if one.unlabelled}
    if left_out:
        told = ", ".join(f"{count:,} in {visible(name)}" for name, count in left_out.items())
        out.print(f"Rows without a label are in no figure: {told}.")
    for name, named in found.expectations.items():
        figures = f"P {_short(named.precision)}, R {_short(named.recall)}, F1 {_short(named.f1)}"
        anyway = f"{_short(found.expectations_all[name].f1)} if each were a complaint"
        out.print(f"Expectations, {visible(name)}: {figures} ({named.aspects:,} aspects; F1 {anyway}).")
    timed = sum(one.judge.n + one.unlabelled for one in found.sets.values())
    if timed >= ENOUGH_TO_TIME and found.texts_per_second and found.vader_texts_per_second:
        times = found.texts_per_second / found.vader_texts_per_second
        out.print(
            f"Per second of one core the complaint scorer judges {found.texts_per_second:,.0f} texts, stock VADER "
            f"{found.vader_texts_per_second:,.0f} ({times:.2f} times its speed), all scorers together "
            f"{found.all_texts_per_second:,.0f}."
        )


def _cells(one: Figures) -> tuple[str, ...]:
    return (
        _auc(one.auc),
        *map(_short, (one.ap, one.precision, one.recall, one.f1, one.macro_f1, one.flagged, one.ece)),
    )


def _short(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".removeprefix("0")


def _auc(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}".removeprefix("0")
