"""Whoever may write in the database may change everything but the checkpoints kept elsewhere; every change is found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier
from tests.evidence.conftest import NOW, Database, Installation

from wordkept.evidence.batch import template
from wordkept.evidence.note import new_signer
from wordkept.evidence.predicate import Predicate
from wordkept.evidence.report import MOST_FINDINGS
from wordkept.evidence.statement import Body, digest_of, leaf, state
from wordkept.evidence.tree import Frontier
from wordkept.evidence.verify import verify
from wordkept.terms import BrokenError

SIZE = 300
TABLES = ("statement", "pending", "log_entry", "log_head", "statement_dropped")
EXAMPLES = settings(max_examples=40)
FLIPPED = [(table, "header") for table in ("statement", "log_entry")]
FLIPPED += [("statement", "salt"), ("statement", "body"), ("log_entry", "digest")]
positions = st.integers(0, SIZE - 1)


class Sealed(Installation):
    """A sealed log of three hundred entries that can be put back as it was."""

    def __init__(self, dsn: str, folder: Path) -> None:
        super().__init__(dsn, folder)
        self.seal()
        for at in range(0, SIZE, 50):
            rows = [(uuid4().hex, uuid4().hex, at) for _ in range(49)]
            made = template(Predicate.DESTROYED, NOW, Body(act="destroy", clauses=("5.2.B",))).fill(rows)  # type: ignore[arg-type]
            with self.journal.transaction(self.connection):
                self.journal.append(self.connection.cursor(), made)
            self.say(Predicate.REFUSED, subject=UUID(int=at))
            self.seal()
        for table in TABLES:
            self.run(SQL("CREATE TABLE {} AS TABLE {}").format(Identifier(f"kept_{table}"), Identifier(table)))

    def run(self, command: Any, *values: object) -> int:
        """Execute a command; returns how many rows it touched."""
        return self.connection.execute(command, values or None).rowcount

    def put_back(self) -> None:
        """Everything as it was sealed."""
        with self.connection.transaction():
            self.run("TRUNCATE statement, pending, log_entry, log_head, statement_dropped")
            for table in ("statement", "pending", "log_head", "log_entry", "statement_dropped"):
                self.run(SQL("INSERT INTO {} SELECT * FROM {}").format(Identifier(table), Identifier(f"kept_{table}")))

    def predicate(self, position: int) -> str:
        """Of an entry as it was sealed."""
        row = self.connection.execute("SELECT header FROM kept_log_entry WHERE position = %s", [position]).fetchone()
        assert row is not None
        return str(json.loads(row[0])["predicate"])

    def with_honest_head(self) -> None:
        """What a careful forger does last: make the head fit the entries."""
        frontier = Frontier()
        for header, digest in self.connection.execute("SELECT header, digest FROM log_entry ORDER BY position"):
            frontier.append(leaf(header, digest))
        self.run(
            "UPDATE log_head SET size = %s, root = %s, frontier = %s",
            frontier.size, frontier.root(), frontier.encoded(),
        )  # fmt: skip


@pytest.fixture(scope="module")
def sealed(databases: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sealed]:
    one = Sealed(databases(), tmp_path_factory.mktemp("sealed") / "outside")
    yield one
    one.close()


def found_at(sealed: Sealed, position: int) -> None:
    """The entry is named, with its predicate where the finding is not about its header."""
    report = sealed.verify()
    with pytest.raises(BrokenError):
        report.require()
    here = [finding for finding in report.findings if finding.position == position]
    assert here, report.findings
    assert all(finding.predicate in (None, sealed.predicate(position)) for finding in here)


def test_what_was_not_touched_holds(sealed: Sealed) -> None:
    sealed.put_back()
    report = sealed.verify(sealed.checkpoint())
    report.require()
    assert (report.entries, report.logs[0].agreed_at, report.notes) == (SIZE, (SIZE, SIZE), ())


@EXAMPLES
@given(
    positions,
    st.sampled_from(FLIPPED),
    st.integers(0, 10_000),
    st.integers(1, 255),
)
def test_a_flipped_byte_is_found_at_its_entry(
    sealed: Sealed, position: int, where: tuple[str, str], at: int, mask: int
) -> None:
    sealed.put_back()
    table, column = (Identifier(name) for name in where)
    command = SQL(
        "UPDATE {0} AS t SET {1} = set_byte(t.{1}, %s %% octet_length(t.{1}), "
        "get_byte(t.{1}, %s %% octet_length(t.{1})) # %s) FROM kept_log_entry AS k "
        "WHERE k.position = %s AND (t.connection, t.number) = (k.connection, k.number)"
    ).format(table, column)
    assert sealed.run(command, at, at, mask, position) == 1
    if where[0] == "statement":
        (finding,) = sealed.verify().findings
        assert (finding.kind, finding.predicate) == ("altered", sealed.predicate(position))
    found_at(sealed, position)


@EXAMPLES
@given(positions, st.booleans())
def test_a_forged_statement_is_found_at_its_entry_even_if_the_log_was_made_to_fit(
    sealed: Sealed,
    position: int,
    careful: bool,  # noqa: FBT001 - drawn
) -> None:
    sealed.put_back()
    (key,) = sealed.connection.execute("SELECT connection, number FROM log_entry WHERE position = %s", [position])
    salt, body = b"0" * 16, b'{"act":"use"}'
    sealed.run(
        "UPDATE statement SET salt = %s, body = %s, digest = %s, subject_id = NULL "
        "WHERE (connection, number) = (%s, %s)",
        salt,
        body,
        digest_of(salt, body),
        *key,
    )
    sealed.run("UPDATE log_entry SET digest = %s WHERE position = %s", digest_of(salt, body), position)
    if careful:
        sealed.with_honest_head()
    found_at(sealed, position)


@EXAMPLES
@given(positions, st.sampled_from(["statement", "log_entry", "both"]))
def test_a_deletion_is_found_at_its_entry(sealed: Sealed, position: int, what: str) -> None:
    sealed.put_back()
    if what in ("statement", "both"):
        sealed.run(
            "DELETE FROM statement AS s USING log_entry AS e "
            "WHERE (s.connection, s.number) = (e.connection, e.number) AND e.position = %s",
            position,
        )
    if what in ("log_entry", "both"):
        sealed.run("DELETE FROM log_entry WHERE position = %s", position)
    report = sealed.verify()
    assert {finding.kind for finding in report.findings} >= {"deleted" if what == "statement" else "missing"}
    found_at(sealed, position)


@EXAMPLES
@given(st.lists(positions, min_size=2, max_size=2, unique=True), st.booleans())
def test_a_reordering_is_found_at_both_entries(
    sealed: Sealed,
    pair: list[int],
    careful: bool,  # noqa: FBT001 - drawn
) -> None:
    sealed.put_back()
    one, other = pair
    for old, new in ((one, -1), (other, one), (-1, other)):
        assert sealed.run("UPDATE log_entry SET position = %s WHERE position = %s", new, old) == 1
    if careful:
        sealed.with_honest_head()
    report = sealed.verify()
    assert {one, other} <= {finding.position for finding in report.findings}


@EXAMPLES
@given(st.integers(1, SIZE), st.booleans(), st.booleans())
def test_a_truncation_is_found(
    sealed: Sealed,
    cut: int,
    statements: bool,  # noqa: FBT001 - drawn
    careful: bool,  # noqa: FBT001 - drawn
) -> None:
    sealed.put_back()
    if statements:
        sealed.run(
            "DELETE FROM statement AS s USING log_entry AS e "
            "WHERE (s.connection, s.number) = (e.connection, e.number) AND e.position >= %s",
            SIZE - cut,
        )
    sealed.run("DELETE FROM log_entry WHERE position >= %s", SIZE - cut)
    if careful:
        sealed.with_honest_head()
    kinds = {finding.kind for finding in sealed.verify().findings}
    assert kinds & ({"truncated"} if careful else {"missing"})
    if statements and careful:
        alone = verify(sealed.connection, None, sealed.signer.verifier())
        assert not alone.anchored
        assert "cannot be excluded" in alone.notes[0]
        assert not verify(sealed.connection, None, sealed.signer.verifier(), sealed.checkpoint()).holds


@EXAMPLES
@given(st.integers(0, SIZE), st.integers(1, 5))
def test_an_entry_slipped_in_is_found(sealed: Sealed, position: int, count: int) -> None:
    sealed.put_back()
    extra = Installation(sealed.dsn, sealed.folder, sealed.signer)
    extra.say(*[Predicate.USED] * count)
    sealed.run("UPDATE log_entry SET position = -position WHERE position >= %s AND position > 0", position)
    sealed.run("UPDATE log_entry SET position = %s - position WHERE position < 0", count)
    if position == 0:
        sealed.run("UPDATE log_entry SET position = %s WHERE position = 0", count)
    sealed.run(
        "INSERT INTO log_entry (log, class, position, connection, number, hour, digest, header) "
        "SELECT 1, class, %s + number - 1, connection, number, hour, digest, header FROM statement "
        "WHERE connection = %s",
        position, extra.journal.connection,
    )  # fmt: skip
    sealed.run("DELETE FROM pending")
    sealed.with_honest_head()
    extra.close()
    report = sealed.verify()
    # At the very end it is an honest continuation, which no one signed yet.
    assert report.holds == (position == SIZE)


@EXAMPLES
@given(positions, st.sampled_from(["class", "hour", "subject", "subject-none"]))
def test_filing_a_statement_elsewhere_is_found(sealed: Sealed, position: int, how: str) -> None:
    sealed.put_back()
    change = {
        "class": SQL("class = 'system'"),
        "hour": SQL("hour = hour - interval '1 year'"),
        "subject": SQL("subject_id = '5ea1ed5e-a1ed-5ea1-ed5e-a1ed5ea1ed00'"),
        "subject-none": SQL("subject_id = NULL"),
    }[how]
    key = SQL("(connection, number) = (SELECT connection, number FROM kept_log_entry WHERE position = %s)")
    sealed.run(SQL("UPDATE statement SET {} WHERE {}").format(change, key), position)
    if not how.startswith("subject"):
        sealed.run(SQL("UPDATE log_entry SET {} WHERE {}").format(change, key), position)
    found_at(sealed, position)


def test_only_what_was_lawfully_dropped_may_be_gone(sealed: Sealed) -> None:
    sealed.put_back()
    sealed.run("DELETE FROM statement WHERE class = 'refusal'")
    assert {finding.kind for finding in sealed.verify().findings} == {"deleted"}
    sealed.run("INSERT INTO statement_dropped VALUES ('refusal', '2026-11-24 07:00Z')")
    assert not sealed.verify().holds
    sealed.run("UPDATE statement_dropped SET before = '2026-11-24 08:00Z'")
    report = sealed.verify()
    assert (report.holds, report.dropped) == (True, 6)
    assert "refusal: statements before 2026-11-24T08Z" in report.notes[0]
    sealed.run("DELETE FROM statement WHERE number = 1")
    assert not sealed.verify().holds


def test_a_log_replaced_as_a_whole_is_told_in_a_hundred_findings(sealed: Sealed) -> None:
    sealed.put_back()
    sealed.run("UPDATE statement SET body = '{}', subject_id = NULL")
    report = sealed.verify()
    assert len(report.findings) == MOST_FINDINGS
    assert report.more_findings == SIZE - MOST_FINDINGS
    assert json.loads(report.json())["more_findings"] == SIZE - MOST_FINDINGS


def test_a_damaged_checkpoint_is_told_and_not_relied_on(sealed: Sealed) -> None:
    sealed.put_back()
    path = sealed.folder / "1" / "checkpoint"
    kept = path.read_bytes()
    path.write_bytes(kept.replace(b"300", b"299"))
    try:
        report = sealed.verify()
    finally:
        path.write_bytes(kept)
    assert [finding.kind for finding in report.findings] == ["checkpoint"]
    assert not report.anchored


def test_a_checkpoint_of_someone_else_is_no_measure(sealed: Sealed) -> None:
    sealed.put_back()
    for note in (
        b"",
        b"\xff",
        new_signer("wordkept/busan/live").sign("wordkept/busan/live\n1\nAAAA\n"),
        b"wordkept/seoul/live\n",
    ):
        with pytest.raises(BrokenError):
            sealed.verify(note)


def test_what_is_taken_away_before_it_is_sealed_leaves_a_gap(installation: Installation) -> None:
    installation.say(Predicate.USED)
    installation.say(Predicate.USED, Predicate.DESTROYED, Predicate.USED)
    run = installation.connection.execute
    run("DELETE FROM statement WHERE number = 2")
    assert [finding.kind for finding in installation.verify().findings] == ["gap"]
    installation.seal()
    (gap,) = installation.verify().findings
    assert (gap.kind, "statements 2 to 2" in gap.said) == ("gap", True)


def test_a_statement_that_no_one_will_seal_is_found(installation: Installation) -> None:
    installation.say(Predicate.USED)
    installation.say(Predicate.DESTROYED)
    installation.connection.execute("DELETE FROM pending WHERE first_number = 2")
    installation.seal()
    assert [finding.kind for finding in installation.verify().findings] == ["unlisted"]


def test_what_waits_to_be_sealed_is_counted_with_its_lag(installation: Installation) -> None:
    installation.fill(1)
    installation.say(*[Predicate.USED] * 300)
    report = installation.verify()
    assert (report.holds, report.unsealed, report.entries) == (True, 300, 1)
    assert report.lag > 0
    installation.seal()
    assert installation.verify().lag == 0


def test_an_unsigned_end_holds_and_a_database_without_a_log_says_so(installation: Installation) -> None:
    report = installation.verify()
    assert (report.holds, report.logs, report.anchored) == (True, (), False)
    assert "cannot be excluded" in report.notes[0]


def test_a_checkpoint_of_a_log_that_is_not_here_is_found(installation: Installation, databases: Database) -> None:
    installation.fill(3)
    elsewhere = Installation(databases(), installation.folder, installation.signer)
    (finding,) = elsewhere.verify().findings
    assert finding.kind == "behind"
    elsewhere.seal()
    assert [one.kind for one in elsewhere.verify(installation.checkpoint()).findings] == ["behind", "behind"]
    assert not verify(elsewhere.connection, None, elsewhere.signer.verifier(), installation.checkpoint()).holds
    elsewhere.close()


def test_history_that_was_written_anew_does_not_hold_because_a_new_log_was_opened(installation: Installation) -> None:
    installation.fill(3, 4)
    kept = installation.checkpoint()
    forge(installation)
    kinds = [finding.kind for finding in installation.verify(kept).findings]
    assert kinds == ["behind", "behind"]
    sealed = installation.seal()
    assert (sealed.log, sealed.opened, sealed.size) == (2, True, 8)
    report = installation.verify()
    assert [(one.kind, one.log) for one in report.findings] == [("behind", 1)]
    assert "log 2 says that it was opened after a restore" in report.findings[0].said
    assert [one.kind for one in installation.verify(kept).findings] == kinds
    with pytest.raises(BrokenError):
        report.require()
    installation.fill(5)
    assert not installation.verify().holds


def test_a_folder_that_is_gone_as_well_does_not_hide_a_log_that_another_was_opened_after(
    installation: Installation,
) -> None:
    installation.fill(3)
    forge(installation)
    installation.seal()
    shutil.rmtree(installation.folder / "1")
    (finding,) = installation.verify().findings
    assert (finding.kind, finding.log) == ("behind", 1)
    assert "the checkpoint that log 2 names has 3 entries" in finding.said
    installation.connection.execute("UPDATE log_head SET opened_after = 'nothing'")
    assert [one.kind for one in installation.verify().findings] == ["checkpoint"]


def test_what_is_left_before_a_cut_is_compared_with_the_tiles_outside(installation: Installation) -> None:
    installation.fill(3, 4)
    kept = installation.checkpoint()
    forge(installation)
    other = Installation(installation.dsn, installation.folder.with_name("other"), installation.signer)
    other.seal()
    other.close()
    installation.connection.execute("DELETE FROM pending")
    shorten(installation, 2)
    assert {one.kind for one in installation.verify(kept).findings} >= {"truncated", "fork"}


def test_the_end_of_a_session_can_be_taken_away_before_it_is_sealed(installation: Installation) -> None:
    """A limit that the pages state: nothing yet counts what is last. What was sealed before stays provable."""
    installation.fill(3)
    installation.say(Predicate.USED)
    for table in ("statement WHERE number = 4", "pending WHERE first_number = 4"):
        installation.connection.execute(f"DELETE FROM {table}")  # noqa: S608 - two literals
    assert installation.verify().holds
    installation.connection.execute("DELETE FROM statement WHERE number = 3")
    assert not installation.verify().holds


def forge(installation: Installation) -> None:
    """Write history anew without the signing key: other bodies that fit their digests, no log, everything pending."""
    run = installation.connection.execute
    salt, body = b"0" * 16, b'{"act":"use"}'
    run("UPDATE statement SET salt = %s, body = %s, digest = %s", [salt, body, digest_of(salt, body)])
    run("DELETE FROM log_entry")
    run("DELETE FROM log_head")
    run(
        "INSERT INTO pending (connection, first_number, last_number, hour, class) "
        "SELECT connection, number, number, hour, class FROM statement"
    )


def shorten(installation: Installation, size: int) -> None:
    """Cut the log, and make its head fit what is left."""
    run, frontier = installation.connection.execute, Frontier()
    run("DELETE FROM statement WHERE number > %s", [size])
    run("DELETE FROM log_entry WHERE position >= %s", [size])
    for header, digest in run("SELECT header, digest FROM log_entry ORDER BY position"):
        frontier.append(leaf(header, digest))
    values = [frontier.size, frontier.root(), frontier.encoded()]
    run("UPDATE log_head SET size = %s, root = %s, frontier = %s", values)


def test_a_statement_with_a_wrong_digest_is_found_once_it_is_sealed(installation: Installation) -> None:
    one = state(Predicate.USED, NOW, Body())
    with installation.journal.transaction(installation.connection):
        installation.journal.append(installation.connection.cursor(), [one])
    installation.connection.execute("UPDATE statement SET body = '{ }'")
    installation.seal()
    assert [finding.position for finding in installation.verify().findings] == [0]


def test_a_check_writes_nothing(installation: Installation) -> None:
    installation.fill(2)
    with psycopg.connect(installation.dsn, autocommit=True) as reader:
        reader.execute("SET default_transaction_read_only = on")
        assert verify(reader, installation.folder, installation.signer.verifier()).holds
