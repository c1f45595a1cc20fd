"""Home: the queue of one person, drawn whole each time. Pure.

Every button that turns a page says all the pages it leads to (`read_pages`), so that nothing need be remembered for it.
Home takes a hundred blocks; of six full shelves it has sixty-three.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from alerts import phrases
from alerts.slack.blocks import Block, context, section
from alerts.slack.buttons import plain
from alerts.slack.escape import date, literal
from alerts.slack.queue_lines import line_block
from monitor.core.queue import Queue, Shelf, Shown
from monitor.core.queue_words import SHORT, TITLES, beyond, clear, heard

TURN = "home"
"""The action ids of the buttons that only draw Home anew begin with it: `home:refresh`, `home:mine:next`."""
LINES = 8
"""More lines of a shelf are not drawn, whatever the queue holds."""
BYTES = 95_000
"""Of a view as it is sent, where a face takes twelve. Slack takes 250,000; what is far below is surely taken."""
Pages = Mapping[Shelf, int]


def home(queue: Queue) -> dict[str, Any]:
    """The view for views.publish."""
    view = _view(queue, brief=False)
    return view if len(json.dumps(view)) <= BYTES else _view(queue, brief=True)


def read_pages(value: str) -> Pages:
    """What the value of a button of ours says. What nobody of us wrote leads to the first pages."""
    try:
        told = json.loads(value) if len(value) <= 2_000 else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    known = {shelf.value: shelf for shelf in Shelf}
    return {
        known[key]: page
        for key, page in told.items()
        if key in known and type(page) is int and 1 < page < 1_000_000
    }


def _view(queue: Queue, *, brief: bool) -> dict[str, Any]:
    zone = phrases.zone(queue.timezone)
    pages = {one.shelf: one.page for one in queue.shelves if one.page > 1}
    blocks = _top(queue, pages, zone)
    for one in queue.shelves:
        if one.lines:
            blocks += _shelf(one, queue, pages, zone, brief=brief)
    return {"type": "home", "blocks": blocks}


def _top(queue: Queue, pages: Pages, zone: tzinfo) -> list[Block]:
    counts = [f"*{number:,}* {SHORT[shelf]}" for shelf, number in queue.counts.items() if number]
    head = "*Your queue*" + (f"\n{' · '.join(counts)}" if counts else "")
    first = section(head) | {"accessory": _turn("refresh", "Refresh", pages)}
    told = [f"Drawn {date(queue.now, phrases.moment(queue.now, zone))}"]
    told += [literal(more, 160) for more in (beyond(queue),) if more]
    well = queue.hearing.feeds and not queue.hearing.troubled
    sound = literal(heard(queue.hearing, queue.now), 400)
    blocks = [first]
    if queue.clear:
        blocks.append(section(f":sunny: *{literal(clear(queue), 200)}*"))
    blocks.append(context(f"{':ear:' if well else ':warning:'} {sound}"))
    return [*blocks, context(" · ".join(told))]


def _shelf(one: Shown, queue: Queue, pages: Pages, zone: tzinfo, *, brief: bool) -> list[Block]:
    where = f", page {one.page:,} of {one.pages:,}" if one.pages > 1 else ""
    blocks = [section(f"*{TITLES[one.shelf]}* ({one.total:,}{where})")]
    blocks += [line_block(line, queue.now, zone, brief=brief) for line in one.lines[:LINES]]
    turns = []
    if one.page > 1:
        turns.append(_turn(f"{one.shelf.value}:back", "Back", _turned(pages, one.shelf, one.page - 1)))
    if one.page < one.pages:
        turns.append(_turn(f"{one.shelf.value}:next", "Next", _turned(pages, one.shelf, one.page + 1)))
    return [*blocks, {"type": "actions", "elements": turns}] if turns else blocks


def _turned(pages: Pages, shelf: Shelf, page: int) -> Pages:
    return {one: number for one, number in {**pages, shelf: page}.items() if number > 1}


def _turn(which: str, words: str, pages: Pages) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": f"{TURN}:{which}",
        "text": plain(words),
        "value": json.dumps({shelf.value: page for shelf, page in pages.items()}),
    }
