"""Creatives → plates: decoding happens in a boxed child process, this is the parent's side of it.

The names are looked up when first used, so that the child (``python -m renderer.prepare``) starts without
the parent's imports: it needs Pillow and little else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from renderer.prepare._geometry import RECIPE, Geometry, plate_key
    from renderer.prepare._parent import Prepared, prepare, prepare_file
    from renderer.prepare._report import first_png, report, report_error
    from renderer.prepare._seccomp import can_filter_calls
    from renderer.prepare._video_kind import is_video
    from renderer.prepare.html import HtmlSource, Resource, Resources, browser_path, gather, html_form

_HOMES = {
    "RECIPE": "_geometry",
    "Geometry": "_geometry",
    "HtmlSource": "html",
    "Prepared": "_parent",
    "Resource": "html",
    "Resources": "html",
    "browser_path": "html",
    "can_filter_calls": "_seccomp",
    "first_png": "_report",
    "gather": "html",
    "html_form": "html",
    "is_video": "_video_kind",
    "plate_key": "_geometry",
    "prepare": "_parent",
    "prepare_file": "_parent",
    "report": "_report",
    "report_error": "_report",
}

__all__ = [
    "RECIPE",
    "Geometry",
    "HtmlSource",
    "Prepared",
    "Resource",
    "Resources",
    "browser_path",
    "can_filter_calls",
    "first_png",
    "gather",
    "html_form",
    "is_video",
    "plate_key",
    "prepare",
    "prepare_file",
    "report",
    "report_error",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{home}"), name)
