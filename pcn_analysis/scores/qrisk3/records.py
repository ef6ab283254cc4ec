"""The inputs of QRISK3 from records: what they say, what they cannot say, and what was assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import pandas as pd

from pcn_analysis import codelists
from pcn_analysis.dates import age_on
from pcn_analysis.engine import lazy, like, to_pandas
from pcn_analysis.exceptions import PcnAnalysisError, Problem, nearest
from pcn_analysis.person.conditions import recorded_conditions
from pcn_analysis.person.medicines import has_bnf_codes
from pcn_analysis.person.wide import beside, set_wide
from pcn_analysis.scores.qrisk3.inputs import CONDITIONS, DIABETES, INPUTS, KINDS, assumable
from pcn_analysis.scores.qrisk3.measured import measured
from pcn_analysis.scores.qrisk3.treated import treated

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from pcn_analysis.engine import Lazy


def qrisk3_inputs(
    conditions: Any,
    medications: Any,
    measurements: Any,
    people: Any,
    *,
    on: dt.date,
    covered: Collection[str],
    assume: Collection[str] = (),
) -> Any:
    """Make the table of inputs of :func:`qrisk3` from records before an index date.

    What no record can say is empty: :func:`unassessable` names it. QRISK3's own assumptions are made where something
    is not known: Townsend score 0, no variation of systolic pressure, ethnic group "White or not stated".

    Parameters
    ----------
    conditions, medications, measurements
        ``tables.CONDITIONS``, ``tables.MEDICATIONS`` and ``tables.MEASUREMENTS``; None for what is not held.
    people
        One row a person: person_id, sex, birth_date or age, ethnicity; and any column of ``INPUTS`` that is known
        from elsewhere (a Townsend score, smoking), which goes first where it has a value.
    on
        The index date; records from it on are not read.
    covered
        Conditions that the records were coded for. Of any other it is not known who has it.
    assume
        Columns of ``INPUTS`` that are taken as "no" (smoking as non-smoker) for those of whom nothing is known.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id, the columns of ``INPUTS``, and qrisk3_assumed, all that was assumed
        of this person, in words; null for nothing.

    Raises
    ------
    PcnAnalysisError
        If something is to be assumed that may not be.

    Examples
    --------
    >>> import datetime as dt
    >>> people = pd.DataFrame({"person_id": ["p1"], "sex": ["female"], "birth_date": [pd.Timestamp("1962-03-01")],
    ...     "ethnicity": ["Asian or Asian British: Indian"], "townsend": [2.5]})
    >>> made = qrisk3_inputs(None, None, None, people, on=dt.date(2026, 7, 1), covered=[])
    >>> made[["age", "ethnicity_group", "townsend", "qrisk3_assumed"]].to_numpy().tolist()
    [[64.0, 'Indian', 2.5, 'variation of systolic blood pressure taken as 0']]
    """
    _check_assumptions(assume)
    held = (conditions, medications, measurements, people)
    records = {
        name: lazy(frame)
        for name, frame in zip(("conditions", "medications", "measurements"), held, strict=False)
        if frame is not None
    }
    made = _inputs(records, lazy(people), on=on, covered=covered, assume=assume)
    return to_pandas(made) if any(isinstance(one, pd.DataFrame) for one in held) else made


def _check_assumptions(assume: Collection[str]) -> None:
    refused = [name for name in assume if name not in assumable()]
    if refused:
        raise PcnAnalysisError(
            *(
                Problem(f"assume.{name}", "nothing may be assumed of this", nearest(name, assumable()))
                for name in refused
            )
        )


def _inputs(
    records: Mapping[str, Lazy], people: Lazy, *, on: dt.date, covered: Collection[str], assume: Collection[str]
) -> Lazy:
    found = _of_people(people, on)
    parts = []
    if "conditions" in records:
        parts.append(_flags(records["conditions"], people, on, covered))
    if "medications" in records and has_bnf_codes(records["medications"], on=on):
        parts.append(_recorded(treated(records["medications"], people, on=on)))
    if "measurements" in records:
        parts.append(_recorded(measured(records["measurements"], people, on=on)))
    for part in parts:
        found = found.join(part, on="person_id", how="left")
    known = found.with_columns(**_combined(set(found.collect_schema().names())))
    return _assumed(known.select("person_id", **{column: nw.col(f"_is_{column}") for column in INPUTS}), assume)


def _recorded(frame: Lazy) -> Lazy:
    """Columns of records under names that no column of people has."""
    names = [name for name in frame.collect_schema().names() if name != "person_id"]
    return frame.select("person_id", **{f"_recorded_{name}": nw.col(name) for name in names})


def _of_people(people: Lazy, on: dt.date) -> Lazy:
    """What people themselves say: inputs known from elsewhere, age and ethnic group."""
    there = people.collect_schema().names()
    given = {f"_given_{column}": nw.col(column) for column in INPUTS if column in there and column != "sex"}
    if "age" not in there:
        given["_given_age"] = age_on(nw.col("birth_date"), on)
    ethnicity = nw.col("ethnicity") if "ethnicity" in there else nw.lit(None)
    said = people.select("person_id", _given_sex=nw.col("sex"), ethnicity=ethnicity.cast(nw.String), **given)
    groups = pd.DataFrame(codelists.rows("qrisk3_ethnicity"))[["ethnicity", "ethnicity_group"]].astype("str")
    grouped = like(groups.rename(columns={"ethnicity_group": "_recorded_ethnicity_group"}), said)
    return said.join(grouped, on="ethnicity", how="left")


def _flags(conditions: Lazy, people: Lazy, on: dt.date, covered: Collection[str]) -> Lazy:
    """Flags of conditions: true with a record of any, false where all are covered, else null."""
    slugs = pd.DataFrame(codelists.rows("qrisk3_conditions"))[["input", "condition", "counts"]].astype("str")
    slugs = slugs[slugs["condition"].isin(set(covered))]
    recorded = recorded_conditions(conditions, on=on)
    met = recorded.join(like(slugs, recorded), on="condition", how="inner").filter(
        nw.col("current") | (nw.col("counts") == "ever")
    )
    wide = set_wide(
        met.select("person_id", "input", _one=nw.lit(1)), "input", {one: (one, "_one") for one in CONDITIONS}
    )
    said: Mapping[str, Any] = {
        f"_condition_{flag}": nw.when(nw.col(flag) == 1)
        .then(nw.lit(True))
        .otherwise(nw.lit(False if set(asked) <= set(covered) else None).cast(nw.Boolean))
        for flag, asked in CONDITIONS.items()
    }
    return beside(people, wide).select("person_id", **said)


def _combined(there: Collection[str]) -> dict[str, Any]:
    """Each input of what is there of it: given first, then recorded."""

    def column(name: str, kind: Any) -> Any:
        return (nw.col(name) if name in there else nw.lit(None)).cast(kind)

    def flag(name: str) -> Any:
        return column(name, nw.Boolean)

    recorded = {name: column(f"_recorded_{name}", KINDS[one.kind]) for name, one in INPUTS.items()}
    recorded |= {name: flag(f"_condition_{name}") for name in CONDITIONS if name in INPUTS}
    recorded["treated_hypertension"] = flag("_condition_hypertension") & flag("_recorded_antihypertensives")
    medicine, diagnosis = flag("_recorded_erectile_dysfunction"), flag("_condition_erectile_dysfunction")
    recorded["erectile_dysfunction"] = nw.when(medicine).then(nw.lit(True)).otherwise(diagnosis)
    recorded |= _types(flag("_condition_diabetes"), *(flag(f"_condition_{which}") for which in DIABETES))
    return {
        f"_is_{name}": _first(column(f"_given_{name}", KINDS[one.kind]), recorded[name]) for name, one in INPUTS.items()
    }


def _types(diabetes: Any, type_1: Any, type_2: Any) -> dict[str, Any]:
    """Both types of diabetes; neither is known of someone who has diabetes of which no type was recorded."""
    no: Any = nw.when(~diabetes).then(nw.lit(False)).otherwise(None)
    either = nw.when(type_1 | type_2).then(nw.lit(True)).otherwise(nw.lit(False))
    untyped = nw.when(diabetes & ~either).then(nw.lit(True)).otherwise(nw.lit(False))
    return {
        which: nw.when(untyped).then(None).otherwise(_first(recorded, no))
        for which, recorded in zip(DIABETES, (type_1, type_2), strict=True)
    }


def _first(value: Any, other: Any) -> Any:
    return nw.when(value.is_null()).then(other).otherwise(value)


def _assumed(known: Lazy, assume: Collection[str]) -> Lazy:
    """Fill what may be assumed, and name it."""
    taken = {name: one for name, one in INPUTS.items() if one.by_default or name in assume}
    words, values = [], {}
    for name, one in taken.items():
        absent = nw.col(name).is_null()
        if one.for_sex:
            absent = absent & (nw.col("sex") == one.for_sex)
        words.append(nw.when(absent).then(nw.lit(one.assumption())))
        values[name] = nw.when(absent).then(nw.lit(one.assumed)).otherwise(nw.col(name))
    named = known.with_columns(_words=nw.concat_str(words, separator="; ", ignore_nulls=True)).with_columns(**values)
    said = nw.when(nw.col("_words") == "").then(None).otherwise(nw.col("_words")).cast(nw.String)
    return named.select("person_id", *INPUTS, qrisk3_assumed=said)
