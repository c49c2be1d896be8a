"""What the page's tests share: a site over folders of its own, and browsers that behave, or do not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cache import Folders
from config import Config, WebConfig
from player.web import Site, write_pin
from player.web._app import make_app
from player.web._guard import Networks
from tests.fakes import FakeClock

PIN = "anker-4711"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
LAN = [("127.0.0.1", "255.0.0.0"), ("192.168.7.20", "255.255.255.0"), ("fd00:7::20", "ffff:ffff:ffff:ffff::")]


@dataclass
class Desk:
    """A site and its browsers."""

    site: Site
    reloads: list[str]

    def browser(self, address: str = "127.0.0.1", host: str = "localhost:8480") -> Browser:
        return Browser(make_app(self.site).test_client(), address, host)

    def signed_in(self, address: str = "127.0.0.1", host: str = "localhost:8480") -> Browser:
        it = self.browser(address, host)
        assert it.sign_in(PIN).status_code == 303
        return it


class Browser:
    def __init__(self, client: FlaskClient, address: str, host: str) -> None:
        self.client = client
        self.address = address
        self.host = host

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, form: dict[str, str] | str | None = None, **headers: str) -> TestResponse:
        sent = {"Origin": f"http://{self.host}", "Sec-Fetch-Site": "same-origin"}
        return self._ask("POST", path, form or {}, {**sent, **headers})

    def act(self, action: str, token: str | None = None, **headers: str) -> TestResponse:
        return self.post(f"/do/{action}", {"token": self.token("/") if token is None else token}, **headers)

    def sign_in(self, pin: str) -> TestResponse:
        return self.post("/sign-in", {"token": self.token("/sign-in"), "pin": pin})

    def token(self, path: str) -> str:
        """Of the last form on the page: the first one may be that for signing out."""
        found = TOKEN.findall(self.get(path).text)
        assert found, "no form on the page"
        return str(found[-1])

    def cookie(self, name: str = "ooh_session", path: str = "/") -> str | None:
        kept = self.client.get_cookie(name, domain=self.host.rpartition(":")[0] or self.host, path=path)
        return kept.value if kept is not None else None

    def _ask(self, method: str, path: str, form: dict[str, str] | str | None, headers: dict[str, str]) -> TestResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
        given = {"environ_base": {"REMOTE_ADDR": self.address}, "headers": {"Host": self.host, **sent}}
        return self.client.open(path, method=method, data=form, base_url=f"http://{self.host}", **given)  # type: ignore[arg-type]


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(tmp_path: Path, clock: FakeClock) -> MakeDesk:
    """``config``: another than the default; ``pin``: set one; further words are keys of ``[web]``."""

    def make(config: Config | None = None, *, pin: str | None = PIN, **web: object) -> Desk:
        folders = Folders(tmp_path / "state", tmp_path / "state" / "run")
        folders.run.mkdir(parents=True, exist_ok=True)
        file = tmp_path / "pin"
        if pin is not None:
            write_pin(file, pin)
        settings = WebConfig(enabled=True, pin_file=str(file), **web)  # type: ignore[arg-type]
        reloads = ["reload"]
        site = Site(
            replace(config or Config(), web=settings),
            folders,
            clock,
            "0.1.0",
            reload=lambda: reloads[-1],
            look=lambda: [{"name": "clock", "grade": "ok", "what": "synchronised", "next_step": ""}],
            networks=Networks(lambda: list(LAN)),
        )
        return Desk(site, reloads)

    return make


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    """On the loopback address, with a PIN."""
    return make_desk()
