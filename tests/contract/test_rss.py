"""RSS, Atom and JSON Feed, over real HTTP: our own recordings, the recorded feeds of others, and broken ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.errors import BadPayload, Gone, RateLimited, Unreachable
from monitor.core.model import Business, Feed, Json, Mention
from monitor.core.ports import Response
from sources.feed_document import read
from sources.feed_entry import mentions
from sources.http import HttpClient
from sources.rss import Rss
from sources.testing.contract import SourceContract, well_formed
from sources.testing.recording import NOW, Listened, listen
from sources.testing.replay import Answer, ReplayServer

RECORDINGS = Path(__file__).parents[1] / "recordings"
KINDS = {".rss": "application/rss+xml", ".xml": "text/xml", ".atom": "application/atom+xml"}


class TestRss(SourceContract):
    source = Rss
    recordings = RECORDINGS / "rss"


class Place:
    """A feed on loopback, read as the service would."""

    def __init__(self, server: ReplayServer) -> None:
        self.server = server
        self.http = HttpClient(now=lambda: NOW, deadline=5, spacing=0, allow_private_hosts=[server.host])

    def give(self, *answers: Answer | str | bytes, path: str = "/feed.xml") -> None:
        self.server.add(
            path,
            *(
                answer if isinstance(answer, Answer) else Answer.text(answer, "text/xml")
                for answer in answers
            ),
        )

    def read(self, cursor: Mapping[str, Json] | None = None, path: str = "/feed.xml") -> Listened:
        options = Rss.Options(url=f"{self.server.url}{path}")
        return listen(Rss(), Feed("f", "rss", Business("Acme Coffee"), options, NOW, cursor), self.http)


@pytest.fixture
def place() -> Iterator[Place]:
    with ReplayServer() as server:
        place = Place(server)
        yield place
        place.http.close()


def rss(*items: str, end: str = "</channel></rss>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{"".join(items)}{end}'


def item(number: int, words: str = "Cold cup") -> str:
    return f"<item><guid>https://forum.example/{number}</guid><title>{words} {number}</title></item>"


# ── recorded feeds of others ─────────────────────────────────────────────────────────────────────────────


def digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32] if words else ""


def brief(mention: Mention) -> list[Json]:
    """Id, times, language, and prints of words, address and author: none of the words themselves."""
    published, edited = mention.published, mention.edited
    return [
        mention.native_id,
        published.isoformat() if published else None,
        edited.isoformat() if edited else None,
        mention.language,
        digest(mention.title),
        digest(mention.text),
        digest(mention.url or ""),
        digest(mention.author.key or ""),
    ]


def summary(listened: Listened, server: str) -> Json:
    told = {
        "error": type(listened.error).__name__ if listened.error else None,
        "rejected": [refused.where for page in listened.pages for refused in page.rejected],
        "mentions": [brief(mention) for mention in listened.mentions],
    }
    return json.loads(json.dumps(told).replace(server, "{server}"))


def test_every_recorded_feed_becomes_what_stands_in_the_expected_values(
    test_data: Path, place: Place
) -> None:
    folder = test_data / "payloads" / "rss"
    expected = json.loads((RECORDINGS / "expected" / "rss.json").read_text("utf-8"))
    files = {path.name: path for path in folder.iterdir()}
    assert sorted(files) == sorted(expected), (
        "a recorded feed without expected values, or the other way round"
    )
    for name, path in files.items():
        place.give(Answer.text(path.read_bytes(), KINDS[path.suffix]), path=f"/{name}")
        listened = place.read(path=f"/{name}")
        for mention in listened.mentions:
            well_formed(mention, "rss")
        # A relative link becomes an address of this very server, whose port is another each time.
        fixed = _without_port(listened, place.server)
        assert summary(fixed, place.server.url) == expected[name], name


def _without_port(listened: Listened, server: ReplayServer) -> Listened:
    from dataclasses import replace

    def fixed(mention: Mention) -> Mention:
        author = replace(
            mention.author, key=(mention.author.key or "").replace(server.url, "{server}") or None
        )
        return replace(
            mention, url=(mention.url or "").replace(server.url, "{server}") or None, author=author
        )

    pages = tuple(replace(page, mentions=tuple(map(fixed, page.mentions))) for page in listened.pages)
    return Listened(pages, listened.error)


# ── unchanged, moved, gone ───────────────────────────────────────────────────────────────────────────────


def test_not_modified_is_a_success_that_brings_nothing(place: Place) -> None:
    place.give(Answer.text(rss(item(1)), "text/xml", headers={"etag": '"v1"'}), Answer(304))
    first = place.read()
    again = place.read(first.cursor)
    assert first.ids == {"https://forum.example/1"}
    assert again.error is None
    assert [page.unchanged for page in again.pages] == [True]
    assert again.cursor == first.cursor
    assert place.server.requests[1].headers["if-none-match"] == '"v1"'


def test_not_modified_to_a_first_reading_is_a_failure(place: Place) -> None:
    place.give(Answer(304))
    assert isinstance(place.read().error, BadPayload)


def test_another_url_starts_anew(place: Place) -> None:
    place.give(Answer.text(rss(item(1)), "text/xml", headers={"etag": '"v1"'}))
    place.give(rss(item(2)), path="/other.xml")
    first = place.read()
    other = place.read(first.cursor, "/other.xml")
    assert other.ids == {"https://forum.example/2"}
    assert "if-none-match" not in place.server.requests[1].headers
    # its history is old news: it must not alert as if it had just been said
    assert [page.baseline for page in (*first.pages, *other.pages)] == [True, True]
    place.give(rss(item(2), item(3)), path="/other.xml")
    assert [page.baseline for page in place.read(other.cursor, "/other.xml").pages] == [False]


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(place: Place) -> None:
    place.give(Answer(301, {"location": "{server}/new.xml"}))
    place.give(Answer.text(rss(item(1)), "text/xml", headers={"etag": '"v1"'}), Answer(304), path="/new.xml")
    first = place.read()
    again = place.read(first.cursor)
    paths = [asked.path for asked in place.server.requests]
    assert paths[:2] == ["/feed.xml", "/new.xml"]
    assert paths[2] == "/new.xml"
    assert again.error is None


def test_a_new_address_that_fails_gives_way_to_the_configured_one(place: Place) -> None:
    place.give(Answer(308, {"location": "/new.xml"}), Answer.text(rss(item(2)), "text/xml"))
    place.give(Answer.text(rss(item(1)), "text/xml"), Answer(404), path="/new.xml")
    first = place.read()
    again = place.read(first.cursor)
    assert again.ids == {"https://forum.example/2"}
    assert "moved" not in (again.cursor or {})


def test_a_feed_that_is_gone_says_so(place: Place) -> None:
    place.give(Answer(410))
    error = place.read().error
    assert isinstance(error, Gone)
    assert "remove this feed" in str(error)


def test_too_many_requests_pass_the_wish_on(place: Place) -> None:
    place.give(Answer(429, {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "77"}))
    error = place.read().error
    assert isinstance(error, RateLimited)
    assert error.retry_after == timedelta(seconds=77)


def test_a_spent_window_on_a_good_answer_is_a_wish_not_to_be_asked(place: Place) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "40"}
    place.give(Answer.text(rss(item(1)), "text/xml", headers=headers))
    assert place.read().pages[0].not_before == NOW + timedelta(seconds=40)


# ── broken ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_torso_gives_what_it_has_and_is_asked_for_everything_again(place: Place) -> None:
    torn = rss(item(1), item(2), "<item><guid>https://forum.example/3</guid><title>Cold cu", end="")
    whole = rss(item(1), item(2), item(3), item(4))
    place.give(
        Answer.text(torn, "text/xml", headers={"etag": '"same"'}),
        Answer.text(whole, "text/xml", headers={"etag": '"same"'}),
    )
    first = place.read()
    assert first.ids == {"https://forum.example/1", "https://forum.example/2"}
    assert isinstance(first.error, BadPayload)
    again = place.read(first.cursor)
    assert "if-none-match" not in place.server.requests[1].headers
    assert again.ids == {f"https://forum.example/{number}" for number in (1, 2, 3, 4)}


@pytest.mark.parametrize("name", ["forum.xml", "subreddit.xml", "malformed.xml", "old.rdf", "alert.xml"])
def test_cut_at_any_place_a_feed_is_a_torso_or_the_whole(name: str) -> None:
    body = (RECORDINGS / "rss" / name).read_bytes()
    whole = {mention.native_id: mention for mention in parsed(body)[1]}
    for at in range(1, len(body), 3):
        try:
            complete, found = parsed(body[:at])
        except BadPayload:
            continue
        assert all(whole[mention.native_id] == mention for mention in found), f"half an entry, cut at {at}"
        assert not complete or len(found) == len(whole), f"a torso taken for the whole, cut at {at}"


def parsed(body: bytes) -> tuple[bool, tuple[Mention, ...]]:
    document = read(Response(200, "http://feeds.example/x", {}, body, NOW))
    return document.whole, mentions(document, "http://feeds.example/x", NOW)


def test_a_connection_that_breaks_off_is_unreachable(place: Place) -> None:
    place.give(Answer.text(rss(item(1)), "text/xml"))
    place.server.forget()
    place.give(Answer(headers={"content-type": "text/xml"}, body=rss(item(1)).encode(), cut=60))
    assert isinstance(place.read().error, Unreachable)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   \n",
        "null",
        "{}",
        "[]",
        '{"items": []}',
        '{"version": "https://jsonfeed.org/version/1.1", "items": null}',
        '{"version": "https://jsonfeed.org/version/1.1", "items": [',
        "<!doctype html><html><body>Welcome</body></html>",
        "<html><head><title>503</title></head></html>",
        "<?xml version='1.0'?><error>no</error>",
        "just words",
        "\x00\x01\x02",
        "<",
    ],
)
def test_what_is_no_feed_is_a_failure_and_never_an_empty_one(body: str, place: Place) -> None:
    place.give(body)
    listened = place.read()
    assert isinstance(listened.error, BadPayload)
    assert listened.pages == ()


def test_a_web_page_that_names_its_feed_is_told(place: Place) -> None:
    place.give('<html><link type="application/rss+xml" rel="alternate" href="/news.rss"></html>')
    assert f"{place.server.url}/news.rss" in str(place.read().error)


@pytest.mark.parametrize(
    "declarations",
    [
        '<!ENTITY a "' + "x" * 1000 + '">',
        '<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">',
        "<!ENTITY a '&#38;b;'><!ENTITY b '&a;&a;'>",
    ],
)
def test_entities_that_grow_are_refused(declarations: str, place: Place) -> None:
    place.give(f"<?xml version='1.0'?><!DOCTYPE rss [{declarations}]>" + rss(item(1)).partition("?>")[2])
    error = place.read().error
    assert isinstance(error, BadPayload)
    assert "grow" in str(error)


def test_an_entity_that_is_one_sign_is_read(place: Place) -> None:
    place.give(
        "<!DOCTYPE rss [<!ENTITY nbsp '&#160;'>]>" + rss("<item><title>Cold&nbsp;cup</title></item>")[21:]
    )
    assert [mention.title for mention in place.read().mentions] == ["Cold cup"]


@pytest.mark.parametrize("number", ["xD800", "55296", "x0", "00", "1114112", "xFFFFFFFFFF", "9" * 5_000])
def test_a_number_that_is_no_character_spoils_no_feed(number: str, place: Place) -> None:
    place.give(rss(item(1), item(2, f"Cold &#{number}; cup &#233;")))
    heard = place.read()
    assert heard.error is None
    assert [mention.title for mention in heard.mentions] == ["Cold cup 1", "Cold \ufffd cup é 2"]


def test_a_hidden_encoding_does_not_hide_entities(place: Place) -> None:
    bomb = "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE rss [<!ENTITY a '" + "x" * 99 + "'>]><rss/>"
    place.give(bomb.encode("utf-16"))
    assert "grow" in str(place.read().error)


def test_an_outside_entity_is_never_fetched(place: Place) -> None:
    place.give(
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{place.server.url}/secret">]>'
        f"<rss version='2.0'><channel><title>x</title><item><title>Cold &x;</title></item></channel></rss>"
    )
    listened = place.read()
    assert [asked.path for asked in place.server.requests] == ["/feed.xml"]
    assert [mention.title for mention in listened.mentions] == ["Cold"]


@pytest.mark.parametrize("sign", ["<item a='", "<category>a</category>", '<x xml:base="x/">'])
def test_a_feed_made_to_take_for_ever_is_refused(sign: str, place: Place) -> None:
    place.give(rss(sign * 210_000))
    assert isinstance(place.read().error, BadPayload)


# ── which one is it ──────────────────────────────────────────────────────────────────────────────────────


def test_a_short_id_belongs_to_its_feed_alone(place: Place) -> None:
    one = rss("<item><guid>1</guid><title>Cold</title></item>")
    place.give(one)
    place.give(one, path="/other.xml")
    place.give(one, path="/feed.php")
    read = [place.read(path=path) for path in ("/feed.xml", "/other.xml", "/feed.php?f=1", "/feed.php?f=2")]
    assert len(set.union(*(listened.ids for listened in read))) == 4
    assert place.read().ids == read[0].ids


def test_a_key_in_the_address_stands_neither_in_ids_nor_in_the_cursor(place: Place) -> None:
    place.give(
        Answer.text(rss("<item><guid>1</guid><title>Cold</title></item>"), "text/xml", headers={"etag": "v"})
    )
    listened = place.read(path="/feed.xml?key=SECRET")
    assert "SECRET" not in f"{listened.ids} {listened.cursor}"


def test_one_link_for_all_items_does_not_make_them_one(place: Place) -> None:
    place.give(
        rss(*(f"<item><link>https://x.example/news</link><title>Cold {n}</title></item>" for n in (1, 2, 3)))
    )
    assert len(place.read().ids) == 3


def test_of_one_entry_twice_the_newer_is_kept(place: Place) -> None:
    def entry(updated: str, words: str) -> str:
        return (
            f"<entry><id>urn:x:1</id><title>{words}</title><published>2026-11-20T10:00:00Z</published>"
            f"<updated>{updated}</updated></entry>"
        )

    old, new = entry("2026-11-20T10:00:00Z", "Cold"), entry("2026-11-20T12:00:00Z", "Warm after all")
    for number, order in enumerate(((old, new), (new, old))):
        place.give(f'<feed xmlns="http://www.w3.org/2005/Atom">{"".join(order)}</feed>', path=f"/{number}")
        assert [mention.title for mention in place.read(path=f"/{number}").mentions] == ["Warm after all"]


@pytest.mark.parametrize(
    ("author", "key", "name"),
    [
        ("<author>fred@mail.example (Fred)</author>", "fred@mail.example Fred", "Fred"),
        ("<author>noreply@blog.example (Fred)</author>", "127.0.0.1 fred", "Fred"),
        ("<author>Fred</author>", "127.0.0.1 fred", "Fred"),
        ("<author></author>", None, ""),
        ("", None, ""),
        ("<author>  </author>", None, ""),
    ],
)
def test_an_author_is_known_by_what_only_they_have(
    author: str, key: str | None, name: str, place: Place
) -> None:
    place.give(rss(f"<item><guid>urn:x:1</guid><title>Cold</title>{author}</item>"))
    (mention,) = place.read().mentions
    assert (mention.author.key, mention.author.name) == (key, name)


@pytest.mark.parametrize(
    ("date", "due"),
    [
        ("Sat, 21 Nov 2026 10:00:00 GMT", "2026-11-21T10:00:00+00:00"),
        ("Sat, 21 Nov 2026 10:00:00 +0200", "2026-11-21T08:00:00+00:00"),
        ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00+00:00"),
        ("Sun, 22 Nov 2026 14:00:00 GMT", "2026-11-22T14:00:00+00:00"),  # local time written as UTC
        ("Fri, 01 Jan 2100 00:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Mon, 32 Foo 2026 99:00:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_that_cannot_be_is_no_date(date: str, due: str | None, place: Place) -> None:
    place.give(rss(f"<item><guid>urn:x:1</guid><title>Cold</title><pubDate>{date}</pubDate></item>"))
    (mention,) = place.read().mentions
    assert (mention.published.isoformat() if mention.published else None) == due


@pytest.mark.parametrize(
    "url", ["", "feed.xml", "ftp://x.example/f", "javascript:alert(1)", "https://", "http://a b/"]
)
def test_a_url_that_is_none_is_refused_by_the_settings(url: str) -> None:
    with pytest.raises(ValueError, match="whole address"):
        Rss.Options(url=url)
