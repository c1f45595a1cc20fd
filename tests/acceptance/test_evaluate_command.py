"""`evaluate` as a person runs it: own small files in every state, and one public set where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from stage import Stage

from monitor.core.triage import THRESHOLDS, Sensitivity

FIGURES = ["n", "positives", "auc", "ap", "precision", "recall", "f1", "macro_f1", "flagged", "ece", "vader"]
ANGRY = "They promised to call me back and never did. Still waiting, nobody answers."
HAPPY = "Lovely staff, thank you, best coffee in town."


def jsonl(path: Path, *rows: Any) -> str:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf-8")
    return str(path)


@pytest.fixture
def bare(stage: Stage) -> Stage:
    """A folder without settings."""
    stage.write = lambda: None  # type: ignore[method-assign]
    return stage


def test_csv_and_jsonl_give_the_same_figures(bare: Stage, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(
        f'id,text,label,colour\n1,"{ANGRY}",yes,red\n2,"{HAPPY}",no,\n3,"{HAPPY}",,\n', "utf-8"
    )
    lines = jsonl(
        tmp_path / "lines.jsonl",
        {"text": ANGRY, "label": 1, "meta": {"any": ["thing"]}},
        {"text": HAPPY, "label": False},
        {"text": HAPPY, "label": None},
    )
    found = bare.well("evaluate", str(tmp_path / "table.csv"), lines, lines, "--json").json
    assert list(found["sets"]) == ["table", "lines", "lines-2"]
    table = found["sets"]["table"]
    assert list(table) == [*FIGURES[:-1], "unlabelled", "vader"]
    assert list(table["vader"]) == FIGURES[2:-1]
    assert (table["n"], table["positives"], table["auc"], table["f1"], table["unlabelled"]) == (2, 1, 1, 1, 1)
    assert table == found["sets"]["lines"] == found["sets"]["lines-2"]
    assert (found["overall"]["n"], found["mean_auc"], found["threshold"]) == (
        6,
        1,
        THRESHOLDS[Sensitivity.NORMAL],
    )
    assert found["texts_per_second"] > 0
    assert found["vader_texts_per_second"] > 0
    assert (found["expectations"], found["rejected"]) == ({}, {})


def test_unlabelled_and_one_sided_files(bare: Stage, tmp_path: Path) -> None:
    unlabelled = jsonl(tmp_path / "posts.jsonl", {"text": ANGRY}, {"text": HAPPY})
    sour = jsonl(tmp_path / "sour.jsonl", {"text": ANGRY, "label": 1})
    found = bare.well("evaluate", unlabelled, sour, "--json").json
    posts = found["sets"]["posts"]
    assert (list(posts), list(posts["vader"])) == (["n", "flagged", "vader"], ["flagged"])
    assert (posts["n"], posts["flagged"]) == (2, 0.5)
    assert (found["sets"]["sour"]["auc"], found["sets"]["sour"]["recall"]) == (None, 1)
    assert found["mean_auc"] is None


def test_rows_that_cannot_be_read_are_told_and_the_others_counted(bare: Stage, tmp_path: Path) -> None:
    broken = jsonl(
        tmp_path / "broken.jsonl",
        {"text": ANGRY, "label": 1},
        '{"text": "cut o',
        {"text": HAPPY, "label": "a bit \u001b[31m"},
        {"text": HAPPY, "label": 0},
    )
    ended = bare.well("evaluate", broken)
    assert "broken: not readable, and in no figure: 2 rows" in ended.err
    assert "line 2: not JSON" in ended.err
    assert "line 3: label" in ended.err
    assert "\u001b" not in ended.err
    found = bare.well("evaluate", broken, "--json").json
    assert (found["sets"]["broken"]["n"], found["rejected"]) == (2, {"broken": 2})
    assert [told.partition(":")[0] for told in found["rejects"]["broken"]] == ["line 2", "line 3"]


def test_a_file_without_words_is_an_error_with_a_remedy(bare: Stage, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("id,words,label\n1,Cold,1\n", "utf-8")
    odd = bare.do("evaluate", str(tmp_path / "odd.csv"), "--json")
    assert (odd.code, odd.out) == (1, "")
    assert "odd.csv: no column called text. Found: id, words, label. Each row needs" in odd.err
    nameless = bare.do("evaluate", jsonl(tmp_path / "odd.jsonl", {"words": "Cold", "label": 1}))
    assert (nameless.code, "Found: words, label" in nameless.err) == (1, True)
    missing = bare.do("evaluate", str(tmp_path / "none.csv"))
    assert missing.code == 78
    assert "none.csv cannot be read: No such file" in missing.err


def test_a_page_fits_80_columns(bare: Stage, tmp_path: Path) -> None:
    rows = [{"text": ANGRY, "label": 1, "aspect": "slow"}, {"text": HAPPY, "label": 0}] * 8_000
    names = ["a_set_with_quite_a_long_name_indeed.jsonl", "other.jsonl"]
    files = [jsonl(tmp_path / name, *rows) for name in names]
    mapping = jsonl(tmp_path / "map.json", {"other": {"slow": ["promptness"]}})
    page = bare.well("evaluate", *files, "--expectations", mapping).out
    assert max(map(len, page.splitlines())) <= 80
    for told in ("VADER", "overall", "32000 16000 1.000", "Mean AUC 1.000", "Per second of one core"):
        assert told in page
    assert "Expectations, other: P" in page


def test_a_speed_is_told_of_enough_texts_only(bare: Stage, tmp_path: Path) -> None:
    few = jsonl(tmp_path / "few.jsonl", *([{"text": ANGRY, "label": 1}] * 299))
    enough = jsonl(tmp_path / "enough.jsonl", *([{"text": ANGRY, "label": 1}] * 300))
    assert "Per second of one core" not in bare.well("evaluate", few).out
    assert "texts_per_second" in bare.well("evaluate", few, "--json").json
    assert "Per second of one core" in bare.well("evaluate", enough).out


def test_another_line_a_limit_and_the_stars(bare: Stage, tmp_path: Path) -> None:
    rows = [{"text": "It was a Tuesday.", "label": 1, "stars": 1}, {"text": HAPPY, "label": 0, "stars": 5}]
    file = jsonl(tmp_path / "shop.jsonl", *rows)
    plain = bare.well("evaluate", file, "--json").json["sets"]["shop"]
    starred = bare.well("evaluate", file, "--stars", "--json").json["sets"]["shop"]
    assert (plain["recall"], starred["recall"]) == (0, 1)
    assert plain["vader"] == starred["vader"]
    everything = bare.well("evaluate", file, "--threshold", "0", "--limit", "1", "--json").json
    assert (everything["sets"]["shop"]["n"], everything["sets"]["shop"]["flagged"]) == (1, 1)
    assert everything["threshold"] == 0
    assert bare.do("evaluate", file, "--threshold", "2").code == 2


def test_a_mapping_that_cannot_be_used_is_told(bare: Stage, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "shop.jsonl", {"text": ANGRY, "label": 1, "aspect": "slow|smell"})
    wrong = bare.do("evaluate", file, "--expectations", jsonl(tmp_path / "w.json", {"shop": {"slow": ["x"]}}))
    assert (wrong.code, "w.json: shop, slow: x is none of" in wrong.err) == (78, True)
    assert bare.do("evaluate", file, "--expectations", jsonl(tmp_path / "t.json", "{")).code == 78
    assert bare.do("evaluate", file, "--expectations", str(tmp_path / "none.json")).code == 78
    known = jsonl(tmp_path / "known.json", {"shop": {"slow": ["promptness"]}})
    told = bare.well("evaluate", file, "--expectations", known, "--json")
    assert list(told.json["expectations"]["shop"]) == ["precision", "recall", "f1"]
    assert "the mapping does not know smell" in told.err
    other = bare.well("evaluate", file, "--expectations", jsonl(tmp_path / "o.json", {"else": {}}))
    assert "o.json maps none of these sets: shop" in other.err


def test_without_a_file_it_says_that_nobody_labelled_anything(stage: Stage) -> None:
    stage.listen("news")
    assert "No labels were given at the desk yet" in stage.well("evaluate").out
    assert stage.well("evaluate", "--json").json["desk"]["alerts"] == 0


def test_the_settings_sensitivity_is_the_line(stage: Stage, tmp_path: Path) -> None:
    stage.settings["scoring"] = {"sensitivity": "high"}
    stage.write()
    file = jsonl(tmp_path / "shop.jsonl", {"text": ANGRY, "label": 1})
    assert stage.well("evaluate", file, "--json").json["threshold"] == THRESHOLDS[Sensitivity.HIGH]


def test_a_public_set_is_counted_whole(bare: Stage, test_data: Path) -> None:
    file = test_data / "labelled" / "dev" / "sanders.jsonl"
    labels = [json.loads(line)["label"] for line in file.read_text("utf-8").splitlines()]
    found = bare.well("evaluate", str(file), "--json").json
    sanders = found["sets"]["sanders"]
    assert list(sanders) == FIGURES
    assert (sanders["n"], sanders["positives"]) == (len(labels), sum(labels))
    assert (sanders["vader"]["precision"], sanders["vader"]["recall"]) == pytest.approx(
        (0.47, 0.55), abs=0.005
    )
    assert sanders["vader"]["auc"] == pytest.approx(0.73, abs=0.005)
    assert found["mean_auc"] == sanders["auc"]
