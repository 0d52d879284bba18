"""Pages as files: their addresses, the index, and one clear error for each thing that is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.notice.conftest import CLEAN, ROOT

from wordkept.cli import main
from wordkept.language import SOURCE, catalogue
from wordkept.language import languages as spoken
from wordkept.notice.page import page_of
from wordkept.notice.site import FORMS
from wordkept.policy.model import Edition
from wordkept.rules import RULES
from wordkept.terms import Kind
from wordkept.texts.tongue import Tongue, languages, wording

FOLDER = ROOT / "policies" / "bizmeka-ez"


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["render", *(str(word) for word in words)], catch_exceptions=False)


def refused(*words: object) -> list[str]:
    found = run(*words)
    assert found.exit_code == 2
    assert found.stdout == ""
    return found.stderr.splitlines()


def policy(folder: Path, day: str, *changes: tuple[str, str]) -> Path:
    """An edition of the lending desk's policy in a folder of editions."""
    text = CLEAN.replace("2020-02-01", day)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / day).mkdir(parents=True)
    (folder / day / "policy.md").write_text(text)
    return folder


def test_each_edition_has_an_address_of_its_own(tmp_path: Path) -> None:
    service = policy(policy(tmp_path / "desk", "2020-02-01"), "2021-03-01")
    found = run(service, "--to", tmp_path / "site", "--lang", "en", "--format", "html", "--json")
    site = tmp_path / "site" / "lending-desk"
    assert found.exit_code == 0
    assert json.loads(found.stdout)["written"] == [
        *(str(site / day / "en" / "index.html") for day in ("2020-02-01", "2021-03-01")),
        str(site / "index.html"),
    ]


def test_the_index_still_knows_what_was_drawn_before_newest_first(tmp_path: Path) -> None:
    service = policy(policy(tmp_path / "desk", "2020-02-01"), "2021-03-01")
    for day in ("2021-03-01", "2020-02-01"):
        assert run(service, "--to", tmp_path / "site", "--edition", day, "--lang", "en").exit_code == 0
    (tmp_path / "site" / "lending-desk" / "notes" / "en").mkdir(parents=True)
    (tmp_path / "site" / "lending-desk" / "notes" / "en" / "index.html").write_text("not an edition")
    assert run(service, "--to", tmp_path / "site", "--edition", "2020-02-01", "--lang", "en").exit_code == 0
    index = (tmp_path / "site" / "lending-desk" / "index.html").read_text()
    assert re.findall(r'href="([^"]+)"', index) == ["2021-03-01/en/index.html", "2020-02-01/en/index.html"]


def test_the_same_policy_gives_the_same_bytes(tmp_path: Path) -> None:
    service = policy(tmp_path / "desk", "2020-02-01")
    for site in ("one", "two"):
        assert run(service, "--to", tmp_path / site).exit_code == 0
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*") if path.is_file())
    assert {file.suffix for file in files} >= {".html", ".md", ".pdf"}
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes() for file in files)


def test_only_what_is_asked_for_is_drawn_and_linked(tmp_path: Path) -> None:
    assert run(FOLDER, "--to", tmp_path, "--format", "md", "--lang", "en").exit_code == 0
    assert {path.name for path in tmp_path.rglob("*.*") if path.is_file()} == {"policy.md"}
    assert run(FOLDER, "--to", tmp_path / "more", "--format", "html", "--lang", "en").exit_code == 0
    page = (tmp_path / "more" / "bizmeka-ez" / "2016-08-31" / "en" / "index.html").read_text()
    assert "policy.md" not in page


def test_every_file_that_a_page_links_to_is_there(tmp_path: Path) -> None:
    service = policy(policy(tmp_path / "desk", "2020-02-01"), "2021-03-01")
    assert run(service, "--to", tmp_path / "site").exit_code == 0
    for page in (tmp_path / "site").rglob("*.html"):
        for href in re.findall(r'href="([^"#]+)"', page.read_text()):
            assert (page.parent / href).is_file(), href


def test_an_edition_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    error, hint = refused(FOLDER, "--to", tmp_path, "--edition", "2017-01-01")
    assert error.endswith("no edition is in force from 2017-01-01")
    assert hint == "wordkept: hint: there is 2016-08-31"


def test_a_language_that_is_not_known_is_refused(tmp_path: Path) -> None:
    error, hint = refused(FOLDER, "--to", tmp_path, "--lang", "fr")
    assert error == "wordkept: error: invalid value for '--lang': 'fr' is not one of 'en', 'ko'"
    assert hint.endswith("render --help")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")
    (error,) = refused(FOLDER, "--to", tmp_path / "site")
    assert re.fullmatch(r"wordkept: error: .*/site\b.* cannot be written: (not a directory|file exists)", error)


def test_a_policy_that_is_not_there_is_named(tmp_path: Path) -> None:
    error, _ = refused(tmp_path / "nowhere", "--to", tmp_path / "site")
    assert error.endswith("nowhere: there is no such policy")


def test_a_service_without_letters_has_no_address(tmp_path: Path) -> None:
    service = policy(tmp_path / "desk", "2020-02-01", ("service: Lending desk", "service: '../..'"))
    error, _ = refused(service, "--to", tmp_path / "site")
    assert "no address can be made of this name" in error
    assert not (tmp_path / "site").exists()


def test_a_translation_that_is_missing_is_named_with_where_to_write_it(tmp_path: Path) -> None:
    service = policy(tmp_path / "desk", "2020-02-01")
    error, hint = refused(service, "--to", tmp_path / "site", "--lang", "ko")
    assert error.endswith("policy.md: this edition has no 'ko' wording")
    assert hint == "wordkept: hint: write its translation beside it, as policy.ko.md"
    assert not (tmp_path / "site").exists()


def test_a_language_that_the_page_itself_is_not_written_in_is_named(tmp_path: Path) -> None:
    service = policy(tmp_path / "desk", "2020-02-01")
    (service / "2020-02-01" / "policy.fr.md").write_text(french())
    error, hint = refused(service, "--to", tmp_path / "site")
    assert error.endswith("policy.fr.md: no page can be drawn in 'fr'")
    assert hint == "wordkept: hint: the page itself is written in en and ko"


def french() -> str:
    """The lending desk's policy in a language that the page does not know: as the original, without its fences."""
    prose = re.sub(r"^```.*?^```$", "", CLEAN.partition("\n---\n")[2], flags=re.DOTALL | re.MULTILINE)
    names = {"item": {"full_name": "Nom", "email": "Adresse"}, "purpose": {"reminder": "rappels"}, "owed": {"3.3": "x"}}
    front = {"language": "fr", "title": "Politique", "words": {"without delay": "sans retard"}, "names": names}
    return "\n".join(["---", *(f"{key}: {json.dumps(one)}" for key, one in front.items()), "---", prose])


def test_both_languages_have_the_same_clauses_and_link_to_each_other(tmp_path: Path) -> None:
    assert run(FOLDER, "--to", tmp_path, "--format", "html").exit_code == 0
    pages = {one: tmp_path / "bizmeka-ez" / "2016-08-31" / one / "index.html" for one in ("en", "ko")}
    ids = {one: re.findall(r'\bid="([^"]+)"', page.read_text()) for one, page in pages.items()}
    assert ids["en"] == ids["ko"]
    assert 'href="../ko/index.html" hreflang="ko" lang="ko">한국어<' in pages["en"].read_text()
    assert 'href="../en/index.html" hreflang="en" lang="en">English<' in pages["ko"].read_text()


@pytest.mark.parametrize("service", sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir()))
def test_every_policy_of_this_repository_can_be_drawn_in_every_format(service: str, tmp_path: Path) -> None:
    found = run(ROOT / "policies" / service, "--to", tmp_path, "--lang", "en", "--json")
    assert found.exit_code == 0, found.stderr
    assert {Path(file).suffix for file in json.loads(found.stdout)["written"]} == {
        *(".html", ".md", ".pdf", ".jsonld", ".csv", ".sha256", ".txt")
    }


def test_the_korean_page_is_korean(tmp_path: Path) -> None:
    assert run(FOLDER, "--to", tmp_path, "--format", "html", "--lang", "ko").exit_code == 0
    page = (tmp_path / "bizmeka-ez" / "2016-08-31" / "ko" / "index.html").read_text()
    assert '<html lang="ko">' in page
    assert "<h1>bizmeka EZ 개인정보 처리방침</h1>" in page
    assert "아직 마련하지 못한 규칙: 공개 주소와 그리로 가는 링크의 점검" in page
    said = re.sub(r"<(style|code)>.*?</\1>|<[^>]+>", "", page, flags=re.DOTALL)
    assert not [line for line in said.splitlines() if re.search(r"(?:\b[a-z]+\b[ ,]+){4}", line)]


def test_a_service_cannot_lead_out_of_the_site(tmp_path: Path) -> None:
    service = policy(tmp_path / "desk", "2020-02-01", ("service: Lending desk", "service: ../대여/A"))
    assert run(service, "--to", tmp_path / "site", "--lang", "en").exit_code == 0
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["대여-a"]


def keys(words: dict[str, Any], before: str = "") -> dict[str, list[str]]:
    """Every key of a language with the names of the places to fill."""
    found: dict[str, list[str]] = {}
    for key, said in words.items():
        if isinstance(said, dict):
            found |= keys(said, f"{before}{key}/")
        else:
            found[before + key] = sorted(name for _, name, _, _ in Formatter().parse(said) if name)
            assert said.strip()
    return found


def test_the_page_says_the_same_in_every_language() -> None:
    own = keys(wording()["en"])
    for language in languages():
        assert keys(wording()[language]) == own


def test_the_page_is_written_in_the_languages_that_the_software_speaks() -> None:
    assert set(languages()) == set(spoken())


def test_every_rule_has_a_sentence_on_the_page_in_every_language(reference: Edition) -> None:
    korean = Tongue(reference.translations["ko"])
    assert not [one.sentence for one in RULES.values() if korean.sentence(one.sentence) == one.sentence]


def test_the_page_and_the_command_line_call_a_kind_of_clause_alike() -> None:
    """English says more on the page (*declaration*), where no word is a word of the language."""
    for language in set(languages()) - {SOURCE}:
        kinds, speak = wording()[language]["kinds"], catalogue(language)
        assert {kind: kinds[kind] for kind in Kind} == {kind: speak(str(kind)) for kind in Kind}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_period_that_the_law_has_from_memory_says_so_in_every_form(language: str, reference: Edition) -> None:
    tongue = Tongue({"en": reference, **reference.translations}[language])
    page, said = page_of(tongue), wording()[language]["periods"]["from-memory"].partition("{said}")[2]
    (periods,) = (table for one in page.chapters for table in one.tables if table.kind == "periods")
    rows = {row[-1].clauses[0]: row[1].text for row in periods.rows}
    assert rows["5.3.E"].endswith(said)  # kr/credit-information-act.handling
    assert not [one for one, text in rows.items() if text.endswith(said) and one != "5.3.E"]
    for form in (one for forms in FORMS.values() for one in forms if one.key not in {"pdf", "consents"}):
        assert said in form.drawn(page, tongue).decode().replace("\\", ""), form.file
