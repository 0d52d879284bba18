"""The statutes on file, read by who knows the rules and the kinds that they may name.

What is *not* here: how a file is read (``law.reading``).
"""

from __future__ import annotations

from wordkept import law
from wordkept.policy.declarations import DECLARATIONS
from wordkept.rules import RULES


def on_file() -> law.Law:
    """Every statute that is shipped.

    Raises:
        MalformedPolicyError: a file is wrong, or names a rule or a kind of declaration that there is not.
    """
    return law.load(law.folder(), {"rules": RULES, "kinds": DECLARATIONS})
