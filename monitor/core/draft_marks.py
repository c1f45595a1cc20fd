"""What can be seen of a reply without understanding its words: length, capitals, blanks, somebody's data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.finding import Finding, Level, finding
from monitor.core.lengths import excess
from monitor.core.personal import KINDS, personal
from monitor.core.reply import Facts, Form

SHORT, SHORT_ANY = 60, 20
"""Characters that a reply has at least: in English, and in a language that may need fewer."""

_BLANK = re.compile(
    r"\{[^{}\n]{0,60}\}|<[A-Za-z][A-Za-z _/-]{1,40}>(?!\s*</)|\[(?![^][\n]{0,80}\]\()[A-Za-z][^][\n]{0,80}\]|"
    r"(?<!\w)[X]{3,12}(?!\w)"
    r"|_{3,40}|(?<!\w)(?:TODO|TBD|TBC|FIXME)(?!\w)|(?i:(?<!\w)insert (?:your |the |customer |first )?"
    r"(?:name|date|time|details|link)(?:\shere)?)"
    r"|(?i:lorem ipsum)|%[sd]\b|(?<!\w)\$\{?[A-Z_]{3,30}\}?"
)
_REAL = re.compile(r"\A\[(?:sic|edit|edited|update|updated|…|\.\.\.)\]?", re.I)
_CAPITALS = re.compile(
    r"(?<![\w@#'’-])[A-Z]{2,25}(?:['’][A-Z]{1,2})?"
    r"(?:[ ,]{1,2}(?:[A-Z]{2,25}(?:['’][A-Z]{1,2})?|I|A)(?![\w'’])){1,400}(?![\w-])"
)
_BANG = re.compile(r"!{2,}(?:[!?1]{0,200})|\?{3,}|[!?]{3,}")
_CODES_TEXT = """
USA UK EU UAE NHS BBC CEO FAQ GPS PDF USB VAT ATM DVD IBAN BIC SMS IOS HTTP HTTPS AM PM TV PC
"""
_CODES = frozenset(_CODES_TEXT.split())


def unfinished(text: str) -> Iterator[Finding]:
    for hit in _BLANK.finditer(text):
        if not _REAL.match(hit[0]):
            why, instead = "a blank was left in", "Fill it, or take it out with the words around it."
            yield finding(text, "blank", Level.SERIOUS, *hit.span(), why, instead)


def loud(text: str, facts: Facts) -> Iterator[Finding]:
    own = frozenset(
        re.findall(r"\w+", f"{facts.business} {facts.author} {facts.customer} {facts.place}".upper())
    )
    for hit in _CAPITALS.finditer(text):
        words = [word for word in re.findall(r"[A-Z]{2,}", hit[0]) if word not in _CODES and word not in own]
        if len(words) >= 2 and any(len(word) > 3 for word in words):
            yield finding(
                text, "shouting", Level.HINT, *hit.span(), "is shouting", "Write it in small letters."
            )
    for hit in _BANG.finditer(text):
        yield finding(
            text, "shouting", Level.HINT, *hit.span(), "is shouting", "One mark is enough, or none."
        )


def ill_fitting(text: str, facts: Facts, english: bool) -> Iterator[Finding]:
    over = excess(text, facts.source) if facts.form is Form.PUBLIC else None
    if over is not None:
        why = f"does not fit: {over.length:,} of {over.limit.most:,} {over.limit.unit} ({facts.source})"
        yield finding(
            text, "too_long", Level.SERIOUS, over.start, len(text), why, "Shorten it by what is underlined."
        )
    if len(text.strip()) < (SHORT if english else SHORT_ANY):
        end = len(text)
        why = "it is very short" if text.strip() else "nothing is written yet"
        yield finding(
            text, "too_short", Level.HINT, end, end, why, "Say what you are sorry for, what you do, and when."
        )


def private(text: str) -> Iterator[Finding]:
    at = -1
    # a card in an account, a telephone in a card: the longest says it
    for start, end, kind in sorted(personal(text), key=lambda one: (one[0], -one[1])):
        if end <= at:
            continue
        at = end
        why = f"{kind} in a public reply"
        yield finding(text, "personal_data", Level.SERIOUS, start, end, why, KINDS[kind])
