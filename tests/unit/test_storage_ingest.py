"""Whatever is heard, in whatever pages and however often: it is stored once and accounted for."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.core.fingerprint import fingerprint
from monitor.core.intents import Alert, Judged
from monitor.core.model import Author, Severity
from storage.testing import temporary_store
from storage.testing.field import BUSINESS, HOUR, NOW, SLACK, SOURCE, bad, fine, hear, said

IDS = [*"abcdefgh", "\x00", "é" * 300]
PEOPLE = [None, "fred", "gina", "x\x00", "x\ufffd"]
WORDS = st.text(max_size=12) | st.sampled_from(["\x00", "\ud800", "a\udfffb"])


@st.composite
def heard(draw: st.DrawFn) -> Judged:
    mention = said(
        draw(st.sampled_from(IDS)),
        draw(WORDS),
        title=draw(WORDS),
        author=Author(draw(st.sampled_from(PEOPLE)), draw(WORDS)),
        published=draw(st.none() | st.integers(0, 90).map(lambda hours: NOW - hours * HOUR)),
    )
    # the same words are judged alike, however the examples are drawn
    if fingerprint(mention) < "8":
        judged = bad(mention, draw(st.sampled_from(Severity)))
    else:
        judged = fine(mention, praise=draw(st.booleans()))
    odd = replace(judged.verdict, language=draw(WORDS), reasons=(draw(WORDS),), signals=(draw(WORDS),))
    return Judged(mention, odd)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(heard(), max_size=6), max_size=4), st.sampled_from(Alert))
def test_hearing_all_of_it_again_changes_nothing(pages: list[list[Judged]], alert: Alert) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = temporary_store(Path(folder))
        with store.write() as tx:
            for number, page in enumerate(pages):
                hear(tx, *page, now=NOW + number * HOUR, alert=alert)
            account, counts = tx.account(), tx.counts()
            assert account.unaccounted == 0
            assert account.complaints == counts[1] == account.queued
            cases = tx.cases()
            customers = [(case.business, case.source, case.customer) for case in cases]
            assert len(set(customers)) == len(customers)
        last = {item.mention.native_id: item for page in pages for item in page}
        with store.write() as tx:
            again = hear(tx, *last.values(), now=NOW + 9 * HOUR, alert=alert)
            assert (again.added, again.updated) == (0, 0)
            assert (tx.account(), tx.counts(), tx.cases()) == (account, counts, cases)
            for native_id, item in last.items():
                stored = tx.mention(BUSINESS, SOURCE, native_id)
                assert stored is not None
                assert stored.verdict.is_complaint == item.verdict.is_complaint
            assert len(tx.ready(NOW + 9 * HOUR, [SLACK], 999)) <= counts[3].get("pending", 0)
        store.close()
