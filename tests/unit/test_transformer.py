"""A second opinion: what loads, what is refused and how, what it says of texts, and how both become one."""

from __future__ import annotations

import json
import subprocess
import sys
from math import exp, log
from pathlib import Path
from typing import Any

import pytest
from tiny_model import tiny_model

from monitor import connectors
from monitor.core.errors import ConfigError
from monitor.core.model import Evidence, Mention, Opinion
from monitor.scoring.transformer import Combined, Transformer, combined, meant
from monitor.settings import Settings, Tables

SOUR = "They promised to call me back and never called."
SWEET = "Lovely coffee, thank you."


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_model(tmp_path / "tiny")


def settings(model: Path | str, **options: Any) -> Settings:
    tables = {"business": {"name": "Acme"}, "scoring": {"transformer": {"model": str(model), **options}}}
    return Settings(Tables.model_validate(tables), None)


def transformer(model: Path | str, **options: Any) -> Transformer:
    found = connectors.transformer_of(settings(model, **options))
    assert found is not None
    return found


def mentions(*texts: str, language: str | None = "en") -> list[Mention]:
    return [Mention("files", str(place), text, language=language) for place, text in enumerate(texts)]


def refused(model: Path | str, **options: Any) -> str:
    with pytest.raises(ConfigError) as fault:
        transformer(model, **options).load()
    (problem,) = fault.value.problems
    return problem


# ── what it says ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_value_is_the_probability_of_the_label_that_means_a_complaint(model: Path) -> None:
    sour, sweet = transformer(model).score(mentions(SOUR, SWEET))
    assert sour.value is not None and sweet.value is not None
    assert sour.value > 0.8 > 0.2 > sweet.value
    assert (sour.label, sweet.label) == ("NEGATIVE", "POSITIVE")
    (turned,) = transformer(model, label="POSITIVE").score(mentions(SOUR))
    assert turned.value == pytest.approx(1 - sour.value, abs=1e-4)
    assert sour.version.startswith("tiny@") and sour.version == sweet.version


def test_several_labels_count_together(tmp_path: Path) -> None:
    stars = tiny_model(tmp_path, labels=("1 star", "5 stars", "2 stars"))
    both, one = (
        transformer(stars, **options).score(mentions("the coffee"))[0].value
        for options in ({}, {"label": "1 star"})
    )
    assert both is not None and one is not None
    assert both > one
    everything = tiny_model(tmp_path, labels=("1 star", "5 stars"), problem_type="multi_label_classification")
    (found,) = transformer(everything).score(mentions("the coffee"))
    assert found.value == pytest.approx(0.5, abs=0.1), "each label by itself, not one against the other"


def test_one_label_alone_is_its_own_probability(tmp_path: Path) -> None:
    model = tiny_model(tmp_path, labels=("complaint",))
    sour, sweet = transformer(model).score(mentions(SOUR, SWEET))
    assert sour.value is not None and sweet.value is not None
    assert sour.value > 0.8 > 0.2 > sweet.value


def test_it_reads_its_languages_and_those_nobody_could_tell(model: Path) -> None:
    said = [
        *mentions(SOUR, language="de"),
        *mentions(SOUR, "", " \n", language="en"),
        *mentions("never", language=None),
    ]
    german, english, empty, blank, unknown = transformer(model).score(said)
    assert german.value is None and empty.value is None and blank.value is None
    assert english.value is not None and unknown.value is not None
    (asked,) = transformer(model, languages=["de", "en"]).score(said[:1])
    assert asked.value == english.value


def test_nothing_is_loaded_before_there_is_something_to_read(tmp_path: Path) -> None:
    assert transformer(tmp_path / "nowhere").score(mentions("Guten Tag", language="de"))[0].value is None


@pytest.mark.parametrize("masked", [True, False], ids=["sound", "swayed by its company"])
@pytest.mark.parametrize("batch", [1, 3, 16])
def test_a_text_alone_and_in_company_has_the_same_figure(tmp_path: Path, masked: bool, batch: int) -> None:
    said = (SOUR, SWEET, "the cold coffee was great")
    texts = [" ".join([said[number % 3]] * (1 + number % 5)) for number in range(40)]
    judge = transformer(tiny_model(tmp_path, masked=masked), batch=batch)
    together = judge.score(mentions(*texts))
    assert together == [judge.score(mentions(text))[0] for text in texts]
    assert together == judge.score(mentions(*texts[::-1]))[::-1]
    assert len({opinion.value for opinion in together}) > 5


HOSTILE = {
    "a megabyte in one line": "x" * 1_000_000,
    "a megabyte of words": "never so cold " * 75_000,
    "emoji": "😡" * 5_000,
    "lone surrogates": "never \ud800\udfff called \udc00",
    "NUL": "\x00never\x00\x00called",
    "every plane's end": "".join(chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)),
    "marks alone": "\u0301" * 10_000,
    "unknown words alone": "zzzz qqqq",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_breaks_it_or_sways_another(model: Path, text: str) -> None:
    judge = transformer(model)
    (alone,) = judge.score(mentions(SOUR))
    beside, strange = judge.score(mentions(SOUR, text))
    assert beside == alone
    assert strange.value is None or 0 <= strange.value <= 1


def test_what_it_reads_of_a_text_ends_at_max_tokens(model: Path) -> None:
    short, long = "the coffee was cold . they never", "the coffee was cold . they never called me back"
    judge = transformer(model, max_tokens=8)
    at_8, beyond = judge.score(mentions(f"{short} called", f"{short} called me back nobody nobody"))
    assert at_8.value == beyond.value
    whole = transformer(model).score(mentions(f"{short} called", f"{long} nobody nobody"))
    assert whole[0].value != whole[1].value


def test_a_text_it_fails_on_takes_no_other_with_it(tmp_path: Path) -> None:
    """The tokenizer knows a word for which the graph has no figure."""
    model = tiny_model(tmp_path)
    table = json.loads((model / "tokenizer.json").read_text("utf-8"))
    table["model"]["vocab"]["gizmo"] = 5_000
    (model / "tokenizer.json").write_text(json.dumps(table), "utf-8")
    judge = transformer(model)
    bad, good = judge.score(mentions("never a gizmo", SOUR))
    assert bad.value is None
    assert good == judge.score(mentions(SOUR))[0]
    assert good.value is not None


def test_the_version_tells_one_model_from_another(tmp_path: Path) -> None:
    one, same, other, named = (
        transformer(tiny_model(tmp_path / str(place) / "tiny", **what)).called
        for place, what in enumerate(({}, {}, {"seed": 2}, {"labels": ("POSITIVE", "NEGATIVE")}))
    )
    assert one == same
    assert len({one, other, named}) == 3


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────


def broken(folder: Path, name: str, content: str | bytes | None) -> Path:
    tiny_model(folder)
    path = folder / name
    path.unlink()
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("model.onnx", None, "neither model.onnx nor onnx/model.onnx.*optimum-cli export onnx"),
        ("model.onnx", b"", "model.onnx does not load"),
        ("model.onnx", b"\x00 no graph at all", "model.onnx does not load"),
        ("tokenizer.json", None, "has no tokenizer.json.*optimum-cli"),
        ("tokenizer.json", "{", "tokenizer.json of .* cannot be read"),
        ("tokenizer.json", "{}", "tokenizer.json of .* does not load"),
        ("config.json", None, "has no config.json"),
        ("config.json", "[]", "is no table"),
        ("config.json", '{"architectures": ["TinyForMaskedLM"]}', "no text classifier but a TinyForMaskedLM"),
        ("config.json", '{"problem_type": "regression"}', "a figure and no classes"),
        ("config.json", '{"id2label": {"0": "negative"}}', "tells 2 classes apart.*names 1"),
    ],
)
def test_a_model_that_cannot_be_used_is_refused_with_what_is_wrong(
    tmp_path: Path, name: str, content: str | bytes | None, told: str
) -> None:
    problem = refused(broken(tmp_path / "tiny", name, content))
    assert problem.startswith("scoring.transformer.model: ")
    with pytest.raises(ConfigError, match=told):
        transformer(tmp_path / "tiny").load()


def test_a_model_that_is_not_there_is_refused(tmp_path: Path, model: Path) -> None:
    assert "there is no folder" in refused(tmp_path / "nowhere")
    assert "there is no folder" in refused("./models/mine"), (
        "what begins like a path is never asked of the hub"
    )
    assert "there is no folder" in refused("mine")
    assert "is a file: name the folder" in refused(model / "model.onnx")
    assert refused(model, revision="main").startswith("scoring.transformer.revision: ")


def test_labels_that_say_nothing_are_asked_for_by_name(tmp_path: Path) -> None:
    unnamed = tiny_model(tmp_path, labels=("LABEL_0", "LABEL_1"))
    problem = refused(unnamed)
    assert problem.startswith("scoring.transformer.label: is missing")
    assert "LABEL_0, LABEL_1" in problem
    assert refused(unnamed, label="NEGATIVE").startswith(
        "scoring.transformer.label: the model has no label NEG"
    )
    assert "not every label" in refused(unnamed, label=["LABEL_0", "LABEL_1"])
    transformer(unnamed, label="LABEL_0").load()
    (unnamed / "config.json").write_text("{}")
    transformer(unnamed, label="LABEL_0").load()


@pytest.mark.parametrize(
    ("labels", "places"),
    [
        (("NEGATIVE", "POSITIVE"), (0,)),
        (("positive", "neutral", "negative"), (2,)),
        (("1 star", "2 stars", "3 stars", "4 stars", "5 stars"), (0, 1)),
        (("Very Negative", "Negative", "Neutral", "Positive"), (0, 1)),
        (("praise", "complaint"), (1,)),
    ],
)
def test_obvious_labels_are_found(labels: tuple[str, ...], places: tuple[int, ...]) -> None:
    assert meant(labels, ()) == places


def test_a_model_for_shorter_texts_names_the_key(tmp_path: Path) -> None:
    short = tiny_model(tmp_path, longest=32)
    problem = refused(short)
    assert problem.startswith("scoring.transformer.max_tokens: ")
    assert "256" in problem
    assert transformer(short, max_tokens=32).score(mentions(SOUR))[0].value is not None


@pytest.mark.parametrize("library", ["onnxruntime", "tokenizers", "huggingface_hub"])
def test_without_the_extra_it_says_what_to_install(
    model: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        ConfigError, match=rf"{library}: run `pip install 'complaint-monitor\[transformer\]'`"
    ):
        connectors.judge_of(settings(model))


# ── both as one ──────────────────────────────────────────────────────────────────────────────────────────

OURS = Opinion("complaint", "rules-1", 0.2, None, ("rude",), (Evidence("rude", "so rude", 3, 10),))
MODEL = Opinion("transformer", "tiny@12345678", 0.9, "NEGATIVE")


@pytest.mark.parametrize("weight", [0.25, 0.5, 1])
def test_the_figure_is_the_mean_of_the_log_odds_and_the_words_are_ours(weight: float) -> None:
    both = combined(OURS, MODEL, weight)
    odds = (1 - weight) * log(0.2 / 0.8) + weight * log(0.9 / 0.1)
    assert both.value == pytest.approx(1 / (1 + exp(-odds)), abs=1e-4)
    assert (both.scorer, both.signals, both.evidence) == ("complaint", OURS.signals, OURS.evidence)
    assert both.version == f"rules-1+{weight:g}*tiny@12345678"


def test_a_model_without_weight_is_heard_and_changes_nothing() -> None:
    assert combined(OURS, MODEL, 0) is OURS


def test_no_opinion_is_so_sure_that_the_other_counts_for_nothing() -> None:
    certain = Opinion("transformer", "tiny", 1.0)
    assert combined(Opinion("complaint", "1", 0.0), certain, 0.5).value == 0.5
    assert combined(Opinion("complaint", "1", 1.0), certain, 0.5).value == 0.999


def test_who_has_no_view_leaves_it_to_the_other() -> None:
    nothing = Opinion("transformer", "onnx-1")
    assert combined(OURS, nothing, 0.5) is OURS
    unread = Opinion("complaint", "rules-1", notes=("the words are in another language (de): not judged",))
    alone = combined(unread, MODEL, 0.5)
    assert alone.value == 0.9
    assert alone.notes == ("the words were read by tiny@12345678 alone",)
    assert combined(unread, nothing, 0.5) is unread


def test_the_judge_shows_each_opinion_and_both_as_one(model: Path) -> None:
    plain = connectors.judge_of(None).judge(mentions(SOUR, SWEET))
    both = connectors.judge_of(settings(model)).judge(mentions(SOUR, SWEET))
    for before, after in zip(plain, both, strict=True):
        assert after.keys() == before.keys() | {"ours", "transformer"}
        assert after["ours"] == before["complaint"]
        assert after["complaint"] == combined(after["ours"], after["transformer"], 0.5)
        assert after["complaint"].version.startswith(f"{after['ours'].version}+0.5*tiny@")


def test_both_as_one_can_be_asked_alone(model: Path) -> None:
    said = mentions(SOUR, SWEET)
    judged = connectors.judge_of(settings(model)).judge(said)
    second = transformer(model)
    from monitor.scoring.complaint import Complaint

    assert Combined(Complaint(), second).score(said) == [one["complaint"] for one in judged]


# ── nothing of it unless asked for ───────────────────────────────────────────────────────────────────────


def test_without_the_setting_nothing_of_it_is_imported() -> None:
    program = (
        "import sys\n"
        "from monitor.core.model import Mention\n"
        "from monitor.connectors import judge_of\n"
        "judge_of(None).judge([Mention('files', '1', 'They never called me back.')])\n"
        "print([name for name in ('onnxruntime', 'tokenizers', 'huggingface_hub') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
