"""The first lines of a digest, the same for every receiver: for whoever reads no further.

Plain text, made harmless by `line`; receivers escape it for their own markup.
"""

from __future__ import annotations

from alerts.phrases import plural
from alerts.telling import (
    against_told,
    hearing_told,
    name_told,
    period_of,
    quiet_told,
    unread,
    unread_told,
)
from alerts.words import line
from monitor.core.digest import Digest


def opening_told(digest: Digest) -> tuple[str, ...]:
    """A sentence each: who waits and whom to call, what is owed, what goes on, who came back, what was not heard."""
    if unread(digest):
        return unread_told(digest)[:1]
    if digest.quiet:
        return quiet_told(digest), hearing_told(digest)
    sentences = [_first_call(digest)]
    if digest.owed_total:
        sentences.append(_promised(digest.owed_total, digest.overdue))
    sentences += [
        f"An incident goes on: {line(trouble.title, 80)} ({plural(trouble.cases, 'case')})."
        for trouble in digest.troubles
        if trouble.ended is None
    ]
    if digest.returned_total:
        sentences.append(f"{plural(digest.returned_total, 'customer')} came back.")
    complaints = digest.numbers.complaints
    many = plural(complaints.count, "new complaint")
    sentences.append(f"{many}: {against_told(complaints, period_of(digest))}.")
    if not digest.all_heard:
        sentences.append(hearing_told(digest))
    return tuple(sentences)


def _promised(due: int, overdue: int) -> str:
    stand = f"{plural(due, 'promise')} {'is' if due == 1 else 'are'}"
    if overdue == due:
        return f"{stand} overdue."
    return f"{stand} due, {overdue:,} of them overdue." if overdue else f"{stand} due, none overdue."


def _first_call(digest: Digest) -> str:
    if not digest.waiting_total:
        return "Nobody waits for a first answer."
    people = plural(digest.waiting_total, "person waits", "people wait")
    told = f"{people} for a first answer"
    return f"{told}; call {name_told(digest.waiting[0].who.name)} first." if digest.waiting else f"{told}."
