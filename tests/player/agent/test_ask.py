"""When exchanges are asked, and what their answers lead to."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from cache import Beacon, Journal, Lease, LeaseState, PlayEnd
from config import AdsConfig, Code, Config, ExchangeConfig, OohError, ScreenConfig, Size, SlotConfig
from player.agent._ask import PATIENCE_S, Asker, lane_names
from player.agent._keep import Keeper
from player.backoff import ThrottledError
from player.exchange import Answer, NoFill, Offered, Opportunity, RefusedError
from tests.fakes import FakeClock
from tests.player.agent.rig import Rig, play


@dataclass
class FakeExchange:
    """Answers as its script says, then with leases."""

    name: str
    rig: Rig
    script: list[OohError | NoFill] = field(default_factory=list)
    asked: list[Opportunity] = field(default_factory=list)
    holds: timedelta = timedelta(minutes=15)

    def ask(self, opportunity: Opportunity) -> Answer:
        self.asked.append(opportunity)
        answer = self.script.pop(0) if self.script else None
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        lease = self.rig.lease(exchange=self.name, expires_at=self.rig.clock.now() + self.holds)
        return Offered((lease,), (Beacon("win", "https://x.example/win"),))


@dataclass
class Table:
    rig: Rig
    asker: Asker
    exchanges: list[FakeExchange]
    notices: list[Beacon]
    offers: list[None]

    def run(self, most: int = 60) -> float | None:
        """Step every lane while there is something to do at once; returns the shortest wait."""
        for _ in range(most):
            waits = [self.asker.step(place) for place in range(len(self.exchanges))]
            if 0 not in waits:
                return min((wait_s for wait_s in waits if wait_s is not None), default=None)
        message = "it never stopped asking"
        raise AssertionError(message)


ADS = SlotConfig(seconds=8)


def table(
    rig: Rig,
    *scripts: list[OohError | NoFill],
    slot: SlotConfig = ADS,
    others: Sequence[SlotConfig] = (),
    hosts: Sequence[str] = (),
    minutes: float = 0.0,
    ads: AdsConfig | None = None,
    screen: ScreenConfig | None = None,
) -> Table:
    exchanges = [FakeExchange(f"x{number}", rig, list(script)) for number, script in enumerate(scripts)]
    config = Config(
        exchange=tuple(
            ExchangeConfig(url=f"https://{host}", name=each.name, look_ahead=4, look_ahead_minutes=minutes)
            for each, host in zip(exchanges, hosts or [f"{each.name}.example" for each in exchanges], strict=True)
        ),
        loop=(slot, *others),
        ads=ads or AdsConfig(),
        screen=screen or ScreenConfig(),
    )
    notices: list[Beacon] = []
    offers: list[None] = []
    asker = Asker(
        rig.journal,
        rig.clock,
        config,
        exchanges,
        lambda: Size(1080, 1920),
        notices.extend,
        lambda: offers.append(None),
        draw=lambda: 0.0,
    )
    return Table(rig, asker, exchanges, notices, offers)


def test_it_asks_until_enough_leases_wait(rig: Rig) -> None:
    it = table(rig, [])
    assert it.run() is None
    assert len(rig.states()) == 4
    assert len(it.notices) == len(it.offers) == 4
    opportunities = it.exchanges[0].asked
    assert [each.show_in_ms for each in opportunities] == [0, 10_000, 20_000, 30_000]
    assert {(each.screen, each.duration_ms, each.count) for each in opportunities} == {(Size(1080, 1920), 8_000, 1)}


def test_a_lease_that_ends_is_replaced(rig: Rig) -> None:
    it = table(rig, [])
    it.run()
    rig.journal.release(next(iter(rig.states())), "test")
    it.run()
    assert len(rig.states()) == 4
    assert it.asker.tallies()["x0"].filled == 5


def test_no_fill_backs_off_doubling_and_a_fill_resets(rig: Rig, clock: FakeClock) -> None:
    it = table(rig, [NoFill("204")] * 8)
    waits = []
    for _ in range(8):
        wait_s = it.run()
        assert wait_s
        waits.append(wait_s)
        clock.advance(wait_s)
    assert waits == [2, 4, 8, 16, 32, 64, 120, 120]
    assert it.run() is None
    it.exchanges[0].script.append(NoFill("204"))
    rig.journal.release(next(iter(rig.states())), "test")
    assert it.run() == 2


def test_being_woken_does_not_shorten_a_wait(rig: Rig, clock: FakeClock) -> None:
    it = table(rig, [NoFill("204")] * 9)
    it.run()
    for _ in range(5):
        clock.advance(0.1)
        it.asker.step(0)
    assert len(it.exchanges[0].asked) == 1


def test_retry_after_is_obeyed(rig: Rig) -> None:
    it = table(rig, [ThrottledError(Code.EXCHANGE_THROTTLED, "429", 45)])
    assert it.run() == 47


def test_the_waterfall_asks_the_next_one(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    it = table(rig, [OohError(Code.EXCHANGE_UNAVAILABLE, "down")] * 9, [])
    assert it.run() is None
    assert len(it.exchanges[0].asked) == 1
    assert {held.lease.exchange for held in rig.journal.held()} == {"x1"}
    assert caplog.messages.count("exchange.failed") == 1


def test_an_outage_is_told_once_and_its_end_too(rig: Rig, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="ooh")
    it = table(rig, [OohError(Code.EXCHANGE_UNAVAILABLE, "down")] * 5)
    while (wait_s := it.run()) is not None:
        clock.advance(wait_s)
    assert caplog.messages.count("exchange.failed") == 1
    assert caplog.messages.count("exchange.recovered") == 1


@pytest.mark.parametrize("code", [Code.EXCHANGE_INVALID, Code.EXCHANGE_UNKNOWN_IMP, Code.EXCHANGE_NO_CREATIVE])
def test_every_bad_answer_is_a_line_in_the_log(
    rig: Rig, clock: FakeClock, caplog: pytest.LogCaptureFixture, code: Code
) -> None:
    it = table(rig, [OohError(code, "bad")] * 3)
    while (wait_s := it.run()) is not None:
        clock.advance(wait_s)
    assert caplog.messages.count("exchange.failed") == 3
    assert it.asker.tallies()["x0"].failed == 3
    assert len(rig.states()) == 4


def test_an_exchange_of_broken_creatives_is_asked_less_and_less(rig: Rig, clock: FakeClock) -> None:
    it = table(rig, [])
    for _ in range(600):
        for held in rig.journal.held():
            rig.journal.fail(held.lease.lease_id, "creative.corrupt")
            it.asker.spoiled("x0")
        if it.asker.step(0) != 0:
            clock.advance(1)
    assert len(it.exchanges[0].asked) < 30
    it.asker.sound("x0")
    assert it.run() is None


def test_one_broken_creative_in_four_changes_nothing(rig: Rig) -> None:
    it = table(rig, [])
    for number in range(40):
        assert it.asker.step(0) == 0
        (lease_id,) = rig.states()
        if number % 4 == 0:
            rig.journal.fail(lease_id, "creative.corrupt")
            it.asker.spoiled("x0")
        else:
            rig.journal.release(lease_id, "test")
            it.asker.sound("x0")
    assert len(it.exchanges[0].asked) == 40


def test_a_loop_without_ad_slots_asks_nobody(rig: Rig) -> None:
    it = table(rig, [], slot=SlotConfig(kind="content"))
    assert it.run() is None
    assert not it.exchanges[0].asked


def test_a_playing_lease_is_not_one_that_waits(rig: Rig, clock: FakeClock) -> None:
    it = table(rig, [])
    it.run()
    play(rig, clock)
    it.run()
    assert sorted(rig.states().values()) == ["OFFERED"] * 4 + ["PLAYING"]


def test_no_ads_are_asked_for_outside_their_daypart(rig: Rig, clock: FakeClock) -> None:
    it = table(rig, [], slot=SlotConfig(starts="08:00", ends="20:00"), others=[SlotConfig(kind="content")])
    clock.wall = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
    assert it.run() is None
    assert not it.exchanges[0].asked
    clock.wall = datetime(2026, 11, 22, 7, 59, 30, tzinfo=UTC)
    it.run()
    assert len(rig.states()) == 4, "ready when the daypart begins"


def test_the_other_slots_come_between_the_ads(rig: Rig) -> None:
    it = table(rig, [], others=[SlotConfig(kind="content", seconds=16)])
    it.run()
    assert [each.show_in_ms for each in it.exchanges[0].asked] == [0, 30_000, 60_000, 90_000]


def test_no_more_is_held_than_can_be_shown_in_time(rig: Rig) -> None:
    it = table(rig, [])
    it.exchanges[0].holds = timedelta(seconds=30)
    it.run()
    assert len(rig.states()) == 3, "of 10 s each; a fourth would run out"


def test_while_nothing_is_shown_one_lease_is_held(rig: Rig, clock: FakeClock) -> None:
    """A dead screen: leases run out unshown, and must not be asked for as if they were shown."""
    it = table(rig, [])
    it.run()
    keeper = Keeper(rig.journal, rig.cache, clock, Config().proof, lambda lease: it.asker.unshown(lease.exchange))
    for _ in range(7 * 96):
        clock.advance(900)
        keeper.expire()
        it.run()
    assert len(it.exchanges[0].asked) == 4 + 7 * 96, "one a quarter of an hour"
    rig.journal.close_play(play(rig, clock), PlayEnd(clock.now(), 10_000, 1, 0, "complete"), [])
    it.run()
    assert len(rig.states()) == 4


def test_what_the_journal_cannot_hold_is_given_back(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    it = table(rig, [])

    def full(_journal: Journal, _lease: Lease) -> None:
        raise OohError(Code.JOURNAL_UNAVAILABLE, "disk full")

    monkeypatch.setattr(Journal, "offer", full)
    with pytest.raises(OohError, match="disk full"):
        it.asker.step(0)
    assert [notice.kind for notice in it.notices] == ["expiration"]


def test_refused_bids_are_told(rig: Rig) -> None:
    loss = Beacon("loss", "https://dsp.example/loss")
    it = table(rig, [RefusedError(Code.EXCHANGE_NO_CREATIVE, "bid 1", (loss,))])
    it.run()
    assert it.notices == [loss]


def test_an_answer_that_stays_bad_falls_silent(rig: Rig, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    it = table(rig, [OohError(Code.EXCHANGE_INVALID, "a login page")] * 200)
    while (wait_s := it.run()) is not None:
        clock.advance(wait_s)
    assert caplog.messages.count("exchange.failed") == 10


# The waterfall: lanes, circuits, rules, look-ahead.

DOWN = OohError(Code.EXCHANGE_UNAVAILABLE, "down")


@dataclass
class HeldExchange(FakeExchange):
    """Answers only when it is let go."""

    entered: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def ask(self, opportunity: Opportunity) -> Answer:
        self.entered.set()
        assert self.let_go.wait(10)
        return super().ask(opportunity)


def test_a_slow_exchange_holds_up_no_other(rig: Rig, clock: FakeClock) -> None:
    it = table(rig, [], [])
    slow = HeldExchange("x0", rig)
    it.asker._lanes[0].exchange = slow
    hanging = threading.Thread(target=it.asker.step, args=(0,))
    hanging.start()
    assert slow.entered.wait(10)
    assert it.asker.step(1) == PATIENCE_S, "the first word is the first exchange's, for a moment"
    assert it.asker.step(0) == PATIENCE_S, "one request at a time to one exchange"
    clock.advance(PATIENCE_S)
    assert it.asker.step(1) == 0
    slow.let_go.set()
    hanging.join()
    assert sorted(held.lease.exchange for held in rig.journal.held()) == ["x0", "x1"]


def test_what_is_being_asked_for_counts_as_held(rig: Rig) -> None:
    it = table(rig, [], [NoFill("none")])
    it.run()
    rig.journal.release(next(iter(rig.states())), "test")
    slow = HeldExchange("x0", rig)
    it.asker._lanes[0].exchange = slow
    hanging = threading.Thread(target=it.asker.step, args=(0,))
    hanging.start()
    assert slow.entered.wait(10)
    assert it.asker.step(1) is None, "the one lease that is wanted is being asked for"
    slow.let_go.set()
    hanging.join()
    assert len(rig.states()) == 4


def test_the_next_exchange_is_not_asked_while_the_first_has_ads(rig: Rig) -> None:
    it = table(rig, [], [])
    it.run()
    assert [len(each.asked) for each in it.exchanges] == [4, 0]


def test_the_next_exchange_is_asked_while_the_first_has_none(rig: Rig, clock: FakeClock) -> None:
    it = table(rig, [NoFill("none")] * 2, [])
    it.run()
    assert [len(each.asked) for each in it.exchanges] == [1, 4]
    rig.journal.release(next(iter(rig.states())), "test")
    clock.advance(4)
    it.run()
    assert [len(each.asked) for each in it.exchanges] == [2, 5], "the first again has the first word"


def test_a_host_that_is_down_is_probed_by_one(rig: Rig, clock: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="ooh")
    it = table(rig, [DOWN] * 40, [DOWN] * 40, hosts=["ssp.example/a", "ssp.example/b"])
    it.run()
    clock.advance(2)
    it.run()
    assert it.asker.circuits_open() == ("x0", "x1")
    assert caplog.messages.count("circuit.opened") == 1
    before = sum(len(each.asked) for each in it.exchanges)
    for _ in range(100):
        clock.advance(1)
        it.run()
    assert sum(len(each.asked) for each in it.exchanges) - before <= 6, "2 s doubling, for both together"
    it.exchanges[0].script.clear()
    it.exchanges[1].script.clear()
    for _ in range(300):
        clock.advance(1)
        it.run()
    assert it.asker.circuits_open() == ()
    assert caplog.messages.count("circuit.closed") == 1
    assert len(rig.states()) == 4


def test_another_host_is_asked_as_ever(rig: Rig, clock: FakeClock) -> None:
    it = table(rig, [DOWN] * 99, [])
    for _ in range(20):
        clock.advance(10)
        it.run()
        rig.journal.release(next(iter(rig.states())), "test")
    assert it.asker.circuits_open() == ("x0",)
    assert len(it.exchanges[1].asked) == 23


def test_being_throttled_opens_no_circuit(rig: Rig, clock: FakeClock) -> None:
    it = table(rig, [ThrottledError(Code.EXCHANGE_THROTTLED, "429", 1)] * 20)
    for _ in range(200):
        clock.advance(1)
        it.run()
    assert it.asker.circuits_open() == ()


def test_the_minutes_offline_are_covered(rig: Rig) -> None:
    it = table(rig, [], slot=SlotConfig(seconds=10), minutes=2)
    it.run()
    assert len(rig.states()) == 12, "12 times 10 s are two minutes"


def test_other_slots_make_fewer_leases_of_the_same_minutes(rig: Rig) -> None:
    it = table(rig, [], slot=SlotConfig(seconds=10), others=[SlotConfig(kind="content", seconds=10)], minutes=2)
    it.run()
    assert len(rig.states()) == 6


def test_no_more_is_asked_for_than_is_shown_before_the_daypart_ends(rig: Rig, clock: FakeClock) -> None:
    it = table(rig, [], slot=SlotConfig(seconds=10, ends="20:00"), others=[SlotConfig(kind="house")], minutes=10)
    clock.wall = datetime(2026, 11, 22, 19, 58, 30, tzinfo=UTC)
    it.run()
    assert len(rig.states()) == 4, "every second slot of 90 s"


def test_asked_is_shown_and_released(rig: Rig, clock: FakeClock) -> None:
    """A day of plays, no-fills and outages: no lease is lost from the count."""
    it = table(rig, [NoFill("none"), DOWN, NoFill("none")] * 20)
    for number in range(300):
        it.run()
        clock.advance(10)
        if rig.states():
            play_id = play(rig, clock)
            rig.journal.close_play(play_id, PlayEnd(clock.now(), 10_000, 1, 0, "complete"), [])
        if number % 50 == 0 and rig.states():
            rig.journal.release(next(iter(rig.states())), "test")
    counts = rig.journal.lease_counts()
    ended = counts[LeaseState.PLAYED] + counts[LeaseState.RELEASED]
    assert it.asker.tallies()["x0"].filled == ended + len(rig.states())
    assert len(rig.states()) <= 4


def test_the_operator_s_rules_hold_for_every_dialect(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    it = table(rig, [], ads=AdsConfig(blocked_domains=("rival.example",)))
    lease = rig.lease(exchange="x0", advertiser_domain="shop.rival.example")
    it.exchanges[0].script.append(Offered((lease,)))  # type: ignore[arg-type]
    assert it.asker.step(0) == 0
    (ended,) = rig.journal.unsettled(10)
    assert (ended.reason, ended.state) == ("exchange.rules", LeaseState.RELEASED)
    assert "lease.refused" in caplog.messages
    assert it.exchanges[0].asked[0].rules.domains == {"rival.example"}


def test_a_fault_in_one_dialect_is_not_the_end_of_its_lane(rig: Rig, clock: FakeClock) -> None:
    it = table(rig, [])
    it.exchanges[0].script.append(KeyError("a bug"))  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        it.asker.step(0)
    clock.advance(10)
    it.run()
    assert len(rig.states()) == 4


@pytest.mark.parametrize(
    ("urls", "names"),
    [
        ((), ()),
        (("https://a.example",), ("ask",)),
        (("", "https://a.example"), ("ask",)),
        (("https://a.example", "https://b.example"), ("ask-1", "ask-2")),
    ],
)
def test_each_exchange_has_a_job_of_its_own(urls: tuple[str, ...], names: tuple[str, ...]) -> None:
    tables = tuple(ExchangeConfig(url=url, name=f"x{number}") for number, url in enumerate(urls))
    assert lane_names(Config(exchange=tables)) == names


def test_the_other_lanes_look_again_after_every_answer(rig: Rig) -> None:
    it = table(rig, [NoFill("none"), DOWN])
    looks: list[None] = []
    it.asker.on_answer = lambda: looks.append(None)
    it.asker.step(0)
    assert len(looks) == 1
    it.asker.step(0)
    assert len(looks) == 1, "nobody was asked"


def test_refused_bids_are_counted(rig: Rig) -> None:
    it = table(rig, [RefusedError(Code.EXCHANGE_RULES, "bid 1", ())])
    it.run()
    assert (it.asker.tallies()["x0"].refused, it.asker.tallies()["x0"].failed) == (1, 1)


def test_what_a_no_fill_wants_called_is_called(rig: Rig) -> None:
    error = Beacon("error", "https://v.example/none")
    it = table(rig, [NoFill("no ad", (error,))])
    it.run()
    assert it.notices == [error]
