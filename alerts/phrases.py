"""The plain words for what a case is, the same on every receiver.

Results may hold customers' words (names, places): receivers escape them like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerts.words import line
from monitor.core.ingest import customer_of
from monitor.core.message import Card, Note, Praise, Unusable
from monitor.core.model import Case, Heard, Mention, Rating, Severity, State
from monitor.core.severity import retold
from monitor.core.severity_rules import MONTHS, WITH

NAMES = {
    "appstore": "App Store",
    "hackernews": "Hacker News",
    "mastodon": "Mastodon",
    "googleplay": "Google Play",
    "trustpilot": "Trustpilot",
    "reddit": "Reddit",
    "bluesky": "Bluesky",
    "youtube": "YouTube",
}
KINDS = {"rss": "RSS feed", "files": "imported file"}
"""Sources that are many places: a feed of theirs is known by the name the operator gave it."""
FEW = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
PROMISES = 3
"""A card shows as many; `cases show` has all."""
NOBODY = "Somebody unnamed"
WORDLESS = "(no words, only stars)"
REMOVED = "(deleted at the source; the words were removed here as its terms ask)"


def plural(count: int, one: str, many: str = "") -> str:
    """`1 case`, `1,200 cases`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def who(case: Case) -> str:
    return line(case.name, 60) or NOBODY


def where(source: str, feed: str = "") -> str:
    """The place by the name people know; a feed or a file by the name the operator gave it."""
    if source in KINDS:
        return f"{line(feed, 60)} ({source})" if feed else KINDS[source]
    return NAMES.get(source, source)


def stars(rating: Rating | None) -> str:
    """`1★`, `7/10★`, or nothing."""
    if rating is None:
        return ""
    return f"{rating.stars:g}★" if rating.scale == 5 else f"{rating.stars:g}/{rating.scale:g}★"


def place(mention: Mention) -> str:
    """Country of the storefront, location, version."""
    found = mention.place
    version = f"v{found.version}" if found.version else None
    store = found.storefront.upper() if found.storefront else None
    return ", ".join(line(part, 40) for part in (store, found.location, version) if part)


def origin(heard: Heard) -> str:
    """`App Store 1★ · DE`"""
    mention = heard.mention
    spot = f"{where(mention.source, heard.feed)} {stars(mention.rating)}".strip()
    return " · ".join(part for part in (spot, place(mention)) if part)


def removed(heard: Heard) -> bool:
    """Were the words taken away because the source deleted them?"""
    return heard.gone_at is not None and not heard.mention.words


def said(heard: Heard) -> tuple[str, str]:
    """Title and words as they are to be quoted; never both empty."""
    mention = heard.mention
    title = "" if mention.words == mention.text else mention.title
    if mention.text or title:
        return title, mention.text
    return "", REMOVED if removed(heard) else WORDLESS


def reasons(card: Card) -> list[str]:
    """Why this is a case, in the words of triage. What the customer said before is the case's to tell."""
    told = card.quoted.verdict.reasons or card.case.reasons
    return list(dict.fromkeys(retold(told, card.case.reasons)))


def evidence(card: Card) -> list[str]:
    """The customer's own words that it rests on, each once; none where they had to be removed."""
    if removed(card.quoted):
        return []
    found = (line(piece.words, 80) for piece in card.quoted.verdict.evidence)
    return list(dict.fromkeys(words for words in found if words))


def broken(card: Card) -> list[tuple[str, str]]:
    """What the customer was let down in, most important first, each with what shows it: their own words in quotation
    marks, or their stars; nothing where the words had to be removed."""
    found: dict[str, str] = {}
    for piece in card.quoted.verdict.expectations:
        shown = line(piece.words, 80)
        if piece.end > piece.start:
            shown = "" if removed(card.quoted) else f"“{shown}”"
        if shown in found.values():  # the same words need not be read twice
            shown = ""
        found.setdefault(WITH.get(piece.signal, piece.signal), shown)
    return list(found.items())


def standing(case: Case, zone: tzinfo) -> str:
    """Who has it and how far it is."""
    owner = line(case.owner or "", 60)
    by = f" by {owner}" if owner else ""
    match case.state:
        case State.OPEN:
            return f"open again, owned{by}" if owner else "open: nobody has it yet"
        case State.CLAIMED:
            return f"claimed{by}"
        case State.CONTACTED:
            return f"customer contacted{by}{_on(case.told, zone)}"
        case State.RECOVERED:
            return f"recovered{by}{_on(case.closed, zone)}: the customer is won back"
        case State.LOST:
            return f"closed as lost{by}{_on(case.closed, zone)}"
        case State.DISMISSED:
            return f"dismissed{by}{_on(case.closed, zone)}: needs no answer"


def headline(note: Note, zone: tzinfo) -> str:
    """What happened, with the time that belongs to it."""
    return f"{note.headline} {moment(note.until, zone)}" if note.until is not None else note.headline


def in_short(case: Case) -> str:
    """`High · Fictional Fred · case 12`"""
    return f"{case.severity.value.capitalize()} · {who(case)} · case {case.id}"


def thanks(content: Praise) -> str:
    """`Fictional Fred has kind words for Ann · App Store 5★ · DE`"""
    heard = content.heard
    name = line(heard.mention.author.name, 60) or NOBODY
    staff = [line(one, 40) for one in heard.verdict.staff[:5]]
    told = f"{name} has kind words for {' and '.join(staff)}" if staff else f"{name} has kind words"
    return f"{told} · {origin(heard)}"


def unusable(content: Unusable) -> list[str]:
    """What is wrong and what to do; how to bring the bot in, empty where that mends nothing; what happens till then."""
    until = "Until then its new cases are told in another channel."
    if not content.instead:
        until = "Until then its messages wait; none is lost."
    # with the bot's own name, and in one place: it is to be copied
    why, by_invitation, _ = content.why.partition(" Type `/invite")
    invite = f"To bring the bot in, type there: /invite @{line(content.bot, 80)}" if by_invitation else ""
    return [line(why, 300), invite, until]


def pending(card: Card, zone: tzinfo) -> list[str]:
    """What the case waits for: its rung, its sleep, the customer, and what was promised."""
    case = card.case
    found = [f"escalated to level {case.level}"] if case.level else []
    if case.snoozed is not None:
        found.append(f"asleep until {moment(case.wake, zone) if case.wake else 'something happens'}")
    elif case.waiting is not None:
        found.append(f"waiting for the customer{_since(case.waiting, zone)}")
    next_due, more = card.promises[:PROMISES], len(card.promises) - PROMISES
    found += [f"promised: {line(one.what, 80)}, by {moment(one.due, zone)}" for one in next_due]
    return [*found, f"and {plural(more, 'more promise')}"] if more > 0 else found


def seen_before(card: Card) -> str:
    """`third complaint since May 2026, one recovered`; nothing for a first complaint."""
    past = card.past
    if past.complaints < 2 and not past.cases:
        return ""
    count = max(past.complaints, 1)
    told = f"{ORDINALS[count - 1] if count <= len(ORDINALS) else f'complaint {count:,}'}"
    told += " complaint" if count <= len(ORDINALS) else ""
    since = f" since {MONTHS[past.since.month - 1]} {past.since.year}" if past.since and count > 1 else ""
    ended = [f"{_few(number)} {state.value}" for state, number in past.cases.items() if state.closed]
    return ", ".join([told + since, *ended])


def posted(card: Card, zone: tzinfo) -> str:
    """When the customer wrote; nothing where the source does not say."""
    at = card.quoted.mention.published
    return f"posted {moment(at, zone)}" if at is not None else ""


def history(card: Card) -> str:
    """How often this was said, and by how many; nothing the first time."""
    count = len(card.mentions)
    accounts = len({(heard.mention.source, customer_of(heard.mention)) for heard in card.mentions})
    if accounts > 1:
        return f"said {count:,} times, by {accounts:,} accounts"
    return f"{count} posts by this customer" if count > 1 else ""


def marks(card: Card, zone: tzinfo) -> list[str]:
    """What a reader must know before acting."""
    heard = card.quoted
    found = []
    if card.repeat:
        found.append("Possible repeat: an earlier try may have arrived.")
    if card.case.backlog:
        found.append("Backlog: this is an older post; no clock runs for it.")
    if heard.gone_at is not None:
        found.append(f"Deleted at the source{_on(heard.gone_at, zone)}.")
    if heard.mention.edited is not None:
        found.append(f"Edited by the customer{_on(heard.mention.edited, zone)}.")
    if heard.mention.reply is not None:
        found.append("The source already shows a public answer by the business.")
    return found


def severities(counts: Mapping[str, int]) -> str:
    """`2 critical, 5 high`, worst first, the known ones only where there are any."""
    worst_first = sorted(Severity, key=lambda severity: -severity.rank)
    return ", ".join(f"{counts[s]:,} {s.value}" for s in worst_first if counts.get(s))


def age(hours: float) -> str:
    if hours < 1:
        return f"{max(0, int(hours * 60))} min"
    return f"{int(hours)} h" if hours < 48 else f"{int(hours // 24)} days"


def zone(name: str) -> tzinfo:
    """UTC where the name is unknown: a wrong zone must not stop an alert."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def moment(at: datetime, zone: tzinfo) -> str:
    """`2 Mar 2026 14:05 GMT`"""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y %H:%M %Z}".strip()


def day(at: datetime, zone: tzinfo) -> str:
    """`Mon 2 Mar 2026`"""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y}"


def span(since: datetime, until: datetime, zone: tzinfo) -> str:
    """The day that a digest is about, or its first and last."""
    midnight = since.astimezone(zone).time() == time()
    if midnight and until - since <= timedelta(hours=25):  # a day may have 25 hours
        return day(since, zone)
    return f"{day(since, zone)} to {day(until - timedelta(microseconds=1), zone)}"


def _since(at: datetime | None, zone: tzinfo) -> str:
    return f" since {moment(at, zone)}" if at is not None else ""


def _few(number: int) -> str:
    return FEW[number - 1] if number <= len(FEW) else f"{number:,}"


def _on(at: datetime | None, zone: tzinfo) -> str:
    return f" on {moment(at, zone)}" if at is not None else ""
