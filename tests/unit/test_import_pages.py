"""A file comes in as one reading of a feed of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import ACME, LOVELY, NOW, Clock, judge, said

from monitor.collect.files import import_pages
from monitor.collect.ingest import Ingest, Reading
from monitor.core.day import NEVER_DUE
from monitor.core.errors import ConfigError, Conflict
from monitor.core.intents import Alert
from monitor.core.message import Kind
from monitor.core.model import Mention, Page, Rejected
from monitor.core.store import FeedState
from storage.engine import open_store
from storage.store import SqlStore

WHERE = "slack:C1"
OLD = timedelta(days=90)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store("sqlite:///monitor.db", settings_dir=tmp_path)
    yield store
    store.close()


def page(*mentions: Mention, rejected: tuple[Rejected, ...] = ()) -> Page:
    return Page(mentions, {}, rejected)


def bring(
    store: SqlStore,
    *pages: Page | Exception,
    alert: Alert = Alert.RECENT,
    match: bool = False,
    feed: str = "shop",
    seen: list[int] | None = None,
) -> Reading:
    def reading() -> Iterator[Page]:
        for one in pages:
            if isinstance(one, Exception):
                raise one
            yield one

    ingest = Ingest(store, judge, ACME, 0.5, timedelta(days=1), WHERE)
    return import_pages(
        ingest,
        feed,
        reading(),
        alert=alert,
        match=match,
        now=Clock(),
        lease=timedelta(minutes=5),
        on_page=(seen if seen is not None else []).append,
    )


def file(*numbers: int, **more: object) -> Page:
    return page(*(said(f"row-{n}", by=f"p{n}", source="files", **more) for n in numbers))  # type: ignore[arg-type]


def kinds(store: SqlStore) -> list[Kind]:
    with store.read() as tx:
        return [row.kind for row in tx.ready(NOW, [WHERE])]


def state(store: SqlStore, name: str = "shop") -> FeedState:
    with store.read() as tx:
        return next(feed for feed in tx.feeds() if feed.name == name)


@pytest.mark.parametrize(
    ("alert", "told"),
    [
        (Alert.ALL, [Kind.CARD] * 3),
        (Alert.RECENT, [Kind.CARD, Kind.BACKLOG]),
        (Alert.NONE, [Kind.BACKLOG]),
    ],
)
def test_what_is_alerted_singly_is_what_was_asked_for(
    store: SqlStore, alert: Alert, told: list[Kind]
) -> None:
    result = bring(store, file(1), file(2, ago=OLD), file(3, ago=None), alert=alert)
    assert (result.added, result.complaints) == (3, 3)
    assert sorted(kinds(store)) == sorted(told), "and the summary may go at once"


def test_the_same_file_again_adds_nothing(store: SqlStore) -> None:
    bring(store, file(1, 2), file(3))
    again = bring(store, file(1, 2), file(3), alert=Alert.ALL)
    assert (again.added, again.updated, again.known, again.complaints) == (0, 0, 3, 0)


def test_every_row_is_accounted_for(store: SqlStore) -> None:
    about = said("row-2", "Acme Coffee, bad.", by="b", source="files")
    rows = page(said("row-1", source="files"), about, about, rejected=(Rejected("line 4", "no text"),))
    seen: list[int] = []
    result = bring(store, rows, match=True, seen=seen)
    assert (result.unmatched, result.added, result.known) == (1, 1, 1)
    assert result.rejected == ["line 4: no text"]
    assert seen == [4]


def test_an_imported_feed_is_none_to_come_back_to(store: SqlStore) -> None:
    bring(store, file(1))
    assert (state(store).next_due, state(store).lease_until, state(store).failures) == (NEVER_DUE, None, 0)


def test_while_one_import_runs_another_of_the_same_feed_is_refused(store: SqlStore) -> None:
    with store.write() as tx:
        tx.register_feed("shop", "files", ACME.key, NOW)
        assert tx.lease_feed("shop", "other", NOW, NOW + timedelta(minutes=5))
    with pytest.raises(Conflict, match="another import of feed 'shop' is running"):
        bring(store, file(1))


def test_an_import_never_takes_over_a_feed_that_listens(store: SqlStore) -> None:
    with store.write() as tx:
        tx.register_feed("shop", "rss", ACME.key, NOW)
    with pytest.raises(ConfigError, match="listens to rss: name the import otherwise with --feed"):
        bring(store, file(1))
    assert (state(store).source, state(store).next_due) == ("rss", NOW)


def test_an_import_into_a_feed_of_files_leaves_it_due_as_it_was(store: SqlStore) -> None:
    due = NOW + timedelta(minutes=7)
    with store.write() as tx:
        tx.register_feed("shop", "files", ACME.key, due)
    bring(store, file(1))
    assert state(store).next_due == due


def test_a_file_that_breaks_off_keeps_its_pages_and_gives_the_feed_back(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="torn"):
        bring(store, file(1), ValueError("torn"), file(2))
    assert state(store).lease_until is None
    result = bring(store, file(1), file(2))
    assert (result.added, result.known) == (1, 1)


def test_kind_words_become_no_case(store: SqlStore) -> None:
    assert bring(store, page(said("row-1", LOVELY, source="files"))).complaints == 0
    assert kinds(store) == []
