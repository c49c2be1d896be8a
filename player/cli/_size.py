"""``WxH`` on the command line."""

from __future__ import annotations

import click

from config import Size


class SizeType(click.ParamType[Size]):
    """A size in pixels, such as ``1920x1080``."""

    name = "WxH"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Size:
        """Read it, or end with bad usage."""
        if isinstance(value, Size):
            return value
        try:
            return Size.parse(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
