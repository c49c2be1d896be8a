"""The round of checks, and the network's."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from config import Code, Config, ExchangeConfig, OohError
from player.doctor import Check, Finding, examine, network_checks
from player.fetch import HttpAnswer
from tests.fakes import FakeClock


@dataclass
class FakeHttp:
    status: int = 200
    asked: list[str] = field(default_factory=list)

    def request(self, method: str, url: str, **_rest: object) -> HttpAnswer:
        self.asked.append(f"{method} {url}")
        return HttpAnswer(self.status, {}, b"")


def fine() -> Finding:
    return Finding("fine", "ok", "all is well")


def test_one_check_that_trips_or_hangs_spoils_no_other() -> None:
    def trips() -> Finding:
        message = "odd"
        raise KeyError(message)

    def refuses() -> Finding:
        raise OohError(Code.FETCH_NETWORK, "no route")

    held = threading.Event()

    def hangs() -> Finding:
        held.wait(20)
        return fine()

    checks = [
        Check("trips", trips),
        Check("refuses", refuses),
        Check("hangs", hangs),
        Check("fine", fine),
    ]
    findings = examine(checks, longest_s=0.5)
    held.set()

    assert [(found.name, found.grade) for found in findings] == [
        ("trips", "fail"),
        ("refuses", "fail"),
        ("hangs", "fail"),
        ("fine", "ok"),
    ]
    assert findings[0].what.startswith("process.fault")
    assert all(found.next_step for found in findings[:3])


def test_an_exchange_without_a_url_is_none() -> None:
    http = FakeHttp()
    found = examine(network_checks(Config(exchange=(ExchangeConfig(),)), http, FakeClock()))

    assert [(each.name, each.grade) for each in found] == [("exchange", "warn"), ("stream", "warn")]
    assert not http.asked


@pytest.mark.parametrize(("status", "grade"), [(200, "ok"), (405, "ok"), (401, "warn"), (404, "warn"), (502, "fail")])
def test_an_exchange_is_reached_without_asking_for_an_ad(status: int, grade: str) -> None:
    http = FakeHttp(status)
    config = Config(exchange=(ExchangeConfig(url="https://x.test/ads"),))
    found = examine(network_checks(config, http, FakeClock()))

    assert found[0].grade == grade
    assert http.asked == ["HEAD https://x.test/ads"]
