"""`explain`: how one text is judged, by whom, on which words, and what would have changed it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.app import Json, emit, shared
from monitor.cli.verdicts import broke, broken, judged

if TYPE_CHECKING:
    from monitor.core.routing import Routed
    from monitor.explain import Explanation


def explain(
    ctx: typer.Context,
    text: Annotated[
        str, typer.Argument(help="The words to judge; - reads standard input.", show_default=False)
    ],
    stars: Annotated[float | None, typer.Option(min=0, max=5, help="As if rated so, of 5.")] = None,
    source: Annotated[str, typer.Option(help="As if said there, such as appstore: for routes.")] = "explain",
    place: Annotated[str | None, typer.Option(help="As if it were about this place: for routes.")] = None,
    as_json: Json = False,
) -> None:
    """How a text would be judged, on which words, and what would have changed the verdict.

    Example: complaint-monitor explain "They promised a callback and never called" --stars 2
    """
    from monitor.connectors import judge_of
    from monitor.core.model import Mention, Place, Rating
    from monitor.core.triage import Sensitivity
    from monitor.explain import explain as explained
    from monitor.places import routes_of

    words = sys.stdin.buffer.read().decode("utf-8", "replace") if text == "-" else text
    settings = shared(ctx).optional()
    rating = Rating(stars, 5.0, lowest=min(1.0, stars)) if stars is not None else None
    mention = Mention(source, "1", words, rating=rating, place=Place(location=place))
    sensitivity = settings.tables.scoring.sensitivity if settings else Sensitivity.NORMAL
    found = explained(mention, judge_of(settings).judge, sensitivity)
    routed = routes_of(settings).of(mention, found.verdict) if settings else None
    told = routed if routed is not None and found.verdict.is_complaint else None
    if as_json:
        emit(facts(found) | {"route": told._asdict() if told else None})
    else:
        show(found)
        if told is not None and settings is not None and settings.tables.slack.routes:
            typer.echo(way(told))


def way(routed: Routed) -> str:
    """Where a case goes, and why."""
    from monitor.logs import visible

    channel = routed.channel or "the console"
    return visible(f"It goes to {channel}: {'; '.join(routed.reasons)}")


def facts(found: Explanation) -> dict[str, Any]:
    verdict = found.verdict
    return {
        **judged(verdict),
        "threshold": found.line,
        "expectations": broken(verdict),
        "signals": list(verdict.signals),
        "praise": verdict.praise,
        "staff": list(verdict.staff),
        "resolved": "resolved" in verdict.signals,
        "kind": verdict.kind,
        "language": verdict.language,
        "evidence": [item.words for item in verdict.evidence],
        "sentiment": verdict.sentiment,
        "version": verdict.version,
        "opinions": {
            name: {
                "value": _rounded(said.value),
                "label": said.label,
                "version": said.version,
                "notes": list(said.notes),
            }
            for name, said in found.opinions.items()
        },
        "changes": [{"what": change.what, "complaint": round(change.to, 4)} for change in found.changes],
    }


def show(found: Explanation) -> None:
    from monitor.cli.show import screen
    from monitor.core.triage import KINDS, MEANING, figure
    from monitor.logs import visible

    out = screen()
    verdict = found.verdict
    word = f"A complaint, {verdict.severity.value}" if verdict.severity else "No complaint"
    out.print(
        f"{word}: {figure(verdict.complaint)}, where {found.line:g} and more is a case "
        f"({found.sensitivity.value} sensitivity)",
        style="bold",
    )
    if verdict.kind:
        out.print(f"  it is rather: {KINDS.get(verdict.kind, verdict.kind)}")
    for reason in verdict.reasons:
        out.print(visible(f"  why: {reason}"))
    for item in broke(verdict):
        # the stars stand nowhere in the text
        shown = f"on the words “{item.words}”" if item.end > item.start else f"by {item.words}"
        out.print(visible(f"  broke: {item.signal.replace('_', ' ')}, {shown}"))
    for item in verdict.evidence:
        # what is no complaint may hold both words of praise and a grievance that did not suffice
        head = "on the words" if verdict.is_complaint else "heard, for or against"
        out.print(visible(f"  {head}: “{item.words}” ({item.signal})"))
    if verdict.staff:
        out.print(visible(f"  staff: {', '.join(verdict.staff)}"))
    out.print(f"  language: {verdict.language or 'not known'}")
    out.print("Each opinion", style="bold")
    for name, said in found.opinions.items():
        value = said.label or ("no view" if said.value is None else figure(said.value))
        if name in _QUIET and said.value is None:
            continue
        out.print(
            visible(f"  {name}: {value} ({said.version}){'; ' if said.notes else ''}{'; '.join(said.notes)}")
        )
    out.print("What would have changed it", style="bold")
    for change in found.changes:
        out.print(visible(f"  {change.what}: {figure(change.to)}"))
    if not found.changes:
        out.print("  nothing that was tried: other stars, another sensitivity, the words above left out")
    out.print(f"With {found.sensitivity.value} sensitivity {MEANING[found.sensitivity]}")


_QUIET = {"expectations", "staff", "kind"}
"""What these say stands above already."""


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def register(app: typer.Typer) -> None:
    app.command()(explain)
