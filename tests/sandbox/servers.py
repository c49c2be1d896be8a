"""Running a sandbox application in this process, or the command as a process, for a test."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from sandbox._serve import HOST, bind

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


@contextmanager
def running(app: WSGIApplication) -> Iterator[str]:
    """The application's address while it is served on a free port."""
    server = bind(app, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Process:
    """``python -m sandbox …``; ``address`` is what it says on standard output."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert " listening on " in line, line
        self.address = line.split(" listening on ")[1].strip()

    def kill(self) -> None:
        """``kill -9``."""
        self._process.kill()
        self._process.communicate()

    def terminate(self) -> int:
        """SIGTERM; the exit code."""
        self._process.terminate()
        self._process.communicate(timeout=10)
        return self._process.returncode

    @property
    def port(self) -> str:
        """The port of the address."""
        return self.address.rsplit(":", 1)[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def kinesis(endpoint: str, attempts: int = 1) -> Any:
    """An ordinary botocore client for the endpoint."""
    from botocore.config import Config
    from botocore.session import Session

    return Session().create_client(
        "kinesis",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": attempts}, connect_timeout=5, read_timeout=10),
    )
