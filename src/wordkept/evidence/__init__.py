"""Evidence: statements, the log that orders and seals them, and the check of both."""

from wordkept.evidence.batch import Template, template
from wordkept.evidence.checkpoint import Checkpoint, origin
from wordkept.evidence.note import Signer, Verifier, load_signer, new_signer, read_verifier
from wordkept.evidence.predicate import Predicate, Retained
from wordkept.evidence.statement import Body, Header, Named, Statement, header, state

__all__ = [
    "Body",
    "Checkpoint",
    "Header",
    "Named",
    "Predicate",
    "Retained",
    "Signer",
    "Statement",
    "Template",
    "Verifier",
    "header",
    "load_signer",
    "new_signer",
    "origin",
    "read_verifier",
    "state",
    "template",
]
