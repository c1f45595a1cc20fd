"""Which people of the business a customer names, so that they get their thanks, or a word with their lead.

A given name alone is nobody: it counts beside a role ("our server Nadia"), a desk ("Omar from billing"), or something
that only staff do ("Priya hung up on me"). Rather one too few than a customer's sister in a report.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import ClassVar, NamedTuple

from monitor.core.model import Evidence, Mention, Opinion
from monitor.scoring.vocabulary import Noted, read

WRITTEN = r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž][a-zß-öø-ÿĀ-ž\u0300-\u036f]+|[A-ZÀ-ÖØ-Þ]{3,})"
"""A name as people write it: with its accents, or shouted."""
CAPITALISED = re.compile(WRITTEN)
NAME = re.compile(rf"(?<![\w@#/.&'’-]){WRITTEN}(?![\w@/&]|[-.]\w)")
OTHERWISE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "ß": "ss"})
"""Letters that are no letter with an accent, as names are spelt without them."""
NEAR = 60
"""Characters on either side that are looked at."""
MOST = 50
"""Names of one text that are looked at."""

ROLE = (
    r"(?:waitress|waiter|server|barista|bartender|cashier|clerk|receptionist|concierge|hostess|manager|manageress|"
    r"supervisor|agent|rep|representative|advis[eo]r|assistant|operator|technician|engineer"
    r"|installer|mechanic|driver|"
    r"courier|steward|stewardess|flight attendant|crew member|staff member|team member|member of staff|employee|"
    r"sales(?:man|woman|person)|consultant|housekeeper|stylist|nurse|dentist|pharmacist|guide|colleague at the desk)"
)
DESK = (
    r"(?:customer (?:service|services|care|support|relations)|(?:tech(?:nical)? )?support|reception|(?:the )?"
    r"(?:front|help|service|check-?in|information) ?desk|the (?:desk|counter|till|bar|kitchen|branch|shop|store|"
    r"office|phone|chat)|billing|sales|accounts|claims|complaints|reservations|guest services|call cent(?:er|re)|"
    r"your (?:team|staff|store|shop|branch|office|support|desk|bar|restaurant|hotel|call cent(?:er|re)|side))\b"
)
MANNER = (
    r"(?:rude|unhelpful|helpful|dismissive|patient|impatient|attentive|courteous|polite|professional|unprofessional|"
    r"knowledgeable|friendly|unfriendly|condescending|accommodating|welcoming|useless|clueless)"
)
DEED = (
    r"(?:helped (?:me|us)|assisted (?:me|us)|served (?:me|us)|told (?:me|us)|"
    r"promised (?:me|us|to call|to ring|a call)|"
    r"called (?:me|us) back|rang (?:me|us) back|hung up|refused to (?:help|refund|serve|give)"
    r"|remembered my|went above|"
    r"took care of (?:me|us|it|every)|sorted (?:it|my|this|every|me|us|out)|fixed (?:it|my|our|every)|"
    r"looked after (?:me|us)|"
    r"answered my|refunded|checked (?:me|us) in|greeted (?:me|us)|took my (?:order|call)|took our order|"
    r"handled my|resolved my|transferred me|put me on hold|ignored (?:me|us)|laughed at (?:me"
    r"|us)|walked (?:me|us) through|"
    r"insisted (?:that )?(?:i|we)\b|made (?:my|our) day|replaced (?:it|my|our))"
)
CLEARLY_BEFORE = re.compile(
    rf"(?:\b{ROLE}s?(?:,? (?:named|called|by the name of)|,| was| is|'s name (?:is|was)|"
    r":)?"
    r"|\b(?:guy|man|woman|lady|gentleman|girl|person|someone|somebody|chap|lad) (?:named|called|by the name of)"
    r"|\b(?:served|helped|assisted|greeted|seated|looked after|taken care of|waited on|handled"
    r"|dealt with) by(?: a| an)?"
    r"|\b(?:her|his|their|agent's|server's|waiter's|driver's) name (?:is|was))[ (\"“]*$",
    re.IGNORECASE,
)
LIKELY_BEFORE = re.compile(
    r"\b(?:(?:spoke|spoken|speaking|chatted) (?:to|with)|dealt with|dealing with|ask(?:ed)? for"
    r"|(?:thanks|thank you|thank-you|kudos|props|shout ?-?out|hats off|credit|compliments|praise)"
    r"(?: so much| very much| again| goes| also)* to) $",
    re.IGNORECASE,
)
CLEARLY_AFTER = re.compile(
    rf",? (?:(?P<desk>(?:who (?:was|is|works|worked) )?(?:from|at|in|on|with) {DESK})"
    rf"|\(?(?:the|our|your|my)(?: \w{{1,15}})? {ROLE}\b(?!['’]s)"
    r"|and (?:her|his|their|the) (?:team|crew|staff|colleagues)\b)",
    re.IGNORECASE,
)
WITH_SURNAME = re.compile(
    rf"(?i:,? (?:from {DESK}|\(?(?:the|our|your|my)(?: \w{{1,15}})? {ROLE}\b(?!['’]s)))"
)
"""What makes staff of somebody with a surname, who may be anybody famous."""
ASKED_FOR = re.compile(r"\bask(?:ed|ing)? for $", re.IGNORECASE)
"""One asks for things, too, at a desk: a name that is also a word or a place is none then."""
LIKELY_AFTER = re.compile(
    rf",? (?:(?:who )?(?:just |really |also |then |simply |kindly |quickly )?{DEED}"
    rf"|(?:who )?(?:was|is)(?: so| very| really| extremely| super| incredibly| absolutely| quite| just)* {MANNER}\b)"
    r"|['’]s (?:rude|attitude|help|patience|kindness|service|customer service)\b",
    re.IGNORECASE,
)
NOT_STAFF = re.compile(
    r"(?:\b(?:friend|wife|husband|sister|brother|mum|mom|mother|dad|father|son|daughter|cousin|uncle|aunt|"
    r"auntie|nephew|"
    r"niece|boyfriend|girlfriend|partner|neighbou?r|fianc[eé]e?|boss|gran|nan|grandma|grandson|kid|baby|dog|cat|"
    r"(?:fellow )?(?:customer|client|guest|visitor|patient|passenger|shopper|diner|reviewer|traveller|traveler)|"
    r"i'm|i am|my name is|my name's|this is|regards|sincerely|prince|princess|king|queen|saint"
    r"|st\.?|san|santa|president|sir|lord|"
    r"dj|hotel|cafe|café|port|lake|mount|new|hurricane|hey|hi|dear|ok|okay)[,:]?\s+(?:called |named )?)$",
    re.IGNORECASE,
)
SURNAME = re.compile(rf" (?:{WRITTEN}|(?:van|von|de|di|al) [A-ZÀ-ÖØ-Þ]\w*)")
SHOUTED_ON = re.compile(
    r" (?:WAS|IS|AND|AT|FROM|IN|ON|WHO|TOLD|HUNG|REFUSED|DID|DIDN|HAS|HAD|NEVER|FOR|COULD|WOULD)\b"
)
"""How a sentence in capitals goes on behind a name."""
JOINED = re.compile(r"(?:,? and |, | & | or )")


class Names(NamedTuple):
    sure: frozenset[str]
    """Names that are hardly anything else."""
    also_words: frozenset[str]
    """Names that are also everyday words, places or brands."""


class Staff:
    """`evidence` has one item, signal "staff", for each member of staff that is named; `signals` is ("staff",) then."""

    name: ClassVar[str] = "staff"
    version: ClassVar[str] = "1"
    api: ClassVar[int] = 1

    def __init__(self) -> None:
        self._sure, self._also_words = names()
        self._all = self._sure | self._also_words
        self._none = Opinion(self.name, self.version)
        self._named_in = Noted(self._holds_name)

    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        texts = read([mention.words for mention in mentions])
        named = self._named_in.by(texts.vocabulary).__getitem__
        # most posts name nobody
        return [
            self._opinion(mention) if any(map(named, numbers)) else self._none
            for mention, numbers in zip(mentions, texts.numbers, strict=True)
        ]

    def _holds_name(self, chunk: str) -> bool:
        return not self._all.isdisjoint(map(plain, CAPITALISED.findall(chunk)))

    def _opinion(self, mention: Mention) -> Opinion:
        words = mention.words
        found = self._named(words, mention.author.name)
        if not found:
            return self._none
        evidence = tuple(Evidence("staff", words[start:end], start, end) for start, end in found)
        return Opinion(self.name, self.version, signals=("staff",), evidence=evidence)

    def _named(self, words: str, author: str) -> list[tuple[int, int]]:
        """The spans of the names, each person once."""
        mine = frozenset(map(plain, CAPITALISED.findall(author)))
        written = ((found.span(), plain(found[0])) for found in NAME.finditer(words))
        spans = [span for span, name in written if name in self._all and name not in mine][:MOST]
        told = [self._is_staff(words, start, end) for start, end in spans]
        for one, other in pairwise(range(len(spans))):
            if told[one] != told[other] and JOINED.fullmatch(words, spans[one][1], spans[other][0]):
                told[one] = told[other] = True
        firsts: dict[str, tuple[int, int]] = {}
        for (start, end), is_staff in zip(spans, told, strict=True):
            if is_staff:
                firsts.setdefault(plain(words[start:end]), (start, end))
        return list(firsts.values())

    def _is_staff(self, words: str, start: int, end: int) -> bool:
        before, after = words[max(0, start - NEAR) : start], words[end : end + NEAR]
        shouted, also_word = words[start:end].isupper(), plain(words[start:end]) in self._also_words
        if NOT_STAFF.search(before) or (shouted and also_word):
            return False
        if told := CLEARLY_AFTER.match(after):
            return not (also_word and told["desk"] and ASKED_FOR.search(before))
        surname = None if shouted and SHOUTED_ON.match(after) else SURNAME.match(after)
        if surname and WITH_SURNAME.match(after, surname.end()):
            return True
        if CLEARLY_BEFORE.search(before):
            return not surname and not after.startswith(("'s", "’s"))
        if surname or also_word or shouted:
            return False
        if LIKELY_AFTER.match(after):
            return True
        return bool(LIKELY_BEFORE.search(before)) and not after.startswith(("'s", "’s"))


def plain(name: str) -> str:
    """A name as the list has it: "José" and "JOSE" are Jose."""
    if not name.isascii():
        parts = unicodedata.normalize("NFKD", name.lower().translate(OTHERWISE))
        name = "".join(part for part in parts if not unicodedata.combining(part)).capitalize()
    return name.capitalize() if name.isupper() else name


@cache
def names() -> Names:
    """`names.txt` as read."""
    text = resources.files("monitor.scoring").joinpath("names.txt").read_text(encoding="utf-8")
    all_names = [name for line in text.splitlines() if not line.startswith("#") for name in line.split()]
    return Names(
        frozenset(name for name in all_names if not name.endswith("*")),
        frozenset(name.rstrip("*") for name in all_names if name.endswith("*")),
    )
