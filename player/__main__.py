"""``python -m player`` and the installed ``ooh-player``."""

from __future__ import annotations

from player.cli import cli


def main() -> None:
    """Run the command line and leave with its exit code."""
    cli(prog_name="ooh-player")


if __name__ == "__main__":
    main()
