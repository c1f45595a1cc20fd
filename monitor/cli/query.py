"""`query`: what a query would keep and drop, before it stands in the settings."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.app import Json, emit, say, shared
from monitor.cli.service import mapping_of

if TYPE_CHECKING:
    from monitor.collect.feeds import Listening
    from monitor.core.model import Business, Mention
    from monitor.core.preview import Ask, Change, Preview
    from monitor.core.query import Query
    from monitor.settings import Settings

PAGE = 500
NEVER_STORED = (
    "Posts that were passed over are not stored. What a search would drop: `complaint-monitor try SOURCE KEY=VALUE... "
    "match=false keep='QUERY'`."
)


def query(
    ctx: typer.Context,
    expression: Annotated[
        str, typer.Argument(help="The query, in quotes of your shell.", show_default=False)
    ],
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Try it on these (CSV or JSONL) instead of what is stored.", show_default=False),
    ] = None,
    feed: Annotated[
        str | None, typer.Option(help="As the `keep` of this feed, on what is stored of it.")
    ] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="With FILES: FIELD=COLUMN (repeatable).")
    ] = None,
    scale: Annotated[float, typer.Option(help="With FILES: the best grade of their ratings.")] = 5,
    limit: Annotated[
        int, typer.Option(min=1, help="Read at most this many posts, the newest first.")
    ] = 10_000,
    examples: Annotated[int, typer.Option(min=0, help="Show so many posts of each change.")] = 5,
    as_json: Json = False,
) -> None:
    """What a query would keep and drop, compared with what is kept now. Changes nothing.

    Example: complaint-monitor query 'acme AND (coffee OR cafe) NOT jobs' reviews.csv
    """
    from monitor.core.preview import preview
    from monitor.core.query import QueryError, parse

    try:
        wanted = parse(expression)
    except QueryError as fault:
        raise typer.BadParameter(str(fault)) from None
    if files and feed:
        raise typer.BadParameter("--feed is for what is stored: leave it out, or the files")
    heap = _Heap()
    settings: Settings | None
    if files:
        settings = shared(ctx).optional()
        posts = _of_files(files, columns or [], scale, heap)
    else:
        settings = shared(ctx).settings()
        posts = _of_store(settings, feed, heap)
    now, then = _asks(settings, wanted, feed)
    with closing(posts):
        made = preview(islice(posts, limit), now, then, examples)
    if as_json:
        emit(_facts(wanted, made, heap))
        return
    from monitor.cli.show import preview_page

    preview_page(str(wanted), made)
    for told in heap.rejected[:20]:
        say(f"not readable: {told}")
    if heap.aside:
        say(
            f"{heap.aside} posts are left aside: their feeds need not name the business, so business.query is not "
            "asked. --feed NAME shows the query as the `keep` of one feed."
        )
    if not files:
        say(NEVER_STORED)
    elif settings is None:
        say("No settings file: compared with keeping everything.")


@dataclass
class _Heap:
    """What was not compared."""

    aside: int = 0
    rejected: list[str] = field(default_factory=list)


def _of_files(
    files: list[Path], columns: list[str], scale: float, heap: _Heap
) -> Generator[Mention, None, None]:
    from monitor.wiring import file_pages

    mapping = mapping_of(columns)
    for file in files:
        for page in file_pages(file, file.stem, mapping, scale)[0]:
            heap.rejected += [f"{file.name} {item.where}: {item.why}" for item in page.rejected]
            yield from page.mentions


def _of_store(settings: Settings, feed: str | None, heap: _Heap) -> Generator[Mention, None, None]:
    """The posts that the query would be asked of: those of `feed`, or of all feeds that must name the business."""
    from monitor.wiring import open_database

    free = {one.name for one in _listening(settings) if not one.must_name} if feed is None else set()
    before: int | None = None
    with closing(open_database(settings)) as store:
        while True:
            with store.read() as tx:
                page = tx.latest(settings.business.key, before=before, limit=PAGE)
            for heard in page:
                if heard.feed in free:
                    heap.aside += 1
                elif feed is None or heard.feed == feed:
                    yield heard.mention
            if len(page) < PAGE:
                return
            before = page[-1].id


def _listening(settings: Settings) -> list[Listening]:
    from monitor.connectors import feed_of

    return [feed_of(section, settings, index) for index, section in enumerate(settings.tables.feeds)]


def _asks(settings: Settings | None, wanted: Query, feed: str | None) -> tuple[Ask, Ask]:
    """Why a post is kept now, and why it would be."""
    from monitor.core.brand import Brand
    from monitor.core.model import Business

    if settings is None:
        return (lambda _: "everything is kept"), Brand(Business("-", query=wanted)).reason
    business = settings.business
    if feed is None:
        return Brand(business).reason, Brand(replace(business, query=wanted)).reason
    listening = next((one for one in _listening(settings) if one.name == feed), None)
    if listening is None:
        known = ", ".join(section.name for section in settings.tables.feeds) or "none"
        raise typer.BadParameter(f"--feed: there is no feed called {feed}; known are: {known}")
    return _keeping(listening, business), _keeping(replace(listening, keep=wanted), business)


def _keeping(listening: Listening, business: Business) -> Ask:
    from monitor.core.brand import Brand

    brand = Brand(business)

    def ask(mention: Mention) -> str | None:
        if not listening.about(mention, brand):
            return None
        if listening.keep is not None:
            return listening.keep.reason(mention)
        return brand.reason(mention) if listening.must_name else "the feed keeps everything"

    return ask


def _facts(wanted: Query, made: Preview, heap: _Heap) -> dict[str, Any]:
    return {
        "query": str(wanted),
        "read": made.read,
        "kept_by_both": made.kept_by_both,
        "newly_kept": made.newly_kept,
        "newly_dropped": made.newly_dropped,
        "dropped_by_both": made.dropped_by_both,
        "aside": heap.aside,
        "rejected": len(heap.rejected),
        "examples": {
            "newly_kept": [_change(change) for change in made.kept_examples],
            "newly_dropped": [_change(change) for change in made.dropped_examples],
        },
    }


def _change(change: Change) -> dict[str, Any]:
    mention = change.mention
    return {
        "source": mention.source,
        "id": mention.native_id,
        "author": mention.author.name or None,
        "url": mention.url,
        "words": mention.words,
        "why": change.why,
    }


def register(app: typer.Typer) -> None:
    app.command()(query)
