"""What the settings add to what a channel sees, and what they keep from it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from alerts.testing import samples
from monitor.core.clocks import clocks
from monitor.core.digest import Loss, Owed, Return, Waiting
from monitor.core.masking import masked
from monitor.core.message import Backlog, Card, Content, Note, Roster, Storm
from monitor.core.model import Evidence, Heard
from monitor.core.policy import Policy
from monitor.core.showing import Showing, shown
from monitor.core.store import Transaction

NOW = samples.NOW
SAID = "Nadia laughed, and nadia Krol did not call back. The nurse was kind."


class Records:
    """Of a transaction, what showing asks: everything a case's customer said."""

    def __init__(self, *heard: Heard) -> None:
        self.heard = heard

    def mentions_of(self, case_id: int) -> Sequence[Heard]:
        return self.heard if case_id == 12 else ()

    def staff_of(self, case_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
        staff = tuple(name for heard in self.heard for name in heard.verdict.staff)
        return {12: staff} if 12 in case_ids else {}


def named(words: str = SAID, **more: Any) -> Heard:
    heard = samples.heard(words, **more)
    found = (Evidence("rude", "Nadia laughed", 0, 13),)
    verdict = replace(heard.verdict, staff=("Nadia Krol",), evidence=found, expectations=found)
    return replace(heard, verdict=verdict)


def show(content: Content, scheme: str = "slack", showing: Showing | None = None) -> Content:
    tx = cast(Transaction, Records(named()))
    return shown(tx, content, showing or Showing(), scheme, NOW + timedelta(hours=1))


def told(content: Content) -> str:
    return repr(content)


def contents() -> list[Content]:
    line = replace(samples.case_line(12), quote=SAID)
    digest = samples.digest()
    who = replace(digest.complaints[0], case_id=12, quote=SAID)
    return [
        replace(samples.card(), mentions=(named(), samples.heard("I mean Nadia.", native_id="2"))),
        Note(samples.case(), "Fictional Fred wrote again", SAID, earlier=SAID),
        Backlog("news", 1, {}, None, None, (line,)),
        Storm(1, {}, None, (line,), 1),
        Roster(1, (line,)),
        replace(
            digest,
            waiting=(Waiting(who, 1.0, None),),
            owed=(Owed(who, "a call", NOW, "U0ANN", 0.0),),
            complaints=(who,),
            returned=(Return(who, SAID, "All is well.", "by a reply", 1.0, NOW),),
            lost=(Loss(who, "gone", NOW),),
        ),
    ]


@pytest.mark.parametrize("content", contents(), ids=lambda content: type(content).__name__)
def test_no_channel_shows_who_of_the_staff_is_complained_of(content: Content) -> None:
    masked_there = told(show(content)).replace("staff=('Nadia Krol',)", "")
    assert "adia" not in masked_there
    assert "N…" in masked_there
    assert "nurse" in masked_there
    assert SAID in told(show(content, "console"))
    assert SAID in told(show(content, showing=Showing(masks=frozenset())))


def test_what_colleagues_wrote_is_theirs_to_word() -> None:
    note = Note(samples.case(), "U0ANN noted", "Talked to Nadia.", people=("U0ANN",))
    assert show(note) == note


def test_praise_keeps_its_names() -> None:
    digest = samples.digest(SAID)
    shown_digest = show(digest)
    assert shown_digest.thanks == digest.thanks  # type: ignore[union-attr]


def test_masked_words_keep_their_evidence_and_where_it_stood() -> None:
    short = masked(named(), ("Nadia",))
    assert short.verdict.evidence == (Evidence("rude", "N… laughed", 0, 13),)
    assert short.verdict.expectations == short.verdict.evidence
    assert short.mention.text.startswith("N… laughed, and n… Krol")
    assert masked(named(), ()) == named()


def test_a_card_gets_its_clocks_and_the_name_of_its_rung() -> None:
    policy = Policy()
    card = show(samples.card(level=2), showing=Showing(policy))
    assert isinstance(card, Card)
    assert card.clocks == clocks(card.case, policy, NOW + timedelta(hours=1))
    assert card.rung == "manager"
    backlog = show(samples.card(backlog=True))
    assert isinstance(backlog, Card)
    assert (backlog.clocks, backlog.rung) == (None, "")
