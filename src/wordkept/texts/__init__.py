"""Texts: what a policy says to people, in their language: periods, grounds, and the text of every consent.

Both the page and the gate read them, so that what is shown is what is written down. What is *not* here: how a page is
drawn (``notice``), and anything about a person.
"""

from wordkept.texts.consent import Text, shown_on, text_by_digest, text_of, texts_in, texts_of
from wordkept.texts.tongue import Tongue, languages, tongues

__all__ = ["Text", "Tongue", "languages", "shown_on", "text_by_digest", "text_of", "texts_in", "texts_of", "tongues"]
