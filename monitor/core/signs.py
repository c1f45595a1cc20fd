"""Signs at the source that a case has moved on: the business has answered there, the customer sounds won back."""

from __future__ import annotations

from datetime import datetime

from monitor.core.cases import answered, heard_from
from monitor.core.intents import Judged, Known
from monitor.core.model import Case, Json, Mention
from monitor.core.severity_rules import POOR

PLEASED = 0.75
"""From this value of a rating on (four of five stars) a customer who no longer complains is pleased."""


def named(case: Case, mention: Mention, action: str) -> dict[str, Json]:
    """What a message about this post of the case holds. Linked authors speak at other places than the case's own."""
    where = {} if mention.source == case.source else {"source": mention.source}
    return {"action": action, "mention": mention.native_id, **where}


def since_the_end(mention: Mention, ended: Case) -> bool:
    """Said after the case was closed, as far as we know: an older complaint heard late is no regression."""
    return mention.published is None or ended.closed is None or mention.published > ended.closed


def newly_answered(mention: Mention, before: Known | None) -> bool:
    """Does the post show an answer of the business that was not there when it was last read?"""
    return mention.reply is not None and (before is None or not before.answered)


def after_answer(case: Case, mention: Mention, now: datetime) -> Case:
    """The case once the post's answer is known. The customer may have edited the post since."""
    given = mention.reply.published if mention.reply else None
    case = answered(case, given or now, now)
    since = mention.edited is not None and given is not None and mention.edited > given
    return heard_from(case, now) if since else case


def sounds_won_back(item: Judged, before: Known | None, case: Case) -> bool:
    """Is this post, or what it was edited to, a reason to ask whether the customer is recovered?

    Kind words from before the case was opened are none: they are the customer who was lost since.
    """
    mention, verdict = item.mention, item.verdict
    if mention.repost:
        return False
    if before is not None:
        value = _value(mention)
        raised = value > POOR and value > (before.rating.value if before.rating else 1)
        return raised or (before.is_complaint and _pleased(item))
    late = case.id > 0 and (mention.published is None or mention.published <= case.opened)
    return not late and not verdict.is_complaint and _pleased(item)


def _pleased(item: Judged) -> bool:
    verdict = item.verdict
    if verdict.is_complaint:
        return False
    return verdict.praise or "resolved" in verdict.signals or _value(item.mention) >= PLEASED


def _value(mention: Mention) -> float:
    """0 to 1; less than any where there is no rating."""
    return mention.rating.value if mention.rating else -1
