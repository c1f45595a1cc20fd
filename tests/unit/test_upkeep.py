"""Words go when their time is over, and nothing else does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fakes import ACME, NOW, said

from monitor.collect.ingest import Ingest, Reading
from monitor.core.intents import Alert
from monitor.upkeep import remove_old_words
from storage.testing import temporary_store

DAY = timedelta(days=1)


def test_only_the_words_of_a_source_with_a_retention_go_and_only_once(tmp_path: Path) -> None:
    from fakes import judge

    store = temporary_store(tmp_path)
    ingest = Ingest(store, judge, ACME, 0.5, DAY, "console")
    for source in ("pages", "reviews"):
        with store.write() as tx:
            telling = ingest.telling(tx, source, "run", Alert.ALL, NOW)
            ingest.store_judged(tx, ingest.judged([said("1", source=source)]), telling, NOW, Reading(source))
    retention = {"pages": 30 * DAY}
    assert remove_old_words(store, retention, NOW + 29 * DAY) == 0
    assert remove_old_words(store, retention, NOW + 31 * DAY) == 1
    assert remove_old_words(store, retention, NOW + 32 * DAY) == 0
    assert remove_old_words(store, {}, NOW + 99 * DAY) == 0
    with store.read() as tx:
        kept = {source: tx.mention(ACME.key, source, "1") for source in ("pages", "reviews")}
        assert tx.account().unaccounted == 0
    assert kept["pages"] is not None and kept["pages"].mention.text == ""
    assert kept["reviews"] is not None and kept["reviews"].mention.text
    store.close()
