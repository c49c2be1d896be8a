"""The box: what a process inside it can no longer do."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Any

_INSIDE = """
import json, os, resource, socket, sys, tempfile
from renderer.prepare._box import enter
cut = enter(max_memory_mb=200, max_seconds=5, max_file_bytes=100_000)
said = {"cut": cut, "core": resource.getrlimit(resource.RLIMIT_CORE), "nice": os.nice(0)}
try:
    bytearray(300_000_000)
except MemoryError:
    said["memory"] = "refused"
said["some_memory"] = len(bytearray(100_000_000))
try:
    with tempfile.TemporaryFile() as file:
        file.write(bytes(200_000)); file.flush()
except OSError as error:
    said["file"] = error.strerror
try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)) if os.getuid() else None
    held = [open("/dev/null") for _ in range(64)]
except (OSError, ValueError) as error:
    said["files"] = type(error).__name__
    held = []
del held
try:
    socket.create_connection(("192.0.2.1", 80), timeout=0.2)
except OSError as error:
    said["network"] = error.strerror or type(error).__name__
print(json.dumps(said))
"""
_SPINNING = """
from renderer.prepare._box import enter
enter(max_memory_mb=200, max_seconds=0.1, max_file_bytes=1000)
while True: pass
"""


def _inside() -> dict[str, Any]:
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", _INSIDE], capture_output=True, check=True, timeout=60)
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def test_limits_hold() -> None:
    said = _inside()
    assert said["memory"] == "refused"
    assert said["some_memory"] == 100_000_000
    assert said["file"] == "File too large"
    assert said["files"] in {"OSError", "ValueError"}
    assert said["core"] == [0, 0]
    assert said["nice"] >= 10
    if said["cut"]:
        assert said["network"] == "Network is unreachable"


def test_a_spinning_process_is_ended_by_the_kernel() -> None:
    run = subprocess.run([sys.executable, "-c", _SPINNING], check=False, timeout=60)
    assert run.returncode == -signal.SIGXCPU, "not SIGKILL, which would not tell why"
