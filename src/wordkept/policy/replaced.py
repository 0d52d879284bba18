"""A file replaced at once or not at all: whoever reads it sees the old text or the new, never half of one."""

from __future__ import annotations

from pathlib import Path

from wordkept.language import say
from wordkept.terms import MalformedPolicyError
from wordkept.written import files


def replace(file: Path, text: str) -> None:
    """Write a file's text anew, as UTF-8 with line feeds as given.

    Raises:
        MalformedPolicyError: it cannot be written; what was there is still there.
    """
    try:
        with files.whole(file, 0o644) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise MalformedPolicyError(say("cannot be written: {why}", why=error.strerror or ""), file=str(file)) from error
