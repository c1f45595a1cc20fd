"""What a check of a reply says: each rule where it must speak, and where it must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.core.draft import MOST, RULES, check_draft
from monitor.core.finding import Finding
from monitor.core.phrases import folded, pattern
from monitor.core.phrases import found as look_for
from monitor.core.reply import Facts, Form, Promised

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
"""A Tuesday."""
FACTS = Facts("Acme Coffee", now=NOW, zone=ZoneInfo("Europe/London"))
WHOLE = "I am sorry that we kept you waiting. I have put a new bag aside for you. What else can we do?"
"""A reply in which nothing is to be found."""

FIRES = {
    "blame": [
        "You should have told the waiter.",
        "You shouldn’t have opened the box.",
        "This came about as you failed to sign the form.",
        "You didn't read the instructions.",
        "If you had only called us first, it would be fine.",
        "Had you read the label, you would know.",
        "That was your own mistake.",
        "You entered the wrong date.",
        "You must have misread the menu.",
        "You need to understand that we close at six.",
        "As you were told, the lift is out of order.",
        "As clearly stated on the page, it takes a week.",
        "NEXT TIME PLEASE CHECK your bag.",
        "You were supposed to sign it.",
        "You might have used the wrong charger.",
        "We wish you had come to us first.",
    ],
    "excuse": [
        "This is due to high demand.",
        "We were slow because of staff shortages.",
        "That is our policy.",
        "As per our terms we keep the fee.",
        "The system doesn't let me do that.",
        "We were very busy on Saturday.",
        "It was beyond our control.",
        "We had technical difficulties.",
        "That is not our fault.",
        "The courier is to blame.",
        "There is nothing we can do.",
        "My hands are tied.",
        "It was an isolated incident.",
        "Nobody else has complained.",
        "We are short-staffed.",
    ],
    "jargon": [
        "I raised a support ticket.",
        "Your ticket has been closed.",
        "I escalated this.",
        "We will circle back.",
        "Going forward it will be better.",
        "I liaised with the kitchen.",
        "Our SLA is two days.",
        "Please tell me your case number.",
        "The relevant department knows.",
        "We utilise a new tool.",
        "It is on our roadmap.",
        "The ETA is unknown.",
    ],
    "negative": [
        "Unfortunately we cannot help.",
        "Unfortunately, there is nothing left.",
        "Unfortunately it is not possible.",
        "We regret to inform you of this.",
        "We cannot refund opened bags.",
        "I won't discuss this.",
        "We're unable to change it.",
        "We are not able to offer that.",
        "That's not our problem.",
        "We don't offer refunds.",
        "You can shop elsewhere.",
        "Take it or leave it.",
    ],
    "judgement": [
        "You claim it was cold.",
        "Your allegations are noted.",
        "The alleged delay was short.",
        "Please calm down.",
        "You are being unreasonable.",
        "You're overreacting.",
        "With all due respect, no.",
        "That is simply not true.",
        "We have no record of your visit.",
        "If what you say is true, we will look.",
        "Nobody forced you to buy it.",
        "Our other customers love it.",
        "We’re sorry you feel that way.",
        "Sorry if we upset you.",
        "Our records show it came.",
        "Our team did nothing wrong.",
        "Please remove your review.",
        "Reviews like this hurt us.",
        "I find this hard to believe.",
    ],
    "asks_data": [
        "Kindly share your contact number.",
        "Please send us your order number.",
        "Could you give me your email address?",
        "Please leave your phone number below.",
        "Reply with your booking reference.",
        "Please provide your full name.",
        "Tell us your date of birth.",
        "Please post your account details.",
        "Confirm your home address.",
    ],
    "empty": [
        "We value your feedback.",
        "Your opinion is very important to us.",
        "We take all complaints seriously.",
        "We strive to do well.",
        "We pride ourselves on this.",
        "Sorry for any inconvenience.",
        "Thank you for your patience.",
        "Thanks for reaching out.",
        "Rest assured.",
        "Dear valued customer,",
        "Please do not hesitate to call.",
        "We understand your frustration.",
        "Your comments have been noted.",
        "We look forward to serving you.",
        "Thank you for bringing this to our attention.",
        "I passed your comments on to the relevant people.",
    ],
    "passive": [
        "Mistakes were made.",
        "An error occurred.",
        "There was a misunderstanding.",
        "Your order was lost.",
        "Your call was not answered.",
        "The refund has been overlooked.",
        "Your expectations were not met.",
        "Something went wrong.",
        "There has been some confusion.",
        "You were not informed.",
        "The ball was dropped.",
        "A problem arose.",
    ],
    "shouting": [
        "We are SO VERY SORRY about it.",
        "PLEASE CALL US.",
        "Come back!!",
        "WE NEVER SAID that.",
        "Really??? We are here.",
        "DO NOT WORRY",
        "That's great!!!",
        "What?! No?!?!",
        "THIS IS NOT OUR way.",
    ],
    "blank": [
        "Hi {customer},",
        "Hi [Name],",
        "Dear <First name>,",
        "We meet on XXX.",
        "Call ____ today.",
        "TODO: ask Dana.",
        "Hi INSERT NAME HERE,",
        "Hello %s,",
        "Hello $NAME,",
        "Lorem ipsum dolor.",
        "[Hi {customer}|Hello],",
    ],
    "personal_data": [
        "We wrote to ada.invented@example.com.",
        "We rang you on 07700 900123.",
        "Is +44 20 7946 0123 still right for you?",
        "Your card 4111 1111 1111 1111 was charged.",
        "It went to GB82 WEST 1234 5698 7654 32.",
        "Your order no. 48213-A is here.",
        "Booking reference ABC1234 is yours.",
        "It was left at 14 Garden Lane.",
        "You live in SW1A 1AA.",
        "You were born on 3 May 1980.",
        "Date of birth: 03/05/1980.",
        "Sie wohnen in der Hauptstraße 12.",
        "Card 4111-1111-1111-1111 it was.",
    ],
}

SILENT = {
    "blame": [
        "You should have received it on Monday.",
        "You should not have had to ask twice.",
        "You shouldn't have to wait.",
        "You should have been told.",
        "It was not your fault.",
        "It wasn't your mistake but ours.",
        "You should have heard from me.",
        "We should have read your note.",
        "I had told you it would come, and it did not.",
        "“You should have called” was a rude thing for us to say.",
        "You ought to know what you pay for.",
        "You were right.",
        "You were meant to get the large one.",
    ],
    "excuse": [
        "It is due to arrive today.",
        "I have changed our returns policy.",
        "I read the privacy policy with you in mind.",
        "We were busy, and that is no excuse.",
        "It is our fault.",
        "I fixed the technical problem.",
        "Your insurance policy is safe with me.",
        "Payment is due on Friday.",
        "We are here, busy or not.",
        "I am checking your system with you.",
    ],
    "jargon": [
        "Your train ticket is paid.",
        "I bought you two tickets to the concert.",
        "Eta is a Greek letter.",
        "I put you at the front of the queue.",
        "I asked my manager.",
        "Look forward with us.",
        "The sprinter won.",
        "We moved the table forward.",
        "Escalators are repaired.",
    ],
    "negative": [
        "Unfortunately, we let you down.",
        "We cannot thank you enough.",
        "I can't apologise enough.",
        "We cannot undo what happened.",
        "We won't charge you again.",
        "There is no need to send it back.",
        "I cannot change what happened, and I am sorry.",
        "We could not find you a table then.",
        "Nothing you did was wrong.",
    ],
    "judgement": [
        "Your warranty claim is paid.",
        "You can claim the money back.",
        "I hope you can relax at home.",
        "We treat people with respect.",
        "It is true: we were late.",
        "I believe you.",
        "You did nothing wrong.",
        "Please change your booking as you like.",
        "I am sorry that you felt ignored.",
        "I'm sorry that we upset you.",
        "Our other shop has it.",
        "You wrote “calm down” was all you heard. I am sorry.",
    ],
    "asks_data": [
        "Please send me your order number in private.",
        "Could you DM us your order number?",
        "Please message us privately and share your order number.",
        "I have your order number.",
        "Please send us a private message.",
        "Tell us which day it was.",
        "Please leave the bag at the desk.",
        "Give me a shout at the desk.",
        "Send your e-mail address by private message, please.",
    ],
    "empty": [
        "Thank you for telling us about the soup.",
        "I took your seat seriously late.",
        "I am sorry for the cold soup.",
        "I look forward to hearing from you.",
        "Dear Ms Invented,",
        "Your patience ran out, and rightly.",
        "I have told the cook myself.",
        "We value a good chair.",
        "Please call me.",
    ],
    "passive": [
        "We made mistakes.",
        "Your order was lost by us.",
        "We lost your order.",
        "I am finding out what went wrong.",
        "Your refund has been processed today.",
        "It was delivered on Monday.",
        "I misunderstood you.",
        "No mistakes were made by you.",
        "Something went wrong on our side.",
        "The error was mine.",
    ],
    "shouting": [
        "We read it in the BBC NEWS.",
        "Open from 9 AM to 5 PM, US time.",
        "The USB and GPS work.",
        "ACME COFFEE is sorry.",
        "Sorry!",
        "Really?",
        "I am A OK.",
        "NEVER again.",
        "See you at IKEA.",
        "GB82 WEST 1234",
    ],
    "blank": [
        "We <3 coffee.",
        "He said [sic] nothing.",
        "See [our page](https://acme.example/page).",
        "It costs 3 < 4 and 5 > 2.",
        "A [2] footnote.",
        "Kisses xxx",
        "Pay $20.",
        "100%sure? No: 100 % sure.",
        "snake_case is fine.",
    ],
    "personal_data": [
        "Please write to us at help@acmecoffee.example.",
        "Please email dana@acmecoffee.example.",
        "You can call us on 020 7946 0000.",
        "Our hotline is 0800 123 4567.",
        "Please send me your order number in private.",
        "It was 4.50 for 2 coffees on 24/11/2026.",
        "Version 10.2.14 is out.",
        "I ordered 250 bags in 2026.",
        "1234 5678 9012 3456 7 is no card.",
        "Come and see us at 14 Garden Lane.",
        "We were born to make coffee.",
        "On 24 November 2026 at 10:30 we open.",
        "You waited 3 hours on the road.",
    ],
}


def found(text: str, facts: Facts = FACTS) -> list[Finding]:
    findings = check_draft(text, facts)
    assert all(one.words == text[one.start : one.end] for one in findings)
    assert {one.rule for one in findings} <= set(RULES)
    return findings


def rules(text: str, facts: Facts = FACTS) -> set[str]:
    return {one.rule for one in found(text, facts)}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FIRES.items() for text in texts])
def test_what_is_to_be_said_again_is_found(rule: str, text: str) -> None:
    assert rule in rules(text)
    (first, *_) = [one for one in found(f"{WHOLE}\n{text}") if one.rule == rule]
    assert len(WHOLE) < first.start < first.end


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in SILENT.items() for text in texts])
def test_what_only_looks_like_it_is_let_through(rule: str, text: str) -> None:
    assert rule not in rules(text)


def test_every_rule_of_words_has_eight_examples_of_each_kind() -> None:
    assert FIRES.keys() == SILENT.keys()
    assert all(len(texts) >= 8 for table in (FIRES, SILENT) for texts in table.values())


def test_nothing_is_found_in_a_good_reply() -> None:
    assert found(WHOLE) == []


# ── what is missing ──────────────────────────────────────────────────────────────────────────────────────

SORRY = [
    "I am sorry.", "We're so sorry about it.", "I apologise.", "My apologies, Ada.", "Please forgive us.",
    "We deeply regret what we did.", "You deserve an apology from us.", "Sorry that you felt ignored.",
    "I owe you an apology.",
]  # fmt: skip
NOT_SORRY = [
    "Thank you.", "Sorry if that upset you.", "I am sorry you feel that way.", "I am not sorry.",
    "We regret to inform you of the date.", "Better safe than sorry.", "There is no need to apologise.",
    "Sorry but no.", "A sorrowful day.", "He said “I am sorry” to nobody.",
]  # fmt: skip


@pytest.mark.parametrize("text", SORRY)
def test_an_apology_is_heard(text: str) -> None:
    assert "no_apology" not in rules(text)


@pytest.mark.parametrize("text", NOT_SORRY)
def test_what_is_no_apology_is_not_taken_for_one(text: str) -> None:
    assert "no_apology" in rules(text)


STEPS = [
    "I will look into it today.", "We have refunded you.", "I asked the cook.", "Please write to me.",
    "Could you tell me the day?", "I am checking the till right now.", "You will hear from me tomorrow.",
    "My manager is looking into it.", "Shall I send you a new one?", "A new bag is waiting for you.",
    "Your refund went out today.", "Let me know which day suits you.", "Your next lunch is on us.",
]  # fmt: skip
NO_STEPS = [
    "We are sorry.", "It was a long day.", "You waited an hour.", "We will do better.", "We hope you return.",
    "That is on us.", "It is a pity.", "We will never forget it.", "I am writing to apologise.",
    "Thank you for telling us.",
]  # fmt: skip


@pytest.mark.parametrize("text", STEPS)
def test_a_next_step_is_heard(text: str) -> None:
    assert "no_next_step" not in rules(text)


@pytest.mark.parametrize("text", NO_STEPS)
def test_good_will_is_no_next_step(text: str) -> None:
    assert "no_next_step" in rules(text)


NO_TIME = [
    "I will call you.", "We'll refund you soon.", "I will get back to you as soon as possible.",
    "We will look into it shortly.", "You will hear from us in due course.", "We are looking into it.",
    "Your money will be refunded.", "My manager will ring you.",
]  # fmt: skip
TIMED = [
    "I will call you tomorrow.", "We'll refund you by Friday.", "I am looking into it right now.",
    "You will hear from me within two hours.", "By 5 pm you will have an answer.", "We will send it on 27 November.",
    "I will call you at noon.", "I have refunded you.", "Please write to me and I will sort it out.",
    "I will ring you today. We will look after the rest.",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_TIME)
def test_a_step_without_a_time_is_found(text: str) -> None:
    (one,) = [one for one in found(f"Sorry. {text}") if one.rule == "no_time"]
    assert one.words


@pytest.mark.parametrize("text", TIMED)
def test_a_step_with_a_time_or_one_that_is_done_is_fine(text: str) -> None:
    assert "no_time" not in rules(f"Sorry. {text}")


# ── promises ─────────────────────────────────────────────────────────────────────────────────────────────

PROMISES = [
    ("We will refund you by Friday.", "refund you", "2026-11-27T17:00"),
    ("I'll call you tomorrow.", "call you", "2026-11-25T17:00"),
    ("I’ll call you tomorrow at 10 am.", "call you", "2026-11-25T10:00"),
    ("You will have your money back by 27 November.", "you will have your money back", "2026-11-27T17:00"),
    ("Your money will be refunded within 2 days.", "be refunded", "2026-11-26T17:00"),
    ("My manager will ring you today.", "ring you", "2026-11-24T17:00"),
    ("We'll look into it and get back to you by noon.", "get back to you", "2026-11-24T12:00"),
    ("I am sending you a new one today.", "sending you a new one", "2026-11-24T17:00"),
    ("I will look into it today.", "look into it", "2026-11-24T17:00"),
    ("We promise to replace it.", "replace it", None),
    ("I will call you at 3.", "call you", None),
    ("I put your car first tomorrow, and I'll text you when it is done.", "text you when it is done", None),
    ("Then by Friday you will have an answer.", "you will have an answer", "2026-11-27T17:00"),
    ("I will call you next Friday.", "call you", None),
    ("You will get it within 3 working days.", "you will get it", None),
]
NO_PROMISES = [
    "I will look into it.",
    "Will you send me the bill?",
    "If you will send me the bill, I can check it.",
    "We will not call you again.",
    "I am looking into it today.",
    "We will do better.",
    "Shall I call you tomorrow?",
    "I have refunded you today.",
    "Would it help if I called you tomorrow?",
    "You promised to call.",
    "I put your car first tomorrow, and it was late.",
]


@pytest.mark.parametrize(("text", "what", "due"), PROMISES)
def test_a_promise_that_is_not_logged_is_found_and_read(text: str, what: str, due: str | None) -> None:
    (one,) = [one for one in found(text) if one.rule == "promise"]
    assert one.promise is not None
    told = one.promise.due.astimezone(FACTS.zone).strftime("%Y-%m-%dT%H:%M") if one.promise.due else None
    assert (one.promise.what, told) == (what, due)
    assert f"“{what}”" in one.instead


@pytest.mark.parametrize("text", NO_PROMISES)
def test_what_is_no_promise_is_not_taken_for_one(text: str) -> None:
    assert "promise" not in rules(text)


@pytest.mark.parametrize("text", [text for text, _, due in PROMISES if due is None])
def test_a_promise_without_a_sure_time_is_covered_by_any_that_is_logged(text: str) -> None:
    logged = replace(FACTS, promises=(Promised("call", datetime(2026, 11, 25, 17, tzinfo=UTC)),))
    assert "promise" not in rules(text, logged)


def test_a_promise_is_covered_by_its_own_time_alone() -> None:
    logged = replace(FACTS, promises=(Promised("refund", datetime(2026, 11, 27, 15, tzinfo=UTC)),))
    assert "promise" not in rules("We will refund you by Friday.", logged)
    assert "promise" not in rules("We will refund you by 3 pm on Friday.", logged)
    for text in ("We will refund you by Thursday.", "We will refund you by 1 pm on Friday."):
        (one,) = [one for one in found(text, logged) if one.rule == "promise"]
        assert one.why.startswith("gives another time")


def test_two_promises_in_one_sentence_are_two() -> None:
    text = "I'll call you tomorrow at 10 am and we will refund you by Friday."
    told = [one.words for one in found(text) if one.rule == "promise"]
    assert told == ["I'll call you tomorrow at 10 am", "we will refund you by Friday"]


def test_a_promise_ends_where_the_sentence_goes_on() -> None:
    text = "Sorry, Ada. We will refund you by Friday, and that is all there is to say about it."
    (one,) = [one for one in found(text) if one.rule == "promise"]
    assert one.words == "We will refund you by Friday"


# ── what needs no language ───────────────────────────────────────────────────────────────────────────────


def test_only_a_public_reply_is_looked_through_for_personal_data() -> None:
    text = FIRES["personal_data"][0]
    assert "personal_data" not in rules(text, replace(FACTS, form=Form.DIRECT))


@pytest.mark.parametrize(
    ("source", "most"),
    [("mastodon", 500), ("bluesky", 300), ("x", 280), ("googleplay", 350), ("appstore", 5970), ("google", 4096),
     ("reddit", 10_000), ("stackexchange", 600)],
)  # fmt: skip
def test_what_does_not_fit_its_source_is_found(source: str, most: int) -> None:
    facts = replace(FACTS, source=source)
    fits = (WHOLE + " " + "a" * most)[:most]
    assert "too_long" not in rules(fits, facts)
    (one,) = [one for one in found(fits + "bc", facts) if one.rule == "too_long"]
    assert one.words == "bc"
    assert "too_long" not in rules(fits + "bc", replace(facts, form=Form.DIRECT))


def test_a_source_without_a_known_limit_takes_anything() -> None:
    assert "too_long" not in rules("a" * 50_000, replace(FACTS, source="hackernews"))


@pytest.mark.parametrize(
    "text", ["", " \n", "Sorry.", "Sorry, Ada. We were late.", "Hi!", "ok", "Sorry about it all.", "Thanks."]
)
def test_a_very_short_reply_is_found(text: str) -> None:
    assert "too_short" in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "Lo sentimos mucho, Ana. Le devolvemos el dinero hoy mismo.",
        "Nous sommes désolés de ce retard. Nous vous rappelons demain matin.",
        "Es tut uns leid. Wir haben die Bestellung heute abgeschickt.",
        "申し訳ございません。本日中に返金いたします。ご連絡をお待ちしております。",
        "نعتذر منك كثيرا وسوف نتصل بك غدا صباحا",
        "Нам очень жаль, мы вернём деньги сегодня.",
        "Siamo molto dispiaciuti, le rimborsiamo tutto oggi stesso.",
        "Het spijt ons zeer, wij bellen u morgen terug.",
    ],
)
def test_of_another_language_only_what_needs_no_words_is_checked(text: str) -> None:
    assert rules(text) == {"language"}


@pytest.mark.parametrize("text", [WHOLE, *SORRY, *STEPS[:8]])
def test_english_is_taken_for_english(text: str) -> None:
    assert "language" not in rules(text)


def test_the_name_of_the_business_is_no_fault_of_the_reply() -> None:
    text = "I am sorry, Ada. Please come back to Relax and Calm Down today."
    assert "judgement" in rules(text)
    assert "judgement" not in rules(text, replace(FACTS, business="Relax and Calm Down"))


def test_of_too_many_findings_the_gravest_are_kept() -> None:
    text = "We value your feedback. " * 300 + "We know ada.invented@example.com."
    told = found(text)
    assert len(told) == MOST
    assert told[-1].rule == "no_next_step"
    assert "personal_data" in {one.rule for one in told}


@pytest.mark.parametrize("phrase", ["", "you [should]", "you .."])
def test_a_phrase_that_has_no_end_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="must end in words"):
        pattern([phrase])


@pytest.mark.parametrize(
    ("phrase", "text", "heard"),
    [
        ("(a|b c) d", "b c d", "b c d"),
        ("you [really|do] know", "you know", "you know"),
        ("you [really|do] know", "you do know", "you do know"),
        ("so .. bad", "so very very very bad", "so very very very bad"),
        ("so .. bad", "so very very very very bad", None),
        ("so .. bad", "so good. bad", None),
        ("ticket*", "two tickets", "tickets"),
        ("don't", "I don’t", "don’t"),
        ("so bad", "so, bad", "so, bad"),
        ("so bad", "also bad", None),
        ("so bad", "so badly", None),
    ],
)
def test_a_phrase_is_heard_as_it_is_written(phrase: str, text: str, heard: str | None) -> None:
    spans = list(look_for(pattern([phrase]), None, folded(text)))
    assert [text[start:end] for start, end in spans] == ([heard] if heard else [])
