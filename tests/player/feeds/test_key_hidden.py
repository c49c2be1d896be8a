"""A provider's key is in the request and nowhere else, over real sockets and through the real log lines."""

from __future__ import annotations

import logging
import socket
from pathlib import Path

import pytest
from flask import Flask

from config import Config, FetchConfig, OohError, PanelsConfig, WeatherConfig
from player.feeds import Feed, open_feeds
from player.fetch import open_http
from player.log import JsonFormatter, TextFormatter
from sandbox.feeds import add_feeds
from tests.fakes import FakeClock
from tests.player.feeds.sources import BERLIN
from tests.sandbox.servers import running

KEY = "k3y+with/odd&marks"


def opened(root: str, tmp_path: Path) -> Feed:
    (tmp_path / "key").write_text(KEY)
    url = f"{root}/openweathermap/data/3.0/onecall"
    weather = WeatherConfig(provider="openweathermap", url=url, key_file=str(tmp_path / "key"))
    http = open_http(FetchConfig(allow_hosts=("127.0.0.1",)), "0.1.0")
    (feed,) = open_feeds(Config(screen=BERLIN, panels=PanelsConfig(weather=weather)), http, FakeClock())
    return feed


def lines(error: OohError) -> str:
    record = logging.LogRecord("ooh.agent", logging.WARNING, "", 0, "feed.failed", None, (type(error), error, None))
    return TextFormatter().format(record) + JsonFormatter().format(record) + repr(error.as_json())


def test_no_line_of_the_log_holds_it(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
        for root in (nobody, "http://203.0.113.1", "https://127.0.0.1:1", "http://127.0.0.1:99999"):
            with pytest.raises(OohError) as found:
                opened(root, tmp_path).fetch()
            assert "k3y" not in lines(found.value)


def test_it_opens_the_door(tmp_path: Path) -> None:
    app = Flask("feeds")
    add_feeds(app)
    with running(app) as root:
        assert opened(root, tmp_path).fetch().data["now"]
