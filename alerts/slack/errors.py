"""What follows from Slack's refusals and from broken connections: one table, used for every call.

A code that the table does not know, and every break after the request may have left, is UNKNOWN: the outbox
looks before it sends again. Slack itself says of `internal_error` and `fatal_error` that "some aspect of the
operation" may have succeeded. Source: https://docs.slack.dev/reference/methods
"""

from __future__ import annotations

import math
import re
import socket
import ssl
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.error import URLError

from monitor.core.errors import DeliveryError, Outcome, Remedy


class Meaning(NamedTuple):
    """What is known after this error, who can mend it, and how to say so."""

    outcome: Outcome
    remedy: Remedy
    words: str


_AGAIN = Meaning(Outcome.NOT_SENT, Remedy.WAIT, "Slack asks for a pause; the message goes out later.")
_LATER = Meaning(Outcome.REFUSED, Remedy.WAIT, "Slack refuses this for now; it is tried again later.")
_UNSURE = Meaning(Outcome.UNKNOWN, Remedy.WAIT, "Slack had a fault of its own; we look before sending again.")
_NEVER = Meaning(Outcome.REFUSED, Remedy.NOBODY, "Slack will not take this message as it is.")
_GONE = Meaning(
    Outcome.REFUSED, Remedy.NOBODY, "The message this belongs to is gone or may not be changed any more."
)
_TOKEN = Meaning(
    Outcome.REFUSED,
    Remedy.PERSON,
    "Slack does not accept the bot token. Install the app again, copy its new token (xoxb-...) into "
    "MONITOR_SLACK__BOT_TOKEN and restart.",
)
_SCOPE = Meaning(
    Outcome.REFUSED,
    Remedy.PERSON,
    "The Slack app lacks a permission. Add the scope under OAuth & Permissions and install the app again.",
)
_ADMIN = Meaning(
    Outcome.REFUSED,
    Remedy.PERSON,
    "A rule of the workspace forbids this. Ask a Slack administrator to allow the app to post.",
)
_INVITE = Meaning(
    Outcome.REFUSED,
    Remedy.PERSON,
    "The bot is not in the channel. Type `/invite @complaint-monitor` (your app's name) in it.",
)
_CHANNEL = Meaning(
    Outcome.REFUSED,
    Remedy.PERSON,
    "Slack knows no such channel, or it is private and the bot is not in it. Set slack.channel to the "
    "channel's ID (C..., at the foot of its About tab) and type `/invite @complaint-monitor` in it.",
)
_ARCHIVED = Meaning(
    Outcome.REFUSED,
    Remedy.PERSON,
    "The channel is archived. Bring it back in Slack, or set slack.channel to another one.",
)
_CLOSED_CHANNEL = Meaning(
    Outcome.REFUSED,
    Remedy.PERSON,
    "The bot may not post in this channel or thread. Change who can post in the channel's settings, or set "
    "slack.channel to another one.",
)
_OVERTAKEN = Meaning(
    Outcome.REFUSED, Remedy.WAIT, "Somebody else drew this view meanwhile; it is drawn anew."
)
_NO_HOME = Meaning(
    Outcome.REFUSED,
    Remedy.PERSON,
    "The app has no Home tab. Switch it on under App Home at api.slack.com/apps.",
)
_NOT_THERE = Meaning(
    Outcome.REFUSED,
    Remedy.NOBODY,
    "That person is not in the channel, where alone a whisper could be shown to them.",
)
_TOO_LATE = Meaning(
    Outcome.REFUSED,
    Remedy.NOBODY,
    "Slack opens no window any more for that click: it opens one, within three seconds.",
)
_SHUT = Meaning(Outcome.REFUSED, Remedy.NOBODY, "The window is not open any more: the person closed it.")
_ADDRESS = Meaning(
    Outcome.REFUSED,
    Remedy.PERSON,
    "The server at slack.api_url does not serve this method. Check slack.api_url.",
)

_CODE = re.compile(r"[A-Za-z0-9_]{1,60}")

TOO_MUCH = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "attachment_payload_limit_exceeded",
    }
)
"""Nothing was stored, and a simpler drawing of the same message may pass."""
STALE_ID = frozenset({"duplicate_message_not_found", "duplicate_channel_not_found"})
"""Slack remembers our `client_msg_id` but not the message: after a look, it goes out without that id."""

ABSENT = frozenset({"message_not_found", "thread_not_found"})
"""Somebody deleted what we wrote."""

_GROUPS: Mapping[Meaning, str] = {
    _AGAIN: "ratelimited rate_limited request_timeout",
    _LATER: (
        "message_limit_exceeded org_login_required team_added_to_org external_channel_migrating "
        "streaming_state_conflict"
    ),
    _UNSURE: (
        "internal_error fatal_error service_unavailable update_failed list_record_comment_fetch_failed "
        "duplicate_message_not_found duplicate_channel_not_found invalid_cursor"
    ),
    _TOKEN: (
        "not_authed invalid_auth account_inactive token_revoked token_expired not_allowed_token_type "
        "two_factor_setup_required team_access_not_granted team_not_found metadata_must_be_sent_from_app "
        "missing_args"
    ),
    _SCOPE: "missing_scope no_permission invalid_types",
    _ADMIN: (
        "access_denied accesslimited ekm_access_denied enterprise_is_restricted restricted_action "
        "posting_to_channel_denied user_not_visible cant_delete_message forbidden_team"
    ),
    _INVITE: "not_in_channel",
    _CHANNEL: (
        "channel_not_found channel_is_limited_access messages_tab_disabled method_not_supported_for_channel_type"
    ),
    _ARCHIVED: "is_archived is_inactive",
    _CLOSED_CHANNEL: (
        "restricted_action_read_only_channel restricted_action_thread_only_channel "
        "restricted_action_non_threadable_channel"
    ),
    _GONE: (
        "message_not_found thread_not_found cannot_reply_to_message restricted_action_thread_locked "
        "edit_window_closed cant_update_message cant_broadcast_message no_dual_broadcast_content_update"
    ),
    _OVERTAKEN: "hash_conflict",
    _NO_HOME: "not_enabled",
    _NOT_THERE: "user_not_in_channel",
    _TOO_LATE: "expired_trigger_id exchanged_trigger_id invalid_trigger_id trigger_expired trigger_exchanged",
    _SHUT: "not_found view_not_found",
    _ADDRESS: "method_deprecated deprecated_endpoint unknown_method insecure_request",
    _NEVER: (
        "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text block_mismatch "
        "invalid_metadata_format invalid_metadata_schema metadata_too_large invalid_metadata_filter_keys "
        "invalid_attachments too_many_attachments attachment_payload_limit_exceeded too_many_contact_cards "
        "markdown_text_conflict as_user_not_supported draft_already_deleted draft_already_sent "
        "draft_has_conflict draft_not_found missing_file_data blocked_file_type file_deleted file_is_deleted "
        "file_not_found file_share_limit_reached max_file_sharing_exceeded unable_to_share_files "
        "slack_connect_blocked_file_type slack_connect_canvas_sharing_blocked "
        "slack_connect_clip_sharing_blocked slack_connect_file_link_sharing_blocked "
        "slack_connect_file_upload_sharing_blocked slack_connect_lists_sharing_blocked "
        "invalid_arguments invalid_arg_name invalid_array_arg invalid_charset invalid_form_data "
        "invalid_post_type missing_post_type missing_argument invalid_limit invalid_ts_latest "
        "view_too_large duplicate_external_id push_limit_reached missing_profile_id not_implemented "
        "invalid_ts_oldest too_many_users user_not_found"
    ),
}
CODES: Mapping[str, Meaning] = {code: what for what, codes in _GROUPS.items() for code in codes.split()}


def of_answer(status: int, answer: Mapping[str, Any], headers: Mapping[str, str]) -> DeliveryError:
    """From a whole HTTP answer that is not `ok`. `answer` is empty where it was no JSON object."""
    code = str(answer.get("error") or "")
    if not _CODE.fullmatch(code):
        code = ""  # the SDK puts whatever a proxy said in its place
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return _error("ratelimited", CODES["ratelimited"], retry_after=retry_after(headers))
    if status >= 500:
        words = f"Slack is out of order (HTTP {status}); we look before sending again."
        return _error(code or f"http_{status}", _UNSURE._replace(words=words))
    if code in CODES:
        return _error(code, CODES[code], detail=_detail(code, answer))
    if code:
        words = f'Slack answered "{code}", which we do not know; we look before sending again.'
        return _error(code, _UNSURE._replace(words=words))
    words = (
        f"The answer did not come from Slack, or broke off (HTTP {status}). If this stays, check "
        "slack.api_url and the proxy between here and Slack."
    )
    return _error("no_slack_answer", _UNSURE._replace(words=words))


def of_exception(fault: Exception) -> DeliveryError:
    """From a call that brought no whole answer. Only what fails before a byte is sent is NOT_SENT."""
    reason = fault.reason if isinstance(fault, URLError) else fault
    kind = type(reason).__name__
    if isinstance(reason, ConnectionRefusedError):
        words = "Nobody listens at Slack's address; the message goes out later. Is slack.api_url right?"
        return _error(kind, Meaning(Outcome.NOT_SENT, Remedy.WAIT, words))
    if isinstance(reason, socket.gaierror):
        words = "Slack's name cannot be found: is this machine on the network? The message goes out later."
        return _error(kind, Meaning(Outcome.NOT_SENT, Remedy.WAIT, words))
    if isinstance(reason, ssl.SSLCertVerificationError):
        words = (
            "Slack's certificate cannot be trusted. Check the clock and the root certificates of this machine, "
            "and any proxy that opens encrypted traffic."
        )
        return _error(kind, Meaning(Outcome.NOT_SENT, Remedy.PERSON, words))
    if isinstance(reason, TimeoutError):
        words = "Slack did not answer in time; we look before sending again."
    else:
        words = f"The connection to Slack broke ({kind}); we look before sending again."
    return _error(kind, _UNSURE._replace(words=words))


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """The wish of a 429, whole or broken seconds; None where it is missing or no number above 0."""
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        seconds = float(given)
    except (TypeError, ValueError):
        return None
    return timedelta(seconds=min(seconds, 86_400)) if math.isfinite(seconds) and seconds > 0 else None


def _detail(code: str, answer: Mapping[str, Any]) -> str:
    if code != "missing_scope":
        return ""
    return f" Needed: {str(answer.get('needed') or '?')[:200]}."


def _error(
    code: str, meaning: Meaning, *, detail: str = "", retry_after: timedelta | None = None
) -> DeliveryError:
    return DeliveryError(
        f"{meaning.words}{detail} ({code})",
        outcome=meaning.outcome,
        remedy=meaning.remedy,
        retry_after=retry_after,
        code=code,
        here=meaning in (_INVITE, _CHANNEL, _ARCHIVED, _CLOSED_CHANNEL),
        gone=code in ABSENT,
    )
