"""Every spelling is found by what it stands for, and only there."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordkept.terms import ValueRejectedError
from wordkept.vault.hunt.spellings import spelled, spellings, spellings_of_bytes


def found(value: str, data: bytes) -> set[str]:
    return {how for how, _ in spelled(data.lower(), data, 0, len(data), spellings(value))}


@given(st.text(min_size=4, max_size=40).filter(lambda text: "\0" not in text), st.binary(max_size=20))
def test_a_value_is_found_in_every_encoding_at_every_alignment(value: str, around: bytes) -> None:
    raw = value.encode()
    for encoded in (
        raw, value.encode("utf-16-le"), value.encode("utf-16-be"), raw.hex().encode(), raw.hex().upper().encode(),
        quote(value, safe="").encode(), json.dumps(value)[1:-1].encode(), json.dumps(value).encode(),
    ):  # fmt: skip
        assert found(value, around + encoded + around), encoded


@given(st.text(min_size=6, max_size=40), st.binary(max_size=8), st.binary(max_size=8))
def test_base64_hides_nothing_wherever_the_value_begins(value: str, before: bytes, after: bytes) -> None:
    whole = before + value.encode() + after
    assert "base64" in found(value, base64.b64encode(whole))
    assert "base64" in found(value, base64.urlsafe_b64encode(whole))


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=20))
def test_a_korean_name_is_found_decomposed_and_in_its_old_code_page(name: str) -> None:
    import unicodedata  # noqa: PLC0415

    assert found(name, unicodedata.normalize("NFD", name).encode())
    try:
        old = name.encode("cp949")
    except UnicodeEncodeError:
        return
    if len(name.encode()) >= 4:
        assert found(name, b"--" + old + b"--")


@pytest.mark.parametrize(
    "written",
    [
        "01012345678", "010-1234-5678", "010 1234 5678", "010.1234.5678", "+82 10-1234-5678", "+821012345678",
        "82-10-1234-5678", "1012345678", "(010) 1234-5678", "010-12345678", "010%201234%205678",
    ],
)  # fmt: skip
@pytest.mark.parametrize("asked", ["01012345678", "010-1234-5678", "+82 10-1234-5678"])
def test_a_telephone_number_is_found_however_it_is_parted(written: str, asked: str) -> None:
    assert found(asked, f"call {written} now".encode())
    if "%" not in written:
        assert found(asked, f"call {written} now".encode().hex().encode())
        assert found(asked, f"call {written} now".encode("utf-16-be"))


def test_case_does_not_hide_an_address() -> None:
    assert found("Kim@Example.org", b"<kim@EXAMPLE.org>") == {"utf-8"}


def test_what_is_not_there_is_not_found() -> None:
    assert not found("010-1234-5678", b"010-1234-5679 01012345679 " + base64.b64encode(b"010-1234-5679"))
    assert not found("kim@example.org", base64.b64encode(b"kim@example.org").swapcase())


def test_what_is_too_short_to_tell_anything_is_refused() -> None:
    with pytest.raises(ValueRejectedError) as refused:
        spellings("kim")
    assert "kim" not in str(refused.value)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=9))
def test_a_secret_is_found_raw_in_hex_and_in_base64(secret: bytes, before: bytes) -> None:
    forms = spellings_of_bytes(secret)
    for data in (before + secret, (before + secret).hex().upper().encode(), base64.b64encode(before + secret + before)):
        assert any(spelled(data.lower(), data, 0, len(data), forms))
    assert not any(spelled((other := bytes(32)).lower(), other, 0, 32, forms)) or secret == other
