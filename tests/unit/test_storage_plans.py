"""How SQLite answers the questions that are asked often or of many rows: by an index, never row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from monitor.core.message import Kind
from monitor.core.model import Severity, State
from monitor.core.store import Transaction
from storage.store import SqlStore
from storage.testing import temporary_store
from storage.testing.field import (
    BUSINESS,
    CONSOLE,
    FEED,
    HOUR,
    NOW,
    SLACK,
    SOURCE,
    bad,
    by,
    hear,
    note,
    said,
)

DAY = NOW - 12 * HOUR, NOW + 12 * HOUR
UNCLOSED = (State.OPEN, State.CLAIMED, State.CONTACTED)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = temporary_store(tmp_path)
    with store.write() as tx:
        hear(tx, *(bad(said(str(n), author=by(f"c{n}"))) for n in range(3)))
    yield store
    store.close()


QUESTIONS: dict[str, tuple[Callable[[Transaction], object], list[str]]] = {
    "known": (lambda tx: tx.known(BUSINESS, SOURCE, ["1", "2"]), ["sqlite_autoindex_mention_1"]),
    "alike": (
        lambda tx: tx.alike(BUSINESS, {"x": (1, 2, 3)}, SLACK, NOW),
        ["PRIMARY KEY (hash=?)"],
    ),
    # of many, which the database would rather look for among all cases of the business
    "originals": (
        lambda tx: tx._originals(BUSINESS, range(1, 400), SLACK),  # type: ignore[attr-defined]
        ["SEARCH cases USING INTEGER PRIMARY KEY"],
    ),
    "forget_sketches": (lambda tx: tx.forget_sketches(NOW), ["ix_sketch_day"]),
    "standing": (
        lambda tx: tx.standing(BUSINESS, SOURCE, ["c1", "c2"], SLACK),
        ["ix_cases_customer|uq_cases_unclosed", "ix_outbox_case"],
    ),
    "recovered": (
        lambda tx: tx.recovered(BUSINESS, SOURCE, ["c1", "c2"], SLACK),
        ["ix_cases_customer", "ix_cases_customer"],
    ),
    "histories": (
        lambda tx: tx.histories(BUSINESS, SOURCE, ["c1", "c2"]),
        ["ix_cases_customer", "ix_mention_case_id", "ix_case_event_case_id"],
    ),
    "mentions_of": (lambda tx: tx.mentions_of(1), ["ix_mention_case_id", "sqlite_autoindex_assessment_1"]),
    "latest": (lambda tx: tx.latest(BUSINESS, before=3), ["INTEGER PRIMARY KEY (rowid<?)"]),
    "cues": (lambda tx: tx.cues([1, 2]), ["ix_mention_case_id"]),
    "ready": (
        lambda tx: tx.ready(NOW, [SLACK, CONSOLE]),
        ["ix_outbox_ready", "ix_outbox_unfinished"],
    ),
    "next_ready_at": (
        lambda tx: tx.next_ready_at([SLACK]),
        ["ix_outbox_due", "ix_outbox_unfinished", "ix_outbox_in_doubt"],
    ),
    "uncertain": (lambda tx: tx.uncertain(NOW, ["slack:C1"]), ["ix_outbox_in_doubt"]),
    "lapse": (lambda tx: tx.lapse(NOW), ["ix_outbox_in_doubt"]),
    "card_of": (lambda tx: tx.card_of(1, "slack"), ["ix_outbox_case"]),
    "shown_revision": (lambda tx: tx.shown_revision(1, SLACK), ["ix_outbox_case"]),
    "waiting_cards": (lambda tx: tx.waiting_cards(SLACK, NOW), ["ix_outbox_due|ix_outbox_ready"]),
    "told_by": (lambda tx: tx.told_by("x"), ["ix_mention_complaint"]),
    "latest_storm": (lambda tx: tx.latest_storm(SLACK), ["ix_outbox_summary"]),
    "open_backlog": (lambda tx: tx.open_backlog(SLACK, FEED), ["ix_outbox_summary"]),
    "account": (lambda tx: tx.account(), ["COVERING INDEX ix_mention_complaint"]),
    "untold": (
        lambda tx: tx.untold(BUSINESS, SLACK),
        ["uq_cases_unclosed|ix_cases_unclosed", "ix_outbox_case"],
    ),
    "heard_by_feed": (
        lambda tx: tx.heard_by_feed(NOW, NOW + HOUR),
        ["COVERING INDEX ix_mention_first_seen"],
    ),
    "tallies": (lambda tx: tx.tallies(BUSINESS, [DAY]), ["COVERING INDEX ix_mention_said"]),
    "listened": (lambda tx: tx.listened(*DAY), ["ix_listened_day"]),
    "complaints_said": (
        lambda tx: tx.complaints_said(BUSINESS, *DAY, 9, place="here"),
        ["ix_mention_said (business=? AND said>? AND said<?)"],
    ),
    "thanks_said": (
        lambda tx: tx.thanks_said(BUSINESS, *DAY, 9),
        ["ix_mention_said (business=? AND said>? AND said<?)"],
    ),
    "heard_after": (
        lambda tx: tx.heard_after(BUSINESS, *DAY, NOW),
        ["ix_mention_said (business=? AND said>? AND said<?)"],
    ),
    "opened": (lambda tx: tx.opened(BUSINESS, *DAY, place="x"), ["ix_cases_opened", "ix_mention_case_id"]),
    "unclosed": (lambda tx: tx.unclosed(BUSINESS), ["COVERING INDEX ix_cases_unclosed"]),
    "unclaimed": (
        lambda tx: tx.unclaimed(BUSINESS),
        ["ix_cases_unclosed (business=? AND backlog=? AND state=?)"],
    ),
    "worked": (
        lambda tx: tx.worked(BUSINESS, *DAY, {"opened"}),
        ["ix_case_event_at", "ix_case_event_case_id", "SEARCH cases USING INTEGER PRIMARY KEY"],
    ),
    "ended": (lambda tx: tx.ended(BUSINESS, *DAY, 9), ["ix_cases_closed"]),
    "standing_until": (lambda tx: tx.standing_until(BUSINESS, NOW, 9), ["ix_promise_due"]),
    "links": (lambda tx: tx.links([1, 2], "slack"), ["ix_outbox_case"]),
    "staff_of": (lambda tx: tx.staff_of([1, 2]), ["ix_mention_case_id"]),
    "unclosed cases": (
        lambda tx: tx.cases(states=UNCLOSED, business=BUSINESS),
        ["uq_cases_unclosed|ix_cases_state"],
    ),
    "ticking": (
        lambda tx: tx.ticking(BUSINESS),
        ["uq_cases_unclosed|ix_cases_unclosed|ix_cases_state|ix_cases_opened", "ix_promise_due"],
    ),
    "watched": (
        lambda tx: tx.watched(BUSINESS),
        ["uq_cases_unclosed|ix_cases_unclosed|ix_cases_state|ix_cases_opened", "ix_promise_due"],
    ),
    "promised": (lambda tx: tx.promised([1, 2]), ["ix_promise_case_id", "INTEGER PRIMARY KEY"]),
    "owned": (lambda tx: tx.owned(BUSINESS, "ann"), ["ix_cases_owner"]),
    "closed_since": (lambda tx: tx.closed_since(BUSINESS, State.RECOVERED, NOW), ["ix_cases_closed"]),
    "newest_event": (lambda tx: tx.newest_event(), ["case_event"]),
    "promises": (lambda tx: tx.promises(1), ["ix_promise_case_id"]),
    "promises_due": (lambda tx: tx.promises_due(BUSINESS, NOW), ["ix_promise_due"]),
    "linked": (lambda tx: tx.linked(1), ["INTEGER PRIMARY KEY"]),
    "past": (lambda tx: tx.past(1), ["ix_cases_customer", "ix_mention_case_id"]),
    "expire": (lambda tx: tx.expire(SOURCE, NOW), ["ix_mention_first_seen"]),
    "fold": (
        lambda tx: tx.fold(SLACK, Severity.CRITICAL, note("storm", Kind.STORM), 9, 1, NOW),
        ["ix_outbox_case|ix_outbox_unfinished"],
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_is_answered_by_its_index(store: SqlStore, question: str) -> None:
    ask, wanted = QUESTIONS[question]
    asked: list[tuple[str, object]] = []

    def note_down(
        _c: object, _cursor: object, statement: str, parameters: object, _x: object, many: bool
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")) and not many:
            asked.append((statement, parameters))

    engine = store._database.engine
    event.listen(engine, "before_cursor_execute", note_down)
    with store.write() as tx:
        ask(tx)
    event.remove(engine, "before_cursor_execute", note_down)
    raw = engine.raw_connection()
    lines = [
        str(row[3])
        for statement, parameters in asked
        for row in raw.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]
    raw.close()
    assert asked
    for index in wanted:
        assert any(any(one in line for one in index.split("|")) for line in lines), lines
    bare = ("SCAN mention", "SCAN outbox", "SCAN cases", "SCAN assessment", "SCAN sketch")
    assert [line for line in lines if line.startswith(bare) and "INDEX" not in line] == []
