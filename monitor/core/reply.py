"""What is known when a person sits down to answer a customer: the facts a starting text and its check rest on."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

LONGEST_NAME = 40


class Form(StrEnum):
    """Who will read the answer."""

    PUBLIC = "public"
    """Everybody: a reply below a review or a post."""
    DIRECT = "direct"
    """The customer alone: a private message, a mail."""


@dataclass(frozen=True, slots=True)
class Promised:
    """Something said to a customer, and by when (None: no time that could be told for sure)."""

    what: str
    """As after "I will": `call you back`."""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one case, as far as they are known; what is not known is left empty."""

    business: str
    source: str = ""
    form: Form = Form.PUBLIC
    customer: str = ""
    """The name as the customer wrote it, plausible or not."""
    place: str = ""
    expectation: str = ""
    """The key of the expectation that broke."""
    signals: frozenset[str] = frozenset()
    language: str | None = None
    """What the customer wrote in: an ISO 639-1 code."""
    author: str = ""
    """Who answers, as the customer shall read it."""
    authority: str = ""
    """Who has to be asked first where it is grave."""
    promises: tuple[Promised, ...] = ()
    """Those logged for the case and still open."""
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    zone: tzinfo = UTC
    day_ends: time = time(17)
    """When "by Friday" is over."""

    @property
    def promise(self) -> Promised | None:
        """The next promise that can still be kept; one without a time comes last."""
        open_ones = [one for one in self.promises if one.due is None or one.due > self.now]
        return min(open_ones, key=lambda one: (one.due is None, one.due or self.now), default=None)


def plausible_name(name: str, business: str = "") -> str:
    """The name, where it may well be that of a person; else nothing: nobody is greeted as `user8812`.

    One to three words of letters that begin with capitals, where the script has such; no word that is none.
    """
    words = name.split()
    if not 1 <= len(words) <= 3 or len(name) > LONGEST_NAME:
        return ""
    own = set(business.casefold().split())
    if any(not _NAME_WORD.fullmatch(word) or not _capital(word) for word in words):
        return ""
    told = [word.rstrip(".").casefold() for word in words]
    if any(word in NO_NAMES or word in own for word in told) or len(told[0]) < 2:
        return ""
    return " ".join(words)


def plain_place(place: str) -> str:
    """A place in one line, where it is made of letters, digits and what addresses need; else nothing."""
    told = " ".join(place.split())
    return told if len(told) <= 60 and _PLACE.fullmatch(told) else ""


def readable(due: datetime, now: datetime, zone: tzinfo) -> str:
    """A time as after "by": `5 pm today`, `noon tomorrow`, `10:30 am on Friday`, `5 pm on Friday 4 December`."""
    local, today = due.astimezone(zone), now.astimezone(zone).date()
    if (local.hour, local.minute) == (
        0,
        0,
    ):  # midnight belongs to one day for some and to the next for others
        local -= timedelta(minutes=1)
    return f"{_hour(local.time())} {_day(local.date(), today)}"


def _hour(at: time) -> str:
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{(at.hour - 1) % 12 + 1}{minutes} {'am' if at.hour < 12 else 'pm'}"


def _day(day: date, today: date) -> str:
    ahead = (day - today).days
    if ahead in (0, 1):
        return ("today", "tomorrow")[ahead]
    weekday = WEEKDAYS[day.weekday()].capitalize()
    if 1 < ahead < 7:
        return f"on {weekday}"
    year = f" {day.year}" if day.year != today.year else ""
    return f"on {weekday} {day.day} {MONTHS[day.month - 1].capitalize()}{year}"


def _capital(word: str) -> bool:
    return unicodedata.category(word[0]) in ("Lu", "Lt", "Lo") or word in _PARTICLES


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_PARTICLES = frozenset(("van", "von", "de", "der", "da", "di", "al", "el", "bin", "la", "le", "du", "dos"))
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff]|['’-](?=[^\W\d_])){0,24}\.?")
_PLACE = re.compile(r"[^\W_](?:[^\W_]|[ ,.'’&()/-]|[\u0300-\u036f\u0900-\u0dff])*")
_NO_NAMES_TEXT = """
a an the i me my we us you he she they it its this that who what why how is are was be been do does did
not no never ever always very so too really just only more most less all any some none one two former ex
current new old long time loyal regular angry annoyed unhappy disappointed dissatisfied upset furious
frustrated disgusted sad mad happy fed up concerned worried honest real true fake user customer client
consumer guest visitor buyer shopper diner reader reviewer member subscriber traveller traveler
passenger patient tenant owner admin moderator anonymous anon unknown nobody anybody somebody someone
everyone person people man woman guy girl boy lady gentleman mum mom dad mother father parent family
friend team staff support service help helpdesk info official account profile page store shop app ios
android iphone google apple amazon kindle facebook twitter review reviews rating stars star complaint
complaints feedback warning beware avoid scam scammed scammer fraud liar liars thief thieves rip off
ripoff hate hater hates sucks suck worst terrible horrible awful bad poor pathetic useless idiot idiots
crap shit bullshit fuck fucking damn hell trash garbage rubbish stay away boycott cancel refund money
deleted removed test tester name null undefined none user's here there hello hi dear
"""
NO_NAMES = frozenset(_NO_NAMES_TEXT.split())
"""Words in a name that say it is a nickname, a mood or worse."""
