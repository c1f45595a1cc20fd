"""Which words are about the business, and which only look like it."""

from __future__ import annotations

import pytest

from monitor.core.brand import Brand, fold
from monitor.core.model import Author, Business, Mention

ACME = Brand(
    Business(
        "Acme Coffee",
        aliases=("Café Acmé", "A&B Roasters"),
        handles=("@acme", "@acme_help@example.social"),
        exclude=("acme coffee table", "acme anvils"),
        own_accounts=("@acme@example.social", "Acme Support", "https://www.example.com/users/acme/", "7731"),
    )
)


def said(text: str, title: str = "", **more: bool) -> Mention:
    return Mention("files", "1", text, title, addressed=more.get("addressed", False))


@pytest.mark.parametrize(
    "text",
    [
        "Acme Coffee was closed",
        "never again, ACME COFFEE!",
        "acme-coffee",
        "acme  coffee",
        "Acme Coffee's staff",
        "Acme Coffee’s staff",
        "(Acme Coffee)",
        "“Acme Coffee”",
        "#AcmeCoffee where is my order",
        "#acmécoffee",
        "thanks @acme",
        "@ACME: hello?",
        "@acme@example.social hello",
        "@acme_help, hello",
        "cafe acme is shut",
        "CAFE\u0301 ACME\u0301 is shut",
        "a & b roasters",
        "A&amp;B Roasters sent me stones",
        "A and B Roasters",
        "the acme coffee table was dirty, says Acme Coffee",
        "acme coffee: https://example.com/x",
    ],
)
def test_the_business_is_recognised(text: str) -> None:
    assert ACME.matches(said(text)), text
    assert ACME.matches(said("see above", text)), "in the title"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "coffee",
        "acme",
        "acmecoffee",
        "Acme Coffeeshop",
        "macacme coffee",
        "Acme\n\nCoffee",
        "acme coffee table",
        "Acme Anvils fell on me",
        "https://example.com/acme-coffee/menu",
        "www.example.com/?q=acme+coffee",
        "example.com/acme-coffee is a link",
        "write to acme.coffee@example.com",
        "@acme_fan hello",
        "@acme@other.example hello",
        "@acmes hello",
        "#acmecoffeeshop",
        "acme and then coffee",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert ACME.reason(said(text)) is None, text


def test_what_is_said_to_the_business_needs_no_name() -> None:
    assert ACME.matches(said("where is my order?", addressed=True))


@pytest.mark.parametrize(
    ("name", "text", "about"),
    [
        ("Comet", "the comet shop", True),
        ("Comet", "comets, cometary, competition", False),
        ("Wendy's Diner", "wendys diner", True),
        ("Wendys", "Wendy's", True),
        ("Yay!", "yay is closed", True),
        ("Acme", "@acme hello", True),
        ("Acme", "@acme@other.example hello", False),
        ("C++ Books", "c++ books", True),
        ("アクメ珈琲", "昨日アクメ珈琲でひどい目に", True),
        ("애크미", "애크미는 느려요", True),
        ("Straße", "STRASSE", True),
        ("Ακμή", "η ΑΚΜΗ άργησε", True),
        ("!!!", "!!!", False),
        ("Acme (UK)", "acme uk", True),
        ("a.b*c", "a.b*c is shut", True),
        ("a.b*c", "aXbbc is shut", False),
    ],
)
def test_names_of_every_shape(name: str, text: str, about: bool) -> None:
    assert Brand(Business(name)).matches(said(text)) is about


def test_an_account_of_its_own_in_one_place_does_not_make_its_name_somebody_else_s_in_another() -> None:
    brand = Brand(Business("Acme Coffee", aliases=("AcmeCoffee",), own_accounts=("@acme@example.social",)))
    assert brand.matches(said("@AcmeCoffee you never called me back"))
    assert brand.matches(said("hey @acme"))
    assert not brand.matches(said("@AcmeCoffee@other.example hello"))
    assert not brand.matches(said("@acme_fan hello"))


def test_the_reason_names_what_was_found() -> None:
    assert ACME.reason(said("ACME Coffee!")) == "the name “acme coffee”"
    assert ACME.reason(said("hey #AcmeCoffee")) == "the hashtag #acmecoffee"
    assert ACME.reason(said("hey @Acme.")) == "its handle @acme"


@pytest.mark.parametrize(
    "author",
    [
        Author("acme@example.social"),
        Author("@Acme@Example.Social"),
        Author("1", "x", "https://example.social/@acme"),
        Author("1", "ACME support"),
        Author("1", "", "http://example.com/users/acme"),
        Author("7731"),
    ],
)
def test_own_accounts_are_known_in_every_form(author: Author) -> None:
    assert ACME.own(Mention("mastodon", "1", "hello", author=author))


@pytest.mark.parametrize(
    "author",
    [
        Author(),
        Author("", ""),
        Author("acme@other.example"),
        Author("1", "acme", "https://other.example/@acme"),
        Author("77310", "Fictional Fred"),
        Author("1", "Acme Support Fan"),
    ],
)
def test_other_people_are_not_the_business(author: Author) -> None:
    assert not ACME.own(Mention("mastodon", "1", "hello", author=author))


def test_a_business_without_accounts_owns_nothing() -> None:
    assert not Brand(Business("Acme")).own(Mention("files", "1", "", author=Author("acme", "Acme")))


def test_bare_handle_is_recognised_by_key_and_address() -> None:
    brand = Brand(Business("Acme", own_accounts=("@acme",)))
    assert brand.own(Mention("x", "1", "", author=Author("acme")))
    assert brand.own(Mention("x", "1", "", author=Author("9", "", "https://example.com/user/Acme")))
    assert not brand.own(Mention("x", "1", "", author=Author("9", "", "https://example.social/@acme")))


def test_folding_keeps_letters_that_only_look_accented() -> None:
    assert fold("ガ") != fold("カ")
    assert fold("É") == fold("e")
