"""What `--json` prints is one document, whatever else there is to tell."""

from __future__ import annotations

import json

from stage import Newsstand, Stage, mark, posts


def test_a_round_prints_one_document_also_when_its_cards_go_to_the_console(
    stage: Stage, stand: Newsstand
) -> None:
    stage.environ.pop("MONITOR_SLACK__BOT_TOKEN")
    stage.listen("news")
    stand.feeds["news"] = posts(1, 2)
    round_ = stage.well("run", "--once", "--json")
    assert json.loads(round_.out)["sent"] == 2
    assert mark(1) in round_.err
    assert mark(2) in round_.err


def test_trying_a_place_shows_what_could_be_read_before_it_broke(stage: Stage, stand: Newsstand) -> None:
    page = {
        "feed": {
            "link": [],
            "entry": {
                "id": {"label": "9000000001"},
                "title": {"label": "Cold"},
                "content": {"label": "The soup was cold."},
                "im:rating": {"label": "2"},
                "author": {"name": {"label": "Fictional Fred"}},
            },
        }
    }
    place = "us/rss/customerreviews/page=1/id=77/sortby=mostrecent/json"
    stand.answers[place] = lambda _: page
    stage.write()
    asked = (
        "try",
        "appstore",
        "app_id=77",
        "storefronts=us,gb",
        f"base_url={stand.root}",
    )
    tried = stage.do(*asked, "--json")
    found = json.loads(tried.out)
    assert [one["id"] for one in found["mentions"]] == ["9000000001"]
    assert [(one["stars"], one["scale"]) for one in found["mentions"]] == [(2, 5)]
    assert "404" in found["error"]
    assert tried.code == 1
    shown = stage.do(*asked)
    assert (shown.code, "soup was cold" in shown.out, "404" in shown.err) == (1, True, True)
