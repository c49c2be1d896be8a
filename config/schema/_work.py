"""What is kept, fetched and prepared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from config.schema._types import Host, Path_


@dataclass(frozen=True, slots=True)
class CacheConfig:
    """What is kept on disk: the journal, creatives and plates."""

    dir: Annotated[
        Path_,
        Meta(description="Journal, creatives and plates. Empty: systemd's, else the user's state folder."),
    ] = ""
    run_dir: Annotated[Path_, Meta(description="Sockets and the playhead. Empty: systemd's, else under dir.")] = ""
    max_bytes: Annotated[
        int, Meta(ge=50_000_000, le=1_000_000_000_000, description="Budget for creatives and plates, bytes.")
    ] = 2_000_000_000


@dataclass(frozen=True, slots=True)
class FetchConfig:
    """Limits of every download. Only https and public addresses, but for the hosts named here."""

    max_bytes: Annotated[int, Meta(ge=1_000, le=2_000_000_000, description="Largest creative, bytes.")] = 50_000_000
    timeout_seconds: Annotated[float, Meta(ge=1, le=600, description="Time for one whole download, seconds.")] = 30.0
    allow_hosts: Annotated[
        tuple[Host, ...],
        Meta(description="Hosts that may be on plain http or at a private address."),
    ] = ()


@dataclass(frozen=True, slots=True)
class PrepareConfig:
    """Limits of the process that decodes creatives."""

    max_pixels: Annotated[int, Meta(ge=10_000, le=1_000_000_000, description="Most pixels in one frame.")] = 64_000_000
    max_frames: Annotated[int, Meta(ge=1, le=100_000, description="Most frames in one animation.")] = 1_000
    max_seconds: Annotated[float, Meta(ge=1, le=600, description="Time for one creative, seconds.")] = 30.0
    max_video_seconds: Annotated[
        float, Meta(ge=1, le=600, description="Longest video, seconds of its running time.")
    ] = 60.0
    video_budget_seconds: Annotated[
        float, Meta(ge=1, le=3_600, description="Time for preparing one video, seconds; 1080p takes weak boards long.")
    ] = 300.0
    max_memory_mb: Annotated[int, Meta(ge=128, le=8_192, description="Memory for one creative, MB.")] = 768
    html_seconds: Annotated[
        float, Meta(ge=1, le=120, description="Most of an HTML5 creative's animation that is kept, seconds.")
    ] = 15.0
    html_fps: Annotated[int, Meta(ge=5, le=60, description="Frames a second of an HTML5 creative.")] = 30
    html_max_seconds: Annotated[
        float, Meta(ge=5, le=3_600, description="Time for drawing one HTML5 creative, seconds.")
    ] = 240.0
    html_max_memory_mb: Annotated[
        int, Meta(ge=128, le=16_384, description="Memory for the browser that draws it, MB.")
    ] = 768
