"""Files of reviews as people export them: whatever is wrong with a row, the others are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import ACME, NOW, NoHttp
from pydantic import ValidationError

from monitor.core.errors import BadPayload, Gone, Unreachable
from monitor.core.model import Author, Feed, Mention, Page, Rating
from sources.files import PAGE, Files, FilesOptions, read

HEADER = "id,text,title,author,published,rating,url,lang,place\n"
ROW = 'review-0001,"Cold, again.",A visit,Fictional Fred,2026-11-01T10:00:00Z,2,https://posts.example/1,en-GB,Leeds\n'


def pages(
    folder: Path,
    content: str | bytes,
    name: str = "shop.csv",
    columns: Mapping[str, str] | None = None,
    scale: float = 5,
    feed: str = "shop",
) -> list[Page]:
    file = folder / name
    file.write_bytes(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)
    return list(read(file, feed, columns or {}, scale))


def mentions(folder: Path, content: str | bytes, *told: object, **more: object) -> list[Mention]:
    return [m for page in pages(folder, content, *told, **more) for m in page.mentions]  # type: ignore[arg-type]


def rejected(folder: Path, content: str | bytes, *told: object, **more: object) -> list[tuple[str, str]]:
    found = pages(folder, content, *told, **more)  # type: ignore[arg-type]
    return [(item.where, item.why) for page in found for item in page.rejected]


def rows(*told: object) -> str:
    return "\n".join(one if isinstance(one, str) else json.dumps(one) for one in told)


# ── what is read ─────────────────────────────────────────────────────────────────────────────────────────


def test_every_field_of_a_row_is_read(tmp_path: Path) -> None:
    (mention,) = mentions(tmp_path, HEADER + ROW)
    assert (mention.source, mention.native_id, mention.text) == ("files", "review-0001", "Cold, again.")
    assert (mention.title, mention.url) == ("A visit", "https://posts.example/1")
    assert mention.author == Author("fictional fred", "Fictional Fred")
    assert mention.published == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert mention.rating == Rating(2, 5)
    assert (mention.language, mention.place.location) == ("en", "Leeds")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found_out(tmp_path: Path, delimiter: str, ending: str) -> None:
    lines = [["text", "author"], ["Cold; again, and", "Fred"], ["Two\n lines", "Ann"]]
    content = ending.join(delimiter.join(f'"{cell}"' for cell in line) for line in lines) + ending
    assert [(m.text, m.author.name) for m in mentions(tmp_path, content)] == [
        ("Cold; again, and", "Fred"),
        ("Two\n lines", "Ann"),
    ]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom", "utf-16-le", "utf-16-be", "cp1252"],
)
def test_encodings_are_found_out(tmp_path: Path, encoding: str) -> None:
    content = "text,author\nDéjà vu – “cold”,Zoë\n"
    marks = {"utf-16-le-bom": (b"\xff\xfe", "utf-16-le"), "utf-16-be-bom": (b"\xfe\xff", "utf-16-be")}
    mark, codec = marks.get(encoding, (b"", encoding))
    (mention,) = mentions(tmp_path, mark + content.encode(codec))
    assert (mention.text, mention.author.name) == ("Déjà vu – “cold”", "Zoë")


def test_utf_8_that_was_cut_off_stays_readable(tmp_path: Path) -> None:
    whole = ("text\n" + "Déjà vu et très froid\n" * 5 + "Encore é").encode()
    found = mentions(tmp_path, whole[:-1])
    assert [mention.text for mention in found] == ["Déjà vu et très froid"] * 5 + ["Encore \ufffd"]


def test_lines_of_json_are_read_with_names_in_any_case(tmp_path: Path) -> None:
    content = rows(
        {"ID": "review-0001", "Text": "Cold", "Stars": 1, "published": 1793527200, "lang": "DE"},
        "",
        {"id": 12345678901, "text": "one\u2028line", "rating": None},
    )
    first, second = mentions(tmp_path, content, "shop.jsonl")
    assert (first.native_id, first.text, first.rating, first.language) == (
        "review-0001",
        "Cold",
        Rating(1, 5),
        "de",
    )
    assert first.published == datetime.fromtimestamp(1793527200, UTC)
    assert (second.native_id, second.text) == ("12345678901", "one\u2028line")
    assert mentions(tmp_path, content, "export.txt")[0].text == "Cold", "the content tells, too"


def test_other_names_of_columns_are_known_and_the_proper_one_wins(tmp_path: Path) -> None:
    (mention,) = mentions(tmp_path, "Review,Stars,Date,Location\nCold,1,2026-11-01,Leeds\n")
    assert (mention.text, mention.rating, mention.place.location) == ("Cold", Rating(1, 5), "Leeds")
    (mention,) = mentions(tmp_path, "body,text\nnot this,this\n")
    assert mention.text == "this"


def test_columns_can_be_mapped(tmp_path: Path) -> None:
    content = "What was said, Score ,text\nCold,8,no\n"
    (mention,) = mentions(tmp_path, content, columns={"text": " What Was Said", "rating": "Score"}, scale=10)
    assert (mention.text, mention.rating) == ("Cold", Rating(8, 10))


@pytest.mark.parametrize(
    ("told", "rating"),
    [
        ("4", Rating(4)),
        ("4.5", Rating(4.5)),
        ("4,5", Rating(4.5)),
        ("4/5", Rating(4)),
        ("8 / 10", Rating(8, 10)),
        ("4 stars", Rating(4)),
        ("4.0 out of 5 stars", Rating(4)),
        ("★★☆☆☆", Rating(2)),
        ("0", Rating(0, 5, 0)),
        ("", None),
    ],
)
def test_ratings_are_read_as_people_write_them(tmp_path: Path, told: str, rating: Rating | None) -> None:
    (mention,) = mentions(tmp_path, f'text,rating\nCold,"{told}"\n')
    assert mention.rating == rating


def test_a_scale_of_one_starts_at_zero(tmp_path: Path) -> None:
    (mention,) = mentions(tmp_path, "text,rating\nCold,0.25\n", scale=1)
    assert mention.rating is not None
    assert mention.rating.value == 0.25


def test_an_unreadable_date_leaves_the_words_undated(tmp_path: Path) -> None:
    assert mentions(tmp_path, "text,published\nCold,last Tuesday\n")[0].published is None


def test_what_is_no_web_address_and_no_language_is_none(tmp_path: Path) -> None:
    found = mentions(tmp_path, "text,url,lang\nCold,javascript:alert(1),english\nCold,shop.example/x,eng\n")
    assert [(m.url, m.language) for m in found] == [(None, None)] * 2


def test_nameless_people_are_not_one_person(tmp_path: Path) -> None:
    found = mentions(
        tmp_path, "text,author\nCold,Anonymous\nCold,A Google user\nCold,\nCold,FRED\nCold,fred\n"
    )
    assert [m.author.key for m in found] == [None, None, None, "fred", "fred"]


# ── identity ─────────────────────────────────────────────────────────────────────────────────────────────


def test_rows_without_an_id_are_recognised_row_by_row(tmp_path: Path) -> None:
    content = "text,author,published\nCold,Fred,2026-11-01\nCold,Fred,2026-11-01\nCold,Ann,2026-11-01\n"
    first = [m.native_id for m in mentions(tmp_path, content)]
    assert len(set(first)) == 3, "said twice is two mentions"
    assert [m.native_id for m in mentions(tmp_path, content, feed="other")] == first
    grown = [m.native_id for m in mentions(tmp_path, content + "Cold,Fred,2026-11-01\n")]
    assert grown[:3] == first
    assert len(set(grown)) == 4


def test_a_row_number_tells_rows_apart_in_its_own_feed_only(tmp_path: Path) -> None:
    content = "id,text\n17,Cold\nreview-00017,Cold\n"
    assert [m.native_id for m in mentions(tmp_path, content)] == ["shop:17", "review-00017"]
    assert [m.native_id for m in mentions(tmp_path, content, feed="b")] == ["b:17", "review-00017"]


def test_an_endless_id_is_kept_within_bounds_and_still_tells_apart(tmp_path: Path) -> None:
    first, second = mentions(tmp_path, f"id,text\n{'x' * 5000}1,Cold\n{'x' * 5000}2,Cold\n")
    assert first.native_id != second.native_id
    assert len(first.native_id) <= 200


# ── what is refused, row by row ──────────────────────────────────────────────────────────────────────────


def test_bad_rows_are_listed_with_their_lines_and_never_fatal(tmp_path: Path) -> None:
    content = 'text,rating\nCold,2\n,\nCold,9\n"Two\nlines",1\nCold,good\nCold,1,2,3\n\nLast,-1\nFine,5\n'
    assert [m.text for m in mentions(tmp_path, content)] == ["Cold", "Two\nlines", "Fine"]
    assert [where for where, _ in rejected(tmp_path, content)] == ["line 4", "line 7", "line 8", "line 10"]
    whys = [why for _, why in rejected(tmp_path, content)]
    assert "not between 0 and 5 (set the scale with --scale)" in whys[0]
    assert "is no number" in whys[1]
    assert "4 cells where the header names 2 columns" in whys[2]


def test_bad_lines_of_json_are_listed_and_never_fatal(tmp_path: Path) -> None:
    content = rows(
        {"text": "Cold"},
        "{broken",
        [1, 2],
        "null",
        {"text": {"nested": 1}},
        {"text": "Cold", "rating": True},
        {"title": " "},
        "[" * 100_000,
        {"text": "Last"},
    )
    assert [m.text for m in mentions(tmp_path, content, "x.jsonl")] == ["Cold", "Last"]
    assert [where for where, _ in rejected(tmp_path, content, "x.jsonl")] == [
        f"line {number}" for number in range(2, 9)
    ]


def test_hostile_rows_are_only_words(tmp_path: Path) -> None:
    long = "x" * 1_000_000
    content = rows({"text": long}, {"text": "a\x00b"}, {"text": "half \ud83d"}, {"text": "<!channel>"})
    found = mentions(tmp_path, content, "x.jsonl")
    assert [m.text for m in found] == [long, "a\x00b", "half \ud83d", "<!channel>"], "stored as received"
    assert mentions(tmp_path, f"text\n{long}\na\x00b\n")[0].text == long


def test_a_title_or_stars_alone_are_something_said(tmp_path: Path) -> None:
    found = mentions(tmp_path, "title,rating\nAwful,\n,1\n")
    assert [(m.title, m.rating) for m in found] == [("Awful", None), ("", Rating(1, 5))]


# ── the whole file ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "columns", "told"),
    [
        ("a,b\n1,2\n", {}, r"no column called text.*Found: a, b\. .*--map text=COLUMN"),
        ("text,b\n1,2\n", {"author": "Who"}, r"no column for --map author=Who"),
        ("", {}, "Found: nothing"),
    ],
)
def test_a_file_without_words_is_refused_with_what_it_has(
    tmp_path: Path, content: str, columns: dict[str, str], told: str
) -> None:
    with pytest.raises(BadPayload, match=told):
        pages(tmp_path, content, columns=columns)


def test_a_large_file_comes_in_pages_and_counts_on_over_them(tmp_path: Path) -> None:
    found = pages(tmp_path, "text\n" + "Cold\n" * (PAGE * 2 + 1))
    assert [len(page.mentions) for page in found] == [PAGE, PAGE, 1]
    assert len({m.native_id for page in found for m in page.mentions}) == PAGE * 2 + 1


def feed_of(path: Path, cursor: Mapping[str, object] | None = None) -> Feed:
    return Feed("shop", "files", ACME, FilesOptions(path=path), NOW, cursor)


def test_as_a_feed_it_is_read_again_only_when_it_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "shop.csv"
    file.write_text("text\nCold\n")
    *content, last = Files().collect(feed_of(file), NoHttp())
    assert [m.text for page in content for m in page.mentions] == ["Cold"]
    assert all(page.cursor == {} for page in content), "a reading that breaks off starts again"
    (again,) = Files().collect(feed_of(file, last.cursor), NoHttp())
    assert (again.unchanged, again.mentions, again.cursor) == (True, (), last.cursor)
    file.write_text("text\nCold\nColder\n")
    grown = [m.text for page in Files().collect(feed_of(file, last.cursor), NoHttp()) for m in page.mentions]
    assert grown == ["Cold", "Colder"]


def test_a_missing_or_unreadable_file_is_a_fault_and_not_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(Gone, match="there is no file"):
        list(Files().collect(feed_of(tmp_path / "absent.csv"), NoHttp()))
    with pytest.raises(Unreachable, match="cannot be read"):
        list(Files().collect(feed_of(tmp_path), NoHttp()))


def test_options_are_checked() -> None:
    assert FilesOptions(path=Path("x"), map={"stars": "Score"}).map == {"rating": "Score"}
    with pytest.raises(ValidationError, match="no such field: txt; fields are id, text"):
        FilesOptions(path=Path("x"), map={"txt": "Review"})
    with pytest.raises(ValidationError, match="scale"):
        FilesOptions(path=Path("x"), scale=0)


def test_a_quote_that_is_never_closed_swallows_no_other_row(tmp_path: Path) -> None:
    head = 'id,text\nrow-00001,"open for ever\n'
    content = head + 'row-00002,Rude staff.\nrow-00003,"Cold,\nand late."\nrow-00004,Fine.\n'
    assert [m.text for m in mentions(tmp_path, content)] == ["Rude staff.", "Cold,\nand late.", "Fine."]
    ((where, why),) = rejected(tmp_path, content)
    assert where == "line 2" and "a quote is opened here" in why
    torn = rejected(tmp_path, 'id,text\nrow-00001,Fine.\nrow-00002,"open for ever\n and on\n')
    assert [where for where, _ in torn] == ["line 3", "line 4"]
