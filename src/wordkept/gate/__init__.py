"""Gate: the only way to personal data, and the only importer of the vault."""

from wordkept.gate.agreements import Agreements
from wordkept.gate.asking import Asked, Happening, Outcome, Receipt, Refused, Swept
from wordkept.gate.authority import Authorities
from wordkept.gate.doctor import Check
from wordkept.gate.gate import Gate
from wordkept.gate.looking import Explained, Explanation
from wordkept.gate.obeying import obey
from wordkept.gate.opening import opened
from wordkept.gate.outbox import Outbox
from wordkept.gate.proving import Proof, Proofs
from wordkept.gate.receipts import Receipts
from wordkept.gate.register import Answered, Register
from wordkept.gate.reliving import Past, Relived
from wordkept.gate.reporting import Held, Report, Reports
from wordkept.gate.standing import Signed, Standing
from wordkept.gate.sweeping import Owed
from wordkept.gate.temporary import Temporary
from wordkept.gate.upkeep import Checked
from wordkept.vault.authority import AuthorityRequest
from wordkept.vault.given import Open
from wordkept.vault.hunt import Hunted

__all__ = [
    "Agreements",
    "Answered",
    "Asked",
    "Authorities",
    "AuthorityRequest",
    "Check",
    "Checked",
    "Explained",
    "Explanation",
    "Gate",
    "Happening",
    "Held",
    "Hunted",
    "Open",
    "Outbox",
    "Outcome",
    "Owed",
    "Past",
    "Proof",
    "Proofs",
    "Receipt",
    "Receipts",
    "Refused",
    "Register",
    "Relived",
    "Report",
    "Reports",
    "Signed",
    "Standing",
    "Swept",
    "Temporary",
    "obey",
    "opened",
]
