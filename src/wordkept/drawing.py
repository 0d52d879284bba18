"""Drawing: pages from the templates of a package. Every text is escaped, and a name that a template misses is an error.

The only markup let through is the package's own style, which a content security policy allows by its digest. What is
*not* here: what stands on a page.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cached_property
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined


class Templates:
    """The ``templates/`` of one package, read when first needed.

    Args:
        package: its name.
        style: the file there that every page has inside.
    """

    def __init__(self, package: str, style: str) -> None:
        self._package, self._file = package, style

    @cached_property
    def style(self) -> str:
        """The style's text."""
        return files(self._package).joinpath("templates", self._file).read_text("utf-8")

    @cached_property
    def style_hash(self) -> str:
        """What allows this style and no other, as a content security policy has it."""
        return f"sha256-{base64.b64encode(hashlib.sha256(self.style.encode()).digest()).decode()}"

    def draw(self, template: str, **what: object) -> str:
        """A page, or a part of one."""
        drawn = self._engine.get_template(template)
        return drawn.render(style=self.style, style_hash=self.style_hash, **what)

    @cached_property
    def _engine(self) -> Environment:
        return Environment(
            loader=PackageLoader(self._package),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
