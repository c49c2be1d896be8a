"""The bundle: the player and all that it runs on, pruned, as a Debian package and as a zip (``python -m systemd.deb``)."""
