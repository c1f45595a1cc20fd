"""What a person reads of a case, at 80 columns."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import NOW, said

from monitor.cli.explain import facts, show
from monitor.cli.show import case_file
from monitor.core.casefile import File
from monitor.core.model import Case, Evidence, Heard, Severity, State, Verdict
from monitor.core.triage import Sensitivity, figure
from monitor.explain import Explanation

CASE = Case(7, "default", "pages", "fred", "Fred", State.OPEN, Severity.HIGH, NOW)
VERDICT = Verdict(
    0.9,
    True,
    Severity.HIGH,
    ("was promised a call",),
    expectations=(Evidence("follow_through", "promised to \x1b[31mcall", 0, 10), Evidence("respect", "")),
    staff=("Omar", "Z\x1boë"),
)


def _shown(verdict: Verdict, capsys: pytest.CaptureFixture[str]) -> list[str]:
    heard = Heard(1, "feed", said("1"), verdict, NOW, 7)
    case_file(File(CASE, (heard,), (), heard), "UTC")
    return [line.strip() for line in capsys.readouterr().out.splitlines()]


def test_a_case_says_what_was_broken_and_who_was_named(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _shown(VERDICT, capsys)
    broken = [line for line in lines if line.startswith("broke: ")]
    assert broken[0].startswith("broke: follow through on the words “promised to ")
    assert broken[1:] == ["broke: respect"]
    assert any(line.startswith("staff: Omar, Z") for line in lines)
    assert not any("\x1b" in line for line in lines)


def test_a_verdict_that_names_nothing_has_no_such_lines(capsys: pytest.CaptureFixture[str]) -> None:
    bare = replace(VERDICT, expectations=(), staff=())
    assert not [line for line in _shown(bare, capsys) if line.startswith(("broke", "staff", "kind"))]
    assert "kind: question" in _shown(replace(bare, kind="question"), capsys)


def test_stars_are_not_shown_as_the_customers_words(capsys: pytest.CaptureFixture[str]) -> None:
    starred = replace(VERDICT, expectations=(Evidence("reliability", "1 of 5 stars"),))
    assert "broke: reliability by 1 of 5 stars" in _shown(starred, capsys)
    show(Explanation(said("1"), starred, {}, Sensitivity.NORMAL, 0.5, ()))
    assert "  broke: reliability, by 1 of 5 stars" in capsys.readouterr().out.splitlines()


def test_what_is_no_complaint_broke_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    calm = replace(
        VERDICT,
        complaint=0.4,
        is_complaint=False,
        severity=None,
        evidence=(Evidence("praise", "lovely", 0, 6),),
    )
    assert not [line for line in _shown(calm, capsys) if line.startswith("broke")]
    explained = Explanation(said("1"), calm, {}, Sensitivity.NORMAL, 0.475, ())
    show(explained)
    lines = capsys.readouterr().out.splitlines()
    assert not [line for line in lines if "broke" in line]
    assert "  heard, for or against: “lovely” (praise)" in lines
    assert facts(explained)["expectations"] == []
    assert facts(replace(explained, verdict=VERDICT))["expectations"]


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.47499, "0.474"), (0.475, "0.475"), (0.4759, "0.475"), (0.3, "0.300"), (0.29999, "0.299")],
)
def test_a_figure_below_the_line_never_seems_to_stand_on_it(value: float, told: str) -> None:
    assert figure(value) == told
