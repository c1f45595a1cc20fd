"""The background service: a few timers, and an end in good order.

    collect   every second: the feeds that are due (when is a column of the database, not a timer)
    deliver   every second: what may go out
    webhooks  every second: what other programs are to hear
    escalate  every minute: what the clocks of the cases ask for: reminders, promises, the ladder, and waking
    incidents every minute: is there more of one complaint than usual, and is it over?
    homes     every second: whose Home is out of date, of those who looked lately
    digest    every half minute: yesterday's, once its hour has come, and the last week's on its day
    upkeep    every hour: words whose time is over, and what finds copies of old complaints
    attend    every five seconds, with an app-level token: how the socket to Slack is doing, for `status`

What people press in Slack comes by that socket at any time, and is worked on in threads of its own.

The main thread keeps the signals and the watchdog. On SIGTERM or SIGINT everything ends where it is safe to.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import FrameType

import structlog

from monitor.core.errors import MonitorError, StoreError
from monitor.core.gestures import Listener
from monitor.frontdesk import clicks_of
from monitor.health import alive
from monitor.report import due, post_digest
from monitor.systemd import Manager
from monitor.upkeep import forget_copies, remove_old_words
from monitor.wiring import App

log = structlog.get_logger(__name__)

TICK = 1.0
READINGS_AT_ONCE = 4
"""One slow feed must not keep the others waiting for its end."""
ATTEND = 5.0
HEARTBEAT = timedelta(seconds=10)


class Service:
    """Runs until it is told to stop, or until it cannot do its work (`fault`)."""

    def __init__(self, app: App, manager: Manager) -> None:
        self.app = app
        self.manager = manager
        self.stop = app.stop
        self.fault: Exception | None = None
        self.holder = f"{socket.gethostname()}:{os.getpid()}"
        """Whose socket it is, where several processes have one."""

    def run(self) -> int:
        """Blocks. Returns the exit code: 0 when told to stop, 1 on a fault (a supervisor restarts us)."""
        from apscheduler.schedulers.background import BackgroundScheduler

        self.app.prepare()
        inbound = self.app.inbound
        answering = clicks_of(self.app) if inbound is not None else None
        before = {
            number: signal.signal(number, self._signalled) for number in (signal.SIGTERM, signal.SIGINT)
        }
        scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._every(scheduler, TICK, self.collect, at_once=READINGS_AT_ONCE)
        self._every(scheduler, TICK, self.deliver)
        if self.app.webhooks is not None:
            self._every(scheduler, TICK, self.webhooks)
        self._every(scheduler, 60, self.escalate)
        self._every(scheduler, 60, self.incidents)
        self._every(scheduler, TICK, self.homes)
        self._every(scheduler, 30, self.digest)
        self._every(scheduler, 3600, self.upkeep)
        if inbound is not None and answering is not None:
            self._every(scheduler, ATTEND, self.attend)
            inbound.start(answering)
        scheduler.start()
        log.info("listening", feeds=len(self.app.feeds), destination=self.app.destination)
        self.manager.tell("READY=1", f"STATUS=listening to {len(self.app.feeds)} feeds")
        try:
            self._watch()
        finally:
            self.stop.set()
            self.manager.tell("STOPPING=1")
            self._hang_up()
            scheduler.shutdown(wait=True)
            for number, handler in before.items():
                signal.signal(number, handler)
        log.info("stopped")
        return 1 if self.fault else 0

    # ── the jobs ─────────────────────────────────────────────────────────────────────────────────────────

    def collect(self) -> None:
        self.app.collector.run()

    def deliver(self) -> None:
        self.app.take_over_strays()
        self.app.deliverer.drain(wait=timedelta(seconds=5))

    def webhooks(self) -> None:
        assert self.app.webhooks is not None
        self.app.webhooks.drain(timedelta(seconds=5))

    def escalate(self) -> None:
        self.app.clockwork.run(self.app.now())

    def incidents(self) -> None:
        if (lookout := self.app.lookout) is not None:
            lookout.look(self.app.now())

    def homes(self) -> None:
        if (homes := self.app.homes) is not None:
            homes.refresh()

    def digest(self) -> None:
        """Yesterday's digest once the hour is past, and that of the last week on the day for it; also late: after a
        night off it is told in the morning."""
        app, business, now = self.app, self.app.settings.business, self.app.now()
        told = app.settings.tables.digest
        with app.store.read() as tx:
            listened = min((feed.baselined for feed in tx.feeds() if feed.baselined), default=now)
        for span in due(now, business.timezone, told.at, told.weekly):
            if listened < span.until and post_digest(
                app.store,
                business,
                span,
                app.digest_destination,
                now,
                app.enabled,
                policy=app.settings.policy,
            ):
                log.info("digest queued", since=span.since.date().isoformat(), length=span.length.value)

    def upkeep(self) -> None:
        retention = self.app.settings.tables.storage.retention
        remove_old_words(self.app.store, retention, self.app.now())
        forget_copies(self.app.store, self.app.now())

    def attend(self) -> None:
        assert self.app.inbound is not None
        with self.app.store.write() as tx:
            tx.attend(Listener(self.holder, self.app.inbound.state(), self.app.now()))

    def _hang_up(self) -> None:
        """First of all: whatever was taken in is finished while everything else still works."""
        if self.app.inbound is None:
            return
        self.app.inbound.stop()
        with suppress(StoreError), self.app.store.write() as tx:
            tx.leave(self.holder)

    # ── keeping it going ─────────────────────────────────────────────────────────────────────────────────

    def _every(self, scheduler: object, seconds: float, job: Callable[[], None], at_once: int = 1) -> None:
        def guarded() -> None:
            if self.stop.is_set():
                return
            try:
                job()
            except Exception as fault:
                # the database is gone, or there is a fault of ours: say so and end, a supervisor restarts us
                if not self.stop.is_set():
                    trace = None if isinstance(fault, MonitorError) else fault
                    log.error("the service must stop", job=job.__name__, why=str(fault), exc_info=trace)
                    self.fault = fault
                self.stop.set()

        scheduler.add_job(  # type: ignore[attr-defined]
            guarded,
            "interval",
            seconds=seconds,
            id=job.__name__,
            max_instances=at_once,
            next_run_time=self.app.now(),
        )

    def _watch(self) -> None:
        beat = min(self.manager.watchdog or HEARTBEAT, HEARTBEAT).total_seconds()
        enabled = [feed.name for feed in self.app.feeds]
        while not self.stop.wait(beat):
            if alive(self.app.store, enabled, self.app.now()):
                self.manager.tell("WATCHDOG=1")

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        log.info("ending in order", signal=signal.Signals(number).name)
        self.stop.set()
        # whoever asks twice means it
        signal.signal(number, signal.SIG_DFL)
