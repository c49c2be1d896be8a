"""``python -m player`` and the installed ``ooh-player``."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.disable()  # nothing of what is loaded now is garbage: looking for some takes a tenth of the start
    from player.cli import cli  # noqa: PLC0415 - after that

    cli(prog_name="ooh-player")


if __name__ == "__main__":
    main()
