"""What is special to PostgreSQL: it is migrated only when asked, and refuses in plain words."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from monitor.core.errors import StoreError
from monitor.core.expectations import mask_of
from storage.database import Database, locate
from storage.engine import migrate_store, open_store
from storage.migrate import head, upgrade
from storage.tables import METADATA
from storage.testing.field import BUSINESS, FEED, NOW, SOURCE, bad, hear, said


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


def test_one_that_is_not_migrated_says_what_to_run(bare_postgres_url: str) -> None:
    with pytest.raises(StoreError, match="run `complaint-monitor migrate`"):
        open_store(bare_postgres_url)
    assert migrate_store(bare_postgres_url).endswith(f"is ready (schema {head()})")
    assert migrate_store(bare_postgres_url).endswith(f"is up to date (schema {head()})")
    open_store(bare_postgres_url).close()


def test_what_cases_are_there_are_brought_along(bare_postgres_url: str) -> None:
    database = Database(locate(bare_postgres_url))
    with database.write() as connection:
        upgrade(connection, "0002")
        for statement in (
            "INSERT INTO cases (id, business, source, customer, name, state, severity, opened, revision, owner,"
            " backlog, reasons) VALUES (1, 'b', 's', 'c', 'n', 'contacted', 1, '2026-01-01', 2, 'ann', false, '[]')",
            "INSERT INTO case_event (case_id, at, actor, action, after, note) VALUES"
            " (1, '2026-01-02 09:00+00', 'ann', 'claim', 'claimed', '')",
        ):
            connection.exec_driver_sql(statement)
    database.close()
    migrate_store(bare_postgres_url)
    store = open_store(bare_postgres_url)
    with store.read() as tx:
        case = tx.case(1)
    store.close()
    assert case is not None
    assert case.claimed == case.touched == datetime(2026, 1, 2, 9, tzinfo=UTC)
    assert (case.pauses, case.level) == ((), 0)


def test_what_was_heard_before_is_counted_on_its_day(bare_postgres_url: str) -> None:
    database = Database(locate(bare_postgres_url))
    with database.write() as connection:
        upgrade(connection, "0004")
        for number, published in ((1, "'2026-01-01 09:00+00'"), (2, "NULL"), (3, "'2027-01-01 09:00+00'")):
            connection.exec_driver_sql(
                "INSERT INTO mention (id, business, source, native_id, feed, title, text, author_name, published,"
                " repost, addressed, fingerprint, first_seen, is_complaint, probability, praise, judged_by) VALUES"
                f" ({number}, 'b', 's', '{number}', 'f', '', '', '', {published}, false, false, 'm',"
                " '2026-02-03 09:00+00', true, 0.9, false, 'v')"
            )
            connection.exec_driver_sql(
                "INSERT INTO assessment (mention_id, fingerprint, version, probability, is_complaint, praise, reasons,"
                f" signals, evidence, expectations) VALUES ({number}, 'm', 'v', 0.9, true, false, '[]', '[]', '[]',"
                ' \'[["fairness","",0,0],["respect","",0,0]]\')'
            )
    database.close()
    migrate_store(bare_postgres_url)
    store = open_store(bare_postgres_url)
    first, heard = datetime(2026, 1, 1, 9, tzinfo=UTC), datetime(2026, 2, 3, 9, tzinfo=UTC)
    with store.read() as tx:
        old, new = tx.tallies("b", [(first, heard), (heard, datetime(2028, 1, 1, tzinfo=UTC))])
        listened = tx.listened(first, heard)
    store.close()
    mask = mask_of(["fairness", "respect"])
    assert [[(one.broken, one.count) for one in here] for here in (old, new)] == [[(mask, 1)], [(mask, 2)]]
    assert listened == {"f": [(heard, heard)]}


def test_what_is_migrated_is_what_is_declared(postgres_url: str) -> None:
    database = Database(locate(postgres_url))
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    database.close()


def test_history_cannot_be_rewritten(postgres_url: str) -> None:
    store = open_store(postgres_url)
    with store.write() as tx:
        hear(tx, bad(said("1")))
    store.close()
    for change in (
        "UPDATE case_event SET note = 'x'",
        "DELETE FROM case_event",
        "TRUNCATE case_event",
        "UPDATE label SET label = 1",
        "DELETE FROM label",
    ):
        with (
            pytest.raises(psycopg.errors.RaiseException, match="append-only"),
            psycopg.connect(_plain(postgres_url)) as connection,
        ):
            connection.execute(change)


def test_a_database_that_does_not_exist_is_named(postgres_server: str) -> None:
    with pytest.raises(StoreError, match=r"'nowhere' .* does not exist"):
        open_store(postgres_server.format(database="nowhere"))


def test_a_refused_log_in_is_named_without_its_secret(postgres_server: str) -> None:
    address = postgres_server.format(database="postgres").replace("postgres:", "nobody:hunter2", 1)
    with pytest.raises(StoreError, match="refused the log-in") as fault:
        open_store(address)
    assert "hunter2" not in str(fault.value)


def test_a_broken_connection_is_said_and_the_next_write_works(postgres_url: str) -> None:
    store = open_store(postgres_url)
    with pytest.raises(StoreError, match="connection broke"), store.write() as tx:
        tx.register_feed(FEED, SOURCE, BUSINESS, NOW)
        with psycopg.connect(_plain(postgres_url), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        tx.feeds()
    with store.write() as tx:
        assert tx.feeds() == []
        tx.register_feed(FEED, SOURCE, BUSINESS, NOW)
    store.close()


def test_a_writer_waits_for_its_turn_only_so_long(postgres_url: str) -> None:
    first, second = open_store(postgres_url), open_store(postgres_url, patience=0.2)
    with first.write() as tx:
        tx.register_feed(FEED, SOURCE, BUSINESS, NOW)
        with pytest.raises(StoreError, match="locked by another process"), second.write():
            pytest.fail("two writers at once")  # pragma: no cover
    with second.write() as tx:
        assert len(tx.feeds()) == 1
    first.close()
    second.close()


def test_times_come_back_in_utc_whatever_the_server_thinks(postgres_url: str) -> None:
    with psycopg.connect(_plain(postgres_url), autocommit=True) as connection:
        connection.execute("ALTER ROLE postgres SET timezone = 'Asia/Kolkata'")
        connection.execute("ALTER ROLE postgres SET default_transaction_isolation = 'serializable'")
    store = open_store(postgres_url)
    with store.write() as tx:
        tx.register_feed(FEED, SOURCE, BUSINESS, NOW)
        assert tx.feeds()[0].next_due == NOW
        assert tx.feeds()[0].next_due.utcoffset() == NOW.utcoffset()
    store.close()
    with psycopg.connect(_plain(postgres_url), autocommit=True) as connection:
        connection.execute("ALTER ROLE postgres RESET ALL")
