"""Creatives to plates to pixels: layout, prepare, panels, window, show."""
