"""Whatever JSON a server sends, a source ends with pages or with a fault it knows, and it ends."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.core.errors import SourceError
from monitor.core.model import Business, Feed, Json
from monitor.core.ports import Response
from sources.appstore import AppStore
from sources.hackernews import HackerNews
from sources.mastodon import Mastodon
from sources.testing.contract import well_formed

RECORDINGS = Path(__file__).parents[1] / "recordings"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
MOST_REQUESTS = 400
SEEDS = 300
JUNK: Sequence[Json] = (
    None, True, 0, -1, 1e300, 10**30, "", " ", "\ud800", "\x00", "x" * 2000, [], {}, [None], {"label": None},
    "9" * 50, {"a": {}}, [[1]], "http://[::1", "javascript:alert(1)", "2026-13-45",
)  # fmt: skip
CASES: Mapping[type[Any], tuple[Mapping[str, Any], Sequence[str]]] = {
    AppStore: ({"app_id": 1, "storefronts": ["us", "gb"]}, ["page1", "page2", "unserved"]),
    HackerNews: ({"query": "acme"}, ["hits", "none", "past_the_limit"]),
    Mastodon: (
        {"tags": ["acme"], "search": "acme", "mentions": True, "token_env": "ACME_TOKEN"},
        ["tag", "mentions", "search", "other_server"],
    ),
}


class Prankster:
    """Answers with recorded documents in which anything may be missing or something else."""

    def __init__(self, documents: Sequence[Json], dice: random.Random) -> None:
        self.documents, self.dice, self.asked = documents, dice, 0

    def get(self, url: str, **_: Any) -> Response:
        self.asked += 1
        assert self.asked <= MOST_REQUESTS, "it never ends"
        body = json.dumps(self.twist(self.dice.choice(self.documents))).encode()
        link = self.dice.choice(("", '<https://x.example/a?max_id=1>; rel="next"', '<http://[>; rel="next"'))
        return Response(200, url, {"link": link}, body, NOW)

    def twist(self, value: Json) -> Json:
        if self.dice.random() < 0.06:
            return self.dice.choice(JUNK)
        if isinstance(value, dict):
            return {key: self.twist(item) for key, item in value.items() if self.dice.random() > 0.03}
        return [self.twist(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("source", CASES, ids=lambda source: source.name)
def test_any_document(source: type[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_TOKEN", "made-up")
    options, names = CASES[source]
    documents = [json.loads((RECORDINGS / source.name / f"{name}.json").read_text("utf-8")) for name in names]
    brought = 0
    for seed in range(SEEDS):
        cursor: Mapping[str, Json] | None = None
        for _ in range(3):
            server = Prankster(documents, random.Random(f"{seed}{cursor}"))
            feed = Feed("any", source.name, Business("Acme"), source.Options(**options), NOW, cursor)
            try:
                for page in source().collect(feed, server):
                    cursor = json.loads(json.dumps(page.cursor))
                    assert cursor == page.cursor
                    for mention in page.mentions:
                        well_formed(mention, source.name)
                    brought += len(page.mentions)
            except SourceError as error:
                assert len(str(error)) > 20
    assert brought > SEEDS, "too little got through for this to mean anything"
