"""The figures of the evaluation, against values worked out by hand."""

from __future__ import annotations

import pytest

from monitor.core.metrics import Outcomes, auc, average_precision, calibration_error, harmonic, mean, outcomes

SCORES = [0.9, 0.8, 0.8, 0.6, 0.2]
LABELS = [True, False, True, False, True]


def test_the_area_counts_pairs_and_a_tie_for_half() -> None:
    # 3 x 2 pairs: .9 beats both, .8 ties one and beats the other, .2 beats none
    assert auc(SCORES, LABELS) == pytest.approx((2 + 1.5 + 0) / 6)
    assert auc([1.0, 0.0], [True, False]) == 1.0
    assert auc([0.0, 1.0], [True, False]) == 0.0
    assert auc([0.5] * 4, [True, False, True, False]) == 0.5


@pytest.mark.parametrize("labels", [[True, True], [False, False], []])
def test_where_a_kind_is_missing_there_is_no_area(labels: list[bool]) -> None:
    assert auc([0.1] * len(labels), labels) is None


def test_average_precision_takes_a_tie_as_one_step() -> None:
    # at .9: 1 of 1; at .8: 2 of 3; at .2: 3 of 5; each adds a third of the recall
    assert average_precision(SCORES, LABELS) == pytest.approx((1 + 2 / 3 + 3 / 5) / 3)
    assert average_precision([0.5, 0.5], [True, False]) == 0.5
    assert average_precision([0.5, 0.4], [False, False]) is None


def test_outcomes_are_counted_and_shared() -> None:
    found = outcomes([True, True, True, False, False], [True, False, True, True, False])
    assert found == Outcomes(true_alarms=2, false_alarms=1, missed=1, left_alone=1)
    assert (found.precision, found.recall) == (2 / 3, 2 / 3)
    assert found.f1 == pytest.approx(2 / 3)
    assert found.macro_f1 == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_a_share_of_nothing_is_0() -> None:
    silent = outcomes([False, False], [True, True])
    assert (silent.precision, silent.recall, silent.f1, silent.macro_f1) == (0, 0, 0, 0)
    quiet = outcomes([False, False], [False, False])
    assert (quiet.precision, quiet.recall, quiet.f1) == (0, 0, 0)
    assert quiet.macro_f1 == 1.0, "the kind that neither is nor was said does not count"
    assert outcomes([], []).macro_f1 == 0
    assert harmonic(0, 0) == 0
    assert harmonic(0.5, 1.0) == pytest.approx(2 / 3)


def test_calibration_is_the_distance_of_probabilities_from_shares() -> None:
    # bin 2: mean .25 and share .5 of two posts; last bin: mean .975 and share 1 of two, 1 itself among them
    assert calibration_error([0.2, 0.3 - 1e-9, 0.95, 1.0], [True, False, True, True]) == pytest.approx(
        (0.25 * 2 + 0.025 * 2) / 4
    )
    assert calibration_error([0.0, 1.0], [False, True]) == 0
    assert calibration_error([], []) is None


def test_a_mean_leaves_out_what_is_not_known() -> None:
    assert mean([0.5, None, 1.0]) == 0.75
    assert mean([None]) is None


def test_figures_of_unequal_lists_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        auc([0.1], [True, False])
    with pytest.raises(ValueError, match="zip"):
        outcomes([True], [])
