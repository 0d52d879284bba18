"""Law as dated data: a parameter in force on a day, and where it is written."""

from wordkept.law.statutes import Law, folder, load

__all__ = ["Law", "folder", "load"]
