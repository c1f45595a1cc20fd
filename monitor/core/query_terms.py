"""The parts a query is made of: each finds itself in a subject, and can be written again.

`found` tells what was found, as it was written; None: it does not match. Once the subject is read, a part costs no
more than there are places of its words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from monitor.core.brand import fold, forms_of
from monitor.core.query_subject import Piece, Span, Subject

Found = tuple[str, ...]


class Part(Protocol):
    """Anything a query can say."""

    @property
    def asks(self) -> bool:
        """Whether a post must have something to match, instead of only lacking something."""
        ...

    def found(self, subject: Subject) -> Found | None: ...


class _Asking:
    __slots__ = ()

    @property
    def asks(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Everything(_Asking):
    """`*`: every post."""

    def found(self, subject: Subject) -> Found:
        return ()

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class Words(_Asking):
    """A word or a phrase, said anywhere or in one field."""

    written: str
    pieces: tuple[Piece, ...]
    field: str = ""

    def spans(self, subject: Subject) -> list[Span]:
        return subject.passage(self.field).spans(self.pieces)

    def found(self, subject: Subject) -> Found | None:
        spans = self.spans(subject)
        where = f"{self.field} " if self.field else ""
        return (f"{where}“{subject.passage(self.field).shown(spans[0])}”",) if spans else None

    def __str__(self) -> str:
        return f"{self.field}:{self.written}" if self.field else self.written


@dataclass(frozen=True, slots=True)
class Near(_Asking):
    """Two of them, in either order, at most `distance` words apart; neighbours are 1 apart."""

    left: Words | Or
    right: Words | Or
    distance: int

    def found(self, subject: Subject) -> Found | None:
        left, right = self.left.spans(subject), self.right.spans(subject)
        pair = self._pair(left, right) or self._pair(right, left)
        if pair is None:
            return None
        one, other = (subject.passage("").shown(span) for span in pair)
        return (f"“{one}” near “{other}”",)

    def _pair(self, before: Sequence[Span], after: Sequence[Span]) -> tuple[Span, Span] | None:
        starts = [start for start, _ in after]
        for span in before:
            at = bisect_right(starts, span[1])
            if at < len(after) and starts[at] - span[1] <= self.distance:
                return span, after[at]
        return None

    def __str__(self) -> str:
        return f"{_inner(self.left)} NEAR/{self.distance} {_inner(self.right)}"


@dataclass(frozen=True, slots=True)
class Tag(_Asking):
    word: str
    prefix: bool = False

    def found(self, subject: Subject) -> Found | None:
        tag = next((tag for tag in subject.tags if _is(tag, self.word, self.prefix)), None)
        return None if tag is None else (f"#{tag}",)

    def __str__(self) -> str:
        return f"#{self.word}{'*' * self.prefix}"


@dataclass(frozen=True, slots=True)
class Handle(_Asking):
    """Somebody spoken to or of. A handle without its server is that name on any."""

    user: str
    host: str = ""
    prefix: bool = False

    def found(self, subject: Subject) -> Found | None:
        for handle in subject.handles:
            user, _, host = handle.partition("@")
            if _is(user, self.user, self.prefix) and (not host or not self.host or host == self.host):
                return (f"@{handle}",)
        return None

    def __str__(self) -> str:
        return f"@{self.user}{'*' * self.prefix}{f'@{self.host}' if self.host else ''}"


@dataclass(frozen=True, slots=True)
class By(_Asking):
    """Who said it: words of the name shown, or an account in any form it is known by."""

    written: str
    account: str
    pieces: tuple[Piece, ...]
    prefix: bool = False

    def found(self, subject: Subject) -> Found | None:
        author = subject.mention.author
        form = next((one for one in sorted(forms_of(author)) if _is(one, self.account, self.prefix)), None)
        if form is None and not (self.pieces and subject.passage("author").spans(self.pieces)):
            return None
        return (f"author “{author.name or form}”",)

    def __str__(self) -> str:
        return f"author:{self.written}"


@dataclass(frozen=True, slots=True)
class Named(_Asking):
    """`source:` and `lang:`, which hold one name and not words."""

    field: str
    name: str
    prefix: bool = False

    def found(self, subject: Subject) -> Found | None:
        mention = subject.mention
        name = fold((mention.source if self.field == "source" else mention.language) or "")
        return (f"{self.field} “{name}”",) if name and _is(name, self.name, self.prefix) else None

    def __str__(self) -> str:
        return f"{self.field}:{self.name}{'*' * self.prefix}"


@dataclass(frozen=True, slots=True)
class Stars(_Asking):
    """Compared as stars of five; a post without stars never matches."""

    sign: str
    number: float

    def found(self, subject: Subject) -> Found | None:
        rating = subject.mention.rating
        if rating is None or not rating.scale > 0:
            return None
        stars = rating.stars * 5 / rating.scale
        fits = {
            "": stars == self.number,
            "<": stars < self.number,
            "<=": stars <= self.number,
            ">": stars > self.number,
            ">=": stars >= self.number,
        }[self.sign]
        return (f"{stars:g} of 5 stars",) if fits else None

    def __str__(self) -> str:
        return f"stars:{self.sign}{self.number:g}"


@dataclass(frozen=True, slots=True)
class Url(_Asking):
    """A host with all below it, or, with a slash or without a dot, any part of the address."""

    written: str
    wanted: str
    host: bool

    def found(self, subject: Subject) -> Found | None:
        url = fold(subject.mention.url or "")
        if not self.host:
            return (f"address with “{self.wanted}”",) if self.wanted in url else None
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return None
        return (f"address on {host}",) if f".{host}".endswith(f".{self.wanted}") else None

    def __str__(self) -> str:
        return f"url:{self.written}"


@dataclass(frozen=True, slots=True)
class Not:
    part: Part

    @property
    def asks(self) -> bool:
        return False

    def found(self, subject: Subject) -> Found | None:
        return () if self.part.found(subject) is None else None

    def __str__(self) -> str:
        return f"NOT {_inner(self.part)}"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Part, ...]

    @property
    def asks(self) -> bool:
        return any(part.asks for part in self.parts)

    def found(self, subject: Subject) -> Found | None:
        every: list[str] = []
        for part in self.parts:
            found = part.found(subject)
            if found is None:
                return None
            every += found
        return tuple(every)

    def __str__(self) -> str:
        return " AND ".join(_inner(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Part, ...]

    @property
    def asks(self) -> bool:
        return all(part.asks for part in self.parts)

    @property
    def near(self) -> bool:
        """Whether it is words alone, which have places."""
        return all(is_words(part) for part in self.parts)

    def spans(self, subject: Subject) -> list[Span]:
        found = {span for part in self.parts if isinstance(part, Words | Or) for span in part.spans(subject)}
        return sorted(found)

    def found(self, subject: Subject) -> Found | None:
        return next((found for part in self.parts if (found := part.found(subject)) is not None), None)

    def __str__(self) -> str:
        return " OR ".join(_inner(part) for part in self.parts)


def is_words(part: Part) -> bool:
    """Whether `part` can stand beside NEAR: words and phrases of no field, or such joined by OR."""
    return (isinstance(part, Words) and not part.field) or (isinstance(part, Or) and part.near)


def _is(name: str, wanted: str, prefix: bool) -> bool:
    return name.startswith(wanted) if prefix else name == wanted


def _inner(part: Part) -> str:
    return f"({part})" if isinstance(part, And | Or) else str(part)
