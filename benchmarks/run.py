"""Ratios against the floor or a peer, each pair measured in turn in one run: ``make bench``.

Reads the published files in the folder named on the command line (default: data/raw); without them only
what needs none is measured.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from comorbidity import comorbidity_scores
from disclosure import secondary_suppression
from footprints import with_england
from incoming import with_an_extract
from people import with_one_network, with_synthetic_people
from qrisk3 import with_qrisk3
from running import with_reports
from segments import all_models

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.network.measures import footprints, patients_by_network
from pcn_analysis.place import Place
from pcn_analysis.reports.planning import choose_places, plan
from pcn_analysis.reports.runner import run
from pcn_analysis.settings import load_settings
from pcn_analysis.sources import geography, open_data
from pcn_analysis.sources.mergers import find_mergers
from pcn_analysis.sources.published_files import find_files
from pcn_analysis.synthetic.place import invent_place

RUNS = 5
PEOPLE_IN_EXTRACT = 100_000


def seconds(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare(name: str, ours: Callable[[], Any], floor_name: str, floor: Callable[[], Any]) -> None:
    """Print medians of alternating runs and their ratio, after one run of each that is not counted."""
    ours(), floor()
    pairs = [(seconds(ours), seconds(floor)) for _ in range(RUNS)]
    mine, least = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"{name:<34} {mine:8.3f} s   {floor_name:<38} {least:8.3f} s   ratio {mine / least:6.2f}")


def with_invented_place(place: Place) -> None:
    registrations, practices = (place.tables[name].frame for name in ("registrations_by_area", "practices"))
    pcn = practices.set_index("practice_code")["pcn_code"].fillna("none")
    located = registrations[registrations["area_code"].str.startswith("E01")]

    def by_groupby() -> pd.Series:
        sums = located.assign(pcn=located["practice_code"].map(pcn)).groupby(["area_code", "pcn"])["patients"].sum()
        return sums.groupby("area_code").idxmax()

    compare(
        "footprints (shares, ties, margins)",
        lambda: footprints(patients_by_network(registrations, practices)),
        "pandas groupby and idxmax (winner only)",
        by_groupby,
    )
    settings = load_settings()

    def report() -> None:
        run(plan(settings, choose_places(settings.processed, "synthetic"), [], []).jobs, settings)

    report()
    compare(
        "report, nothing changed (20 pages)",
        report,
        "reading the prepared place",
        partial(choose_places, settings.processed, "synthetic"),
    )


def with_published_files(folder: Path) -> None:
    files = find_files(folder, open_data.FILES["2026-07"])
    compare(
        "read practice x area counts",
        lambda: open_data.read_counts(files["counts"], dt.date(2023, 7, 1)),
        "bare pandas.read_csv of the zip",
        lambda: pd.read_csv(files["counts"]),
    )
    counts = open_data.read_counts(files["counts"], dt.date(2023, 7, 1)).astype({"patients": float})
    lists = open_data.read_lists(files["ages"], dt.date(2026, 7, 1)).sizes

    def one_sum() -> pd.Series:
        return counts.groupby("practice_code")["patients"].sum()

    compare(
        "find mergers over England",
        lambda: find_mergers(counts, lists),
        "one sum of the counts by practice",
        one_sum,
    )
    shapes = geography.clean_coverage(geography.read_boundaries(files["boundaries"]).head(3_000))
    groups = pd.Series(range(len(shapes))) // 25
    compare(
        "dissolve 120 footprints (coverage)",
        lambda: [shapely.coverage_union_all(shapes.geometry.to_numpy()[groups == one]) for one in range(120)],
        "geopandas dissolve (unary)",
        lambda: gpd.GeoDataFrame(shapes).dissolve(groups.to_numpy()),
    )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else load_settings().raw
    place = invent_place()
    with_reports(place)
    with_invented_place(place)
    with_synthetic_people(place)
    with_one_network(place, compare)
    with_an_extract(PEOPLE_IN_EXTRACT)
    all_models()
    comorbidity_scores()
    secondary_suppression()
    with_qrisk3()
    with_england(compare)
    try:
        with_published_files(folder)
    except PcnAnalysisError:
        print(f"(no published files in {folder}: the rest is not measured)")


if __name__ == "__main__":
    main()
