"""The schema: what is migrated is what is declared, from nothing and from every released version."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from monitor.core.errors import StoreError
from monitor.core.expectations import mask_of
from storage.database import Database, locate
from storage.engine import migrate_store, open_store
from storage.migrate import SCRIPTS, head, revisions
from storage.tables import METADATA
from storage.testing import temporary_store
from storage.testing.field import BUSINESS, FEED, MINUTE, NOW, SOURCE, case_of

DUMPS = Path(__file__).parent.parent / "recordings" / "storage"


def _schema(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    found = [row[0] for row in rows if "sqlite_sequence" not in row[0]]
    connection.close()
    return found


def test_what_is_migrated_is_what_is_declared(tmp_path: Path) -> None:
    temporary_store(tmp_path).close()
    database = Database(locate("sqlite:///monitor.db", tmp_path))
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    database.close()


def test_indexes_are_migrated_letter_by_letter(tmp_path: Path) -> None:
    """Alembic's comparison does not see the condition of a partial index."""
    temporary_store(tmp_path).close()
    declared = tmp_path / "declared.db"
    database = Database(locate("sqlite:///declared.db", tmp_path))
    with database.write() as connection:
        METADATA.create_all(connection)
    database.close()
    migrated = {line for line in _schema(tmp_path / "monitor.db") if "INDEX" in line}
    assert migrated == {line for line in _schema(declared) if "INDEX" in line}
    assert len(migrated) > 10


def test_the_revisions_are_those_alembic_sees() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [head()]
    assert [script.revision for script in scripts.walk_revisions()] == revisions()[::-1]


def test_every_released_schema_has_its_dump() -> None:
    assert [path.stem for path in sorted(DUMPS.glob("*.sql"))] == revisions()


@pytest.mark.parametrize("dump", sorted(DUMPS.glob("*.sql")), ids=lambda path: path.stem)
def test_a_released_database_is_upgraded_with_all_it_holds(tmp_path: Path, dump: Path) -> None:
    path = tmp_path / "monitor.db"
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text("utf-8"))
    connection.close()
    store = temporary_store(tmp_path)
    with store.write() as tx:
        assert tx.counts()[:2] == (2, 1)
        case = case_of(tx, "1")
        assert [event.action for event in tx.events(case.id)] == ["opened"]
        assert tx.mention(BUSINESS, SOURCE, "2") is not None
        assert tx.account().queued == 1
        heard = tx.mention(BUSINESS, SOURCE, "1")
        assert heard is not None
        broken = [piece.signal for piece in heard.verdict.expectations]
        assert (broken, heard.verdict.staff, heard.verdict.kind) == (
            ([], (), None) if dump.stem == "0001" else (["follow_through"], ("Omar",), None)
        )
        assert [one.what for one in tx.promises(case.id)] == ["a call back"] * (dump.stem >= "0003")
        assert (case.level, case.pauses, case.claimed) == (0, (), None)
    store.close()
    (tmp_path / "fresh").mkdir()
    temporary_store(tmp_path / "fresh").close()
    assert _schema(path) == _schema(tmp_path / "fresh" / "monitor.db")


def test_who_had_a_case_before_is_known_to_have_taken_it(tmp_path: Path) -> None:
    """Whoever claimed it, when they last did; else the owner's first deed; a machine touches nothing."""
    with sqlite3.connect(tmp_path / "monitor.db") as connection:
        connection.executescript((DUMPS / "0002.sql").read_text("utf-8"))
        for number, owner in ((2, "ann"), (3, "bob"), (4, None)):
            connection.execute(
                "INSERT INTO cases SELECT ?, business, source, ?, name, 'contacted', severity, opened, revision, ?,"
                " backlog, reasons, url, closed, contacted FROM cases WHERE id = 1",
                (number, f"c{number}", owner),
            )
        events = (
            (2, 5, "ann", "claim"),
            (2, 7, "bob", "claim"),
            (2, 8, "ann", "claim"),
            (2, 9, "eve", "contact"),
        )
        for case, minute, actor, action in (*events, (3, 6, "bob", "contact"), (4, 9, "monitor", "edited")):
            connection.execute(
                "INSERT INTO case_event (case_id, at, actor, action, after, note) VALUES (?, ?, ?, ?, 'open', '')",
                (case, f"2026-03-02 09:0{minute}:00.000000", actor, action),
            )
    connection.close()
    store = temporary_store(tmp_path)
    with store.read() as tx:
        known = {number: tx.case(number) for number in (2, 3, 4)}
    store.close()
    told = {
        number: tuple(at and at.minute for at in (case.claimed, case.touched))
        for number, case in known.items()
        if case is not None
    }
    assert told == {2: (8, 9), 3: (6, 6), 4: (None, None)}


def test_what_was_heard_before_is_counted_on_its_day(tmp_path: Path) -> None:
    """When it was said, what was broken by the verdict in force, and when its feed was read."""
    with sqlite3.connect(tmp_path / "monitor.db") as connection:
        connection.executescript((DUMPS / "0004.sql").read_text("utf-8"))
        connection.execute("UPDATE mention SET published = '2026-03-09 09:30:00.000000' WHERE id = 2")
        connection.execute(
            "INSERT INTO assessment SELECT mention_id, fingerprint, 'another', probability, is_complaint, severity,"
            ' sentiment, language, praise, reasons, signals, evidence, \'[["fairness","",0,0]]\', staff, kind'
            " FROM assessment WHERE mention_id = 1"
        )
    connection.close()
    store = temporary_store(tmp_path)
    with store.read() as tx:
        heard = [tx.mention(BUSINESS, SOURCE, native_id) for native_id in "12"]
        said = [one.said for one in heard if one is not None]
        tallies = tx.tallies(BUSINESS, [(at, at + timedelta(microseconds=1)) for at in said])
        listened = tx.listened(*said)
    store.close()
    assert said == [NOW - 10 * MINUTE, NOW], "never later than it was heard"
    assert [[(one.complaint, one.broken) for one in here] for here in tallies] == [
        [(True, mask_of(["follow_through"]))],
        [(False, 0)],
    ]
    assert listened == {FEED: [(NOW, NOW)]}


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    temporary_store(tmp_path).close()
    with sqlite3.connect(tmp_path / "monitor.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for attempt in (open_store, migrate_store):
        with pytest.raises(StoreError, match="newer version"):
            attempt("sqlite:///monitor.db", settings_dir=tmp_path)


def test_migrating_says_what_it_did(tmp_path: Path) -> None:
    first = migrate_store("sqlite:///monitor.db", settings_dir=tmp_path)
    again = migrate_store("sqlite:///monitor.db", settings_dir=tmp_path)
    assert first.endswith(f"is ready (schema {head()})")
    assert again.endswith(f"is up to date (schema {head()})")


def test_a_migration_that_breaks_off_leaves_the_old_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import command

    upgrade = command.upgrade

    def breaks(*args: object) -> None:
        upgrade(*args)  # type: ignore[arg-type]
        raise StoreError("the power went")

    monkeypatch.setattr(command, "upgrade", breaks)
    with pytest.raises(StoreError, match="the power went"):
        temporary_store(tmp_path)
    assert _schema(tmp_path / "monitor.db") == []
    monkeypatch.undo()
    temporary_store(tmp_path).close()


def test_history_cannot_be_rewritten(tmp_path: Path) -> None:
    temporary_store(tmp_path).close()
    with sqlite3.connect(tmp_path / "monitor.db") as connection:
        connection.execute(
            "INSERT INTO cases (id, business, source, customer, name, state, severity, opened, revision, backlog,"
            " reasons) VALUES (1, 'b', 's', 'c', 'n', 'open', 1, '2026-01-01 00:00:00.000000', 1, 0, '[]')"
        )
        connection.execute(
            "INSERT INTO case_event (case_id, at, actor, action, after, note)"
            " VALUES (1, '2026-01-01 00:00:00.000000', 'a', 'opened', 'open', '')"
        )
        connection.execute(
            "INSERT INTO label (mention_id, by, at, note, probability, version, was_complaint)"
            " VALUES (1, 'a', '2026-01-01 00:00:00.000000', '', 0.5, 'v', 1)"
        )
        for change in (
            "UPDATE case_event SET note = 'x'",
            "DELETE FROM case_event",
            "UPDATE label SET label = 1",
            "DELETE FROM label",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(change)
    connection.close()
