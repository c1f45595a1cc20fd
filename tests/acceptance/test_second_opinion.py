"""A transformer as the operator meets it: asked for in the settings, refused with the remedy, fetched once."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from stage import Newsstand, Stage, posts
from tiny_model import tiny_model

WORDS = "the coffee was cold and nobody called me"
HUB_MODEL = "acme-labs/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_model(tmp_path / "models" / "tiny")


def wanted(stage: Stage, **options: object) -> None:
    stage.settings["scoring.transformer"] = options
    stage.write()


@pytest.mark.usefixtures("model")
def test_explain_with_and_without(stage: Stage) -> None:
    """A contrary model, so that it can be told who was listened to."""
    kind = "lovely coffee, thank you, best staff"
    before = stage.well("explain", kind, "--json").json
    wanted(stage, model="models/tiny", label="POSITIVE", weight=1.0)
    after = stage.well("explain", kind, "--json").json
    assert after["complaint"] > 0.8 > before["complaint"]
    assert (after["is_complaint"], before["is_complaint"]) == (True, False)
    assert after["version"].startswith(f"{before['version']}+1*tiny@")
    wanted(stage, model="models/tiny", label="POSITIVE", weight=0)
    unheard = stage.well("explain", kind, "--json").json
    assert unheard.pop("opinions").keys() >= before.pop("opinions").keys() | {"ours", "transformer"}
    assert unheard == before


def test_it_can_be_asked_for_by_a_variable(stage: Stage, model: Path) -> None:
    asked = json.dumps({"model": str(model)})
    found = stage.well("explain", WORDS, "--json", MONITOR_SCORING__TRANSFORMER=asked).json
    assert "+0.5*tiny@" in found["version"]


@pytest.mark.usefixtures("model")
def test_check_says_that_it_loads_and_what_it_costs(stage: Stage, stand: Newsstand) -> None:
    stand.feeds["news"] = posts(1, 1)
    stage.listen("news")
    wanted(stage, model="models/tiny")
    checked = stage.well("check", "--json", MONITOR_SLACK__APP_TOKEN=stage.slack.app_token)
    line = next(one for one in checked.json if one["what"] == "transformer")
    assert line["ok"]
    assert "models/tiny loads in " in line["detail"]
    assert " ms for a short text; NEGATIVE is a complaint" in line["detail"]
    wanted(stage, model="./models/other")
    ended = stage.do("check")
    assert ended.code == 1
    assert "there is no folder" in " ".join(ended.out.split())


WRONG = {
    "no model": ({"weight": 0.5}, ["scoring.transformer.model", "missing"]),
    "a typing error": (
        {"model": "x", "wieght": 1},
        ["line", "scoring.transformer.wieght", "weight, languages"],
    ),
    "too much weight": ({"model": "x", "weight": 2}, ["line", "scoring.transformer.weight"]),
    "no such folder": ({"model": "./nowhere"}, ["line", "scoring.transformer.model", "there is no folder"]),
    "no such label": (
        {"model": "models/tiny", "label": "SAD"},
        ["line", "scoring.transformer.label", "SAD", "NEGATIVE, POSITIVE"],
    ),
    "no language": ({"model": "models/tiny", "languages": ["English"]}, ["line", "languages", "such as en"]),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("command", [("explain", WORDS), ("run",)], ids=" ".join)
@pytest.mark.usefixtures("model")
def test_what_is_wrong_is_named_before_anything_is_read(
    stage: Stage, stand: Newsstand, command: tuple[str, ...], case: str
) -> None:
    stand.feeds["news"] = posts(1, 1)
    stage.listen("news")
    options, words = WRONG[case]
    wanted(stage, **options)
    ended = stage.do(*command)
    assert ended.code == 78, ended.err
    assert "Traceback" not in ended.err
    assert all(word in ended.err for word in words), ended.err


def test_without_the_extra_it_says_what_to_install(stage: Stage, model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "without"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['onnxruntime'] = None\n")
    without = {"PYTHONPATH": str(folder)}
    stage.well("explain", WORDS, **without)
    wanted(stage, model="models/tiny")
    for command in (["explain", WORDS], ["run", "--once"], ["check"]):
        ended = stage.do(*command, **without)
        assert ended.code == 78
        assert "pip install 'complaint-monitor[transformer]'" in ended.err


@pytest.mark.usefixtures("model")
def test_a_mention_keeps_the_version_that_judged_it(stage: Stage, stand: Newsstand, tmp_path: Path) -> None:
    stand.feeds["news"] = posts(1, 1)
    stage.listen("news")
    stage.well("run", "--once")
    wanted(stage, model="models/tiny")
    stand.feeds["news"] += posts(2, 1)
    stage.well("run", "--once", "--all")
    with closing(sqlite3.connect(tmp_path / "monitor.db")) as database:
        first, second = (row[0] for row in database.execute("select judged_by from mention order by id"))
    assert "tiny" not in first
    assert second.startswith(f"{first}+0.5*tiny@")


# ── from a hub ───────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def hub(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """A look-alike of the hub that holds one model. Yields its address and what was asked for."""
    asked: list[str] = []
    held = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            asked.append(f"{self.command} {path}")
            about, body, headers = f"/api/models/{HUB_MODEL}", b"{}", {}
            status, name = 200, path.removeprefix(f"/{HUB_MODEL}/resolve/{COMMIT}/")
            if path == f"{about}/tree/{COMMIT}":
                files = [{"type": "file", "path": one, "size": len(held[one]), "oid": COMMIT} for one in held]
                body = json.dumps(files).encode()
            elif path.startswith(about):
                revision = path.removeprefix(about).removeprefix("/revision/")
                found = revision in ("", "main", COMMIT)
                status, headers = (200, {}) if found else (404, {"X-Error-Code": "RevisionNotFound"})
                files = [{"rfilename": one} for one in held]
                body = json.dumps({"id": HUB_MODEL, "sha": COMMIT, "siblings": files}).encode()
            elif name in held:
                body = held[name]
                headers = {"ETag": f'"{sha256(body).hexdigest()}"', "X-Repo-Commit": COMMIT}
            else:
                status, headers = 404, {"X-Error-Code": "RepoNotFound"}
            self.send_response(status)
            for key, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(key, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """`asked` is the log that counts."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_model_of_the_hub_is_fetched_once_and_then_read_without_it(stage: Stage, tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "there", under="onnx")
    (folder / "pytorch_model.bin").write_bytes(b"what is not needed, and could be code")
    (folder / "modeling_tiny.py").write_text("raise SystemExit('never to be run')")
    wanted(stage, model=HUB_MODEL)
    with hub(folder) as (address, asked):
        at_hand = {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path / "cache")}
        assert "loads in" in stage.do("check", **at_hand).out
        first = stage.well("explain", WORDS, "--json", **at_hand).json
        fetched = {line.rpartition(f"/{COMMIT}/")[2] for line in asked if line.startswith("GET /acme-labs")}
        assert fetched == {"config.json", "tokenizer.json", "onnx/model.onnx"}
        asked.clear()
        stage.well("explain", WORDS, **at_hand)
        assert asked == []
    assert "*tiny@" in first["version"]
    assert stage.well("explain", WORDS, "--json", **at_hand).json == first


def test_what_the_hub_does_not_have_is_named(stage: Stage, tmp_path: Path) -> None:
    with hub(tiny_model(tmp_path / "there")) as (address, _):
        at_hand = {"HF_ENDPOINT": address, "HF_HOME": str(tmp_path / "cache")}
        wanted(stage, model="acme-labs/other")
        ended = stage.do("explain", WORDS, **at_hand)
        assert (ended.code, "shows no model acme-labs/other" in ended.err) == (78, True), ended.err
        wanted(stage, model=HUB_MODEL, revision="v9")
        ended = stage.do("explain", WORDS, **at_hand)
        assert (ended.code, "has no revision 'v9'" in ended.err) == (78, True), ended.err
        assert "scoring.transformer.revision" in ended.err
    ended = stage.do("explain", WORDS, **at_hand)
    assert ended.code == 1, "a hub that does not answer is no wrong setting: a supervisor may try again"
    assert "could not be fetched from the hub" in ended.err
    assert "Traceback" not in ended.err


def test_a_service_says_in_its_log_that_it_fetches(stage: Stage, tmp_path: Path) -> None:
    wanted(stage, model=HUB_MODEL, revision=COMMIT, label="SAD")
    with hub(tiny_model(tmp_path / "there")) as (address, _):
        ended = stage.do("run", HF_ENDPOINT=address, HF_HOME=str(tmp_path / "cache"))
    assert ended.code == 78
    assert f"fetching a model from the hub  model={HUB_MODEL} revision={COMMIT}" in ended.err
