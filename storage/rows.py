"""From values to rows and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from monitor.core.expectations import mask_of
from monitor.core.fingerprint import delivery_id, is_sound, sound
from monitor.core.intents import Entry, Outgoing
from monitor.core.message import Kind, OutboxState, Queued, Receipt
from monitor.core.model import (
    NOBODY,
    NOWHERE,
    UNREACHED,
    Author,
    Evidence,
    Heard,
    Mention,
    Place,
    Rating,
    Reach,
    Reply,
    Severity,
    Verdict,
)
from storage.columns import FAR, clean, dumps, finite, loads, name, quoted, texts, whole

Row = Any
"""A row of SQLAlchemy: its columns are attributes."""

SEVERITIES = tuple(sorted(Severity, key=lambda severity: severity.rank))
LAST_TURN = len(SEVERITIES) + 1
"""Messages without a severity go last, digests first (turn 0)."""


Columns = dict[str, Sequence[Any]]
"""Many rows by columns, all of one length: what holds for a whole column is found out once for a page."""


class Mender:
    """Makes texts sound and counts what it had to replace."""

    def __init__(self) -> None:
        self.replaced = 0

    def __call__(self, column: Sequence[str | None]) -> Sequence[str | None]:
        """Nearly always all are sound: one look at them together tells."""
        if is_sound("".join(filter(None, column))):
            return column
        return [text if text is None else self._mend(text) for text in column]

    def _mend(self, text: str) -> str:
        mended, count = sound(text)
        self.replaced += count
        return mended


def severity_of(rank: int | None) -> Severity | None:
    return None if rank is None else SEVERITIES[rank]


# ── mentions ─────────────────────────────────────────────────────────────────────────────────────────────


def mention_columns(entries: Sequence[Entry], mend: Mender) -> Columns:
    """All that an edit may change: who it is and when it was first seen are not among it."""
    mentions = [entry.mention for entry in entries]
    verdicts = [entry.verdict for entry in entries]
    authors = [mention.author for mention in mentions]
    ratings = [_finite(mention.rating) for mention in mentions]
    places = [mention.place for mention in mentions]
    reaches = [mention.reach for mention in mentions]
    replies = [mention.reply for mention in mentions]
    return {
        "title": mend([mention.title for mention in mentions]),
        "text": mend([mention.text for mention in mentions]),
        "url": mend([mention.url for mention in mentions]),
        "author_key": [None if author.key is None else name(author.key) for author in authors],
        "author_name": mend([author.name for author in authors]),
        "author_url": mend([author.url for author in authors]),
        "published": [mention.published for mention in mentions],
        "edited": [mention.edited for mention in mentions],
        "stars": [rating and rating.stars for rating in ratings],
        "scale": [rating and rating.scale for rating in ratings],
        "lowest": [rating and rating.lowest for rating in ratings],
        "language": mend([mention.language for mention in mentions]),
        "thread": mend([mention.thread for mention in mentions]),
        "parent": mend([mention.parent for mention in mentions]),
        "location": mend([place.location for place in places]),
        "storefront": mend([place.storefront for place in places]),
        "app_version": mend([place.version for place in places]),
        "followers": [whole(reach.followers) for reach in reaches],
        "likes": [whole(reach.likes) for reach in reaches],
        "reply": mend([None if reply is None else reply.text for reply in replies]),
        "replied": [None if reply is None else reply.published for reply in replies],
        "repost": [mention.repost for mention in mentions],
        "addressed": [mention.addressed for mention in mentions],
        "fingerprint": [entry.fingerprint for entry in entries],
        "is_complaint": [verdict.is_complaint for verdict in verdicts],
        "severity": [verdict.severity and verdict.severity.rank for verdict in verdicts],
        "probability": [verdict.complaint for verdict in verdicts],
        "praise": [verdict.praise for verdict in verdicts],
        "judged_by": [verdict.version for verdict in verdicts],
        "broken": [_broken(verdict) if verdict.expectations else 0 for verdict in verdicts],
    }


def _broken(verdict: Verdict) -> int:
    return mask_of([piece.signal for piece in verdict.expectations])


def _finite(rating: Rating | None) -> Rating | None:
    return rating if rating is None or finite(rating.stars, rating.scale, rating.lowest) else None


def assessment_columns(mention_ids: Iterable[int], entries: Sequence[Entry]) -> Columns:
    verdicts = [entry.verdict for entry in entries]
    return {
        "mention_id": list(mention_ids),
        "fingerprint": [entry.fingerprint for entry in entries],
        "version": [verdict.version for verdict in verdicts],
        "probability": [verdict.complaint for verdict in verdicts],
        "is_complaint": [verdict.is_complaint for verdict in verdicts],
        "severity": [verdict.severity and verdict.severity.rank for verdict in verdicts],
        "sentiment": [verdict.sentiment for verdict in verdicts],
        "language": [verdict.language and clean(verdict.language) for verdict in verdicts],
        "praise": [verdict.praise for verdict in verdicts],
        "reasons": [texts(verdict.reasons) for verdict in verdicts],
        "signals": [texts(verdict.signals) for verdict in verdicts],
        "evidence": [evidence_text(verdict.evidence) for verdict in verdicts],
        "expectations": [evidence_text(verdict.expectations) for verdict in verdicts],
        "staff": [texts(verdict.staff) for verdict in verdicts],
        "kind": [verdict.kind and clean(verdict.kind) for verdict in verdicts],
    }


def heard(row: Row) -> Heard:
    """From a row of mention with its assessment's columns, those in both prefixed by `a_`."""
    return Heard(
        id=row.id,
        feed=row.feed,
        mention=_mention(row),
        verdict=_verdict(row),
        first_seen=row.first_seen,
        case_id=row.case_id,
        told_by=row.told_by,
        gone_at=row.gone_at,
        fingerprint=row.fingerprint,
    )


def _mention(row: Row) -> Mention:
    placed = row.location, row.storefront, row.app_version
    return Mention(
        source=row.source,
        native_id=row.native_id,
        text=row.text,
        title=row.title,
        url=row.url,
        author=Author(row.author_key, row.author_name, row.author_url)
        if row.author_key is not None or row.author_name or row.author_url is not None
        else NOBODY,
        published=row.published,
        edited=row.edited,
        rating=None if row.stars is None else Rating(row.stars, row.scale, row.lowest),
        language=row.language,
        thread=row.thread,
        parent=row.parent,
        place=Place(*placed) if any(part is not None for part in placed) else NOWHERE,
        reach=UNREACHED if row.followers is None and row.likes is None else Reach(row.followers, row.likes),
        reply=None if row.reply is None else Reply(row.reply, row.replied),
        repost=row.repost,
        addressed=row.addressed,
    )


def _verdict(row: Row) -> Verdict:
    return Verdict(
        complaint=row.probability,
        is_complaint=row.is_complaint,
        severity=severity_of(row.severity),
        reasons=tuple(loads(row.reasons)),
        signals=tuple(loads(row.signals)),
        evidence=evidence_of(row.evidence),
        sentiment=row.sentiment,
        language=row.a_language,
        praise=row.praise,
        version=row.judged_by,
        expectations=evidence_of(row.expectations),
        staff=tuple(loads(row.staff)),
        kind=row.kind,
    )


def evidence_text(pieces: Sequence[Evidence]) -> str:
    """Most posts have none: that costs nothing."""
    return f"[{','.join([_evidence(piece) for piece in pieces])}]" if pieces else "[]"


def evidence_of(written: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(*found) for found in loads(written))


def _evidence(found: Evidence) -> str:
    return f"[{quoted(found.signal)},{quoted(found.words)},{found.start},{found.end}]"


# ── outbox ───────────────────────────────────────────────────────────────────────────────────────────────


def outgoing_values(message: Outgoing, key: str, case_id: int | None, now: datetime) -> dict[str, Any]:
    severity = message.severity
    turn = LAST_TURN if severity is None else LAST_TURN - 1 - severity.rank
    return {
        "id": delivery_id(message.destination, key),
        "destination": message.destination,
        "key": key,
        "kind": message.kind.value,
        "state": OutboxState.PENDING.value,
        "business": message.business,
        "case_id": case_id,
        "severity": None if severity is None else severity.rank,
        "published": message.published,
        "turn": 0 if message.kind is Kind.DIGEST else turn,
        "said": message.published or FAR,
        "created": now,
        "not_before": max(now, message.hold_until or now),
        "attempts": 0,
        "looks": 0,
        "data": None if message.data is None else dumps(message.data),
        "error": "",
    }


def queued(row: Row) -> Queued:
    receipt = None
    if row.ref is not None:
        receipt = Receipt(row.channel, row.ref, row.received, row.link)
    return Queued(
        id=row.id,
        destination=row.destination,
        key=row.key,
        kind=Kind(row.kind),
        state=OutboxState(row.state),
        business=row.business,
        case_id=row.case_id,
        created=row.created,
        not_before=row.not_before,
        attempts=row.attempts,
        looks=row.looks,
        started=row.started,
        lease_until=row.lease_until,
        lease=row.lease,
        severity=severity_of(row.severity),
        published=row.published,
        data=loads(row.data),
        receipt=receipt,
        error=row.error,
        seq=row.seq,
    )
