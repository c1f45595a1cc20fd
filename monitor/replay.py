"""`replay`: the stored history, read page by page, judged anew, and laid beside what was made of it.

pages of posts, oldest first -> the new judge -> one verdict for each line that is tried
    -> `monitor.core.replaying` (which asks for the cases of a customer whom only the new judge heard complain)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.collect.ingest import Judge, nearly_the_same
from monitor.core.brand import Brand
from monitor.core.errors import ConfigError
from monitor.core.ingest import customer_of
from monitor.core.model import Case, Heard, Mention, Opinion, Verdict
from monitor.core.ports import Store
from monitor.core.replay_cases import Terms
from monitor.core.replaying import Replay
from monitor.core.rereading import Reread, Stretch
from monitor.core.routing import Routing
from monitor.core.store import Transaction
from monitor.core.triage import verdict
from monitor.settings import Settings

PAGE = 500
IMPORTED = "files"
"""The source of what was imported: all of it is a first reading."""

Keeps = Callable[[str, Mention], bool]
"""Would a post of that feed have been kept?"""


@dataclass(frozen=True, slots=True)
class NewJudge:
    """What judges anew. `keeps` is false for what the other settings would have passed over."""

    judge: Judge
    brand: Brand
    keeps: Keeps

    def opinions(self, posts: Sequence[Reread]) -> list[tuple[Mapping[str, Opinion], bool] | None]:
        """For each post, in order, what is thought of it and whether it would be kept; None: its words are gone."""
        there = [post.heard.mention for post in posts if not post.blanked]
        found = iter(self.judge(there))
        return [
            None if post.blanked else (next(found), self.keeps(post.heard.feed, post.heard.mention))
            for post in posts
        ]

    def verdict(self, mention: Mention, opinions: Mapping[str, Opinion], line: float, kept: bool) -> Verdict:
        own = self.brand.own(mention)
        return verdict(mention, opinions, threshold=line, own=own, matched=kept)


def keeping(settings: Settings, other: Settings, feeds: Callable[[Settings], Mapping[str, Keep]]) -> Keeps:
    """False for what the settings in force keep and the others would not. Feeds that are in only one of the two,
    and imports, are taken as they were heard."""
    if settings is other:
        return lambda _feed, _mention: True
    ours, theirs = feeds(settings), feeds(other)

    def keeps(feed: str, mention: Mention) -> bool:
        if feed not in ours or feed not in theirs:
            return True
        return theirs[feed](mention) or not ours[feed](mention)

    return keeps


Keep = Callable[[Mention], bool]


def terms_of(tx: Transaction, settings: Settings, then: Routing, now: Routing) -> Terms:
    """Raises ConfigError when the database holds posts, but none about this business."""
    feeds = {state.name: state for state in tx.feeds()}
    key = settings.business.key
    strangers = sorted({state.business for state in feeds.values()} - {key})
    if strangers and not any(state.business == key for state in feeds.values()):
        raise ConfigError(
            f"this database holds what was heard of another business ({', '.join(strangers)}, not {key}): "
            "name the right one in storage.url"
        )

    def first_reading(feed: str, at: datetime) -> bool:
        state = feeds.get(feed)
        return state is None or state.source == IMPORTED or state.baselined is None or at <= state.baselined

    rules = [accepted.rule for accepted in tx.rules(key)]
    window = settings.tables.triage.baseline_window
    return Terms(rules, window, first_reading, then, now, nearly_the_same)


def replay(
    store: Store,
    stretch: Stretch,
    judge: NewJudge,
    worlds: Mapping[float, Replay],
    *,
    advance: Callable[[int], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Stretch | None:
    """Read the stretch and let each of the `worlds` (by its line, 0 to 1) take every post of it.

    Holds one page at a time, and no transaction while it judges. Returns what is left of it when it was `stopped`
    before the end, else None.
    """
    after = done = 0
    while True:
        with store.read() as tx:
            page = tx.reread(stretch, after, PAGE)
        if not page:
            return None
        if stopped():
            return Stretch(
                stretch.business,
                page[0].heard.first_seen,
                stretch.until,
                page[0].heard.id,
                stretch.last,
                stretch.posts - done,
            )
        opinions = judge.opinions(page)
        for line, world in worlds.items():
            thoughts = [
                None if found is None else judge.verdict(post.heard.mention, found[0], line, found[1])
                for post, found in zip(page, opinions, strict=True)
            ]
            world.posts.dropped += sum(found is not None and not found[1] for found in opinions)
            past = _past(store, stretch.business, page, thoughts)
            for post, thought in zip(page, thoughts, strict=True):
                mention = post.heard.mention
                world.take(post, thought, past.get((mention.source, customer_of(mention)), ()))
        after, done = page[-1].heard.id, done + len(page)
        advance(len(page))


def _past(
    store: Store, business: str, page: Sequence[Reread], thoughts: Sequence[Verdict | None]
) -> dict[tuple[str, str], list[Case]]:
    """The cases of the customers of whom it matters."""
    asked: dict[str, dict[str, None]] = {}
    for post, thought in zip(page, thoughts, strict=True):
        if Replay.asks(post, thought):
            mention = post.heard.mention
            asked.setdefault(mention.source, {})[customer_of(mention)] = None
    if not asked:
        return {}
    with store.read() as tx:
        return {
            (source, customer): cases
            for source, customers in asked.items()
            for customer, cases in tx.cases_of(business, source, list(customers)).items()
        }


def judged_again(
    store: Store, judge: NewJudge, mention_ids: Sequence[int], line: float
) -> dict[int, tuple[Heard, Verdict]]:
    """Posts with both verdicts, for showing: what the replay itself does not keep."""
    with store.read() as tx:
        found = list(tx.heard_of(mention_ids).values())
    opinions = judge.judge([heard.mention for heard in found])
    return {
        heard.id: (
            heard,
            judge.verdict(heard.mention, views, line, judge.keeps(heard.feed, heard.mention)),
        )
        for heard, views in zip(found, opinions, strict=True)
    }
