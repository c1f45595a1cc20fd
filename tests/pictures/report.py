"""Pictures of the HTML report, as a browser shows it on a desk and on a phone.

python tests/pictures/report.py FOLDER      needs Chromium on the path; `docs/pictures` holds the best
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from alerts.html.report import report_of
from alerts.testing.digests import DAY
from monitor.core.digest import Digest

PEOPLE = {"U0DANA": "Dana", "U0OMAR": "Omar"}
DESK: dict[str, Any] = {"viewport": {"width": 1000, "height": 1180}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 780},
    "is_mobile": True,
    "device_scale_factor": 1.5,
}
SHOTS = {
    "report": (DESK, "light", ""),
    "report-dark": (DESK, "dark", ""),
    "report-numbers": (DESK, "light", "#numbers"),
    "report-phone": (PHONE, "light", ""),
    "report-phone-numbers": (PHONE, "dark", "#numbers"),
}
"""By name: how large, in which light, and where it is opened."""


def shown() -> Digest:
    """A day of which all is listed."""
    return replace(DAY, waiting_total=3, returned_total=1, lost_total=1, thanks_total=2)


def main(folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        sys.exit("there is no Chromium on the path")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        source = Path(place, "report.html")
        source.write_text(report_of(shown(), PEOPLE), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        for name, (size, light, where) in SHOTS.items():
            page = browser.new_page(**size, color_scheme=light)
            page.goto(source.as_uri() + where)
            page.screenshot(path=folder / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
