"""Wrong PINs wait, by address and for all together; over restarts and reboots; and never for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from player.web._attempts import (
    FREE_BY_ADDRESS,
    FREE_FOR_ALL,
    LONGEST_WAIT_FOR_ALL_S,
    LONGEST_WAIT_S,
    Attempts,
    network_of,
)
from tests.fakes import FakeClock


@pytest.fixture
def attempts(tmp_path: Path, clock: FakeClock) -> Attempts:
    return Attempts(tmp_path / "web" / "attempts.json", clock)


def exhaust(attempts: Attempts, address: str) -> float:
    for _ in range(FREE_BY_ADDRESS):
        assert attempts.begin(address) == 0
    return attempts.begin(address)


def test_waits_rise_and_have_an_end(attempts: Attempts, clock: FakeClock) -> None:
    waits = []
    wait_s = exhaust(attempts, "192.168.7.9")
    for _ in range(14):
        waits.append(wait_s)
        clock.advance(wait_s)
        assert attempts.begin("192.168.7.9") == 0
        wait_s = attempts.begin("192.168.7.9")
    assert waits[:4] == [5, 10, 20, 40]
    assert waits == sorted(waits)
    assert max(waits) <= LONGEST_WAIT_S


def test_who_asks_too_early_is_refused_and_loses_nothing(attempts: Attempts, clock: FakeClock) -> None:
    wait_s = exhaust(attempts, "192.168.7.9")
    for _ in range(50):
        assert attempts.begin("192.168.7.9") == wait_s
    clock.advance(wait_s)
    assert attempts.begin("192.168.7.9") == 0


def test_others_are_not_held_for_one(attempts: Attempts) -> None:
    assert exhaust(attempts, "192.168.7.9") > 0
    assert attempts.begin("192.168.7.10") == 0


def test_many_addresses_together_wait_too(attempts: Attempts, clock: FakeClock) -> None:
    for number in range(FREE_FOR_ALL):
        assert attempts.begin(f"192.168.7.{number}") == 0
    wait_s = attempts.begin("192.168.7.200")
    assert 0 < wait_s <= LONGEST_WAIT_FOR_ALL_S
    assert attempts.begin("127.0.0.1") == 0, "who is on the machine itself does not wait for strangers"
    clock.advance(2 * wait_s)
    assert attempts.begin("192.168.7.200") == 0


def test_a_restart_gives_no_new_attempts(attempts: Attempts, tmp_path: Path, clock: FakeClock) -> None:
    wait_s = exhaust(attempts, "192.168.7.9")
    again = Attempts(tmp_path / "web" / "attempts.json", clock)
    assert again.begin("192.168.7.9") == wait_s


def test_after_a_reboot_the_wait_begins_anew(attempts: Attempts, tmp_path: Path, clock: FakeClock) -> None:
    exhaust(attempts, "192.168.7.9")
    clock.boot, clock.mono_ns = "another boot", 5
    again = Attempts(tmp_path / "web" / "attempts.json", clock)
    wait_s = again.begin("192.168.7.9")
    assert wait_s == 5
    clock.advance(wait_s)
    assert again.begin("192.168.7.9") == 0


def test_a_wall_clock_that_is_set_shortens_no_wait(attempts: Attempts, clock: FakeClock) -> None:
    wait_s = exhaust(attempts, "192.168.7.9")
    clock.jump(86_400)
    assert attempts.begin("192.168.7.9") == wait_s


def test_success_clears_the_address_alone(attempts: Attempts) -> None:
    for _ in range(FREE_BY_ADDRESS - 1):
        attempts.begin("192.168.7.9")
    attempts.begin("192.168.7.9")
    attempts.succeeded("192.168.7.9")
    assert attempts.begin("192.168.7.9") == 0


def test_quiet_hours_halve_the_count(attempts: Attempts, clock: FakeClock) -> None:
    wait_s = exhaust(attempts, "192.168.7.9")
    for _ in range(6):
        clock.advance(wait_s)
        attempts.begin("192.168.7.9")
        wait_s = attempts.begin("192.168.7.9")
    clock.advance(5 * 3_600)
    for _ in range(FREE_BY_ADDRESS):
        assert attempts.begin("192.168.7.9") == 0


def test_the_file_stays_small_and_private(attempts: Attempts, tmp_path: Path, clock: FakeClock) -> None:
    for number in range(600):
        clock.advance(3_601)
        attempts.begin(f"10.0.{number // 250}.{number % 250}")
    file = tmp_path / "web" / "attempts.json"
    assert file.stat().st_size < 20_000
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("text", ["", "{", "[]", '{"boot_id": 1}', '{"boot_id":"x","wrong":{"a":"b"}}', '{"wrong":[]}'])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, clock: FakeClock, text: str) -> None:
    file = tmp_path / "attempts.json"
    file.write_text(text)
    assert Attempts(file, clock).begin("192.168.7.9") == 0


def test_a_disk_that_takes_nothing_still_counts(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "web").write_text("a file where the folder should be")
    assert exhaust(Attempts(tmp_path / "web" / "attempts.json", clock), "192.168.7.9") > 0


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.168.7.9", "192.168.7.9"),
        ("::ffff:192.168.7.9", "192.168.7.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::7", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::1"),
        ("::1", "::1"),
        ("", "unknown"),
        ("no address", "unknown"),
    ],
)
def test_what_counts_as_one_address(address: str, counted_as: str) -> None:
    assert network_of(address) == counted_as
