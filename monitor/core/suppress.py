"""Rules that hold back what the desk has dismissed again and again: proposed from labels, accepted by people.

A rule never acts by itself. Until somebody accepts it, it is a line to read; what an accepted one holds back stays
stored, is counted, and can be alerted after all.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.core.labels import Label, Labelled
from monitor.core.model import Heard, Mention, Severity, Verdict
from monitor.core.sketch import words_of

ENOUGH = 3
"""Dismissals that make a proposal. A case dismissed with all its posts is one."""

NEVER = frozenset({"safety", "discrimination", "legal_threat", "press_threat", "vulnerable"})
"""Signals that no rule holds back."""

PHRASES = range(8, 4, -1)
"""Words of a recurrent phrase, the longest first: four in a row are said by anybody."""


class Ground(StrEnum):
    AUTHOR = "author"
    KIND = "kind"
    SIGNALS = "signals"
    PHRASE = "phrase"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a post must have in common with those that were dismissed."""

    ground: Ground
    value: str
    """The author's key, the kind, the signals (all of them, joined by +), or the phrase."""
    place: str = ""
    """The source of an author, the feed of a kind; empty for everywhere."""

    @property
    def key(self) -> str:
        """Six hex digits: the same rule has the same name wherever it is worked out."""
        whole = "\x1f".join((self.ground, self.place, self.value))
        return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=3).hexdigest()

    def __str__(self) -> str:
        match self.ground:
            case Ground.AUTHOR:
                return f"posts by {self.value} ({self.place})"
            case Ground.KIND:
                return f"posts of the kind {self.value} in {self.place}"
            case Ground.SIGNALS:
                return f"posts that tell of {self.value.replace('_', ' ').replace('+', ' and ')} and no more"
            case Ground.PHRASE:
                return f"posts with the words “{self.value}”"

    def covers(self, feed: str, mention: Mention, verdict: Verdict) -> bool:
        """Would it hold this complaint back? Never one that is critical or must be seen."""
        return not must_be_seen(verdict) and self.like(feed, mention, verdict)

    def like(self, feed: str, mention: Mention, verdict: Verdict) -> bool:
        """Has it what the rule asks for, however bad it is?"""
        match self.ground:
            case Ground.AUTHOR:
                return (mention.source, mention.author.key) == (self.place, self.value)
            case Ground.KIND:
                return (feed, verdict.kind) == (self.place, self.value)
            case Ground.SIGNALS:
                return _signals(verdict) == self.value
            case Ground.PHRASE:
                return f" {self.value} " in f" {' '.join(_words(mention))} "


@dataclass(frozen=True, slots=True)
class Accepted:
    """A rule in force, and who wanted it."""

    rule: Rule
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    rule: Rule
    dismissals: int


def must_be_seen(verdict: Verdict) -> bool:
    return verdict.severity is Severity.CRITICAL or not NEVER.isdisjoint(verdict.signals)


def holding(rules: Sequence[Rule], feed: str, mention: Mention, verdict: Verdict) -> Rule | None:
    """The first rule that holds this complaint back."""
    return next((rule for rule in rules if rule.covers(feed, mention, verdict)), None)


def propose(labelled: Sequence[Labelled], in_force: Sequence[Rule] = ()) -> list[Proposal]:
    """Rules that at least three dismissals speak for and no confirmed complaint speaks against.

    The most dismissals first. `in_force` are not proposed again.
    """
    dismissed = [one for one in labelled if one.label is Label.NOT_A_COMPLAINT and one.was_complaint]
    dismissed = [one for one in dismissed if not must_be_seen(one.verdict)]
    confirmed = [one for one in labelled if one.label is Label.COMPLAINT]
    when: defaultdict[Rule, set[datetime]] = defaultdict(set)
    for one in dismissed:
        for rule in _plain_rules(one):
            when[rule].add(one.at)
    when.update(_phrases(dismissed))
    found = [
        Proposal(rule, len(moments))
        for rule, moments in when.items()
        if len(moments) >= ENOUGH
        and rule not in in_force
        and not any(rule.like(one.feed, one.mention, one.verdict) for one in confirmed)
    ]
    return sorted(found, key=lambda proposal: (-proposal.dismissals, proposal.rule.key))


def _plain_rules(one: Labelled) -> Iterator[Rule]:
    if one.mention.author.key:
        yield Rule(Ground.AUTHOR, one.mention.author.key, one.mention.source)
    if one.verdict.kind:
        yield Rule(Ground.KIND, one.verdict.kind, one.feed)
    if one.verdict.signals:
        yield Rule(Ground.SIGNALS, _signals(one.verdict))


def _phrases(dismissed: Sequence[Labelled]) -> dict[Rule, set[datetime]]:
    """Recurrent phrases with the dismissals they recur in; of phrases that recur together only the longest."""
    texts = [(one.at, _words(one.mention)) for one in dismissed]
    found: dict[Rule, set[datetime]] = {}
    for length in PHRASES:
        when: defaultdict[str, set[datetime]] = defaultdict(set)
        for at, words in texts:
            for start in range(len(words) - length + 1):
                when[" ".join(words[start : start + length])].add(at)
        for phrase, moments in when.items():
            if len(moments) >= ENOUGH and moments not in found.values():
                found[Rule(Ground.PHRASE, phrase)] = moments
    return found


def _signals(verdict: Verdict) -> str:
    return "+".join(sorted(set(verdict.signals)))


def _words(mention: Mention) -> list[str]:
    return words_of(mention.words)


def would_hold(rule: Rule, past: Sequence[Heard]) -> list[Heard]:
    """The complaints of the past that the rule would have held back."""
    return [heard for heard in past if rule.covers(heard.feed, heard.mention, heard.verdict)]
