"""Old alphabets are told apart, and what is none of them is left alone."""

from __future__ import annotations

import pytest

from sources.charset import guess

RUSSIAN = "Обещали перезвонить в понедельник, и никто не позвонил. Кофе был холодный, жду уже третью неделю."
HEBREW = "הבטיחו להתקשר אלי ביום שני ואף אחד לא התקשר. הקפה היה קר."


@pytest.mark.parametrize(
    ("text", "encoding"), [(RUSSIAN, "koi8-r"), (RUSSIAN, "windows-1251"), (HEBREW, "windows-1255")]
)
def test_an_alphabet_is_told_by_its_words(text: str, encoding: str) -> None:
    assert guess(f"<rss><title>{text}</title></rss>".encode(encoding)) == encoding


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<rss>cold cup</rss>",
        RUSSIAN.encode(),
        "Le café était très mauvais, où est le gérant ? Déçu.".encode("windows-1252"),
        "Der Kaffee war kühl, für drei Euro. Schöne Grüße.".encode("iso-8859-1"),
        "再見，咖啡是冷的。他們答應星期一打電話給我，可是沒有人打來，我還在等退款，這已經是第三次了。".encode(
            "big5"
        ),
        "咖啡是冷的。他们答应星期一打电话给我，可是没有人打来，我还在等退款，这已经是第三次了。".encode(
            "gb18030"
        ),
        "コーヒーが冷めていました。月曜日に電話すると約束したのに、誰も電話してきません。".encode(
            "shift_jis"
        ),
        RUSSIAN.encode("utf-16"),
        b'<?xml version="1.0" encoding="koi8-r"?>' + RUSSIAN.encode("koi8-r"),
        bytes(range(256)),
    ],
)
def test_what_is_declared_or_none_of_them_is_left_alone(data: bytes) -> None:
    assert guess(data) is None
