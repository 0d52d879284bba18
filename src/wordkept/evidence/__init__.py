"""Evidence: statements, the log that orders and seals them, and the check of both."""

from wordkept.evidence.batch import Form, Template, form, template
from wordkept.evidence.census import Census, census
from wordkept.evidence.checkpoint import Checkpoint, origin
from wordkept.evidence.journal import Journal
from wordkept.evidence.log import Sealed, seal
from wordkept.evidence.note import Signer, Verifier, load_signer, new_signer, read_verifier
from wordkept.evidence.predicate import Predicate, Retained
from wordkept.evidence.queries import schema
from wordkept.evidence.receipt import Proven, Receipt, check_receipt, receipt
from wordkept.evidence.report import Finding, Report
from wordkept.evidence.statement import Body, Header, Named, Statement, header, state
from wordkept.evidence.told import Told, open_months, told_as, told_of
from wordkept.evidence.verify import verify

__all__ = [
    "Body",
    "Census",
    "Checkpoint",
    "Finding",
    "Form",
    "Header",
    "Journal",
    "Named",
    "Predicate",
    "Proven",
    "Receipt",
    "Report",
    "Retained",
    "Sealed",
    "Signer",
    "Statement",
    "Template",
    "Told",
    "Verifier",
    "census",
    "check_receipt",
    "form",
    "header",
    "load_signer",
    "new_signer",
    "open_months",
    "origin",
    "read_verifier",
    "receipt",
    "schema",
    "seal",
    "state",
    "template",
    "told_as",
    "told_of",
    "verify",
]
