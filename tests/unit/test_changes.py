"""What became known after a digest was first posted."""

from __future__ import annotations

from dataclasses import replace

from alerts.testing.digests import DAY, NUMBERS
from monitor.core.changes import changed_since, facts_of
from monitor.core.digest import Figure


def test_nothing_is_told_where_nothing_changed() -> None:
    assert changed_since(facts_of(DAY), DAY, 0) is None


def test_late_posts_and_figures_that_differ_are_told() -> None:
    later = replace(DAY, numbers=replace(NUMBERS, heard=Figure(216), complaints=Figure(36), lost=1))
    changed = changed_since(facts_of(DAY), later, 4)
    assert changed is not None
    assert (changed.first, changed.late) == (DAY.told, 4)
    assert changed.figures == (("heard", 212, 216), ("complaints", 34, 36), ("lost", 2, 1))


def test_a_figure_that_was_not_kept_then_is_not_compared() -> None:
    assert changed_since({"told": DAY.told.isoformat(), "heard": 212}, DAY, 0) is None
