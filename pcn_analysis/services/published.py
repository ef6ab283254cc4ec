"""What is published of a network's services: registers of the QOF and measures of the Network Contract.

Which measures there are, which service each belongs to, and what it means stands in
``codelists/published_measures.csv``, with its source; what could not be established is "not known" there. Everything is
made of published files alone, and is released under ``open_data``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from pcn_analysis import codelists, tables
from pcn_analysis.exceptions import nearest, problem
from pcn_analysis.provenance import Provenance, Rate, Source, SourcedTable, derive
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.words import NOT_KNOWN, NOT_PUBLISHED

if TYPE_CHECKING:
    from pcn_analysis.place import Network

PUBLISHED = "published"
"""Whether there is a value; where the place was made without the file, it is not known."""
QOF, IIF = "QOF 2024/25", "IIF 2023/24"
FILED_IN = {QOF: "disease_registers", IIF: "published_measures"}
"""The table of a place that holds what each publication says."""
OF_PEOPLE = "people"
"""Kind of a measure that is a proportion of people: only these have an interval."""
RATES = (
    Rate("comparator_value", "comparator_numerator", "comparator_denominator"),
    Rate("place_value", "place_numerator", "place_denominator"),
    Rate("value", "numerator", "denominator", interval=True, against="comparator_value"),
)
BY_PRACTICE = (RATES[0], Rate("network_value", "network_numerator", "network_denominator"), RATES[2])
LIMITS = ["value_lower", "value_upper", "value_compared"]
MEASURES = Source(
    "Measures that are published of services", "pcn_analysis", "see each row", "MIT",
    "Each measure names its own source.", kind="published",
)  # fmt: skip
"""The codelist: all that a table is made of where nothing is published of a place."""
WORDS = ["service_name", "measure", "name", "clause", "contract_year", "level", "kind", "direction"]


def published_measures(network: Network, service: str = "") -> SourcedTable:
    """What is published of a network, with its place's and the comparator's.

    A measure that is published of networks is shown as published; of one that is published of practices, numerators and
    denominators are added up over the practices that are members now, and then divided. Values that the publisher
    withholds are left out of both, and so are practices that were absorbed since. The comparator's are sums of all that
    is published. Measures of people have 95% Wilson limits; others have none, as appointments and events of one person
    do not come about independently.

    Parameters
    ----------
    network
        A network of a place.
    service
        Short name of a service, such as ``care_homes``; empty: all.

    Returns
    -------
    SourcedTable
        One row a measure, in the order of the codelist: service, measure (short), name, clause, year, level (network or
        practice), kind (of people, appointments or events), direction, status (published, not published, not known),
        practices and practices_published (of the network now; null where it is published of networks), numerator,
        denominator and value, with value_lower, value_upper and value_compared (whether the interval lies above or
        below the comparator's), and numerator, denominator and value with ``place_`` and ``comparator_`` before them.
        A denominator and a value are null where none is published. No rows of a place of records alone.

    Raises
    ------
    PcnAnalysisError
        If there is no such service.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> table = published_measures(network_of(invent_place(), "U00001"), "care_homes")
    >>> table.frame[["measure", "year", "status", "practices_published"]].values.tolist()
    [['qof_dem', '2024/25', 'published', 7], ['ehch_04', '2023/24', 'published', 7]]
    """
    measures = pd.DataFrame(_of_service(service))
    values = _values(network, measures)
    practices = network.table("practices").frame
    own, whole = (
        _members(practices["pcn_code"] == network.pcn_code, practices),
        _members(practices["in_place"], practices),
    )
    groups = {
        "": {*own, network.pcn_code},
        "place_": {*whole, *network.place.networks()["pcn_code"]},
        "comparator_": {network.place.comparator},
    }
    rows = _named(measures)
    of_practices = rows["level"] == "practice"
    published = values[values["organisation_code"].isin(own)].groupby("measure").size()
    counted = {
        "practices": pd.Series(len(own), index=rows.index, dtype="Int64").where(of_practices),
        "practices_published": rows["measure"].map(published).fillna(0).astype("Int64").where(of_practices),
    }
    rows = rows.assign(**counted).join(_sums(values, groups), on="measure")
    rows["status"] = _status(network, measures, rows)
    return _sourced(network, rows, RATES, ("practices", "practices_published"))


def published_by_practice(network: Network, measure: str = "") -> SourcedTable:
    """What is published of each practice of a network, with the network's and the comparator's.

    Practices that one of the network absorbed since have a row of their own, and are not added to it.

    Parameters
    ----------
    network
        A network of a place.
    measure
        Short name of a measure, such as ``acc_08``; empty: all that are published of practices.

    Returns
    -------
    SourcedTable
        One row a measure and practice, measures in the order of the codelist, practices of today first, then by name:
        service, measure, name, clause, year, level, kind and direction as :func:`published_measures`; practice_code,
        practice_name, absorbed_by (null for a practice of today), status, numerator, denominator and value, with limits
        where it is a proportion of people, and numerator, denominator and value with ``network_`` (of the practices of
        today) and ``comparator_`` before them. No rows of a place of records alone.

    Raises
    ------
    PcnAnalysisError
        If there is no such measure, or it is published of networks.

    Examples
    --------
    >>> from pcn_analysis.place import network_of
    >>> from pcn_analysis.synthetic.place import invent_place
    >>> published_by_practice(network_of(invent_place(), "U00001"), "acc_10")
    Traceback (most recent call last):
    pcn_analysis.exceptions.PcnAnalysisError: measure acc_10: is not published of practices. Choose one that is.
    """
    measures = pd.DataFrame(_of_practices(measure))
    practices = network.table("practices").frame
    today = practices.loc[practices["pcn_code"] == network.pcn_code, ["practice_code", "practice_name"]]
    own = set(today["practice_code"])
    each = pd.concat([today.assign(absorbed_by=None), _absorbed(network, own)], ignore_index=True)
    each = each.sort_values(["absorbed_by", "practice_name", "practice_code"], na_position="first", ignore_index=True)
    rows = _named(measures).merge(each, how="cross")
    values = _values(network, measures)
    found = values.rename(columns={"organisation_code": "practice_code"})
    groups = {"network_": own, "comparator_": {network.place.comparator}}
    rows = rows.merge(found, on=["measure", "practice_code"], how="left").join(_sums(values, groups), on="measure")
    rows["status"] = _status(network, measures.loc[measures.index.repeat(len(each))], rows)
    return _sourced(network, rows, BY_PRACTICE)


# -- measures and their values -----------------------------------------------------------------------------


def _of_service(service: str) -> list[dict[str, str]]:
    listed = codelists.rows("published_measures")
    chosen = [row for row in listed if service in ("", row["service"])]
    if not chosen:
        raise problem(
            f"service {service}", "nothing is published of it", nearest(service, {r["service"] for r in listed})
        )
    return chosen


def _of_practices(measure: str) -> list[dict[str, str]]:
    """The measure of a name, or all that are published of practices."""
    known = {row["measure"]: row for row in codelists.rows("published_measures")}
    if not measure:
        return [row for row in known.values() if row["level"] == "practice"]
    if measure not in known:
        raise problem(f"measure {measure}", "there is no such measure", nearest(measure, known))
    if known[measure]["level"] != "practice":
        raise problem(f"measure {measure}", "is not published of practices", "Choose one that is.")
    return [known[measure]]


def _named(measures: pd.DataFrame) -> pd.DataFrame:
    return measures[WORDS].rename(columns={"service_name": "service", "contract_year": "year"})


def _members(which: pd.Series, practices: pd.DataFrame) -> set[str]:
    return set(practices.loc[which.fillna(False), "practice_code"])


def _table(network: Network, name: str) -> SourcedTable:
    """A table that the place may lack; then an empty one, made from what there is."""
    if name in network.place.tables:
        return network.table(name)
    return derive(tables.NAMED[name].empty(), network.table("practices"))


def _values(network: Network, measures: pd.DataFrame) -> pd.DataFrame:
    """What is published of each organisation and measure; without what is withheld, in a part or in the whole."""
    slug = measures[measures["published_in"] == QOF].set_index("code")["measure"]
    registers = _table(network, FILED_IN[QOF]).frame
    registers = registers.rename(columns={"register_size": "numerator", "list_size": "denominator"})
    both = pd.concat(
        [registers.assign(measure=registers["register"].map(slug)), _table(network, FILED_IN[IIF]).frame],
        ignore_index=True,
    )
    listed = both.merge(measures[["measure", "level", "denominator"]], on="measure", suffixes=("", "_published"))
    of_level = listed["organisation_type"].isin(["comparator"]) | listed["organisation_type"].eq(listed["level"])
    whole = listed["denominator"].notna() | listed["denominator_published"].eq("")
    kept = listed[of_level & whole & listed["numerator"].notna()]
    return kept[["organisation_code", "measure", "numerator", "denominator"]].astype(
        {"numerator": "Float64", "denominator": "Float64"}
    )


def _sums(values: pd.DataFrame, groups: dict[str, set[str]]) -> pd.DataFrame:
    """Numerators and denominators of each measure, added up over the organisations of each group."""
    of_groups = {
        prefix: values[values["organisation_code"].isin(members)].groupby("measure")[["numerator", "denominator"]]
        for prefix, members in groups.items()
    }
    return pd.concat([one.sum(min_count=1).add_prefix(prefix) for prefix, one in of_groups.items()], axis=1)


def _absorbed(network: Network, own: set[str]) -> pd.DataFrame:
    """Practices with published measures that a practice of the network absorbed since."""
    frame = _table(network, FILED_IN[IIF]).frame
    gone = frame[frame["survivor"].isin(own)].drop_duplicates("organisation_code")
    names = {"organisation_code": "practice_code", "organisation_name": "practice_name", "survivor": "absorbed_by"}
    return gone[list(names)].rename(columns=names)


def _status(network: Network, measures: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """Whether each row has a value, none is published, or nobody knows as the place was made without the file."""
    there = [FILED_IN[one] in network.place.tables for one in measures["published_in"]]
    known = rows["numerator"].notna()
    return [
        (PUBLISHED if value else NOT_PUBLISHED) if file else NOT_KNOWN for file, value in zip(there, known, strict=True)
    ]


def _sourced(
    network: Network, rows: pd.DataFrame, rates: tuple[Rate, ...], numbers: tuple[str, ...] = ()
) -> SourcedTable:
    """Divide, and leave limits to measures of people; of a place of records alone nothing is published."""
    filled = with_rates(rows, rates)
    filled[LIMITS] = filled[LIMITS].where(filled["kind"] == OF_PEOPLE)
    counts = tuple(name for rate in rates for name in (rate.numerator, rate.denominator))
    parents = [_table(network, name) for name in FILED_IN.values()]
    made = derive(
        filled, *parents, network.table("practices"), counts=counts, rates=rates, numbers=numbers, about=network.about
    )
    if network.place.is_published:
        return made
    return replace(made, frame=made.frame.iloc[:0], provenance=Provenance((MEASURES,), people=False))
