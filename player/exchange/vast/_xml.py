"""XML as a small tree, read without DTDs and entities, within bounds; mended once when it is broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from player.exchange.vast._mend import mended
from player.exchange.vast._text import MOST_BYTES, to_text

_DEEPEST = 40
"""VAST nests 12 deep at most; its extensions a little more."""
_MOST_ELEMENTS = 20_000
_MOST_ATTRIBUTES = 100


class XmlError(Exception):
    """Not XML that can be read; the message says why."""


@dataclass(slots=True)
class Element:
    """One element. Names are local (VAST 4 has a namespace, real servers invent prefixes) and in lower case."""

    name: str
    attributes: Mapping[str, str]
    parts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text, stripped; a CDATA section that came escaped is opened."""
        text = "".join(self.parts).strip()
        if text.startswith(("<![CDATA[", "![CDATA[")):
            text = text.partition("[CDATA[")[2].removesuffix("]]>").strip()
        return text

    def all(self, name: str) -> Iterator[Element]:
        """Its children of that name."""
        return (child for child in self.children if child.name == name)

    def first(self, *path: str) -> Element | None:
        """The first descendant along the path of names."""
        at: Element | None = self
        for name in path:
            at = next(at.all(name), None) if at is not None else None
        return at

    def every(self, *path: str) -> list[Element]:
        """All descendants along the path of names: also when a container that stands once by the schema comes twice."""
        found = [self]
        for name in path:
            found = [child for one in found for child in one.all(name)]
        return found

    def get(self, name: str) -> str:
        """An attribute, stripped; empty when there is none."""
        return self.attributes.get(name, "").strip()

    def says(self, path: str) -> str:
        """The text of the first child of that name; empty when there is none."""
        child = self.first(path)
        return child.text if child is not None else ""


def read_xml(body: bytes | str) -> tuple[Element, bool]:
    """The root, and whether the text had to be mended. Raises ``XmlError``."""
    if len(body) > MOST_BYTES:
        message = f"it is longer than {MOST_BYTES} bytes"
        raise XmlError(message)
    text = to_text(body)
    try:
        return _parsed(text), False
    except ParseError as error:
        try:
            return _parsed(mended(text)), True
        except ParseError:
            message = f"not XML: {error}"
            raise XmlError(message) from error


def _parsed(text: str) -> Element:
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(text)
        root: object = parser.close()
    except DefusedXmlException as error:
        message = "it has a DTD or entities"
        raise XmlError(message) from error
    except (LookupError, ValueError) as error:
        message = f"not XML: {error}"
        raise XmlError(message) from error
    if not isinstance(root, Element):
        message = "it has no element"
        raise XmlError(message)
    return root


class _Builder:
    """What expat reports, as a tree; stops past the bounds."""

    def __init__(self) -> None:
        self._root: Element | None = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS or len(self._open) >= _DEEPEST or len(attributes) > _MOST_ATTRIBUTES:
            message = "it has more elements than any ad, or deeper ones"
            raise XmlError(message)
        element = Element(_local(tag), {_local(name): value for name, value in attributes.items()})
        if self._open:
            self._open[-1].children.append(element)
        elif self._root is None:
            self._root = element
        self._open.append(element)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1].parts.append(text)

    def close(self) -> Element | None:
        return self._root


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2].lower()
