"""The floors: a room imports only from lower floors, and the heavy libraries stay where they belong."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("player", "renderer", "cache", "config", "sandbox")
MAY_IMPORT = {
    "player": {"player", "renderer", "cache", "config"},
    "renderer": {"renderer", "cache", "config"},
    "cache": {"cache", "config"},
    "config": {"config"},
    "sandbox": {"sandbox"},
}
NETWORK = {"requests", "urllib3", "botocore", "boto3", "flask", "werkzeug"}


def sources(room: str) -> Iterator[Path]:
    return (ROOT / room).rglob("*.py")


def imports(path: Path) -> Iterator[str]:
    """The first two parts of every module that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def first(module: str) -> str:
    return module.split(".", 1)[0]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_lower_floors(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {module}"
        for path in sources(room)
        for module in imports(path)
        if first(module) in ROOMS
        and first(module) not in MAY_IMPORT[room]
        and not (room == "player" and first(module) == "sandbox")  # the next test says who may
    ]
    assert not wrong


def test_only_the_demo_and_the_sandbox_command_know_the_sandbox() -> None:
    users = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        if room != "sandbox"
        for path in sources(room)
        for module in imports(path)
        if first(module) == "sandbox"
    }
    assert all(user.startswith(("player/demo/", "player/cli/_sandbox")) for user in users), users


def test_nothing_below_the_player_imports_the_network() -> None:
    wrong = [
        (path, module)
        for room in ("renderer", "cache", "config")
        for path in sources(room)
        for module in imports(path)
        if first(module) in NETWORK
    ]
    assert not wrong


def test_only_the_window_imports_pygame() -> None:
    users = {
        path.relative_to(ROOT).parts[:2]
        for room in ROOMS
        for path in sources(room)
        for module in imports(path)
        if first(module) == "pygame"
    }
    assert users <= {("renderer", "window")}


def test_the_screen_process_loads_no_network_library() -> None:
    program = (
        "import sys, player.__main__, player.cli._screen, renderer.screen;"
        "print(*sorted({m.split('.')[0] for m in sys.modules}))"
    )
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(result.stdout.split())
    assert "renderer" in loaded
    assert not loaded & (NETWORK | {"apscheduler", "sqlite_utils", "rich"})
