"""What happens at the places we listen to: redirects inside, deleted posts, edited reviews."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from stage import GRUMBLE, Newsstand, Stage, lost_and_doubled, mark, posts, saying, stored

from alerts.testing.slack import SlackLookalike
from sources.testing.replay import Answer, ReplayServer

JUST_NOW = (datetime.now(UTC) - timedelta(hours=1)).isoformat()


def test_a_redirect_from_outside_leads_nowhere_inside(
    stage: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    """Not even to a host that feeds may read when the settings name it."""
    stand.feeds["news"] = posts(1, 1)
    with ReplayServer() as outside:
        inside = Answer(302, {"location": stand.url("news")})
        outside.add("http://news.example/feed", inside)
        stage.listen("far", url="http://news.example/feed")
        ended = stage.well("run", "--once", HTTP_PROXY=outside.url, http_proxy=outside.url)
    assert "redirects to" in ended.err and "never followed" in ended.err
    feed = stage.well("status", "--json").json["feeds"][0]
    assert feed["failures"] == 1
    assert not stage.told


def test_a_private_address_is_refused_unless_allowed(stage: Stage, stand: Newsstand) -> None:
    stage.settings["http"] = {"allow_private_hosts": []}
    stage.listen("news")
    stand.feeds["news"] = posts(1, 1)
    ended = stage.well("run", "--once")
    assert "http.allow_private_hosts" in ended.err
    assert stage.well("status", "--json").json["mentions"] == 0


def toot(number: int, text: str) -> dict[str, Any]:
    account = {"id": str(number), "username": f"fred{number}", "acct": f"fred{number}", "display_name": ""}
    account |= {"url": f"https://example.social/@fred{number}", "bot": False, "followers_count": 3}
    here = f"https://example.social/users/fred{number}/statuses/{number}"
    post = {"id": str(number), "uri": here, "url": here, "created_at": JUST_NOW, "edited_at": None}
    post |= {"content": f"<p>{saying(text, number)}</p>", "visibility": "public", "language": "en"}
    return {**post, "account": account, "reblog": None, "in_reply_to_id": None, "spoiler_text": ""}


def test_a_post_deleted_at_its_source_keeps_its_card_without_its_words(
    stage: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    toots = {number: toot(number, GRUMBLE) for number in (101, 102, 103)}
    stand.answers["api/v1/timelines/tag/acme"] = lambda asked: (
        [] if "max_id" in asked else [toots[number] for number in sorted(toots, reverse=True)]
    )
    for number in toots:
        stand.answers[f"api/v1/statuses/{number}"] = lambda _, number=number: toots.get(number)
    stage.listen("social", "mastodon", tags=["acme"], base_url=stand.root, every="1s")
    stage.well("run", "--once", "--all")
    assert lost_and_doubled(stage.told, [101, 102, 103]) == (0, 0)

    del toots[102]
    stage.well("run", "--once", "--all")
    stage.well("run", "--once", "--all")
    cards = [message for message in slack.messages() if not message.get("thread_ts")]
    assert len(cards) == 3
    assert not [card for card in cards if mark(102) in json.dumps(card)], "the words are gone from the card"
    marked = [card for card in cards if "deleted" in json.dumps(card).lower()]
    assert len(marked) == 1
    assert mark(102) not in (stage.folder / "monitor.db").read_bytes().decode("latin-1")
    assert mark(102) not in stage.well("cases", "list", "--json").out
    assert stage.account()["delivered"] == 3


def review(number: int, stars: int, title: str, words: str, at: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": str(5000 + number),
        "im:rating": str(stars),
        "im:version": "4.2.0",
        "title": title,
        "content": f"{words} {mark(number)}",
        "updated": at,
    }
    name = {"label": f"Fictional Fred {number}"}
    uri = {"label": f"https://itunes.apple.com/us/reviews/id{7000 + number}"}
    return {key: {"label": value} for key, value in found.items()} | {"author": {"name": name, "uri": uri}}


def test_an_edited_review_updates_its_card_and_tells_the_thread(
    stage: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    shelf = [review(1, 1, "Never again", "The app lost my order and nobody answers.", JUST_NOW)]
    shelf += [review(2, 5, "Love it", "Lovely app, thank you.", JUST_NOW)]
    path = "us/rss/customerreviews/page={}/id=99/sortby=mostrecent/json"
    for page in range(1, 11):
        entries = shelf if page == 1 else []
        stand.answers[path.format(page)] = lambda _, entries=entries: {"feed": {"entry": list(entries)}}
    stage.listen("app", "appstore", app_id=99, storefronts=["us"], base_url=stand.root, every="1s")
    stage.well("run", "--once", "--all")
    assert lost_and_doubled(stage.told, [1]) == (0, 0)
    card = next(message for message in slack.messages() if mark(1) in json.dumps(message))

    later = datetime.now(UTC).isoformat()
    words = "The app lost my order twice, support hung up on me."
    shelf[0] = review(1, 1, "Never, ever", words.replace("order", f"order {mark(3)}"), later)
    stage.well("run", "--once", "--all")
    now = slack.messages()
    again = next(message for message in now if message["ts"] == card["ts"])
    assert mark(3) in json.dumps(again) and "edited" in again
    replies = [message for message in now if message.get("thread_ts") == card["ts"]]
    assert len(replies) == 1 and mark(3) in json.dumps(replies[0]) and "edited" in json.dumps(replies[0])
    stage.well("run", "--once", "--all")
    assert len(stored(slack.calls)) == 2
    assert stage.account() == {
        "complaints": 1, "delivered": 1, "queued": 0, "summarised": 0, "suppressed": 0, "unaccounted": 0
    }  # fmt: skip
