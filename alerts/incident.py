"""The plain words for an incident, the same on every receiver. They may hold names that customers gave."""

from __future__ import annotations

from datetime import tzinfo

from alerts import phrases
from monitor.core.incident_words import SAME_WORDS, about, rise_told, told_of
from monitor.core.message import IncidentCard


def title(card: IncidentCard) -> str:
    """`Over: many complaints about version 4.10.1, reliability`."""
    what = about(card.incident)
    told = f"complaints {'in' if what == SAME_WORDS else 'about'} {what}"
    return f"Over: many {told}" if card.incident.ended else f"Many {told}"


def facts(card: IncidentCard, zone: tzinfo) -> list[str]:
    """Sentences: how many against the usual, since when and until when, what else rose, where its cases are told."""
    one = card.incident
    began = f"since {phrases.moment(one.started, zone)}"
    told = [f"{rise_told(one)}, {began}."]
    if one.ended and one.ended > one.risen:
        told.append(f"Nobody watches it any more since {phrases.moment(one.ended, zone)}.")
    elif one.ended:
        told.append(f"All is as usual again since {phrases.moment(one.ended, zone)}.")
    if others := [key for key in one.also if not key.startswith("wording")]:
        told.append(f"With it rose {told_of(others[:5])}.")
    cases = phrases.plural(card.total, "case")
    told.append(f"{cases} ({phrases.severities(card.by_severity)}), {card.unclosed} not closed.")
    if card.listed:
        pages = phrases.plural(card.pages, "page")
        told.append(f"{card.listed} of them have no card of their own: the thread lists them, {pages}.")
    if not one.ended:
        told.append("Until it is over only severe cases are posted singly.")
    return told
