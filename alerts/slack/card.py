"""The card of a case: who is hurt and why at a glance, then how far it is, then what can be done.

A time stands on it only as a time: a card is not drawn anew each minute, so "two hours left" would soon be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from typing import Any

from alerts import phrases
from alerts.pace import paces
from alerts.slack.blocks import Block, Level, context, joined, plainest, quoted, rich, section
from alerts.slack.buttons import buttons, primary, rows
from alerts.slack.escape import date, link, literal, mentioned
from alerts.words import flat, line
from monitor.core.message import Card, Message
from monitor.core.model import Case, Severity, State

QUOTE = 600
TITLE = 80
"""A longer title stands with the words it belongs to."""

SIGNS = {
    Severity.CRITICAL: ":rotating_light:",
    Severity.HIGH: ":red_circle:",
    Severity.MEDIUM: ":large_orange_circle:",
    Severity.LOW: ":large_yellow_circle:",
}
ENDINGS = {
    State.RECOVERED: (":white_check_mark:", "Recovered"),
    State.LOST: (":black_circle:", "Lost"),
    State.DISMISSED: (":white_circle:", "Dismissed"),
}


def sign(case: Case) -> tuple[str, str]:
    """What the eye meets first: how bad it is, or how it ended."""
    if case.state in ENDINGS:
        return ENDINGS[case.state]
    return SIGNS[case.severity], case.severity.value.capitalize()


def card(message: Message, content: Card, level: Level) -> tuple[str, list[Block]]:
    """Top-level text and blocks. The poorest drawing, too, keeps its words and its first button."""
    case = content.case
    title, words = phrases.said(content.quoted)
    origin = phrases.origin(content.quoted)
    told = f"{sign(case)[1]} · {origin} · {phrases.who(case)}"
    said = flat(f"{title}\n{words}", QUOTE)
    text = f"{told}: {said}"
    if level is Level.MINIMAL:
        return text, [plainest(told, f"{title}\n{words}"), *rows([primary(case)])]
    url = content.quoted.mention.url or case.url
    headline, quote = _headline(case, url, title, words)
    emoji, word = sign(case)
    first = section(f"{emoji} *{word}* · {literal(origin, 160)} · {headline}")
    if level is Level.PLAIN:
        return text, [first, quote, *rows([primary(case)])]
    zone = phrases.zone(message.timezone)
    blocks = [first, quote, *_why(content), standing(content, zone), _facts(content, words, zone)]
    if notices := phrases.marks(content, zone):
        blocks.append(context(" ".join(f":warning: {literal(notice, 120)}" for notice in notices)))
    return text, [*blocks, *rows(buttons(case, url, len(content.promises)))]


def _headline(case: Case, url: str | None, title: str, words: str) -> tuple[str, Block]:
    """The customer's own title where it is short, else the name; and the words that are left to quote."""
    who = phrases.who(case)
    short = line(title, 2 * TITLE)
    if not short or len(short) > TITLE or not line(words, 10):
        return f"*{link(url, who)}*", rich(quoted(title, words, QUOTE))
    return f"*{link(url, short)}* by {literal(who, 60)}", rich(quoted("", words, QUOTE))


def _why(content: Card) -> list[Block]:
    """What broke with the words that show it, then the reasons, and the words that show no more than those."""
    broken = phrases.broken(content)
    shown = {words for _, words in broken}
    let_down = joined(
        (literal(what, 60) + (f" ({literal(words, 82)})" if words else "") for what, words in broken),
        ", ",
        1_000,
    )
    reasons = joined((literal(reason, 120) for reason in phrases.reasons(content)), "; ", 1_000)
    others = (words for words in phrases.evidence(content) if f"“{words}”" not in shown)
    evidence = joined((f"“{literal(words, 80)}”" for words in others), " ", 900)
    lines = [f"*What broke:* {let_down}"] * bool(let_down) + [f"*Why:* {reasons}"] * bool(reasons)
    lines += [f"*In their words:* {evidence}"] * bool(evidence)
    return [section("\n".join(lines))] if lines else []


def standing(content: Card, zone: tzinfo, before: str = "") -> Block:
    """Who has it and how far it is; below, whatever has a time. `before`: our own mrkdwn to begin with."""
    case = content.case
    told = phrases.standing(case, zone)
    told = f"{before}*{mentioned(literal(told[:1].upper() + told[1:], 200), [case.owner])}*"
    if case.level:
        rung = f" ({literal(content.rung, 40)})" if content.rung else ""
        told += f" · :arrow_double_up: escalated to level {case.level}{rung}"
    block = section(told)
    fields = [f"*{name}*\n{words}" for name, words in _fields(content, zone)]
    if not fields:
        return block
    made: list[dict[str, Any]] = [{"type": "mrkdwn", "text": field, "verbatim": True} for field in fields]
    return {**block, "fields": made}


def _fields(content: Card, zone: tzinfo) -> Iterator[tuple[str, str]]:
    case, at = content.case, moments(zone)
    if content.clocks is not None and case.state is not State.DISMISSED:
        yield from paces(content.clocks, at)
    for promise in content.promises[: phrases.PROMISES]:
        yield ":handshake: Promised", f"{literal(promise.what, 120)}\nby {at(promise.due)}"
    if len(content.promises) > phrases.PROMISES:
        yield "And", phrases.plural(len(content.promises) - phrases.PROMISES, "more promise")
    if case.snoozed is not None:
        yield ":zzz: Asleep", f"until {at(case.wake)}" if case.wake else "until something happens"
    elif case.waiting is not None:
        yield "Waiting", f"for the customer since {at(case.waiting)}"


def _facts(content: Card, words: str, zone: tzinfo) -> Block:
    case, at = content.case, moments(zone)
    facts = []
    if seen := phrases.seen_before(content):
        facts.append(f"*{literal(seen[0].upper() + seen[1:], 120)}*")
    if (posted := content.quoted.mention.published) is not None:
        facts.append(f"posted {at(posted)}")
    facts.append(f"opened {at(case.opened)}")
    if history := phrases.history(content):
        facts.append(literal(history, 80))
    if len(words) > QUOTE:
        facts.append(f"{len(words):,} characters in all")
    facts.append(f"case {case.id}")
    if content.before is not None:
        facts.append(link(content.before, "told before this card was posted anew"))
    return context(" · ".join(facts))


def moments(zone: tzinfo) -> Callable[[datetime], str]:
    """Writes a time so that each reader sees it in the zone of their own."""
    return lambda at: date(at, phrases.moment(at, zone))
