"""A complaint that the judge did not see, brought in by whoever found it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor.collect.ingest import Ingest
from monitor.core.errors import CaseError
from monitor.core.ingest import customer_of, plan
from monitor.core.intents import Alert, Judged, Known, Telling
from monitor.core.labels import Label, found_by
from monitor.core.model import Case, Heard


def bring_in(ingest: Ingest, which: str, by: str, now: datetime, *, note: str = "") -> Case:
    """Label the mention (by its number or address) as a complaint and open a case for it, or join its
    customer's. Returns the case. Raises CaseError when there is no such mention, or a case has it already.
    """
    business, where = ingest.business.key, ingest.destination
    with ingest.store.write() as tx:
        heard = _the_one(tx.named(business, which), which)
        source, native_id = heard.mention.source, heard.mention.native_id
        customers = [customer_of(heard.mention)]
        tx.label([heard.id], Label.COMPLAINT, by, now, note=note)
        made = plan(
            [Judged(heard.mention, found_by(heard.verdict, by))],
            # no fingerprint: it is judged anew although its words are the same
            known={native_id: Known(heard.id, "", False, heard.case_id, heard.told_by)},
            standing=tx.standing(business, source, customers, where),
            recovered=tx.recovered(business, source, customers, where),
            telling=Telling(where, Alert.ALL, ingest.window, "", heard.feed),
            business=business,
            now=now,
            histories=tx.histories(business, source, customers),
        )
        # as it was heard: the place that brought it will bring it again
        made.entries = [replace(entry, fingerprint=heard.fingerprint) for entry in made.entries]
        tx.apply(made, business, heard.feed, now)
        after = tx.mention(business, source, native_id)
        case = tx.case(after.case_id) if after is not None and after.case_id is not None else None
        assert case is not None, "a complaint without a case"
        return case


def _the_one(found: list[Heard], which: str) -> Heard:
    if not found:
        raise CaseError(
            f"nothing that was heard has the number or address {which}; "
            "`complaint-monitor mentions --find WORDS` looks for it"
        )
    if len(found) > 1:
        numbers = ", ".join(str(heard.id) for heard in found)
        raise CaseError(f"several posts have this address: name one by its number ({numbers})")
    heard = found[0]
    if heard.verdict.is_complaint and heard.case_id is not None:
        raise CaseError(
            f"case {heard.case_id} has this post already; if it is closed: "
            f"`complaint-monitor cases reopen {heard.case_id}`"
        )
    if heard.gone_at is not None or not (heard.mention.words or heard.mention.rating):
        raise CaseError("this post was deleted, or its words were removed here: there is nothing to answer")
    return heard
