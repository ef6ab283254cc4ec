"""A map of a place's networks to point at and to search in, with its data beside it; it works without a network."""

from __future__ import annotations

import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment

from pcn_analysis.codes import WHOLE_PLACE
from pcn_analysis.display.header import SYNTHETIC
from pcn_analysis.exceptions import problem
from pcn_analysis.release.egress import digest, known_people, refuse_leaks
from pcn_analysis.reports.pages import TEMPLATES, style

if TYPE_CHECKING:
    from pcn_analysis.place import Place
    from pcn_analysis.settings import Settings

STEM = "network_map"
TITLE = "Map to search"
"""What the index calls it."""
ELSEWHERE = "a network from elsewhere, none, or nobody registered"
MOST_AREAS = 3_000
"""A browser draws so many areas without a pause; all England has ten times as many."""


def write_network_map(settings: Settings, place: Place) -> Path:
    """Write the map of a place's networks: a page that loads nothing, every area as CSV, and with shapes as GeoPackage.

    Parameters
    ----------
    settings
        Where reports go.
    place
        A prepared place with published counts.

    Raises
    ------
    PcnAnalysisError
        If the place has no counts by area, or too many areas for a browser, or if a file holds what must not leave.
    """
    from pcn_analysis.network.place_networks import area_map
    from pcn_analysis.plots.interactive_map import interactive_map, shown_areas
    from pcn_analysis.plots.network_maps import FILLS
    from pcn_analysis.plots.style import PALE
    from pcn_analysis.release import release

    if "registrations_by_area" not in place.tables:
        raise problem("--place", f"no counts of patients by area belong to {place.name}", "Name a published place.")
    table = release(area_map(place), profile="open_data")
    areas = shown_areas(table)
    if len(areas) > MOST_AREAS:
        raise problem("--place", f"{len(areas):,} areas are too many for a browser", "Name a local authority.")
    invented = place.provenance.synthetic
    stem = f"synthetic-{STEM}" if invented else STEM
    scripts, script, where = interactive_map(table)
    key = areas.dropna(subset=["colour"]).drop_duplicates("pcn_name").sort_values("pcn_name")
    title = f"Networks of {place.name}, {place.index_date.day} {place.index_date:%B %Y}"
    html = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        (TEMPLATES / "network_map.html.j2").read_text(encoding="utf-8")
    ).render(
        title=title, style=style(), version=version("pcn-analysis"), home="../../index.html", stem=stem,
        fingerprint=place.fingerprint, synthetic=SYNTHETIC if invented else "", modelled=place.provenance.modelled,
        scripts=scripts, script=script, where=where,
        key=[*((row.pcn_name, FILLS[int(row.colour)]) for row in key.itertuples()), (ELSEWHERE, PALE)],
        alt=f"Map of {len(areas):,} areas by network. The table beside it (CSV) says the same.",
        attributions=list(dict.fromkeys(source.attribution for source in table.provenance.sources)),
    )  # fmt: skip
    known = known_people(settings.processed, place.slug)
    folder = settings.reports / place.slug / WHOLE_PLACE
    folder.mkdir(parents=True, exist_ok=True)
    areas = areas.assign(synthetic=invented)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".map") as made:
        areas.drop(columns="geometry").to_csv(Path(made, f"{stem}.csv"), index=False, lineterminator="\n")
        areas.to_file(Path(made, f"{stem}.gpkg"), driver="GPKG", layer="areas")
        Path(made, f"{STEM}.html").write_text(html, encoding="utf-8", newline="\n")
        refuse_leaks(sorted(Path(made).iterdir()), known, library_scripts())
        for path in sorted(Path(made).iterdir()):
            path.replace(folder / path.name)
    return folder / f"{STEM}.html"


@cache
def library_scripts() -> frozenset[str]:
    """Digests of the scripts of Bokeh that the page carries; nobody looks for identifiers in them."""
    from bokeh.resources import Resources

    return frozenset(map(digest, Resources(mode="inline").js_raw))


def is_of(path: Path, place: Place) -> bool:
    """Whether a map was made of the counts that a place has now."""
    with path.open(encoding="utf-8") as stream:
        return f'content="{place.fingerprint}"' in stream.read(2_000)
