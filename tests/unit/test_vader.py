"""What VADER is asked for, and that no text can hold it up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.core.model import Mention
from monitor.scoring import vader
from monitor.scoring.vader import Evaluator, Polarity, Vader, Words, polarity


def test_figures_of_the_paper_s_own_examples() -> None:
    assert polarity("VADER is smart, handsome, and funny.") == Polarity(0.0, 0.254, 0.746, 0.8316)
    assert polarity("Today only kinda sux! But I'll get by, lol") == Polarity(0.127, 0.556, 0.317, 0.5249)


def test_silence_has_no_polarity_and_plain_words_are_neutral() -> None:
    assert polarity("") == polarity(" \n\t") == Polarity(0.0, 0.0, 0.0, 0.0)
    assert polarity("the parcel stands on the table") == Polarity(0.0, 1.0, 0.0, 0.0)


def test_scorer_gives_one_compound_for_each_mention_in_order() -> None:
    mentions = [
        Mention("files", "1", "horrible"),
        Mention("files", "2", ""),
        Mention("files", "3", "bad", "Great"),
    ]
    opinions = Vader().score(mentions)
    assert [opinion.value for opinion in opinions] == [
        polarity("horrible").compound,
        0.0,
        polarity("Great\nbad").compound,
    ]
    assert {(opinion.scorer, opinion.version) for opinion in opinions} == {("vader", "vaderSentiment-3.3.2")}


@pytest.mark.parametrize("token", ["x" * 2_000_000, "!" * 100_000, "a\x00b", "\ud800", "ﷺ"])
def test_monstrous_tokens_are_judged_and_not_remembered_when_long(token: str) -> None:
    evaluator = Evaluator()
    evaluator.polarity(f"good {token}")
    assert all(len(kept) <= Words.LONGEST for kept in evaluator._words)


class Counted(list[vader.Word]):
    """Words that count how often one of them is looked at."""

    looks = 0

    def __getitem__(self, place: object) -> object:  # type: ignore[override]
        Counted.looks += 1
        return super().__getitem__(place)  # type: ignore[index]


@pytest.mark.parametrize(
    "text",
    [
        lambda size: "not so good but very bad " * size,
        lambda size: "no no no least kind of shit " * size,
        lambda size: "GREAT awful " * size + "but" + " GREAT awful" * size,
    ],
)
def test_work_grows_with_the_words_and_not_with_their_square(
    text: Callable[[int], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in looks at words, as time would depend on the machine."""
    monkeypatch.setattr(vader, "list", Counted, raising=False)

    def looks(size: int) -> int:
        Counted.looks = 0
        polarity(text(size))
        return Counted.looks

    small, large = looks(100), looks(1_000)
    assert small > 0
    assert large < 11 * small


def test_many_threads_share_one_evaluator_and_agree() -> None:
    texts = [f"never so good number {n} but least bad" for n in range(500)]
    alone = [polarity(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(polarity, texts)) == alone
    assert vader._evaluator() is vader._evaluator()
