"""The story of a span as files and on the terminal, through the real command."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from stage import Stage

POSTS = {
    "Fred": ("I waited three weeks for my order and nobody answered me. Terrible service.", 1),
    "Gina": ("They charged me twice and refuse to give the money back, awful <b>people</b>.", 1),
    "Hal": ("Nina at the desk was wonderful, thank you so much for your help!", 5),
}


@pytest.fixture
def told(stage: Stage) -> Stage:
    stage.write()
    now = datetime.now(UTC) - timedelta(minutes=5)
    rows = [
        {
            "id": name,
            "text": text,
            "author": f"Fictional {name}",
            "rating": stars,
            "published": now.isoformat(),
        }
        for name, (text, stars) in POSTS.items()
    ]
    (stage.folder / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    stage.well("import", "posts.jsonl", "--feed", "posts", "--alert", "all")
    return stage


SPAN = ("--since", (datetime.now(UTC) - timedelta(hours=1)).isoformat())


def test_both_files_hold_everybody(told: Stage) -> None:
    done = told.well("digest", *SPAN, "--html", "day.html", "--markdown", "day.md")
    page = (told.folder / "day.html").read_text("utf-8")
    text = (told.folder / "day.md").read_text("utf-8")
    for name in POSTS:
        assert f"Fictional {name}" in page
        assert f"Fictional {name}" in text
    assert "awful &lt;b&gt;people&lt;/b&gt;" in page
    assert "awful \\<b\\>people" in text
    assert done.out == ""
    assert "day.html" in done.err
    assert "day.md" in done.err


def test_a_file_that_cannot_be_written_is_named(told: Stage) -> None:
    failed = told.do("digest", *SPAN, "--html", ".")
    assert failed.code == 1
    assert "no ordinary file" in failed.err


def test_the_terminal_tells_people_first_at_80_columns(told: Stage) -> None:
    out = told.well("digest", *SPAN).out
    assert out.index("Call first (2)") < out.index("Thanks (1)") < out.index("Numbers")
    assert "Fictional Hal thanks Nina" in out
    assert max(map(len, out.splitlines())) <= 80
