"""Trace: from a clause to its rules, its stories and its evidence; stories, and questions without a store."""
