"""The loop that all show: four of the sandbox's creatives, as our plates and as the same pictures for the others."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from cache import Cache, FeedSnapshot, Folders, HouseAd, SystemClock
from config import Config, Size, load
from renderer.plate import PlateFile
from renderer.prepare import Geometry, prepare_file

SIZE = Size(1920, 1080)
SLOT_S = 10
CREATIVES = ("kestrel-300x250.jpg", "fjell-1920x1080.jpg", "orbit-300x600.jpg", "tern-300x600.webp")
FOLDER = Path(__file__).parents[2] / "sandbox" / "creatives"
CONFIG = """\
[screen]
size = "1920x1080"
latitude = 52.52
longitude = 13.4
timezone = "UTC"
[layout]
panels = [{panels}]
[cache]
dir = "{state}"
[[loop]]
kind = "house"
seconds = {seconds}
transition = "{transition}"
creatives = ["{creatives}"]
"""
PAGE = """\
<!doctype html><meta charset="utf-8"><style>
html, body {{ margin: 0; background: #10151f; overflow: hidden; cursor: none; font-family: sans-serif; color: #fff }}
img {{ position: fixed; inset: 0; width: 100vw; height: 100vh; opacity: 0; transition: opacity .4s }}
img.on {{ opacity: 1 }}
aside {{ position: fixed; right: 40px; top: 40px; width: 380px; padding: 30px; border-radius: 20px }}
aside {{ background: #10151fdd }}
#clock {{ font-size: 96px }} .t {{ font-size: 72px }}
</style>{images}<aside><div id="clock"></div><div>Lisbon</div><div class="t">21°</div>
<div>Partly cloudy, feels like 20°</div><div>Mon 22° Tue 24° Wed 19°</div></aside><script>
const images = [...document.images]; let at = 0; images[0].style.transition = "none"; images[0].classList.add("on");
setInterval(() => {{ images[at].style.transition = ""; images[at].classList.remove("on");
  at = (at + 1) % images.length; images[at].classList.add("on"); }}, {ms});
function tick() {{ const now = new Date();
  document.getElementById("clock").textContent = now.toTimeString().slice(0, 5);
  setTimeout(tick, 60000 - now.getTime() % 60000); }}
tick();
</script>"""


@dataclass(frozen=True)
class Loop:
    """Everything that is needed to show it."""

    toml: Path
    folders: Folders
    pictures: tuple[Path, ...]
    page: Path
    cuts: Path
    """Ours without fades, as mpv's slideshow is."""


def make_loop(folder: Path) -> Loop:
    """Prepare the creatives: the plates are ours, their pictures everybody's."""
    toml, config, folders = configured(folder, '"weather", "clock"', SLOT_S)
    plates = warm(config, folders, CREATIVES)
    pictures = tuple(_picture(folder, folders, number, ad) for number, ad in enumerate(plates))
    images = "".join(f'<img src="{picture.name}">' for picture in pictures)
    page = folder / "page.html"
    page.write_text(PAGE.format(images=images, ms=SLOT_S * 1000), encoding="utf-8")
    cuts, cut_config, cut_folders = configured(folder / "cuts", '"weather", "clock"', SLOT_S, "cut")
    warm(cut_config, cut_folders, CREATIVES)
    return Loop(toml, folders, pictures, page, cuts)


def configured(folder: Path, panels: str, seconds: int, transition: str = "fade") -> tuple[Path, Config, Folders]:
    """A configuration file in a folder of its own."""
    folder.mkdir(exist_ok=True)
    toml = folder / "player.toml"
    toml.write_text(
        CONFIG.format(state=folder / "state", panels=panels, seconds=seconds, creatives=FOLDER, transition=transition),
        encoding="utf-8",
    )
    config = load(toml, {}).config
    return toml, config, Folders.of(config.cache, os.environ)


def warm(config: Config, folders: Folders, names: tuple[str, ...]) -> list[HouseAd]:
    """A cache as the agent leaves it: house ads prepared, weather fetched."""
    cache = Cache.open(folders, SystemClock(), config.cache.max_bytes)
    ads = []
    for number, name in enumerate(names):
        prepared = prepare_file(FOLDER / name, Geometry.of(config, SIZE), config.prepare, folders.state)
        cache.store.put_file(prepared.file, "plate")
        cache.save_plate(prepared.plate)
        ads.append(HouseAd(f"{number}-{name}", prepared.plate))
    cache.set_house(ads)
    cache.save_snapshot(FeedSnapshot("weather", datetime.now(UTC), 86_400_000, "Open-Meteo", WEATHER))
    cache.close()
    return ads


WEATHER = {
    "place": "Lisbon",
    "units": "celsius",
    "utc_offset_seconds": 0,
    "now": {"temperature": 21.0, "feels_like": 20.0, "code": 2, "is_day": True},
    "hours": [],
    "days": [],
}


def _picture(folder: Path, folders: Folders, number: int, ad: HouseAd) -> Path:
    target = folder / f"{number}.png"
    stored = Cache.open(folders, SystemClock(), 1 << 40).store.path(ad.plate.plate_sha256)
    if stored is None:
        message = f"{ad.name} is not in the store"
        raise FileNotFoundError(message)
    with PlateFile.open(stored) as plate:
        Image.frombuffer("RGB", (SIZE.w, SIZE.h), bytes(plate.base), "raw", "BGRX", 0, 1).save(target)
    return target
