"""The real command: what another judge would have made of what is stored, and that it leaves no trace."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

from fakes import ACME, NOW, judge, said
from stage import Ended, Stage

from monitor.collect.ingest import Ingest, Reading
from monitor.core.intents import Alert
from storage.testing import temporary_store

GRUMBLE = (
    "The {} at Acme Coffee was cold, the staff ignored me, and nobody said sorry. Disappointing service."
)
ROWS = (
    ("Fictional Fred", GRUMBLE.format("coffee"), "1"),
    ("Fictional Fred", "Acme Coffee ignored me again and nobody called back. Disappointing.", ""),
    ("Sample Sue", "The queue at Acme Coffee was a bit long and the tea not that warm today.", ""),
    ("Pretend Petra", "Acme Coffee is a lovely place with friendly staff, thank you.", "5"),
    ("Oncely Otto", "The soup at Acme Coffee Roasters was awful and the waiter rude. Never again.", ""),
    ("Made-up May\x1b[31m", "Acme Coffee charged my card twice and will not refund me. Terrible.", ""),
)


def fill(stage: Stage) -> None:
    rows = [
        {"id": str(number), "author": who, "text": text, "url": f"https://posts.example/{number}"}
        | ({"stars": stars} if stars else {})
        for number, (who, text, stars) in enumerate(ROWS)
    ]
    (stage.folder / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    stage.write()
    stage.well("import", "posts.jsonl", "--feed", "posts", "--alert", "all")


def settings(stage: Stage, name: str, text: str) -> str:
    (stage.folder / name).write_text(text, "utf-8")
    return name


def everything(folder: Path) -> dict[str, list[Any]]:
    """Every row of every table."""
    with sqlite3.connect(folder / "monitor.db") as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(db.execute(f"SELECT * FROM {name}"), key=repr) for name in tables}


def plain(ended: Ended) -> str:
    return " ".join(ended.out.split())


def test_the_settings_in_force_find_nothing_and_change_nothing(stage: Stage) -> None:
    fill(stage)
    before, bytes_before = everything(stage.folder), (stage.folder / "monitor.db").read_bytes()
    told = stage.well("replay")
    assert "Of 6 posts heard since" in plain(told) and "nothing would be otherwise" in plain(told)
    assert "Left out of account" in told.out and told.err == ""
    facts = stage.well("replay", "--json").json
    (line,) = facts["lines"]
    assert (facts["posts"], facts["interrupted"], line["changes"]) == (6, False, [])
    assert line["before"] == line["after"] == {"alerted": 3, "summed_up": 0}
    assert set(line["cases"].values()) == {0}
    stage.well("replay", "--threshold", "0", "--all")
    assert everything(stage.folder) == before
    assert (stage.folder / "monitor.db").read_bytes() == bytes_before


def test_another_line_says_whom_it_would_add_and_whom_it_would_lose(stage: Stage) -> None:
    fill(stage)
    more = stage.well("replay", "--threshold", "0.1")
    assert "Would alert now" in more.out and "Sample Sue · files" in more.out
    assert "Fred" not in more.out.partition("Left out")[0], "he has his case already"
    assert all(len(line) <= 80 for line in more.out.splitlines())
    none = stage.well("replay", "--threshold", "1")
    assert "0 more, 3 fewer" in plain(none)
    assert "https://posts.example/5" in none.out and "“charged my card twice" in plain(none)
    assert "\x1b" not in none.out
    (line,) = stage.well("replay", "--threshold", "1", "--json").json["lines"]
    lost = {change["name"].split("\x1b")[0]: change for change in line["changes"]}
    assert set(lost) == {"Fictional Fred", "Oncely Otto", "Made-up May"}
    may = lost["Made-up May"]
    assert (may["kinds"], may["now"]["case"], may["now"]["is_complaint"]) == (["fewer"], None, False)
    assert may["then"]["case"]["severity"] == may["then"]["severity"]
    assert may["then"]["reasons"] and may["evidence"]
    rows = stage.well("replay", "--threshold", "0.1", "--threshold", "1").out
    counts = [row.split()[:4] for row in rows.splitlines() if row.startswith(("0.1 ", "1 "))]
    assert counts == [["0.1", "4", "1", "0"], ["1", "0", "0", "3"]]


def test_other_settings_are_tried_before_they_are_in_force(stage: Stage) -> None:
    """A phrase that means somebody else, a feed that must name the business, another channel for the worst."""
    stage.listen("news", match=True)
    stage.stand.feeds["news"] = []
    fill(stage)
    with sqlite3.connect(stage.folder / "monitor.db") as db:
        assert db.execute("UPDATE mention SET feed = 'news' WHERE text LIKE '%Roasters%'").rowcount == 1
    ours = (stage.folder / "monitor.toml").read_text("utf-8")
    excluding = ours.replace("[collect]", 'exclude = ["Acme Coffee Roasters"]\n[collect]', 1)
    told = stage.well("replay", "--settings", settings(stage, "other.toml", excluding))
    assert "Under other.toml" in plain(told) and "0 more, 1 fewer" in plain(told)
    assert "Oncely Otto" in told.out and "does not name the business" in plain(told)
    assert "1 post that these settings would not even keep" in plain(told)
    routed = ours + '[[slack.routes]]\nchannel = "C0OTHER"\nseverity = ["high", "medium"]\n'
    told = stage.well("replay", "--settings", settings(stage, "routed.toml", routed))
    assert "Would go to another channel" in told.out and f"from {stage.slack.channel} to C0OTHER" in plain(
        told
    )
    assert "Fictional Fred" not in told.out
    assert "Fictional Fred" in stage.well("replay", "--settings", "routed.toml", "--all").out


def test_a_newer_judge_is_laid_beside_what_an_older_one_said(stage: Stage, tmp_path: Path) -> None:
    stage.write()
    store = temporary_store(stage.folder)
    older = Ingest(store, judge, ACME, 0.5, timedelta(days=1), "console")
    heard = [
        said("1", "Not bad at all, thank you Acme Coffee, a lovely morning.", by="ann"),
        said("2", GRUMBLE.format("tea"), by="bob"),
        said("3", f"{GRUMBLE.format('soup')} Really bad.", by="cid"),
    ]
    with store.write() as tx:
        tx.register_feed("pages", "pages", ACME.key, NOW)
        telling = older.telling(tx, "pages", "run", Alert.ALL, NOW)
        older.store_judged(tx, older.judged(heard), telling, NOW, Reading("pages"))
        tx.mark_gone(ACME.key, "pages", ["3"], NOW, words=True)
    store.close()
    (line,) = stage.well("replay", "--json").json["lines"]
    assert {change["id"]: change["kinds"] for change in line["changes"]} == {"1": ["fewer"], "2": ["more"]}
    assert (line["judges"], line["left_out"]["without_words"]) == ({"complaint:1": 3}, 1)
    told = plain(stage.well("replay"))
    assert "1 more, 1 fewer" in told and "1 post without words" in told


def test_a_span_and_a_limit(stage: Stage) -> None:
    fill(stage)
    assert "Nothing was heard" in stage.well("replay", "--until", "2001-01-01").out
    assert stage.well("replay", "--until", "2001-01-01", "--json").json["posts"] == 0
    assert stage.well("replay", "--since", "2001-01-01", "--json").json["posts"] == 6
    assert stage.well("replay", "--limit", "99", "--json").json["posts"] == 6
    ended = stage.do("replay", "--since", "2002-01-01", "--until", "2001-01-01")
    assert ended.code == 2 and "--until must be later" in ended.err


def test_what_cannot_be_used_is_named(stage: Stage) -> None:
    fill(stage)
    good = '[business]\nname = "Acme Coffee"\n'
    for name, text, words in (
        ("typo.toml", good + '[scoring]\nsensitivty = "low"\n', ["typo.toml line 4", "sensitivity"]),
        ("feed.toml", good + '[[feeds]]\nname = "n"\nsource = "rrs"\n', ["feed.toml line 5", "rrs"]),
        ("beta.toml", '[business]\nname = "Beta Books"\n', ["Beta Books", "Acme Coffee", "business.aliases"]),
    ):
        ended = stage.do("replay", "--settings", settings(stage, name, text))
        assert ended.code == 78, ended.err
        assert all(word in ended.err for word in words), ended.err
    assert stage.do("replay", "--settings", "nowhere.toml").code == 78
    assert stage.do("replay", "--threshold", "1.5").code == 2
    renamed = settings(stage, "new.toml", '[business]\nname = "Beta Books"\naliases = ["Acme Coffee"]\n')
    stage.well("replay", "--settings", renamed)
    with sqlite3.connect(stage.folder / "monitor.db") as db:
        db.execute("UPDATE feed SET business = 'beta'")
    ended = stage.do("replay")
    assert ended.code == 78 and "another business (beta" in ended.err
