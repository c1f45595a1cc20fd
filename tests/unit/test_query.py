"""What the query language means, and what it says to whoever writes it wrongly."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.core.brand import Brand
from monitor.core.errors import ConfigError
from monitor.core.model import Author, Business, Mention, Place, Rating
from monitor.core.query import DEEPEST, LONGEST, MOST_TERMS, QueryError, parse


def said(text: str, **more: Any) -> Mention:
    return Mention("files", "1", text, **more)


READ = {
    "acme": "acme",
    "acme refund": "acme AND refund",
    "acme AND refund": "acme AND refund",
    "acme or refund": "acme AND or AND refund",
    "a OR b c": "a OR (b AND c)",
    "(a OR b) c": "(a OR b) AND c",
    "a NOT b": "a AND NOT b",
    "a -b": "a AND NOT b",
    "a -(b OR c)": "a AND NOT (b OR c)",
    'a -"b c"': 'a AND NOT "b c"',
    "NOT a NEAR b c": "NOT a NEAR/5 b AND c",
    "a NEAR/12 (b OR c)": "a NEAR/12 (b OR c)",
    "“Acme Coffee” x": '"Acme Coffee" AND x',
    "„Acme Coffee“": '"Acme Coffee"',
    '"OR"': '"OR"',
    "acme-coffee": "acme-coffee",
    "12:30": "12:30",
    "TITLE:Acme": "title:Acme",
    'author:"Fictional Fred"': 'author:"Fictional Fred"',
    "stars:=2 stars:>3.5": "stars:2 AND stars:>3.5",
    "#AcmeCoffee @Acme@Example.Social": "#acmecoffee AND @acme@example.social",
    "* NOT job*": "* AND NOT job*",
    "(((a)))": "a",
}  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_it_tells_how_it_was_understood(text: str) -> None:
    assert str(parse(text)) == READ[text]
    assert str(parse(READ[text])) == READ[text], "what it tells can be written again"


KEEPS = [
    # words are whole, whatever their case, accents and apostrophes
    ("acme", "ACME!"), ("cafe", "the Café is shut"), ("café", "the cafe is shut"), ("wendys", "Wendy's was cold"),
    ("wendy's", "wendys was cold"), ("acme", "acme's staff"), ("don't", "they dont care"), ("acme", "l’acme"),
    ("at&t", "AT & T"), ("at&t", "at and t"), ("acme-coffee", "Acme Coffee"), ("acme", "#acme again"),
    # phrases
    ('"never came"', "It never came."), ('"never came"', "never, came"), ('"acme cof*"', "Acme Coffees"),
    # operators
    ("a OR b", "b"), ("a NOT b", "a c"), ("a OR b c", "a"), ("* NOT b", "anything"), ("* NOT stars:1", "no stars"),
    # near: either order, phrases, several
    ("refund NEAR late", "refund came five whole weeks late"), ("refund NEAR late", "late was the refund"),
    ('"never came" NEAR/2 refund', "the refund really never came"), ("a NEAR/1 b", "b a"),
    ("(late OR cold) NEAR/2 order", "my order was cold"), ("a NEAR/2 a", "a b a"),
    # wildcards
    ("refund*", "refunded"), ("refund*", "refund"), ("#acme*", "#acmecoffee"), ("@acme*", "@acme_help"),
    # scripts without spaces: a name inside a run
    ("アクメ", "昨日アクメに行った"), ("อัคมี", "ร้านอัคมีแย่มาก"),
    ('"アクメ 珈琲"', "アクメ珈琲は遅い"), ("हिन्दी", "यह हिन्दी है"),
    # tags and handles
    ("#acme", "so #Acme"), ("@acme", "hey @ACME."), ("@acme", "@acme@example.social"),
    ("@acme@example.social", "@acme hello"), ("acme", "hey @acme"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "text"), KEEPS)
def test_it_keeps(query: str, text: str) -> None:
    assert parse(query).matches(said(text)), text


DROPS = [
    ("acme", "acmeism"), ("acme", "macacme"), ("acme", "https://example.com/acme"),
    ("acme", "write to acme@example.com"),
    ("wendy", "wendys"), ('"never came"', "came never"), ('"never came"', "never\ncame"), ('"a b"', "a x b"),
    ("a b", "a"), ("a NOT b", "a b"), ("(a OR b) c", "a"), ("* NOT b", "b"),
    ("refund NEAR/4 late", "refund came five whole weeks late"), ("a NEAR/2 a", "a b"), ("a NEAR b", "a"),
    ("refund*", "prefund"), ("#acme", "acme"), ("#acme", "#acmecoffee"), ("@acme", "acme"), ("@acme", "@acmes"),
    ("@acme@example.social", "@acme@other.example"), ("acme", "@acme@other.example"), ("हिन्दी", "हन्द"),
    ("or", "this and that"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "text"), DROPS)
def test_it_drops(query: str, text: str) -> None:
    assert not parse(query).matches(said(text)), text


FULL = said(
    "My order was late",
    title="A refund please",
    url="https://shop.example.com/reviews/7?x=1",
    author=Author("fred77", "Fictional Fréd", "https://example.social/@fred77"),
    rating=Rating(4, 10),
    language="en",
    place=Place("Springfield North", "gb"),
)
FIELDS = {
    "title:refund": True, "title:order": False, "text:order": True, "text:refund": False, 'title:"a refund"': True,
    "author:fred": True, "author:fred77": True, "author:@fred77@example.social": True, 'author:"fictional fred"': True,
    "author:fre": False, "author:fre*": True, "author:order": False, "author:@fictional": False,
    "source:files": True, "source:FILES": True, "source:file": False, "source:fil*": True,
    "place:springfield": True, 'place:"springfield north"': True, "place:gb": True, "place:ie": False,
    "lang:en": True, "lang:EN": True, "lang:de": False,
    "stars:2": True, "stars:<=2": True, "stars:<2": False, "stars:>1.5": True, "stars:>=2.5": False, "stars:=2": True,
    "url:example.com": True, "url:shop.example.com": True, "url:ample.com": False, "url:/reviews/": True,
    "url:https://shop.example.com/reviews": True, "url:other.example": False, "url:review": True,
}  # fmt: skip


@pytest.mark.parametrize("query", FIELDS)
def test_a_field_is_asked_alone(query: str) -> None:
    assert parse(query).matches(FULL) is FIELDS[query]


@pytest.mark.parametrize(
    "query", ["stars:<=5", "author:fred", "lang:en", "url:example.com", "place:gb", "title:a"]
)
def test_what_a_post_does_not_tell_is_not_matched(query: str) -> None:
    assert not parse(query).matches(said("a"))


def test_an_address_that_is_none_is_not_matched() -> None:
    assert not parse("url:example.com").matches(said("a", url="https://[example.com"))


def test_the_reason_names_the_words() -> None:
    reason = parse('acme* AND (nothing OR "was late") AND order NEAR late stars:<3 NOT anvil').reason
    told = reason(said("Acme's order was late", rating=Rating(1)))
    assert told == "the query: “acme's”, “was late”, “order” near “late”, 1 of 5 stars"
    assert parse("author:fred").reason(FULL) == "the query: author “Fictional Fréd”"
    assert parse("* NOT anvil").reason(said("order")) == "the query, which keeps all else"
    assert parse("アクメ").reason(said("昨日アクメに")) == "the query: “アクメ”"
    assert parse("anvil").reason(said("order")) is None


# ── the business's query ─────────────────────────────────────────────────────────────────────────────────


def test_the_query_stands_in_place_of_the_names_and_the_rest_still_counts() -> None:
    brand = Brand(
        Business(
            "Acme Coffee",
            handles=("@acmehelp",),
            exclude=("acme anvils",),
            own_accounts=("@acme@example.social",),
            query=parse("acme NOT jobs"),
        )
    )
    assert brand.reason(said("Acme was cold")) == "the query: “acme”"
    assert brand.reason(said("@acmehelp jobs are slow")) == "its handle @acmehelp"
    assert brand.reason(said("hello", addressed=True)) == "said to the business"
    assert brand.reason(said("Acme Coffee has jobs")) is None, "the name alone does not keep it"
    assert brand.reason(said("Acme anvils fell on me")) is None, "what is excluded is not said"
    assert brand.reason(said("Acme anvils fell on me, says acme")) is not None
    assert brand.own(said("acme", author=Author(None, "", "https://example.social/@acme")))


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────────────

WRONG = {
    "": (0, "empty", "write what to look for"),
    "   ": (0, "empty", "write what to look for"),
    "acme AND": (5, "AND has nothing after it", "lower case"),
    "acme OR OR b": (5, "OR has nothing after it", "lower case"),
    "OR acme": (0, "OR has nothing before it", "lower case"),
    "a (AND b)": (3, "AND has nothing before it", "lower case"),
    "NEAR/3 b": (0, "NEAR has nothing before it", "lower case"),
    "a NEAR": (2, "NEAR has nothing after it", "lower case"),
    "a NOT": (2, "NOT has nothing after it", "lower case"),
    "acme (": (6, "ends too early", "write a word"),
    "acme (refund": (5, "never closed", "write )"),
    "acme )": (5, "closes nothing", "take it away"),
    "a ()": (2, "nothing in these", "write words"),
    'a "b': (2, "quote is never closed", 'write "'),
    'author:"b': (7, "quote is never closed", 'write "'),
    'a ""': (2, "no letter", "write a word"),
    "a ...": (2, "no letter", "write a word"),
    "a & b": (2, "& is no word", "write AND"),
    "a || b": (2, "|| is no word", "write OR"),
    "a *b": (2, "end of a word", "refund*"),
    "a x*y": (3, "end of a word", "refund*"),
    "title:x*y": (7, "end of a word", "refund*"),
    "a NEAR/0 b": (2, "no distance", "from 1 to 100"),
    "a NEAR/many b": (2, "no distance", "from 1 to 100"),
    "a NEAR/101 b": (2, "no distance", "from 1 to 100"),
    "a NEAR #b": (7, "words and phrases only", "refund NEAR/5"),
    "title:a NEAR b": (0, "words and phrases only", "refund NEAR/5"),
    "a NEAR (b AND c)": (7, "words and phrases only", "refund NEAR/5"),
    "a NEAR b NEAR c": (9, "two, not three", "AND b NEAR c"),
    "a autor:fred": (2, "no field autor:", "author, title"),
    "a https://b.example": (2, "no field https:", "in quotes"),
    "a author:": (2, "nothing to look for", "author:fred"),
    "a author: fred": (2, "nothing to look for", "right after the colon"),
    "stars:many": (0, "stars: cannot be many", "stars:<=2"),
    "stars:<=9": (0, "stars: cannot be <=9", "stars:<=2"),
    "lang:english": (0, "lang: cannot be english", "lang:en"),
    "a #": (2, "# wants one name", "#acme"),
    "a @!": (2, "@ wants one name", "@acme"),
    "NOT a": (0, "only says what to drop", "* NOT anvil"),
    "(-a -b)": (1, "only says what to drop", "* NOT anvil"),
    "a OR NOT b": (5, "only says what to drop", "* NOT anvil"),
    "a " * LONGEST: (LONGEST, "too long", "at most"),
    "a " * (MOST_TERMS + 1): (2 * MOST_TERMS, "too many", "at most"),
    "(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1): (DEEPEST, "too deep", "at most"),
    "a " + "-" * (DEEPEST + 1) + "b": (2 + DEEPEST, "too deep", "at most"),
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:20])
def test_what_cannot_be_read_is_told_with_its_place_and_its_remedy(text: str) -> None:
    at, told, remedy = WRONG[text]
    with pytest.raises(QueryError) as caught:
        parse(text)
    fault = caught.value
    assert isinstance(fault, ConfigError)
    assert fault.at == at
    assert told in fault.told
    assert remedy in fault.remedy
    first, query, mark = str(fault).split("\n")
    assert f"at character {at + 1}" in first and told in first and remedy in first
    assert mark.strip() == "^"
    assert len(query) < 80 and len(mark) < 80
    if at < len(text):
        assert query[len(mark) - 1] == text[at], "the mark stands under the fault"


def test_the_mark_stands_right_under_wide_letters() -> None:
    with pytest.raises(QueryError) as caught:
        parse("アクメ )")
    assert str(caught.value).split("\n")[1:] == ["    アクメ )", "           ^"], (
        "each letter takes two columns"
    )


def test_the_deepest_and_the_longest_are_read() -> None:
    assert parse("(" * DEEPEST + "a" + ")" * DEEPEST).matches(said("a"))
    assert parse("a " * MOST_TERMS).matches(said("a"))
    assert parse("a" * LONGEST).matches(said("a" * LONGEST))
