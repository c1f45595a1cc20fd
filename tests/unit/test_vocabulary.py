"""Chunks have numbers, and what is found of them is found once: by whomever, in whatever company."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.scoring.cues import cues
from monitor.scoring.features import places_of
from monitor.scoring.hashing import word_features
from monitor.scoring.trained import trained
from monitor.scoring.vocabulary import Noted, Reader, Vocabulary, read

WORDS = st.text(min_size=1, max_size=40).filter(lambda word: not word.isspace())


@given(st.lists(st.lists(WORDS, max_size=4).map(tuple), min_size=1, max_size=12))
def test_many_words_have_the_places_that_each_has_alone(chunks: list[tuple[str, ...]]) -> None:
    found: list[list[int]] = [[] for _ in chunks]
    for kind in places_of(chunks):
        places = kind.places.tolist()
        for own, count in zip(found, kind.counts.tolist(), strict=True):
            own += places[:count]
            del places[:count]
        assert places == []
    expected = [[place for word in chunk for place in word_features(word)] for chunk in chunks]
    assert list(map(sorted, found)) == list(map(sorted, expected))


def test_a_chunk_keeps_its_number_and_shares_the_row_of_what_reads_alike() -> None:
    vocabulary = Vocabulary()
    first = vocabulary.read("Late late LATE, again")
    assert vocabulary.read("late LATE,") == first[1:3]
    assert len(set(first)) == 4
    rows = [vocabulary.rows[number] for number in first]
    assert rows[0] == rows[1] != rows[2]
    assert vocabulary.tokens[rows[2]] == ("late", ",")


def test_nothing_is_read_in_a_link() -> None:
    one, other = read(["see http://acme.example/never-called", "see https://acme.example/x"]).numbers
    assert one == other
    assert cues().heard("see http://acme.example/not-working-at-all") == []
    assert cues().heard("it is not working at all")


def test_a_full_vocabulary_is_followed_by_a_new_one_and_the_old_stays_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("monitor.scoring.vocabulary.ROOM", 100)
    reader = Reader()
    noted = Noted(str.upper)
    old = reader.read(["we waited for an hour and nobody came to our table at all"])
    new = reader.read(["we waited"])
    assert new.vocabulary is not old.vocabulary
    for texts in (new, old, new):
        numbers = texts.numbers[0][:2]
        assert [noted.by(texts.vocabulary)[number] for number in numbers] == ["WE", "WAITED"]


def test_a_giant_chunk_takes_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.scoring.vocabulary.ROOM", 1_000)
    reader = Reader()
    first = reader.read(["x" * 5_000])
    assert reader.read(["y"]).vocabulary is not first.vocabulary


def test_threads_may_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.scoring.vocabulary.ROOM", 3_000)
    texts = [f"number {number} was not{number % 7} answered for {number} days" for number in range(400)]
    models = trained()
    expected = models.views(read(texts))

    def judge(start: int) -> bool:
        some = slice(start, start + 40)
        heard = [len(cues().heard(text)) for text in texts[some]]
        return models.views(read(texts[some])) == expected[some] and len(heard) == 40

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(judge, list(range(0, 360, 10)) * 4))
