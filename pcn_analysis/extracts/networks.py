"""Which network each person belongs to, by practice; and how deprived the area is where they live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis import codes, tables
from pcn_analysis.deprivation import EDITIONS
from pcn_analysis.extracts.workspace import name, text, texts
from pcn_analysis.words import number

if TYPE_CHECKING:
    from pcn_analysis.extracts.exclusions import People
    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace
    from pcn_analysis.place import Place


def in_networks(space: Workspace, people: People, place: Place | None, findings: Findings) -> str:
    """Give everyone who stays their network.

    Someone whose practice is in a network of the place belongs to it. Someone whose practice is not known, or is in
    the place and in no network, belongs to the group without a network. Someone of a practice elsewhere is left out.
    Without a place nobody's network is known, and nobody is left out.

    Parameters
    ----------
    space
        The workspace.
    people
        Everyone who stays.
    place
        The prepared place that they are held against.
    findings
        Counts who is left out, and who has no network.

    Returns
    -------
    str
        How to read ``tables.PERSONS`` with ``pcn_code``. A missing decile of deprivation is that of the person's
        area, where the place knows the area.
    """
    columns = ", ".join(f"persons.{name(one)}" for one in tables.PERSONS.column_names())
    if place is None:
        findings.add("persons.practice_code", "network not known: no place was named", people.rows, "noted")
        return f"(SELECT {columns}, {text(codes.UNALLOCATED)} AS pcn_code FROM {people.relation} AS persons)"
    practices = space.small(_practices(place), "practices")
    areas = space.small(_areas(place), "areas")
    decile = "coalesce(persons.imd_decile, areas.decile) AS imd_decile"
    edition = "CASE WHEN persons.imd_decile IS NULL THEN areas.edition ELSE persons.imd_version END AS imd_version"
    practice = f"CASE WHEN practice_code NOT IN {texts(codes.NO_PRACTICE)} THEN practice_code END AS practice_code"
    joined = space.write(
        f"SELECT persons.* REPLACE ({decile}, {edition}), practices.network, "
        "persons.practice_code IS NOT NULL AND practices.practice_code IS NULL AS elsewhere "
        f"FROM (SELECT * REPLACE ({practice}) FROM {people.relation}) AS persons "
        f"LEFT JOIN {practices} AS practices USING (practice_code) "
        f"LEFT JOIN {areas} AS areas USING (lsoa21)",
        "persons_in_networks",
    )
    elsewhere, their, unknown, none, filled = space.row(
        "SELECT count(*) FILTER (elsewhere), count(DISTINCT practice_code) FILTER (elsewhere), "
        "count(*) FILTER (practice_code IS NULL), "
        "count(*) FILTER (NOT elsewhere AND practice_code IS NOT NULL AND network IS NULL), "
        f"count(imd_decile) - (SELECT count(imd_decile) FROM {people.relation}) FROM {joined}"
    )
    found = f"people of {number(their, 'practice')} elsewhere than in {place.name}"
    findings.add("persons.practice_code", found, elsewhere, "left out")
    findings.add("persons.practice_code", "practice not known: in the group without a network", unknown, "noted")
    findings.add("persons.practice_code", "practice in no network: in the group without a network", none, "noted")
    findings.add("persons.imd_decile", "not given, and taken from the area of residence", filled, "changed")
    return (
        f"(SELECT {columns}, coalesce(network, {text(codes.UNALLOCATED)}) AS pcn_code FROM {joined} AS persons "
        "WHERE NOT elsewhere)"
    )


def _practices(place: Place):
    """Practices of the place, and those elsewhere that are members of one of its networks."""
    practices = place.tables["practices"].frame
    networks = set(place.networks()["pcn_code"])
    member = practices["pcn_code"].isin(networks)
    own = practices[practices["in_place"] | member]
    return own[["practice_code"]].assign(network=own["pcn_code"].where(own["pcn_code"].isin(networks))).astype(object)


def _areas(place: Place):
    """Deciles of areas; of a place without areas, none."""
    areas = place.tables["areas"].frame
    frame = areas.loc[areas["imd_decile"].notna(), ["area_code", "imd_decile"]]
    frame = frame.set_axis(["lsoa21", "decile"], axis=1)
    return frame.assign(edition=EDITIONS.get(place.vintage)).astype({"lsoa21": object, "edition": object})
