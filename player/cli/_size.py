"""``WxH`` on the command line."""

from __future__ import annotations

import click

from config import LEAST_SIDE, MOST_SIDE, Size


class SizeType(click.ParamType[Size]):
    """A screen's size in pixels, such as ``1920x1080``."""

    name = "WxH"

    def __init__(self, least: int = LEAST_SIDE) -> None:
        self._least = least

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Size:
        """Read it, or end with bad usage."""
        if isinstance(value, Size):
            return value
        try:
            size = Size.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if min(size.w, size.h) < self._least or max(size.w, size.h) > MOST_SIDE:
            self.fail(f"{size} is no screen: each side is from {self._least} to {MOST_SIDE} pixels", param, ctx)
        return size
