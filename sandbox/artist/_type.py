"""Type: open fonts by file name, with tracking, measured and set on the finished picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from sandbox.artist._paint import Colour, Point, rgb

_BUNDLED = Path(__file__).resolve().parents[2] / "renderer" / "panels" / "fonts"
_PACKAGES = {
    "BebasNeue": "fonts-bebas-neue",
    "EBGaramond12": "fonts-ebgaramond",
    "Inter": "fonts-inter",
    "InterDisplay": "fonts-inter",
    "Lato": "fonts-lato",
    "LeagueSpartan": "fonts-league-spartan",
    "lobster": "fonts-lobster",
    "Manrope": "fonts-manrope",
    "Quicksand": "fonts-quicksand",
}


@dataclass(frozen=True, slots=True)
class Face:
    """A font file at a size in pixels. ``tracking``: extra space between letters, in thousandths of the size."""

    file: str
    size: float
    tracking: float = 0.0

    def font(self) -> ImageFont.FreeTypeFont:
        """Loaded from the bundled fonts, else from the system's. Raises OSError naming the Debian package."""
        bundled = _BUNDLED / self.file
        try:
            return ImageFont.truetype(str(bundled) if bundled.exists() else self.file, self.size)
        except OSError as error:
            package = _PACKAGES.get(self.file.split("-")[0].split(".")[0], "the fonts it comes with")
            msg = f"the font {self.file} is not installed: apt-get install {package}"
            raise OSError(msg) from error

    def at(self, size: float) -> Face:
        """The same face at another size."""
        return replace(self, size=size)

    def width(self, text: str) -> float:
        """How wide the text is, in pixels."""
        gap = self.tracking * self.size / 1000
        font = self.font()
        if not gap:
            return float(font.getlength(text))
        return sum(font.getlength(letter) + gap for letter in text) - gap

    def fitted(self, text: str, width: float) -> Face:
        """This face, made smaller if the text would be wider than ``width``."""
        wide = self.width(text)
        return self if wide <= width else self.at(self.size * width / wide)


def put(image: Image.Image, at: Point, text: str, face: Face, colour: Colour, align: str = "l") -> float:
    """Set one line: ``at`` is the baseline's left end, middle (``m``) or right end (``r``). Returns its width."""
    width = face.width(text)
    x = at[0] - {"l": 0.0, "m": width / 2, "r": width}[align]
    draw, font, gap = ImageDraw.Draw(image), face.font(), face.tracking * face.size / 1000
    fill: tuple[int, ...] = rgb(colour) if image.mode == "RGB" else (*rgb(colour), 255)
    if not gap:
        draw.text((x, at[1]), text, fill, font, anchor="ls")
        return width
    for letter in text:
        draw.text((x, at[1]), letter, fill, font, anchor="ls")
        x += font.getlength(letter) + gap
    return width


def put_lines(
    image: Image.Image, at: Point, lines: tuple[str, ...], face: Face, colour: Colour, leading: float, align: str = "l"
) -> None:
    """Several lines, ``leading`` pixels apart."""
    for number, line in enumerate(lines):
        put(image, (at[0], at[1] + number * leading), line, face, colour, align)


def button(
    image: Image.Image, at: Point, text: str, face: Face, ink: Colour, paper: Colour, pad: Point, radius: float = 999
) -> tuple[float, float]:
    """A call to action, from its top left corner. Returns its width and height."""
    scale = 4
    font = face.font()
    cap = -font.getbbox("H", anchor="ls")[1]
    width, height = face.width(text) + 2 * pad[0], cap + 2 * pad[1]
    mask = Image.new("L", (round(width * scale), round(height * scale)))
    shape = (0, 0, mask.width - 1, mask.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(shape, min(radius * scale, mask.height / 2), fill=255)
    mask = mask.resize((round(width), round(height)), Image.Resampling.LANCZOS)
    image.paste(Image.new(image.mode, mask.size, rgb(paper)), (round(at[0]), round(at[1])), mask)
    put(image, (round(at[0]) + pad[0], round(at[1]) + pad[1] + cap), text, face, ink)
    return width, height
