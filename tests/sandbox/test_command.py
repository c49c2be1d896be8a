"""``python -m sandbox``: its servers listen on loopback only and end cleanly."""

from __future__ import annotations

import socket

import pytest
import requests

from sandbox.__main__ import main
from tests.sandbox.servers import Process


def test_the_exchange_serves_and_ends_at_once() -> None:
    with Process("exchange", "--port", "0") as exchange:
        assert requests.get(f"{exchange.address}/_state", timeout=5).json()["asked"] == 0
        assert exchange.address.startswith("http://127.0.0.1:")
        assert not _reachable(_own_address(), int(exchange.port))
        assert exchange.terminate() == 0


@pytest.mark.parametrize("arguments", [[], ["stream"], ["exchange", "--broken-share", "1"]])
def test_bad_usage_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage:" in capsys.readouterr().err


def _own_address() -> str:
    """An address of this machine beside 127.0.0.1: the rest of loopback always is."""
    return "127.0.0.2"


def _reachable(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
