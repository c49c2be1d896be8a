"""Whether there is a display, by what stands on the machine."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from player.display import display_at_hand


def test_nothing_is_headless(tmp_path: Path) -> None:
    assert not display_at_hand({}, x_sockets=tmp_path, connectors=tmp_path)


def test_a_stale_display_variable_is_headless(tmp_path: Path) -> None:
    assert not display_at_hand({"DISPLAY": ":77"}, x_sockets=tmp_path, connectors=tmp_path)


def test_a_forwarded_display_is_tried(tmp_path: Path) -> None:
    assert display_at_hand({"DISPLAY": "desk.example:10.0"}, x_sockets=tmp_path, connectors=tmp_path)


@pytest.mark.parametrize("name", [":7", ":7.0", "unix:7"])
def test_an_x_server_that_answers_is_a_display(tmp_path: Path, name: str) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "X7"))
        server.listen()
        assert display_at_hand({"DISPLAY": name}, x_sockets=tmp_path, connectors=tmp_path)


def test_a_wayland_server_that_answers_is_a_display(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert not display_at_hand(environ, x_sockets=tmp_path, connectors=tmp_path / "none")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        assert display_at_hand(environ, x_sockets=tmp_path, connectors=tmp_path / "none")


@pytest.mark.parametrize(("status", "expected"), [("connected\n", True), ("disconnected\n", False)])
def test_a_connected_connector_is_a_display(tmp_path: Path, status: str, expected: bool) -> None:
    (tmp_path / "card1-HDMI-A-1").mkdir()
    (tmp_path / "card1-HDMI-A-1" / "status").write_text(status)
    assert display_at_hand({}, x_sockets=tmp_path, connectors=tmp_path) is expected
