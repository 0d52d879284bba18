"""PDF: the same page on paper, tagged for screen readers (PDF/UA-1), typeset by typst.

What the page says goes to the typesetter as data, so no text of a policy is markup. Only fonts that come with this
package's dependencies are used: the same page gives the same bytes on every machine. PDF/UA demands a glyph for every
character, so a script that the fonts lack is an error, not a row of boxes.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from importlib.resources import files
from typing import Final

import msgspec
import pylopdf_fonts_ko
import typst

from wordkept.language import say
from wordkept.notice.content import Page
from wordkept.terms import MalformedPolicyError

_NO_GLYPH: Final = "could not be displayed"
"""What the typesetter says of a text for which no font has glyphs."""


def page_pdf(page: Page, file: str) -> bytes:
    """The page; ``file`` is the document it comes from, for errors.

    Raises:
        MalformedPolicyError: a text has characters that no font has.
    """
    template = files("wordkept.notice").joinpath("templates/page.typ").read_bytes()
    compiler = typst.Compiler(font_paths=[str(pylopdf_fonts_ko.sans_path().parent)], ignore_system_fonts=True)
    given = {"page": msgspec.json.encode(page).decode()}
    day = datetime.combine(page.effective, time(), UTC)
    try:
        made = compiler.compile(
            template, format="pdf", sys_inputs=given, pdf_standards=["ua-1"], timestamp=int(day.timestamp())
        )
    except typst.TypstError as error:
        if _NO_GLYPH not in error.message:
            raise
        said = error.message.partition(": ")[2]
        hint = say("leave PDF out (--format), or write what the fonts have")
        raise MalformedPolicyError(say("no PDF can be made: {why}", why=said), file=file, hint=hint) from error
    if not isinstance(made, bytes):  # several files are only made of pictures
        raise TypeError(type(made))
    return made
