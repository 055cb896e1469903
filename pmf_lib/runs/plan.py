"""What a run will do: its request checked, its snapshot frozen, its items listed, before anything starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pmf_lib import council as councils
from pmf_lib import framework as frameworks
from pmf_lib import settings
from pmf_lib.council import Council
from pmf_lib.editions import checked_exemption
from pmf_lib.errors import ParameterError, unknown
from pmf_lib.periods import parse_date, parse_quarter
from pmf_lib.policy import Policy, load
from pmf_lib.records.collect import collect
from pmf_lib.records.editions import scheme as disclosure
from pmf_lib.records.editions.made import of_edition
from pmf_lib.records.reads import data_used
from pmf_lib.records.snapshot import Snapshot, freeze
from pmf_lib.runs import baselines, keys, yearly
from pmf_lib.runs.keys import Ground, Parts
from pmf_lib.sidecar import Sidecar, all_sidecars
from pmf_lib.store import identity
from pmf_lib.store.manifest import Item, Manifest
from pmf_lib.workbook.book import schemes

COUNCIL_UNIT = "council"
STAGES = ("directorate", "council", yearly.STAGE)


class Request(Policy):
    """``parameters/runs/<name>.yml``: what is asked for, as text."""

    council: str
    framework: str
    quarter: str
    as_at: str
    edition: str = "full"
    exemption: str = ""
    """Paragraphs of Schedule 12A, for the exempt edition alone (`pmf_lib.editions`)."""
    baseline: str = ""
    """Id of the issued run to compare with, or 'none'; empty: the last one issued before this one."""
    issued: str = ""
    """Ids of issued runs that the annual review reads, or 'none'; empty: the newest of each earlier quarter of the year."""


@dataclass(frozen=True)
class Order:
    """One item to be done, with every parameter of its notebook."""

    item: Item
    parameters: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """A run that is ready to start."""

    manifest: Manifest
    orders: tuple[Order, ...]
    parts: Mapping[str, Parts] = field(default_factory=dict)
    """Item → what it depends on (`pmf_lib.runs.keys`)."""
    read: tuple[dict[str, Any], ...] = ()
    """What was read of each file, as the foot of every page lists it."""

    def stage(self, stage: str) -> tuple[Order, ...]:
        """Orders of one stage."""
        return tuple(order for order in self.orders if order.item.stage == stage)


def read_request(path: Path, changes: dict[str, str]) -> Request:
    """A run's file with the command line's changes, checked.

    Raises
    ------
    ParameterError
        A date or a quarter is not one, or the exemption is not one that the edition has.
    """
    request = load(path, Request).model_copy(update=changes)
    quarter, as_at = parse_quarter(request.quarter), parse_date(request.as_at)
    if as_at < quarter.end:
        raise ParameterError(
            f"as_at '{request.as_at}' lies before the end of the quarter ({quarter.end.isoformat()}). "
            "Give the date at which the records are to be read, after the quarter's end."
        )
    exemption = checked_exemption(request.edition, request.exemption)
    written = {"quarter": quarter.label, "as_at": as_at.isoformat(), "exemption": exemption}
    return request.model_copy(update=written)


def plan(request: Request, only: Iterable[str] = (), items: Iterable[str] = ()) -> Plan:
    """Check everything, freeze the records and list the items (`only` of these directorates; only these `items`)."""
    council = councils.load(request.council)
    sidecars = all_sidecars()
    _check_early(request, council, sidecars)
    wanted = _units(council, only)
    bare, snapshot = _manifest(request, council, sidecars, wanted)
    orders, parts = _keyed(bare, snapshot, _by_name(sidecars))
    manifest = bare.model_copy(update={"items": tuple(order.item for order in orders)})
    read = data_used(snapshot.table("reads"))
    return Plan(manifest, tuple(only_items(orders, items)), parts, tuple(read))


def _keyed(
    run: Manifest, snapshot: Snapshot, known: Mapping[str, Sidecar]
) -> tuple[list[Order], dict[str, Parts]]:
    """Orders of all items, each with its key; and what each depends on."""
    ground = Ground(run, snapshot, identity.library_digest(settings.root()))
    orders, parts = list[Order](), dict[str, Parts]()
    for item in run.items:
        declared = known[item.notebook]
        given = parameters_of(item, run, declared)
        below = [order.item for order in orders if order.item.stage != item.stage]
        parts[item.id] = (
            keys.of_directorate(ground, item, declared, given)
            if item.stage == "directorate"
            else keys.of_council(ground, item, given, below)
        )
        orders.append(Order(item.model_copy(update={"key": keys.key(item, parts[item.id])}), given))
    return orders, parts


def _check_early(request: Request, council: Council, sidecars: list[Sidecar]) -> None:
    """What can be refused before any record is read."""
    frameworks.load(request.framework)
    schemes()
    disclosure.load()
    for sidecar in sidecars:
        given = {name: value for name, value in request.model_dump().items() if name in sidecar.parameters}
        sidecar.checked(given)


def _units(council: Council, only: Iterable[str]) -> list[str]:
    """Directorates to report on: all, or those asked for, once each and in the council's order."""
    asked = {council.directorate(name).id for name in only}
    return [one.id for one in council.directorates if one.id in asked or not asked]


def _manifest(
    request: Request, council: Council, sidecars: list[Sidecar], units: list[str]
) -> tuple[Manifest, Snapshot]:
    """The run with its items, that have no key yet, and its frozen records."""
    root = settings.root()
    framework = frameworks.load(request.framework)
    nodes = [node.id for node in framework.linkable]
    as_at = parse_date(request.as_at)
    records = collect(council, nodes={framework.id: nodes}, as_at=as_at)
    snapshot = freeze(of_edition(records, request.edition, council.id, as_at), settings.store())
    policy = identity.policy_digest(root, council.id, frameworks.digest(framework), parse_date(request.as_at))
    asked = {
        **request.model_dump(),
        "snapshot": snapshot.id,
        "policy": policy,
        "code": identity.code_digest(root),
    }
    asked, run_id = baselines.chosen({**asked, "issued": yearly.chosen(asked)}, units)
    items = [
        Item(unit=unit, notebook=one.name, stage=one.stage, title=one.title, key="")
        for one in sidecars
        for unit in (units if one.stage == "directorate" else [COUNCIL_UNIT])
        if one.stage != yearly.STAGE or yearly.is_made_in(request.quarter)
    ]
    return Manifest(run_id=run_id, items=tuple(items), **asked), snapshot


def parameters_of(item: Item, manifest: Manifest, sidecar: Sidecar) -> dict[str, str]:
    """Every parameter of an item's notebook, as this run gives them."""
    known = {
        **manifest.model_dump(include=set(sidecar.parameters)),
        "directorate": item.unit,
        "inputs": manifest.run_id,
    }
    return sidecar.checked({name: known[name] for name in sidecar.parameters})


def _by_name(sidecars: list[Sidecar]) -> dict[str, Sidecar]:
    return {one.name: one for one in sidecars}


def only_items(orders: Iterable[Order], wanted: Iterable[str]) -> list[Order]:
    """The orders of these items (``unit/notebook``), in the plan's order; all of them where none is wanted.

    Raises
    ------
    ParameterError
        The plan has no such item.
    """
    orders, wanted = list(orders), set(wanted)
    known = [order.item.id for order in orders]
    for name in sorted(wanted - set(known)):
        raise ParameterError(unknown("item", name, known, "Items: `pmf run --plan`."))
    return [order for order in orders if order.item.id in wanted or not wanted]
