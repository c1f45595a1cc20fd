"""What a replay came to, for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from monitor.cli.replay_shown import Replayed, Shown, evidence, shown
from monitor.cli.verdicts import broken, judged
from monitor.core.replay_diff import Kind, Outcome
from monitor.health import iso

if TYPE_CHECKING:
    from monitor.core.model import Verdict
    from monitor.core.replay_cases import Side


def facts(told: Replayed) -> dict[str, Any]:
    return {
        "settings": told.under or None,
        "since": iso(told.asked_since or told.first),
        "until": iso(told.asked_until) if told.asked_until else None,
        "posts": told.total - (told.rest.posts if told.rest else 0),
        "interrupted": told.rest is not None,
        "not_reached": told.rest.posts if told.rest else 0,
        "lines": [_line(told, line, made) for line, made in told.outcomes.items()],
    }


def _line(told: Replayed, line: float, made: Outcome) -> dict[str, Any]:
    posts = made.posts
    return {
        "threshold": line,
        "before": {"alerted": made.before, "summed_up": made.quiet_before},
        "after": {"alerted": made.after, "summed_up": made.quiet_after},
        "cases": {kind.value: made.counts[kind] for kind in Kind} | {"severity": made.severe},
        "people": {
            "judged": posts.judged,
            "right_then": posts.right_then,
            "right_now": posts.right_now,
            "complaints_lost": made.missed,
            "false_alarms_gone": made.spared,
            "complaints_not_seen": posts.unseen,
            "no_complaints_alerted": posts.disagreed,
        },
        "posts": {"more": posts.more, "fewer": posts.fewer, "held_back": posts.held},
        "left_out": {
            "without_words": posts.gone,
            "not_kept": posts.dropped,
            "older_cases": made.older,
            "opened_by_edited_words": made.eased,
            "found_by_people_only": made.by_hand,
        },
        "judges": dict(posts.judges),
        "changes": [_change(one) for one in shown(told, line, made.changes)],
    }


def _change(one: Shown) -> dict[str, Any]:
    change, mention = one.change, one.heard.mention
    unit = change.unit
    return {
        "kinds": list(change.kinds),
        "name": mention.author.name or None,
        "source": mention.source,
        "id": mention.native_id,
        "mention": one.heard.id,
        "url": mention.url,
        "published": iso(mention.published) if mention.published else None,
        "heard": iso(one.heard.first_seen),
        "words": mention.words,
        "evidence": [item.words for item in evidence(one)],
        "case": unit.case_id,
        "opens_again": unit.again,
        "people": unit.word.name.lower() if unit.word is not None else None,
        "then": _side(change.before, one.heard.verdict, one.heard.verdict.reasons),
        "now": _side(change.after, one.now, one.reasons_now),
    }


def _side(side: Side | None, verdict: Verdict, reasons: Sequence[str]) -> dict[str, Any]:
    told = judged(verdict) | {"reasons": list(reasons), "expectations": broken(verdict)}
    if side is None:
        return told | {"case": None}
    case = {
        "severity": side.severity,
        "expectation": side.expectation,
        "place": side.place,
        "opened": iso(side.at),
        "complaints": side.complaints,
    }
    return told | {"case": case}
