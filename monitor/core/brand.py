"""Whether words are about the business, and whether the business itself said them.

Searches are fuzzy: a search for "acme" brings "acmeism", "acme.example/page" and other companies of the name.
Here a name counts as a whole word, whatever its case, accents and punctuation; every pattern is linear.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from monitor.core.model import Author, Business, Mention

ADDRESS = re.compile(
    r"\b(?:https?://|www\.)\S++"
    r"|(?<!\S)[\w-]++(?:\.[\w-]++)++/\S*+"
    r"|(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++"
)
"""Links, also without their scheme, and e-mail addresses: naming a business in one is not speaking of it."""

HANDLE = re.compile(r"(?<![\w@])@(\w[\w.-]*+(?:@\w[\w.-]*+)?)")
HASHTAG = re.compile(r"#(\w++)")
ACCENT = re.compile("[\u0300-\u036f]")
QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "＇": "'", "`": "'", "´": "'"})
GAP = r"[^\w\n]{1,3}"
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
"""Letters of scripts that set no space between a name and what follows it."""


class Brand:
    """The business as people write it. Built once, asked of every mention."""

    def __init__(self, business: Business) -> None:
        names = (business.name, *business.aliases)
        self._names = _pattern(name for name in names if not name.startswith(("@", "#")))
        self._tags = {tag for name in names if (tag := _joined(name))}
        self._excluded = _pattern(business.exclude)
        accounts = [_account(account) for account in business.own_accounts]
        self._own = frozenset(form for form in accounts if form)
        handles = [*business.handles, *(alias for alias in business.aliases if alias.startswith("@"))]
        self._all_handles = bool(handles)
        """Own accounts alone are those of one place: elsewhere the name may well be the handle."""
        written = [*handles, *(account for account in business.own_accounts if account.startswith("@"))]
        self._handles: dict[str, set[str]] = {}
        for handle in written:
            user, _, host = _account(handle).partition("@")
            self._handles.setdefault(user, set()).add(host)
        self._query = business.query

    def matches(self, mention: Mention) -> bool:
        """Whether the mention speaks of the business or to it."""
        return self.reason(mention) is not None

    def reason(self, mention: Mention) -> str | None:
        """What in the mention names the business, in plain words; None when nothing does."""
        if mention.addressed:
            return "said to the business"
        text = fold(mention.words)
        for handle in HANDLE.finditer(text):
            if self._is_handle(handle[1].rstrip(".-")):
                return f"its handle @{handle[1].rstrip('.-')}"
        if self._query is not None:
            return self._query.reason(mention, self._excluded)
        # With its handles known, any other @name is somebody else.
        text = spoken(text, self._excluded, handles=not self._all_handles)
        for tag in HASHTAG.finditer(text):
            if tag[1] in self._tags:
                return f"the hashtag #{tag[1]}"
        found = self._names.search(text) if self._names else None
        return f"the name “{found[0]}”" if found else None

    def own(self, mention: Mention) -> bool:
        """Whether the business said it itself, from one of its own accounts."""
        return not self._own.isdisjoint(forms_of(mention.author)) if self._own else False

    def _is_handle(self, handle: str) -> bool:
        user, _, host = handle.partition("@")
        hosts = self._handles.get(user)
        return hosts is not None and (not host or host in hosts or hosts == {""})


def fold(text: str) -> str:
    """`text` without case and accents, its apostrophes straight and "&" as "and": for comparing, not for showing."""
    if not text.isascii():
        plain = ACCENT.sub("", unicodedata.normalize("NFKD", text.translate(QUOTES).casefold()))
        text = unicodedata.normalize("NFC", plain)
    text = text.lower()
    return text.replace("&amp;", "&").replace("&", " and ") if "&" in text else text


def spoken(folded: str, excluded: re.Pattern[str] | None = None, *, handles: bool = True) -> str:
    """Folded text without addresses and phrases that mean somebody else. `handles`: a bare @name is a word."""
    text = HANDLE.sub(_bare_handle if handles else " \n ", ADDRESS.sub(" \n ", folded))
    return excluded.sub(" \n ", text) if excluded else text


def _words(name: str) -> list[str]:
    return re.findall(r"[\w']+", fold(name).replace(" '", " ").strip("'"))


def _joined(name: str) -> str:
    return "".join(_words(name)).replace("'", "")


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Any of the names as whole words, with up to three signs between the words of one; None without names."""
    spelled = sorted({tuple(_words(name)) for name in names} - {()}, key=len, reverse=True)
    forms = []
    for words in spelled:
        inner = GAP.join(_spelling(word) for word in words)
        before = "" if UNSPACED.match(words[0][0]) else r"(?<!\w)"
        after = "" if UNSPACED.match(words[-1][-1]) else r"(?!\w)"
        forms.append(f"{before}{inner}{after}")
    return re.compile("|".join(forms)) if forms else None


def _spelling(word: str) -> str:
    """The word with or without its apostrophe: people write "wendys" and "wendy's" for one name."""
    if len(word) > 3 and word.endswith("s") and "'" not in word:
        word = f"{word[:-1]}'s"
    return "'?".join(re.escape(part) for part in word.split("'"))


def _bare_handle(handle: re.Match[str]) -> str:
    """A handle as a mere word, unless it names its server: that is one certain other account."""
    return " \n " if "@" in handle[1] else handle[0]


def _account(account: str) -> str:
    """The comparable form of an account as operators write it: "user@host", "user", an address, or a name."""
    account = fold(account.strip())
    if "://" in account:
        return _address(account)
    return account.removeprefix("@").removeprefix("acct:")


def _address(url: str) -> str:
    return fold(url).partition("://")[2].removeprefix("www.").partition("?")[0].rstrip("/")


def forms_of(author: Author) -> set[str]:
    """All that an author can be recognised by, folded."""
    forms = {_account(author.key or ""), _account(author.name)}
    if author.url and "://" in author.url:
        address = _address(author.url)
        host, _, path = address.partition("/")
        user = path.rpartition("/")[2]
        forms |= {address, f"{user[1:]}@{host}" if user.startswith("@") else user}
        if "/users/" in address:
            forms.add(f"{user}@{host}")
    return forms - {""}
