"""Texts of consents: what the law asks of them, and that they are what the page publishes."""
