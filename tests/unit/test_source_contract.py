"""The contract itself: each bad habit of a source is caught by the test that is there for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel, ConfigDict

from monitor.core.errors import BadPayload
from monitor.core.model import Feed, Json, Mention, Page
from monitor.core.ports import Http
from sources.http import HttpClient
from sources.status import fault
from sources.testing.contract import SourceContract
from sources.testing.recording import NOW, Recording, recordings
from sources.testing.replay import Answer, ReplayServer


class Board:
    """A small, well-behaved source."""

    name: ClassVar[str] = "board"
    api: ClassVar[int] = 1
    searches: ClassVar[bool] = False

    class Options(BaseModel):
        model_config = ConfigDict(extra="forbid")
        url: str

    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        response = http.get(feed.options.url, token="made-up-secret")
        wrong = fault(response)
        if wrong:
            raise wrong
        posts = response.json()
        if not isinstance(posts, list):
            raise BadPayload("the board did not answer with a list of posts")
        yield Page(tuple(self.mention(post) for post in posts), self.cursor(feed))

    def mention(self, post: Json) -> Mention:
        return Mention("board", post["id"], post["text"], published=datetime.fromisoformat(post["at"]))

    def cursor(self, feed: Feed) -> Mapping[str, Json]:
        return {"read": True}


class Swallows(Board):
    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        try:
            yield from super().collect(feed, http)
        except Exception:  # noqa: BLE001 - the bad habit itself
            yield Page((), {})


class Crashes(Board):
    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        yield Page(tuple(map(self.mention, json.loads(http.get(feed.options.url).body))), {})


class Forgets(Board):
    """Moves on over a fault: what failed is never asked for again."""

    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        if feed.cursor is None:
            yield Page((), {"read": True})
            yield from super().collect(feed, http)


class Naive(Board):
    def mention(self, post: Json) -> Mention:
        return replace(super().mention(post), published=datetime(2026, 1, 1))


class Doubles(Board):
    def mention(self, post: Json) -> Mention:
        return replace(super().mention(post), native_id="1")


class Leaks(Board):
    def cursor(self, feed: Feed) -> Mapping[str, Json]:
        return {"token": "made-up-secret"}


class Stores(Board):
    def cursor(self, feed: Feed) -> Mapping[str, Json]:
        return {"at": datetime(2026, 1, 1, tzinfo=UTC)}


class Talks(Board):
    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        try:
            yield from super().collect(feed, http)
        except BadPayload as wrong:
            raise BadPayload(f"it went wrong with made-up-secret: {wrong}") from wrong


class Lenient(Board):
    class Options(BaseModel):  # type: ignore[override]
        url: str


class Invents(Board):
    """Finds something new at every reading."""

    count = 0

    def mention(self, post: Json) -> Mention:
        Invents.count += 1
        return replace(super().mention(post), native_id=str(self.count))


SAID = {
    "options": {"url": "{server}/posts"},
    "environment": {"BOARD_TOKEN": "made-up-secret"},
    "exchanges": [
        {
            "path": "/posts",
            "json": [
                {"id": "1", "text": "Cold cup", "at": "2026-11-20T10:00:00+00:00"},
                {"id": "2", "text": "Colder cup", "at": "2026-11-20T11:00:00+00:00"},
            ],
        }
    ],
    "expected": {
        "mentions": [
            {
                "source": "board",
                "native_id": "1",
                "text": "Cold cup",
                "published": "2026-11-20T10:00:00+00:00",
            },
            {
                "source": "board",
                "native_id": "2",
                "text": "Colder cup",
                "published": "2026-11-20T11:00:00+00:00",
            },
        ]
    },
}


class Contract(SourceContract):
    """Not collected by itself: called below for each source."""


def run(test: str, source: type[Any], **arguments: Any) -> None:
    recording = Recording("board", Path(), SAID)
    contract = type("TestOne", (Contract,), {"source": source, "recordings": Path()})()
    with ReplayServer() as server, pytest.MonkeyPatch.context() as monkeypatch:
        http = HttpClient(now=lambda: NOW, deadline=5, spacing=0, allow_private_hosts=[server.host])
        offered = {
            "recording": recording, "whole": recording, "server": server, "http": http, "monkeypatch": monkeypatch
        }  # fmt: skip
        method = getattr(contract, test)
        wanted = method.__code__.co_varnames[1 : method.__code__.co_argcount]
        try:
            method(**{name: value for name, value in (offered | arguments).items() if name in wanted})
        finally:
            http.close()


EXACT = "test_a_recording_becomes_exactly_what_stands_beside_it"
FORMED = "test_every_mention_is_well_formed"
CURSOR = "test_the_cursor_survives_the_database_and_holds_no_secret"
AGAIN = "test_reading_again_from_its_cursor_brings_nothing_new"
STATUS = "test_a_status_is_the_fault_it_stands_for_and_loses_nothing"
BAD = "test_a_status_200_that_is_no_document_is_a_fault_and_loses_nothing"
HALF = "test_a_document_cut_in_half_loses_nothing"
OPTION = "test_an_option_it_does_not_know_is_refused_by_name"


@pytest.mark.parametrize("test", [EXACT, FORMED, CURSOR, AGAIN, STATUS, BAD, HALF, OPTION])
def test_a_good_source_keeps_the_contract(test: str) -> None:
    run(test, Board, status=429, bad="null")


@pytest.mark.parametrize(
    ("source", "test", "arguments"),
    [
        (Swallows, STATUS, {"status": 401}),
        (Swallows, BAD, {"bad": "null"}),
        (Crashes, STATUS, {"status": 500}),
        (Crashes, BAD, {"bad": "a web page"}),
        (Crashes, HALF, {}),
        (Forgets, STATUS, {"status": 503}),
        (Naive, FORMED, {}),
        (Naive, EXACT, {}),
        (Doubles, FORMED, {}),
        (Leaks, CURSOR, {}),
        (Stores, CURSOR, {}),
        (Talks, BAD, {"bad": "nothing"}),
        (Lenient, OPTION, {}),
        (Invents, AGAIN, {}),
    ],
)
def test_a_bad_habit_is_caught(source: type[Any], test: str, arguments: dict[str, Any]) -> None:
    with pytest.raises((Exception, pytest.fail.Exception)):
        run(test, source, **arguments)


def test_a_server_plays_its_answers_in_order_and_the_nearest_route_wins() -> None:
    with ReplayServer() as server:
        server.add("/a", Answer(body=b"1"), Answer(body=b"2"))
        server.add("/a", Answer(body=b"page"), params={"page": "2"})
        server.add("*", Answer(body=b"else"))
        http = HttpClient(now=lambda: NOW, allow_private_hosts=[server.host])
        bodies = [http.get(f"{server.url}{path}").body for path in ("/a", "/a?x=1", "/a", "/a?page=2", "/b")]
        assert bodies == [b"1", b"2", b"2", b"page", b"else"]
        server.forget()
        assert http.get(f"{server.url}/a").status == 501
        assert [asked.path for asked in server.unexpected] == ["/a"]
        http.close()


def test_files_that_are_no_recordings_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(SAID))
    (tmp_path / "body.json").write_text('{"items": []}')
    assert [recording.name for recording in recordings(tmp_path)] == ["a"]
