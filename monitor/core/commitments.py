"""What a text says will be done for the customer, and by when, as far as that can be told for sure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.core.phrases import folded
from monitor.core.reply import Facts, Promised
from monitor.core.times import TIME, due_in

DEEDS = (
    "call back|call|ring back|ring|phone|telephone|e-?mail|write back|write|message|text|refund|reimburse|credit|repay|"
    "pay back|pay|send|post|ship|deliver|replace|repair|fix|exchange|return|come back|come round|come|visit|collect|"
    "pick up|bring|book|give|offer|update|let you know|keep you (?:posted|informed|updated)|get back|get in touch|"
    "be in touch|be back|contact|reply|answer|respond|confirm|cancel|waive|honou?r|follow up|drop off|transfer|"
    "compensate|tell you|install|upgrade|order|have (?:it|this|that|your \\w+) "
)
"""What a customer waits for once it was said."""
EFFORTS = (
    "look into|look at|look through|check|find out|investigate|speak|talk|ask|see to|review|go through|go over|"
    "put (?:it|this|that|things) right|make (?:it|this|that|things) right|sort|deal with|take care of|"
    "take (?:it|this) up|"
    "get to the bottom|work on|raise|report|pass|discuss|chase|trace|track down|"
    "arrange|make sure|see that|start"
)
"""What is done on the way: a promise only where a time stands with it."""
_LEAD = (
    r"(?:(?:also|now|then|of course|certainly|gladly|happily|personally|immediately|be able to|be happy to|be glad to|"
    r"each|both|make sure to|try to|myself|ourselves)\s{1,3}){0,2}"
)
_WILL = (
    r"(?:(?<=[a-z])'ll|\bwill|\bshall|'m going to|\b(?:am|are|is) going to|\b(?:i|we) promise(?: you)? to"
    r"|\bi guarantee)"
)
_DONE_TO = (
    "refunded|reimbursed|credited|repaid|paid back|sent|posted|shipped|delivered|replaced|repaired|fixed|exchanged|"
    "collected|called|contacted|with you|calling|ringing|phoning|sending|refunding|writing|replacing|"
    "emailing|posting|crediting"
)
_NO_DEED = (
    "being|having|hoping|trying|striving|feeling|thinking|wondering|writing|apologi[sz]ing|regretting|reaching|during|"
    "nothing|something|anything|going to|aiming|improving|learning|disappointing|willing"
)
_UNDER_WAY = frozenset(
    [
        "refunding",
        "sending",
        "calling",
        "replacing",
        "posting",
        "shipping",
        "crediting",
        "bringing",
        "delivering",
    ]
)
"""Done to the customer just now: they wait for the end of it."""
_COMMITMENT = re.compile(
    rf"{_WILL}\s{{1,3}}{_LEAD}(?:(?P<deed>{DEEDS})|(?P<effort>{EFFORTS})|"
    rf"(?P<done>be\s{{1,3}}(?:{_DONE_TO})))\b"
    rf"|\byou(?:'ll|\s{{1,3}}will)\s{{1,3}}(?:also\s|then\s|now\s)?(?P<get>have|get|receive|hear)\b"
    rf"|\b(?:i'm|we're|i\s{{1,3}}am|we\s{{1,3}}are)\s{{1,3}}(?:also\s|now\s|already\s|personally\s)?(?!(?:{_NO_DEED})\b|looking\sforward)"
    r"(?P<doing>\w{2,15}ing)\b"
    r"|\b(?:is|are)\s{1,3}(?:also\s|now\s|already\s|personally\s)?(?P<other>looking into|looking at|"
    r"taking (?:this|it|that) up|dealing with|checking|sorting|working on)\b"
)
_YOURS = re.compile(r"(?:\byou|\bif\s(?:it|that|this|they|he|she)|\bthat|\bwhat|\bnothing|\bwho)\s{0,3}\Z")
_THEN = re.compile(rf"\band\s{{1,3}}(?:then\s|will\s)?(?P<deed>{DEEDS})\b")
"""What is looked into first and done then."""
_LEADS_ON = re.compile(r" ?[,;:]|\s[–—]|\s(?:and (?:that|this|it|which|then)|because|since)\b", re.I)
_BEGINS = re.compile(r"(?:(?:and|then|so|but)\b[ ,]{1,2})?")
_WHO = re.compile(r"\b(?:i|we|he|she|they)[ \t]{0,2}\Z")
SENTENCE_END = re.compile(
    r"(?<![.!?…])(?<![apAP]\.[mM])[.!?…]++(?=[\s\"”')]|\Z)|(?<=[apAP]\.[mM])\.(?=\s{1,3}[A-Z\"“])|\n"
)
"""After "5 p.m." a sentence ends only where a capital follows."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """`text[start:end]` says that something will be done; `promised` tells what, and by when if that is sure."""

    start: int
    end: int
    promised: Promised
    timed: bool
    """Some time is given, readable or not."""
    is_promise: bool
    """Something the customer will wait for, not only work on the way to it that has no time or is under way."""
    to_the_hour: bool = False


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence stands, without the blanks around it. Lines end sentences too."""
    at = 0
    for stop in (*(found.end() for found in SENTENCE_END.finditer(text)), len(text)):
        words = text[at:stop]
        if words.strip():
            yield at + len(words) - len(words.lstrip()), at + len(words.rstrip())
        at = stop


def commitments(text: str, facts: Facts) -> list[Commitment]:
    """Everything the text says will be done, in order."""
    low = folded(text)
    return [one for start, end in sentences(text) for one in _of_sentence(text, low, start, end, facts)]


def _of_sentence(text: str, low: str, start: int, end: int, facts: Facts) -> Iterator[Commitment]:
    if low[end - 1] == "?":  # an offer
        return
    hits = [hit for hit in _COMMITMENT.finditer(low, start, end) if _ours(low, hit)]
    for number, hit in enumerate(hits):
        stop = hits[number + 1].start() if number + 1 < len(hits) else end
        verb = next(name for name in ("deed", "effort", "done", "get", "doing", "other") if hit[name])
        times = list(TIME.finditer(low, hit.end(), stop))
        before = not times and number == 0
        if before:  # "By Friday you will ..."
            opening = _BEGINS.match(low, start)
            lead = opening and TIME.match(low, opening.end())
            times = list(TIME.finditer(low, start, hit.start())) if lead else []
        then = _THEN.search(low, hit.end(), stop) if verb == "effort" else None
        awaited = (
            bool(times or then)
            if verb == "effort"
            else verb != "other" and (verb != "doing" or hit[verb] in _UNDER_WAY)
        )
        due, to_the_hour = due_in(times, facts) if times else (None, False)
        at = then.start("deed") if then else hit.start(verb)
        what = _what(text, at, stop, [] if before else [time.span() for time in times], verb)
        who = _WHO.search(low, max(start, hit.start() - 8), hit.start())
        first = who.start() if who else hit.start()
        last = times[-1].end() if times and not before else hit.end()
        yield Commitment(
            first, _end(text, last, stop), Promised(what, due), bool(times), awaited, to_the_hour
        )


def _ours(low: str, hit: re.Match[str]) -> bool:
    """Not what the customer will do, nor what will not be done."""
    if not (hit["deed"] or hit["effort"]):
        return True
    return not _YOURS.search(low, max(0, hit.start() - 12), hit.start())


def _what(text: str, start: int, stop: int, times: list[tuple[int, int]], verb: str) -> str:
    pieces, at = [], start
    times = [time for time in times if time[0] >= start]
    for first, last in times:
        pieces.append(text[at:first])
        at = last
    told = " ".join("".join([*pieces, text[at:stop]]).split())
    told = _LEADS_ON.split(told, maxsplit=1)[0]
    told = re.sub(
        r"(?:[\s,;:.!…–—-]|\b(?:and|but|so|then|i|we|my manager|our team|between \d{1,2})\b)+\Z",
        "",
        told,
        flags=re.I,
    )
    told = told[:100].rstrip()
    return f"you will {told}" if verb == "get" else told


def _end(text: str, least: int, stop: int) -> int:
    """The end without what only leads on: a comma and what follows, "and I"."""
    on = _LEADS_ON.search(text, least, stop)
    stop = on.start() if on else stop
    tail = re.search(r"(?:[\s,;:.!…–—-]|\b(?:and|but|so|then|i|we)\b)+\Z", text[least:stop], re.I)
    return least + tail.start() if tail else stop


_FOR_US = re.compile(r"\A(?:(?:i|we|he|she|they)?(?:'ll|\s?will|\s?promised? to)\s+|to\s+)", re.I)
_VERB = re.compile(rf"(?:{DEEDS}|{EFFORTS})\b", re.I)
_THIRD = re.compile(r"\b(?:she|he|her|him|his|them|their|customer|customer's|client|guest|they)\b", re.I)


def as_promised(what: str) -> str:
    """A logged promise as words after "I will", in the customer's face; nothing where that is not sure."""
    told = _FOR_US.sub("", " ".join(what.translate({0x2019: "'"}).split())).rstrip(" .!")
    if not _VERB.match(told) or _THIRD.search(told) or TIME.search(folded(told)) or len(told) > 80:
        return ""
    return told[:1].lower() + told[1:]
