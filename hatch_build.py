"""The wheel carries a copy of law, policies and the pages of findings; an editable install reads the originals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA = {"law": "wordkept/_law", "policies": "wordkept/_policies", "docs/findings": "wordkept/_findings"}


class DataHook(BuildHookInterface[Any]):
    """Adds the data folders to a wheel that will stand on its own."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add each data folder that exists, unless the build is an editable one."""
        if version == "editable" or self.target_name != "wheel":
            return
        for folder, target in DATA.items():
            if (Path(self.root) / folder).is_dir():
                build_data["force_include"][folder] = target
