"""The real command: what a query would keep and drop, and that it then does."""

from __future__ import annotations

import subprocess
from pathlib import Path

from stage import COMMAND, PATIENCE, Newsstand, Post, Stage

ROWS = """text,author,stars
Acme cafe kept my refund,Fictional Fred,1
Acme is hiring for jobs,Pretend Petra,
Acme Coffee is lovely,Sample Sam,5
Acme Coffee has jobs,Sample Sue,3
Acme again,Nobody,many
"""


def test_a_file_is_compared_with_the_names(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_text(ROWS, "utf-8")
    told = stage.well("query", "acme NOT jobs", "reviews.csv")
    assert [line.split() for line in told.out.splitlines()[:6]] == [
        ["read", "as:", "acme", "AND", "NOT", "jobs"],
        ["4", "posts,", "compared", "with", "what", "is", "kept", "now:"],
        ["1", "kept", "by", "both"],
        ["1", "newly", "kept"],
        ["1", "newly", "dropped"],
        ["1", "dropped", "by", "both"],
    ]
    kept, dropped = told.out.split("Newly kept")[1].split("Newly dropped")
    assert "Fictional Fred" in kept and "“Acme cafe kept my refund”" in kept
    assert "then: the query: “acme”" in kept
    assert "Sample Sue" in dropped and "now: the name “acme coffee”" in dropped
    assert "Pretend Petra" not in told.out and "Sample Sam" not in told.out
    assert "not readable: reviews.csv line 6" in told.err
    assert all(len(line) <= 80 for line in told.out.splitlines())

    facts = stage.well("query", "acme NOT jobs", "reviews.csv", "--json", "--examples", "0").json
    assert facts == {
        "query": "acme AND NOT jobs",
        "read": 4,
        "kept_by_both": 1,
        "newly_kept": 1,
        "newly_dropped": 1,
        "dropped_by_both": 1,
        "aside": 0,
        "rejected": 1,
        "examples": {"newly_kept": [], "newly_dropped": []},
    }
    assert stage.well("query", "acme", "reviews.csv", "--json", "--limit", "2").json["read"] == 2


def test_a_file_needs_no_settings(stage: Stage, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "reviews.csv").write_text(ROWS.replace("text", "Review"), "utf-8")
    command = [COMMAND, "query", "stars:<=3 refund*", "reviews.csv", "--map", "text=Review", "--scale", "10"]
    ended = subprocess.run(
        command,
        cwd=bare,
        env=stage.environ,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=True,
    )
    assert "1  kept by both" in ended.stdout
    assert "3  newly dropped" in ended.stdout
    assert "compared with keeping everything" in ended.stderr


def test_what_is_stored_is_compared_and_own_pages_are_left_aside(stage: Stage, stand: Newsstand) -> None:
    stage.listen("news", match=True)
    stage.listen("page", match=False)
    stand.feeds["news"] = [Post(1, "Acme Coffee lost my refund"), Post(2, "Acme Coffee has jobs")]
    stand.feeds["page"] = [Post(3, "Your jobs are slow"), Post(4, "Lovely jobs"), Post(5, "The cup was cold")]
    stage.well("run", "--once")
    told = stage.well("query", "acme NOT jobs")
    assert "1  kept by both" in told.out and "1  newly dropped" in told.out
    assert "has jobs" in told.out and "now: the name “acme coffee”" in told.out
    assert "3 posts are left aside" in told.err
    assert "not stored" in told.err and "complaint-monitor try" in told.err

    page = stage.well("query", "jobs", "--feed", "page", "--json").json
    assert (page["kept_by_both"], page["newly_dropped"], page["aside"]) == (2, 1, 0)
    assert page["examples"]["newly_dropped"][0]["why"] == "the feed keeps everything"

    stage.feeds[1]["keep"] = "cup"
    stage.write()
    page = stage.well("query", "jobs", "--feed", "page", "--json").json
    assert (page["kept_by_both"], page["newly_kept"], page["newly_dropped"]) == (0, 2, 1)
    assert "the query: “cup”" in page["examples"]["newly_dropped"][0]["why"]


def test_what_was_previewed_then_happens(stage: Stage, stand: Newsstand) -> None:
    stage.settings["business"]["query"] = "acme NOT jobs"
    stage.listen("news", match=True)
    stage.listen("page", match=False, keep="cup OR stars:1")
    stand.feeds["news"] = [Post(1, "Acme was cold"), Post(2, "Acme Coffee has jobs"), Post(3, "Nobody")]
    stand.feeds["page"] = [Post(4, "The cup was cold"), Post(5, "Fine")]
    feeds = {feed["name"]: feed for feed in stage.well("run", "--once", "--json").json["feeds"]}
    assert (feeds["news"]["added"], feeds["news"]["unmatched"]) == (1, 2)
    assert (feeds["page"]["added"], feeds["page"]["unmatched"]) == (1, 1)
    assert "1 about the business" in stage.well("check", MONITOR_SLACK__APP_TOKEN=stage.slack.app_token).out


def test_try_shows_what_a_live_one_would_drop(stage: Stage, stand: Newsstand) -> None:
    stand.feeds["news"] = [Post(1, "Acme was late and cold, never again"), Post(2, "Jobs were lost and late")]
    told = stage.well("try", "rss", f"url={stand.url('news')}", "match=false", "keep=late NOT jobs")
    assert "1 of those shown would be dropped" in told.err
    wrong = stage.do("try", "rss", f"url={stand.url('news')}", "keep=late (")
    assert wrong.code == 2 and "keep" in wrong.err and "ends too early, at character 7" in wrong.err


def test_what_was_written_wrongly_is_told(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_text(ROWS, "utf-8")
    for arguments, code, words in (
        (("acme )", "reviews.csv"), 2, ["closes nothing, at character 6", "\n    acme )\n         ^"]),
        (("acme", "reviews.csv", "--feed", "news"), 2, ["--feed"]),
        (("acme", "--feed", "news"), 2, ["no feed called news"]),
        (("acme", "nowhere.csv"), 78, ["nowhere.csv"]),
    ):
        ended = stage.do("query", *arguments)
        assert ended.code == code, ended.err
        assert all(word in ended.err for word in words), ended.err
        assert "Traceback" not in ended.err
