"""The plate file: a creative prepared for one screen, ready to present without further work."""

from renderer.plate._file import PlateFile
from renderer.plate._shapes import BYTES_PER_PIXEL, PAGE_BYTES, PlateFields, PlateFrame
from renderer.plate._writer import PlateWriter

__all__ = ["BYTES_PER_PIXEL", "PAGE_BYTES", "PlateFields", "PlateFile", "PlateFrame", "PlateWriter"]
