"""Made-up posts of a wanted length, with a fixed seed: whole sentences, with all that people put between them.

Two in eight complain, two praise, one asks, the rest just talks. Names, links, tags, numbers and slips of the
keyboard make about two words of a short post new, as they are in real ones: what a program remembers from earlier
posts must not help it more here than in life.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

TONES = ("complaint", "complaint", "praise", "praise", "question", "talk", "talk", "talk")
TAIL = 5
"""Characters that tag, link and smile add on the average."""
_SLOT = re.compile(r"\{([^{}]*)\}")
_OPENINGS = "@acmehelp @acmehelp @acmecoffee @tinpenny @kestrelair hey and um, omg so".split(" ")  # noqa: SIM905
_SMILES = "😀 😡 😂 👍 🙏 😭😭 ❤️ :) :( :D ;-) <3".split(" ")  # noqa: SIM905
_MARKS = (*"............!!", "!!", "!!!", "...", "....", "", "", "", "?!", "…")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"

Draw = random.Random


def posts(count: int, length: int, seed: int = 7, moods: float = 0.0) -> list[str]:
    """`count` posts of about `length` characters: a few have half of that, a few half as many again.

    Of a hundred words about eight carry a mood, as in life. `moods` is the share of words before which one more is
    put in: that makes no sense, but sets stock VADER to work.
    """
    draw = random.Random(seed)
    made = [post(draw, length) for _ in range(count)]
    return [_stirred(draw, said, moods) for said in made] if moods else made


def _stirred(draw: Draw, said: str, moods: float) -> str:
    words: list[str] = []
    for word in said.split():
        if draw.random() < moods:
            words.append(draw.choice(_sections()["mood"]))
        words.append(word)
    return " ".join(words)[: len(said)]


def post(draw: Draw, length: int) -> str:
    tone = draw.choice(TONES)
    wanted = draw.triangular(0.5, 1.5) * length - TAIL
    said = [_opening(draw)] if draw.random() < 0.4 else []
    size = sum(map(len, said))
    while size < wanted:
        # whoever writes at length tells of other things too
        about = tone if size < length / 3 or draw.random() < 0.4 else "talk"
        sentence = _slipped(draw, _said(draw, about), "?" if about == "question" else "")
        if size and size + len(sentence) / 2 > wanted:
            break
        said.append(sentence)
        size += len(sentence) + 1
    if draw.random() < 0.2:
        said.append("#" + "".join(draw.sample(_glued(), draw.choice((1, 2, 2, 3)))))
    if draw.random() < 0.08:
        said.append(
            f"https://{draw.choice(_sections()['sound'])}.example/" + "".join(draw.choices(_SIGNS, k=8))
        )
    if draw.random() < 0.08:
        said.append(draw.choice(_SMILES))
    return " ".join(said)


def _said(draw: Draw, about: str) -> str:
    """A sentence, often with a few words of feeling behind it."""
    sentence = _sentence(draw, about)
    if draw.random() < 0.6:
        return sentence
    feeling = _sentence(draw, "upset" if about == "complaint" else "aside")
    return sentence + draw.choice((", ", ", ", " - ", " and ", " ")) + feeling


def _opening(draw: Draw) -> str:
    if draw.random() < 0.2:
        return f"@{_name(draw).lower()}{draw.choice(('', '_', draw.randrange(100)))}"
    return draw.choice(_OPENINGS)


def _sentence(draw: Draw, section: str) -> str:
    """One of the section, its slots filled from the innermost on."""
    sections = _sections()

    def fill(slot: re.Match[str]) -> str:
        name: str = slot[1]
        if "|" in name:
            return draw.choice(name.split("|"))
        if name in _MADE:
            return _MADE[name](draw)
        return draw.choice(sections.get(name, (name,)))

    said: str = draw.choice(sections[section])
    while "{" in said:
        said = _SLOT.sub(fill, said)
    return said


def _slipped(draw: Draw, sentence: str, mark: str) -> str:
    """The sentence as typed in a hurry: a letter too many or too few, capitals, no apostrophe, any mark at its end."""
    words = sentence.split()
    for place, word in enumerate(words):
        dice = draw.random()
        if dice < 0.035 and len(word) > 3:
            words[place] = _typo(draw, word)
        elif dice < 0.045:
            words[place] = word.upper()
        elif dice < 0.05:
            words[place] = f'"{word}"'
        elif dice < 0.065:
            words[place] = word + draw.choice((",", "...", "!", ",", " -", " &amp;"))
        elif dice < 0.085 and len(word) > 3:
            words[place] = word + draw.choice("-/") + draw.choice(_glued())
        elif dice < 0.13:
            words[place] = word.replace("'", "")
    if draw.random() < 0.7:
        words[0] = words[0][:1].upper() + words[0][1:]
    return " ".join(words) + (mark or draw.choice(_MARKS))


def _typo(draw: Draw, word: str) -> str:
    at = draw.randrange(1, len(word) - 1)
    return draw.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + draw.choice(_LETTERS) + word[at + 1 :],
            word[:at] + word[at] * draw.randint(3, 6) + word[at + 1 :],
        )
    )


def _name(draw: Draw) -> str:
    """One in three is one of the thirty that everybody has."""
    if draw.random() < 0.33:
        draw = random.Random(draw.randrange(30))
    return "".join(draw.choices(_sections()["sound"], k=draw.choice((2, 2, 3)))).capitalize()


def _town(draw: Draw) -> str:
    if draw.random() < 0.6:
        draw = random.Random(draw.randrange(60))
    return _name(draw) + draw.choice(("ton", "ford", "wick", "bury", "by", ""))


def _clock(draw: Draw) -> str:
    return f"{draw.randint(1, 12)}{draw.choice((':15', ':30', ':45', '', ''))}{draw.choice(('am', 'pm'))}"


def _sum(draw: Draw) -> str:
    figure = draw.choice((5, 10, 20, 50, 100, draw.randint(2, 999), draw.uniform(1, 300)))
    return f"{draw.choice('$$£€')}{figure:.{draw.choice((0, 2))}f}"


def _count(draw: Draw) -> str:
    return str(draw.choice((2, 3, 4, 5, 10, 20, draw.randint(6, 90), draw.randint(6, 900))))


def _order(draw: Draw) -> str:
    what, mark = draw.choice(("order", "case", "booking", "ref")), draw.choice(("", "#", "AC-"))
    return f"{what} {mark}{draw.randrange(10**5, 10**7)}"


def _date(draw: Draw) -> str:
    day = draw.randint(1, 28)
    return draw.choice(
        (f"the {day}th", f"{day}/{draw.randint(1, 12)}", f"{day} {draw.choice(_sections()['month'])}")
    )


_MADE: Mapping[str, Callable[[Draw], str]] = {
    "person": _name,
    "town": _town,
    "clock": _clock,
    "sum": _sum,
    "count": _count,
    "order": _order,
    "date": _date,
}


@cache
def _sections() -> Mapping[str, Sequence[str]]:
    """Of the file beside this one, by name: sentences, one a line, and words, which commas part as well."""
    found: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("sentences.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            lines = found[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            lines += [line] if "{" in line else line.split(", ")
    return found


@cache
def _glued() -> list[str]:
    """Words that tags are glued from."""
    kinds = ("thing", "event", "dish", "day", "quality", "bad")
    return [word.replace(" ", "") for kind in kinds for word in _sections()[kind]]
