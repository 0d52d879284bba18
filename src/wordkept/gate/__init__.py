"""Gate: the only way to personal data, and the only importer of the vault."""

from wordkept.gate.asking import Asked, Happening, Outcome, Receipt, Refused, Swept
from wordkept.gate.gate import Gate, opened
from wordkept.gate.sweeping import Owed
from wordkept.gate.temporary import Temporary
from wordkept.gate.upkeep import Checked

__all__ = [
    "Asked",
    "Checked",
    "Gate",
    "Happening",
    "Outcome",
    "Owed",
    "Receipt",
    "Refused",
    "Swept",
    "Temporary",
    "opened",
]
