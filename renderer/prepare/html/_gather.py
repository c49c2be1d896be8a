"""Taking a creative in: its page is run once with the guarded network, and all that it asked for goes into a pack."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from config import Code, OohError, PrepareConfig
from renderer.prepare._geometry import Geometry
from renderer.prepare.html._parent import run_child
from renderer.prepare.html._shapes import HtmlSource, Resources


def gather(source: HtmlSource, geometry: Geometry, limits: PrepareConfig, resources: Resources, out: Path) -> Path:
    """Make the pack of an HTML5 creative in the folder ``out``: from then on it needs no network, on any screen.

    Same creative and same answers of the network give the same bytes. Raises ``OohError``: CREATIVE_*, PREPARE_*.
    Leaves no file behind when it raises.
    """
    from renderer.prepare._parent import order_for  # noqa: PLC0415 - it draws what is gathered here

    try:
        handle, name = tempfile.mkstemp(prefix="pack-", suffix=".part", dir=out)
    except OSError as error:
        raise OohError(Code.PREPARE_STORAGE, str(error)) from error
    os.close(handle)
    part = Path(name)
    try:
        run_child(order_for(source.file, "", geometry, limits, part), source, limits, resources)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return part
