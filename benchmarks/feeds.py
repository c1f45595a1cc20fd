"""50 feeds behind a server that answers after 100 ms: all at once beside one by one."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from monitor.settings import load
from monitor.settings.tables import CollectSection
from monitor.wiring import open_app

FEEDS, LATENCY = 50, 0.1
WORKERS = CollectSection().workers
"""As it is set where nobody sets it."""


class Slow(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    """The answer in one piece: head and body apart would wait 40 ms for each other."""

    def do_GET(self) -> None:
        time.sleep(LATENCY)
        item = f"<item><guid>https://example.com{self.path}</guid><title>Acme Coffee is nice</title></item>"
        body = f"<rss version='2.0'><channel><title>f</title>{item}</channel></rss>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    """With the usual five, who comes to a full queue tries again a second later."""


def reading(port: int, folder: Path, workers: int) -> float:
    feeds = [
        {"name": f"feed{n}", "source": "rss", "url": f"http://127.0.0.1:{port}/{n}.xml"} for n in range(FEEDS)
    ]
    environ = {
        "MONITOR_BUSINESS__NAME": "Acme Coffee",
        "MONITOR_STORAGE__URL": f"sqlite:///{folder}/{workers}.db",
        "MONITOR_FEEDS": json.dumps(feeds),
        "MONITOR_HTTP__ALLOW_PRIVATE_HOSTS": '["127.0.0.1"]',
        "MONITOR_COLLECT__WORKERS": str(workers),
    }
    with open_app(load(None, environ)) as app:
        app.prepare()
        app.ingest.judged([])
        start = time.perf_counter()
        results = app.collector.run()
        spent = time.perf_counter() - start
    assert sum(r.added for r in results) == FEEDS and not any(r.error for r in results), results
    return spent


def main() -> None:
    server = Server(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        reading(server.server_port, Path(name), 50)  # imports and first use, not counted
        for file in Path(name).glob("*.db*"):
            file.unlink()
        one = reading(server.server_port, Path(name), 1)
        many = reading(server.server_port, Path(name), WORKERS)
    server.shutdown()
    print(
        f"{FEEDS} feeds at +{LATENCY * 1000:.0f} ms: one by one {one:.2f} s, {WORKERS} at once {many:.2f} s, "
        f"ratio {one / many:.1f} (aim 8)"
    )


if __name__ == "__main__":
    main()
