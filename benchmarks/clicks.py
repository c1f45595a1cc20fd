"""How long people wait for an acknowledgement while the desk is busy: 1,000 cards wait, 300 clicks come in.

Slack shows an error after three seconds. The look-alike counts from sending an envelope to its acknowledgement;
the outbox is being emptied beside it all the time, in the same process, as the service does.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

from alerts.testing.slack import SlackLookalike
from monitor import logs

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from desk import Desk

CARDS, CLICKS = 1_000, 300
PACE = 0.02
"""Seconds between two clicks: more than any team presses."""


def main(cards: int = CARDS, clicks: int = CLICKS) -> None:
    with tempfile.TemporaryDirectory() as folder, SlackLookalike() as slack:
        desk = Desk(Path(folder), slack, customers=20)
        desk.open()
        desk.hear(cards, first=21)
        emptying = threading.Thread(
            target=lambda: desk.deliverer.drain(timedelta(seconds=1)), name="outbox", daemon=True
        )
        emptying.start()
        pressed, posted = [], len(slack.called("chat.postMessage"))
        for number in range(clicks):
            what = ("claim", "note", "release")[number % 3]
            pressed.append(desk.press(what, f"U0{number:07}", number % 20 + 1, revision=1))
            time.sleep(PACE)
        waits = sorted(click.wait().ack_after or 99.0 for click in pressed)
        with desk.store.read() as tx:
            left = tx.counts()[3].get("pending", 0)
        gone = len(slack.called("chat.postMessage")) - posted
        desk.stop.set()
        emptying.join()
        desk.close()
    shown = {"median": waits[len(waits) // 2], "p99": waits[int(len(waits) * 0.99)], "longest": waits[-1]}
    print(
        f"{clicks} clicks while {cards:,} cards wait ({gone:,} messages go out meanwhile, {left:,} still wait)"
    )
    print(
        "  acknowledged after  " + "   ".join(f"{name} {1000 * wait:.0f} ms" for name, wait in shown.items())
    )


if __name__ == "__main__":
    logs.configure(0, told=True)
    main(*(int(word) for word in sys.argv[1:]))
