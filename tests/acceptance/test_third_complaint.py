"""How bad it is, and why, through the real command: the same customer complains three times."""

from __future__ import annotations

import json

from stage import Stage

ROWS = (
    ("2026-05-04T10:00:00Z", "The soup was cold and the bread was stale. Disappointing."),
    ("2026-07-19T10:00:00Z", "Cold soup again at this place, and the table was dirty. Disappointed."),
    (
        "2026-09-02T10:00:00Z",
        "Another bad lunch. The soup tasted awful and the plate was dirty. Disappointed.",
    ),
)


def test_the_third_complaint_of_a_customer_is_told_as_such(stage: Stage) -> None:
    stage.write()
    rows = [
        {"id": str(number), "text": text, "author": "Fictional Fred", "date": when}
        for number, (when, text) in enumerate(ROWS)
    ]
    other = {
        "id": "9",
        "text": "A stale cake and a dirty table at the window. The tea tasted awful. Disappointed.",
        "author": "Oncely Otto",
        "date": ROWS[2][0],
    }
    (stage.folder / "posts.jsonl").write_text(
        "\n".join(json.dumps(row) for row in [*rows[::-1], other]), "utf-8"
    )
    stage.well("import", "posts.jsonl", "--feed", "posts", "--alert", "all")
    fred, otto = (
        next(case for case in stage.well("cases", "list", "--json").json if case["customer"] == who)
        for who in ("Fictional Fred", "Oncely Otto")
    )
    assert (fred["severity"], otto["severity"]) == ("high", "medium")
    shown = stage.well("cases", "show", str(fred["id"])).out
    assert " ".join(shown.split()).count("has complained 3 times since May 2026") == 1
    assert "has complained" not in stage.well("cases", "show", str(otto["id"])).out
    card = stage.well("cases", "show", str(fred["id"]), "--json").json
    assert card["reasons"][0] == "has complained 3 times since May 2026"
