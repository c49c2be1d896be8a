"""Is the picture the right way up? No sensor knows: what cannot be right is found, for the rest eyes are needed."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from config import Size
from player.doctor._finding import Finding
from player.doctor._patient import Patient
from player.doctor._xserver import ask_x

_MOST_HOUSE_ADS = 12
_LEAST_HOUSE_ADS = 3
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_LOOK = "Look which way the arrow points: ooh-player pattern; then set screen.rotation (0, 90, 180 or 270)."


def look_at_rotation(patient: Patient) -> Finding:
    """The configured size and rotation against the display's own shape, and against the shape of the house ads."""
    screen = patient.config.screen
    server, panel = _shapes(patient)
    own = server or panel
    wanted = screen.panel_size()
    if own is not None and wanted is not None and wanted != own:
        return _wrong_size(wanted, own)
    native = own or wanted
    if native is None:
        return Finding("rotation", "ok", f"{screen.rotation}°; the display's shape is not known yet")
    picture = native.turned(screen.rotation)
    if screen.rotation in {90, 270} and server is not None and _is_upright(server):
        if panel is not None and not _is_upright(panel):
            step = "Turn it in one place only: set screen.rotation = 0, or take the turn out of the desktop (xrandr)."
            what = f"turned twice: the desktop makes {panel} into {server}, screen.rotation = {screen.rotation} again"
            return Finding("rotation", "fail", what, step)
        what = f"the display is upright already ({server}); screen.rotation = {screen.rotation} lays the picture down"
        return Finding("rotation", "warn", what, f"Set screen.rotation = 0 when the screen hangs upright. {_LOOK}")
    upright = _house_ads_upright(patient)
    if upright is not None and upright != _is_upright(picture) and picture.w != picture.h:
        shape, others = ("upright", "lies") if upright else ("lying", "is upright")
        what = f"the house ads are {shape}, the picture {others} ({picture}, screen.rotation = {screen.rotation})"
        return Finding("rotation", "warn", what, _LOOK)
    turned = f"{native} turned by {screen.rotation}° to {picture}" if screen.rotation else f"{picture}, not turned"
    return Finding("rotation", "ok", f"{turned}; which way is up only eyes can tell: ooh-player pattern")


def _wrong_size(wanted: Size, own: Size) -> Finding:
    if wanted.turned(90) == own:
        what = f"screen.size is {wanted}, the display is {own}: the size is said before the rotation"
        step = 'Set screen.size = "auto" and screen.rotation = 90 (270 when it stands on its head).'
        return Finding("rotation", "fail", what, step)
    what = f"screen.size is {wanted}, the display is {own}"
    return Finding("rotation", "warn", what, 'Set screen.size = "auto", unless the display is meant to be driven so.')


def _shapes(patient: Patient) -> tuple[Size | None, Size | None]:
    """What the X server gives, and what the panel at the connector is; None for what is not known."""
    x = ask_x(patient.environ)
    modes = [one.mode for one in patient.machine().connectors if one.status == "connected" and one.mode]
    panel = _size(modes[0]) if len(modes) == 1 else None
    return (x.size if x is not None else None), panel


def _size(mode: str) -> Size | None:
    try:
        return Size.parse(mode.rstrip("i"))
    except ValueError:
        return None


def _is_upright(size: Size) -> bool:
    return size.h > size.w


def _house_ads_upright(patient: Patient) -> bool | None:
    """True when every house ad is upright, False when every one lies; None when they differ, or are too few."""
    files = islice(_house_files([text for slot in patient.config.loop for text in slot.creatives]), _MOST_HOUSE_ADS)
    shapes = [_is_upright(size) for file in files if (size := _picture_size(file)) is not None and size.w != size.h]
    if len(shapes) < _LEAST_HOUSE_ADS or len(set(shapes)) != 1:
        return None
    return shapes[0]


def _house_files(patterns: Sequence[str]) -> Iterator[Path]:
    for text in dict.fromkeys(patterns):
        where = Path(text)
        if where.is_dir():
            yield from sorted(where.iterdir())
        else:
            yield from (Path(name) for name in sorted(glob.glob(text)))  # noqa: PTH207 - the pattern may be absolute


def _picture_size(file: Path) -> Size | None:
    """From the file's header alone."""
    try:
        with Image.open(file, formats=_FORMATS) as picture:
            return Size(*picture.size)
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError):
        return None
