"""Starting texts: filled with what is known, never a hole, and good enough to pass their own check."""

from __future__ import annotations

import itertools
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.answering import playbooks_of
from monitor.core.draft import check_draft
from monitor.core.errors import ConfigError
from monitor.core.lengths import LIMITS
from monitor.core.playbook import Step, draft
from monitor.core.playbook_file import read, shipped
from monitor.core.reply import Facts, Form, Promised, plain_place, plausible_name, readable
from monitor.core.severity_rules import WITH
from monitor.settings import load

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
FACTS = Facts("Acme Coffee", now=NOW, zone=LONDON)
CALL = Promised("Call you back", datetime(2026, 11, 25, 17, tzinfo=UTC))
KNOWN = replace(FACTS, customer="Fiona Fictional", place="Mill Lane", author="Sam", authority="Petra Plain")
EVERY_BOOK = [(key, form) for key in shipped().books for form in Form]


def facts_for(key: str, form: Form, facts: Facts) -> Facts:
    return replace(facts, form=form, expectation=key, signals=frozenset(shipped().books[key].signals))


@pytest.mark.parametrize(("key", "form"), EVERY_BOOK)
@pytest.mark.parametrize(
    "facts", [FACTS, KNOWN, replace(KNOWN, promises=(CALL,)), replace(FACTS, promises=(CALL,))]
)
def test_every_shipped_text_passes_its_own_check(key: str, form: Form, facts: Facts) -> None:
    heard = [(), *((signal,) for signal in shipped().books[key].heard)]
    sources = ["", *LIMITS] if form is Form.PUBLIC else [""]
    for signals, source in itertools.product(heard, sources):
        wanted = facts_for(key, form, replace(facts, source=source))
        wanted = replace(wanted, signals=wanted.signals | frozenset(signals))
        made = draft(wanted, shipped())
        assert made.playbook == key
        assert check_draft(made.text, wanted) == []


def test_there_is_one_for_each_expectation_and_each_grave_matter() -> None:
    assert shipped().books.keys() == WITH.keys() | {"safety", "discrimination", "vulnerable"}


@pytest.mark.parametrize("key", ["safety", "discrimination", "vulnerable"])
def test_where_it_is_grave_the_authority_is_asked_first(key: str) -> None:
    facts = replace(FACTS, expectation="promptness", signals=frozenset((key, "on_hold")))
    made = draft(facts, shipped())
    assert made.playbook == key
    assert "Talk to the person in authority before you answer" in made.notes[0]
    assert "Talk to Petra Plain before" in draft(replace(facts, authority="Petra Plain"), shipped()).notes[0]


def test_what_is_known_is_filled_in_four_steps() -> None:
    facts = replace(
        KNOWN, expectation="follow_through", signals=frozenset(["promised_no_call"]), promises=(CALL,)
    )
    made = draft(replace(facts, form=Form.DIRECT), shipped())
    assert [step for step, _ in made.steps] == list(Step)
    assert made.text.startswith(
        "Dear Fiona Fictional,\n\nI am sorry that we promised to get back to you and did not."
    )
    assert "I will call you back by 5 pm tomorrow." in made.text
    assert made.text.endswith("?\n\nSam\nAcme Coffee")
    assert made.notes == ()


@pytest.mark.parametrize(("key", "form"), EVERY_BOOK)
def test_what_is_not_known_leaves_no_hole(key: str, form: Form) -> None:
    made = draft(facts_for(key, form, FACTS), shipped())
    assert not set("{}[]|") & set(made.text)
    assert "  " not in made.text
    assert " ," not in made.text
    assert " ." not in made.text
    assert any("No promise with a time is logged" in note for note in made.notes)
    assert made.text.startswith("Hello,")


def test_a_customers_own_words_are_never_taken_over() -> None:
    for name in (
        "You Absolute Crooks",
        "{author} [x]",
        "\x1b[31mFred",
        "user8812",
        "Acme Sucks",
        "Fred\nFree coffee",
    ):
        made = draft(replace(FACTS, expectation="respect", customer=name), shipped())
        assert made.text.startswith("Hello," if name != "Fred\nFree coffee" else "H")
        assert "\x1b" not in made.text
    assert "http" not in draft(replace(FACTS, place="http://bad.example"), shipped()).text


def test_a_promise_that_is_overdue_or_cannot_be_said_to_the_customer_is_not_repeated() -> None:
    late = replace(FACTS, expectation="promptness", promises=(replace(CALL, due=NOW - timedelta(hours=1)),))
    assert "by" not in draft(late, shipped()).text.split("right now")[1].split(".")[0]
    assert [note for note in draft(late, shipped()).notes if "overdue" in note]
    of_her = replace(late, promises=(Promised("ring her about the bill", CALL.due),))
    assert "you will hear from me by 5 pm tomorrow" in draft(of_her, shipped()).text


def test_another_language_gets_english_and_a_note() -> None:
    made = draft(replace(FACTS, expectation="respect", language="fr"), shipped())
    assert any("French" in note and "English" in note for note in made.notes)
    assert any("(xx)" in note for note in draft(replace(FACTS, language="xx"), shipped()).notes)
    assert not any("English" in note for note in draft(replace(FACTS, language="en"), shipped()).notes)


def test_a_text_is_shortened_where_its_source_takes_little() -> None:
    facts = replace(
        KNOWN, business="Acme Coffee " * 5 + "Acme", source="x", expectation="reliability", promises=(CALL,)
    )
    made = draft(facts, shipped())
    assert len(made.text) <= 280
    assert "Shortened to fit x." in made.notes
    assert dict(made.steps)[Step.NEXT].endswith("by 5 pm tomorrow.")


@pytest.mark.parametrize(
    "name",
    [
        "Dana",
        "Dana Miller",
        "Dana M.",
        "Zoë",
        "Jean-Luc Picardie",
        "Siobhán O'Invented",
        "Ludwig van Nothing",
        "王小明",
        "नेहा",
        "Анна",
    ],
)
def test_a_name_that_may_be_a_persons_is_kept_as_it_was_written(name: str) -> None:
    assert plausible_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "dana", "user8812", "xX_Dragon_Xx", "@dana", "Angry Customer", "A Google User", "Anonymous", "D.",
     "Acme Fan", "The Reviewer", "Never Again", "One Two Three Four", "Fred\u202e", "A" * 60, "Fred!", "Scam Alert"],
)  # fmt: skip
def test_a_name_that_is_none_is_left_out(name: str) -> None:
    assert plausible_name(name, "Acme Coffee") == ""


@pytest.mark.parametrize(
    ("due", "told"),
    [
        (datetime(2026, 11, 24, 17, tzinfo=UTC), "5 pm today"),
        (datetime(2026, 11, 25, 12, tzinfo=UTC), "noon tomorrow"),
        (datetime(2026, 11, 27, 10, 30, tzinfo=UTC), "10:30 am on Friday"),
        (datetime(2026, 12, 1, 9, tzinfo=UTC), "9 am on Tuesday 1 December"),
        (datetime(2027, 1, 4, 9, tzinfo=UTC), "9 am on Monday 4 January 2027"),
        (datetime(2026, 11, 27, 0, 0, tzinfo=UTC), "11:59 pm on Thursday"),
    ],
)
def test_a_due_time_reads_as_people_say_it(due: datetime, told: str) -> None:
    assert readable(due, NOW, LONDON) == told


def test_a_due_time_is_that_of_the_zone_across_a_change_of_the_clocks() -> None:
    before = datetime(2026, 10, 24, 10, tzinfo=UTC)
    assert readable(datetime(2026, 10, 25, 9, tzinfo=UTC), before, LONDON) == "9 am tomorrow"
    assert (
        readable(datetime(2026, 10, 24, 9, tzinfo=UTC) + timedelta(hours=7), before, LONDON) == "5 pm today"
    )


def test_a_place_is_one_plain_line_or_nothing() -> None:
    assert plain_place("  Mill Lane,\n Leeds ") == "Mill Lane, Leeds"
    assert [plain_place(bad) for bad in ("", "a" * 80, "{x}", "<b>", "\x1b[1m")] == [""] * 5


# ── files of one's own ───────────────────────────────────────────────────────────────────────────────────


def settings_with(tmp_path: Path, playbooks: str | None) -> object:
    (tmp_path / "monitor.toml").write_text(
        '[business]\nname = "Acme Coffee"\n[desk]\nplaybooks = "own.toml"\n', encoding="utf-8"
    )
    if playbooks is not None:
        (tmp_path / "own.toml").write_text(playbooks, encoding="utf-8")
    return load(tmp_path / "monitor.toml", {})


OWN = """
[frame.public]
closing = "Yours, [{author} of ]{business}"

[respect.public]
own = "We were brought up better than that."

[parking]
signals = ["price"]
broken = "about the parking"

[parking.public]
acknowledge = "I am sorry {broken}."
own = "Our fault."
next = "I am asking the warden now."
question = "Which car park was it?"

[parking.direct]
acknowledge = "I am sorry {broken}."
own = "Our fault."
next = "I am asking the warden now."
question = "Which car park was it?"
"""


def test_a_file_of_ones_own_is_laid_over_those_that_come_with_the_product(tmp_path: Path) -> None:
    books = playbooks_of(settings_with(tmp_path, OWN))  # type: ignore[arg-type]
    made = draft(replace(KNOWN, expectation="respect"), books)
    assert dict(made.steps)[Step.OWN] == "We were brought up better than that."
    assert (
        dict(made.steps)[Step.ACKNOWLEDGE]
        == dict(draft(replace(KNOWN, expectation="respect"), shipped()).steps)[Step.ACKNOWLEDGE]
    )
    assert made.text.endswith("Yours, Sam of Acme Coffee")
    called = draft(replace(FACTS, expectation="respect", signals=frozenset(["price"])), books)
    assert (called.playbook, called.greeting) == ("parking", "Hello,")
    grave = draft(replace(FACTS, signals=frozenset(["price", "safety"])), books)
    assert grave.playbook == "safety"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[respekt.public]\nown = 'x'", "own.toml, respekt: is no expectation. Did you mean respect?"),
        (
            "[respect.public]\n\nown = 'Dear {custmer}'",
            "own.toml line 3, respect.public.own: there is no blank {custmer}",
        ),
        (
            "[respect.public]\nown = 'Dear {customer}'",
            "respect.public.own: {customer} may be unknown: put it",
        ),
        ("[respect.public]\nown = '[a [b]]'", "square brackets must come in pairs"),
        ("[respect.public]\nown = 'a ]'", "square brackets must come in pairs"),
        ("[respect.public]\nown = 'a { b'", "curly brackets must come in pairs"),
        ("[respect.public]\nown = ''", "respect.public.own: is empty"),
        ("[respect.public]\nown = 3", "respect.public.own: a text in quotes is needed"),
        (
            "[respect.public]\nowning = 'x'",
            "respect.public.owning: is not known. Known here are acknowledge, own,",
        ),
        ("[respect.private]\nown = 'x'", "respect.private: is not known. Known here are broken, first,"),
        ("[respect]\npublic = 'x'", "respect.public: a table is needed, with acknowledge"),
        ("respect = 'x'", "respect: a table is needed, such as [respect.public]"),
        ("[respect]\nbroken = 'that {business} failed'", "respect.broken: there is no blank {business}"),
        ("[respect]\nheard = ['a']", "respect.heard: a table is needed"),
        ("[respect]\nsignals = 'rude'", "respect.signals: a list of signals is needed"),
        ("[own]\nsignals = ['rude']\nbroken = 'x'", "own.public.acknowledge: is missing"),
        ("[own]\nsignals = ['rude']", "own.broken: is missing"),
        (
            "[frame.public]\ngreting = 'x'",
            "frame.public.greting: is not known. Known here are greeting, closing",
        ),
        ("[respect", "own.toml is not valid TOML"),
    ],
)
def test_a_fault_in_it_names_place_and_remedy(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as fault:
        playbooks_of(settings_with(tmp_path, text))  # type: ignore[arg-type]
    assert told in str(fault.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as fault:
        playbooks_of(settings_with(tmp_path, "[respect.public]\nown = ''\nnext = 3\n[clarity]\nbroken = ''"))  # type: ignore[arg-type]
    assert len(fault.value.problems) == 3


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"desk\.playbooks: .*own\.toml cannot be read: .* leave the setting out"
    ):
        playbooks_of(settings_with(tmp_path, None))  # type: ignore[arg-type]


def test_a_document_without_anything_under_it_must_be_whole() -> None:
    with pytest.raises(ConfigError) as fault:
        read(tomllib.loads("[respect]\nbroken = 'x'"))
    assert len(fault.value.problems) == 8 + 4 + len(WITH) - 1
