"""Colours made plain: any mode, any depth, any profile becomes 8-bit sRGB, with or without alpha."""

from __future__ import annotations

import io

from PIL import Image, ImageChops, ImageCms, ImageStat

from config import Code, OohError

_SIXTEEN_BIT = ("I;16", "I;16B", "I;16L", "I")
_MOST_PROFILE_BYTES = 4_000_000
_SRGB_TOLERANCE = 2
"""Levels: the many versions of sRGB's own profile differ by that much in the dark."""
_LIGHT = (255, 255, 255)
_DARK = (24, 27, 33)
_BRIGHT_CONTENT = 176
"""Mean luminance above which a transparent creative was drawn for a dark page."""


def in_eight_bits(image: Image.Image, bit_depth: int) -> Image.Image:
    """The image in L, LA, RGB, RGBA or CMYK: modes that can be scaled. ``bit_depth``: as the file has it.

    Pillow would clip 16-bit greys at 255; they are scaled instead.
    """
    key = image.info.get("transparency")
    if image.mode in _SIXTEEN_BIT:
        return _from_sixteen_bit(image, key)
    if image.mode == "L" and isinstance(key, int) and bit_depth < 8:
        image.info["transparency"] = key * 255 // ((1 << bit_depth) - 1)  # as Pillow spreads the pixels
    if image.mode == "RGB" and key is not None and bit_depth == 16:
        image.info["transparency"] = tuple(v >> 8 for v in key)  # Pillow keeps the key in 16 bits, the pixels in 8
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.mode == "PA" or key is not None else "RGB")
    if image.mode in ("1", "L", "RGB") and key is not None:
        return image.convert("RGBA")
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    if image.mode == "RGBX":
        return image.convert("RGB")
    raise OohError(Code.CREATIVE_UNSUPPORTED, f"pixels of mode {image.mode}")


def in_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, str | None]:
    """The image in RGB or RGBA, its colours taken through its ICC profile; and a warning, if there is one."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image.convert(image.mode[:-1]) if alpha is not None else image
    warning = None
    if profile is not None:
        colours, warning = _through_profile(colours, profile)
    elif colours.mode == "CMYK":
        warning = "CMYK without a colour profile: its colours are a guess"
    plain = colours.convert("RGB")
    if alpha is not None:
        plain.putalpha(alpha)
    return plain, warning


def ground_for(image: Image.Image) -> tuple[int, int, int]:
    """The flat colour to stand behind a transparent image: white as on a web page, dark behind bright content.

    White behind an opaque one too: a later frame of it may be transparent.
    """
    if image.mode != "RGBA":
        return _LIGHT
    alpha = image.getchannel("A")
    least, most = alpha.getextrema()
    if least == most:
        return _LIGHT
    return _DARK if ImageStat.Stat(image.convert("L"), alpha).mean[0] > _BRIGHT_CONTENT else _LIGHT


def flattened(image: Image.Image, ground: tuple[int, int, int]) -> Image.Image:
    """RGB: the image over ``ground``."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    under = Image.new("RGBA", image.size, (*ground, 255))
    return Image.alpha_composite(under, image).convert("RGB")


def _from_sixteen_bit(image: Image.Image, key: object) -> Image.Image:
    wide = image.convert("I")
    grey = wide.point([(v + 128) // 257 for v in range(65536)], "L")
    if not isinstance(key, int):
        return grey
    alpha = wide.point([0 if v == key else 255 for v in range(65536)], "L")
    return Image.merge("LA", (grey, alpha))


def _through_profile(image: Image.Image, profile: bytes) -> tuple[Image.Image, str | None]:
    if len(profile) > _MOST_PROFILE_BYTES:
        return image, f"its colour profile of {len(profile)} bytes is ignored"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode == "L" and source.profile.xcolor_space.strip() == "RGB":
            image = image.convert("RGB")  # many encoders give greys the profile of the colours they came from
        way = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), image.mode, "RGB")
        if image.mode == "RGB" and _changes_nothing(way):
            return image, None
        return ImageCms.applyTransform(image, way) or image, None
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        return image, f"its colour profile is ignored: {error}"


def _changes_nothing(way: ImageCms.ImageCmsTransform) -> bool:
    """Whether a profile is sRGB by what it does, whatever it is called: then every pixel stays as it is."""
    steps = range(0, 256, 15)
    probe = Image.new("RGB", (len(steps) ** 3, 1))
    probe.putdata([(r, g, b) for r in steps for g in steps for b in steps])
    seen = ImageCms.applyTransform(probe, way)
    if seen is None:
        return True
    extremes = ImageChops.difference(probe, seen).getextrema()
    return max(most for _, most in extremes) <= _SRGB_TOLERANCE  # type: ignore[misc]
