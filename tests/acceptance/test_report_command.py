"""`digest --html`: from feeds to a file that names everybody."""

from __future__ import annotations

import json
import re

from stage import Newsstand, Stage, mark, posts


def test_every_complaint_of_the_span_stands_in_the_file(stage: Stage, stand: Newsstand) -> None:
    stage.settings["business"]["name"] = "Acme <b onclick=alert(1)> & Sons"
    stage.listen("news", match=False)
    stand.feeds["news"] = posts(1, 30)
    stage.well("run", "--once")
    written = stage.well("digest", "--since", "2020-01-01", "--html", "report.html")
    assert written.out == ""
    assert "The digest is in" in written.err
    page = (stage.folder / "report.html").read_text("utf-8")
    assert all(mark(number) in page for number in range(1, 31))
    status = stage.well("status", "--json").json
    assert len(set(re.findall(r' id="(case-\d+)"', page))) == status["cases"]["open"]
    assert "not listed here" not in page
    assert "<b onclick" not in page and "Acme &lt;b onclick=alert(1)&gt; &amp; Sons" in page
    assert [path.name for path in stage.folder.glob("*.part")] == []


def test_it_goes_with_the_facts_and_may_be_written_again(stage: Stage, stand: Newsstand) -> None:
    stage.listen("news")
    stand.feeds["news"] = posts(1, 2)
    stage.well("run", "--once")
    for _ in range(2):
        both = stage.well("digest", "--since", "2020-01-01", "--html", "report.html", "--json")
        assert json.loads(both.out)["complaints_total"] == 2
    assert (stage.folder / "report.html").read_text("utf-8").startswith("<!doctype html>")


def test_before_anything_was_read_it_says_what_to_do(stage: Stage) -> None:
    stage.listen("news")
    stage.well("digest", "--html", "report.html")
    assert "complaint-monitor run --once" in (stage.folder / "report.html").read_text("utf-8")


def test_a_folder_is_no_place_for_it(stage: Stage) -> None:
    stage.listen("news")
    (stage.folder / "reports").mkdir()
    refused = stage.do("digest", "--html", "reports")
    assert refused.code == 1
    assert "reports is no ordinary file: name a file, such as report.html" in refused.err
