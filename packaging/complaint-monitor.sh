#!/bin/sh
# Runs a command as the service would: same user, same settings, same token. As root:
#     install -m 0755 packaging/complaint-monitor.sh /usr/local/bin/complaint-monitor
#     complaint-monitor status
# Without Slack: remove the lines of LoadCredential.
exec systemd-run --quiet --pipe --wait --collect --uid=complaint-monitor --gid=complaint-monitor \
  -p WorkingDirectory=/var/lib/complaint-monitor \
  -p LoadCredential=slack_bot_token:/etc/complaint-monitor/slack_bot_token \
  -p LoadCredential=slack_app_token:/etc/complaint-monitor/slack_app_token \
  -E MONITOR_CONFIG=/var/lib/complaint-monitor/monitor.toml \
  -E PYTHONSAFEPATH=1 \
  /opt/complaint-monitor/venv/bin/complaint-monitor "$@"
