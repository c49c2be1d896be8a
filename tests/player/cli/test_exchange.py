"""``exchange try``: what a person reads of each answer."""

from __future__ import annotations

import json
import urllib.request
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from config import Code, OohError, Size
from player.cli import cli
from player.cli._exchange import _as_text
from player.demo import DEMO_EXCHANGES, Ports, player_toml, write_key
from player.exchange import Answer, Explanation, NoFill
from sandbox.exchange import Mix, make_app
from tests.sandbox.servers import running


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (NoFill("no bids, nbr 2: invalid request"), ["no fill: no bids, nbr 2"]),
        (OohError(Code.EXCHANGE_THROTTLED, "status 429"), ["exchange.throttled", "status 429", "do: "]),
    ],
)
def test_an_answer_without_an_ad_is_explained(result: Answer | OohError, said: list[str]) -> None:
    text = _as_text(Explanation("acme", "https://x.test/", b"{}", 200, b"", result, (), 12))

    assert all(words in text for words in said)


QUIET = Mix(broken_share=0, nofill_share=0, slow_share=0, throttle_share=0)


@pytest.mark.parametrize("dialect", DEMO_EXCHANGES)
def test_every_dialect_is_tried_without_billing(tmp_path: Path, dialect: str) -> None:
    with running(make_app(QUIET)) as address:
        port = int(address.rpartition(":")[2])
        write_key(tmp_path)
        config = tmp_path / "player.toml"
        config.write_text(
            player_toml(Ports(port, 1), tmp_path, slot_seconds=2.5, size=Size(1280, 720), dialect=dialect)
        )
        told = CliRunner().invoke(cli, ["exchange", "try", "--json", "--config", str(config)])
        read = CliRunner().invoke(cli, ["exchange", "try", "--config", str(config)])
        path = "_state" if dialect == "openrtb" else f"{dialect}/_state"
        with urllib.request.urlopen(f"{address}/{path}", timeout=5) as answer:  # noqa: S310 - loopback
            state = json.load(answer)

    assert (told.exit_code, read.exit_code) == (0, 0), told.output + read.output
    (found,) = json.loads(told.stdout)
    (ad,) = found["result"]["would_cache"]
    assert (found["exchange"], found["status"], ad["creative_url"][:7]) == ("sandbox", 200, "http://")
    assert "would cache: " in read.stdout
    assert state["asked"] == 2
    assert not state.get("billed", state.get("impressions"))
    if dialect == "openrtb":
        assert found["request"]["test"] == 1
        assert (Decimal(ad["cost"]), state["won"], state["released"]) == (Decimal(ad["price"]) / 1000, 0, 0)


def test_what_the_operator_s_rules_refuse_is_told_and_is_no_fault(tmp_path: Path) -> None:
    with running(make_app(QUIET)) as address:
        config = tmp_path / "player.toml"
        toml = player_toml(Ports(int(address.rpartition(":")[2]), 1), tmp_path, slot_seconds=2.5, size=Size(1280, 720))
        config.write_text(f'{toml}\n[ads]\napproved_creatives = ["none-of-these"]\n')
        told = CliRunner().invoke(cli, ["exchange", "try", "--config", str(config)])

    assert told.exit_code == 0, told.output
    assert "exchange.rules" in told.stdout
    assert "is not approved" in told.stdout
