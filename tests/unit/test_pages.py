"""Who stands on which page below a digest: everybody once, and never too many pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from alerts.testing.digests import DAY, many
from monitor.core.pages import MOST, SHOWN, SIZE, Lists, lists_of, sheets


def listed(counts: Mapping[str, int]) -> Lists:
    return {of: (range(count), count) for of, count in counts.items()}


def test_who_is_not_even_listed_is_counted_all_the_same() -> None:
    made = sheets({"waiting": (range(800), 5_000)})
    assert made[-1].left == 4_200


def test_whoever_waits_is_not_listed_as_complaining_too() -> None:
    lists = lists_of(many(50))
    assert lists["waiting"] == ([1_000 + n for n in range(50)], 50)
    assert lists["complaints"] == ([], 0)
    calm = lists_of(replace(DAY, waiting=(), waiting_total=0))
    assert calm["complaints"] == ([40, 31, 27], 31)
    assert calm["returned"] == ([8], 6)


def test_a_list_that_the_digest_shows_whole_has_no_page() -> None:
    assert sheets(listed(SHOWN)) == []
    assert len(sheets(listed({of: shown + 1 for of, shown in SHOWN.items()}))) == 4


@given(st.fixed_dictionaries({of: st.integers(0, 3_000) for of in SHOWN}))
def test_everybody_stands_on_one_page_or_is_counted(counts: dict[str, int]) -> None:
    made = sheets(listed(counts))
    assert len(made) <= MOST
    for of, count in counts.items():
        mine = [sheet for sheet in made if sheet.of == of]
        assert [sheet.page for sheet in mine] == list(range(1, len(mine) + 1))
        assert {sheet.pages for sheet in mine} <= {len(mine)}
        assert all(0 < len(sheet.cases) <= SIZE for sheet in mine)
        told = [number for sheet in mine for number in sheet.cases]
        if count > SHOWN[of]:
            assert told == list(range(len(told)))
            assert len(told) + mine[-1].left == count
            assert all(sheet.left == 0 for sheet in mine[:-1])
        else:
            assert mine == []


def test_the_longest_list_gives_way() -> None:
    made = sheets(listed({"waiting": 5_000, "lost": 50}))
    assert [sheet.of for sheet in made].count("lost") == 2
    assert len(made) == MOST
