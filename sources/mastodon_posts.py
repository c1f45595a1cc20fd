"""A Mastodon post as a mention. Servers that only speak the same API leave fields out or fill them otherwise.

Read are public and unlisted posts alone. A post to followers, or to named people, was not said in public: to
show it to a whole Slack channel would break what its author was promised, even where it is addressed to us.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from monitor.core.model import NOBODY, Author, Json, Mention, Reach, Rejected
from sources.text import instant, language_code, plain, web_address

LONGEST_ID = 1000
_PUBLIC = ("public", "unlisted")
_PRIVATE = ("private", "direct", "limited", "list", "mutuals_only")


def mention(status: Json, source: str, *, server: str, addressed: bool = False) -> Mention | Rejected | None:
    """None for a post that is not public. `server` is the address of the server that shows it.

    Identity is the post's `uri`, the same on every server; ids are each server's own. A boost has a `uri` of
    its own and counts as a repost by whoever boosted.
    """
    if not isinstance(status, dict):
        return Rejected("", "the post is no object")
    visibility = status.get("visibility")
    if visibility in _PRIVATE:
        return None
    if visibility not in _PUBLIC:
        return Rejected("", "the post does not say whether it is public")
    identity = _text(status.get("uri")) or _text(status.get("url"))
    if not identity:
        return Rejected("", "the post has neither uri nor url")
    if len(identity) > LONGEST_ID:
        return Rejected("", f"the post's uri is too long ({len(identity)} signs)")
    boosted = status.get("reblog")
    said = boosted if isinstance(boosted, dict) else status
    parent = status.get("in_reply_to_id")
    heard = Mention(
        source=source,
        native_id=identity,
        text=plain(_text(said.get("content"))),
        title=plain(_text(said.get("spoiler_text"))),
        url=web_address(status.get("url")) or web_address(identity),
        author=author(status.get("account"), server),
        published=instant(status.get("created_at")),
        edited=instant(said.get("edited_at")),
        language=language_code(said.get("language")),
        parent=str(parent) if parent else None,
        reach=_reach(status),
        addressed=addressed,
    )
    return replace(heard, repost=True) if said is boosted else heard


def author(account: Json, server: str) -> Author:
    """Who wrote: the key is `user@host`, the same seen from anywhere; `acct` leaves the host out at home."""
    if not isinstance(account, dict):
        return NOBODY
    name, page = _text(account.get("acct")), web_address(account.get("url"))
    if not name:
        return NOBODY
    handle = name if "@" in name else f"{name}@{urlsplit(page or server).netloc}"
    shown = _text(account.get("display_name")).strip()
    return Author(handle.lower(), shown or f"@{handle}", page)


def _reach(status: dict[str, Json]) -> Reach:
    account = status.get("account")
    followers = account.get("followers_count") if isinstance(account, dict) else None
    return Reach(followers=_count(followers), likes=_count(status.get("favourites_count")))


def _count(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
