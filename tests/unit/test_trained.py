"""The trained models: whole numbers, the same figures alone and in a batch, and small enough to ship."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.scoring.complaint import Complaint
from monitor.scoring.hashing import SIZE, features
from monitor.scoring.lean import Lean, Table
from monitor.scoring.pieces import HEAD, TAIL, UNKNOWN, Net, Pieces, split
from monitor.scoring.reading import MOST, chunks, level, plain, tokens
from monitor.scoring.trained import Views, trained
from monitor.scoring.vocabulary import read

TEXTS = [
    "They promised to ring on Monday and I am still here, phone in hand.",
    "@acmecoffee the app is sooooo slow &amp; it's https://acme.example/x",
    "Lovely staff, thank you!",
    "",
    "ok",
    "Der Zug kam nicht",
    "word " * 700,
    "😡" * 50,
]


def views(*texts: str) -> list[Views]:
    return trained().views(read(texts))


@given(st.lists(st.sampled_from(TEXTS) | st.text(max_size=200), min_size=1, max_size=70), st.data())
def test_a_text_gets_the_same_figures_alone_and_in_any_company(texts: list[str], data: st.DataObject) -> None:
    together = views(*texts)
    place = data.draw(st.integers(0, len(texts) - 1))
    assert views(texts[place]) == [together[place]]


def test_nothing_to_read_is_no_fault() -> None:
    assert views() == []
    (silent,) = views("")
    assert abs(silent.lean) < 20
    assert abs(silent.pieces) < 20


def test_the_weights_fit_into_the_package() -> None:
    folder = resources.files("monitor.scoring").joinpath("weights")
    sizes = [len(file.read_bytes()) for file in folder.iterdir() if file.name.endswith(".npz")]
    assert sizes
    assert sum(sizes) <= 5_000_000


@pytest.mark.parametrize(
    ("chunk", "read"),
    [
        ("https://acme.example/a", "url"),
        ("(www.acme.example)", "url"),
        ("@acme_coffee:", "@user:"),
        ("joe@acme.example", "joe@acme.example"),
        ("don’t", "don't"),
        ("sooooo!!!!!!", "sooo!!!"),
        ("q&amp;a", "q&a"),
        ("x" * 100, "xxx"),
    ],
)
def test_a_chunk_is_levelled(chunk: str, read: str) -> None:
    assert level(chunk) == read


def test_only_the_beginning_is_read() -> None:
    assert chunks("a" * MOST + " b") == ["a" * MOST]
    assert plain("SHOUT  at\nme") == "shout at me"
    assert tokens("it's-late...") == ("it's", "-", "late", ".", ".", ".")


@given(st.text(max_size=60))
def test_any_text_has_its_places_in_the_table(text: str) -> None:
    assert all(0 <= place < SIZE for place in features(text))


def test_a_lean_model_adds_up_what_its_table_says() -> None:
    weights, rarity = np.zeros(SIZE, np.int8), np.zeros(SIZE, np.uint8)
    for place in features("never"):
        weights[place], rarity[place] = 2, 3
    odds = Lean(Table(weights, rarity, 0.5, -1.0)).odds(read(["never", "other", ""]))
    count = len(features("never"))
    assert odds[0] == pytest.approx(0.5 * 6 * count / (9 * count + 1) ** 0.5 - 1.0)
    assert odds[1] < odds[0]


def test_the_telling_stretch_is_the_one_that_weighs() -> None:
    weights, rarity = np.zeros(SIZE, np.int8), np.ones(SIZE, np.uint8)
    for word in ("never", "called"):
        for place in features(word):
            weights[place] = 5
    text = "We had tea, and then they never ever called us about the boat."
    start, end = Lean(Table(weights, rarity, 1.0, 0.0)).telling(text, read(["other", text]), 1, 15)
    assert text[start:end].startswith("never")
    assert "called" in text[start:end]


NET = Net(
    ["[PAD]", "[UNK]", "a", "b"],
    np.array([[0], [0], [64], [-96]], np.int8),
    np.full((1, 6, 1), 100, np.int8),
    np.full((6, 1), 100, np.int16),
    np.zeros(1, np.int64),
    np.ones(1, np.int16),
    0.5,
    -3.0,
)


def test_a_net_computes_what_it_says() -> None:
    """By hand: one channel for each width; to every filter the piece "a" adds 25, the piece "b" takes 38."""
    greatest = 25 + 50 + 75
    means = (
        25 + 50 + 75
    )  # sums of 3, 6 and 9 times 25 over three pieces: filters begin before the text and end behind
    assert Pieces(NET).odds(read(["a a a"])) == [0.5 * round((greatest + means) * 100 / 256) - 3.0]
    assert Pieces(NET).odds(read(["b"])) == [-3.0]


def test_words_fall_into_their_longest_known_pieces() -> None:
    numbers = {"un": 2, "##help": 3, "##ful": 4, "unhelp": 5}
    assert split("unhelpful", numbers) == [5, 4]
    assert split("unkind", numbers) == [UNKNOWN]
    assert split("x" * 31, {"x": 2, "##x": 3}) == [UNKNOWN]


def test_of_a_long_text_the_beginning_and_the_end_are_read() -> None:
    numbers = " ".join(str(number) for number in range(10, 99))
    short, long = "a few words", f"{numbers} {numbers} {numbers}"
    found = trained()._pieces.read(read([short, long]))
    assert len(found.of(0)) == 3
    assert len(found.of(1)) == HEAD + TAIL
    whole = trained()._pieces.read(read([numbers])).of(0)
    assert found.of(1)[:HEAD] == (whole * 3)[:HEAD]
    assert found.of(1)[HEAD:] == (whole * 3)[-TAIL:]


def test_training_writes_the_same_bytes_for_the_same_figures(tmp_path: Path) -> None:
    from training.write import save

    table = Table(np.arange(3, dtype=np.int8), np.ones(3, np.uint8), 0.5, -1.0)
    first, second = tmp_path / "first.npz", tmp_path / "second.npz"
    for file in (first, second):
        save(file, "trained-0", table, NET)
    assert first.read_bytes() == second.read_bytes()


def test_a_mention_keeps_the_version_of_the_weights_that_judged_it() -> None:
    assert trained().version == Complaint.version
