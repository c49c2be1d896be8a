"""Video on the screen: decoded ahead in a thread, paced by the presentation clock.

The codecs are loaded with the first video, in its own thread, so that a screen of stills never pays for them.
"""

from renderer.video._ahead import Decoder, ReadAhead
from renderer.video._clip import LATE_NS, Clip, Step
from renderer.video._hardware import DecoderChoice, board_model, decoder_for
from renderer.video._open import Videos
from renderer.video._picture import Picture, Planes

__all__ = [
    "LATE_NS",
    "Clip",
    "Decoder",
    "DecoderChoice",
    "Picture",
    "Planes",
    "ReadAhead",
    "Step",
    "Videos",
    "board_model",
    "decoder_for",
]
