"""Findings: what a policy that compiles still leaves open."""

from wordkept.policy.findings.codes import CODES
from wordkept.policy.findings.examine import examine

__all__ = ["CODES", "examine"]
