"""Counting the codes of warnings and errors."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from cache import CodeCounter
from config import Code, OohError

log = logging.getLogger("ooh.test_codes")


@pytest.fixture
def codes() -> Iterator[CodeCounter]:
    counter = CodeCounter()
    counter.watch()
    yield counter
    counter.unwatch()


def fail(code: Code, level: int = logging.WARNING) -> None:
    log.log(level, "it.failed", exc_info=OohError(code))


def test_codes_of_errors_and_of_facts_are_counted(codes: CodeCounter) -> None:
    fail(Code.FETCH_TIMEOUT)
    fail(Code.FETCH_TIMEOUT, logging.ERROR)
    log.warning("told", extra={"facts": {"code": "lease.expired"}})
    assert codes.counts() == {"fetch.timeout": 2, "lease.expired": 1}


def test_what_has_no_code_or_is_no_warning_is_not(codes: CodeCounter) -> None:
    log.setLevel(logging.DEBUG)
    fail(Code.FETCH_TIMEOUT, logging.INFO)
    log.warning("plain")
    log.warning("odd", extra={"facts": "no map"})
    log.warning("odd", extra={"facts": {"code": 7}})
    log.error("bug", exc_info=ValueError())
    assert codes.counts() == {}
    log.setLevel(logging.NOTSET)


def test_it_is_bounded(codes: CodeCounter) -> None:
    for number in range(1_000):
        log.warning("told", extra={"facts": {"code": f"code.{number}"}})
    assert len(codes.counts()) == 200


def test_nothing_is_heard_after_the_end() -> None:
    counter = CodeCounter()
    counter.watch()
    counter.unwatch()
    fail(Code.FETCH_TIMEOUT)
    assert counter.counts() == {}
