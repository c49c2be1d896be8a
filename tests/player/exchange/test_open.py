"""Dialects: the built-in ones, and the example of docs/exchanges.md, run as a third party's package."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cache import Beacon, PlayEnd
from config import Code, ConfigError, ExchangeConfig, OohError, ScreenConfig
from player._kinds import BUILT_IN_KINDS, load_config
from player.agent._settle import Settler
from player.exchange import DIALECTS, NoFill, Offered, Opportunity, ScreenIdentity, find_dialect, open_exchange
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.agent.rig import Rig, play
from tests.player.exchange.openrtb.answers import SCREEN
from tests.player.fake_http import FakeHttp

DOC = Path(__file__).parents[3] / "docs" / "exchanges.md"
WANTED = Opportunity(screen=SCREEN, duration_ms=8_000)
WHO = ScreenIdentity.of(ScreenConfig(), "1")


@dataclass(frozen=True)
class FakeEntryPoint:
    """An installed package's entry point."""

    value: str
    found: Any

    def load(self) -> Any:
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def install(monkeypatch: pytest.MonkeyPatch, found: Any) -> None:
    def entry_points(*, group: str, name: str) -> list[FakeEntryPoint]:
        return [FakeEntryPoint("the_package:SIMPLE", found)] if (group, name) == (GROUP, "simple") else []

    monkeypatch.setattr("player.exchange._open.entry_points", entry_points)


GROUP = "ooh_player.exchanges"


def documented() -> str:
    found = re.search(r"```python\n(.*?)```", DOC.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def simple(monkeypatch: pytest.MonkeyPatch) -> None:
    names: dict[str, Any] = {}
    exec(documented(), names)  # noqa: S102 - the document's own example
    install(monkeypatch, names["Simple"]())


def test_the_three_dialects_are_built_in() -> None:
    assert tuple(DIALECTS) == BUILT_IN_KINDS == ("openrtb", "vast", "vistar")


@pytest.mark.parametrize(
    ("kind", "said"),
    [("openrbt", 'did you mean "openrtb"?'), ("mystery", "install the package that adds it")],
)
def test_a_configuration_with_a_kind_that_nobody_speaks_is_refused(tmp_path: Path, kind: str, said: str) -> None:
    file = tmp_path / "player.toml"
    file.write_text(f'[exchange]\nurl = "https://x.test"\nkind = "{kind}"\n')
    with pytest.raises(ConfigError) as found:
        load_config(file, {})
    (problem,) = found.value.problems
    assert (problem.line, problem.key) == (3, "exchange.kind")
    assert said in problem.message


def test_an_installed_kind_is_a_good_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "player.toml"
    file.write_text('[exchange]\nurl = "https://x.test"\nkind = "simple"\n')
    with pytest.raises(ConfigError):
        load_config(file, {})
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **_: [FakeEntryPoint("the_package:SIMPLE", None)])
    assert load_config(file, {}).config.exchange[0].kind == "simple"


def test_a_kind_that_nobody_speaks_is_named() -> None:
    with pytest.raises(OohError, match='"mystery"; built in are openrtb') as found:
        find_dialect("mystery")
    assert found.value.code is Code.EXCHANGE_DIALECT


def test_a_package_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, ImportError("no module"))
    with pytest.raises(OohError, match="the_package:SIMPLE cannot be loaded: no module"):
        find_dialect("simple")


def test_the_example_is_short() -> None:
    lines = [line for line in documented().splitlines() if line.strip()]
    assert len(lines) <= 30


@pytest.mark.usefixtures("simple")
def test_the_example_sells_an_ad_and_hears_of_it(rig: Rig, clock: FakeClock) -> None:
    ad = {"image": "https://cdn.test/a.png", "seconds": 5, "seen": "https://x.test/seen/1"}
    http = FakeHttp(HttpAnswer(200, {}, json.dumps(ad).encode()))
    exchange = open_exchange(ExchangeConfig(url="https://x.test", kind="simple", name="s"), WHO, http, clock)
    answer = exchange.ask(WANTED)
    assert isinstance(answer, Offered)
    assert isinstance(exchange.explain(WANTED).result, Offered)
    (lease,) = answer.leases
    rig.journal.offer(lease)
    play_id = play(rig, clock)
    clock.advance(5)
    rig.journal.close_play(play_id, PlayEnd(clock.now(), 5_000, 1, 0, "complete"), [])

    assert Settler(rig.journal, find_dialect).step() == 1
    assert [one.url for one in rig.journal.due_beacons(clock.now(), 10)] == ["https://x.test/seen/1"]
    http.reply = HttpAnswer(204, {}, b"")
    assert isinstance(exchange.ask(WANTED), NoFill)
    assert find_dialect("simple").release(lease, "lease.expired") == ()
    assert Beacon("seen", "https://x.test/seen/1").method == "GET"
