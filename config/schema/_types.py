"""What several sections are made of."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

# ``extra["allowed"]`` says in plain words what a pattern allows; ``extra["example"]`` is a value for the example file.
Text = Annotated[str, Meta(max_length=200)]
Url = Annotated[
    str,
    Meta(
        pattern=r"^(https?://[^\s/?#]+\S*)?$",
        max_length=2000,
        extra={"allowed": "an http:// or https:// address, or empty"},
    ),
]
Path_ = Annotated[str, Meta(max_length=1000)]
PanelKind = Literal["weather", "scores", "clock", "headlines", "brand"]
Colour = Annotated[
    str, Meta(pattern=r"^#[0-9a-fA-F]{6}$", extra={"allowed": '# and six hex digits, such as "#10151f"'})
]
Host = Annotated[
    str, Meta(pattern=r"^[^\s/@?#]+$", max_length=200, extra={"allowed": "host or host:port, without http://"})
]
Transition = Literal["default", "cut", "fade", "slide"]
Kind = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$",
        extra={"allowed": "small letters, digits and . _ - (1 to 64 of them)"},
    ),
]
