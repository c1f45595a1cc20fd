"""The wheel holds the four packages with their data, nothing else, and works from there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGES = {"monitor", "sources", "alerts", "storage"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that nothing of an earlier build gets in, and without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, source)
    unwanted = shutil.ignore_patterns("__pycache__", ".*_cache", "*.egg-info")
    for name in (*PACKAGES, "tests", "docs", "packaging", "benchmarks"):
        shutil.copytree(PROJECT / name, source / name, ignore=unwanted)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
    ]
    built = subprocess.run(
        [*command, "--wheel-dir", str(folder), str(source)], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


def test_it_holds_exactly_the_four_packages_and_all_their_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not name.endswith("/")}
    parts = {name for name in held if ".dist-info/" not in name}
    assert {PurePosixPath(name).parts[0] for name in parts} == PACKAGES
    kept = {
        path.relative_to(PROJECT).as_posix()
        for package in PACKAGES
        for path in (PROJECT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert parts == kept
    for needed in (
        "monitor/py.typed",
        "monitor/scoring/cues.toml",
        "alerts/html/report.html.jinja",
        "alerts/html/report.css",
        "monitor/demo/feeds/after/reviews.json",
        "storage/migrations/versions/v0001.py",
        "storage/migrations/versions/v0002.py",
    ):
        assert needed in parts


def test_it_names_the_command_and_the_connectors(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (path,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
        points = archive.read(path).decode()
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())
    assert "complaint-monitor = monitor.cli:main" in points
    for group in ("sources", "scorers", "notifiers"):
        assert f"[complaint_monitor.{group}]" in points


def test_the_demo_runs_from_it_alone(wheel: Path, tmp_path: Path) -> None:
    """Settings template, migrations, rules, lexicon and sample feeds are all found in the installed place."""
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    program = (
        "import sys, monitor.wiring, storage.migrate\n"
        "print(monitor.wiring.__file__, storage.migrate.__file__, file=sys.stderr)\n"
        "from monitor.cli import main\n"
        "sys.argv = ['complaint-monitor', 'demo']\n"
        "main()\n"
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(str(installed)) == 2
    assert "0  unaccounted" in done.stdout
