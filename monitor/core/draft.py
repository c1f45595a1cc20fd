"""What a support lead would say of a reply before it goes out. It warns; it never blocks and never sends.

Wording is read in English only (the phrases stand in `draft_rules.toml`); of a text in another language only that is
checked which needs no words. Any text whatever is taken, in time that grows with its length alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from monitor.core.commitments import Commitment, commitments
from monitor.core.draft_marks import ill_fitting, loud, private, unfinished
from monitor.core.finding import Finding, Level, finding
from monitor.core.phrases import folded, found, pattern, unquoted
from monitor.core.reply import Facts, Form, Promised, readable


class Wording(NamedTuple):
    """A table of `draft_rules.toml`."""

    key: str
    level: Level
    why: str
    instead: str
    wanted: re.Pattern[str]
    unless: re.Pattern[str] | None
    capitals: re.Pattern[str] | None
    """Words that mean this only in capitals."""
    public: bool
    """Only where everybody reads along."""


class _Rules(NamedTuple):
    """`draft_rules.toml`, ready to be looked for."""

    wordings: tuple[Wording, ...]
    said: Mapping[str, tuple[re.Pattern[str], re.Pattern[str] | None]]
    """What a good reply has, and words that are not that."""


@cache
def _rules() -> _Rules:
    text = resources.files("monitor.core").joinpath("draft_rules.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    wordings = tuple(
        Wording(
            row["key"],
            Level(row["level"]),
            row["why"],
            row["instead"],
            *_phrases(row),
            _capitals(row.get("capitals")),
            row.get("public", False),
        )
        for row in document["rule"]
    )
    return _Rules(wordings, {name: _phrases(table) for name, table in document["said"].items()})


def _phrases(table: Mapping[str, Any]) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    unless = table.get("unless")
    return pattern(table["phrases"]), pattern(unless) if unless else None


def _capitals(words: Sequence[str] | None) -> re.Pattern[str] | None:
    return re.compile(rf"(?<![\w@#])(?:{'|'.join(map(re.escape, words))})(?!\w)") if words else None


RULES = (
    *("blame", "excuse", "jargon", "negative", "judgement", "empty", "passive", "asks_data"),
    *("no_apology", "no_next_step", "no_time", "promise", "language"),
    *("personal_data", "blank", "shouting", "too_long", "too_short"),
)
"""Every key a finding can have."""
MOST = 200
"""No more findings than anybody would read; the gravest are kept."""


def check_draft(text: str, facts: Facts) -> list[Finding]:
    """What to look at again before this goes to the customer, in the order of the text. Never raises."""
    english = _english(text)
    findings = [*unfinished(text), *loud(text, facts), *ill_fitting(text, facts, english)]
    if facts.form is Form.PUBLIC:
        findings += private(text)
    if not text.strip():
        return findings
    if english:
        said = commitments(text, facts)
        findings += [*_worded(text, facts), *_missing(text, said), *_promises(text, said, facts)]
    else:
        end = len(text)
        why = "does not read as English, so its wording was not checked"
        findings.append(
            finding(text, "language", Level.HINT, end, end, why, "Let somebody who speaks it look.")
        )
    gravest = sorted(findings, key=lambda one: list(Level).index(one.level))[:MOST]
    return sorted(gravest, key=lambda one: (one.start, one.end, one.rule))


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────


def _worded(text: str, facts: Facts) -> Iterator[Finding]:
    own = unquoted(text)
    low = folded(own)
    name = folded(facts.business).strip()
    if name:  # it may be called "Relax" or "Our Policy"
        low = low.replace(name, " " * len(name))
    for rule in _rules().wordings:
        if rule.public and facts.form is not Form.PUBLIC:
            continue
        spans = list(found(rule.wanted, rule.unless, low))
        if rule.capitals:
            spans += [hit.span() for hit in rule.capitals.finditer(own)]
        for start, end in spans:
            yield finding(text, rule.key, rule.level, start, end, rule.why, rule.instead)


_SMALL_TEXT = """
the a an and or but to of in on at for with is are was were be been have has had i we you your our my it
this that not do did will would can could so if as by from there what when how please thank thanks sorry
us me
"""
_SMALL = frozenset(_SMALL_TEXT.split())
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
ENOUGH, SHARE = 5, 0.18


def _english(text: str) -> bool:
    """By its small words. A text too short to tell is taken for English, unless its letters say otherwise."""
    words = _WORD.findall(folded(text))
    if sum(word.isascii() for word in words) < len(words) / 2:
        return False
    small = sum(word in _SMALL or "'" in word for word in words)
    return len(words) < ENOUGH or small >= SHARE * len(words)


# ── what is missing ──────────────────────────────────────────────────────────────────────────────────────


def _missing(text: str, said: list[Commitment]) -> Iterator[Finding]:
    low = folded(unquoted(text))
    end = len(text)
    if not _says("apology", low):
        why, instead = "no word of apology", "Say sorry for what happened, in plain words, once."
        yield finding(text, "no_apology", Level.WARNING, end, end, why, instead)
    other = _says("done", low) or _says("invited", low)
    if not (said or other or _says("will_do", low)):
        why, instead = "nothing is said of what happens next", "Say what you will do next, and when."
        yield finding(text, "no_next_step", Level.WARNING, end, end, why, instead)
    elif said and not other and not any(one.timed for one in said):
        why, instead = (
            "says what will be done, but not when",
            "Give a day and a time that you can keep; “soon” is none.",
        )
        yield finding(text, "no_time", Level.HINT, said[0].start, said[0].end, why, instead)


def _says(what: str, low: str) -> bool:
    wanted, unless = _rules().said[what]
    return next(found(wanted, unless, low), None) is not None


# ── promises ─────────────────────────────────────────────────────────────────────────────────────────────


def _promises(text: str, said: list[Commitment], facts: Facts) -> Iterator[Finding]:
    for one in said:
        if not one.is_promise or any(_covers(logged, one, facts) for logged in facts.promises):
            continue
        due = one.promised.due
        if facts.promises and due is not None:
            why = "gives another time than the promise that is logged"
        else:
            why = "promises something that is not logged"
        when = f", by {readable(due, facts.now, facts.zone)}" if due else ""
        ask = "" if due else " and say by when"
        instead = f"Log it: “{one.promised.what}”{when}{ask}. Then you are reminded before it is due."
        yield finding(text, "promise", Level.WARNING, one.start, one.end, why, instead, one.promised)


def _covers(logged: Promised, said: Commitment, facts: Facts) -> bool:
    """A logged promise covers what is said without a time, or with its own."""
    due = said.promised.due
    if due is None or logged.due is None or abs((logged.due - due).total_seconds()) < 60:
        return True
    same_day = logged.due.astimezone(facts.zone).date() == due.astimezone(facts.zone).date()
    return same_day and not said.to_the_hour
