"""What is taken out is what is kept, value by value, in every format and from both databases."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from alerts.testing.samples import HOSTILE
from monitor.core.cases import Action, Details, How, settled, transition
from monitor.core.elapsed import elapsed
from monitor.core.errors import ConfigError, MonitorError
from monitor.core.export import COLUMNS, VERSION, Type
from monitor.core.exporting import Kept
from monitor.core.happening import name_of
from monitor.core.model import Author, Place, Promise, Rating, Reach, Reply
from monitor.core.ports import Store
from monitor.core.store import Transaction
from monitor.export import Format, export
from monitor.export.lines import cell, json_cell
from storage.engine import open_store
from storage.testing.field import (
    BUSINESS,
    HOUR,
    MINUTE,
    NOW,
    SOURCE,
    bad,
    by,
    case_of,
    fine,
    hear,
    said,
)

FORMULAS = [
    " =1+1",
    "\n@x",
    "a;=1+1",
    "a; '@x",
    "a\n-1\r\n+1\t＝1",
    ";;\n\n=1",
    "'\n'=1",
    "a;'b",
    "=1+1",
    "+44 20",
    "-5 stars",
    "@acme",
    "\tx",
    "\rx",
    "'=1+1",
    "''@x",
    "'tis fine",
    "＝1+1",
]
ALWAYS: tuple[datetime | None, datetime | None] = (None, None)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "kept"
    folder.mkdir()
    url = "sqlite:///monitor.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    opened = open_store(url, settings_dir=folder)
    yield opened
    opened.close()


def fill(store: Store) -> None:
    """Posts of every sort, and a case that went a long way."""
    everything = said(
        "all",
        'She said "never".\nStill waiting; again, and again',
        title="No call, no cup",
        url="https://posts.example/all?a=1&b=2",
        author=Author("ann", "Invented Ann", "https://people.example/ann"),
        edited=NOW - MINUTE,
        rating=Rating(2, 5, 1),
        language="en",
        thread="t1",
        parent="p1",
        place=Place("Pretend Pier", "GB", "3.1"),
        reach=Reach(12, 3),
        reply=Reply("We are sorry.", NOW - MINUTE),
        addressed=True,
    )
    with store.write() as tx:
        hear(tx, bad(everything), fine(said("plain", author=by("gil"), published=None), praise=True))
        hear(
            tx, *(fine(said(f"h{n}", words, author=by(f"h{n}"))) for n, words in enumerate(HOSTILE.values()))
        )
        hear(tx, *(fine(said(f"f{n}", words, author=by(f"f{n}"))) for n, words in enumerate(FORMULAS)))
        hear(
            tx, bad(said("gone", "Nobody called", author=by("gus"))), bad(said("old", "Cold", author=by("o")))
        )
        tx.mark_gone(BUSINESS, SOURCE, ["gone"], NOW, words=False)
        tx.mark_gone(BUSINESS, SOURCE, ["old"], NOW, words=True)
        work(tx)


def work(tx: Transaction) -> None:
    """The case of `all`: claimed, promised, kept, answered, won back."""

    def move(action: Action, hours: int, **more: Any) -> None:
        case = case_of(tx, "all")
        step = transition(case, action, "dana", NOW + hours * HOUR, **more)
        assert tx.revise(step.case, step.event)

    move(Action.CLAIM, 1)
    case_id = case_of(tx, "all").id
    made = tx.make_promise(Promise(0, case_id, "a new cup", NOW + 9 * HOUR, NOW + HOUR, "dana"))
    tx.update_promise(settled(made, Action.KEEP, NOW + 3 * HOUR))
    tx.make_promise(Promise(0, case_id, "a call", NOW + 99 * HOUR, NOW + HOUR, "dana"))
    move(Action.CONTACT, 2, details=Details(text="=We are sorry \ud800", link="https://posts.example/re"))
    move(Action.RECOVER, 4, details=Details(how=How.REFUND), note="-10 %, gladly\nreally")


def taken(store: Store, what: Kept, format: Format, span: Any = ALWAYS) -> tuple[int, bytes]:  # noqa: A002
    stream = io.BytesIO()
    number = export(store, what, BUSINESS, span, format, stream)
    return number, stream.getvalue()


BEFORE_A_SIGN = re.compile("(?<![^;\t\r\n])'(?=[ ']*[=+\\-@＝＋－＠])|\\A'(?=[ ']*[\t\r\n])")


def uncell(text: str) -> str:
    """As docs/export.md says to read it."""
    return BEFORE_A_SIGN.sub("", text)


def read_csv(data: bytes, what: Kept) -> list[dict[str, Any]]:
    def value(told: str, kind: Type) -> Any:
        if kind is Type.TEXT:
            return uncell(told)
        if told == "":
            return None
        return {
            Type.INTEGER: int,
            Type.NUMBER: float,
            Type.TRUTH: {"true": True, "false": False}.__getitem__,
            Type.TIME: datetime.fromisoformat,
            Type.LIST: json.loads,
            Type.OBJECT: json.loads,
        }[kind](told)

    before = csv.field_size_limit(10_000_000)  # one customer wrote a megabyte
    try:
        rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    finally:
        csv.field_size_limit(before)
    kinds = {column.name: column.type for column in COLUMNS[what]}
    return [{name: value(told, kinds[name]) for name, told in row.items()} for row in rows]


def read_jsonl(data: bytes, what: Kept) -> list[dict[str, Any]]:
    assert data.isascii()
    times = {column.name for column in COLUMNS[what] if column.type is Type.TIME}
    return [
        {
            name: datetime.fromisoformat(v) if v and name in times else v
            for name, v in json.loads(line).items()
        }
        for line in data.split(b"\n")[:-1]
    ]


def read_parquet(data: bytes, what: Kept) -> list[dict[str, Any]]:
    """By another program than the one that wrote it."""
    table = pyarrow.parquet.read_table(io.BytesIO(data))
    objects = {column.name for column in COLUMNS[what] if column.type is Type.OBJECT}
    return [
        {name: json.loads(value) if value and name in objects else value for name, value in row.items()}
        for row in table.to_pylist()
    ]


READ: dict[Format, Callable[[bytes, Kept], list[dict[str, Any]]]] = {
    Format.CSV: read_csv,
    Format.JSONL: read_jsonl,
    Format.PARQUET: read_parquet,
}


def kept_mentions(store: Store) -> list[dict[str, Any]]:
    """Read by other ways than the export's own."""
    with store.read() as tx:
        found = sorted(tx.recent(BUSINESS, limit=10_000), key=lambda heard: heard.id)
    rows = []
    for heard in found:
        mention, verdict, gone = heard.mention, heard.verdict, heard.gone_at is not None
        stars = mention.rating
        rows.append(
            {
                "schema": 1,
                "id": heard.id,
                "source": mention.source,
                "native_id": mention.native_id,
                "feed": heard.feed,
                "url": mention.url,
                "title": "" if gone else mention.title,
                "text": "" if gone else mention.text,
                "author_key": mention.author.key,
                "author_name": "" if gone else mention.author.name,
                "author_url": mention.author.url,
                "published": mention.published,
                "edited": mention.edited,
                "first_seen": heard.first_seen,
                "gone_at": heard.gone_at,
                "stars": stars.stars if stars else None,
                "stars_of": stars.scale if stars else None,
                "rating": stars.value if stars else None,
                "location": mention.place.location,
                "storefront": mention.place.storefront,
                "app_version": mention.place.version,
                "followers": mention.reach.followers,
                "likes": mention.reach.likes,
                "thread": mention.thread,
                "parent": mention.parent,
                "repost": mention.repost,
                "addressed": mention.addressed,
                "reply": mention.reply.text if mention.reply else None,
                "replied": mention.reply.published if mention.reply else None,
                "case": heard.case_id,
                "is_complaint": verdict.is_complaint,
                "probability": verdict.complaint,
                "severity": verdict.severity.value if verdict.severity else None,
                "praise": verdict.praise,
                "kind": verdict.kind,
                "sentiment": verdict.sentiment,
                "language": verdict.language or mention.language,
                "expectations": [one.signal for one in verdict.expectations],
                "reasons": list(verdict.reasons),
                "signals": list(verdict.signals),
                "staff": [] if gone else list(verdict.staff),
                "judged_by": verdict.version,
            }
        )
    return rows


def kept_cases(store: Store) -> list[dict[str, Any]]:
    rows = []
    with store.read() as tx:
        for case in sorted(tx.cases(business=BUSINESS), key=lambda case: case.id):
            events, heard, made = tx.events(case.id), tx.mentions_of(case.id), tx.promises(case.id)
            waited = elapsed(case, events)
            broken = [one.signal for one in tx.cues([case.id])[case.id].verdict.expectations]
            outcomes = [one.outcome for one in made]
            spans = (waited.to_claim, waited.to_contact, waited.to_recover)
            claim, contact, recover = (None if span is None else span.total_seconds() for span in spans)
            worked = case.state == "recovered"
            rows.append(
                {
                    "schema": 1,
                    "id": case.id,
                    "source": case.source,
                    "customer": case.customer,
                    "name": case.name,
                    "url": case.url,
                    "state": case.state.value,
                    "severity": case.severity.value,
                    "owner": case.owner,
                    "backlog": case.backlog,
                    "level": case.level,
                    "revision": case.revision,
                    "expectation": broken[0] if broken else None,
                    "expectations": broken,
                    "reasons": list(case.reasons),
                    "mentions": len(heard),
                    "complaints": sum(one.verdict.is_complaint for one in heard),
                    "opened": case.opened,
                    "claimed": case.claimed,
                    "contacted": case.contacted,
                    "closed": case.closed,
                    "waiting": case.waiting,
                    "snoozed": case.snoozed,
                    "wake": case.wake,
                    "seconds_to_claim": claim,
                    "seconds_to_contact": contact,
                    "seconds_to_recover": recover,
                    "recovered_by": "refund" if worked else None,
                    "regressions": 0,
                    "escalations": 0,
                    "promises_open": outcomes.count(None),
                    "promises_kept": outcomes.count("kept"),
                    "promises_broken": outcomes.count("broken"),
                    "promises_withdrawn": outcomes.count("withdrawn"),
                }
            )
    return rows


def kept_events(store: Store) -> list[dict[str, Any]]:
    rows = []
    with store.read() as tx:
        for case in tx.cases(business=BUSINESS):
            rows += [
                {
                    "schema": 1,
                    "case": event.case_id,
                    "at": event.at,
                    "action": name_of(event.action),
                    "actor": event.actor,
                    "by_machine": event.actor in ("monitor", "source", "clock"),
                    "before": event.before.value if event.before else None,
                    "after": event.after.value,
                    "note": event.note,
                    "data": json.loads(json.dumps(event.data).replace("\\ud800", "\\ufffd")),
                }
                for event in tx.events(case.id)
            ]
    return rows


def without_none(rows: list[dict[str, Any]], what: Kept) -> list[dict[str, Any]]:
    """CSV cannot tell an empty text from none, and its cells have no control characters."""
    texts = {column.name for column in COLUMNS[what] if column.type is Type.TEXT}
    return [
        {name: uncell(cell(value or "")) if name in texts else value for name, value in row.items()}
        for row in rows
    ]


@pytest.mark.parametrize("format", Format)
def test_mentions_read_back_as_they_are_kept(store: Store, format: Format) -> None:  # noqa: A002
    fill(store)
    kept = kept_mentions(store)
    assert len(kept) == len(HOSTILE) + len(FORMULAS) + 4
    number, data = taken(store, Kept.MENTIONS, format)
    assert number == len(kept)
    if format is Format.CSV:
        kept = without_none(kept, Kept.MENTIONS)
    assert READ[format](data, Kept.MENTIONS) == kept


@pytest.mark.parametrize("format", Format)
def test_cases_read_back_as_they_are_kept(store: Store, format: Format) -> None:  # noqa: A002
    fill(store)
    kept = kept_cases(store)
    won = next(row for row in kept if row["customer"] == "ann")
    waited = [won[f"seconds_to_{what}"] for what in ("claim", "contact", "recover")]
    assert waited == [3600, 0, 14400]  # the business's answer was there already
    assert (won["promises_open"], won["promises_kept"], won["recovered_by"]) == (1, 1, "refund")
    if format is Format.CSV:
        kept = without_none(kept, Kept.CASES)
    assert READ[format](taken(store, Kept.CASES, format)[1], Kept.CASES) == kept


@pytest.mark.parametrize("format", Format)
def test_events_read_back_as_they_are_kept(store: Store, format: Format) -> None:  # noqa: A002
    fill(store)
    kept = kept_events(store)
    if format is Format.CSV:
        kept = without_none(kept, Kept.EVENTS)
    rows = READ[format](taken(store, Kept.EVENTS, format)[1], Kept.EVENTS)
    numbers = [row.pop("id") for row in rows]
    assert numbers == sorted(set(numbers))
    key = lambda row: (row["case"], row["at"])  # noqa: E731
    assert sorted(rows, key=key) == sorted(kept, key=key)


@pytest.mark.parametrize("what", Kept)
def test_every_row_is_there_once_over_many_steps_and_of_this_business_alone(store: Store, what: Kept) -> None:
    with store.write() as tx:
        for start in range(0, 1_200, 400):
            hear(
                tx, *(bad(said(f"n{n}", f"Cold {n}", author=by(f"c{n}"))) for n in range(start, start + 400))
            )
    number, data = taken(store, what, Format.JSONL)
    ids = [row["id"] for row in read_jsonl(data, what)]
    assert number == len(ids) == len(set(ids)) == 1_200
    with store.read() as tx:
        assert tx.how_many(what, BUSINESS, ALWAYS) == 1_200
        assert tx.how_many(what, "another", ALWAYS) == 0
    assert export(store, what, "another", ALWAYS, Format.CSV, io.BytesIO()) == 0


@pytest.mark.parametrize("what", Kept)
def test_a_span_takes_its_beginning_and_leaves_its_end(store: Store, what: Kept) -> None:
    with store.write() as tx:
        for day in range(3):
            hear(tx, bad(said(f"d{day}", f"Cold {day}", author=by(f"d{day}"))), now=NOW + timedelta(days=day))
    span = (NOW + timedelta(days=1), NOW + timedelta(days=2))
    assert taken(store, what, Format.CSV, span)[0] == 1
    assert taken(store, what, Format.CSV, (None, span[0]))[0] == 1
    assert taken(store, what, Format.CSV, (span[0], None))[0] == 2


def test_words_of_deleted_posts_stay_blank(store: Store) -> None:
    fill(store)
    for format in Format:  # noqa: A001
        rows = {
            row["native_id"]: row
            for row in READ[format](taken(store, Kept.MENTIONS, format)[1], Kept.MENTIONS)
        }
        for native_id in ("gone", "old"):
            assert [rows[native_id][name] for name in ("title", "text", "author_name")] == ["", "", ""]
            assert rows[native_id]["gone_at"] == NOW
            assert rows[native_id]["is_complaint"] is True


def test_nothing_is_exported_of_an_empty_store_but_the_names_of_the_columns(store: Store) -> None:
    assert taken(store, Kept.CASES, Format.JSONL) == (0, b"")
    number, data = taken(store, Kept.CASES, Format.CSV)
    assert (number, data.decode()) == (0, ",".join(c.name for c in COLUMNS[Kept.CASES]) + "\r\n")
    table = pyarrow.parquet.read_table(io.BytesIO(taken(store, Kept.CASES, Format.PARQUET)[1]))
    assert table.num_rows == 0
    assert table.column_names == [column.name for column in COLUMNS[Kept.CASES]]


def test_a_file_is_there_whole_or_not_at_all(store: Store, tmp_path: Path) -> None:
    fill(store)
    target = tmp_path / "mentions.csv"
    target.write_text("yesterday's")

    class Fell(Exception): ...

    def falls(_: Any) -> Callable[[int], None]:
        def told(_: int) -> None:
            raise Fell

        return told

    for format in Format:  # noqa: A001
        with pytest.raises(Fell):
            export(store, Kept.MENTIONS, BUSINESS, ALWAYS, format, target, begun=falls)
        assert target.read_text() == "yesterday's"
    target.chmod(0o640)
    export(store, Kept.MENTIONS, BUSINESS, ALWAYS, Format.CSV, target)
    assert target.read_bytes() == taken(store, Kept.MENTIONS, Format.CSV)[1]
    assert target.stat().st_mode & 0o777 == 0o640
    new = tmp_path / "new.csv"
    export(store, Kept.MENTIONS, BUSINESS, ALWAYS, Format.CSV, new)
    assert new.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["mentions.csv", "new.csv"]


def test_a_place_that_takes_no_file_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(MonitorError, match=r"nowhere/x\.csv cannot be written: its folder does not exist"):
        export(store, Kept.CASES, BUSINESS, ALWAYS, Format.CSV, tmp_path / "nowhere" / "x.csv")
    with pytest.raises(MonitorError, match="no ordinary file"):
        export(store, Kept.CASES, BUSINESS, ALWAYS, Format.CSV, tmp_path)


class Faulty(io.RawIOBase):
    def __init__(self, fault: OSError) -> None:
        super().__init__()
        self.fault = fault

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        raise self.fault


@pytest.mark.parametrize("format", Format)
def test_a_stream_that_takes_no_more_is_said_in_words_and_a_closed_pipe_is_left_to_the_command(
    store: Store,
    format: Format,  # noqa: A002
) -> None:
    fill(store)
    with pytest.raises(MonitorError, match="the output cannot be written: No space left"):
        export(store, Kept.MENTIONS, BUSINESS, ALWAYS, format, Faulty(OSError(28, "No space left on device")))
    with pytest.raises(BrokenPipeError):
        export(store, Kept.MENTIONS, BUSINESS, ALWAYS, format, Faulty(BrokenPipeError(32, "Broken pipe")))


def test_without_the_extra_parquet_says_what_to_install(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "arro3.io", None)
    with pytest.raises(ConfigError, match=r"pip install 'complaint-monitor\[parquet\]'"):
        taken(store, Kept.CASES, Format.PARQUET)


# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_a_formula_and_all_read_back(text: str) -> None:
    shown = cell(text)
    for part in re.split(
        "[;\t\r\n]", shown
    ):  # as one reads it that parts by semicolons and knows no quotes here
        assert part.lstrip()[:1] not in {*"=+-@＝＋－＠"}
    assert shown[0] not in "\t\r\n"
    assert uncell(shown) == text


def test_signs_within_words_stay_as_they_are() -> None:
    assert cell("I paid 3 - 5 = nothing, a@b; c + d") == "I paid 3 - 5 = nothing, a@b; c + d"


def test_a_list_in_a_cell_parts_none() -> None:
    assert json.loads(json_cell(["late;=1+1"])) == ["late;=1+1"]
    assert ";" not in json_cell(["late;=1+1"])


def test_long_rows_of_signs_cost_no_more_than_their_length() -> None:
    for piece in ("\n", "'", " ", ";'", "=", ";="):
        assert uncell(cell(piece * 200_000)) == piece * 200_000


def test_numbers_are_no_formulas(store: Store) -> None:
    with store.write() as tx:
        hear(tx, bad(said("1")))
    [row] = csv.DictReader(io.StringIO(taken(store, Kept.MENTIONS, Format.CSV)[1].decode(), newline=""))
    assert row["sentiment"] == "-0.5"
    assert row["first_seen"] == "2026-03-02T09:30:00.123456Z"


def test_no_control_character_reaches_a_csv_file(store: Store) -> None:
    fill(store)
    for what in Kept:
        text = taken(store, what, Format.CSV)[1].decode()
        assert {sign for sign in text if sign < " " or "\x7f" <= sign <= "\x9f"} <= set("\t\r\n")


def test_a_parquet_file_says_what_it_is(store: Store) -> None:
    fill(store)
    file = pyarrow.parquet.ParquetFile(io.BytesIO(taken(store, Kept.MENTIONS, Format.PARQUET)[1]))
    assert file.metadata.metadata[b"complaint-monitor.mentions"] == str(VERSION).encode()
    kinds = {
        Type.TEXT: "string",
        Type.INTEGER: "int64",
        Type.NUMBER: "double",
        Type.TRUTH: "bool",
        Type.TIME: "timestamp[us, tz=UTC]",
        Type.LIST: "list<item: string>",
    }
    assert {field.name: str(field.type) for field in file.schema_arrow} == {
        column.name: kinds[column.type] for column in COLUMNS[Kept.MENTIONS]
    }
