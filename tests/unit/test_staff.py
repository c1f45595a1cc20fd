"""Who of the staff is named: with a role, a desk or a deed, and nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Author, Mention
from monitor.scoring.staff import Staff, names

STAFF = Staff()


def named(text: str, by: str = "") -> list[str]:
    (found,) = STAFF.score([Mention("files", "1", text, author=Author("1", by))])
    assert all(text[item.start : item.end] == item.words for item in found.evidence)
    assert all(item.signal == "staff" for item in found.evidence)
    return [item.words for item in found.evidence]


NAMED = [
    ("Our server Nadia was wonderful", "Nadia"),
    ("Our server, Tomasz, forgot the bread", "Tomasz"),
    ("the manager Petra refused to listen", "Petra"),
    ("waitress Grace brought the wrong soup", "Grace"),
    ("Grace at the front desk could not find my booking", "Grace"),
    ("A guy named Mark told me to wait", "Mark"),
    ("thanks to Rose from support", "Rose"),
    ("thanks to Omar I got home", "Omar"),
    ("Big thank you to Priya for her patience", "Priya"),
    ("Kudos to Kwame", "Kwame"),
    ("I spoke to Brenda twice", "Brenda"),
    ("spoke with Hassan, who promised a refund", "Hassan"),
    ("I was helped by Yuki at the counter", "Yuki"),
    ("we were served by Will, lovely man", "Will"),
    ("Omar remembered my name", "Omar"),
    ("Fatima from customer service hung up", "Fatima"),
    ("Fatima in billing never rang back", "Fatima"),
    ("Sanjay was rude to my mother", "Sanjay"),
    ("Ingrid was so helpful", "Ingrid"),
    ("Declan promised me a call", "Declan"),
    ("Beatriz called me back the same day", "Beatriz"),
    ("Aisha, the receptionist, found my bag", "Aisha"),
    ("Aisha the night manager found my bag", "Aisha"),
    ("Your driver Paul left the parcel in the rain", "Paul"),
    ("driver called Dean shouted at us", "Dean"),
    ("her name was Denise and she laughed", "Denise"),
    ("The agent's name is Chen", "Chen"),
    ("ask for Giulia, she knows the stock", "Giulia"),
    ("Shout out to Marcus and the team", "Marcus"),
    ("Leila and her team saved our wedding", "Leila"),
    ("barista Joy made a heart in the foam", "Joy"),
    ("The technician, Viktor, came late", "Viktor"),
    ("flight attendant Simone spilled tea on me", "Simone"),
    ("A lady called Hazel at reception sighed", "Hazel"),
    ("Kevin hung up on me", "Kevin"),
    ("Ewa fixed my router in five minutes", "Ewa"),
    ("Mehmet ignored us for half an hour", "Mehmet"),
    ("Dealing with Janet is a nightmare", "Janet"),
    ("Paris from support was clueless", "Paris"),
    ("Chelsea, our waitress, was lovely", "Chelsea"),
    ("the supervisor (Norman) laughed", "Norman"),
    ("Someone called Faith rang me", "Faith"),
    ("I was greeted by Sophie", "Sophie"),
    ("Lukas's attitude was awful", "Lukas"),
    ("Hats off to Amara", "Amara"),
    ("The rep was Colin and he lied", "Colin"),
    ("employee named Georgia", "Georgia"),
    ("Zoltan took my order and vanished", "Zoltan"),
    ("Niamh sorted everything out", "Niamh"),
    ("Rashid checked us in with a smile", "Rashid"),
    ("Hiroshi, who was very patient, found it", "Hiroshi"),
    ("Elena at your call centre hung up", "Elena"),
    ("Thank you to Bjorn", "Bjorn"),
    ("Credit to Moira", "Moira"),
    ("Seamus refused to refund me", "Seamus"),
    ("an assistant called Ivy rolled her eyes", "Ivy"),
    ("Thabo walked me through the form", "Thabo"),
    ("Linh made my day", "Linh"),
    ("the stylist Oscar ruined my hair", "Oscar"),
    ("Max from your store told me it was gone", "Max"),
    ("Our server José was wonderful", "José"),
    ("the manager, Zoë, refused to listen", "Zoë"),
    ("thanks to Bjørn from support", "Bjørn"),
    ("François hung up on me", "François"),
    ("Our server Jose\u0301 was wonderful", "Jose\u0301"),
    ("The waitress NADIA was rude to us", "NADIA"),
    ("OUR SERVER NADIA WAS RUDE", "NADIA"),
    ("TOMASZ AT THE FRONT DESK LAUGHED", "TOMASZ"),
    ("Nadia Khan, the manager, refused a refund", "Nadia"),
    ("Tomasz Example from billing never rang", "Tomasz"),
    ("Zoë Müller, our waitress, was lovely", "Zoë"),
    ("Ask for Sanjay at the desk", "Sanjay"),
    ("Ask for Chelsea, the manager", "Chelsea"),
]

NOBODY = [
    "Wendy's forgot my fries",
    "I was rude at Wendy's",
    "My Mercedes was late to the garage",
    "Alexa was unhelpful again",
    "We flew to Paris and it was rude of them to cancel",
    "Chelsea was great on Saturday",
    "Thanks to Taylor Swift the trains are full",
    "thanks to @Omar for the link",
    "#Omar",
    "My sister Nadia was rude to me",
    "my wife Priya called me back",
    "I'm Brenda and I want a refund",
    "My name is Hassan",
    "This is Fatima, order 12",
    "Regards, Yuki",
    "Kind regards\nKevin",
    "I was in Georgia in May and it rained",
    "Will you ever answer?",
    "Mark my words, they will close",
    "Grace period ended, fee charged",
    "Rose wine was warm",
    "May I ask for a refund?",
    "Frank talk: it was bad",
    "Grant me a refund",
    "Prince Harry was rude",
    "St. James was helpful as a station",
    "Spoke to Will Smith at the premiere",
    "Manager Jose Mourinho was sacked",
    "Adele sang and it rained",
    "Watching Diana on television tonight",
    "Uncle Ben's rice",
    "Jack Daniel's with cola",
    "Ben and Jerry's is too sweet",
    "Dear Karen, please answer",
    "Hi Sophie, where is my parcel",
    "Hey Omar are you going tonight?",
    "San Antonio was hot",
    "Virginia was cold and the hotel rude",
    "Dallas at the gate by noon",
    "Hope at last for the queue",
    "Joy of joys, it works",
    "Victoria line delayed",
    "Florence was lovely",
    "Charlotte airport was a mess",
    "Austin is full",
    "The Martin guitar arrived broken",
    "Dr. Oetker pizza was burnt",
    "Peter and I waited an hour",
    "Anna and Elsa dolls arrived broken",
    "Tesla driver blocked the door",
    "Met Simon for lunch there",
    "Going with Lucy to the concert",
    "Tom Hanks was friendly in that film",
    "George Street branch is closed",
    "JOHN LEWIS never called",
    "nadia was nice",
    "John.Smith@example.com",
    "Robin Hood app is down",
    "Hurricane Sandy ruined the roof",
    "King Charles was polite",
    "Customer Sarah told me that she waited too",
    "A fellow guest Sarah was rude",
    "Ask for Paris at the desk",
    "THE MANAGER WILL NOT HELP",
    "OUR DRIVER MAY BE LATE",
    "NADIA WAS RUDE",
    "Manager JOSE MOURINHO was sacked",
    "Manager José Mourinho was sacked",
    "Nadia, the manager's wife, was there",
    "Nadia Khan, the manager's wife, was there",
    "Taylor Swift and her team came",
    "Beyoncé Knowles was friendly",
]


@pytest.mark.parametrize(("text", "name"), NAMED)
def test_staff_with_a_role_a_desk_or_a_deed_are_named(text: str, name: str) -> None:
    assert named(text) == [name]


@pytest.mark.parametrize("text", NOBODY)
def test_other_people_places_and_brands_are_nobody(text: str) -> None:
    assert named(text) == []


def test_names_that_are_joined_share_what_is_said_of_one() -> None:
    assert named("Thanks to Omar and Priya for the help") == ["Omar", "Priya"]
    assert named("Nadia and Tomasz at the front desk were kind") == ["Nadia", "Tomasz"]


def test_each_is_named_once() -> None:
    assert named("Our server Nadia came. Nadia was rude.") == ["Nadia"]
    assert named("Our server José came. The waiter JOSE was rude.") == ["José"]


def test_the_author_is_no_staff() -> None:
    assert named("Omar was rude", by="Omar Example") == []
    assert named("José was rude", by="JOSE EXAMPLE") == []


def test_the_list_is_long_and_holds_each_name_in_one_way() -> None:
    assert len(names().sure) > 1_200
    assert names().sure.isdisjoint(names().also_words)
    assert all(name.isascii() and name.istitle() for name in names().sure | names().also_words)


@pytest.mark.parametrize(
    "text",
    [
        "Omar " * 4_000,
        "our server " * 2_000 + "Omar",
        "A" * 20_000,
        "Omar and " * 2_500,
        "Omar, the " * 2_000,
    ],
)
def test_hostile_text_is_bounded(text: str) -> None:
    """Meets the suite's time limit only while each name costs a look at its neighbourhood."""
    assert len(named(text)) <= 1


@given(
    st.lists(
        st.sampled_from(
            [
                "Omar",
                "Nadia",
                "Will",
                "our",
                "server",
                "thanks",
                "to",
                "from",
                "support",
                "'s",
                ",",
                ".",
                "@",
                "and",
            ]
        )
    )
)
def test_spans_are_exact_whatever_the_order(parts: list[str]) -> None:
    named(" ".join(parts))
