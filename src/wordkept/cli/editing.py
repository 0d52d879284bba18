"""Commands for whoever writes a policy: fmt."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from wordkept.cli.place import REFERENCE, read_policy
from wordkept.cli.printing import emit, json_option
from wordkept.policy.layout import laid_out
from wordkept.policy.replaced import replace
from wordkept.rules import RULES


@click.command(short_help="Lay a policy's text out in the one way.")
@click.argument("path", type=click.Path(path_type=Path), default=REFERENCE)
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if something would be laid out otherwise.")
@json_option
def fmt(path: Path, *, check: bool, as_json_: bool) -> None:
    """Lay the text of each edition of a policy out in the one way; what it says and means stays.

    PATH is the folder of a service, the folder of one edition, or a policy.md.
    """
    changed: dict[str, bool] = {}
    for edition in read_policy(path).editions:
        file = Path(edition.file)
        data = file.read_bytes()
        text = laid_out(data, edition.file, RULES)
        changed[edition.file] = text.encode() != data
        if changed[edition.file] and not check:
            replace(file, text)
    if as_json_:
        emit({"editions": [{"file": name, "changed": one} for name, one in changed.items()]})
    else:
        said = {True: "would be laid out otherwise" if check else "laid out", False: "is laid out already"}
        for name, one in changed.items():
            click.echo(f"{name}: {said[one]}")
    sys.exit(1 if check and any(changed.values()) else 0)


COMMANDS: Final = (fmt,)
