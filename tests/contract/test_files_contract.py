"""Files keep the contract of all sources, but for what is about a server: there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.files import Files
from sources.testing.contract import SourceContract

RECORDINGS = Path(__file__).parents[1] / "recordings" / "files"


class TestFiles(SourceContract):
    source = Files
    recordings = RECORDINGS

    @pytest.fixture(autouse=True)
    def _beside_the_recordings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(RECORDINGS)

    test_a_status_is_the_fault_it_stands_for_and_loses_nothing = None  # type: ignore[assignment]
    test_a_status_200_that_is_no_document_is_a_fault_and_loses_nothing = None  # type: ignore[assignment]
    test_a_document_cut_in_half_loses_nothing = None  # type: ignore[assignment]
