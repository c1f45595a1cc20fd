"""Reviews of an app in Apple's App Store, from the public customer reviews feed.

Apple shows the newest 500 reviews of a storefront, 50 a page. For each storefront:

    page 1, 2, ... up to `last` -> reviews -> one Page each
    stop at a page on which every review is as it was at the end of the last whole reading
    read without a gap? -> remember its newest reviews, so that the next reading may stop early

An edited review keeps its id, gets a new time and comes back on top. Some entries have no time at all, and
the links in the document are wrong in several ways: only the number of the last page is taken from them.
The feed is meant for display: keep the link to the review and Apple's name beside the words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from monitor.core.errors import BadPayload, Gone, RateLimited, SourceError, Unreachable
from monitor.core.model import NOBODY, Author, Feed, Json, Mention, Page, Place, Rating, Reach, Rejected
from monitor.core.ports import Http, Response
from sources.options import BaseUrl
from sources.status import fault
from sources.text import instant, web_address

PAGE = 50
"""Reviews on a full page."""
MOST_PAGES = 10
"""Apple serves no more."""
REMEMBERED = 120
"""Reviews remembered for each storefront. However many are new, the first page without news lies within the
100 newest known ones; the rest is for those that moved or went."""
LONGEST_ID = 200
PATIENCE = 3
"""Storefronts in a row that cannot be reached before the others are left for the next time."""

_LAST = re.compile(r"/page=([0-9]{1,4})/")
_AUTHOR = re.compile(r"/id([0-9]+)")


def _codes(value: object) -> object:
    """Lower case, each once: `["US", "us"]` is one storefront."""
    if isinstance(value, list | tuple):
        return tuple(dict.fromkeys(code.lower() if isinstance(code, str) else code for code in value))
    return value


class Options(BaseModel):
    """What a feed of this source may set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    app_id: Annotated[int, Field(gt=0)]
    """The number in the app's address: 123456789 of https://apps.apple.com/us/app/id123456789."""
    storefronts: Annotated[
        tuple[Annotated[str, Field(pattern="^[a-z]{2}$")], ...],
        Field(min_length=1, max_length=200),
        BeforeValidator(_codes),
    ] = ("us",)
    """Two-letter country codes. Each is a request of its own."""
    base_url: BaseUrl = "https://itunes.apple.com"


class AppStore:
    """One feed is one app in one or more storefronts."""

    name: ClassVar[str] = "appstore"
    api: ClassVar[int] = 1
    searches: ClassVar[bool] = False
    Options: ClassVar[type[Options]] = Options

    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        """A storefront that cannot be read does not stop the others: its fault is raised after them."""
        options: Options = feed.options
        before = feed.cursor or {}
        known = before.get("storefronts", {}) if before.get("app_id") == options.app_id else {}
        shelves = {code: known[code] for code in options.storefronts if code in known}
        faults: list[SourceError] = []
        unserved: list[Rejected] = []
        silent = 0
        for code in options.storefronts:
            try:
                yield from _storefront(code, options, shelves, http)
                silent = 0
            except RateLimited:
                raise
            except _Unserved as error:
                unserved.append(Rejected(f"storefront {code}", str(error)))
            except SourceError as error:
                faults.append(error)
                silent = silent + 1 if isinstance(error, Unreachable) else 0
            if silent == PATIENCE:
                break
        if len(unserved) == len(options.storefronts):
            raise Gone(unserved[0].why)
        if unserved:
            yield Page((), _cursor(options, shelves), rejected=tuple(unserved))
        if faults:
            raise faults[0]


class _Unserved(SourceError):
    """Apple has the app, but not in this storefront."""


def _cursor(options: Options, shelves: Mapping[str, Json]) -> dict[str, Json]:
    return {"app_id": options.app_id, "storefronts": dict(shelves)}


def _storefront(code: str, options: Options, shelves: dict[str, Json], http: Http) -> Iterator[Page]:
    """Read one storefront; put what to remember of it into `shelves`.

    The cursor moves only in the closing page: until then a new start reads the same pages again. A gap (a
    blank page where the feed goes on behind it) is held: the next reading goes all the way again, and what
    then turns up below known reviews is old, thus a baseline.
    """
    shelf = shelves.get(code)
    marks: dict[str, str] = shelf["marks"] if shelf else {}
    held = bool(shelf and shelf["held"])
    read: dict[str, str] = {}
    gaps: list[int] = []
    last: int | None = None
    for number in range(1, MOST_PAGES + 1):
        sheet = _fetch(code, number, options, http)
        last = sheet.last or last or (number if 0 < len(sheet.reviews) < PAGE else None)
        rejected = sheet.rejected
        gap = sheet.blank and (number < (last or MOST_PAGES) or (number == 1 and bool(marks)))
        if gap:
            gaps.append(number)
            why = "Apple sent a blank page before the last one: it is asked for again"
            rejected += (Rejected(f"storefront {code}, page {number}", why),)
        below_known = not marks.keys().isdisjoint(read)
        baseline = shelf is None or (held and below_known)
        # An edit between two requests puts a review on an early page and leaves a stale copy on a later one.
        fresh = {review.native_id: review for review in sheet.reviews if review.native_id not in read}
        yield Page(tuple(fresh.values()), _cursor(options, shelves), rejected=rejected, baseline=baseline)
        read |= {key: mark for key, mark in sheet.marks.items() if key not in read}
        unchanged = bool(sheet.marks) and sheet.marks.items() <= marks.items() and not held
        unknown_end = sheet.blank and last is None and number > 1
        if unchanged or unknown_end or sheet.only_app or number == last:
            break
    if gaps and not read:
        raise BadPayload(f"Apple sent only blank pages for storefront {code}: they are asked for again")
    if 1 in gaps and shelf is None:
        return
    remembered = read | {key: mark for key, mark in marks.items() if key not in read}
    after = {"marks": dict(islice(remembered.items(), REMEMBERED)), "held": bool(gaps)}
    if after != shelf:
        shelves[code] = after
        yield Page((), _cursor(options, shelves))


def _fetch(code: str, number: int, options: Options, http: Http) -> _Sheet:
    path = f"/{code}/rss/customerreviews/page={number}/id={options.app_id}/sortby=mostrecent/json"
    response = http.get(options.base_url + path)
    if response.status in (400, 404) and number > 1:
        return _NOTHING
    if response.status == 400:
        raise Gone(
            f"Apple does not accept storefront {code} with app {options.app_id} (400): "
            "correct `storefronts` (two-letter country codes) or `app_id`"
        )
    error = fault(response)
    if error:
        raise error
    return _sheet(response, code, number, options)


# ── one page of the document ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Sheet:
    reviews: tuple[Mention, ...]
    rejected: tuple[Rejected, ...]
    marks: Mapping[str, str]
    """What each review said, in brief, by its id."""
    last: int | None
    """Number of the last page, where the document tells it."""
    blank: bool
    """Holds nothing at all, not even the app's own entry."""
    only_app: bool
    """Describes the app and holds no review: there is none from here on."""


_NOTHING = _Sheet((), (), {}, None, blank=True, only_app=False)
"""A later page that Apple answers with 400 or 404, as it does past the end."""


def _sheet(response: Response, code: str, number: int, options: Options) -> _Sheet:
    document = response.json()
    feed = document.get("feed") if isinstance(document, dict) else None
    if not isinstance(feed, dict):
        raise BadPayload(f"the answer for storefront {code} is JSON, but no page of App Store reviews")
    entries, links = _several(feed.get("entry")), _several(feed.get("link"))
    if number == 1 and not entries and links and not any(_attribute(link, "href") for link in links):
        raise _Unserved(
            f"Apple shows no reviews of app {options.app_id} in storefront {code}: remove {code} from `storefronts`"
        )
    items = [_review(entry, code, options) for entry in entries]
    reviews = tuple(item for item in items if isinstance(item, Mention))
    rejected = tuple(
        replace(item, where=f"storefront {code}, page {number}, entry {place}")
        for place, item in enumerate(items, 1)
        if isinstance(item, Rejected)
    )
    return _Sheet(
        reviews,
        rejected,
        marks={review.native_id: _mark(review) for review in reviews},
        last=_last(links),
        blank=not entries,
        only_app=bool(entries) and not any(items),
    )


def _review(entry: Json, code: str, options: Options) -> Mention | Rejected | None:
    """None for the entry that describes the app itself, which older answers put first."""
    if not isinstance(entry, dict):
        return Rejected("", "the entry is no object")
    if "im:rating" not in entry:
        return None if "im:name" in entry else Rejected("", "the entry has no rating: it is no review")
    native_id = _label(entry, "id")
    if not 0 < len(native_id) <= LONGEST_ID:
        return Rejected("", "the review has no id that could be one")
    stars, likes = _label(entry, "im:rating"), _label(entry, "im:voteSum")
    pages = (web_address(_attribute(link, "href")) for link in _several(entry.get("link")))
    return Mention(
        source=AppStore.name,
        native_id=native_id,
        text=_label(entry, "content"),
        title=_label(entry, "title"),
        url=next(filter(None, pages), None) or f"https://apps.apple.com/{code}/app/id{options.app_id}",
        author=_author(entry, code),
        published=instant(_label(entry, "updated")),
        rating=Rating(float(stars)) if stars in ("1", "2", "3", "4", "5") else None,
        place=Place(storefront=code, version=_label(entry, "im:version") or None),
        reach=Reach(likes=int(likes) if re.fullmatch(r"-?[0-9]{1,9}", likes) else None),
    )


def _author(entry: Json, code: str) -> Author:
    """The number of the account, where there is one; names are unique only within a storefront, if at all."""
    name, page = _label(entry, "author", "name"), _label(entry, "author", "uri")
    number = _AUTHOR.search(page)
    if not number and not name:
        return NOBODY
    key = f"id{number[1]}" if number else f"{code}:{name}"
    return Author(key, name, web_address(page))


def _mark(review: Mention) -> str:
    """What an edit changes; votes change by themselves."""
    stars = review.rating and review.rating.stars
    said = (review.published and review.published.isoformat(), stars, review.title, review.text)
    return hashlib.blake2s(repr(said).encode(), digest_size=4).hexdigest()


def _last(links: list[Json]) -> int | None:
    """The page number in the path of the `last` link: its query repeats another one."""
    for link in links:
        if _attribute(link, "rel") == "last":
            number = _LAST.search(_attribute(link, "href").partition("?")[0])
            return min(max(int(number[1]), 1), MOST_PAGES) if number else None
    return None


def _several(value: Json) -> list[Json]:
    """Apple writes a list of one as that one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _label(entry: Json, *path: str) -> str:
    for step in (*path, "label"):
        entry = entry.get(step) if isinstance(entry, dict) else None
    return entry if isinstance(entry, str) else str(entry) if isinstance(entry, int) else ""


def _attribute(link: Json, name: str) -> str:
    attributes = link.get("attributes") if isinstance(link, dict) else None
    value = attributes.get(name) if isinstance(attributes, dict) else None
    return value if isinstance(value, str) else ""
