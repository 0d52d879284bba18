"""Law as dated data: a parameter in force on a day, what a policy must have, and where it is written."""

from wordkept.law.operator import Answer, Operator, both, holds
from wordkept.law.reading import folder, load
from wordkept.law.references import referred, words_of
from wordkept.law.requirements import Need, Requirement, Statute, Value
from wordkept.law.statutes import Laid, Law

__all__ = [
    "Answer",
    "Laid",
    "Law",
    "Need",
    "Operator",
    "Requirement",
    "Statute",
    "Value",
    "both",
    "folder",
    "holds",
    "load",
    "referred",
    "words_of",
]
