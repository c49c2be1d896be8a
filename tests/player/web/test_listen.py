"""Where the page listens: on the loopback address, or on every one by one socket, with or without IPv6."""

from __future__ import annotations

import errno
import socket
from typing import Any

import pytest

from config import Code, OohError, WebConfig
from player.web._server import listen


class Made:
    """Sockets that would be made; none listens beyond this machine."""

    def __init__(self, *failing: int) -> None:
        self.asked: list[tuple[Any, Any]] = []
        self._failing = failing

    def __call__(self, address: Any, **options: Any) -> str:
        family = options.get("family", socket.AF_INET)
        self.asked.append((address, family))
        if family in self._failing:
            raise OSError(errno.EAFNOSUPPORT, "no such family")
        return "a socket"


def made(monkeypatch: pytest.MonkeyPatch, *failing: int) -> Made:
    it = Made(*failing)
    monkeypatch.setattr(socket, "create_server", it)
    return it


def test_by_default_the_loopback_address_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    it = made(monkeypatch)
    listen(WebConfig(enabled=True))
    assert it.asked == [(("127.0.0.1", 8480), socket.AF_INET)]


def test_on_the_network_both_families_by_one_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    it = made(monkeypatch)
    listen(WebConfig(enabled=True, host="lan", port=9000))
    assert it.asked == [(("::", 9000), socket.AF_INET6)]


def test_a_kernel_without_ipv6_serves_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    it = made(monkeypatch, socket.AF_INET6)
    listen(WebConfig(enabled=True, host="lan", port=9000))
    assert it.asked[-1] == (("0.0.0.0", 9000), socket.AF_INET)


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OohError) as refused:
        listen(WebConfig(enabled=True, port=taken.getsockname()[1]))
    assert refused.value.code is Code.WEB_PORT_TAKEN
