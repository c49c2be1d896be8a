"""Which decoder: by the board's name, and by trying it. The boards' own decoders are not here: fakes stand for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Code, OohError
from renderer.video import DecoderChoice, board_model, decoder_for
from renderer.video._open import WithFallBack
from tests.renderer.video.fakes import FakeDecoder

V4L2 = "h264_v4l2m2m"


@pytest.mark.parametrize(
    ("model", "decoder"),
    [
        ("Raspberry Pi 3 Model B Plus Rev 1.3", V4L2),
        ("Raspberry Pi 4 Model B Rev 1.4", V4L2),
        ("Raspberry Pi 400 Rev 1.0", V4L2),
        ("Raspberry Pi Zero 2 W Rev 1.0", V4L2),
        ("Raspberry Pi Compute Module 4 Rev 1.0", V4L2),
        ("Raspberry Pi 5 Model B Rev 1.0", "h264"),
        ("Raspberry Pi 500 Rev 1.0", "h264"),
        ("Raspberry Pi Compute Module 5 Rev 1.0", "h264"),
        ("Pine64 Rock64", "h264"),
        ("", "h264"),
    ],
)
def test_the_table(model: str, decoder: str) -> None:
    assert decoder_for(model) == decoder


def test_the_model_is_read_without_its_closing_zero(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B Rev 1.4\0")
    assert board_model(tmp_path / "model") == "Raspberry Pi 4 Model B Rev 1.4"
    assert board_model(tmp_path / "none") == ""


def on_a_pi(patience_s: float = 5.0) -> DecoderChoice:
    return DecoderChoice(lambda: "Raspberry Pi 4 Model B Rev 1.4", patience_s)


def test_a_decoder_that_works_is_tried_once() -> None:
    tried: list[str] = []
    choice = on_a_pi()
    assert [choice.choose(tried.append), choice.choose(tried.append)] == [V4L2, V4L2]
    assert tried == [V4L2]


def test_one_that_fails_or_hangs_is_not_used() -> None:
    def fails(codec: str) -> None:
        raise OSError(codec)

    assert on_a_pi().choose(fails) == "h264"
    go = threading.Event()

    def hangs(_: str) -> None:
        go.wait(5)

    assert on_a_pi(0.05).choose(hangs) == "h264"
    go.set()


def test_elsewhere_nothing_is_tried() -> None:
    def never(codec: str) -> None:
        raise AssertionError(codec)

    assert DecoderChoice(lambda: "").choose(never) == "h264"


def test_one_that_fails_later_is_used_no_more() -> None:
    choice = on_a_pi()
    choice.distrust()
    assert choice.choose(lambda _: None) == V4L2, "nothing was chosen yet: nothing to distrust"
    choice.distrust()
    assert choice.choose(lambda _: None) == "h264"


def test_software_goes_on_at_the_very_picture() -> None:
    decoders: Iterator[FakeDecoder] = iter(
        [FakeDecoder((0, 40, 80, 120), fails_at_ms=80), FakeDecoder((0, 40, 80, 120))]
    )
    opened: list[str] = []

    def open_one(codec: str) -> FakeDecoder:
        opened.append(codec)
        return next(decoders)

    choice = on_a_pi()
    choice.choose(lambda _: None)
    decoder = WithFallBack(open_one, V4L2, choice)
    assert [at_ms for _, at_ms in decoder.frames()] == [0, 40, 80, 120]
    assert opened == [V4L2, "h264"]
    assert choice.choose(lambda _: None) == "h264"
    assert decoder.picture(7, 0).pixels == b"7"
    decoder.close()


def test_when_software_fails_too_it_is_the_video() -> None:
    choice = on_a_pi()
    decoder = WithFallBack(lambda _: FakeDecoder((0, 40), fails_at_ms=40), V4L2, choice)
    with pytest.raises(OohError) as caught:
        list(decoder.frames())
    assert caught.value.code is Code.PLATE_CORRUPT
