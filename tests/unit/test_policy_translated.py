"""A translation has the wording of every clause and a word for every name, and nothing else; all else is one error."""

from __future__ import annotations

from pathlib import Path

import pytest

from wordkept.law import Law, folder, load
from wordkept.policy import affirm, compile_text
from wordkept.policy import load as load_policy
from wordkept.policy.affirmed import check
from wordkept.policy.model import Edition
from wordkept.policy.translated import translate
from wordkept.rules import RULES
from wordkept.terms import MalformedPolicyError

ORIGINAL = (Path(__file__).parents[1] / "vectors" / "policy" / "clean.md").read_bytes()
KOREAN = """---
language: ko
title: 개인정보 처리방침
service: 대출 창구
words: {without delay: 지체 없이}
names:
  item:
    full_name: 성명
    email: 전자우편 주소
  purpose: {reminder: 안내}
  owed: {"3.3": 요청서 서식}
---
# 1 소개

[1.1] 이 페이지의 모든 문장은 진심입니다.

# 2 수집하는 개인정보

[2.1] 저희는 이름과 연락할 방법을 압니다.

[2.2] 책을 돌려주실 날을 알려 드리는 데 둘 다 이용합니다.

[2.3] 그 밖의 것은 수집하지도 이용하지도 않습니다.

# 3 보유하는 기간

[3.1] 대출은 책을 빌린 날부터 돌려준 날까지입니다.

[3.2] 더 필요하지 않은 것은 지체 없이 파기합니다.

[3.3] 적법한 요청에는 담당자가 답합니다.
"""


@pytest.fixture(scope="module")
def law() -> Law:
    return load(folder())


@pytest.fixture(scope="module")
def original(law: Law) -> Edition:
    return compile_text(ORIGINAL, "policy.md", RULES, law)


def changed(*changes: tuple[str, str]) -> bytes:
    text = KOREAN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def refused(original: Edition, data: bytes, language: str = "ko") -> MalformedPolicyError:
    with pytest.raises(MalformedPolicyError) as caught:
        translate(original, language, data, "policy.ko.md")
    assert caught.value.file == "policy.ko.md"
    return caught.value


def test_it_is_the_edition_with_every_word_that_people_read_replaced(original: Edition) -> None:
    korean = translate(original, "ko", changed(), "policy.ko.md")
    assert (korean.language, korean.title, korean.service) == ("ko", "개인정보 처리방침", "대출 창구")
    assert korean.clauses["3.1"].text == "대출은 책을 빌린 날부터 돌려준 날까지입니다."
    assert korean.chapters == {"1": "소개", "2": "수집하는 개인정보", "3": "보유하는 기간"}
    assert (korean.items["email"].title, korean.purposes["reminder"].title) == ("전자우편 주소", "안내")
    assert dict(korean.words) == {"지체 없이": "P5D"}
    assert [one.title for one in korean.clauses["2.1"].declarations if hasattr(one, "title")] == [
        "성명",
        "전자우편 주소",
    ]
    assert korean.clauses["2.2"].bindings[0].params == korean.purposes["reminder"]
    assert [getattr(one, "what", "") for one in korean.clauses["3.3"].notes] == ["요청서 서식"]


def test_it_changes_nothing_that_is_obeyed(original: Edition) -> None:
    korean = translate(original, "ko", changed(), "policy.ko.md")
    assert (korean.guards, korean.holders, korean.digest) == (original.guards, original.holders, original.digest)
    assert [one.kind for one in korean.clauses.values()] == [one.kind for one in original.clauses.values()]


@pytest.mark.parametrize(
    ("old", "new", "said", "hint"),
    [
        ("[2.2] 책", "책", "23:1: clause 2.2 is missing before 2.3", "translate it"),
        ("[3.3] 적", "적", "29:1: clause 3.3 is missing at the end", "translate it"),
        ("[2.2]", "[2.4]", "21:1: the original has no clause 2.4", "did you mean 2.3?"),
        (
            "[2.2]",
            "[2.1]",
            "21:2: clause 2.1 stands here a second time (first in line 19)",
            "give one of them a number",
        ),
        ("# 3 보유하는 기간", "# 4 보유하는 기간", "27:1: clause 3.1 stands in chapter 4", "in the original: 3"),
        ("# 3 보유하는 기간", "# 3", "1:1: chapter 3 has no name", "add a heading: # 3 …"),
        (
            "입니다.\n\n[3.2]",
            "입니다.\n\n```owed\nmissing: rule\n```\n\n[3.2]",
            "29:1: a translation has wording only",
            "rules",
        ),
        (
            "\n    email: 전자우편 주소",
            "",
            "8:5: item email has no words in this language",
            "add email: under names: item:",
        ),
        ("    email: 전", "    e_mail: 전", "9:5: the original has no item 'e_mail'", "did you mean email?"),
        (
            "  purpose: {reminder: 안내}\n",
            "",
            "7:3: purpose reminder has no words in this language",
            "add reminder: under",
        ),
        (
            "  purpose:",
            "  purposes:",
            "10:3: the original has no kind of names called 'purposes'",
            "did you mean purpose?",
        ),
        (
            "  purpose:",
            "  event: {loan: 대출}\n  purpose:",
            "10:3: the original has no kind of names called 'event'",
            "",
        ),
        ("전자우편 주소", '" "', "9:12: no words stand here", "the original has some"),
        ("전자우편 주소", "[전자우편]", "9:12: expected text", ""),
        ("without delay:", "immediately:", "5:9: the original has no vague word 'immediately'", ""),
        ("words: {without delay: 지체 없이}\n", "", "vague word without delay has no words", "add without delay:"),
        ('{"3.3": 요청서 서식}', "{}", "11:9: owed 3.3 has no words in this language", "add 3.3: under names: owed:"),
        ("language: ko", "language: ja", "2:11: the file's name says 'ko', the document 'ja'", "write language: ko"),
        (
            "language: ko",
            "language: Korean",
            "2:11: language: not a name that can stand here",
            "the tag of a language, such as ko",
        ),
        ("title: 개인정보 처리방침\n", "", "missing key `title`", "add title:"),
        ("service:", "services:", "4:1: unknown key `services`", "did you mean service?"),
        ("진심", "\u110c\u1175\u11ab심", "15:21: text is not in Unicode's composed form", "save it normalised to NFC"),
    ],
)
def test_what_is_missing_unknown_or_more_than_wording_is_one_error(
    old: str, new: str, said: str, hint: str, original: Edition
) -> None:
    error = refused(original, changed((old, new)))
    assert said in str(error)
    assert hint in error.hint
    assert bool(hint) == bool(error.hint)


def test_clauses_keep_their_order(original: Edition) -> None:
    error = refused(original, changed(("[2.1]", "[x]"), ("[2.2]", "[2.1]"), ("[x]", "[2.2]")))
    assert str(error) == "policy.ko.md:19:1: clause 2.2 stands where the original has 2.1"
    assert error.hint == "keep the order of the original"


def test_bytes_that_are_no_text_are_an_error(original: Edition) -> None:
    error = refused(original, changed().replace("진심".encode(), b"\xff"))
    assert (error.line, error.message) == (15, "byte 0xff is not UTF-8")


def test_the_originals_language_needs_no_translation(original: Edition) -> None:
    assert "is the language of the original" in str(refused(original, changed(("language: ko", "language: en")), "en"))


PARTNERS = """
# 4 Partners

[4.1] A printer works for us.

```processor
name: printer
title: Printer
tasks: [printing, posting]
purposes: [reminder]
```
"""
WORDS = "  processor: {printer: {title: 인쇄소, tasks: [인쇄, 발송]}}\n---\n# 1"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("인쇄, 발송", "인쇄", "12:44: 1 texts stand here, the original has 2"),
        ("인쇄, 발송", '인쇄, ""', "12:44: no words stand here"),
        (", tasks: [인쇄, 발송]", "", "missing key `tasks`"),
        ("title: 인쇄소", "titel: 인쇄소", "12:25: unknown key `titel`"),
        ("{title: 인쇄소, tasks: [인쇄, 발송]}", "인쇄소", "12:24: expected a mapping"),
    ],
)
def test_a_name_with_more_words_has_all_of_them(law: Law, old: str, new: str, said: str) -> None:
    original = compile_text(ORIGINAL + PARTNERS.encode(), "policy.md", RULES, law)
    whole = changed(("---\n# 1", WORDS)).decode() + "\n# 4 함께 일하는 곳\n\n[4.1] 인쇄소가 저희를 위하여 일합니다.\n"
    korean = translate(original, "ko", whole.encode(), "policy.ko.md")
    assert (korean.processors["printer"].title, korean.processors["printer"].tasks) == ("인쇄소", ("인쇄", "발송"))
    assert said in str(refused(original, whole.replace(old, new, 1).encode()))


class TestOnDisk:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "policy.md").write_bytes(ORIGINAL)
        (tmp_path / "policy.ko.md").write_bytes(changed())
        return tmp_path

    def red(self, folder: Path, law: Law) -> list[tuple[str, str | None]]:
        return [(one.code, one.clause) for one in check(load_policy(folder, RULES, law).editions[0])]

    def test_every_language_beside_a_policy_is_read(self, folder: Path, law: Law) -> None:
        edition = load_policy(folder / "policy.md", RULES, law).editions[0]
        assert list(edition.translations) == ["ko"]
        assert edition.translations["ko"].file == str(folder / "policy.ko.md")

    def test_what_is_no_translation_may_not_pass_for_one(self, folder: Path, law: Law) -> None:
        (folder / "policy.old.md").write_bytes(ORIGINAL)
        with pytest.raises(MalformedPolicyError, match=r"policy\.old\.md"):
            load_policy(folder, RULES, law)

    def test_one_changed_word_in_any_language_makes_exactly_that_clause_red(self, folder: Path, law: Law) -> None:
        affirm(
            load_policy(folder, RULES, law).editions[0],
            None,
            "reading room",
            load_policy(folder, RULES, law).editions[0].effective,
        )
        assert self.red(folder, law) == []
        for old, new, clause in (
            ("빌린 날", "빌린 다음 날", "3.1"),
            ("전자우편 주소", "주소", "2.1"),
            ("요청서", "신청서", "3.3"),
        ):
            (folder / "policy.ko.md").write_bytes(changed((old, new)))
            assert self.red(folder, law) == [("WK302", clause)]

    def test_a_translation_that_is_gone_is_noticed(self, folder: Path, law: Law) -> None:
        edition = load_policy(folder, RULES, law).editions[0]
        affirm(edition, None, "reading room", edition.effective)
        (folder / "policy.ko.md").unlink()
        (found,) = check(load_policy(folder, RULES, law).editions[0])
        assert (found.code, found.clause) == ("WK302", None)
        assert found.message.startswith("all 7 clauses changed")
        assert found.message.endswith("There is en")

    @pytest.mark.parametrize("name", ["policy-ko.md", "policy_ko.md", "Policy.ko.md"])
    def test_a_translation_that_is_named_otherwise_is_not_passed_over(self, name: str, folder: Path, law: Law) -> None:
        (folder / "policy.ko.md").rename(folder / name)
        with pytest.raises(MalformedPolicyError, match=r"beside policy\.md and is not read") as caught:
            load_policy(folder, RULES, law)
        assert (caught.value.file, caught.value.line) == (str(folder / name), 1)

    def test_a_translation_that_says_another_language_is_told_the_one_of_its_name(self, folder: Path, law: Law) -> None:
        (folder / "policy.ko.md").write_bytes(changed(("language: ko", "language: kr")))
        with pytest.raises(MalformedPolicyError) as caught:
            load_policy(folder, RULES, law)
        assert caught.value.hint == "write language: ko"
