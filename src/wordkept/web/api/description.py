"""Description: the API in OpenAPI 3.1, drawn from the types of its messages.

``python -m wordkept.web.api.description > docs/openapi.json`` writes the copy in the documentation; a test compares.
What is *not* here: the types (``messages``).
"""

from __future__ import annotations

import re
import sys
from inspect import cleandoc
from typing import Any, Final

import msgspec

from wordkept.web.api.answers import Answers, Problem, Subject, Texts
from wordkept.web.api.messages import KINDS, Batch
from wordkept.web.api.problems import MEDIA_TYPE, STATUS

_AT: Final = "#/components/schemas/{name}"
_ATTRIBUTE: Final = re.compile(r"^ {4}([a-z_]+): (.*(?:\n {8}.*)*)", re.MULTILINE)
_ABOUT: Final = """The gate of one installation. Every request is decided by the policy's edition in force and leaves \
evidence; a refusal is an answer, not a failure. One place for each message, and one for up to 500 together, each \
answered by itself."""
_ALWAYS: Final = ("unknown-client", "not-json", "too-large", "too-slow", "malformed", "unavailable")
_OF_ACTS: Final = ("not-granted", "refused", "rejected")
_OF_EVENTS: Final = ("not-granted", "impossible", "rejected")


def description() -> dict[str, Any]:
    """The API in OpenAPI 3.1."""
    kinds = (*KINDS, Batch, Answers, Problem, Subject, Texts)
    (*asked, batch, answers, _, subject, texts), components = msgspec.json.schema_components(kinds, ref_template=_AT)
    paths = {}
    for kind, schema in zip(KINDS, asked, strict=True):
        tag = str(kind.__struct_config__.tag)
        problems = _OF_EVENTS if tag in {"consent", "event"} else _OF_ACTS
        answer = {"$ref": _AT.format(name="Answer")}
        paths[f"/v1/{tag}"] = _place(tag, _first(kind.__doc__), schema, answer, problems)
    paths["/v1/batch"] = _place(
        "batch", "Several messages, each answered by itself, in their order.", batch, answers, ()
    )
    paths["/v1/subject"] = _place("subject", _first(Subject.__doc__), None, subject, ())
    paths["/v1/texts"] = _place(
        "texts", "The texts to show for every choice under the edition in force.", None, texts, ()
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Wordkept",
            "version": "1",
            "summary": "A gate that keeps a privacy policy.",
            "description": _ABOUT,
        },
        "paths": paths,
        "components": {
            "schemas": {name: _spoken(schema) for name, schema in sorted(components.items())},
            "securitySchemes": {"secret": {"type": "http", "scheme": "bearer", "description": "Of a program."}},
        },
        "security": [{"secret": []}],
    }


def _place(name: str, about: str, asked: Any, answer: Any, problems: tuple[str, ...]) -> dict[str, Any]:
    kinds = (*_ALWAYS, *problems) if asked else ("unknown-client",)
    by_status: dict[int, list[str]] = {}
    for kind in kinds:
        by_status.setdefault(STATUS[kind], []).append(kind)
    wrong = {"schema": {"$ref": _AT.format(name="Problem")}}
    responses = {"200": {"description": "Done.", "content": {"application/json": {"schema": answer}}}} | {
        str(status): {"description": ", ".join(named), "content": {MEDIA_TYPE: wrong}}
        for status, named in sorted(by_status.items())
    }
    made: dict[str, Any] = {"operationId": name, "summary": about, "responses": responses}
    if asked:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": asked}}}
    return {"post": made}


def _first(text: str | None) -> str:
    """The first paragraph of a docstring."""
    return " ".join((text or "").partition("\n\n")[0].split())


def _spoken(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema whose docstring became a description and those of its attributes."""
    text = cleandoc(str(schema.get("description", "")))
    about = {name: " ".join(said.split()) for name, said in _ATTRIBUTE.findall(text)}
    made = {**schema, "description": _first(text)} if text else dict(schema)
    if "properties" in made:
        made["properties"] = {
            name: {"description": about[name], **one} if name in about else one
            for name, one in made["properties"].items()
        }
    return made


def document() -> str:
    """The description as it stands in the documentation."""
    return msgspec.json.format(msgspec.json.encode(description()), indent=2).decode() + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
