"""Parameters that rules of several chapters share."""

from __future__ import annotations

import msgspec


class NoParameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters: what is declared, chosen or named as an exception is all there is."""
