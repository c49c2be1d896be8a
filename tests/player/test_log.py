"""A log line that a tech can read and a machine can parse."""

from __future__ import annotations

import json
import logging

import pytest

from config import Code, LogConfig, OohError
from player.log import JsonFormatter, TextFormatter, set_level, set_up


def record(facts: dict[str, object], error: Exception | None = None) -> logging.LogRecord:
    info = None
    if error is not None:
        with pytest.raises(type(error)) as caught:
            raise error
        info = (caught.type, caught.value, caught.tb)
    made = logging.LogRecord("ooh.screen", logging.INFO, "", 0, "play.started", (), info)
    made.facts = facts
    made.created = 1795381440.123
    return made


def test_text_is_one_line_of_words() -> None:
    line = TextFormatter().format(record({"id": "a", "creative": "two words", "empty": "", "none": None}))
    assert line == '2026-11-22T21:04:00.123Z info    screen play.started id=a creative="two words" empty=""'


def test_json_is_one_object() -> None:
    parsed = json.loads(JsonFormatter().format(record({"id": "a", "n": 3})))
    assert parsed["event"] == "play.started"
    assert parsed["room"] == "screen"
    assert (parsed["id"], parsed["n"]) == ("a", 3)


def test_an_error_tells_its_code_and_the_next_step_without_a_traceback() -> None:
    line = TextFormatter().format(record({}, OohError(Code.FETCH_STATUS, "404")))
    assert "code=fetch.status" in line
    assert "next_step=" in line
    assert "Traceback" not in line


def test_an_unexplained_error_keeps_its_traceback() -> None:
    assert "Traceback" in TextFormatter().format(record({}, ValueError("odd")))


@pytest.mark.parametrize("mark", ["\r", "\x1b[2J", "\u2028", "\x7f", "\x9b"])
def test_a_control_character_in_a_fact_is_written_out(mark: str) -> None:
    line = TextFormatter().format(record({"creative": f"c{mark}FORGED"}))
    assert line.isprintable()
    assert "FORGED" in line


def test_a_line_break_in_a_fact_stays_inside_its_quotes() -> None:
    line = TextFormatter().format(record({"url": "http://x/\nFORGED line"}))
    assert "\n" not in line


def test_the_level_can_be_changed_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    ooh = logging.getLogger("ooh")
    monkeypatch.setattr(ooh, "level", ooh.level)
    set_level(LogConfig(level="warning"))
    assert not logging.getLogger("ooh.screen").isEnabledFor(logging.INFO)
    set_level(LogConfig(level="debug"))
    assert logging.getLogger("ooh.screen").isEnabledFor(logging.DEBUG)


def test_the_http_library_does_not_tell_every_try(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    levels = {name: logging.getLogger(name).level for name in ("", "ooh", "urllib3.connectionpool")}
    try:
        set_up(LogConfig())
        assert logging.getLogger("urllib3.connectionpool").getEffectiveLevel() == logging.ERROR
    finally:
        logging.captureWarnings(capture=False)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
