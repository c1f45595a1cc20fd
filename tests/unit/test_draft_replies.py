"""Replies as people write them, good and bad, read as a support lead would: no false alarm, nothing missed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.core.draft import check_draft
from monitor.core.reply import Facts

FACTS = Facts("Acme Coffee", now=datetime(2026, 11, 24, 10, tzinfo=UTC), zone=ZoneInfo("Europe/London"))

GOOD = [
    (
        "Hi Priya, I'm sorry we left you standing at the counter for forty minutes. That was our fault: two "
        "tills were closed and nobody came over to tell you. I have asked Tom to ring you today. When would "
        "be a good time?"
    ),
    (
        "I am so sorry about the cold soup, Jonas. We should have taken it back without a word. Your next "
        "lunch is on us; just tell the team at the door that Dana sent you. What else spoiled the evening?"
    ),
    (
        "Thank you for telling us, and sorry that the app logged you out every day. We found the cause "
        "yesterday and fixed it in version 4.2, which is in the store now. Would you tell me whether it holds"
        " on your phone?"
    ),
    (
        "You should have received your money two weeks ago, and I am sorry you had to chase us. I refunded it"
        " myself an hour ago. It usually takes two days to show up. Can I do anything else for you?"
    ),
    (
        "I'm sorry, Marta. It was not your fault at all; our form accepts dates that do not exist. I have "
        "booked you in for Friday at 9 and taken the fee off. Does that suit you?"
    ),
    (
        "Sorry we were short with you on the phone, Ken. There is no excuse for it. I have talked to the "
        "team, and I'd like to call you today to hear what you needed. May I?"
    ),
    (
        "I apologise for the noise during your stay. We could not give you another room that night, and we "
        "did not even offer you ear plugs. I have taken one night off your bill. How did the second night go?"
    ),
    (
        "We cannot undo what happened on Saturday, and I am sorry for it. My manager is looking into it now. "
        "Please write to me at care@acmecoffee.example so that I can tell you what we find."
    ),
    (
        "Hello Ruth, you were right and we were wrong, and I am sorry. We have changed our returns policy so "
        "that this cannot happen to anybody else, and your refund went out today. Is there anything we "
        "missed?"
    ),
    (
        "I am sorry that we charged you twice. I have sent the second payment back just now. Please tell me "
        "if it is not in your account by Friday."
    ),
    (
        "Sorry, Ben! We got your order wrong and then argued about it. A fresh one is waiting for you at the "
        "bar, whenever you pass by. Please ask for Lena."
    ),
    (
        "I'm sorry that you felt ignored on Sunday. You were: we walked past your table four times. I have "
        "spoken with the whole crew about it today. Would you give us a second chance, on the house?"
    ),
    (
        "I am sorry about the wait, and that our website said five minutes. I have corrected the page. Tell "
        "me which day suits you and I will keep a table for you."
    ),
    (
        "I'm sorry, Ahmed, that we sent you from desk to desk. I can decide this, and I have: you get the "
        "full amount back. You can reach me on 020 7946 0000 until 6 pm today."
    ),
    (
        "We are sorry that the heating broke on the coldest night of the year. Our engineer repaired it this "
        "morning. We have moved you to a room on the south side. How is it now?"
    ),
    (
        "I am sorry. I said I would ring on Monday and I forgot. I am ringing you at noon today, as you "
        "asked. Is this still the right number?"
    ),
    (
        "I'm really sorry about the hair in your cake, Sofia. I have thrown the whole tray away and checked "
        "the others. Please come by for a new one, or shall I send your money back?"
    ),
    (
        "Hi Tom, thanks for flagging this and I'm really sorry about the mix-up with your booking. I've moved"
        " you to the 7pm table and the starters are on us. Give me a shout at the desk when you arrive."
    ),
    (
        "I'm so sorry to read this, Leo. A broken zip after two weeks isn't good enough. Pop in to any shop "
        "with it, no receipt needed, and we'll swap it there and then."
    ),
    (
        "Hi Omar, I owe you an apology. I told you the part would be here on the 12th and it wasn't, and I "
        "didn't call. It arrived this morning and Pavel can fit it at 9 tomorrow. Does that work?"
    ),
]

BAD = [
    (
        "We are sorry. We lost your parcel, and then we did not answer you. I have sent a new one this "
        "morning, and it will be with you on Thursday. Is the address still the one at work?",
        "promise",
    ),
    (
        "I'm sorry the driver never came. We are sending one to you today between 2 and 4 pm, and I am "
        "staying on it until he is at your door. Is somebody at home then?",
        "promise",
    ),
    (
        "Ich bin untröstlich, dass Sie so lange warten mussten. Wir haben die Bestellung heute abgeschickt "
        "und rufen Sie morgen an.",
        "language",
    ),
    (
        "Dear customer, we value your feedback. We are sorry for any inconvenience caused. Rest assured that "
        "we take all complaints very seriously.",
        "empty no_next_step",
    ),
    (
        "You should have read the terms before you booked. As clearly stated on our website, no refunds are "
        "given.",
        "blame no_apology no_next_step",
    ),
    (
        "Unfortunately we cannot refund you as this is our policy. We hope to see you again soon!",
        "excuse negative no_apology no_next_step",
    ),
    (
        "Due to unusually high call volumes we were not able to answer. Please bear with us.",
        "excuse no_apology no_next_step",
    ),
    (
        "Calm down. You claim that nobody answered, but we have no record of your call.",
        "judgement no_apology no_next_step",
    ),
    (
        "Mistakes were made and your order was lost. There has been a misunderstanding. We apologise.",
        "no_next_step passive",
    ),
    (
        "WE ARE SO SORRY ABOUT THIS!!! Please call us NOW!!!",
        "shouting too_short",
    ),
    (
        "Hi [Name], sorry for the trouble. I will call you on {date}.",
        "blank no_time promise",
    ),
    (
        "Hello Anna, sorry! Your order 88231-B went to 14 Garden Lane. We called you on 07700 900456 and "
        "wrote to anna.fictional@example.com.",
        "personal_data",
    ),
    (
        "We're sorry you feel that way. Our other customers are happy.",
        "judgement no_apology no_next_step",
    ),
    (
        "I'm sorry. I'll call you tomorrow at 10 am and we will refund you by Friday.",
        "promise",
    ),
    (
        "Your ticket has been escalated to L2. Going forward, our CRM will be updated per the SLA.",
        "jargon no_apology no_next_step",
    ),
    (
        "Sorry.",
        "no_next_step too_short",
    ),
    (
        "We strive to provide excellent service and pride ourselves on our high standards. Your satisfaction "
        "is very important to us.",
        "empty no_apology no_next_step",
    ),
    (
        "If you had told us on the day, we could have helped. Next time please check your food before you "
        "leave.",
        "blame no_apology no_next_step",
    ),
    (
        "The courier is to blame for this, it is beyond our control. Please contact them directly.",
        "excuse no_apology",
    ),
    (
        "I apologise if we have caused offence. That is simply not true though, and nobody else has ever "
        "complained.",
        "excuse judgement no_apology no_next_step",
    ),
    (
        "We are sorry for the delay. We will look into this and get back to you as soon as possible.",
        "no_time promise",
    ),
    (
        "With all due respect, you are overreacting. It was a five minute wait, we were very busy and short-"
        "staffed.",
        "excuse judgement no_apology no_next_step",
    ),
    (
        "I am sorry. An error occurred in our system and your refund was not processed. You will receive your"
        " refund within 5 working days.",
        "passive promise",
    ),
    (
        "As a small family business, reviews like this really hurt us. We wish you had come to us first.",
        "blame judgement no_apology no_next_step",
    ),
    (
        "We understand your frustration. However, delivery times are estimates and are not guaranteed.",
        "empty excuse no_apology no_next_step",
    ),
    (
        "The guest was intoxicated and was asked to leave by our security, as you well know.",
        "blame no_apology no_next_step",
    ),
    (
        "Sorry for the inconvenience! Kindly share your contact number.",
        "asks_data empty no_next_step",
    ),
]
"""Each with the rules that have something to say of it."""


@pytest.mark.parametrize("text", GOOD)
def test_of_a_good_reply_nothing_is_said(text: str) -> None:
    assert check_draft(text, FACTS) == []


@pytest.mark.parametrize(("text", "rules"), BAD)
def test_of_a_bad_reply_all_is_said_that_a_lead_would_say(text: str, rules: str) -> None:
    assert " ".join(sorted({one.rule for one in check_draft(text, FACTS)})) == rules
