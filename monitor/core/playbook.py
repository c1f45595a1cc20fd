"""Playbooks: a short starting text for each broken expectation, in four steps, for a person to make their own.

They are data (`playbooks.toml`; docs/playbooks.md tells the form), and a business lays its own over them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from monitor.core.blanks import faults, fill
from monitor.core.commitments import as_promised
from monitor.core.errors import ConfigError
from monitor.core.lengths import excess
from monitor.core.reply import Facts, Form, plain_place, plausible_name, readable
from monitor.core.severity import WITH


class Step(StrEnum):
    """In the order in which a customer needs them."""

    ACKNOWLEDGE = "acknowledge"
    OWN = "own"
    NEXT = "next"
    QUESTION = "question"


BLANKS = ("business", "broken", "customer", "place", "promise", "due", "author", "authority")
ALWAYS = ("business", "broken")
FRAME = "frame"
GREETING, CLOSING = "greeting", "closing"
SPARED = ("place", "author", "customer", Step.QUESTION)
"""What a text goes without where it does not fit, in this order."""
_TEXTS = ("broken", "first")


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
        made = _made(facts, book, playbooks.frame[facts.form], known, (*notes, f"Shortened to fit {facts.source}."))
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
    return {
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
    if not known["due"]:
        yield "No promise with a time is logged. Log one, and the text tells the customer when."


def _sentence(words: str) -> str:
    words = words.strip()
    return words[:1].upper() + words[1:]


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────


@cache
def shipped() -> Playbooks:
    """Those that come with the product."""
    text = resources.files("monitor.core").joinpath("playbooks.toml").read_text(encoding="utf-8")
    return read(tomllib.loads(text))


def read(document: Mapping[str, Any], over: Playbooks | None = None, where: str = "playbooks") -> Playbooks:
    """Playbooks from a TOML document, laid over others: what it does not say stays as it is there.

    Raises ConfigError naming every place that is wrong, with its remedy.
    """
    problems: list[str] = []
    frame = {form: dict(over.frame[form]) if over else {} for form in Form}
    books = dict(over.books) if over else {}
    for key, table in document.items():
        if not isinstance(table, Mapping):
            problems.append(f"{where}: {key}: a table is needed, such as [{key}.public]")
        elif key == FRAME:
            for name, words in _forms(table, (GREETING, CLOSING), key, where, problems, frozenset()):
                frame[name[0]][name[1]] = words
        else:
            books[key] = _book(key, table, books.get(key), where, problems)
    for form in Form:
        problems += [
            f"{where}: {FRAME}.{form}: {part} is missing"
            for part in (GREETING, CLOSING)
            if part not in frame[form]
        ]
    problems += [
        f"{where}: there is no playbook for the expectation {key}: write [{key}.public] and [{key}.direct]"
        for key in WITH
        if key not in books
    ]
    if problems:
        raise ConfigError(*problems)
    return Playbooks(books, frame)


def _book(
    key: str, table: Mapping[str, Any], old: Playbook | None, where: str, problems: list[str]
) -> Playbook:
    book = old or Playbook(key, "", {}, (), "", {form: {} for form in Form})
    for name in _TEXTS:
        if name in table:
            words = _text(table[name], f"{key}.{name}", where, problems, BLANKS if name == "broken" else ())
            book = replace(book, **{name: words})
    if "signals" in table:
        told = table["signals"]
        if isinstance(told, list) and all(isinstance(one, str) for one in told):
            book = replace(book, signals=tuple(told))
        else:
            problems.append(f"{where}: {key}.signals: a list of signals is needed, such as [\"not_received\"]")
    if "heard" in table:
        told = table["heard"]
        if isinstance(told, Mapping):
            said = {
                name: _text(words, f"{key}.heard.{name}", where, problems, BLANKS) for name, words in told.items()
            }
            book = replace(book, heard={**said, **{k: v for k, v in book.heard.items() if k not in said}})
        else:
            problems.append(f"{where}: {key}.heard: a table is needed: SIGNAL = \"that ...\"")
    others = frozenset((*_TEXTS, "signals", "heard"))
    steps = {form: dict(book.steps[form]) for form in Form}
    for (form, step), words in _forms(table, tuple(Step), key, where, problems, others):
        steps[form][Step(step)] = words
    book = replace(book, steps={form: {s: steps[form][s] for s in Step if s in steps[form]} for form in Form})
    problems += _missing(book, where)
    return book


def _missing(book: Playbook, where: str) -> Iterator[str]:
    if book.key not in WITH and not book.signals:
        near = get_close_matches(book.key, WITH, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        yield (
            f"{where}: {book.key} is no expectation. {meant}A playbook of your own needs signals = [...]: it is "
            f"taken where one of them was heard. Expectations are {', '.join(WITH)}"
        )
        return
    if not book.broken:
        yield f'{where}: {book.key}.broken is missing: what broke, as after "I am sorry"'
    for form in Form:
        for step in Step:
            if step not in book.steps[form]:
                yield f"{where}: {book.key}.{form}.{step} is missing: each form has all four steps"


def _forms(
    table: Mapping[str, Any],
    names: Collection[str],
    key: str,
    where: str,
    problems: list[str],
    others: Collection[str],
) -> Iterator[tuple[tuple[Form, str], str]]:
    """The texts under `public` and `direct`, each with its form and name."""
    for form, texts in table.items():
        if form in others:
            continue
        if form not in set(Form):
            known = ", ".join((*others, *Form)) if others else ", ".join(Form)
            problems.append(f"{where}: {key}.{form}: not known here. Known are {known}")
        elif not isinstance(texts, Mapping):
            problems.append(f"{where}: {key}.{form}: a table is needed, with {', '.join(names)}")
        else:
            for name, words in texts.items():
                place = f"{key}.{form}.{name}"
                if name in names:
                    yield (Form(form), name), _text(words, place, where, problems)
                else:
                    problems.append(f"{where}: {place}: not known here. Known are {', '.join(names)}")


def _text(
    words: object, place: str, where: str, problems: list[str], barred: Collection[str] = ()
) -> str:
    """A template; `barred` are the blanks that cannot stand in it."""
    if not isinstance(words, str):
        problems.append(f"{where}: {place}: a text in quotes is needed")
        return ""
    if not words.strip() and FRAME not in place:
        problems.append(f"{where}: {place}: is empty; leave the line out to keep the text that comes with it")
        return ""
    blanks = [name for name in BLANKS if name not in barred]
    problems += [f"{where}: {place}: {fault}" for fault in faults(words, blanks, ALWAYS)]
    return words


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
