"""Hacker News: all that was written since the last reading, however much it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from listening import BROKEN, NOW, RECORDINGS, REFUSALS, Listened, brief, expected, listen, recorded
from listening import survives_a_kill_after_every_page as survives
from pydantic import ValidationError

from monitor.core.errors import BadPayload, RateLimited, Unreachable
from monitor.core.model import Json
from sources.hackernews import FIRST, OVERLAP, HackerNews, Options
from sources.testing.contract import SourceContract
from sources.testing.replay import Answer, Asked, ReplayServer

FOLDER = RECORDINGS / "hackernews"
SEARCH = "/api/v1/search_by_date"
LATEST = int(NOW.timestamp())


class Search(ReplayServer):
    """The search as it works: newest first, within the span asked for, at most so many hits a page."""

    def __init__(self, hits: list[Json], most: int = 1000) -> None:
        super().__init__()
        self.hits, self.most = hits, most

    def answer(self, asked: Asked) -> Answer:
        self.requests.append(asked)
        low, high = span(asked)
        found = [hit for hit in self.hits if low <= hit["created_at_i"] <= high]
        found.sort(key=lambda hit: -hit["created_at_i"])
        size = min(int(asked.params["hitsPerPage"]), self.most)
        return Answer.json({"hits": found[:size], "nbHits": len(found), "hitsPerPage": size})


def span(asked: Asked) -> tuple[int, float]:
    bounds = asked.params["numericFilters"].split(",")
    low = int(bounds[0].removeprefix("created_at_i>="))
    high = float(bounds[1].removeprefix("created_at_i<=")) if len(bounds) > 1 else float("inf")
    return low, high


def hit(number: int, age: int) -> Json:
    """A comment written `age` seconds ago."""
    return {
        "objectID": str(number),
        "created_at_i": LATEST - age,
        "author": f"fictional_fred_{number}",
        "comment_text": f"Acme Coffee let me down {number} times.",
        "story_id": 1,
        "parent_id": 1,
    }


def run(
    server: ReplayServer,
    cursor: Mapping[str, Json] | None = None,
    stop_after: int | None = None,
    query: str = "acme coffee",
) -> Listened:
    return listen(HackerNews(), server, {"query": query}, cursor, stop_after)


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as running:
        yield running


class TestHackerNews(SourceContract):
    source = HackerNews
    recordings = FOLDER


# ── one hit ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_comment_and_a_story_are_read_whole(server: ReplayServer) -> None:
    server.add(SEARCH, recorded(FOLDER / "hits.json"))
    listened = run(server)
    assert listened.error is None
    comment, story, question = listened.mentions
    assert comment.native_id == "48000003"
    assert comment.title == "", "the story's title is not the commenter's"
    assert comment.text == (
        "I've waited three weeks for Acme Coffee.\n\nThey still do not answer: https://example.com/wait"
    )
    assert comment.url == "https://news.ycombinator.com/item?id=48000003"
    assert (comment.thread, comment.parent) == ("48000001", "48000002")
    assert comment.published == datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
    assert (comment.author.key, comment.author.url) == (
        "fictional_fred",
        "https://news.ycombinator.com/user?id=fictional_fred",
    )
    assert story.title == "Acme Coffee raises prices of Box<Large> & small"
    assert (story.text, story.thread, story.parent, story.reach.likes) == ("", "48000000", None, 12)
    assert question.text == "Not at Acme Coffee, please.\n\nAnywhere else."


def test_what_was_deleted_is_gone_and_what_was_killed_is_passed_over(server: ReplayServer) -> None:
    server.add(SEARCH, recorded(FOLDER / "hits.json"))
    listened = run(server)
    assert not {"47999998", "47999997"} & set(listened.ids)
    assert listened.gone == ["47999997"]


def test_a_hit_that_cannot_be_read_is_counted(server: ReplayServer) -> None:
    server.add(SEARCH, Answer.json({"hits": ["words", {"comment_text": "no id"}, hit(3, 60)], "nbHits": 3}))
    listened = run(server)
    assert (listened.ids, len(listened.rejected)) == (["3"], 2)


def test_what_is_asked(server: ReplayServer) -> None:
    server.add(SEARCH, recorded(FOLDER / "none.json"))
    run(server, query='"acme coffee"')
    asked = server.requests[0].params
    assert asked["query"] == '"acme coffee"'
    assert asked["tags"] == "(story,comment)"
    assert asked["hitsPerPage"] == "100"
    listen(HackerNews(), server, {"query": "acme", "kinds": ["comments"]})
    assert server.requests[1].params["tags"] == "(comment)"


# ── spans ────────────────────────────────────────────────────────────────────────────────────────────────


def test_more_than_a_thousand_hits_since_the_last_time_are_all_read() -> None:
    with Search([hit(0, 500_000)]) as server:
        cursor = run(server).cursor
        server.hits += [hit(number, 400_000 - number * 10) for number in range(1, 2500)]
        later = run(server, cursor)
        assert later.error is None
        assert {int(native) for native in later.ids} >= set(range(1, 2500))
        server.requests.clear()
        again = run(server, later.cursor)
        assert len(server.requests) <= 5, "the hour before the newest, not all of it again"
        assert not again.pages[0].baseline


def test_many_hits_of_one_second_do_not_hold_it_up() -> None:
    with Search(
        [hit(number, 5_000) for number in range(90)] + [hit(1000 + n, 9_000) for n in range(60)]
    ) as server:
        assert len(set(run(server).ids)) == 150
    with Search(
        [hit(number, 5_000) for number in range(130)] + [hit(1000 + n, 9_000) for n in range(60)]
    ) as server:
        listened = run(server)
        assert listened.error is None
        assert len([native for native in set(listened.ids) if int(native) >= 1000]) == 60


def test_a_server_with_smaller_pages_is_read_to_the_end() -> None:
    with Search([hit(number, number * 60) for number in range(150)], most=20) as server:
        assert len(set(run(server).ids)) == 150


def test_the_first_reading_ends_after_a_thousand() -> None:
    with Search([hit(number, number * 60) for number in range(3000)]) as server:
        first = run(server)
        assert FIRST <= len(set(first.ids)) < FIRST + 200
        assert all(part.baseline for part in first.pages)
        assert len(server.requests) <= 12


def test_what_is_learnt_late_is_still_read() -> None:
    with Search([hit(1, 100)]) as server:
        cursor = run(server).cursor
        server.hits += [hit(2, 100 + OVERLAP - 1), hit(3, 100 + OVERLAP + 1)]
        assert run(server, cursor).ids == ["1", "2"]


def test_nothing_yet_is_a_whole_reading_too(server: ReplayServer) -> None:
    server.add(SEARCH, recorded(FOLDER / "none.json"), recorded(FOLDER / "hits.json"))
    first = run(server)
    assert (first.error, first.ids) == (None, [])
    assert not run(server, first.cursor).pages[0].baseline, "the first hit ever is news"


def test_a_hit_from_the_future_hides_nothing() -> None:
    with Search([hit(1, -10_000_000), hit(2, 50)]) as server:
        cursor = run(server).cursor
        server.hits += [hit(3, 10)]
        assert "3" in run(server, cursor).ids


def test_another_query_starts_anew(server: ReplayServer) -> None:
    server.add(SEARCH, recorded(FOLDER / "hits.json"))
    cursor = run(server).cursor
    other = run(server, cursor, query="acme anvils")
    assert other.pages[0].baseline
    assert span(server.requests[-1])[0] == 0


def test_a_kill_after_any_page_loses_nothing() -> None:
    with Search([hit(number, number * 60) for number in range(450)]) as server:
        survives(lambda cursor, stop: run(server, cursor, stop))


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["past_the_limit.json"])
def test_an_empty_list_with_a_message_is_not_the_end(server: ReplayServer, name: str) -> None:
    server.add(SEARCH, recorded(FOLDER / "hits.json"), recorded(FOLDER / name))
    cursor = run(server).cursor
    assert isinstance(run(server, cursor).error, BadPayload)


def test_an_empty_list_that_counts_hits_is_not_the_end(server: ReplayServer) -> None:
    server.add(SEARCH, Answer.json({"hits": [], "nbHits": 12}))
    listened = run(server)
    assert isinstance(listened.error, BadPayload)
    assert listened.pages == ()


def test_a_server_that_ignores_the_span_is_not_asked_for_ever(server: ReplayServer) -> None:
    hits = [hit(number, number * 60) for number in range(100)]
    server.add(SEARCH, Answer.json({"hits": hits, "nbHits": 100}))
    listened = run(server)
    assert isinstance(listened.error, BadPayload)
    assert len(set(listened.ids)) == 100
    assert len(server.requests) == 2


@pytest.mark.parametrize(("status", "kind"), REFUSALS.items())
def test_a_refusal_is_a_fault(server: ReplayServer, status: int, kind: str) -> None:
    server.add(SEARCH, Answer.text("<h1>no</h1>", status=status))
    listened = run(server)
    assert (type(listened.error).__name__, listened.pages) == (kind, ())


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_answer_is_a_fault(server: ReplayServer, how: str) -> None:
    server.add(SEARCH, BROKEN[how])
    listened = run(server)
    assert type(listened.error).__name__ == ("Unreachable" if how == "broken off" else "BadPayload")
    assert listened.pages == ()


def test_a_fault_halfway_keeps_the_pages_and_holds_the_cursor(server: ReplayServer) -> None:
    hits = [hit(number, number * 60) for number in range(100)]
    server.add(SEARCH, Answer.json({"hits": hits, "nbHits": 300}), Answer(503))
    listened = run(server)
    assert isinstance(listened.error, Unreachable)
    assert len(listened.ids) == 100
    assert listened.cursor is not None
    assert listened.cursor["newest"] is None


def test_too_many_requests(server: ReplayServer) -> None:
    server.add(SEARCH, Answer(429, {"retry-after": "60"}))
    error = run(server).error
    assert isinstance(error, RateLimited)
    assert error.retry_after is not None
    assert error.retry_after.total_seconds() == 60


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"query": "  "},
        {"query": "acme", "kinds": []},
        {"query": "acme", "kinds": ["jobs"]},
        {"query": "a", "q": 1},
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options(**wrong)


# ── recorded answers ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", sorted(expected("hackernews")))
def test_recorded_answers(test_data: Path, server: ReplayServer, name: str) -> None:
    server.add(SEARCH, recorded(test_data / "payloads" / "hn_algolia" / name))
    assert brief(run(server)) == expected("hackernews")[name]


def test_no_recorded_answer_is_left_out(test_data: Path) -> None:
    assert {file.name for file in (test_data / "payloads" / "hn_algolia").iterdir()} == set(
        expected("hackernews")
    )
