"""HTML5 creatives: drawn once, in a browser without a network, at the size of the screen they are for."""

from renderer.prepare.html._browser import browser_path
from renderer.prepare.html._gather import gather
from renderer.prepare.html._parent import html_form, run_child
from renderer.prepare.html._shapes import Form, HtmlSource, Resource, Resources

__all__ = ["Form", "HtmlSource", "Resource", "Resources", "browser_path", "gather", "html_form", "run_child"]
