"""Signals are words, whoever gets them and whenever they come."""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Iterator

import pytest

from player._signals import SignalBell


@pytest.fixture
def bell() -> Iterator[SignalBell]:
    before = signal.getsignal(signal.SIGUSR1)
    it = SignalBell({signal.SIGUSR1: "one", signal.SIGUSR2: "two"})
    yield it
    it.close()
    assert signal.getsignal(signal.SIGUSR1) is before


def test_each_word_once_in_order(bell: SignalBell) -> None:
    assert bell.drain() == ()
    for number in (signal.SIGUSR2, signal.SIGUSR1, signal.SIGUSR2):
        os.kill(os.getpid(), number)
    assert bell.drain() == ("two", "one")
    assert bell.drain() == ()


def test_one_that_came_before_the_sleep_ends_it(bell: SignalBell) -> None:
    os.kill(os.getpid(), signal.SIGUSR1)
    assert select.select([bell], [], [], 5)[0] == [bell]


def test_one_that_another_thread_got_ends_the_sleep(bell: SignalBell) -> None:
    def other() -> None:
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)

    timer = threading.Timer(0.1, other)
    timer.start()
    assert select.select([bell], [], [], 5)[0] == [bell]
    assert bell.drain() == ("one",)
    timer.join()
