"""Vault: the live and the separate store, their keys and their server. Only the gate opens it."""
