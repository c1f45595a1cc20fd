"""`draft` through the real command: a starting text for a case, and a check of a person's own."""

from __future__ import annotations

import json

import pytest
from stage import Stage

WORDS = "They promised to call me back about my kettle and never did. I am still waiting. Terrible service."


@pytest.fixture
def case(stage: Stage) -> str:
    stage.write()
    row = {
        "id": "1",
        "text": WORDS,
        "author": "Fiona Fictional",
        "rating": 1,
        "url": "https://posts.example/1",
    }
    (stage.folder / "posts.jsonl").write_text(json.dumps(row), "utf-8")
    stage.well("import", "posts.jsonl", "--feed", "posts", "--alert", "all")
    (found,) = stage.well("cases", "list", "--json").json
    return str(found["id"])


def test_a_case_gets_its_starting_text(stage: Stage, case: str) -> None:
    made = stage.well("draft", case, "--as", "Dana", "--json").json
    assert (made["playbook"], made["form"]) == ("follow_through", "public")
    assert list(made["steps"]) == ["acknowledge", "own", "next", "question"]
    assert made["text"].startswith(
        "Hi Fiona Fictional, I am sorry that we promised to get back to you and did not."
    )
    assert made["text"].endswith("– Dana, Acme Coffee")

    shown = stage.well("draft", case, "--direct").out
    assert "Dear Fiona Fictional," in shown
    assert "acknowledge I am sorry" in shown
    assert max(map(len, shown.splitlines())) <= 80

    (stage.folder / "draft.txt").write_text(made["text"], "utf-8")
    checked = stage.well("draft", case, "--as", "Dana", "--check", "draft.txt")
    assert "Nothing to look at again." in checked.out


def test_a_persons_own_text_is_checked_with_its_words_underlined(stage: Stage, case: str) -> None:
    text = (
        "Dear customer, \x1byou should have called us. We will refund you by 31 December 2099, and that is all "
        "there is to say about it.\r\n顧客 was wrong!!"
    )
    (stage.folder / "reply.txt").write_bytes(text.encode())
    found = stage.well("draft", case, "--check", "reply.txt", "--json").json["findings"]
    by_rule = {one["rule"]: one for one in found}
    assert {"empty", "blame", "promise", "no_apology", "shouting"} <= by_rule.keys()
    assert by_rule["promise"]["promise"] == {"what": "refund you", "due": "2099-12-31T17:00:00Z"}
    assert by_rule["blame"]["words"] == "you should have"

    lines = stage.well("draft", case, "--check", "reply.txt").out.splitlines()
    assert "\x1b" not in "".join(lines)
    assert max(map(len, lines)) <= 80
    top = lines[0]
    assert lines[1].count("^") >= len("you should have")
    assert lines[1].index("^" * 15, 16) == top.index("you should have")
    wide = next(index for index, line in enumerate(lines) if "was wrong!!" in line)
    assert lines[wide + 1].index("^^") == lines[wide].index("!!") + 2  # the two before it are twice as wide


def test_what_cannot_be_done_is_said(stage: Stage, case: str) -> None:
    nothing = stage.do("draft", "999")
    assert (nothing.code, "there is no case 999" in nothing.err) == (1, True)
    missing = stage.do("draft", case, "--check", "nowhere.txt")
    assert "nowhere.txt cannot be read" in missing.err
    assert missing.code == 78


def test_playbooks_with_a_fault_are_named_by_check_and_by_draft(stage: Stage, case: str) -> None:
    (stage.folder / "own.toml").write_text("[respect.public]\nown = 'Dear {custmer}'\n", "utf-8")
    stage.settings["desk"] = {"playbooks": "own.toml"}
    stage.write()
    told = stage.do("draft", case)
    assert told.code == 78
    assert "own.toml line 2, respect.public.own: there is no blank {custmer}" in told.err
    assert "FAIL  playbooks: " in stage.do("check").out
    (stage.folder / "own.toml").write_text("[respect.public]\nown = 'Ours.'\n", "utf-8")
    assert "ok    playbooks: 15 starting texts" in stage.do("check").out
