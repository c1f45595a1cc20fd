"""A feed's token is found where the settings say, and shows up nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.core.errors import Denied
from sources.secrets import TokenOptions

TOKEN = "Q2ZhY3Rpb25hbC1mcmVkLWlzLW5vLXBlcnNvbg"


def test_none_is_named() -> None:
    options = TokenOptions()
    assert (options.has_token, options.token()) == (False, None)


def test_from_the_environment_as_it_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    options = TokenOptions(token_env="ACME_TOKEN")
    monkeypatch.setenv("ACME_TOKEN", f" {TOKEN}\n")
    assert (options.has_token, options.token()) == (True, TOKEN)
    monkeypatch.setenv("ACME_TOKEN", "renewed")
    assert options.token() == "renewed"


def test_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    options = TokenOptions(token_file=file)
    assert (options.has_token, options.token()) == (True, TOKEN)


def test_what_is_wrong_is_said_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACME_TOKEN", raising=False)
    with pytest.raises(Denied, match=r"ACME_TOKEN.* is not set: set it"):
        TokenOptions(token_env="ACME_TOKEN").token()
    with pytest.raises(Denied, match=r"missing.* does not exist: create it"):
        TokenOptions(token_file=tmp_path / "missing").token()
    with pytest.raises(Denied, match="cannot be read"):
        TokenOptions(token_file=tmp_path).token()


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe\x00", "is not a text file"),
        (f"user = {TOKEN}".encode(), "holds more than a token"),
        (f"{TOKEN}\n{TOKEN}".encode(), "holds more than a token"),
        ("clé".encode(), "holds more than a token"),
        (b"x" * 20_000, "holds more than a token"),
    ],
)
def test_a_file_that_holds_something_else(tmp_path: Path, held: bytes, said: str) -> None:
    file = tmp_path / "token"
    file.write_bytes(held)
    with pytest.raises(Denied, match=said) as caught:
        TokenOptions(token_file=file).token()
    assert TOKEN not in str(caught.value)


def test_the_token_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_TOKEN", TOKEN)
    options = TokenOptions(token_env="ACME_TOKEN")
    options.token()
    assert TOKEN not in repr(options) + str(options) + options.model_dump_json()
    monkeypatch.setenv("ACME_TOKEN", f"{TOKEN} {TOKEN}")
    with pytest.raises(Denied) as caught:
        options.token()
    assert TOKEN not in repr(caught.value)


@pytest.mark.parametrize("pasted", [TOKEN, f"Bearer {TOKEN}", "a-b_c", "1ABC", ""])
def test_a_token_pasted_in_place_of_its_name_is_refused_and_not_repeated(pasted: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TokenOptions(token_env=pasted)
    assert not pasted or pasted not in str(caught.value)


def test_two_places_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="not both"):
        TokenOptions(token_env="ACME_TOKEN", token_file=tmp_path / "token")
