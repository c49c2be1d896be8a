"""The x11 path under a real X server (Xvfb), judged by the server's own frame buffer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cache import SystemClock
from config import Code, OohError, Rect, ScreenConfig, Size
from renderer.window import Frame, Patience, open_display
from renderer.window._x11 import has_window_manager
from tests.renderer.window.xserver import XServer

SIZE = Size(640, 360)
RED, BLUE = (0, 0, 255), (255, 0, 0)


def eventually(true: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_the_picture_reaches_the_x_server(server: XServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", server.name)
    shown = open_display(ScreenConfig(), headless=False, environ={"DISPLAY": server.name}, clock=SystemClock())
    try:
        assert (shown.output.driver, shown.output.back_end, shown.size) == ("x11", "software", SIZE)
        assert shown.evidence is not None
        assert shown.evidence.startswith("x11 640x360")
        frame = Frame.filled(SIZE, "#ff0000")
        shown.show(frame)
        assert eventually(lambda: server.pixel(0, 0) == RED == server.pixel(639, 359))
        frame.paste(Rect(320, 180, 1, 1), bytes((*BLUE, 0)))
        shown.show(frame, [Rect(320, 180, 1, 1)])
        assert eventually(lambda: server.pixel(320, 180) == BLUE)  # no cursor in the middle either
        shown.pump()
        assert shown.pump() == ()
    finally:
        shown.close()


def test_a_smaller_size_gives_a_bare_window_at_the_corner(server: XServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", server.name)
    config = ScreenConfig(size="320x200")
    shown = open_display(config, headless=False, environ={"DISPLAY": server.name}, clock=SystemClock())
    try:
        assert shown.size == Size(320, 200)
        shown.show(Frame.filled(shown.size, "#ff0000"))
        assert eventually(lambda: server.pixel(0, 0) == RED == server.pixel(319, 199))
        assert server.pixel(320, 200) != RED
    finally:
        shown.close()


def test_a_display_that_comes_late_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    servers: list[XServer] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            servers.append(XServer(tmp_path, SIZE))
            monkeypatch.setenv("DISPLAY", servers[0].name)

    monkeypatch.setenv("DISPLAY", ":9999")
    try:
        shown = open_display(
            ScreenConfig(),
            headless=False,
            environ={"SDL_VIDEODRIVER": "x11"},
            clock=SystemClock(),
            patience=Patience(60, sleep),
        )
        assert shown.size == SIZE
        shown.close()
    finally:
        for started in servers:
            started.stop()
    assert waits == [0.25, 0.5]


def test_without_a_display_it_gives_up_with_the_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":9999")
    with pytest.raises(OohError) as caught:
        open_display(
            ScreenConfig(),
            headless=False,
            environ={"SDL_VIDEODRIVER": "x11"},
            clock=SystemClock(),
            patience=Patience(0),
        )
    assert caught.value.code is Code.DISPLAY_UNAVAILABLE
    assert "x11: " in caught.value.detail


def test_a_bare_x_server_has_no_window_manager(server: XServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", server.name)
    assert not has_window_manager()
    monkeypatch.setenv("DISPLAY", ":9999")
    assert has_window_manager()  # nobody can be asked: SDL finds out
    assert has_window_manager("libX11-that-is-not-there.so")


def test_an_idle_window_does_not_spin(server: XServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", server.name)
    shown = open_display(ScreenConfig(), headless=False, environ={"DISPLAY": server.name}, clock=SystemClock())
    try:
        shown.show(Frame.filled(SIZE, "#101010"))
        assert shown.pump_s == 60.0  # X's events wake it: it listens to the connection
        assert len(shown.ears) == 1
        before = time.process_time()
        threading.Event().wait(1.0)
        shown.pump()
        assert time.process_time() - before < 0.5
    finally:
        shown.close()
