"""The settler: asks dialects what to call, and is not stopped by one that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from cache import Beacon, Lease
from config import Code, OohError
from player.agent._settle import Settler
from player.exchange import Dialect, ExplainingExchange, find_dialect
from tests.fakes import FakeClock
from tests.player.agent.rig import rig_in


class Told:
    """A dialect that calls back what it was told."""

    def open(self, *_: object) -> ExplainingExchange:
        raise AssertionError

    def shown(self, *_: object) -> tuple[Beacon, ...]:
        raise AssertionError

    def release(self, lease: Lease, reason: str) -> tuple[Beacon, ...]:
        if lease.memo == "bug":
            raise KeyError(reason)
        return (Beacon("expiration", f"https://x.test/{reason}"),)


def told(name: str) -> Dialect:
    if name != "told":
        raise OohError(Code.EXCHANGE_DIALECT, name)
    return Told()


def test_every_reason_comes_through(tmp_path: Path, clock: FakeClock) -> None:
    with rig_in(tmp_path, clock) as rig:
        lease = rig.offer(dialect="told")
        rig.journal.fail(lease.lease_id, "creative.corrupt")
        assert Settler(rig.journal, told).step() == 1
        assert [one.url for one in rig.journal.due_beacons(clock.now(), 9)] == ["https://x.test/creative.corrupt"]


def test_one_that_fails_holds_up_no_other(tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    with rig_in(tmp_path, clock) as rig:
        for changes in ({"dialect": "told", "memo": "bug"}, {"dialect": "gone"}, {"dialect": "told"}):
            rig.journal.release(rig.offer(**changes).lease_id, "x")
        assert Settler(rig.journal, told).step() == 3
        assert len(rig.journal.due_beacons(clock.now(), 9)) == 1
    assert [record.message for record in caplog.records].count("lease.not_settled") == 2


def test_nobody_speaks_it() -> None:
    with pytest.raises(OohError, match="built in are") as caught:
        find_dialect("klingon")
    assert caught.value.code is Code.EXCHANGE_DIALECT
