"""LabelledPost posts become figures: a judge that is told what to say, and VADER from a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from monitor.core.aspects import read_mapping
from monitor.core.desk import Tally, Told, desk
from monitor.core.errors import BadPayload
from monitor.core.labelled import LabelledPost, LabelledSet, check_header, labelled_set
from monitor.core.model import Evidence, Mention, Opinion, Rating, Verdict
from monitor.evaluate import BATCH, Evaluation, evaluate
from storage.engine import open_store


class Oracle:
    """Takes a post's words for the probability; keeps how many it was shown at once."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.spent = {"complaint": 0.0}

    def judge(self, mentions: Sequence[Mention], /) -> list[Mapping[str, Opinion]]:
        self.batches.append(len(mentions))
        self.spent["complaint"] += 0.25
        return [{"complaint": Opinion("complaint", "fake", _number(mention.text))} for mention in mentions]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def sentiment(text: str) -> float:
    """As sour as the probability is high, but for 0.9, which it finds pleasant."""
    return 0.5 if text == "0.9" else -_number(text)


def posts(*rows: tuple[str, bool | None], name: str = "shop") -> LabelledSet:
    return LabelledSet(
        name,
        tuple(LabelledPost(Mention("evaluate", str(n), text), label) for n, (text, label) in enumerate(rows)),
    )


def ticks() -> Iterator[float]:
    return (float(n) for n in count())


def run(*sets: LabelledSet, threshold: float = 0.5, **more: Any) -> Evaluation:
    clock = ticks()
    return evaluate(sets, Oracle(), sentiment, threshold, clock=lambda: next(clock), **more)


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_set_is_counted_for_the_judge_and_for_vader_alike() -> None:
    found = run(posts(("0.9", True), ("0.6", False), ("0.2", True), ("0.0", False)))
    facts = found.facts()
    assert facts["sets"]["shop"] == {
        "n": 4,
        "positives": 2,
        "auc": 0.75,
        "ap": 0.8333,
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
        "macro_f1": 0.5,
        "flagged": 0.5,
        "ece": 0.375,
        "vader": {
            "auc": 0.25,
            "ap": 0.5,
            "precision": 0.5,
            "recall": 0.5,
            "f1": 0.5,
            "macro_f1": 0.5,
            "flagged": 0.5,
            "ece": None,
        },
    }
    assert facts["mean_auc"] == 0.75
    assert facts["threshold"] == 0.5
    assert facts["expectations"] == {}


def test_the_line_moves_what_is_flagged_but_no_area() -> None:
    rows = posts(("0.9", True), ("0.6", False), ("0.2", True), ("0.0", False))
    high, low = run(rows, threshold=0.9), run(rows, threshold=0.2)
    assert (high.sets["shop"].judge.flagged, low.sets["shop"].judge.flagged) == (0.25, 0.75)
    assert high.mean_auc == low.mean_auc
    assert high.sets["shop"].vader == low.sets["shop"].vader


def test_without_labels_only_the_flagged_are_told() -> None:
    found = run(posts(("0.9", None), ("0.1", None), ("0.2", None), ("0.3", None)))
    facts = found.facts()
    assert facts["sets"]["shop"] == {"n": 4, "flagged": 0.25, "vader": {"flagged": 0.75}}
    assert (facts["overall"], facts["mean_auc"]) == (None, None)


def test_rows_without_a_label_are_in_no_figure_of_a_set_with_labels() -> None:
    found = run(posts(("0.9", True), ("0.8", None), ("0.1", False)))
    facts = found.facts()["sets"]["shop"]
    assert (facts["n"], facts["positives"], facts["flagged"], facts["unlabelled"]) == (2, 1, 0.5, 1)


def test_one_kind_alone_has_no_area_and_is_left_out_of_the_mean_but_not_of_the_whole() -> None:
    found = run(
        posts(("0.9", True), ("0.8", True), name="sour"),
        posts(("0.9", True), ("0.85", False), ("0.1", False), name="mixed"),
    )
    assert found.sets["sour"].judge.auc is None
    assert found.mean_auc == 1.0
    assert found.overall is not None
    assert (found.overall.judge.n, found.overall.judge.positives) == (5, 3)
    assert found.overall.judge.auc == pytest.approx(5 / 6)


def test_posts_come_in_batches_and_the_speeds_leave_out_the_warming_up() -> None:
    oracle, clock, done = Oracle(), ticks(), []
    rows = posts(*[("0.9", True)] * (BATCH + 1))
    found = evaluate([rows], oracle, sentiment, 0.5, advance=done.append, clock=lambda: next(clock))
    assert oracle.batches == [BATCH + 1, BATCH, 1]
    assert done == [BATCH, 1]
    # two batches, each of which takes a second of the judge, a quarter of it for complaints, and one of VADER
    assert (found.all_texts_per_second, found.vader_texts_per_second) == ((BATCH + 1) / 2, (BATCH + 1) / 2)
    assert found.texts_per_second == (BATCH + 1) / 0.5


def test_a_judge_that_says_too_little_is_a_fault() -> None:
    class Silent(Oracle):
        def judge(self, mentions: Sequence[Mention], /) -> list[Mapping[str, Opinion]]:
            return []

    with pytest.raises(ValueError, match="zip"):
        evaluate([posts(("0.9", True))], Silent(), sentiment, 0.5)


# ── expectations ─────────────────────────────────────────────────────────────────────────────────────────


def test_expectations_are_scored_as_said_and_as_if_each_were_a_complaint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def verdict(mention: Mention, opinions: Mapping[str, Opinion], *, threshold: float) -> Verdict:
        """A triage that names promptness for what it takes for a complaint, and nothing else."""
        probability = opinions["complaint"].value or 0.0
        complaint = probability >= threshold
        broken = (Evidence("promptness", mention.text, 0, len(mention.text)),) if complaint else ()
        return Verdict(probability, complaint, expectations=broken)

    monkeypatch.setattr("monitor.evaluate.verdict", verdict)
    mapping = read_mapping({"shop": {"slow": ["promptness"], "rude": ["respect"]}}, "map.json")
    rows = LabelledSet(
        "shop",
        (
            LabelledPost(Mention("evaluate", "1", "0.9"), True, "slow"),
            LabelledPost(Mention("evaluate", "2", "0.8"), None, "rude.-1"),
            LabelledPost(Mention("evaluate", "3", "0.1"), True, "slow"),
            LabelledPost(Mention("evaluate", "4", "0.9"), False, "slow.1"),
        ),
    )
    facts = run(rows, mappings=mapping).facts()
    assert facts["expectations"] == {"shop": {"precision": 0.5, "recall": 0.3333, "f1": 0.4}}
    assert facts["expectations_all"] == {"shop": {"precision": 0.6667, "recall": 0.6667, "f1": 0.6667}}
    assert run(rows, mappings={"elsewhere": mapping["shop"]}).expectations == {}


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "label"),
    [
        *[(value, True) for value in (1, 1.0, True, "1", "1.0", "TRUE", " yes ")],
        *[(value, False) for value in (0, 0.0, False, "0", "0.0", "False", "no")],
        *[(value, None) for value in (None, "", "  ")],
    ],
)
def test_a_label_is_read_as_people_write_it(written: object, label: bool | None) -> None:
    found = labelled_set("shop", "shop.csv", [(2, {"text": "Cold soup", "label": written})])
    assert found.posts[0].label is label


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("not JSON: at the start", "not JSON: at the start"),
        ({"text": " ", "label": 1}, "has neither text nor title"),
        ({"text": ["Cold"], "label": 1}, "text is list where text is due"),
        ({"text": "Cold", "label": "perhaps"}, "label 'perhaps' is none of 1, 0, true"),
        ({"text": "Cold", "label": 2}, "label '2'"),
        ({"text": "Cold", "label": 1, "stars": "many"}, "stars 'many' is no number"),
        ({"text": "Cold", "label": 1, "stars": 9}, "stars '9' is not between 0 and 5"),
        ({"text": "Cold", "label": 1, "stars": "nan"}, "stars 'nan' is not between"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_with_its_line(row: Any, told: str) -> None:
    found = labelled_set("shop", "shop.csv", [(2, {"text": "Fine"}), (7, row)], stars=True)
    assert len(found.posts) == 1
    assert found.rejected[0].where == "line 7"
    assert told in found.rejected[0].why


def test_stars_are_seen_only_when_asked_for() -> None:
    rows = [(2, {"text": "Cold", "stars": "4,5"}), (3, {"text": "Cold", "stars": "many"})]
    plain = labelled_set("shop", "shop.csv", rows)
    assert [post.mention.rating for post in plain.posts] == [None, None]
    starred = labelled_set("shop", "shop.csv", rows, stars=True)
    assert [post.mention.rating for post in starred.posts] == [Rating(4.5, 5.0)]


def test_the_language_a_row_claims_is_not_believed() -> None:
    found = labelled_set("shop", "shop.csv", [(2, {"text": "Kalte Suppe", "lang": "en"})])
    assert found.posts[0].mention.language is None


def test_a_limit_counts_readable_rows() -> None:
    rows = [(n, {"text": "Cold", "label": "?" if n == 2 else 1}) for n in range(2, 9)]
    found = labelled_set("shop", "shop.csv", rows, limit=3)
    assert [post.mention.native_id for post in found.posts] == ["line 3", "line 4", "line 5"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], "shop.jsonl: there are no posts in it, a header at most"),
        ([(1, {"body": "Cold", "label": 1})], "line 1: has neither text nor title). Found: body, label"),
        ([(1, "not JSON: x")], "Found: no fields"),
    ],
)
def test_a_file_without_a_readable_row_says_what_it_needs(rows: Any, told: str) -> None:
    with pytest.raises(BadPayload) as fault:
        labelled_set("shop", "shop.jsonl", rows)
    assert told in str(fault.value)
    assert "needs its words in `text`" in str(fault.value)


def test_a_table_without_a_column_for_the_words_is_refused() -> None:
    check_header("shop.csv", ["id", "title"])
    with pytest.raises(BadPayload, match=r"shop.csv: no column called text. Found: id, words"):
        check_header("shop.csv", ["id", "words"])


# ── the desk ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_desk_says_how_many_alerts_were_real_by_version() -> None:
    labels = [
        *[Told(0.9, alerted=True, real=True, version="b")] * 3,
        Told(0.6, alerted=True, real=False, version="b"),
        Told(0.7, alerted=True, real=False, version="a"),
        Told(0.1, alerted=False, real=True, version="a"),
        Told(0.1, alerted=False, real=False, version="a"),
    ]
    found = desk(labels)
    assert found.overall == Tally(alerts=5, real=3, missed=1)
    assert list(found.versions.items()) == [("a", Tally(1, 0, 1)), ("b", Tally(4, 3, 0))]
    assert found.facts()["precision"] == 0.6
    assert desk([]).overall.precision is None


def test_a_new_store_holds_no_labels(tmp_path: Path) -> None:
    from fakes import ACME

    from monitor.evaluate import desk_labels

    store = open_store("sqlite:///monitor.db", settings_dir=tmp_path)
    try:
        assert list(desk_labels(store, ACME)) == []
    finally:
        store.close()
