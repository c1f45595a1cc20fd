"""Languages told, claimed and left open; and no text that breaks the telling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Mention
from monitor.scoring.hints import hinted
from monitor.scoring.language import Language, detect, iso_639_1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The coffee was cold and nobody answered my letter", "en"),
        ("Der Kaffee war kalt und niemand hat mir geantwortet", "de"),
        ("El café estaba frío y nadie me contestó la carta", "es"),
        ("コーヒーが冷たくて、誰も返事をくれませんでした", "ja"),
        ("这家店的咖啡是冷的，我写信给他们，可是没有人回答我", "zh"),
        ("הקפה היה קר ואף אחד לא ענה לי על המכתב", "he"),
        ("The coffee was cold and\x00 nobody\ud800 answered\x85 my letter\uffff", "en"),
        (
            "@AcmeKaffee @DeutscheFreunde https://example.com/der/kaffee/ist/kalt my coffee was cold again today",
            "en",
        ),
        ("", None),
        ("ok", None),
        ("😀😀😀 !!! 12345", None),
        ("https://example.com/the-coffee-was-cold-and-nobody-answered", None),
    ],
)
def test_the_language_is_told_or_left_open(text: str, code: str | None) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Desayuno flojo", "es"), ("Habitación fría", "es"), ("Chambre froide", "fr"), ("très froid", "fr"),
        ("Frühstück kalt", "de"), ("Colazione fredda", "it"), ("Camera pulita", "it"), ("Atendimento frio", "pt"),
        ("Não abre", "pt"), ("Kamers koud", "nl"), ("Ontbijt koud", "nl"), ("Makanan dingin", "id"), ("gak enak", "id"),
        ("冷たい", "ja"), ("さむい!", "ja"), ("太贵", "zh"), ("سيئ", "ar"), ("خیلی بد", "fa"), ("بہت برا", "ur"),
        ("별로", "ko"),
        ("Плохо", "ru"),
    ],
)  # fmt: skip
def test_short_texts_are_told_by_their_script_or_their_small_words(text: str, code: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    "text",
    ["Cold coffee", "Bad app", "Los Angeles", "La Scala", "Das Auto rocks", "de facto", "Bravo!", "excellent",
     "nice 本 shop",
     "Omar was great", "die hard fan", "no", "me too", "mal", "Merci coffee is good",
     "très chic, love it and the staff"],
)  # fmt: skip
def test_english_and_what_might_be_is_never_called_foreign(text: str) -> None:
    assert detect(text) in (None, "en")


@pytest.mark.parametrize(
    ("text", "code"),
    [("ambiente", None), ("di sini kopi tidak enak tapi tempat bagus", "id"), ("no la de", None)],
)
def test_what_points_nowhere_or_to_two_is_left_open(text: str, code: str | None) -> None:
    assert hinted(text) == code


def test_a_guess_decides_between_equals_only() -> None:
    assert hinted("excelente") is None
    assert hinted("excelente", "pt") == "pt"
    assert hinted("excelente", "it") is None


@pytest.mark.parametrize(
    ("claim", "code"),
    [("en", "en"), ("en-GB", "en"), ("PT_br", "pt"), ("iw", "he"), ("zh-Hant", "zh"), ("ceb", None), ("", None),
     ("und", None), ("e1", None), ("éé", None)],
)  # fmt: skip
def test_language_tags_become_two_letters(claim: str, code: str | None) -> None:
    assert iso_639_1(claim) == code


def test_the_claim_of_the_source_wins_and_an_empty_one_does_not() -> None:
    english = "The coffee was cold and nobody answered my letter"
    mentions = [
        Mention("files", str(n), english, language=claim) for n, claim in enumerate(["fr-CA", None, "und"])
    ]
    assert [opinion.label for opinion in Language().score(mentions)] == ["fr", "en", "en"]


@given(st.text(st.characters(), max_size=80))
def test_any_text_at_all_is_taken(text: str) -> None:
    assert detect(text) is None or len(detect(text) or "") == 2


def test_every_single_code_point_is_taken() -> None:
    for start in range(0, 0x110000, 64):
        detect("hello " + "".join(map(chr, range(start, min(start + 64, 0x110000)))))
