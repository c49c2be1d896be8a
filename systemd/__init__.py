"""The units, the installer and the Debian package."""
