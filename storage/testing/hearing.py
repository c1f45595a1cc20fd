"""The contract: mentions, and the plan that stores a page of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from monitor.core.errors import Conflict, StoreError
from monitor.core.fingerprint import fingerprint
from monitor.core.intents import Alert, Entry, Known, Plan
from monitor.core.message import Kind, OutboxState
from monitor.core.model import (
    Author,
    CaseEvent,
    Evidence,
    Mention,
    Place,
    Rating,
    Reach,
    Reply,
    Severity,
    State,
    Verdict,
)
from monitor.core.ports import Store
from storage.testing.field import (
    BUSINESS,
    CONSOLE,
    FEED,
    HOUR,
    MINUTE,
    NOW,
    SLACK,
    SOURCE,
    bad,
    by,
    case_of,
    fine,
    hear,
    said,
    send,
)

FULL = Mention(
    SOURCE,
    "full",
    "Ça va? 😀 " * 40,
    title="Waiting",
    url="https://example.com/1?a=b",
    author=Author("fred", "Fictional Fred", "https://example.com/fred"),
    published=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    edited=datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC),
    rating=Rating(2.5, 10.0, 0.0),
    language="fr",
    thread="t1",
    parent="p1",
    place=Place("Springfield", "gb", "1.2.3"),
    reach=Reach(10**30, 7),
    reply=Reply("We are sorry", datetime(2026, 1, 3, tzinfo=UTC)),
    repost=True,
    addressed=True,
)
EVERYTHING = Verdict(
    0.75,
    True,
    Severity.CRITICAL,
    ("one", "two"),
    ("s1", "s2"),
    (Evidence("s1", "Ça va", 0, 5), Evidence("s2", "😀", 7, 8)),
    -0.25,
    "fr",
    False,
    "complaint:7",
    (Evidence("promptness", "Ça va", 0, 5), Evidence("respect", "")),
    ("Omar", "Zoë"),
    "question",
)


class HearingRules:
    def test_a_mention_comes_back_as_it_went_in(self, store: Store) -> None:
        entry = Entry(FULL, EVERYTHING, "mark", None, None)
        with store.write() as tx:
            applied = tx.apply(Plan(entries=[entry]), BUSINESS, FEED, NOW)
        assert (applied.added, applied.updated, applied.complaints, applied.replaced) == (1, 0, 1, 0)
        with store.read() as tx:
            heard = tx.mention(BUSINESS, SOURCE, "full")
            assert heard is not None
            assert heard.mention == replace(FULL, reach=Reach(2**63 - 1, 7))
            assert heard.mention.published is not None and heard.mention.published.tzinfo is UTC
            assert heard.verdict == EVERYTHING
            assert (heard.feed, heard.first_seen, heard.fingerprint) == (FEED, NOW, "mark")
            assert (heard.case_id, heard.told_by, heard.gone_at) == (None, None, None)
            assert tx.mention("other", SOURCE, "full") is None
            assert tx.mention(BUSINESS, "other", "full") is None

    def test_what_one_has_and_another_has_not_stays_apart(self, store: Store) -> None:
        bare, little = Mention(SOURCE, "bare", ""), Verdict(0.1, False, version="complaint:7")
        full = replace(FULL, reach=Reach(1, 0))
        with store.write() as tx:
            page = [
                Entry(full, EVERYTHING, "mark", None, None),
                Entry(bare, little, "mark", None, None),
            ]
            tx.apply(Plan(entries=page), BUSINESS, FEED, NOW)
        with store.write() as tx:
            heard = {name: tx.mention(BUSINESS, SOURCE, name) for name in ("full", "bare")}
            assert {name: one and (one.mention, one.verdict) for name, one in heard.items()} == {
                "full": (full, EVERYTHING),
                "bare": (bare, little),
            }
            ids = {name: one.id for name, one in heard.items() if one}
            swapped = [
                Entry(replace(bare, native_id="full"), little, "new", None, None, ids["full"]),
                Entry(replace(full, native_id="bare"), EVERYTHING, "new", None, None, ids["bare"]),
            ]
            tx.apply(Plan(entries=swapped), BUSINESS, FEED, NOW)
            emptied, filled = (tx.mention(BUSINESS, SOURCE, name) for name in ("full", "bare"))
            assert emptied is not None and filled is not None
            assert (emptied.mention, emptied.verdict) == (replace(bare, native_id="full"), little)
            assert (filled.mention, filled.verdict) == (replace(full, native_id="bare"), EVERYTHING)

    def test_a_time_without_a_zone_is_refused(self, store: Store) -> None:
        naive = said("1", published=NOW.replace(tzinfo=None))
        with pytest.raises((ValueError, StoreError)), store.write() as tx:
            tx.apply(Plan(entries=[Entry(naive, EVERYTHING, "m", None, None)]), BUSINESS, FEED, NOW)

    def test_the_latest_are_read_backwards_page_by_page(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, *(fine(said(f"{n}", author=by("gina"))) for n in range(5)))
            hear(tx, bad(said("5")))
            assert tx.mark_gone(BUSINESS, SOURCE, ["3"], NOW, words=True) == []
            assert tx.mark_gone(BUSINESS, SOURCE, ["1"], NOW, words=False) == []
        with store.read() as tx:
            first = tx.latest(BUSINESS, limit=3)
            assert [heard.mention.native_id for heard in first] == ["5", "4", "2"], "3 has no words any more"
            rest = tx.latest(BUSINESS, before=first[-1].id)
            assert [heard.mention.native_id for heard in rest] == ["1", "0"]
            assert first[0].verdict == bad(said("5")).verdict
            assert tx.latest(BUSINESS, before=rest[-1].id) == []
            assert tx.latest("other") == []

    def test_known_tells_what_is_stored(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")), fine(said("2", author=by("gina"))))
            known = tx.known(BUSINESS, SOURCE, ["2", "1", "3", "1"])
            case = case_of(tx, "1")
            card = tx.card_of(case.id, "slack")
            assert card is not None
            assert known == {
                "1": Known(known["1"].id, fingerprint(said("1")), True, case.id, card.id),
                "2": Known(known["2"].id, fingerprint(said("2")), False, None, None),
            }
            assert tx.known(BUSINESS, "other", ["1"]) == {}
            assert tx.known("other", SOURCE, ["1"]) == {}
            assert tx.known(BUSINESS, SOURCE, []) == {}

    def test_more_ids_than_a_statement_takes(self, store: Store) -> None:
        ids = [f"id {number}" for number in range(1200)]
        with store.write() as tx:
            page = [bad(said(i, author=by(i))) for i in ids]
            applied = hear(tx, *page)
            assert (applied.added, applied.complaints) == (1200, 1200)
            asked = [*ids, *(f"no {number}" for number in range(40_000))]
            assert set(tx.known(BUSINESS, SOURCE, asked)) == set(ids)
            assert len(tx.standing(BUSINESS, SOURCE, asked, SLACK)) == 1200
            assert tx.recovered(BUSINESS, SOURCE, asked, SLACK) == {}
            cases = [case.id for case in tx.cases()]
            assert len(tx.cues(cases)) == 1200
            backlog = tx.ready(NOW, [SLACK], 1)[0]
            tx.retell(cases, backlog.id)
            assert sorted(tx.told_by(backlog.id)) == sorted(cases)

    def test_unsound_text_is_replaced_counted_and_found_again(self, store: Store) -> None:
        ugly = said(
            "id\x00",
            "a\x00b\ud800c",
            title="\x00",
            author=Author("key\x00", "n\udfff", "u\x00"),
            place=Place("l\x00"),
            reply=Reply("r\x00"),
        )
        judged = bad(ugly)
        with store.write() as tx:
            assert hear(tx, judged).replaced == 7
            heard = tx.mention(BUSINESS, SOURCE, "id\x00")
            assert heard is not None
            assert heard.mention.text == "a\ufffdb\ufffdc"
            assert (heard.mention.author.name, heard.mention.title) == ("n\ufffd", "\ufffd")
            found = heard.verdict.evidence[0]
            assert found.words == heard.mention.words[found.start : found.end]
            assert set(tx.known(BUSINESS, SOURCE, ["id\x00"])) == {"id\x00"}
            standing = tx.standing(BUSINESS, SOURCE, ["key\x00"], SLACK)["key\x00"]
            assert standing.card is not None and heard.told_by == standing.card
            assert hear(tx, judged).added == 0

    def test_ids_that_differ_only_in_what_no_database_takes_are_one(self, store: Store) -> None:
        with store.write() as tx:
            hear(
                tx,
                bad(said("1\x00", author=by("x\x00"))),
                bad(said("1\ufffd", author=by("x\ufffd"))),
                bad(said("2", author=by("x\x00"))),
            )
            assert tx.counts()[:2] == (2, 2)
            assert tx.account().unaccounted == 0
            assert len(tx.cases()) == 1

    def test_names_of_any_length_are_told_apart(self, store: Store) -> None:
        long = ["é" * 5000 + end for end in "ab"]
        with store.write() as tx:
            hear(tx, *(bad(said(one, author=Author(one, "Long"))) for one in long))
            assert set(tx.known(BUSINESS, SOURCE, long)) == set(long)
            assert set(tx.standing(BUSINESS, SOURCE, long, SLACK)) == set(long)
            assert tx.account().queued == 2

    def test_numbers_no_column_holds_do_not_stop_a_page(self, store: Store) -> None:
        odd = said("1", rating=Rating(float("nan")), reach=Reach(-(10**40), None))
        with store.write() as tx:
            hear(tx, fine(odd))
            heard = tx.mention(BUSINESS, SOURCE, "1")
            assert heard is not None and heard.mention.rating is None

    def test_hearing_twice_is_hearing_once(self, store: Store) -> None:
        page = [bad(said("1")), fine(said("2", author=by("gina"))), bad(said("3", author=Author()))]
        with store.write() as tx:
            hear(tx, *page)
        with store.read() as tx:
            before = (tx.counts(), tx.account(), tx.cases(), tx.ready(NOW, [SLACK]))
        with store.write() as tx:
            again = hear(tx, *page, now=NOW + HOUR)
        assert (again.added, again.updated, again.complaints) == (0, 0, 0)
        with store.read() as tx:
            assert (tx.counts(), tx.account(), tx.cases(), tx.ready(NOW, [SLACK])) == before

    def test_the_same_new_mention_from_two_sides_is_a_conflict(self, store: Store) -> None:
        entry = Entry(said("1"), EVERYTHING, "m", None, None)
        with store.write() as tx:
            tx.apply(Plan(entries=[entry]), BUSINESS, FEED, NOW)
        with pytest.raises(Conflict), store.write() as tx:
            tx.apply(Plan(entries=[entry]), BUSINESS, FEED, NOW)

    def test_negative_case_ids_become_real_everywhere(self, store: Store) -> None:
        with store.write() as tx:
            applied = hear(tx, bad(said("1")), bad(said("2", author=by("gina"))))
            case = case_of(tx, "1")
            assert sorted(applied.case_ids) == [-2, -1]
            assert case.id in applied.case_ids.values() and case.id > 0
            assert [event.case_id for event in tx.events(case.id)] == [case.id]
            assert {row.case_id for row in tx.ready(NOW, [SLACK])} == set(applied.case_ids.values())

    def test_an_edit_replaces_words_and_verdict(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")))
            tx.mark_gone(BUSINESS, SOURCE, ["1"], NOW, words=True)
            for words in ("They called back", "Then they hung up on me", "They called back"):
                applied = hear(tx, fine(said("1", words)), now=NOW + HOUR)
                assert (applied.added, applied.updated) == (0, 1)
            heard = tx.mention(BUSINESS, SOURCE, "1")
            assert heard is not None
            assert (heard.mention.text, heard.verdict.is_complaint) == ("They called back", False)
            assert (heard.first_seen, heard.gone_at) == (NOW, None)
            assert tx.counts()[:2] == (1, 0)

    def test_a_revised_case_is_compared_and_set(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1"), Severity.LOW))
            case = case_of(tx, "1")
        stale = replace(case, severity=Severity.HIGH, revision=case.revision + 2)
        extra = Entry(said("new"), EVERYTHING, "m", None, None)
        with pytest.raises(Conflict), store.write() as tx:
            tx.apply(Plan(entries=[extra], revised={case.id: stale}), BUSINESS, FEED, NOW)
        with store.write() as tx:
            assert tx.known(BUSINESS, SOURCE, ["new"]) == {}
            fresh = replace(stale, revision=case.revision + 1)
            tx.apply(Plan(revised={case.id: fresh}), BUSINESS, FEED, NOW)
            assert tx.case(case.id) == fresh

    def test_a_second_unclosed_case_of_a_customer_is_a_conflict(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")))
            case = case_of(tx, "1")
        with pytest.raises(Conflict), store.write() as tx:
            tx.apply(Plan(cases=[replace(case, id=-1)]), BUSINESS, FEED, NOW)

    def test_standing_and_recovered(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")))
            case = case_of(tx, "1")
            card = tx.card_of(case.id, "slack")
            assert card is not None
            standing = tx.standing(BUSINESS, SOURCE, ["fred", "gina"], SLACK)
            assert set(standing) == {"fred"}
            assert (standing["fred"].case, standing["fred"].card) == (case, card.id)
            assert tx.standing(BUSINESS, SOURCE, ["fred"], CONSOLE)["fred"].card is None
            send(tx, card)
            assert tx.standing(BUSINESS, SOURCE, ["fred"], SLACK)["fred"].card == card.id

            won = replace(case, state=State.RECOVERED, closed=NOW, revision=2)
            tx.revise(won, CaseEvent(case.id, NOW, "lee", "recover", State.OPEN, State.RECOVERED))
            assert tx.standing(BUSINESS, SOURCE, ["fred"], SLACK) == {}
            back = tx.recovered(BUSINESS, SOURCE, ["fred", "gina"], SLACK)
            assert set(back) == {"fred"}
            assert (back["fred"].case, back["fred"].card) == (won, card.id)

            lost = replace(case, id=-1, state=State.LOST, closed=NOW)
            tx.apply(Plan(cases=[lost]), BUSINESS, FEED, NOW)
            assert tx.recovered(BUSINESS, SOURCE, ["fred"], SLACK) == {}

    def test_a_failed_card_is_no_card(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")))
            row = tx.ready(NOW, [SLACK])[0]
            tx.claim(row.id, "l", NOW, NOW + HOUR)
            tx.settle(row.id, "l", OutboxState.FAILED)
            assert tx.standing(BUSINESS, SOURCE, ["fred"], SLACK)["fred"].card is None

    def test_gone_posts_are_marked_once(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")), bad(said("2")), fine(said("3", author=by("gina"))))
            case = case_of(tx, "1")
            assert tx.mark_gone(BUSINESS, SOURCE, ["1", "2", "3", "no"], NOW, words=False) == [case.id]
            assert tx.mark_gone(BUSINESS, SOURCE, ["1", "2", "3"], NOW + HOUR, words=True) == []
            heard = tx.mention(BUSINESS, SOURCE, "1")
            assert heard is not None and heard.gone_at == NOW
            assert heard.mention == said("1")

    def test_gone_words_are_removed_with_the_evidence_that_repeats_them(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1", title="Never again")))
            tx.mark_gone(BUSINESS, SOURCE, ["1"], NOW, words=True)
            heard = tx.mention(BUSINESS, SOURCE, "1")
            assert heard is not None
            gone = heard.mention
            assert (gone.title, gone.text, gone.author.name, gone.author.key) == ("", "", "", "fred")
            assert heard.verdict.evidence == () and heard.verdict.is_complaint

    def test_what_was_broken_stays_without_the_words_and_the_names_of_staff(self, store: Store) -> None:
        entries = [Entry(replace(FULL, native_id=i), EVERYTHING, "m", None, None) for i in "ab"]
        with store.write() as tx:
            tx.apply(Plan(entries=entries), BUSINESS, FEED, NOW)
            tx.mark_gone(BUSINESS, SOURCE, ["a"], NOW, words=True)
            gone, here = (tx.mention(BUSINESS, SOURCE, one) for one in "ab")
            assert gone is not None and here is not None
            assert gone.verdict.expectations == (Evidence("promptness", ""), Evidence("respect", ""))
            assert (gone.verdict.staff, gone.verdict.kind) == ((), "question")
            assert here.verdict == EVERYTHING

    def test_gone_posts_of_closed_cases_touch_nobody(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")))
            case = case_of(tx, "1")
            ended = replace(case, state=State.LOST, closed=NOW, revision=2)
            tx.revise(ended, CaseEvent(case.id, NOW, "lee", "lose", State.OPEN, State.LOST))
            assert tx.mark_gone(BUSINESS, SOURCE, ["1"], NOW, words=True) == []

    def test_retention_blanks_old_words_once(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("old")), now=NOW)
            hear(tx, bad(said("new")), now=NOW + HOUR)
            assert tx.expire("other", NOW + HOUR) == 0
            assert tx.expire(SOURCE, NOW) == 0
            assert tx.expire(SOURCE, NOW + HOUR) == 1
            assert tx.expire(SOURCE, NOW + HOUR) == 0
            old, new = (tx.mention(BUSINESS, SOURCE, one) for one in ("old", "new"))
            assert old is not None and old.mention.text == "" and old.verdict.evidence == ()
            assert new is not None and new.mention.text != ""

    def test_mentions_of_a_case_come_in_the_order_they_were_said(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("undated", published=None)), bad(said("late", published=NOW)))
            hear(tx, bad(said("early", published=NOW - HOUR)), bad(said("undated 2", published=None)))
            case = case_of(tx, "late")
            order = [heard.mention.native_id for heard in tx.mentions_of(case.id)]
            assert order == ["early", "late", "undated", "undated 2"]

    def test_a_summary_is_queued_once_for_all_of_its_mentions(self, store: Store) -> None:
        with store.write() as tx:
            for number in range(3):
                hear(tx, bad(said(str(number), author=by(str(number)))), alert=Alert.NONE)
            rows = tx.ready(NOW + HOUR, [SLACK])
            assert [row.kind for row in rows] == [Kind.BACKLOG]
            assert len(tx.told_by(rows[0].id)) == 3
            assert tx.ready(NOW + MINUTE / 2, [SLACK]) == []
            assert tx.open_backlog(SLACK, FEED) == rows[0].key
            assert tx.open_backlog(SLACK, "other") is None
            assert tx.open_backlog(CONSOLE, FEED) is None
            tx.release(SLACK, rows[0].key, NOW)
            assert len(tx.ready(NOW, [SLACK])) == 1
            send(tx, rows[0], NOW + HOUR)
            assert tx.open_backlog(SLACK, FEED) is None
