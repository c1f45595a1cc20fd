"""Playbooks as they are written down: `playbooks.toml`, and a file of the business's own laid over it.

docs/playbooks.md tells the form. Every fault is named with its place and its remedy, all of them at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from monitor.core.blanks import faults
from monitor.core.errors import ConfigError
from monitor.core.playbook import CLOSING, GREETING, Playbook, Playbooks, Step
from monitor.core.reply import Form
from monitor.core.severity_rules import WITH

BLANKS = ("business", "broken", "customer", "place", "promise", "due", "author", "authority")
ALWAYS = ("business", "broken")
"""Blanks that are never unknown."""
FRAME = "frame"
WHOLE = ("broken", "first", "heard", "signals")
"""What a playbook says beside the texts of its forms."""

Where = Callable[[tuple[str, ...]], str]
"""How a person finds a key: `respect.public.next`, with file and line where there are such."""


@cache
def shipped() -> Playbooks:
    """Those that come with the product."""
    text = resources.files("monitor.core").joinpath("playbooks.toml").read_text(encoding="utf-8")
    return read(tomllib.loads(text))


def read(document: Mapping[str, Any], over: Playbooks | None = None, where: Where = ".".join) -> Playbooks:
    """Playbooks from a TOML document, laid over others: what it does not say stays as it is there.

    Raises ConfigError naming every place that is wrong, with its remedy.
    """
    reading = _Reading(where)
    frame = {form: dict(over.frame[form]) if over else {} for form in Form}
    books = dict(over.books) if over else {}
    for key, table in document.items():
        if not isinstance(table, Mapping):
            reading.fault((key,), f"a table is needed, such as [{key}.public]")
        elif key == FRAME:
            for form, part, words in reading.forms(key, table, (GREETING, CLOSING), ()):
                frame[form][part] = words
        else:
            books[key] = reading.book(key, table, books.get(key))
    for form in Form:
        for part in (GREETING, CLOSING):
            if part not in frame[form]:
                reading.fault((FRAME, form, part), "is missing")
    for key in WITH:
        if key not in books:
            reading.fault((key,), f"has no playbook: write [{key}.public] and [{key}.direct]")
    if reading.problems:
        raise ConfigError(*reading.problems)
    return Playbooks(books, frame)


class _Reading:
    """Reads on after a fault, so that all are told together."""

    def __init__(self, where: Where) -> None:
        self.where = where
        self.problems: list[str] = []

    def fault(self, place: tuple[str, ...], what: str) -> None:
        self.problems.append(f"{self.where(place)}: {what}")

    def book(self, key: str, table: Mapping[str, Any], old: Playbook | None) -> Playbook:
        known = len(self.problems)
        book = old or Playbook(key, "", {}, (), "", {form: {} for form in Form})
        if "broken" in table:
            book = replace(book, broken=self.text((key, "broken"), table["broken"], BLANKS))
        if "first" in table:
            book = replace(book, first=self.text((key, "first"), table["first"]))
        if "heard" in table:
            book = replace(book, heard={**book.heard, **self.heard(key, table["heard"])})
        if "signals" in table:
            book = replace(book, signals=self.signals(key, table["signals"]))
        steps = {form: dict(book.steps[form]) for form in Form}
        for form, name, words in self.forms(key, table, tuple(Step), WHOLE):
            steps[form][Step(name)] = words
        ordered = {form: {step: steps[form][step] for step in Step if step in steps[form]} for form in Form}
        book = replace(book, steps=ordered)
        if len(self.problems) == known:
            self.complete(book)
        return book

    def complete(self, book: Playbook) -> None:
        if book.key not in WITH and not book.signals:
            near = get_close_matches(book.key, WITH, 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            self.fault(
                (book.key,),
                f"is no expectation.{meant} A playbook of your own needs signals = [...]: it is taken where one of "
                f"them was heard. Expectations are {', '.join(WITH)}",
            )
            return
        if not book.broken:
            self.fault((book.key, "broken"), 'is missing: say what broke, as after "I am sorry"')
        for form in Form:
            for step in Step:
                if step not in book.steps[form]:
                    self.fault((book.key, form, step), "is missing: each form has all four steps")

    def heard(self, key: str, told: object) -> dict[str, str]:
        if isinstance(told, Mapping):
            return {name: self.text((key, "heard", name), words, BLANKS) for name, words in told.items()}
        self.fault((key, "heard"), 'a table is needed, such as { rude = "that we were rude to you" }')
        return {}

    def signals(self, key: str, told: object) -> tuple[str, ...]:
        if isinstance(told, list) and told and all(isinstance(one, str) and one for one in told):
            return tuple(told)
        self.fault((key, "signals"), 'a list of signals is needed, such as ["not_received"]')
        return ()

    def forms(
        self, key: str, table: Mapping[str, Any], names: Collection[str], others: Collection[str]
    ) -> Iterator[tuple[Form, str, str]]:
        """The texts under `public` and `direct`, each with its form and name."""
        for form, texts in table.items():
            if form in others:
                continue
            if form not in set(Form):
                self.fault((key, form), f"is not known. Known here are {', '.join((*others, *Form))}")
            elif not isinstance(texts, Mapping):
                self.fault((key, form), f"a table is needed, with {', '.join(names)}")
            else:
                for name, words in texts.items():
                    if name in names:
                        yield Form(form), name, self.text((key, form, name), words)
                    else:
                        self.fault((key, form, name), f"is not known. Known here are {', '.join(names)}")

    def text(self, place: tuple[str, ...], words: object, barred: Collection[str] = ()) -> str:
        """A template; `barred` are the blanks that cannot stand in it."""
        if not isinstance(words, str):
            self.fault(place, "a text in quotes is needed")
            return ""
        if not words.strip() and place[0] != FRAME:
            self.fault(place, "is empty; leave it out to keep the text that comes with the product")
            return ""
        for fault in faults(words, [name for name in BLANKS if name not in barred], ALWAYS):
            self.fault(place, fault)
        return words
