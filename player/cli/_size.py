"""``WxH`` on the command line."""

from __future__ import annotations

import click

from config import Size

_LEAST, _MOST = 16, 16_384
"""Sides of a screen: nothing smaller can be read, nothing larger is made."""


class SizeType(click.ParamType[Size]):
    """A screen's size in pixels, such as ``1920x1080``."""

    name = "WxH"

    def __init__(self, least: int = _LEAST) -> None:
        self._least = least

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Size:
        """Read it, or end with bad usage."""
        if isinstance(value, Size):
            return value
        try:
            size = Size.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if min(size.w, size.h) < self._least or max(size.w, size.h) > _MOST:
            self.fail(f"{size} is no screen: each side is from {self._least} to {_MOST} pixels", param, ctx)
        return size
