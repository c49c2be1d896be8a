"""What the parent asks of the child, and what the child answers: JSON on stdin, JSON on stdout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from config import Size, TemplateConfig
from renderer.layout import PanelOffer, Template


@dataclass(frozen=True, slots=True)
class Order:
    """One creative to prepare."""

    creative: bytes
    """Path of the creative, as the system has it: a name need not be text, and says nothing of what it is."""
    creative_sha256: str
    part: bytes
    """Path to write the plate to."""
    screen: Size
    offers: tuple[PanelOffer, ...]
    max_upscale: float
    safe_margin: int
    backdrop: Literal["blur", "brand", "black"]
    brand_colour: str
    max_pixels: int
    max_frames: int
    max_seconds: float
    max_memory_mb: int
    max_plate_bytes: int
    video: str = ""
    """The container of a video, as the parent told it by the first bytes; empty: it is none."""
    max_video_seconds: float = 60.0
    """How long a video may run."""
    templates: tuple[TemplateConfig, ...] = ()
    """The operator's, as configured."""

    def read_templates(self) -> tuple[Template, ...]:
        """The templates as the layout takes them."""
        return tuple(Template.of(one) for one in self.templates)


@dataclass(frozen=True, slots=True)
class Answer:
    """``code`` empty: the plate is written. Else why not, as one of ``config.Code``."""

    code: str = ""
    detail: str = ""
    network_cut: bool = False
    """Whether the kernel let the child give up the network."""
    calls_filtered: bool = False
    """Whether the kernel filters the child's system calls."""
