"""The local page: what a tech sees and does without an account, served by a process of its own."""

from __future__ import annotations

from pathlib import Path

from cache import Clock, Folders
from config import Config
from player.web._checkup import doctor_by_agent, doctor_by_command
from player.web._pin import read_pin, weakness, write_pin
from player.web._reload import reloader
from player.web._serve import Ended, begin_serving, serve_page
from player.web._site import Site


def open_site(config: Config, folders: Folders, clock: Clock, version: str, config_path: Path | None) -> Site:
    """The page of the player on this machine."""
    where = str(config_path.resolve()) if config_path is not None else None
    reload = reloader(config_path, folders.run)
    look = doctor_by_agent(folders.run, doctor_by_command(where))
    return Site(config, folders, clock, version, reload, look)


__all__ = ["Ended", "Site", "begin_serving", "open_site", "read_pin", "serve_page", "weakness", "write_pin"]
