"""Video on the screen: decoded ahead in a thread, paced by the presentation clock.

The codecs are loaded with the first video, so that a screen of stills never pays for them.
"""
