"""IAB categories and what they lie under, so that blocking a category blocks all that is in it."""

from __future__ import annotations

import re

CONTENT_1 = 1
_CONTENT_2 = frozenset({2, 5, 6, 7, 9})
"""AdCOM 1.0, list "Category Taxonomies": Content Taxonomy 2.0, 2.1, 2.2, 3.0 and 3.1 keep the numbers of their ids."""
_TIERED = re.compile(r"(IAB\d{1,2})(?:-\d{1,3})?", re.IGNORECASE)

# What lies under what: parent, first and last id (IAB Tech Lab Content Taxonomy 2.0 to 3.1). Spans nest.
_SPANS = (
    *((1, 2, 41), (2, 3, 15), (16, 17, 24), (37, 38, 40), (42, 43, 51), (52, 53, 122), (53, 54, 79), (63, 64, 71)),
    *((74, 75, 75), (80, 81, 89), (90, 91, 122), (123, 124, 131), (127, 128, 129), (132, 133, 149), (137, 138, 141)),
    *((139, 140, 140), (143, 144, 144), (150, 151, 185), (163, 164, 173), (186, 187, 200), (192, 193, 199)),
    *((201, 202, 209), (210, 211, 222), (223, 224, 238), (225, 226, 227), (232, 233, 237), (233, 234, 235)),
    *((239, 240, 273), (248, 249, 257), (261, 262, 263), (264, 265, 268), (269, 270, 272), (274, 275, 285)),
    *((286, 287, 323), (287, 288, 318), (290, 291, 293), (298, 299, 299), (302, 303, 305), (307, 308, 308)),
    *((324, 325, 337), (338, 339, 378), (339, 340, 341), (363, 364, 368), (371, 372, 376), (379, 380, 390)),
    *((386, 387, 388), (391, 392, 421), (393, 394, 395), (398, 399, 404), (405, 406, 409), (410, 411, 414)),
    *((417, 418, 421), (422, 423, 431), (432, 433, 440), (441, 442, 452), (453, 454, 463), (464, 465, 472)),
    *((473, 474, 482), (483, 484, 551), (487, 488, 490), (496, 497, 497), (498, 499, 506), (518, 519, 519)),
    *((521, 522, 523), (527, 528, 529), (552, 553, 595), (553, 554, 559), (560, 561, 573), (561, 562, 565)),
    *((566, 567, 572), (579, 580, 589), (580, 581, 581), (582, 583, 588), (590, 591, 594), (596, 597, 639)),
    *((599, 600, 631), (602, 603, 615), (619, 620, 629), (632, 633, 637), (640, 641, 652), (653, 654, 679)),
    *((655, 656, 662), (664, 665, 679), (680, 681, 698), (685, 686, 698)),
)
_SENSITIVE = "v9i3On"
_SENSITIVES = frozenset(
    ("Rm3SiT", "avbNf2", "XtODT3", "I4GWl6", "Z7rJBM", "HxqYV1", "pg0WhF", "j9PaO9", "mm3UXx", "6i4dB6", "8FD8nI")
)
"""Content Taxonomy 3.x, "Sensitive Topics": ids that tell upper from lower case."""


def lineage(taxonomy: int, code: str) -> frozenset[tuple[int, str]]:
    """A category and every category it lies under, each as ``(taxonomy, id)``.

    ``IAB7-39`` tells its taxonomy itself; the Content Taxonomies from 2.0 on are one, whatever their edition.
    """
    code = code.strip()
    tiered = _TIERED.fullmatch(code)
    if tiered is not None:
        return frozenset({(CONTENT_1, code.upper()), (CONTENT_1, tiered[1].upper())})
    if taxonomy not in _CONTENT_2:
        return frozenset({(taxonomy, code)})
    return frozenset((edition, one) for edition in _CONTENT_2 for one in (code, *_above(code)))


def _above(code: str) -> tuple[str, ...]:
    if code in _SENSITIVES:
        return (_SENSITIVE,)
    if not (code.isascii() and code.isdecimal() and len(code) < 6):
        return ()
    number = int(code)
    return tuple(str(parent) for parent, first, last in _SPANS if first <= number <= last)
