"""App Store reviews: every page, whatever Apple leaves out of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from listening import BROKEN, RECORDINGS, REFUSALS, Listened, brief, expected, listen, recorded
from listening import survives_a_kill_after_every_page as survives
from pydantic import ValidationError

from monitor.core.errors import BadPayload, Gone, RateLimited, Unreachable
from monitor.core.model import Json
from sources.appstore import PATIENCE, AppStore, Options
from sources.testing.contract import SourceContract
from sources.testing.replay import Answer, ReplayServer

FOLDER = RECORDINGS / "appstore"
APP = 1234567890
BLANK: Json = {"feed": {}}


def own(name: str) -> Answer:
    return recorded(FOLDER / f"{name}.json")


def path(number: int, code: str = "us") -> str:
    return f"/{code}/rss/customerreviews/page={number}/id={APP}/sortby=mostrecent/json"


def link(number: int, code: str = "us") -> str:
    return (
        f"https://itunes.apple.com/{code}/rss/customerreviews/page={number}/id={APP}/sortby=mostrecent/xml"
        f"?urlDesc=/customerreviews/page=1/id={APP}/sortby=mostRecent/json"
    )


def review(number: int, text: str = "", updated: str | None = "2026-11-20T08:00:00-07:00") -> Json:
    """A review; a higher number is newer."""
    entry: dict[str, Json] = {
        "id": {"label": str(number)},
        "im:rating": {"label": "1"},
        "title": {"label": f"Cold again {number}"},
        "content": {"label": text or f"Cup {number} came cold."},
        "author": {
            "name": {"label": f"Fictional Fred {number}"},
            "uri": {"label": f"https://itunes.apple.com/us/reviews/id{900 + number}"},
        },
    }
    return entry | ({"updated": {"label": updated}} if updated else {})


def page(entries: list[Json], last: int | None = 1, code: str = "us") -> Answer:
    links = [{"attributes": {"rel": "last", "href": link(last, code)}}] if last else []
    return Answer.json({"feed": {"entry": entries, "link": links}})


def shelf(newest: int, count: int, size: int = 50) -> list[Answer]:
    """The pages of a storefront with `count` reviews numbered down from `newest`."""
    numbers = list(range(newest, newest - count, -1))
    last = max(-(-count // size), 1)
    return [
        page([review(number) for number in numbers[at : at + size]], last) for at in range(0, count, size)
    ]


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as running:
        yield running


def run(
    server: ReplayServer, cursor: Any = None, stop_after: int | None = None, codes: tuple[str, ...] = ("us",)
) -> Listened:
    options = {"app_id": APP, "storefronts": codes}
    return listen(AppStore(), server, options, cursor, stop_after)


def serve(server: ReplayServer, answers: list[Answer], code: str = "us") -> None:
    for number, answer in enumerate(answers, 1):
        server.add(path(number, code), answer)


class TestAppStore(SourceContract):
    source = AppStore
    recordings = FOLDER


# ── one review ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_review_is_read_whole(server: ReplayServer) -> None:
    serve(server, [own("page1"), own("page2")])
    listened = run(server)
    assert listened.error is None
    assert listened.ids == ["50000000003", "50000000002", "50000000001"]
    mention = listened.mentions[0]
    assert mention.source == "appstore"
    assert mention.title == "Order never came"
    assert mention.text == "Paid twice & waited an hour. <b>Nobody</b> answered."
    assert mention.rating is not None
    assert (mention.rating.stars, mention.rating.value) == (1.0, 0.0)
    assert mention.published == datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert (mention.author.key, mention.author.name) == ("id700000001", "Fictional Fred")
    assert (mention.place.storefront, mention.place.version) == ("us", "4.2.0")
    assert mention.reach.likes == 7
    assert mention.url == f"https://itunes.apple.com/us/review?id={APP}&type=Purple%20Software"


def test_missing_fields_stay_unknown(server: ReplayServer) -> None:
    serve(server, [own("page1"), own("page2")])
    bare = run(server).mentions[1]
    assert (bare.published, bare.reach.likes, bare.place.version) == (None, None, None)
    assert bare.author.key == "us:Made-up Mia"
    assert bare.url == f"https://apps.apple.com/us/app/id{APP}"
    assert run(server).mentions[2].author.key is None


def test_the_apps_own_entry_is_no_review_and_a_single_review_is_no_list(server: ReplayServer) -> None:
    serve(server, [own("page1"), own("page2")])
    listened = run(server)
    assert len(listened.pages[0].mentions) == 2, "the first of three entries is the app"
    assert len(listened.pages[1].mentions) == 1, "the entry is an object"
    assert listened.rejected == []


def test_an_entry_that_cannot_be_read_is_counted_and_stops_nothing(server: ReplayServer) -> None:
    entries: list[Json] = [
        review(2),
        "words",
        {"title": {"label": "no rating"}},
        {"im:rating": {"label": "1"}},
        review(1),
    ]
    serve(server, [page(entries)])
    listened = run(server)
    assert listened.ids == ["2", "1"]
    assert [line.split(":")[0] for line in listened.rejected] == [
        f"storefront us, page 1, entry {number}" for number in (2, 3, 4)
    ]


def test_a_rating_out_of_range_costs_the_stars_and_not_the_words(server: ReplayServer) -> None:
    serve(server, [page([review(1) | {"im:rating": {"label": "6"}}])])
    assert run(server).mentions[0].rating is None


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_page_is_read_once_and_then_one_request_is_enough(server: ReplayServer) -> None:
    serve(server, shelf(500, 500))
    first = run(server)
    assert first.ids == [str(number) for number in range(500, 0, -1)]
    assert all(part.baseline for part in first.pages if part.mentions)
    server.requests.clear()
    again = run(server, first.cursor)
    assert [asked.path for asked in server.requests] == [path(1)]
    assert not any(part.baseline for part in again.pages)
    assert again.cursor == first.cursor


def test_more_new_reviews_than_a_page_holds_are_all_read(server: ReplayServer) -> None:
    serve(server, shelf(300, 300))
    cursor = run(server).cursor
    server.forget()
    serve(server, shelf(460, 460))
    later = run(server, cursor)
    assert set(later.ids) >= {str(number) for number in range(301, 461)}
    assert len(server.requests) == 5, "three pages of news, one mixed, one known"


@pytest.mark.parametrize("updated", ["2026-11-21T09:00:00-07:00", None])
def test_an_edit_comes_back_on_top(server: ReplayServer, updated: str | None) -> None:
    serve(server, shelf(120, 120))
    cursor = run(server).cursor
    server.forget()
    edited = review(30, "Still cold, and now rude as well.", updated)
    serve(server, [page([edited, *(review(n) for n in range(120, 71, -1))], 3), *shelf(71, 71)])
    later = run(server, cursor)
    assert later.mentions[0].text == "Still cold, and now rude as well."
    assert later.ids.count("30") == 1, "a stale copy further down does not undo the edit"
    server.requests.clear()
    run(server, later.cursor)
    assert len(server.requests) == 1, "the edited review is remembered as it is now"


@pytest.mark.parametrize(
    "blank", [Answer.json(BLANK), own("unserved"), Answer(404)], ids=["bare", "links", "404"]
)
def test_a_blank_page_below_the_last_is_not_the_end(server: ReplayServer, blank: Answer) -> None:
    pages = shelf(150, 150)
    serve(server, [pages[0], blank, pages[2]])
    first = run(server)
    assert first.error is None
    assert len(first.ids) == 100
    assert len(first.rejected) == 1
    assert "storefront us, page 2" in first.rejected[0]
    server.forget()
    serve(server, pages)
    second = run(server, first.cursor)
    assert set(first.ids) | set(second.ids) == {str(number) for number in range(1, 151)}
    assert [part.baseline for part in second.pages if part.mentions] == [False, True, True]
    server.requests.clear()
    run(server, second.cursor)
    assert len(server.requests) == 1, "caught up"


def test_a_blank_first_page_leaves_the_first_reading_unfinished(server: ReplayServer) -> None:
    pages = shelf(100, 100)
    serve(server, [Answer.json(BLANK), pages[1]])
    first = run(server)
    assert first.error is None
    assert len(first.ids) == 50
    server.forget()
    serve(server, pages)
    second = run(server, first.cursor)
    assert len(second.ids) == 100
    assert second.pages[0].baseline


def test_nothing_but_blank_pages_is_a_fault_and_not_silence(server: ReplayServer) -> None:
    serve(server, [Answer.json(BLANK), Answer.json(BLANK)])
    first = run(server)
    assert isinstance(first.error, BadPayload)
    assert len(server.requests) == 2
    assert "blank" in str(first.error)


def test_a_known_storefront_that_turns_empty_is_not_believed(server: ReplayServer) -> None:
    serve(server, shelf(10, 10))
    cursor = run(server).cursor
    server.forget()
    serve(server, [page([], 1)])
    emptied = run(server, cursor)
    assert isinstance(emptied.error, BadPayload)
    assert all(part.cursor == cursor for part in emptied.pages)


def test_an_app_without_reviews_is_no_fault(server: ReplayServer) -> None:
    serve(server, [page([], 1)])
    first = run(server)
    assert (first.error, first.ids, first.rejected) == (None, [], [])
    server.forget()
    serve(server, shelf(1, 1))
    assert not run(server, first.cursor).pages[0].baseline, "the first review ever is news"


def test_the_end_may_be_a_refusal(server: ReplayServer) -> None:
    serve(server, [page([review(n) for n in range(60, 10, -1)], None), Answer.json({}, 400)])
    listened = run(server)
    assert (listened.error, len(listened.ids)) == (None, 50)


def test_a_short_page_without_links_is_the_last(server: ReplayServer) -> None:
    serve(server, [page([review(n) for n in range(9, 0, -1)], None)])
    listened = run(server)
    assert (listened.error, listened.rejected, len(listened.ids)) == (None, [], 9)
    assert len(server.requests) == 1


def test_a_kill_after_any_page_loses_nothing(server: ReplayServer) -> None:
    serve(server, shelf(230, 230))
    serve(server, shelf(1070, 70), "gb")
    survives(lambda cursor, stop: run(server, cursor, stop, ("us", "gb")))


def test_another_app_starts_anew(server: ReplayServer) -> None:
    serve(server, shelf(3, 3))
    cursor = dict(run(server).cursor or {})
    assert run(server, cursor | {"app_id": 1}).pages[0].baseline


# ── storefronts ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_storefront_added_later_is_a_baseline(server: ReplayServer) -> None:
    serve(server, shelf(5, 5))
    serve(server, shelf(9, 3), "gb")
    cursor = run(server).cursor
    listened = run(server, cursor, codes=("us", "gb"))
    assert [
        (part.mentions[0].place.storefront, part.baseline) for part in listened.pages if part.mentions
    ] == [
        ("us", False),
        ("gb", True),
    ]


def test_a_storefront_apple_does_not_serve_is_named(server: ReplayServer) -> None:
    server.add(path(1, "li"), own("unserved"))
    serve(server, shelf(2, 2))
    listened = run(server, codes=("li", "us"))
    assert (listened.error, listened.ids) == (None, ["2", "1"])
    assert len(listened.rejected) == 1
    assert "storefront li" in listened.rejected[0]
    assert "remove li" in listened.rejected[0]
    alone = run(server, codes=("li",))
    assert isinstance(alone.error, Gone)
    assert "remove li" in str(alone.error)


def test_a_wrong_storefront_is_said_in_plain_words(server: ReplayServer) -> None:
    server.add(path(1, "xx"), Answer.text("Bad Request", "text/plain", 400))
    error = run(server, codes=("xx",)).error
    assert isinstance(error, Gone)
    assert "storefront xx" in str(error)


def test_one_storefronts_fault_does_not_stop_the_others(server: ReplayServer) -> None:
    server.add(path(1, "us"), Answer(503))
    serve(server, shelf(2, 2), "gb")
    listened = run(server, codes=("us", "gb"))
    assert listened.ids == ["2", "1"]
    assert isinstance(listened.error, Unreachable)
    second = run(server, listened.cursor, codes=("us", "gb"))
    assert not second.pages[0].baseline, "gb was read to its end"


def test_a_host_that_is_away_is_not_asked_for_every_storefront(server: ReplayServer) -> None:
    codes = ("us", "gb", "de", "fr", "it")
    for code in codes:
        server.add(path(1, code), Answer(502))
    assert isinstance(run(server, codes=codes).error, Unreachable)
    assert len(server.requests) == PATIENCE


def test_too_many_requests_end_the_run(server: ReplayServer) -> None:
    server.add(path(1, "us"), Answer(429, {"retry-after": "120"}))
    error = run(server, codes=("us", "gb")).error
    assert isinstance(error, RateLimited)
    assert error.retry_after is not None
    assert error.retry_after.total_seconds() == 120
    assert len(server.requests) == 1


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("status", "kind"), REFUSALS.items())
def test_a_refusal_is_a_fault(server: ReplayServer, status: int, kind: str) -> None:
    serve(server, [Answer.text("<h1>no</h1>", status=status)])
    listened = run(server)
    assert (type(listened.error).__name__, listened.pages) == (kind, ())


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_answer_is_a_fault(server: ReplayServer, how: str) -> None:
    serve(server, [BROKEN[how]])
    listened = run(server)
    assert type(listened.error).__name__ == ("Unreachable" if how == "broken off" else "BadPayload")
    assert listened.pages == ()


def test_a_fault_on_a_later_page_keeps_the_earlier_ones(server: ReplayServer) -> None:
    pages = shelf(150, 150)
    serve(server, [pages[0], Answer(503), pages[2]])
    first = run(server)
    assert isinstance(first.error, Unreachable)
    assert len(first.ids) == 50
    server.forget()
    serve(server, pages)
    assert len(run(server, first.cursor).ids) == 150


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────


def test_settings() -> None:
    assert Options(app_id=APP) == Options(app_id=APP, storefronts=("US", "us"))
    assert Options(app_id=APP).base_url == "https://itunes.apple.com"
    assert (
        Options(app_id=APP, base_url="http://127.0.0.1:8080/apple/").base_url == "http://127.0.0.1:8080/apple"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"app_id": 0},
        {"app_id": "acme"},
        {"app_id": APP, "storefronts": []},
        {"app_id": APP, "storefronts": ["usa"]},
        {"app_id": APP, "storefronts": "us"},
        {"app_id": APP, "country": "us"},
        {"app_id": APP, "base_url": "itunes.apple.com"},
        {"app_id": APP, "base_url": "https://user:secret@example.com"},
        {"app_id": APP, "base_url": "https://example.com/?a=b"},
        {"app_id": APP, "base_url": "http://[::1"},
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options(**wrong)


# ── recorded answers ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", sorted(expected("appstore")))
def test_recorded_answers(test_data: Path, server: ReplayServer, name: str) -> None:
    """Each as page 1; what the recording speaks of beyond it is blank."""
    serve(server, [recorded(test_data / "payloads" / "apple_rss" / name), *[Answer.json(BLANK)] * 9])
    assert brief(run(server)) == expected("appstore")[name]


def test_no_recorded_answer_is_left_out(test_data: Path) -> None:
    assert {file.name for file in (test_data / "payloads" / "apple_rss").iterdir()} == set(
        expected("appstore")
    )


def test_the_recorded_blank_page_between_full_ones(test_data: Path, server: ReplayServer) -> None:
    folder = test_data / "payloads" / "apple_rss"
    full = shelf(150, 150)
    serve(server, [full[0], recorded(folder / "blank_page_mid_feed.json"), full[2]])
    first = run(server)
    assert (len(first.ids), len(first.rejected), first.error) == (100, 1, None)
    server.forget()
    serve(server, full)
    assert len(set(first.ids) | set(run(server, first.cursor).ids)) == 150
