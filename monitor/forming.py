"""The forms that a desk opens: a case as it stands, with what its person needs beside it to fill one in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from monitor.answering import facts_of, playbooks_of
from monitor.core.casefile import File
from monitor.core.clocks import clocks
from monitor.core.draft import check_draft
from monitor.core.finding import Finding
from monitor.core.forms import DRAFT, MORE
from monitor.core.gestures import NOWHERE, Beside, Candidate, Form, Spot
from monitor.core.model import UNCLOSED
from monitor.core.moves import Action
from monitor.core.playbook import Playbooks
from monitor.core.playbook import draft as drafted
from monitor.core.ports import Store
from monitor.core.reply import Facts, Promised
from monitor.recover import file_of
from monitor.settings import Settings

ALIKE, OTHERS = 10, 30
"""Candidates for the same customer: of the same name, and of the cases that are not closed."""


class Forming:
    """Safe to use in several threads. Raises CaseError when there is no such case."""

    def __init__(self, store: Store, settings: Settings, now: Callable[[], datetime]) -> None:
        self.store = store
        self.settings = settings
        self.now = now

    def warm(self) -> None:
        """Read now what the first draft would wait for. Raises ConfigError for playbooks that cannot be used."""
        drafted(Facts(self.settings.business.name), self._playbooks)
        check_draft("", Facts(self.settings.business.name))

    def form(self, move: str, case_id: int, spot: Spot = NOWHERE, notice: str = "") -> Form:
        file = file_of(self.store, case_id)
        match move:
            case Action.LINK:
                beside = Beside(notice, candidates=self._candidates(file))
            case _ if move == DRAFT:
                beside = Beside(notice, drafted=drafted(self._facts(file), self._playbooks))
            case _ if move == MORE:
                policy, level = self.settings.policy, file.case.level
                rungs = policy.ladder.rungs[:level]
                beside = Beside(
                    notice,
                    clocks=clocks(file.case, policy, self.now()),
                    rung=rungs[-1].name if rungs else "",
                )
            case _:
                beside = Beside(notice)
        return Form(move, file, spot, beside)

    def findings(self, case_id: int, text: str) -> list[Finding]:
        """What to look at again in somebody's answer to this case."""
        return check_draft(text, self._facts(file_of(self.store, case_id)))

    def checked(self, case_id: int, spot: Spot, text: str, findings: list[Finding]) -> Form:
        """The draft once more, with what there is to look at again."""
        return Form(DRAFT, file_of(self.store, case_id), spot, Beside(text=text, findings=findings))

    @cached_property
    def _playbooks(self) -> Playbooks:
        return playbooks_of(self.settings)

    def _facts(self, file: File) -> Facts:
        promises = [Promised(one.what, one.due) for one in file.standing]
        return facts_of(file.case, file.mentions, file.cue, self.settings, self.now(), promises=promises)

    def _candidates(self, file: File) -> list[Candidate]:
        """Of the same name first, closed ones too; then whoever else waits. Each once, and not the case itself."""
        case = file.case
        with self.store.read() as tx:
            alike = tx.find_cases(case.business, case.name, ALIKE) if case.name.strip() else []
            others = tx.cases(states=UNCLOSED, business=case.business, limit=OTHERS)
            found = {one.id: one for one in (*alike, *others) if one.id != case.id}
            cues = tx.cues(list(found))
        return [(one, cues.get(one.id)) for one in found.values()]
