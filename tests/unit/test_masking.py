"""Names of staff in the channel: shortened wherever they stand, and nothing else is."""

from __future__ import annotations

import pytest

from monitor.core.masking import mask_staff

MASKED = [
    ("Nadia was rude.", ["Nadia"], "N… was rude."),
    ("Nadia's friend, NADIA and nadia", ["Nadia"], "N…'s friend, N… and n…"),
    ("It was Nadia’s idea", ["Nadia"], "It was N…’s idea"),
    ("James' shift", ["James"], "J…' shift"),
    ("Zoë, Zoe and Zoe\u0308", ["Zoe"], "Z…, Z… and Z…"),
    ("Zoe and ZOË", ["Zoë"], "Z… and Z…"),
    ("E\u0301lise left", ["Élise"], "E\u0301… left"),
    ("Łukasz, or Lukasz", ["Łukasz"], "Ł…, or L…"),
    ("l'Élise d’Omar", ["Élise", "Omar"], "l'É… d’O…"),
    ("Nadia Kowalczyk, then Nadia", ["Nadia Kowalczyk"], "N… K…, then N…"),
    ("Anne-Marie hung up", ["Anne-Marie"], "A… hung up"),
    ("O'Brien hung up", ["O'Brien"], "O… hung up"),
    ("@nadia and nadia@acme.example", ["Nadia"], "@n… and n…@acme.example"),
    ("Иван и ИВАНУ и Иван", ["Иван"], "И… и ИВАНУ и И…"),
    ("店员王伟很差", ["王伟"], "店员王…很差"),
    ("GROSS and Groß", ["Groß"], "G… and G…"),
    ("Na\u200bdia hides", ["Nadia"], "N… hides"),
    ("Will served us", ["Will"], "W… served us"),
]
KEPT = [
    ("Nadiane and Canadian and Nadias", ["Nadia"]),
    ("you will see, a rose on the mark", ["Will", "Rose", "Mark"]),
    ("Anne-Marie", ["Anne"]),
    ("Rose-Marie", ["Marie"]),
    ("nothing", []),
    ("nothing", ["", "  ", "J"]),
    ("", ["Nadia"]),
    ("J. is a letter", ["J"]),
]


@pytest.mark.parametrize(("text", "names", "masked"), MASKED)
def test_a_name_is_shortened(text: str, names: list[str], masked: str) -> None:
    assert mask_staff(text, names) == masked


@pytest.mark.parametrize(("text", "names"), KEPT)
def test_what_is_no_name_stays(text: str, names: list[str]) -> None:
    assert mask_staff(text, names) == text


def test_masking_twice_is_masking_once() -> None:
    for text, names, masked in MASKED:
        assert mask_staff(mask_staff(text, names), names) == masked
