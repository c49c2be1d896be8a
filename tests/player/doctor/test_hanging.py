"""The doctor against servers that take the connection and never say a word: it ends, and names each."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.harness import last_json, ooh_player

CONFIG = """\
[exchange]
url = "http://{at}/ads"

[heartbeat]
url = "http://{at}/beat"

[panels.headlines]
url = "http://{at}/rss"

[proof]
stream = "plays"
endpoint = "http://{at}"
gateway_url = "http://{at}/plays"

[fetch]
allow_hosts = ["{at}"]

[cache]
dir = "{state}"
"""


@pytest.fixture
def silent() -> Iterator[str]:
    """Holds every connection until the test is over."""
    held: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:

        def hold() -> None:
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:  # closed: the test is over
                    return

        thread = threading.Thread(target=hold, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join(60)
    for connection in held:
        connection.close()


def test_servers_that_hang_are_given_up_and_named(tmp_path: Path, silent: str) -> None:
    config = tmp_path / "player.toml"
    config.write_text(CONFIG.format(at=silent, state=tmp_path / "state"))
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_CONFIG_FILE": "/dev/null"}
    done = ooh_player("doctor", "--json", "--config", config, home=tmp_path, timeout_s=100.0, **keys)
    told = last_json(done.stdout)
    assert done.returncode == 1
    lines = {finding["name"]: finding for finding in told["findings"]}
    for name in ("exchange exchange", "heartbeat", "gateway", "stream", "feed headlines"):
        assert lines[name]["grade"] != "ok", lines[name]
        assert lines[name]["next_step"]
    assert lines["fonts"]["grade"] == "ok"  # and what does not hang is looked at all the same
    assert f"{sum(line['grade'] == 'fail' for line in told['findings'])} to mend" in told["summary"]
