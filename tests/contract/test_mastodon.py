"""Mastodon and servers like it: every public post once, deletions honoured, private words left alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml
from listening import BROKEN, RECORDINGS, REFUSALS, Listened, brief, expected, listen, recorded
from listening import survives_a_kill_after_every_page as survives
from pydantic import ValidationError

from monitor.core.errors import BadPayload, Denied, Gone, RateLimited
from monitor.core.model import Json
from sources.mastodon import CHECKS, FIRST_PAGES, LIMIT, Mastodon, Options
from sources.testing.contract import SourceContract
from sources.testing.replay import Answer, Asked, ReplayServer

FOLDER = RECORDINGS / "mastodon"
TAG = "/api/v1/timelines/tag/acmecoffee"
SEARCH = "/api/v2/search"
MENTIONS = "/api/v1/notifications"
TOKEN = "fictional-token"
START = datetime(2026, 11, 1, tzinfo=UTC)


def post(number: int, content: str = "") -> Json:
    """A public post; a higher number is newer."""
    return {
        "id": str(number),
        "uri": f"https://example.social/statuses/{number}",
        "url": f"https://example.social/@fred/{number}",
        "created_at": (START + timedelta(minutes=number)).isoformat(),
        "visibility": "public",
        "content": content or f"<p>Acme Coffee, cup {number}: cold.</p>",
        "account": {"acct": "fred", "url": "https://example.social/@fred"},
    }


@dataclass
class Hashtag:
    """A server with one hashtag, which turns its pages as Mastodon does."""

    server: ReplayServer
    posts: dict[int, Json] = field(default_factory=dict)
    linked: bool = True
    proxied: bool = False

    def answer(self, asked: Asked) -> Answer:
        self.server.requests.append(asked)
        if asked.path.startswith("/api/v1/statuses/"):
            number = int(asked.path.rpartition("/")[2])
            return (
                Answer.json(self.posts[number]) if number in self.posts else Answer.json({"error": "x"}, 404)
            )
        below = int(asked.params.get("max_id", 10**9))
        shown = sorted((number for number in self.posts if number < below), reverse=True)[:LIMIT]
        headers = {}
        if shown and self.linked:
            host = "https://inside.example" if self.proxied else "{server}"
            headers["link"] = (
                f'<{host}{TAG}?limit=40&max_id={shown[-1]}>; rel="next", <{host}{TAG}?min_id=1>; rel="prev"'
            )
        return Answer.json([self.posts[number] for number in shown], headers=headers)

    def write(self, *numbers: int) -> None:
        self.posts |= {number: post(number) for number in numbers}


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as running:
        yield running


@pytest.fixture
def hashtag(server: ReplayServer, monkeypatch: pytest.MonkeyPatch) -> Hashtag:
    place = Hashtag(server)
    monkeypatch.setattr(server, "answer", place.answer)
    return place


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_TOKEN", TOKEN)


def run(
    server: ReplayServer,
    cursor: Mapping[str, Json] | None = None,
    stop_after: int | None = None,
    **options: Any,
) -> Listened:
    return listen(Mastodon(), server, options or {"tags": ["AcmeCoffee"]}, cursor, stop_after)


def uris(*numbers: int) -> list[str]:
    return [f"https://example.social/statuses/{number}" for number in numbers]


class TestMastodon(SourceContract):
    source = Mastodon
    recordings = FOLDER


# ── one post ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_post_is_read_whole(server: ReplayServer) -> None:
    server.add(TAG, recorded(FOLDER / "tag.json"))
    listened = run(server)
    assert listened.error is None
    mention = listened.mentions[0]
    assert mention.native_id == "https://example.social/users/fictional_fred/statuses/105"
    assert mention.title == "coffee rant"
    assert mention.text == (
        "Three weeks of waiting for #acmecoffee & no answer:\nsee example.com/a/very…\n\nNever again."
    )
    assert mention.published == datetime(2026, 11, 20, 9, 15, 30, 123000, tzinfo=UTC)
    assert mention.edited == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert (mention.author.key, mention.author.name) == ("fictional_fred@example.social", "Fictional Fred")
    assert (mention.language, mention.parent, mention.addressed) == ("en", "99", False)
    assert (mention.reach.followers, mention.reach.likes) == (120, 2)
    assert mention.url == "https://example.social/@fictional_fred/105"


def test_a_post_from_elsewhere_keeps_its_own_name(server: ReplayServer) -> None:
    server.add(TAG, recorded(FOLDER / "tag.json"))
    mention = run(server).mentions[1]
    assert mention.author.key == "madeup_mia@elsewhere.example"
    assert mention.author.name == "@madeup_mia@elsewhere.example"
    assert (mention.text, mention.language, mention.reach.followers) == ("Same here.", "de", None)


def test_private_words_are_not_read(server: ReplayServer) -> None:
    server.add(TAG, recorded(FOLDER / "tag.json"))
    server.add(MENTIONS, recorded(FOLDER / "mentions.json"))
    listened = run(server, tags=["acmecoffee"], mentions=True, token_env="ACME_TOKEN")
    assert not [
        mention for mention in listened.mentions if "friends" in mention.text or "secret" in mention.text
    ]
    assert "friends" not in json.dumps(listened.cursor)


def test_a_boost_is_a_repost(server: ReplayServer) -> None:
    server.add(TAG, recorded(FOLDER / "tag.json"))
    boost = run(server).mentions[-1]
    assert (boost.repost, boost.text) == (True, "Acme Coffee opens at nine.")
    assert boost.author.key == "fictional_fred@example.social"
    assert boost.native_id.endswith("/101/activity")


def test_a_server_that_only_speaks_the_api(server: ReplayServer) -> None:
    server.add(TAG, recorded(FOLDER / "other_server.json"))
    listened = run(server)
    mention = listened.mentions[0]
    assert (listened.error, len(listened.ids)) == (None, 1)
    assert mention.text == "Worst beans & cold milk at Acme Coffee"
    assert (mention.author.key, mention.language) == ("ida@snac.example", None)


def test_a_post_that_cannot_be_read_is_counted(server: ReplayServer) -> None:
    silent = {key: value for key, value in post(3).items() if key != "visibility"}
    nameless = {key: value for key, value in post(2).items() if key not in ("uri", "url")}
    endless = post(2) | {"uri": "https://example.social/" + "x" * 1000}
    server.add(TAG, Answer.json(["words", silent, nameless, endless, post(1)]))
    server.add(TAG, Answer.json([]), params={"max_id": "1"})
    listened = run(server)
    assert listened.ids == uris(1)
    assert [line.split(":")[0] for line in listened.rejected] == [
        f"hashtag #acmecoffee, page 1, post {number}" for number in (1, 2, 3, 4)
    ]


# ── streams ──────────────────────────────────────────────────────────────────────────────────────────────


def test_mentions_are_addressed_to_us(server: ReplayServer) -> None:
    server.add(MENTIONS, recorded(FOLDER / "mentions.json"))
    server.add(MENTIONS, Answer.json([]), params={"max_id": "18"})
    listened = run(server, mentions=True, token_env="ACME_TOKEN")
    assert listened.error is None
    assert [(mention.text, mention.addressed) for mention in listened.mentions] == [
        ("@acme where is my order?", True)
    ]
    assert len(listened.rejected) == 1, "a mention without its post"
    assert server.requests[0].params["types[]"] == "mention"
    assert {asked.headers["authorization"] for asked in server.requests} == {f"Bearer {TOKEN}"}


def test_a_search_turns_pages_by_number(server: ReplayServer) -> None:
    pages = [{"statuses": [post(n) for n in range(90 - at, max(50 - at, 0), -1)]} for at in (0, 40, 80)]
    for number, page in enumerate(pages):
        server.add(SEARCH, Answer.json(page), params={"offset": str(number * LIMIT)} if number else {})
    server.add(SEARCH, Answer.json({"statuses": []}), params={"offset": "120"})
    listened = run(server, search="acme", token_env="ACME_TOKEN")
    assert (listened.error, listened.ids) == (None, uris(*range(90, 0, -1)))
    assert server.requests[0].params == {"q": "acme", "type": "statuses", "limit": "40"}


def test_a_post_in_two_streams_is_told_once_and_as_addressed(server: ReplayServer) -> None:
    note = {"id": "5", "type": "mention", "status": post(7)}
    server.add(MENTIONS, Answer.json([note]))
    server.add(TAG, Answer.json([post(7)]))
    listened = run(server, tags=["#acmecoffee"], mentions=True, token_env="ACME_TOKEN")
    assert [(mention.native_id, mention.addressed) for mention in listened.mentions] == [(uris(7)[0], True)]


def test_a_hashtag_added_later_is_a_baseline(server: ReplayServer) -> None:
    server.add(TAG, Answer.json([post(7)]))
    server.add("/api/v1/timelines/tag/k%C3%A4lte", Answer.json([post(8)]))
    cursor = run(server, tags=["acmecoffee"]).cursor
    later = run(server, cursor, tags=["acmecoffee", "Kälte"])
    baselines = {mention.native_id: page.baseline for page in later.pages for mention in page.mentions}
    assert baselines == {uris(7)[0]: False, uris(8)[0]: True}


def test_one_streams_fault_does_not_stop_the_others(server: ReplayServer) -> None:
    server.add("/api/v1/timelines/tag/broken", Answer(500))
    server.add(TAG, Answer.json([post(7)]))
    listened = run(server, tags=["broken", "acmecoffee"])
    assert listened.ids == uris(7)
    assert type(listened.error).__name__ == "Unreachable"


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("linked", [True, False])
def test_however_many_are_new_all_are_read(hashtag: Hashtag, linked: bool) -> None:
    hashtag.linked = linked
    hashtag.write(*range(1, 31))
    first = run(hashtag.server)
    assert first.ids == uris(*range(30, 0, -1))
    hashtag.write(*range(31, 431))
    later = run(hashtag.server, first.cursor)
    assert set(later.ids) >= set(uris(*range(31, 431)))
    hashtag.server.requests.clear()
    again = run(hashtag.server, later.cursor)
    assert len(hashtag.server.requests) == 1
    assert again.cursor == later.cursor


def test_next_pages_are_asked_for_where_we_reach_the_server(hashtag: Hashtag) -> None:
    hashtag.proxied = True
    hashtag.write(*range(1, 101))
    listened = run(hashtag.server)
    assert (listened.error, len(listened.ids)) == (None, 100)


def test_the_first_reading_is_bounded(hashtag: Hashtag) -> None:
    hashtag.write(*range(1, 1001))
    first = run(hashtag.server)
    assert first.ids == uris(*range(1000, 1000 - FIRST_PAGES * LIMIT, -1))
    assert all(page.baseline for page in first.pages)
    assert len(run(hashtag.server, first.cursor).pages) == 1


def test_an_edit_among_the_newest_is_seen(hashtag: Hashtag) -> None:
    hashtag.write(1, 2, 3)
    cursor = run(hashtag.server).cursor
    hashtag.posts[2] = post(2, "<p>Acme Coffee made it good.</p>") | {"edited_at": "2026-11-02T00:00:00Z"}
    again = run(hashtag.server, cursor)
    assert again.mentions[1].text == "Acme Coffee made it good."


def test_a_kill_after_any_page_loses_nothing(hashtag: Hashtag) -> None:
    hashtag.write(*range(1, 181))
    survives(lambda cursor, stop: run(hashtag.server, cursor, stop))
    cursor = run(hashtag.server).cursor
    hashtag.write(*range(181, 351))
    survives(lambda later, stop: run(hashtag.server, later or cursor, stop))


def test_an_empty_page_with_a_next_link_is_not_the_end(server: ReplayServer) -> None:
    server.add(
        TAG, Answer.json([post(9)], headers={"link": f'<https://x.example{TAG}?max_id=9>; rel="next"'})
    )
    empty = Answer.json([], headers={"link": f'<https://x.example{TAG}?max_id=5>; rel="next"'})
    server.add(TAG, empty, params={"max_id": "9"})
    server.add(TAG, Answer.json([post(3)]), params={"max_id": "5"})
    server.add(TAG, Answer.json([]), params={"max_id": "3"})
    assert run(server).ids == uris(9, 3)


def test_a_server_that_leads_in_circles_is_left(server: ReplayServer) -> None:
    circle = {"link": f'<https://x.example{TAG}?max_id=9>; rel="next"'}
    server.add(TAG, Answer.json([post(9)], headers=circle))
    server.add(TAG, Answer.json([], headers=circle), params={"max_id": "9"})
    listened = run(server)
    assert (listened.error, listened.ids) == (None, uris(9))
    assert len(server.requests) == 2


def test_another_server_starts_anew(server: ReplayServer) -> None:
    server.add(TAG, Answer.json([post(9)]))
    cursor = dict(run(server).cursor or {})
    assert run(server, cursor | {"server": "https://other.example"}).pages[0].baseline


# ── deletions ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_deleted_post_is_noticed_and_its_words_go(hashtag: Hashtag) -> None:
    hashtag.write(*range(1, 11))
    cursor = run(hashtag.server).cursor
    del hashtag.posts[5], hashtag.posts[9]
    later = run(hashtag.server, cursor)
    assert later.error is None
    assert sorted(later.gone) == uris(5, 9)
    assert later.pages[-1].gone_words
    assert run(hashtag.server, later.cursor).gone == []


def test_a_post_that_lost_only_its_hashtag_is_not_gone(
    hashtag: Hashtag, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashtag.write(*range(1, 11))
    cursor = run(hashtag.server).cursor
    kept = hashtag.posts.pop(5)
    hashtag.server.requests.clear()
    real = hashtag.answer
    monkeypatch.setattr(
        hashtag.server,
        "answer",
        lambda asked: Answer.json(kept) if asked.path.endswith("/statuses/5") else real(asked),
    )
    later = run(hashtag.server, cursor)
    assert (later.gone, later.error) == ([], None)
    assert run(hashtag.server, later.cursor).gone == []


def test_when_all_remembered_posts_went_the_past_is_not_read_again(hashtag: Hashtag) -> None:
    hashtag.write(*range(1, 161))
    cursor = run(hashtag.server).cursor
    for number in range(121, 161):
        del hashtag.posts[number]
    hashtag.server.requests.clear()
    later = run(hashtag.server, cursor)
    assert len(later.gone) == CHECKS
    assert [asked.path for asked in hashtag.server.requests].count(TAG) == 1


def test_posts_pushed_out_by_newer_ones_are_not_missed(hashtag: Hashtag) -> None:
    hashtag.write(*range(1, 41))
    cursor = run(hashtag.server).cursor
    hashtag.write(*range(41, 61))
    hashtag.server.requests.clear()
    assert run(hashtag.server, cursor).gone == []
    assert [asked.path for asked in hashtag.server.requests] == [TAG]


def test_many_deletions_are_checked_over_several_runs(hashtag: Hashtag) -> None:
    hashtag.write(*range(1, 31))
    cursor = run(hashtag.server).cursor
    for number in range(2, 27):
        del hashtag.posts[number]
    gone: list[str] = []
    for _ in range(3):
        later = run(hashtag.server, cursor)
        assert len(later.gone) <= CHECKS
        gone += later.gone
        cursor = later.cursor
    assert sorted(gone) == sorted(uris(*range(2, 27)))


def test_a_top_that_is_suddenly_empty_is_not_believed(server: ReplayServer) -> None:
    server.add(TAG, Answer.json([post(2), post(1)]), Answer.json([]), Answer.json([]), Answer.json([post(2)]))
    server.add(TAG, Answer.json([]), params={"max_id": "1"})
    server.add("/api/v1/statuses/1", Answer.json(post(1)), Answer.json({"error": "gone"}, 404))
    server.add("/api/v1/statuses/2", Answer.json(post(2)))
    first = run(server)
    second = run(server, first.cursor)
    assert second.gone == []
    third = run(server, second.cursor)
    assert third.gone == uris(1)
    server.requests.clear()
    fourth = run(server, third.cursor)
    assert (fourth.ids, fourth.gone, len(server.requests)) == (uris(2), [], 1)


def test_an_id_that_is_no_text_is_asked_for_all_the_same(server: ReplayServer) -> None:
    odd = post(2) | {"id": "\ud800"}
    first = Answer.text(json.dumps([post(3), odd, post(1)]), "application/json")
    server.add(TAG, first, Answer.json([post(3), post(1)]))
    server.add(TAG, Answer.json([]), params={"max_id": "1"})
    server.add("/api/v1/statuses/%3F", Answer(404))
    assert run(server, run(server).cursor).gone == uris(2)


def test_a_fault_while_checking_forgets_nothing(server: ReplayServer) -> None:
    server.add(TAG, Answer.json([post(3), post(2), post(1)]), Answer.json([post(3), post(1)]))
    server.add(TAG, Answer.json([]), params={"max_id": "1"})
    server.add("/api/v1/statuses/2", Answer(503), Answer.text("<h1>404 Not Found</h1>", status=404))
    second = run(server, run(server).cursor)
    assert type(second.error).__name__ == "Unreachable"
    third = run(server, second.cursor)
    assert (third.error, third.gone) == (None, uris(2))


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("status", "kind"), {**REFUSALS, 422: "Denied"}.items())
def test_a_refusal_is_a_fault(server: ReplayServer, status: int, kind: str) -> None:
    server.add(TAG, Answer.text(b"", "text/html", status))
    listened = run(server)
    assert (type(listened.error).__name__, listened.pages) == (kind, ())


def test_a_refusal_names_its_remedy_and_not_the_token(server: ReplayServer) -> None:
    server.add(TAG, Answer.json({"error": "This method requires an authenticated user"}, 422))
    assert "token_env" in str(run(server).error)
    error = run(server, tags=["acmecoffee"], token_env="ACME_TOKEN").error
    assert isinstance(error, Denied)
    assert "read:statuses" in str(error)
    assert TOKEN not in str(error)


def test_a_server_without_hashtags_is_named(server: ReplayServer) -> None:
    server.add(TAG, Answer.text("<h1>404 Not Found</h1>", status=404))
    error = run(server).error
    assert isinstance(error, Gone)
    assert "hashtag #acmecoffee" in str(error)


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_answer_is_a_fault(server: ReplayServer, how: str) -> None:
    server.add(TAG, BROKEN[how])
    listened = run(server)
    assert type(listened.error).__name__ == ("Unreachable" if how == "broken off" else "BadPayload")
    assert listened.pages == ()


def test_a_search_without_a_list_of_posts_is_a_fault(server: ReplayServer) -> None:
    server.add(SEARCH, Answer.json({"accounts": []}))
    assert isinstance(run(server, search="acme", token_env="ACME_TOKEN").error, BadPayload)


def test_the_end_of_a_rate_limit_is_an_instant(server: ReplayServer) -> None:
    server.add(TAG, Answer(429, {"x-ratelimit-reset": "2026-11-22T12:03:00.000Z"}))
    error = run(server, tags=["acmecoffee", "other"]).error
    assert isinstance(error, RateLimited)
    assert error.retry_after == timedelta(minutes=3)
    assert len(server.requests) == 1, "nothing else is asked of a server that has enough"


def test_a_spent_budget_is_respected_before_it_is_refused(server: ReplayServer) -> None:
    spent = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-11-22T12:04:00.000Z"}
    server.add(TAG, Answer.json([], headers=spent))
    assert run(server).pages[0].not_before == datetime(2026, 11, 22, 12, 4, tzinfo=UTC)


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"tags": []},
        {"tags": ["two words"]},
        {"tags": ["../../statuses"]},
        {"search": "acme"},
        {"mentions": True},
        {"tags": ["a"], "token_env": "A", "token_file": "b"},
        {"tags": ["a"], "base_url": "example.social"},
        {"tags": ["a"], "server": "https://example.social"},
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options(**wrong)


def test_a_missing_token_is_said_before_anything_is_asked(server: ReplayServer) -> None:
    listened = run(server, mentions=True, token_env="NO_SUCH_TOKEN")
    assert isinstance(listened.error, Denied)
    assert "NO_SUCH_TOKEN" in str(listened.error)
    assert server.requests == []


# ── recorded answers ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Exchange:
    method: str
    uri: str
    answer: Answer


def exchanges(path: Path) -> list[Exchange]:
    """What one recording holds, in both of its forms."""
    if path.suffix == ".json":
        record = json.loads(path.read_text("utf-8"))
        request, response = record["request"], record["response"]
        return [
            Exchange(
                request["method"],
                request["uri"],
                answered(response["status"], response["headers"], response["body"]),
            )
        ]
    return [
        Exchange(
            record["request"]["method"],
            record["request"]["uri"],
            answered(
                record["response"]["status"]["code"],
                {name: values[0] for name, values in record["response"]["headers"].items()},
                record["response"]["body"]["string"],
            ),
        )
        for record in yaml.safe_load(path.read_text("utf-8"))["interactions"]
    ]


def answered(status: int, headers: Mapping[str, str], body: str) -> Answer:
    kept = {name.lower(): value for name, value in headers.items()}
    told = ("content-type", "link", "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-limit")
    return Answer(status, {name: kept[name] for name in told if name in kept}, body.encode())


def replay(server: ReplayServer, path: Path) -> list[Json]:
    """Run over every exchange of a recording that answers something like our requests.

    Notifications and searches are served where they were recorded, single posts as a hashtag of one, and
    all else, whatever it is, as the answer for a hashtag.
    """
    results = []
    talk = exchanges(path)
    pages = [one for one in talk if "/timelines/tag/" in one.uri]
    if len(pages) > 1:
        for one in pages:
            parts = urlsplit(one.uri)
            server.add(
                parts.path, one.answer, params={k: v for k, v in parse_qsl(parts.query) if k == "max_id"}
            )
        return [brief(run(server, tags=[urlsplit(pages[0].uri).path.rpartition("/")[2]]))]
    for one in talk:
        parts = urlsplit(one.uri)
        answer = one.answer
        with_token: dict[str, Any] = {"token_env": "ACME_TOKEN"}
        options: dict[str, Any] = {"tags": ["acmecoffee"]}
        place = TAG
        if parts.path == MENTIONS:
            place, options = MENTIONS, {"mentions": True, **with_token}
        elif parts.path in (SEARCH, "/api/v1/search"):
            place, options = SEARCH, {"search": "acme", **with_token}
        elif answer.body.startswith(b'{"id"') and answer.status == 200 and b'"visibility"' in answer.body:
            answer = Answer(200, answer.headers, b"[" + answer.body + b"]")
        server.forget()
        server.add(place, answer)
        for end in ("max_id", "offset"):
            for value in older(answer, end):
                server.add(linked_path(answer, place), Answer.json([]), params={end: value})
        results.append({"uri": parts.path, **brief(run(server, **options))})
    return results


def older(answer: Answer, name: str) -> list[str]:
    link = answer.headers.get("link", "").partition(">")[0].lstrip("<")
    return [value for key, value in parse_qsl(urlsplit(link).query) if key == name]


def linked_path(answer: Answer, place: str) -> str:
    link = answer.headers.get("link", "").partition(">")[0].lstrip("<")
    return urlsplit(link).path or place


def recordings(test_data: Path) -> dict[str, Path]:
    folder = test_data / "payloads" / "mastodon"
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", sorted(expected("mastodon")))
def test_recorded_answers(test_data: Path, server: ReplayServer, name: str) -> None:
    assert replay(server, recordings(test_data)[name]) == expected("mastodon")[name]


def test_no_recorded_answer_is_left_out(test_data: Path) -> None:
    assert set(recordings(test_data)) == set(expected("mastodon"))
