"""Entry: how one line of the table of rules is made, and of which items a rule can say something.

What is *not* here: which rules there are (``table``).
"""

from __future__ import annotations

from collections.abc import Iterable
from types import FunctionType
from typing import Any

from wordkept.policy.declared import LEGITIMATE_INTERESTS, Category, Method
from wordkept.policy.model import Edition, Rule
from wordkept.terms import Act

_SAYS = ("guard", "holds", "owes", "keeps", "orders", "answers", "hears", "times")
"""What a rule can say; its sentence is that of the first."""


def rule(name: str, params: type[Any], acts: Iterable[Act] = (), **what: Any) -> Rule:
    """A rule by its name; its sentence and source are those of the first function that it brings."""
    function: FunctionType = next(what[key] for key in _SAYS if key in what)
    sentence = (function.__doc__ or "").strip().splitlines()[0]
    code = function.__code__
    source = f"{code.co_filename.rpartition('/')[2]}:{code.co_firstlineno}"
    return Rule(name=name, params=params, sentence=sentence, acts=frozenset(acts), source=source, **what)


def own_name(params: Any) -> frozenset[str]:
    """A declaration concerns what it declares."""
    return frozenset({params.name})


def listed(params: Any, _: Edition, item: str) -> bool:
    """The parameters list the item."""
    return item in params.items


def of_its_category(params: Category, edition: Edition, item: str) -> bool:
    """The item is of the category that is declared."""
    return item in edition.items and edition.items[item].category == params.name


def names_source(params: Method, _: Edition, __: str) -> bool:
    """The method names its source."""
    return params.names_source


def of_a_category(_: Any, edition: Edition, item: str) -> bool:
    """The item is of a category."""
    return item in edition.items and edition.items[item].category is not None


def its_consent(params: Any, _: Edition) -> frozenset[str]:
    """What the parameters ask consent to."""
    return frozenset({params.to})


def objections(_: Any, edition: Edition) -> frozenset[str]:
    """The purposes that a person may object to."""
    return frozenset(name for name, one in edition.purposes.items() if one.basis == LEGITIMATE_INTERESTS)
