"""What people do in Slack, over Socket Mode: acknowledged first, then handed over, then answered.

    envelope -> acknowledgement -> pool: [ "Loading…" at once, where a form follows ] -> answering -> whisper or window

Slack waits three seconds for an acknowledgement and shows an error else, so nothing slow stands before it. Only a
submitted form waits a moment for its answer, as faults can be shown in it and nowhere else.
"""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from alerts.slack import reading, views
from alerts.slack.answers import Answers, Window
from alerts.slack.client import SILENT, web_client
from alerts.slack.listening import AT_ONCE, Socket
from alerts.slack.modals import modal
from alerts.slack.reading import Asker, Payload
from alerts.slack.replies import reply_to
from alerts.slack.responses import TITLE, afterwards, response
from alerts.slack.send import API_URL, Slack
from alerts.slack.views import View
from alerts.slack.watchdog import Watchdog
from monitor.core.forms import FORMS, OF_A_PROMISE
from monitor.core.gestures import (
    Answer,
    Answering,
    Form,
    Gesture,
    HomeOpened,
    Line,
    Nothing,
    Opened,
    Refused,
    Replied,
    Submitted,
    Told,
)

log = structlog.get_logger(__name__)

WORKERS = 8
PATIENCE = 0.7
"""Seconds for which a submitted form waits for its answer before it is acknowledged without."""
REMEMBERED = 10_000
STOP_WITHIN = 25.0
ANY = re.compile(".*", re.S)
OURS = "Something went wrong on our side, and nothing was changed. Try again in a moment."
OLD = "This button is of an older version and does nothing any more. Use the one on the card."
SLOW = "The form was closed, or Slack did not open it in time. Press the button once more."


class SlackInbound:
    """One socket of one app. `timeout` (of a call) and `ping` in seconds; `timezone`: of times without a reader."""

    name: ClassVar[str] = "slack"

    def __init__(
        self,
        bot_token: str,
        app_token: str,
        api_url: str = API_URL,
        *,
        timeout: float = 10.0,
        ping: float = 10.0,
        patience: float = PATIENCE,
        timezone: str = "UTC",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._patience = patience
        self._timezone = timezone
        self._now = now
        self._answering: Answering | None = None
        self._answers = Answers(Slack(bot_token, api_url, timeout), timeout)
        self._seen = _Seen()
        self._pool = ThreadPoolExecutor(WORKERS, "slack-click")
        self._bolt_pool = ThreadPoolExecutor(AT_ONCE, "slack-ack")
        self._bolt = self._listeners(bot_token, api_url)
        self._watchdog = Watchdog(ping, lambda: self._soon(self._answers.beat))
        self._open = partial(Socket, app_token, api_url, timeout=timeout, ping=ping, request=self._request)
        self._socket: Socket | None = None

    def __repr__(self) -> str:
        return "SlackInbound()"

    # ── the port ─────────────────────────────────────────────────────────────────────────────────────────

    def start(self, answer: Answering) -> None:
        self._answering = answer
        self._socket = self._open(wish=self._watchdog.wish)
        self._watchdog.start(self._socket)

    def stop(self) -> None:
        ending = threading.Thread(target=self._end, name="slack-end", daemon=True)
        ending.start()
        ending.join(STOP_WITHIN)
        if ending.is_alive():
            log.warning("Slack did not take the last answers in time; what people did is done all the same")

    def state(self) -> Line:
        return self._watchdog.line

    def _end(self) -> None:
        self._watchdog.stop()
        if self._socket is not None:
            self._socket.close()
        self._bolt_pool.shutdown()
        self._pool.shutdown()
        self._answers.beat()

    # ── what comes in ────────────────────────────────────────────────────────────────────────────────────

    def _listeners(self, token: str, api_url: str) -> App:
        app = App(
            logger=SILENT,
            client=web_client(token, api_url, 10),
            # the SDK would ask Slack who we are before it acknowledges the first envelope
            authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token),
            token_verification_enabled=False,
            request_verification_enabled=False,
            ssl_check_enabled=False,
            ignoring_self_events_enabled=False,
            listener_executor=self._bolt_pool,
        )
        app.action(ANY)(self._on_press)
        app.view_submission(ANY)(self._on_submit)
        app.view_closed(ANY)(_acknowledged)
        app.command(ANY)(self._on_command)
        app.shortcut(ANY)(_acknowledged)
        app.options(ANY)(_no_options)
        app.event("app_home_opened")(self._on_home)
        app.event("app_uninstalled")(self._on_severed)
        app.event("tokens_revoked")(self._on_severed)
        app.event(ANY)(_heard)
        return app

    def _request(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        send_response(client, request, run_bolt_app(self._bolt, request), time.time())

    def _on_press(self, ack: Callable[..., Any], body: dict[str, Any]) -> None:
        ack()
        if not reading.is_link(body):
            self._once(body, lambda: self._press(body))

    def _on_submit(self, ack: Callable[..., Any], body: dict[str, Any]) -> None:
        key = reading.key_of(body)
        if not self._seen.first(key):
            ack()
            return
        began = self._pool.submit(self._submit, body)
        try:
            answer = began.result(self._patience)
        except TooLong:
            ack(response_action="clear")
            began.add_done_callback(lambda done: self._told_later(body, done))
            return
        if not isinstance(answer, Nothing):
            self._seen.forget(key)  # what was refused may be mended and sent again
        ack(**response(answer, body.get("view") or {}, self._view_of))

    def _on_command(self, ack: Callable[..., Any], body: dict[str, Any]) -> None:
        ack()
        asker = reading.asker(body)
        self._once(body, lambda: self._give(asker, None, self._answer(reading.commanded(body))))

    def _on_home(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("tab", "home") == "home":
            self._once(body, lambda: self._answer(HomeOpened(str(event.get("user") or ""))))

    def _on_severed(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        severed = reading.severed(event)
        if severed is not None:
            self._once(body, lambda: self._answer(severed))

    # ── what is done with it ─────────────────────────────────────────────────────────────────────────────

    def _once(self, body: Payload, work: Callable[[], object]) -> None:
        if self._seen.first(reading.key_of(body)):
            self._soon(work)

    def _soon(self, work: Callable[[], object]) -> None:
        def guarded() -> None:
            try:
                work()
            except Exception:
                log.exception("fault in answering a click")

        try:
            self._pool.submit(guarded)
        except RuntimeError:  # it is being shut down
            log.warning("a click came in while the service ended")

    def _press(self, body: Payload) -> None:
        asker, turned = reading.asker(body), reading.turned(body)
        if turned is not None:
            self._give(asker, None, self._answer(turned))
            return
        try:
            pressed = reading.pressed(body)
        except ValueError:
            self._answers.whisper(asker, OLD)
            return
        move = pressed.move.removesuffix("_modal")
        window = None
        if move in FORMS - OF_A_PROMISE:
            window = self._answers.wait(asker)
        self._give(asker, window, self._answer(pressed))

    def _submit(self, body: Payload) -> Answer:
        try:
            submitted = reading.submitted(body)
        except ValueError:
            return Refused({"": OLD})
        return self._answer(submitted)

    def _answer(self, gesture: Gesture) -> Answer:
        """A fault of ours is told too, and never leaves a person without an answer."""
        assert self._answering is not None, "it was not started"
        try:
            return self._answering(gesture)
        except Exception:
            log.exception("fault in answering a click")
            return Refused({"": OURS}) if isinstance(gesture, Submitted) else Told(OURS)

    # ── what is answered ─────────────────────────────────────────────────────────────────────────────────

    def _give(self, asker: Asker, window: Window | None, answer: Answer) -> None:
        """After a press or a command."""
        shown = window or (Window("view_id", asker.view) if asker.view else None)
        match answer:
            case Opened(form=form):
                self._show(asker, window or self._answers.wait(asker), self._view_of(form))
            case Nothing():
                if shown is not None:
                    self._answers.fill(shown, views.notice("Done", "Done. The card shows it."))
            case Told(words=words):
                self._say(asker, shown, words)
            case Replied(reply=reply):
                self._answers.show(asker, reply_to(reply))
            case Refused(errors=errors):
                self._say(asker, shown, "\n".join(errors.values()))

    def _show(self, asker: Asker, window: Window | None, view: View) -> None:
        def unopened() -> None:
            self._answers.whisper(asker, SLOW)

        if window is None:
            unopened()
        else:
            self._answers.fill(window, view, unopened)

    def _say(self, asker: Asker, window: Window | None, words: str) -> None:
        if window is None:
            self._answers.whisper(asker, words)
        else:
            told = views.notice(TITLE, words)
            self._answers.fill(window, told, lambda: self._answers.whisper(asker, words))

    def _view_of(self, form: Form) -> View:
        revision, spot = form.file.case.revision, form.spot
        return modal(
            form.move, form.file, revision, spot.channel, spot.ref, self._now(), self._timezone, form.beside
        )

    def _told_later(self, body: Payload, done: Future[Answer]) -> None:
        words = afterwards(done.result(), body)
        if words:
            self._soon(lambda: self._answers.whisper(reading.asker(body), words))


class _Seen:
    """What came in lately. Slack may send a thing twice, and to either of two sockets."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, key: str) -> bool:
        with self._lock:
            if key in self._keys:
                return False
            self._keys[key] = None
            if len(self._keys) > REMEMBERED:
                self._keys.popitem(last=False)
            return True

    def forget(self, key: str) -> None:
        with self._lock:
            self._keys.pop(key, None)


def _acknowledged(ack: Callable[..., Any]) -> None:
    ack()


def _no_options(ack: Callable[..., Any]) -> None:
    ack(options=[])


def _heard() -> None:
    """Events we asked nothing of: unacknowledged, they would come again, and count against us."""
