"""``python -m sandbox.artist --out DIR``: draws every creative anew, and their manifest."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.artist._gallery import GALLERY, HOUSE, MIMES, Work, save

_COMMITTED = Path(__file__).resolve().parent.parent / "creatives"


def _entry(work: Work, size: tuple[int, int]) -> dict[str, object]:
    return {
        "file": work.file,
        "width": size[0],
        "height": size[1],
        "mime": MIMES[work.kind],
        "brand": work.brand,
        "campaign": work.campaign,
        "domain": work.domain,
        "price": work.price,
    }


def _tell(path: Path) -> None:
    sys.stdout.write(f"{path.name}  {path.stat().st_size:,} bytes\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Draw; 0 when all are drawn."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.artist", description=__doc__)
    parser.add_argument("--out", type=Path, default=_COMMITTED, help="default: the committed ones are replaced")
    parser.add_argument("--only", default="", help="draw only files whose name begins so; leaves the manifest")
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    entries = []
    for work in GALLERY:
        if work.file.startswith(options.only):
            size = save(work, options.out)
            entries.append(_entry(work, size))
            _tell(options.out / work.file)
    house = options.out / "house"
    house.mkdir(exist_ok=True)
    for work in HOUSE:
        if work.file.startswith(options.only):
            save(work, house)
            _tell(house / work.file)
    if not options.only:
        text = json.dumps({"creatives": entries}, indent=2, ensure_ascii=False)
        (options.out / "manifest.json").write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
