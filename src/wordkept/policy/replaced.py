"""A file replaced at once or not at all: whoever reads it sees the old text or the new, never half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from wordkept.language import say
from wordkept.terms import MalformedPolicyError


def replace(file: Path, text: str) -> None:
    """Write a file's text anew, as UTF-8 with line feeds as given.

    Raises:
        MalformedPolicyError: it cannot be written; what was there is still there.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise MalformedPolicyError(say("cannot be written: {why}", why=error.strerror or ""), file=str(file)) from error
