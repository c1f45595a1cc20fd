"""The query language: which posts to keep, in words that a person can read a year later.

    acme AND (refund OR "never came") NOT anvil author:fred stars:<=2

    text -> tokens -> parts -> Query, which a mention matches or not

AND also stands unwritten between two words. NEAR binds tighter than NOT, NOT than AND, AND than OR. Operators are
upper-case, so that "or" can be searched for. What cannot be read is refused with its place and its remedy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.core.brand import fold
from monitor.core.model import Mention
from monitor.core.query_subject import Subject, pieces
from monitor.core.query_terms import (
    And,
    By,
    Everything,
    Handle,
    Named,
    Near,
    Not,
    Or,
    Part,
    Stars,
    Tag,
    Url,
    Words,
    is_words,
)
from monitor.core.query_tokens import QueryError, Token, tokens

__all__ = ["Query", "QueryError", "parse"]

LONGEST = 4000
"""Characters of a query."""
MOST_TERMS = 500
DEEPEST = 25
NEAR = 5
FARTHEST = 100
FIELDS = ("author", "title", "text", "source", "place", "lang", "stars", "url")

_FIELD = re.compile(r"([^\W\d]\w*+):(.*)", re.DOTALL)
_STARS = re.compile(r"(?:=|(<=|>=|<|>))?([0-5](?:\.[0-9]{1,3})?)")
_WORD = re.compile(r"(\w++)(\*?)")
_HANDLE = re.compile(r"(\w[\w.-]*+)(\*?)(?:@(\w[\w.-]*+))?")
_SYMBOLS = {"&": "AND", "&&": "AND", "+": "AND", "|": "OR", "||": "OR", "!": "NOT", "-": "NOT"}


@dataclass(frozen=True, slots=True)
class Query:
    """Made by `parse`. `str()` tells how it was understood, with every AND and every bracket written."""

    root: Part

    def matches(self, mention: Mention) -> bool:
        return self.root.found(Subject(mention)) is not None

    def reason(self, mention: Mention, excluded: re.Pattern[str] | None = None) -> str | None:
        """Which words matched, in plain words; None when it does not match. `excluded` does not count as said."""
        found = self.root.found(Subject(mention, excluded))
        if found is None:
            return None
        return f"the query: {', '.join(dict.fromkeys(found))}" if found else "the query, which keeps all else"

    def __str__(self) -> str:
        return str(self.root)


def parse(text: str) -> Query:
    """The query that `text` writes. Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(
            text, LONGEST, "The query is too long", f"use at most {LONGEST} characters, or several feeds"
        )
    return Query(_Reader(text).whole())


class _Reader:
    """Reads one query, from left to right, once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._next = 0
        self._terms = 0

    def whole(self) -> Part:
        if not self._now.kind:
            raise self._wrong(self._now, "The query is empty", "write what to look for, such as acme refund")
        root = self._either(0)
        if self._now.kind:
            raise self._wrong(self._now, "This ) closes nothing", "take it away, or open it with ( before")
        if not root.asks:
            denied = next(token for token in self._tokens if token.kind == "NOT")
            raise self._wrong(
                denied,
                "This alone only says what to drop",
                "say also what to keep, such as acme NOT anvil; * stands for every post: * NOT anvil",
            )
        return root

    # ── from the loosest to the tightest ─────────────────────────────────────────────────────────────────

    def _either(self, depth: int) -> Part:
        parts = [self._both(depth)]
        while self._now.kind == "OR":
            self._operator()
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self, depth: int) -> Part:
        parts = [self._perhaps_not(depth)]
        while self._now.kind not in ("", "OR", ")"):
            if self._now.kind == "AND":
                self._operator()
            parts.append(self._perhaps_not(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _perhaps_not(self, depth: int) -> Part:
        if self._now.kind == "NOT":
            token = self._operator()
            self._deep(depth, token)
            return Not(self._perhaps_not(depth + 1))
        return self._perhaps_near(depth)

    def _perhaps_near(self, depth: int) -> Part:
        first = self._now
        left = self._single(depth)
        if self._now.kind != "NEAR":
            return left
        distance = self._distance(self._now)
        self._operator()
        second = self._now
        right = self._single(depth)
        for part, token in ((left, first), (right, second)):
            if not is_words(part):
                raise self._wrong(
                    token,
                    "NEAR stands between words and phrases only",
                    'write such as refund NEAR/5 "never came" or (late OR cold) NEAR order',
                )
        if self._now.kind == "NEAR":
            raise self._wrong(
                self._now, "NEAR joins two, not three", "write a NEAR b AND b NEAR c, with your own words"
            )
        assert isinstance(left, Words | Or) and isinstance(right, Words | Or)
        return Near(left, right, distance)

    def _single(self, depth: int) -> Part:
        token = self._now
        if token.kind == "(":
            self._deep(depth, token)
            self._take()
            if self._now.kind == ")":
                raise self._wrong(
                    token, "There is nothing in these ( )", "write words in them, or take them away"
                )
            part = self._either(depth + 1)
            if self._now.kind != ")":
                raise self._wrong(token, "This ( is never closed", "write ) where it ends")
            self._take()
            return part
        if token.kind not in ("word", "quoted"):
            raise self._misplaced(token)
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise self._wrong(
                token, "These are too many words", f"use at most {MOST_TERMS}, or several feeds"
            )
        self._take()
        return self._quoted(token) if token.kind == "quoted" else self._word(token)

    # ── one term ─────────────────────────────────────────────────────────────────────────────────────────

    def _quoted(self, token: Token) -> Part:
        name, phrase = token.text.split('"', 1)
        if not phrase.endswith('"'):
            at = token.at + len(name)
            raise self._wrong(
                Token("", "", at), "This quote is never closed", 'write " where the phrase ends'
            )
        if name:
            return self._field(token, name[:-1], phrase[:-1], quoted=True)
        return self._words(token, phrase[:-1], "", quoted=True)

    def _word(self, token: Token) -> Part:
        word = token.text
        if word == "*":
            return Everything()
        if word in _SYMBOLS:
            raise self._wrong(
                token, f"{word} is no word", f"write {_SYMBOLS[word]}, or put a phrase in quotes"
            )
        if word.startswith("#") and (tag := _WORD.fullmatch(fold(word[1:]))):
            return Tag(tag[1], bool(tag[2]))
        if word.startswith("@") and (handle := _HANDLE.fullmatch(fold(word[1:]))):
            return Handle(handle[1].rstrip(".-"), (handle[3] or "").rstrip(".-"), bool(handle[2]))
        if word.startswith(("#", "@")):
            raise self._wrong(
                token,
                f"{word[0]} wants one name right after it",
                "write such as #acme or @acme@example.social",
            )
        if named := _FIELD.fullmatch(word):
            return self._field(token, named[1], named[2], quoted=False)
        return self._words(token, word, "", quoted=False)

    def _field(self, token: Token, name: str, value: str, *, quoted: bool) -> Part:
        field = name.lower()
        if field not in FIELDS:
            raise self._wrong(
                token,
                f"There is no field {name}:",
                f'known are {", ".join(FIELDS)}; to look for the words themselves write "{name} ..." in quotes',
            )
        if not value:
            raise self._wrong(
                token,
                f"{field}: has nothing to look for",
                f"write it right after the colon, such as {_EXAMPLES[field]}",
            )
        if field in ("title", "text", "place"):
            return self._words(token, value, field, quoted=quoted)
        if field == "author":
            words = self._words(token, value, "", quoted=quoted)
            name, star = fold(value.strip()), value.endswith("*")
            account = name.rstrip("*").removeprefix("@")
            return By(words.written, account, () if name.startswith("@") else words.pieces, star)
        return self._exact(token, field, value.strip())

    def _exact(self, token: Token, field: str, value: str) -> Part:
        if field == "stars" and (stars := _STARS.fullmatch(value)):
            return Stars(stars[1] or "", float(stars[2]))
        if field == "url" and not re.search(r'[\s"*]', value):
            wanted = re.sub(r"^(https?://)?(www\.)?", "", fold(value))
            if wanted:
                return Url(value, wanted, host=re.fullmatch(r"[\w-]++(\.[\w-]++)++", wanted) is not None)
        if field == "lang" and re.fullmatch(r"[a-zA-Z]{2,3}", value):
            return Named(field, value.lower())
        if field == "source" and (source := re.fullmatch(r"([\w.-]++)(\*?)", fold(value))):
            return Named(field, source[1], bool(source[2]))
        raise self._wrong(token, f"{field}: cannot be {value}", f"write such as {_EXAMPLES[field]}")

    def _words(self, token: Token, written: str, field: str, *, quoted: bool) -> Words:
        if star := re.search(r"(?<![^\W_])\*|\*(?=\w)", written):
            at = token.at + token.text.find(written) + star.start()
            raise self._wrong(
                Token("", "", at),
                "A * stands at the end of a word only",
                "write such as refund*, which also finds refunds and refunded",
            )
        found = pieces(written)
        if not found:
            raise self._wrong(
                token, "There is no letter and no digit in this", "write a word, or take it away"
            )
        return Words(f'"{written}"' if quoted else written, found, field)

    def _distance(self, token: Token) -> int:
        number = token.text.removeprefix("NEAR").removeprefix("/")
        if token.text == "NEAR":
            return NEAR
        if re.fullmatch(r"[0-9]{1,3}", number) and 1 <= int(number) <= FARTHEST:
            return int(number)
        raise self._wrong(
            token, f"{token.text} names no distance", f"write NEAR/5, with a number from 1 to {FARTHEST}"
        )

    # ── where it stands ──────────────────────────────────────────────────────────────────────────────────

    @property
    def _now(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _operator(self) -> Token:
        """Pass an operator, after which something must come."""
        token = self._take()
        if self._now.kind in ("", ")", "OR", "AND", "NEAR"):
            raise self._wrong(
                token,
                f"{_name(token)} has nothing after it",
                "write a word after it, take it away, or write it in lower case to look for the word",
            )
        return token

    def _misplaced(self, token: Token) -> QueryError:
        if token.kind == ")":
            return self._wrong(token, "This ) closes nothing", "take it away, or open it with ( before")
        if not token.kind:
            return self._wrong(
                token, "The query ends too early", "write a word here, or take the last sign away"
            )
        return self._wrong(
            token,
            f"{_name(token)} has nothing before it",
            "write a word before it, take it away, or write it in lower case to look for the word",
        )

    def _deep(self, depth: int, token: Token) -> None:
        if depth >= DEEPEST:
            raise self._wrong(
                token, "This is nested too deep", f"use at most {DEEPEST} levels of ( ) and NOT"
            )

    def _wrong(self, token: Token, told: str, remedy: str) -> QueryError:
        return QueryError(self._text, token.at, told, remedy)


_EXAMPLES = {
    "author": 'author:fred or author:"Fictional Fred"',
    "title": "title:refund",
    "text": "text:refund",
    "source": "source:hackernews",
    "place": "place:springfield",
    "lang": "lang:en",
    "stars": "stars:1, stars:<=2 or stars:>3",
    "url": "url:example.com or url:/reviews/",
}


def _name(token: Token) -> str:
    return "NEAR" if token.kind == "NEAR" else token.text
