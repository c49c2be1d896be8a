"""What the screen claims, beside a kiosk browser and a video player: ``python -m bench.screen``."""
