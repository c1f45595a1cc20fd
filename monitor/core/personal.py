"""What in a public reply belongs to one person alone: addresses, numbers, dates. Where it stands, and what it is.

How the business can be reached is not personal: "write to us at help@…" is let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.core.phrases import folded
from monitor.core.reply import MONTHS

EMAIL = re.compile(r"(?<![\w.+-])[a-z0-9][\w.+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}(?![\w@])")
NUMBER = re.compile(r"(?<![\w.,/-])\+?\(?\d(?:[ ./()-]{0,2}\d){6,18}(?![\w/-]|[.,]\d)")
"""A run of digits as people group them: a telephone or a card, if it is one."""
IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?: ?[a-z0-9]){11,30}(?!\w)")
ORDER = re.compile(
    r"\b(?:order|booking|invoice|reservation|account|customer|ticket|tracking|confirmation|policy|membership|member|"
    r"loyalty|case|reference|ref|receipt|contract|passport|licence|license|claim)"
    r"(?:[ \t]{0,2}(?:no\b\.?|nr\b\.?|number|num\b|id|ref\b\.?|reference|code))?(?:[ \t]{0,2}(?:[:#=]|is|was|of))?"
    r"[ \t]{0,2}#?(?P<token>[a-z0-9][a-z0-9/_-]{3,24})(?!\w)"
)
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
_DATE = (
    rf"(?:\d{{1,2}}[./ -]\d{{1,2}}[./ -](?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d|"
    rf"\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH}),? (?:19|20)\d\d"
    rf"|(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d)"
)
BIRTH = re.compile(
    rf"\b(?:date of birth|dob|d\.o\.b\.?|birth ?date|birthday|born)"
    rf"(?: ?(?:is|was|on|of|in|:|\(|-|–)){{0,2}} ?(?P<date>{_DATE})(?!\d)"
)
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|crescent|terrace|gardens|way|square|place|boulevard|"
    r"blvd|row|grove|hill|mews|parkway|highway)"
)
ADDRESS = re.compile(
    rf"(?<![\w£$€.,:])\d{{1,5}}[a-z]?,? (?:[a-z'-]{{2,20}} ){{1,3}}{_STREET}\b(?!')"
    r"|\b[a-zäöüß-]{2,25}(?:straße|strasse|weg|platz|gasse|allee) \d{1,4}[a-z]?\b"
    r"|\b\d{1,4},? (?:bis |ter )?(?:rue|avenue|boulevard|place|chemin|allée|impasse) "
    r"(?:de la |de l'|du |des |de |d')?[\w'-]{2,25}"
    r"|\b(?:calle|via|avenida|rua|piazza|plaza) (?:[\w'-]{2,20} ){0,3}[\w'-]{2,20},? (?:n[.º°]? ?)?\d{1,4}\b"
    r"|(?<!\w)[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}(?!\w)"
    r"|\bp\.?o\.? box \d{1,6}\b"
)
_OF_STREETS = re.compile(
    r"\A\d{1,5}[a-z]?,? (?:(?:star|stars|day|days|hour|hours|week|weeks|minute|minutes|month|months|year|years|of|the|"
    r"people|items?|times?|pm|am|on|in|at|per|percent|euros?|pounds?|dollars?|and|or|to|bags?|coffees?|a|an)\b)"
)
_OFFERED = re.compile(
    r"(?:\b(?:us|me|our [\w ]{1,24}|my [\w ]{1,24}|the [\w ]{1,24} team|dedicated [\w ]{1,24})\s{0,2}"
    r"(?:directly |any ?time |privately |please )?(?:at|on|in|via|under|to|is|by e-?mail|by phone|:)|"
    r"(?:\A|[.!?,;:\n(]\s?|please |you can |or |simply |just )(?:e-?mail(?: to)?|write to|call|ring|text|"
    r"phone|dial|contact|visit|message|at|on)(?: us| me)?|"
    r"\b(?:hotline|helpline|freephone|switchboard|head office|"
    r"enquiries|inquiries)"
    r"(?: (?:is|on|at|number))?)[\s:(]{0,3}\Z"
)
_REACH = 60
KINDS = {
    "e-mail address": "Ask for it in a private message.",
    "telephone number": "Ask for it in a private message.",
    "card number": "Take it out at once; never write a card number anywhere.",
    "bank account": "Take it out; ask for it in a private message.",
    "order or account number": "Everybody can read it: say “your order” and look it up yourself.",
    "postal address": "Say “your home” or name the town.",
    "date of birth": "Take it out.",
}
"""What there is to find, and what to do about each."""


def personal(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind (a key of `KINDS`) of everything personal, in no order; spans may overlap."""
    low = folded(text)
    for found in EMAIL.finditer(low):
        if not _offered(low, found.start()):
            yield *found.span(), "e-mail address"
    for found in IBAN.finditer(low):
        end = _iban_end(found[0])
        if end:
            yield found.start(), found.start() + end, "bank account"
    for found in NUMBER.finditer(low):
        kind = _number(found[0])
        if kind and not (kind == "telephone number" and _offered(low, found.start())):
            yield *found.span(), kind
    for found in ORDER.finditer(low):
        if sum(char.isdigit() for char in found["token"]) >= 3 and not _YEAR.fullmatch(found["token"]):
            yield *found.span("token"), "order or account number"
    for found in BIRTH.finditer(low):
        yield *found.span("date"), "date of birth"
    for found in ADDRESS.finditer(low):
        if not _OF_STREETS.match(found[0]) and not _offered(low, found.start()):
            yield *found.span(), "postal address"


_YEAR = re.compile(r"20\d\d|\d{3,4}(?:am|pm|h)")
_DATE_ALONE = re.compile(r"\d{1,2}[./ -]\d{1,2}[./ -]\d{2,4}|\d{4}[./ -]\d{1,2}[./ -]\d{1,2}")


def luhn(digits: str) -> bool:
    """Does the check digit of a card number fit?"""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def iban(letters: str) -> bool:
    """Do the two check digits of an account fit? Without blanks, in small letters."""
    moved = letters[4:] + letters[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def _iban_end(found: str) -> int | None:
    """How much of what looks like an account is one: words behind it may have been taken for its end."""
    for end in range(len(found), 14, -1):
        letters = found[:end].replace(" ", "")
        if found[end - 1] != " " and 15 <= len(letters) <= 34 and letters.isascii() and iban(letters):
            return end
    return None


def _number(found: str) -> str | None:
    digits = "".join(str(int(char)) for char in found if char.isdigit())
    if 13 <= len(digits) <= 19 and digits[0] in "23456" and luhn(digits):
        return "card number"
    if _DATE_ALONE.fullmatch(found.strip("()+")) or not 7 <= len(digits) <= 15:
        return None
    if found[0] in "+(0" or len(digits) >= 9 or re.fullmatch(r"\d{3}[-. ]\d{3,4}(?:[-. ]\d{4})?", found):
        return "telephone number"
    return None


def _offered(low: str, start: int) -> bool:
    return _OFFERED.search(low[max(0, start - _REACH) : start]) is not None
