"""What a support lead would say of a reply before it goes out. It warns; it never blocks and never sends.

Wording is read in English only (the phrases stand in `draft_rules.toml`); of a text in another language only that is
checked which needs no words. Any text whatever is taken, in time that grows with its length alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import NamedTuple

from monitor.core.commitments import Commitment, commitments, sentences
from monitor.core.lengths import excess
from monitor.core.personal import KINDS, personal
from monitor.core.phrases import folded, found, pattern, unquoted
from monitor.core.reply import Facts, Form, Promised, readable


class Level(StrEnum):
    SERIOUS = "serious"
    """It may do harm: somebody's data, a reply that does not fit."""
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at again: `words == text[start:end]`; both empty at the end where something is missing."""

    rule: str
    level: Level
    start: int
    end: int
    words: str
    why: str
    """As after the words: "puts the blame on the customer"."""
    instead: str
    promise: Promised | None = None
    """To be logged, where the text promises what is not logged yet."""


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


@cache
def wordings() -> tuple[Wording, ...]:
    text = resources.files("monitor.core").joinpath("draft_rules.toml").read_text(encoding="utf-8")
    return tuple(
        Wording(
            row["key"],
            Level(row["level"]),
            row["why"],
            row["instead"],
            pattern(row["phrases"]),
            pattern(row["unless"]) if row.get("unless") else None,
            re.compile(rf"(?<![\w@#])(?:{'|'.join(map(re.escape, row['capitals']))})(?!\w)")
            if row.get("capitals")
            else None,
        )
        for row in tomllib.loads(text)["rule"]
    )


RULES = (
    *("blame", "excuse", "jargon", "negative", "judgement", "empty", "passive"),
    *("no_apology", "no_next_step", "no_time", "promise", "personal_data", "shouting", "too_long", "too_short"),
    *("blank", "language"),
)
"""Every key a finding can have."""
SHORT, SHORT_ANY = 60, 20
"""Characters that a reply has at least: in English, and in a language that may need fewer."""
MOST = 200
"""Findings that anybody would read."""


def check_draft(text: str, facts: Facts) -> list[Finding]:
    """What to look at again before this goes to the customer, in the order of the text. Never raises."""
    english = _english(text)
    findings = [*_unfinished(text), *_loud(text, facts), *_length(text, facts, english)]
    if facts.form is Form.PUBLIC:
        findings += _personal(text)
    if not text.strip():
        return findings
    if english:
        said = commitments(text, facts)
        findings += [*_worded(text), *_missing(text, said), *_promises(text, said, facts)]
    else:
        end = len(text)
        why = "does not read as English, so its wording was not checked"
        findings.append(_finding(text, "language", Level.HINT, end, end, why, "Let somebody who speaks it look."))
    return sorted(findings, key=lambda one: (one.start, one.end, one.rule))[:MOST]


def _finding(
    text: str, rule: str, level: Level, start: int, end: int, why: str, instead: str, promise: Promised | None = None
) -> Finding:
    return Finding(rule, level, start, end, text[start:end], why, instead, promise)


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────


def _worded(text: str) -> Iterator[Finding]:
    own = unquoted(text)
    low = folded(own)
    for rule in wordings():
        spans = list(found(rule.wanted, rule.unless, low))
        if rule.capitals:
            spans += [hit.span() for hit in rule.capitals.finditer(own)]
        for start, end in spans:
            yield _finding(text, rule.key, rule.level, start, end, rule.why, rule.instead)


_SMALL = frozenset(
    "the a an and or but to of in on at for with is are was were be been have has had i we you your our my it this that "
    "not do did will would can could so if as by from there what when how please thank thanks sorry us me".split()
)
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

_SORRY = re.compile(
    r"\b(?:sorry|apologi[sz]e|apologi[sz]ing|apology|apologies|forgive|(?:i|we) (?:deeply |really |truly )?regret(?! to))\b"
)
_NOT_SORRY = re.compile(
    r"\b(?:not|n't|no need to|nothing to) (?:be )?(?:sorry|apologi[sz]e)|\bsorry (?:if|you|to (?:inform|say)|but)\b|\bbetter safe than sorry"
)
_DONE = re.compile(
    r"\b(?:i|we|my \w{2,15}|our \w{2,15})(?:'ve|\s(?:have|has))?\s(?:(?:already|now|also|just|personally|since)\s){0,2}(?:asked|refunded|"
    r"sent|ordered|arranged|booked|spoken|spoke|checked|fixed|replaced|repaired|cancelled|credited|returned|changed|called|rung|rang|emailed|"
    r"written|wrote|reported|corrected|put|set|started|stopped|taken|took|given|gave|made|found|posted|passed|added|removed|moved|reserved|talked)\b"
)
_INVITED = re.compile(
    r"\bplease\s(?:\w{1,12}\s){0,2}(?:write|call|ring|e-?mail|message|send|text|contact|dm|come|visit|drop|let|tell|reply|phone|show|bring|give)\b"
    r"|\b(?:could|can|would|will)\syou\s(?:please\s|kindly\s)?(?:send|call|write|tell|let|share|message|show|come|reply|give|bring|e-?mail|text|dm|ring|phone)\b"
    r"|\b(?:write to|call|ring|message|e-?mail|text|dm)\s(?:me|us)\b|\blet me (?:know|call|put|make|look|send|fix|check)\b"
    r"|\b(?:shall|may|can|could|should) (?:i|we) (?:call|ring|send|refund|replace|come|offer|meet|book|write|bring|exchange)\b"
)
_WILL_DO = re.compile(r"(?:\b(?:i|we)(?:'ll|\s(?:will|shall|can|am going to|are going to)))\s(?!not\b|never\b|be sorry|do better)\w")


def _missing(text: str, said: list[Commitment]) -> Iterator[Finding]:
    low = folded(unquoted(text))
    end = len(text)
    if not any(not _overlaps(hit, _NOT_SORRY, low) for hit in _SORRY.finditer(low)):
        yield _finding(
            text, "no_apology", Level.WARNING, end, end, "no word of apology",
            "Say sorry for what happened, in plain words, once.",
        )
    other = _DONE.search(low) or _INVITED.search(low)
    if not said and not other and not _WILL_DO.search(low):
        yield _finding(
            text, "no_next_step", Level.WARNING, end, end, "nothing is said of what happens next",
            "Say what you will do next, and when.",
        )
    elif said and not other and not any(one.timed for one in said):
        first = said[0]
        yield _finding(
            text, "no_time", Level.HINT, first.start, first.end, "says what will be done, but not when",
            "Give a day and a time that you can keep; “soon” is none.",
        )


def _overlaps(hit: re.Match[str], unless: re.Pattern[str], low: str) -> bool:
    near = unless.search(low, max(0, hit.start() - 20), hit.end() + 12)
    return near is not None and near.start() < hit.end() and hit.start() < near.end()


# ── promises ─────────────────────────────────────────────────────────────────────────────────────────────


def _promises(text: str, said: list[Commitment], facts: Facts) -> Iterator[Finding]:
    for one in said:
        if not one.is_promise or any(_covers(logged, one, facts) for logged in facts.promises):
            continue
        due = one.promised.due
        if not one.deed and due is None:
            continue
        if facts.promises and due is not None:
            why = "gives another time than the promise that is logged"
        else:
            why = "promises something that is not logged"
        when = f", by {readable(due, facts.now, facts.zone)}" if due else ""
        ask = "" if due else " and say by when"
        instead = f"Log it: “{one.promised.what}”{when}{ask}. Then you are reminded before it is due."
        yield _finding(text, "promise", Level.WARNING, one.start, one.end, why, instead, one.promised)


def _covers(logged: Promised, said: Commitment, facts: Facts) -> bool:
    """A logged promise covers what is said without a time, or with its own."""
    due = said.promised.due
    if due is None or logged.due is None or abs((logged.due - due).total_seconds()) < 60:
        return True
    same_day = logged.due.astimezone(facts.zone).date() == due.astimezone(facts.zone).date()
    return same_day and not said.to_the_hour


# ── what needs no language ───────────────────────────────────────────────────────────────────────────────

_BLANK = re.compile(
    r"\{[^{}\n]{0,60}\}|<[A-Za-z][A-Za-z _/-]{1,40}>(?!\s*</)|\[(?![^][\n]{0,80}\]\()[A-Za-z][^][\n]{0,80}\]|(?<!\w)[X]{3,12}(?!\w)"
    r"|_{3,40}|(?<!\w)(?:TODO|TBD|TBC|FIXME)(?!\w)|(?i:(?<!\w)insert (?:your |the |customer |first )?(?:name|date|time|details|link)(?:\shere)?)"
    r"|(?i:lorem ipsum)|%[sd]\b|(?<!\w)\$\{?[A-Z_]{3,30}\}?"
)
_REAL = re.compile(r"\A\[(?:sic|edit|edited|update|updated|…|\.\.\.)\]?", re.I)
_CAPITALS = re.compile(r"(?<![\w@#'’-])[A-Z]{3,25}(?:['’][A-Z]{1,2})?(?:[ ,]{1,2}(?:[A-Z]{2,25}(?:['’][A-Z]{1,2})?|I|A)(?![\w'’])){1,400}(?![\w-])")
_BANG = re.compile(r"!{2,}(?:[!?1]{0,200})|\?{3,}|[!?]{3,}")
_CODES = frozenset("USA UK EU UAE NHS BBC CEO FAQ GPS PDF USB VAT ATM DVD IBAN BIC SMS IOS HTTP HTTPS AM PM TV PC".split())


def _unfinished(text: str) -> Iterator[Finding]:
    for hit in _BLANK.finditer(text):
        if not _REAL.match(hit[0]):
            why, instead = "a blank was left in", "Fill it, or take it out with the words around it."
            yield _finding(text, "blank", Level.SERIOUS, *hit.span(), why, instead)


def _loud(text: str, facts: Facts) -> Iterator[Finding]:
    own = frozenset(re.findall(r"\w+", f"{facts.business} {facts.author} {facts.customer} {facts.place}".upper()))
    for hit in _CAPITALS.finditer(text):
        words = [word for word in re.findall(r"[A-Z]{2,}", hit[0]) if word not in _CODES and word not in own]
        if len(words) >= 2 and any(len(word) > 3 for word in words):
            yield _finding(text, "shouting", Level.HINT, *hit.span(), "is shouting", "Write it in small letters.")
    for hit in _BANG.finditer(text):
        yield _finding(text, "shouting", Level.HINT, *hit.span(), "is shouting", "One mark is enough, or none.")


def _length(text: str, facts: Facts, english: bool) -> Iterator[Finding]:
    over = excess(text, facts.source) if facts.form is Form.PUBLIC else None
    if over is not None:
        why = f"does not fit: {over.length:,} of {over.limit.most:,} {over.limit.unit} ({facts.source})"
        yield _finding(text, "too_long", Level.SERIOUS, over.start, len(text), why, "Shorten it by what is underlined.")
    if len(text.strip()) < (SHORT if english else SHORT_ANY):
        end = len(text)
        why = "it is very short" if text.strip() else "nothing is written yet"
        yield _finding(
            text, "too_short", Level.HINT, end, end, why, "Say what you are sorry for, what you do, and when."
        )


def _personal(text: str) -> Iterator[Finding]:
    at = -1
    # a card in an account, a telephone in a card: the longest says it
    for start, end, kind in sorted(personal(text), key=lambda one: (one[0], -one[1])):
        if end <= at:
            continue
        at = end
        why = f"{kind} in a public reply"
        yield _finding(text, "personal_data", Level.SERIOUS, start, end, why, KINDS[kind])
