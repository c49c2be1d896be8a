"""The doctor's list as the agent sees it, asked for by a word at its door."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from cache import Folders, SystemClock, ring
from config import CacheConfig, Config
from player import doctor
from player.agent._agent import Agent
from player.agent._checkup import Checkup
from player.doctor import Check, Finding

LONG_S = 90.0


def until_there(file: Path) -> dict[str, object]:
    end = time.monotonic() + LONG_S
    while not file.exists():
        assert time.monotonic() < end, f"{file} never came"
        time.sleep(0.02)
    told: dict[str, object] = json.loads(file.read_text())
    return told


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders.of(CacheConfig(dir=str(tmp_path)), {})


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A doctor that looks at one thing, once it may."""
    go = threading.Event()

    def look() -> Finding:
        go.wait(LONG_S)
        return Finding("clock", "warn", "it drifts", "Set it.")

    monkeypatch.setattr(doctor, "checkup", lambda *_: (Check("clock", look),))
    return go


def test_the_agent_writes_what_the_doctor_found(folders: Folders, few: threading.Event) -> None:
    few.set()
    agent = Agent(Config(), folders, SystemClock(), "0.1.0")
    working = threading.Thread(target=agent.run)
    working.start()
    try:
        target = folders.run / "findings.json"
        assert ring(folders.run, "agent", f"doctor:{target}")
        told = until_there(target)
    finally:
        agent.stop()
        working.join(LONG_S)
    finding = {"name": "clock", "grade": "warn", "what": "it drifts", "next_step": "Set it."}
    assert told == {"findings": [finding]}


def test_one_look_at_a_time(folders: Folders, few: threading.Event) -> None:
    checkup = Checkup(Config(), folders, SystemClock(), "0.1.0")
    checkup.begin(folders.run / "one.json")
    checkup.begin(folders.run / "two.json")
    few.set()
    until_there(folders.run / "one.json")
    assert not (folders.run / "two.json").exists()


def test_a_folder_that_is_gone_ends_nothing(folders: Folders, few: threading.Event) -> None:
    few.set()
    checkup = Checkup(Config(), folders, SystemClock(), "0.1.0")
    checkup.begin(folders.run / "none" / "one.json")
    end = time.monotonic() + LONG_S
    while not (folders.run / "one.json").exists():  # the lock is given back
        assert time.monotonic() < end
        checkup.begin(folders.run / "one.json")
        time.sleep(0.02)
