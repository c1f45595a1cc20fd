"""Playbooks: a short starting text for each broken expectation, in four steps, for a person to make their own.

They are data (`monitor.core.playbook_file` reads them), and a business lays its own over them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.core.blanks import fill
from monitor.core.commitments import as_promised
from monitor.core.lengths import excess
from monitor.core.reply import Facts, Form, plain_place, plausible_name, readable


class Step(StrEnum):
    """In the order in which a customer needs them."""

    ACKNOWLEDGE = "acknowledge"
    OWN = "own"
    NEXT = "next"
    QUESTION = "question"


GREETING, CLOSING = "greeting", "closing"
SPARED = ("place", "author", "customer", Step.QUESTION)
"""What a text goes without where it does not fit, in this order."""


@dataclass(frozen=True, slots=True)
class Playbook:
    """What to say where one thing went wrong. Texts are templates (`monitor.core.blanks`)."""

    key: str
    broken: str
    """What broke, as after "I am sorry"; `heard` says it better where a signal was heard."""
    heard: Mapping[str, str]
    signals: tuple[str, ...]
    """Where one of these was heard it is taken, whatever expectation broke."""
    first: str
    """To be done before anybody answers; empty: nothing."""
    steps: Mapping[Form, Mapping[Step, str]]


@dataclass(frozen=True, slots=True)
class Playbooks:
    books: Mapping[str, Playbook]
    """By key: the expectations, and those that signals call for."""
    frame: Mapping[Form, Mapping[str, str]]
    """Greeting and closing."""

    def choose(self, facts: Facts) -> Playbook:
        """One with something to do first, then one that a signal calls for, then the expectation's own."""
        called = [book for book in self.books.values() if not facts.signals.isdisjoint(book.signals)]
        called.sort(key=lambda book: not book.first)
        return called[0] if called else self.books.get(facts.expectation) or self.books["reliability"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A starting text: never sent by anything, and checked once a person has made it theirs."""

    playbook: str
    form: Form
    steps: tuple[tuple[Step, str], ...]
    greeting: str
    closing: str
    notes: tuple[str, ...]
    """For the person who answers, not for the customer. What to do first comes first."""

    @property
    def text(self) -> str:
        """As the customer would read it: in public one paragraph, else a short letter."""
        said = " ".join(words for _, words in self.steps if words)
        between = " " if self.form is Form.PUBLIC else "\n\n"
        return between.join(part for part in (self.greeting, said, self.closing) if part)


def draft(facts: Facts, playbooks: Playbooks) -> Draft:
    """The starting text for a case, filled with what is known, and shortened where its source takes little."""
    book = playbooks.choose(facts)
    known = _known(facts, book)
    notes = tuple(_notes(facts, book, known))
    made = _made(facts, book, playbooks.frame[facts.form], known, notes)
    for spared in SPARED:
        if not _too_long(made, facts):
            break
        if spared in known:
            known = {**known, spared: ""}
        else:
            book = replace(book, steps={facts.form: {**book.steps[facts.form], Step(spared): ""}})
        made = _made(
            facts, book, playbooks.frame[facts.form], known, (*notes, f"Shortened to fit {facts.source}.")
        )
    return made


def _made(
    facts: Facts, book: Playbook, frame: Mapping[str, str], known: Mapping[str, str], notes: tuple[str, ...]
) -> Draft:
    steps = tuple((step, _sentence(fill(words, known))) for step, words in book.steps[facts.form].items())
    greeting, closing = (fill(frame[part], known).strip() for part in (GREETING, CLOSING))
    return Draft(book.key, facts.form, steps, greeting, closing, notes)


def _too_long(made: Draft, facts: Facts) -> bool:
    return made.form is Form.PUBLIC and excess(made.text, facts.source) is not None


def _known(facts: Facts, book: Playbook) -> dict[str, str]:
    promise = facts.promise
    heard = next((words for signal, words in book.heard.items() if signal in facts.signals), book.broken)
    due = promise.due if promise else None
    return {  # every name in BLANKS
        "business": facts.business,
        "broken": heard,
        "customer": plausible_name(facts.customer, facts.business),
        "place": plain_place(facts.place),
        "promise": as_promised(promise.what) if promise else "",
        "due": readable(due, facts.now, facts.zone) if due else "",
        "author": " ".join(facts.author.split()),
        "authority": " ".join(facts.authority.split()),
    }


def _notes(facts: Facts, book: Playbook, known: Mapping[str, str]) -> Iterator[str]:
    if book.first:
        yield _sentence(fill(book.first, known))
    if facts.language and facts.language != "en":
        language = LANGUAGES.get(facts.language, f"another language ({facts.language})")
        yield (
            f"The customer wrote in {language}. Starting texts are in English as yet: answer in the customer's "
            "language if you can, or say that you answer in English."
        )
    if any(one.due is not None and one.due <= facts.now for one in facts.promises):
        yield "A promise is overdue. Say so in your own words, and give a new time that you will keep."
    elif not known["due"]:
        yield "No promise with a time is logged. Log one, and the text tells the customer when."


def _sentence(words: str) -> str:
    words = words.strip()
    return words[:1].upper() + words[1:]


LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "nl": "Dutch",
    "pt": "Portuguese",
    "zh": "Chinese",
}
