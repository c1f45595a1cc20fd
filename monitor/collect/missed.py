"""A customer who was passed over, brought in by whoever found them: the judge saw no complaint in the post, or it was
counted in the case of somebody who had said the same before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor.collect.ingest import Ingest
from monitor.core.desk_card import redraw
from monitor.core.errors import CaseError
from monitor.core.ingest import customer_of, plan
from monitor.core.intents import Alert, Judged, Known, Telling
from monitor.core.labels import Label, found_by
from monitor.core.model import Case, CaseEvent, Heard, Verdict
from monitor.core.store import Transaction


def bring_in(ingest: Ingest, which: str, by: str, now: datetime, *, note: str = "") -> Case:
    """Open a case for the mention (by its number or address), or join its customer's. Returns the case.

    What was taken for no complaint, or held back, is labelled as one; a copy is parted from the case of the first.
    Raises CaseError when there is no such mention, or a case of its own customer has it already.
    """
    business, where = ingest.business.key, ingest.routing.destinations
    with ingest.store.write() as tx:
        heard = _the_one(tx.named(business, which), which)
        source, native_id = heard.mention.source, heard.mention.native_id
        copied = heard.verdict.is_complaint and _copied(tx, business, heard)
        customers = [customer_of(heard.mention)]
        if not copied:
            tx.label([heard.id], Label.COMPLAINT, by, now, note=note)
        verdict = _parted(heard, by) if copied else found_by(heard.verdict, by)
        made = plan(
            [Judged(heard.mention, verdict)],
            # no fingerprint: it is judged anew although its words are the same
            known={native_id: Known(heard.id, "", False, heard.case_id, heard.told_by)},
            standing=tx.standing(business, source, customers, where),
            recovered=tx.recovered(business, source, customers, where),
            telling=Telling(ingest.destination, Alert.ALL, ingest.window, "", heard.feed, ingest.routing),
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
        if copied and heard.case_id is not None:
            _take_leave(tx, heard.case_id, case, by, now, note)
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
    if heard.gone_at is not None or not (heard.mention.words or heard.mention.rating):
        raise CaseError("this post was deleted, or its words were removed here: there is nothing to answer")
    return heard


def _copied(tx: Transaction, business: str, heard: Heard) -> bool:
    """Whether a complaint is in the case of somebody else; in that of its own customer it is not passed over."""
    native_id = heard.mention.native_id
    copied = tx.known(business, heard.mention.source, [native_id])[native_id].copied
    if heard.case_id is not None and not copied:
        raise CaseError(
            f"case {heard.case_id} has this post already; if it is closed: "
            f"`complaint-monitor cases reopen {heard.case_id}`"
        )
    return copied


def _parted(heard: Heard, by: str) -> Verdict:
    """The judge had seen it, so the verdict stays the judge's."""
    why = f"set apart from case {heard.case_id} by {by}"
    return replace(heard.verdict, reasons=(why, *heard.verdict.reasons))


def _take_leave(tx: Transaction, case_id: int, now_in: Case, by: str, now: datetime, note: str) -> None:
    """The case it was counted in says so, and its card counts anew."""
    left = tx.case(case_id)
    assert left is not None, "a mention refers to a case that is not there"
    case = replace(left, revision=left.revision + 1)
    said = f"a copy has case {now_in.id} now" + (f": {note}" if note else "")
    tx.revise(case, CaseEvent(case.id, now, by, "parted", case.state, case.state, said))
    redraw(tx, case, now)
