"""What a window has to say: covered, closed, another size, a panel that was pulled and plugged in again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cache import SystemClock
from config import ScreenConfig, Size
from renderer.window import open_display
from renderer.window._evidence import Connector
from renderer.window._hotplug import Hotplug, hotplug
from renderer.window._pygame import pygame
from renderer.window._sdl_window import Opened
from renderer.window._software import SoftwareDisplay

SIZE = Size(64, 32)


@dataclass
class FakeNews:
    """The kernel's news, told by the test."""

    waiting: bool = False

    def fileno(self) -> int:
        return 99

    def drain(self) -> bool:
        told, self.waiting = self.waiting, False
        return told

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Bench:
    """A headless window that believes to be on KMSDRM, with a connector of the test's."""

    display: SoftwareDisplay
    news: FakeNews
    connector: Path
    size: list[Size]

    def plug(self, status: str, edid: bytes = b"panel one") -> None:
        (self.connector / "status").write_text(f"{status}\n")
        (self.connector / "edid").write_bytes(edid if status == "connected" else b"")
        self.news.waiting = True


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    connector = tmp_path / "card1-HDMI-A-1"
    connector.mkdir()
    for name, word in (("status", "connected"), ("enabled", "enabled"), ("dpms", "On"), ("edid", "panel one")):
        (connector / name).write_text(word)
    opened = open_display(ScreenConfig(size=str(SIZE)), headless=True, environ={}, clock=SystemClock())
    assert isinstance(opened, SoftwareDisplay)
    news, sizes = FakeNews(), [SIZE]
    facts = Opened(
        output=replace(opened.output, driver="kmsdrm"),
        panel=SIZE,
        rotation=0,
        brightness=100,
        close=opened.close,
        connectors=(Connector(connector),),
        connection_fd=None,
        plugs=news,
        size_now=lambda: sizes[0],
    )
    surface = pygame.display.get_surface()
    assert surface is not None
    display = SoftwareDisplay(surface, facts, SystemClock())
    display.pump()
    yield Bench(display, news, connector, sizes)
    display.close()


def post(kind: int) -> None:
    pygame.event.post(pygame.event.Event(kind))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (pygame.WINDOWEXPOSED, ("exposed",)),
        (pygame.WINDOWRESTORED, ("exposed",)),
        (pygame.RENDER_TARGETS_RESET, ("exposed",)),
        (pygame.RENDER_DEVICE_RESET, ("exposed",)),
        (pygame.QUIT, ("close",)),
        (pygame.KEYDOWN, ()),
        (pygame.MOUSEMOTION, ()),
    ],
)
def test_events_that_mean_something(bench: Bench, kind: int, expected: tuple[str, ...]) -> None:
    post(kind)
    assert bench.display.pump() == expected
    assert bench.display.pump() == ()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (pygame.K_s, ("status",)),
        (pygame.K_F1, ("status",)),
        (pygame.K_i, ("identify",)),
        (pygame.K_t, ("pattern",)),
        (pygame.K_ESCAPE, ("resume",)),
        (pygame.K_SPACE, ()),
    ],
)
def test_keys_of_a_tech(bench: Bench, key: int, expected: tuple[str, ...]) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
    assert bench.display.pump() == expected


def test_of_keys_pressed_together_the_last_counts(bench: Bench) -> None:
    for key in (pygame.K_i, pygame.K_q, pygame.K_ESCAPE):
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
    assert bench.display.pump() == ("resume",)


def test_another_size_is_told_only_when_it_is_another(bench: Bench) -> None:
    post(pygame.WINDOWSIZECHANGED)
    assert bench.display.pump() == ()
    bench.size[0] = Size(128, 64)
    assert bench.display.pump() == ()  # nobody has said so yet
    post(pygame.WINDOWSIZECHANGED)
    assert bench.display.pump() == ("changed",)


def test_a_panel_that_is_pulled_keeps_its_picture_and_is_opened_anew_when_it_is_back(bench: Bench) -> None:
    bench.plug("disconnected")
    assert bench.display.pump() == ()
    assert bench.display.state == "off"
    assert bench.display.evidence == "kmsdrm 64x32 disconnected"
    bench.plug("connected")
    assert bench.display.pump() == ("changed",)
    assert bench.display.evidence == "kmsdrm 64x32 HDMI-A-1:connected"
    assert bench.display.pump() == ()


def test_another_panel_at_the_same_plug_is_another_display(bench: Bench) -> None:
    bench.plug("connected", b"panel two")
    assert bench.display.pump() == ("changed",)


def test_news_about_nothing_change_nothing(bench: Bench) -> None:
    bench.plug("connected")
    assert bench.display.pump() == ()


def test_it_listens_instead_of_looking(bench: Bench) -> None:
    assert bench.display.ears == (99,)
    assert bench.display.pump_s is None


def test_the_kernel_has_news_and_says_nothing_by_itself() -> None:
    news = hotplug()
    assert isinstance(news, Hotplug)
    assert not news.drain()
    assert news.fileno() >= 0
    news.close()
