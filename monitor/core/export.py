"""The columns of an export, in their order: docs/export.md tells what each means, and a test compares the two.

A column is never renamed and never changes its type or its meaning while `VERSION` stays; new ones come at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from monitor.core.elapsed import REGRESSIONS, Elapsed, elapsed
from monitor.core.exporting import CaseFacts, Kept
from monitor.core.happening import name_of
from monitor.core.model import Evidence, Heard
from monitor.core.moves import MACHINES, Action

VERSION = 1


class Type(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "truth"
    TIME = "time"
    LIST = "list"
    """Of texts."""
    OBJECT = "object"
    """Whatever JSON holds, by names."""


TEXT, INTEGER, NUMBER, TRUTH, TIME, LIST, OBJECT = Type


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: Type
    value: Callable[[Any], Any]
    """Of a mention, of a case with its facts, or of a line of history. None: there is none."""


def _columns(*told: tuple[str, Type, Callable[[Any], Any]]) -> tuple[Column, ...]:
    return (Column("schema", INTEGER, lambda _: VERSION), *(Column(*one) for one in told))


# ── mentions ─────────────────────────────────────────────────────────────────────────────────────────────


def _there(heard: Heard, words: str) -> str:
    """Words of a deleted post do not leave the house, whether they are still kept here or not: nobody could take
    them back."""
    return words if heard.gone_at is None else ""


def _keys(pieces: Iterable[Evidence]) -> list[str]:
    return [piece.signal for piece in pieces]


MENTIONS = _columns(
    ("id", INTEGER, lambda h: h.id),
    ("source", TEXT, lambda h: h.mention.source),
    ("native_id", TEXT, lambda h: h.mention.native_id),
    ("feed", TEXT, lambda h: h.feed),
    ("url", TEXT, lambda h: h.mention.url),
    ("title", TEXT, lambda h: _there(h, h.mention.title)),
    ("text", TEXT, lambda h: _there(h, h.mention.text)),
    ("author_key", TEXT, lambda h: h.mention.author.key),
    ("author_name", TEXT, lambda h: _there(h, h.mention.author.name)),
    ("author_url", TEXT, lambda h: h.mention.author.url),
    ("published", TIME, lambda h: h.mention.published),
    ("edited", TIME, lambda h: h.mention.edited),
    ("first_seen", TIME, lambda h: h.first_seen),
    ("gone_at", TIME, lambda h: h.gone_at),
    ("stars", NUMBER, lambda h: h.mention.rating and h.mention.rating.stars),
    ("stars_of", NUMBER, lambda h: h.mention.rating and h.mention.rating.scale),
    ("rating", NUMBER, lambda h: h.mention.rating and h.mention.rating.value),
    ("location", TEXT, lambda h: h.mention.place.location),
    ("storefront", TEXT, lambda h: h.mention.place.storefront),
    ("app_version", TEXT, lambda h: h.mention.place.version),
    ("followers", INTEGER, lambda h: h.mention.reach.followers),
    ("likes", INTEGER, lambda h: h.mention.reach.likes),
    ("thread", TEXT, lambda h: h.mention.thread),
    ("parent", TEXT, lambda h: h.mention.parent),
    ("repost", TRUTH, lambda h: h.mention.repost),
    ("addressed", TRUTH, lambda h: h.mention.addressed),
    ("reply", TEXT, lambda h: h.mention.reply and h.mention.reply.text),
    ("replied", TIME, lambda h: h.mention.reply and h.mention.reply.published),
    ("case", INTEGER, lambda h: h.case_id),
    ("is_complaint", TRUTH, lambda h: h.verdict.is_complaint),
    ("probability", NUMBER, lambda h: h.verdict.complaint),
    ("severity", TEXT, lambda h: h.verdict.severity and h.verdict.severity.value),
    ("praise", TRUTH, lambda h: h.verdict.praise),
    ("kind", TEXT, lambda h: h.verdict.kind),
    ("sentiment", NUMBER, lambda h: h.verdict.sentiment),
    ("language", TEXT, lambda h: h.verdict.language or h.mention.language),
    ("expectations", LIST, lambda h: _keys(h.verdict.expectations)),
    ("reasons", LIST, lambda h: list(h.verdict.reasons)),
    ("signals", LIST, lambda h: list(h.verdict.signals)),
    ("staff", LIST, lambda h: list(h.verdict.staff) if h.gone_at is None else []),
    ("judged_by", TEXT, lambda h: h.verdict.version),
)


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────────


def _waited(which: Callable[[Elapsed], timedelta | None]) -> Callable[[CaseFacts], float | None]:
    def seconds(facts: CaseFacts) -> float | None:
        span = which(elapsed(facts.case, facts.events))
        return None if span is None else span.total_seconds()

    return seconds


def _broken(facts: CaseFacts) -> list[str]:
    return _keys(facts.cue.verdict.expectations) if facts.cue is not None else []


def _promises(outcome: str | None) -> Callable[[CaseFacts], int]:
    return lambda facts: sum(promise.outcome == outcome for promise in facts.promises)


def _times(actions: Iterable[str]) -> Callable[[CaseFacts], int]:
    return lambda facts: sum(event.action in actions for event in facts.events)


def _how(facts: CaseFacts) -> str | None:
    last = next((event for event in reversed(facts.events) if event.action == Action.RECOVER), None)
    told = (last.data or {}).get("how") if last is not None else None
    return str(told) if told and facts.case.state == "recovered" else None


CASES = _columns(
    ("id", INTEGER, lambda f: f.case.id),
    ("source", TEXT, lambda f: f.case.source),
    ("customer", TEXT, lambda f: f.case.customer),
    ("name", TEXT, lambda f: f.case.name),
    ("url", TEXT, lambda f: f.case.url),
    ("state", TEXT, lambda f: f.case.state.value),
    ("severity", TEXT, lambda f: f.case.severity.value),
    ("owner", TEXT, lambda f: f.case.owner),
    ("backlog", TRUTH, lambda f: f.case.backlog),
    ("level", INTEGER, lambda f: f.case.level),
    ("revision", INTEGER, lambda f: f.case.revision),
    ("expectation", TEXT, lambda f: next(iter(_broken(f)), None)),
    ("expectations", LIST, _broken),
    ("reasons", LIST, lambda f: list(f.case.reasons)),
    ("mentions", INTEGER, lambda f: f.mentions),
    ("complaints", INTEGER, lambda f: f.complaints),
    ("opened", TIME, lambda f: f.case.opened),
    ("claimed", TIME, lambda f: f.case.claimed),
    ("contacted", TIME, lambda f: f.case.contacted),
    ("closed", TIME, lambda f: f.case.closed),
    ("waiting", TIME, lambda f: f.case.waiting),
    ("snoozed", TIME, lambda f: f.case.snoozed),
    ("wake", TIME, lambda f: f.case.wake),
    ("seconds_to_claim", NUMBER, _waited(lambda e: e.to_claim)),
    ("seconds_to_contact", NUMBER, _waited(lambda e: e.to_contact)),
    ("seconds_to_recover", NUMBER, _waited(lambda e: e.to_recover)),
    ("recovered_by", TEXT, _how),
    ("regressions", INTEGER, _times(REGRESSIONS)),
    ("escalations", INTEGER, _times((Action.ESCALATE,))),
    ("promises_open", INTEGER, _promises(None)),
    ("promises_kept", INTEGER, _promises("kept")),
    ("promises_broken", INTEGER, _promises("broken")),
    ("promises_withdrawn", INTEGER, _promises("withdrawn")),
)


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────

EVENTS = _columns(
    ("id", INTEGER, lambda line: line.id),
    ("case", INTEGER, lambda line: line.event.case_id),
    ("at", TIME, lambda line: line.event.at),
    ("action", TEXT, lambda line: name_of(line.event.action)),
    ("actor", TEXT, lambda line: line.event.actor),
    ("by_machine", TRUTH, lambda line: line.event.actor in MACHINES),
    ("before", TEXT, lambda line: line.event.before and line.event.before.value),
    ("after", TEXT, lambda line: line.event.after.value),
    ("note", TEXT, lambda line: line.event.note),
    ("data", OBJECT, lambda line: line.event.data),
)

COLUMNS: dict[Kept, tuple[Column, ...]] = {
    Kept.MENTIONS: MENTIONS,
    Kept.CASES: CASES,
    Kept.EVENTS: EVENTS,
}
