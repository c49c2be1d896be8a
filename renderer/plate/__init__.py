"""The plate file: a creative prepared for one screen, ready to present without further work.

``renderer.plate.encode`` makes the videos in it; it is imported by who needs it, for it loads the codecs.
"""

from renderer.plate._file import PlateFile
from renderer.plate._shapes import BYTES_PER_PIXEL, PAGE_BYTES, PlateFields, PlateFrame, PlateKind
from renderer.plate._span import SpanReader
from renderer.plate._writer import PlateWriter

__all__ = [
    "BYTES_PER_PIXEL",
    "PAGE_BYTES",
    "PlateFields",
    "PlateFile",
    "PlateFrame",
    "PlateKind",
    "PlateWriter",
    "SpanReader",
]
