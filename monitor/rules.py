"""Rules from the desk's dismissals: shown with what they would hold back, put in force, and ended by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.errors import CaseError
from monitor.core.model import Heard
from monitor.core.ports import Store
from monitor.core.suppress import Accepted, Rule, propose, would_hold

PAST = 10_000
"""Complaints that a rule is tried on, the newest."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule, proposed or in force, and what it does."""

    rule: Rule
    in_force: Accepted | None
    dismissals: int
    """That speak for it; 0 for one in force."""
    would_hold: Sequence[Heard]
    """Complaints of the stored past that it covers, the newest first."""
    held: Sequence[Heard]
    """What it holds back now."""


def survey(store: Store, business: str) -> list[Tried]:
    """Rules in force, then those that are proposed."""
    with store.read() as tx:
        accepted = tx.rules(business)
        past = tx.recent(business, complaints=True, limit=PAST)
        lines = [
            Tried(one.rule, one, 0, would_hold(one.rule, past), tx.held(business, one.rule.key))
            for one in accepted
        ]
        for proposal in propose(tx.labels(business), [one.rule for one in accepted]):
            covered = would_hold(proposal.rule, past)
            lines.append(Tried(proposal.rule, None, proposal.dismissals, covered, ()))
    return lines


def accept(store: Store, business: str, key: str, by: str, now: datetime) -> Rule:
    """Put a proposed rule in force. Raises CaseError when none of this key is proposed."""
    with store.write() as tx:
        accepted = [one.rule for one in tx.rules(business)]
        if any(rule.key == key for rule in accepted):
            raise CaseError(f"rule {key} is in force already")
        proposed = (one.rule for one in propose(tx.labels(business), accepted))
        rule = next((one for one in proposed if one.key == key), None)
        if rule is None:
            raise CaseError(f"no rule {key} is proposed; `complaint-monitor rules list` shows those that are")
        tx.accept(business, rule, by, now)
        return rule


def withdraw(store: Store, business: str, key: str, by: str, now: datetime) -> list[Heard]:
    """End a rule. Returns what it had held back and no case holds. Raises CaseError when it is not in force."""
    with store.write() as tx:
        if not tx.withdraw(business, key, by, now):
            raise CaseError(f"no rule {key} is in force; `complaint-monitor rules list` shows those that are")
        return tx.held(business, key)
