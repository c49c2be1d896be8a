"""The bundle: the player and all that it runs on, as a Debian package and as a zip (``python -m systemd.deb``)."""
