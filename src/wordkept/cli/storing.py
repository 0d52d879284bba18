"""Commands that do what is owed in an installation: plan, approve, apply, seal, epoch."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from wordkept.cli import sealing
from wordkept.cli.place import Place, at_place
from wordkept.cli.printing import emit, json_option
from wordkept.worker import approval, plan, run

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("plan", short_help="Write down everything that today's run owes.")
@click.argument("file", type=_FILE, default=Path("plan.jsonl"))
@at_place
@json_option
def plan_(place: Place, file: Path, *, as_json_: bool) -> None:
    """Write down, record by record, everything that today's run owes.

    Nothing is changed. FILE (default plan.jsonl) has a head, one line for each record with the clauses whose holds
    ended, and counts with a digest and a seal.
    """
    with place.gate() as gate:
        summary = run.make(gate, file, place.now())
        sealing.seal(gate, place.now())
    if as_json_:
        emit({"file": str(file), "head": summary.head, "foot": summary.foot})
        return
    _print_plan(file, summary)


def _print_plan(file: Path, summary: plan.Summary) -> None:
    click.echo(f"{file}: {summary.foot.records:,} records for {summary.head.day}, digest {summary.foot.digest[:16]}…")
    for name, count in summary.foot.counts.items():
        click.echo(f"  {count:>9,} {name}")
    if summary.foot.records > run.APPROVAL_ABOVE:
        click.echo("wordkept: hint: a plan this large needs wordkept approve by a second person", err=True)


@click.command(short_help="Approve a plan as a second person.")
@click.argument("file", type=_FILE)
@click.option("--name", required=True, help="Pseudonym of the approver, as the installation lists it.")
@click.option("--key", type=_FILE, help="The approver's private key; default NAME.key.")
@click.option("--new", is_flag=True, help="Make the key first and list the approver here.")
@at_place
@json_option
def approve(place: Place, file: Path, name: str, key: Path | None, *, new: bool, as_json_: bool) -> None:
    """Approve a plan as a second person, with a key of one's own.

    The signature goes to FILE.approval. A key is a file of mode 0600 that its owner keeps; with --new it is made, and
    its public half is listed in the installation.
    """
    private = key or Path(f"{approval.named(name)}.key")
    with place.gate() as gate:
        summary = plan.check(file, run.plan_key(gate))
        if new:
            approval.register(gate.installation.folder, approval.named(name), approval.new_key(private))
        made = approval.sign(file, summary.foot.digest, name, private, gate.installation.folder)
    if as_json_:
        emit({"approval": str(approval.beside(file)), "name": made.name, "digest": made.digest})
    else:
        click.echo(f"{name} approved {file} ({summary.foot.records:,} records)")


@click.command("apply", short_help="Do exactly what a plan says.")
@click.argument("file", type=_FILE, required=False)
@at_place
@json_option
def apply_(place: Place, file: Path | None, *, as_json_: bool) -> None:
    """Do exactly what a plan says; without FILE, make today's plan and do it (what a scheduler calls).

    Where today's plan was made and approved already, that one is done.
    A stale, altered or foreign plan is refused. After an interruption, apply it again: what was done is counted as
    gone, what no longer qualifies is left alone and counted.
    """
    now = place.now()
    with place.gate() as gate:
        if file is None:
            file = gate.installation.folder / f"plan-{gate.day(now)}.jsonl"
            if not (file.exists() and approval.beside(file).exists()):
                run.make(gate, file, now)
        done = run.apply(gate, file, now)
        sealed = sealing.seal(gate, now)
    if as_json_:
        emit({"file": str(file), **msgspec.structs.asdict(done), "sealed": sealed})
        return
    what = done.swept
    click.echo(
        f"{what.separated:,} separated, {what.destroyed:,} destroyed, {what.gone:,} gone before, "
        f"{what.not_due:,} not due any more" + (f"; approved by {done.approved_by}" if done.approved_by else "")
    )


@click.command()
@at_place
@json_option
def seal(place: Place, *, as_json_: bool) -> None:
    """Seal what evidence waits, in both stores, and sign."""
    with place.gate() as gate:
        sealed = sealing.seal(gate, place.now())
    if as_json_:
        emit(sealed)
    else:
        for store, one in sealed.items():
            click.echo(f"{store}: {one.added:,} sealed, {one.size:,} in log {one.log}")


@click.command(short_help="Replace the root keys of both stores.")
@at_place
@json_option
def epoch(place: Place, *, as_json_: bool) -> None:
    """Replace the root keys of both stores; what was destroyed before is final afterwards.

    An interrupted turn is finished by calling it again.
    """
    now = place.now()
    with place.gate() as gate:
        turned = gate.turn_epoch(now)
        sealing.seal(gate, now)
    if as_json_:
        emit(turned)
        return
    for store, one in turned.items():
        click.echo(
            f"{store}: epoch {one.epoch} began; {one.moved.keys:,} keys moved, {one.moved.entries:,} index entries, "
            f"{len(one.final):,} shard generations final"
        )
