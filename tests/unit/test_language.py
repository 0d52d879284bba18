"""What the software says is translated whole; what a program reads stays English."""

from __future__ import annotations

import ast
import copy
import json
import re
import string
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wordkept import law
from wordkept.cli import main
from wordkept.cli.asking import subject_of
from wordkept.language import SOURCE, Catalogue, Said, catalogue, languages, po, read_po, say
from wordkept.policy import compile_text, load
from wordkept.policy.checks import examine
from wordkept.policy.lacking import lacking
from wordkept.rules import RULES
from wordkept.terms import SENTENCES, MalformedPolicyError, Reason, UnavailableError
from wordkept.trace.catalogue import catalogue_page, said_in, sentences

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "wordkept"
FINDINGS = sorted((ROOT / "tests" / "vectors" / "policy" / "findings").glob("*.md"))
TRANSLATED = [one for one in languages() if one != SOURCE]
HANGUL = re.compile("[가-힣]")
LENDING = str(ROOT / "tests" / "vectors" / "policy" / "clean.md")
"""A small policy, without stories."""


def places(template: str) -> set[tuple[str | None, ...]]:
    return {tuple(place) for _, *place in string.Formatter().parse(template) if place[0] is not None}


def test_korean_is_spoken() -> None:
    assert languages() == ("en", "ko")


@pytest.mark.parametrize("language", TRANSLATED)
class TestACatalogue:
    def test_is_drawn_from_the_code(self, language: str) -> None:
        assert po(language) == catalogue_page(language), "write it anew: python -m wordkept.trace.catalogue"

    def test_has_every_sentence(self, language: str) -> None:
        assert not [one for one in sentences() if one not in catalogue(language).texts], "translate these"

    def test_has_the_same_places_in_every_sentence(self, language: str) -> None:
        """Shown alike, too: what somebody wrote is quoted (``!r``) here and there."""
        texts = catalogue(language).texts
        assert not [one for one, said in texts.items() if places(one) != places(said)]

    def test_names_nothing_twice(self, language: str) -> None:
        named = re.findall(r"^msgid .*$", po(language), re.MULTILINE)
        assert len(named) == len(set(named))


def test_every_sentence_stands_in_its_call() -> None:
    """A template that a variable holds would never be found for translating."""
    loose = []
    speaking = {path: path.read_text("utf-8") for path in SRC.rglob("*.py")}
    for path, code in speaking.items():
        for node in ast.walk(ast.parse(code)) if "from wordkept.language import" in code else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                first = node.args[0]
                if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                    loose.append(f"{path.relative_to(SRC)}:{node.lineno}")
    assert not loose


def test_sentences_are_found_where_they_are_said() -> None:
    code = 'say("a {b}", b=1)\nspeak("c" " d")\nspeak(word)\nprint("e")\nself.say("f")\n'
    assert list(said_in(code)) == ["a {b}", "c d"]


@pytest.mark.parametrize("file", FINDINGS, ids=lambda file: file.stem)
def test_every_finding_can_be_said_in_korean(file: Path) -> None:
    found = examine(compile_text(file.read_bytes(), "policy.md", RULES, law.load(law.folder())))
    for one in found:
        assert HANGUL.search(catalogue("ko")(one.message)), one.message


ERRORS = sorted((ROOT / "tests" / "vectors" / "policy" / "errors").glob("*.md"))
ENGLISH = re.compile(r"[a-z]{3,} [a-z]{3,} [a-z]{2,}")


@pytest.mark.parametrize("file", ERRORS, ids=lambda file: file.stem)
def test_every_error_of_a_policy_and_its_hint_can_be_said_in_korean(file: Path) -> None:
    with pytest.raises(MalformedPolicyError) as caught:
        compile_text(file.read_bytes(), "policy.md", RULES, law.load(law.folder()))
    error, speak = caught.value, catalogue("ko")
    assert HANGUL.search(speak(error.message)), error.message
    assert not error.hint or HANGUL.search(speak(error.hint)), error.hint
    assert not ENGLISH.search(
        speak(error.message).partition("YAML이 아닙니다: ")[0]
    )  # the parser's own words are English


PACKAGES = ("written", "policy", "law", "notice")
"""What an officer works with: their errors are said in the reader's language."""
RAISING = {"MalformedPolicyError", "UnavailableError", "LookupError", "_error", "_wrong", "_at"}
TOLD = {"msg", "said", "hint", "message"}


def loose(node: ast.AST) -> bool:
    """Whether it is text for people that no catalogue could know."""
    spaced = isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    return spaced or isinstance(node, ast.JoinedStr)


def test_every_error_that_an_officer_reads_is_a_sentence_of_the_catalogue() -> None:
    found = []
    for path in (path for package in PACKAGES for path in (SRC / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            given: list[ast.AST] = []
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                given = [*node.args, *(one.value for one in node.keywords)] if name in RAISING else []
            elif isinstance(node, ast.Assign) and {getattr(one, "id", "") for one in node.targets} & TOLD:
                given = [node.value]
            found += [f"{path.relative_to(SRC)}:{node.lineno}" for one in given if loose(one)]  # type: ignore[attr-defined]
    assert not found, "say these: say(...)"


@pytest.mark.parametrize("day", ["kr@2016-08-31", "kr@2026-09-11", "eu@2026-09-11", "us@2026-09-11"])
def test_all_that_an_edition_lacks_can_be_said_in_korean(day: str) -> None:
    on_file, speak = law.load(law.folder()), catalogue("ko")
    edition = load(ROOT / "policies" / "bizmeka-ez", RULES, on_file).editions[0]
    for one in lacking(edition, on_file.laid(day), on_file):
        for said in (one.says, *one.lacks, *filter(None, [one.condition])):
            assert HANGUL.search(speak(said)), said
            assert not ENGLISH.search(speak(said)), said


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("enforcement decree art. 41 (2) 2", "시행령 제41조제2항제2호"),
        ("enforcement rule art. 15 (1) 5", "시행규칙 제15조제1항제5호"),
        ("art. 24 (1), art. 24-2", "제24조제1항, 제24조의2"),
        ("art. 7 (1), (4)", "제7조제1항, 제4항"),
        ("the act; its article is not on file", "법률(조문은 등록되어 있지 않음)"),
        ("11 CCR 7026 (f)", "11 CCR 7026 (f)"),
    ],
)
def test_a_reference_is_said_as_korean_law_cites_itself(reference: str, said: str) -> None:
    assert law.referred(reference) == reference
    assert catalogue("ko")(law.referred(reference)) == said


def test_what_is_no_pseudonym_is_said_in_korean() -> None:
    with pytest.raises(UnavailableError) as caught:
        subject_of("abc")
    assert HANGUL.search(catalogue("ko")(caught.value.message))


UNNATURAL = re.compile(
    "까닭|견주|견준|단추|(?<!자)동결|와야 할 것|이어지는 기간|[}]:을"
    "|(?<![가-힣])판(?:[이을은의에]|마다|들이)?(?![가-힣])"
)
"""Words that nobody says in Korean of these things, each of which has another word here."""


def test_one_thing_has_one_korean_word_that_people_use() -> None:
    texts = [*catalogue("ko").texts.values()]
    for file in (SRC / "texts" / "wording.toml", *(ROOT / "policies").glob("*/*/policy.ko.md")):
        texts += file.read_text("utf-8").splitlines()
    assert [one for one in texts if UNNATURAL.search(one)] == []


def test_every_reason_has_a_sentence_and_the_page_about_decisions_says_it() -> None:
    assert list(SENTENCES) == list(Reason)
    page = (ROOT / "docs" / "decisions.md").read_text("utf-8")
    said = dict(re.findall(r"^\| `([a-z-]+)` \| (.+?) \|$", page, re.MULTILINE))
    against = {str(reason): text for reason, text in SENTENCES.items() if reason is not Reason.PERMITTED}
    assert {reason: said[reason] for reason in against} == against


class TestASentence:
    KOREAN = Catalogue("ko", {"{a} of {b}": "{b}의 {a}", "{first} and {last}": "{first}, {last}", "end": "끝"})

    def test_is_english_as_text(self) -> None:
        assert str(say("{a} of {b}", a=say("end"), b=("x", "y", "z"))) == "end of x, y and z"

    def test_is_said_with_its_parts_in_one_language(self) -> None:
        assert self.KOREAN(say("{a} of {b}", a=say("end"), b=("x", Said("end")))) == "x, 끝의 끝"

    def test_that_a_catalogue_lacks_is_said_in_english(self) -> None:
        assert self.KOREAN("until {day}", day=date(2020, 1, 2)) == "until 2020-01-02"

    @pytest.mark.parametrize(("names", "told"), [((), ""), (("x",), "x"), (("x", "y"), "x and y")])
    def test_lists_what_it_names(self, names: tuple[str, ...], told: str) -> None:
        assert str(say("{names}", names=names)) == told

    def test_repeats_what_stands_in_it_as_it_is(self) -> None:
        assert str(say("{word}", word="{braces} stay")) == "{braces} stay"

    def test_goes_from_one_process_to_another_as_it_is(self) -> None:
        """As ``prove`` sends what it found."""
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            (back,) = pool.map(copy.copy, [say("{a} of {b}", a=say("end"), b="{x}")])
        assert self.KOREAN(back) == "{x}의 끝"


class TestReading:
    def test_gives_texts_by_their_english(self) -> None:
        text = '# head\nmsgid ""\nmsgstr "Language: ko\\n"\n\n#: a.py\nmsgid "a"\nmsgstr "가"\n'
        assert read_po(text) == {"a": "가"}

    def test_joins_lines_and_undoes_escapes(self) -> None:
        assert read_po('msgid ""\n"a \\"b\\" "\n"c"\nmsgstr ""\n"가\\n"\n"나"\n') == {'a "b" c': "가\n나"}

    def test_takes_what_is_fuzzy_or_empty_for_missing(self) -> None:
        assert read_po('#, fuzzy\nmsgid "a"\nmsgstr "가"\n\nmsgid "b"\nmsgstr ""\n\nmsgid "c"\nmsgstr "다"') == {
            "c": "다"
        }

    def test_leaves_out_what_is_obsolete(self) -> None:
        assert read_po('#~ msgid "a"\n#~ msgstr "가"\n') == {}

    def test_knows_only_languages_that_are_there(self) -> None:
        with pytest.raises(LookupError):
            catalogue("../ko")


def run(*words: str, given: str = "", **environment: str | None) -> Result:
    return CliRunner().invoke(main, list(words), input=given, env=environment, catch_exceptions=False)


@pytest.mark.usefixtures("_at_the_root")
class TestADoor:
    QUESTION = '{"do":"use","purpose":"marketing","items":["email"],"by":"staff","facts":{"consents":[]}}\n'
    ANSWER = "거부: 본인에게 동의를 구하지 않았거나 본인이 거절하였습니다 (2.3.B.12)\n"

    @pytest.fixture
    def _at_the_root(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(ROOT)

    def test_speaks_the_language_that_is_asked_for(self) -> None:
        first, *_, last = run("check", "--lang", "ko").stdout.splitlines()
        assert first.startswith("bizmeka EZ, 2016-08-31 시행: 조항 205개 (약속 ")
        assert last.startswith("오류 0, 중대 ")

    @pytest.mark.parametrize(
        "environment",
        [
            {"WORDKEPT_LANG": "ko"},
            {"WORDKEPT_LANG": None, "LC_ALL": None, "LC_MESSAGES": None, "LANG": "ko_KR.UTF-8"},
            {"WORDKEPT_LANG": None, "LC_ALL": "ko_KR", "LANG": "en_US.UTF-8"},
        ],
    )
    def test_speaks_the_language_of_its_environment(self, environment: dict[str, str | None]) -> None:
        assert run("decide", "--text", given=self.QUESTION, **environment).stdout == self.ANSWER

    @pytest.mark.parametrize("language", ["C.UTF-8", "fr_FR.UTF-8", "", "../ko"])
    def test_speaks_english_where_the_environment_says_nothing_it_knows(self, language: str) -> None:
        environment = {"WORDKEPT_LANG": None, "LC_ALL": None, "LC_MESSAGES": None, "LANG": language}
        said = run("decide", "--text", given=self.QUESTION, **environment).stdout
        assert said == "denied: the person was not asked, or said no (2.3.B.12)\n"

    def test_refuses_a_language_that_it_does_not_speak(self) -> None:
        found = run("check", "--lang", "fr")
        assert (found.exit_code, found.stdout) == (2, "")
        assert "'fr' is not one of 'en', 'ko'" in found.stderr

    @pytest.mark.parametrize(
        "words",
        [
            ("check", "--json"),
            ("check", "--json", "--law", "kr/pipa@2026-09-11"),
            ("check", "--format", "sarif"),
            ("decide",),
            ("diff", LENDING, LENDING, "--json"),
            ("trace", "5.2.B", "--json"),
            ("prove", LENDING, "--json"),
            ("prove", LENDING, "--mutate", "--at-least", "0", "--json"),
        ],
    )
    def test_speaks_english_to_programs(self, words: tuple[str, ...]) -> None:
        english, korean = (run(*words, "--lang", one, given=self.QUESTION) for one in ("en", "ko"))
        assert english.stdout == korean.stdout
        assert json.loads(english.stdout.splitlines()[0] if words == ("decide",) else english.stdout)

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (
                ("check", "--law", "kr/pipa@2026-09-11"),
                "[8.0.b] kr/pipa 제26조제1항, 시행령 제28조제1항: 위탁",
            ),
            (("diff", LENDING, LENDING), "동의: 새로 받을 것이 없음"),
            (
                ("trace", "5.2.B"),
                "[5.2.B] 약속: 세법에 따라 보유하는 위의 개인정보는 서비스가 끝난 뒤 5년 동안 보유합니다.",
            ),
            (("trace", "12.T4.c"), "    아직 갖추지 못한 것: 규칙: 끊김 없는 감시를 보여 주는 신호"),
            (("prove", LENDING), "규칙에 묶인 조항 3개(약속 2, 선언 1) 가운데 0개가 증명됨."),
            (("prove", LENDING, "--mutate", "--at-least", "0"), "점수 "),
        ],
    )
    def test_speaks_korean_to_officers(self, words: tuple[str, ...], said: str) -> None:
        found = run(*words, "--lang", "ko").stdout
        assert [line for line in found.splitlines() if line.startswith(said)], found

    @pytest.mark.parametrize(
        ("words", "said", "hint"),
        [
            (
                ("check", "nowhere"),
                "nowhere: 그런 처리방침이 없습니다",
                "버전들이 있는 폴더나 policy.md를 지정하십시오",
            ),
            (
                ("check", "--clause", "5.2.BB"),
                "policies/bizmeka-ez: 이런 번호의 조항이 없습니다: 5.2.BB",
                "혹시 5.2.B입니까?",
            ),
            (
                ("diff", "--from", "2014-01-01", "--to", "2020-01-01"),
                "policies/bizmeka-ez: 2014-01-01에 시행 중인 버전이 없습니다",
                "첫 버전의 시행일은 2016-08-31입니다",
            ),
            (
                ("trace", "9.9"),
                "이런 이름의 조항도 규칙도 없습니다: 9.9",
                "wordkept check --json의 결과에서 찾아보십시오",
            ),
        ],
    )
    def test_says_in_korean_what_is_wrong_and_what_to_do(self, words: tuple[str, ...], said: str, hint: str) -> None:
        found = run(*words, "--lang", "ko")
        assert (found.exit_code, found.stdout) == (2, "")
        assert found.stderr == f"wordkept: 오류: {said}\nwordkept: 도움말: {hint}\n"

    def test_says_what_is_wrong_in_the_language_of_its_environment_where_none_can_be_asked_for(self) -> None:
        found = run("render", "--to", "site", "--edition", "2017-01-01", WORDKEPT_LANG="ko")
        assert found.stderr.startswith("wordkept: 오류: policies/bizmeka-ez: 2017-01-01부터 시행되는 버전이 없습니다\n")

    def test_says_in_a_sentence_what_is_allowed_denied_or_malformed(self) -> None:
        allowed = self.QUESTION.replace("marketing", "bill-sending")
        found = run("decide", "--text", given=allowed + self.QUESTION + "{}\n")
        assert [line.partition(":")[0] for line in found.stdout.splitlines()] == ["allowed", "denied", "error"]
        assert found.exit_code == 2

    def test_answers_in_text_or_in_json_not_both(self) -> None:
        found = run("decide", "--text", "--json", given=self.QUESTION)
        assert (found.exit_code, found.stdout) == (2, "")


def test_json_of_a_finding_has_no_part_that_is_not_promised() -> None:
    found = json.loads(run("check", str(ROOT / "policies" / "bizmeka-ez"), "--json").stdout)
    keys = {key for edition in found["editions"] for one in edition["findings"] for key in one}
    assert keys <= {"code", "severity", "clause", "message", "file", "line", "column", "accepted"}
