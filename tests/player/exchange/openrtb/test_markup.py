"""The picture and the pixels in a bid's HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Size
from player.exchange.openrtb._markup import Markup, read_markup

URL = "https://cdn.test/a.jpg"


@pytest.mark.parametrize(
    ("adm", "image", "size"),
    [
        (f'<a href="https://b.test"><img src="{URL}"></a>', URL, None),
        (f'<IMG SRC="{URL}" WIDTH="300" HEIGHT="250"/>', URL, Size(300, 250)),
        (f"<img src={URL} width=300px height=' 250 '>", URL, Size(300, 250)),
        ("<img src='https://cdn.test/a?x=1&amp;y=2'>", "https://cdn.test/a?x=1&y=2", None),
        ("<img src='https://cdn.test/a?x=1&#38;y=2'>", "https://cdn.test/a?x=1&y=2", None),
        ("<img src='https://cdn.test/a?x=1&y=2'>", "https://cdn.test/a?x=1&y=2", None),
        ("<img src='https://cdn.test/a?x=1&copy=2&amp;reg=3'>", "https://cdn.test/a?x=1&copy=2&reg=3", None),
        ('<img src="//cdn.test/a.jpg">', URL, None),
        ('<img src=" https://cdn.test/a\r\n b.jpg ">', "https://cdn.test/a%20b.jpg", None),
        ('<img src="HTTPS://cdn.test/a.jpg">', "HTTPS://cdn.test/a.jpg", None),
        (f'<img src="" srcset="https://cdn.test/s.jpg 1x, {URL} 2x">', URL, None),
        (f'<img src="data:image/gif;base64,R0" srcset="{URL}">', URL, None),
        (f'<picture><source srcset="https://no.test/"><img src="{URL}"></picture>', URL, None),
        (
            f"<div style=\"width:300px; height: 250px; background: #fff url('{URL}') no-repeat\"></div>",
            URL,
            Size(300, 250),
        ),
        (f'<img src="{URL}" style="width:728px;height:90px" width="1" height="1">', URL, Size(728, 90)),
        (f'<img src="{URL}" style="border-width:0px;line-height:1px;max-height:0px">', URL, None),
        (f'<img src="{URL}" width="1" height="250">', URL, Size(1, 250)),
        (f'<noscript><a href=x><img src="{URL}"></a></noscript>', URL, None),
        (f"&lt;img src=&quot;{URL}&quot;&gt;", URL, None),
        ("%3Cimg%20src%3D%22https%3A%2F%2Fcdn.test%2Fa.jpg%22%3E", URL, None),
        ("//cdn.test/a.jpg", URL, None),
        (f"  {URL}\n", URL, None),
        (f'<div><p>unclosed <img src="{URL}"', None, None),
        (f'<!-- <img src="https://no.test/"> --><img src="{URL}">', URL, None),
        (f'<script>var x = \'<img src="https://no.test/">\'</script><img src="{URL}">', URL, None),
        ('<img src="data:image/png;base64,AAAA">', None, None),
        ('<img src="/relative.png">', None, None),
        ('<img src="javascript:alert(1)">', None, None),
        ("<img>", None, None),
        ("<p>text</p>", None, None),
        ("", None, None),
    ],
)
def test_the_image(adm: str, image: str | None, size: Size | None) -> None:
    found = read_markup(adm)

    assert (found.image, found.size) == (image, size)
    assert bool(found.lack) is (image is None)


@pytest.mark.parametrize(
    "pixel",
    [
        '<img src="https://t.test/p" width="1" height="1">',
        '<img src="https://t.test/p" width=0 height=0 />',
        '<img src="https://t.test/p" style="display:none">',
        '<img src="https://t.test/p" style="position:absolute; WIDTH: 1px">',
        '<img src="https://t.test/p" style="visibility : hidden">',
        '<img src="https://t.test/p" hidden>',
        '<img src="https://t.test/p" style="width:0;height:0">',
        '<img src="https://t.test/p" style="HEIGHT:1px!important;width:1.0px">',
    ],
)
def test_tracking_pixels_are_not_the_creative(pixel: str) -> None:
    found = read_markup(f'{pixel}<img src="{URL}">{pixel}')

    assert (found.image, found.pixels) == (URL, ("https://t.test/p",))
    assert read_markup(pixel).image is None


def test_of_several_images_the_wanted_size_wins_then_the_largest_then_the_first() -> None:
    logo, small, large = (f'<img src="https://c.test/{name}"' for name in ("logo", "small", "large"))
    two = f"{logo}>{small} width=300 height=250>{large} width=970 height=250>"

    assert read_markup(two, Size(300, 250)).image == "https://c.test/small"
    assert read_markup(two).image == "https://c.test/large"
    assert read_markup(f"{logo}>{small}>").image == "https://c.test/logo"


@pytest.mark.parametrize("adm", ['<VAST version="4.0"><Ad/></VAST>', '<?xml version="1.0"?>\n<vast></vast>'])
def test_video_is_named_as_what_it_is(adm: str) -> None:
    assert "VAST" in read_markup(adm).lack


def test_an_image_inside_the_markup_is_named_as_what_it_is() -> None:
    assert "inside" in read_markup('<img src="data:image/png;base64,AAAA">').lack


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!--",
        "<a ",
        "<img ",
        "</",
        "<!",
        "<![CDATA[",
        "<img src='",
        '<img a="',
        "<a a=",
        "<script>",
        "<a/",
        "&#",
        "& ",
    ],
)
def test_hostile_markup_takes_no_time(piece: str) -> None:
    """html.parser takes minutes for some of these; the ask job would stand still."""
    assert read_markup(piece * (199_000 // len(piece))).image is None


@pytest.mark.timeout(20)
@pytest.mark.parametrize("attribute", ["width", "style", "srcset", "src"])
def test_hostile_attributes_take_no_time(attribute: str) -> None:
    for value in ("1" + " " * 99_000 + "x", "background:" * 9_000, "width:" * 16_000, "url( " * 20_000, "a, " * 30_000):
        assert isinstance(read_markup(f'<img src="{URL}" {attribute}="{value}">'), Markup)


def test_endless_markup_is_refused() -> None:
    assert read_markup("<img src=x>" * 50_000).lack == "its markup is too long"


@given(st.text(max_size=200) | st.text(alphabet="<>!-[]/=\"' imgsrcaDOCTYPEhttps:.&;#", max_size=200))
def test_any_text_is_read(adm: str) -> None:
    found = read_markup(adm)

    assert isinstance(found, Markup)
    assert bool(found.lack) is (found.image is None)
