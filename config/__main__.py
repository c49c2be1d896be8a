"""``python -m config``: writes what the schema and the codes say into docs/ and config/player.toml anew."""

from __future__ import annotations

import sys
from pathlib import Path

from config._document import example_file, filled

ROOT = Path(__file__).resolve().parent.parent


def documents() -> dict[Path, str]:
    """Each document that the schema has a part in → what it should hold."""
    written = {ROOT / "config" / "player.toml": example_file()}
    for name in ("config.md", "errors.md"):
        page = ROOT / "docs" / name
        written[page] = filled(page.read_text("utf-8"))
    return written


def main() -> None:
    """Write them, and name those that changed."""
    for page, text in documents().items():
        if not page.exists() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")
            sys.stdout.write(f"{page.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
