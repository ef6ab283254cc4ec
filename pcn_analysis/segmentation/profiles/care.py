"""How often the people of each segment were seen in the last 12 months, and what it cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from pcn_analysis import engine
from pcn_analysis.dates import months_before
from pcn_analysis.provenance import Counted, Rate
from pcn_analysis.segmentation import counting, whom
from pcn_analysis.segmentation.composition import KINDS, without_few
from pcn_analysis.segmentation.labels import labels, of_model
from pcn_analysis.segmentation.profiles.everyone import sums, with_everyone
from pcn_analysis.statistics.means import mean_limits
from pcn_analysis.statistics.rates import with_rates
from pcn_analysis.thresholds import SMALLEST_SHOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.population import Population
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.rules import Model

MONTHS = 12
POUNDS = 1000
"""What costs are rounded to before release: one person's can be much of a segment's."""


def activity(population: Population, model: Model) -> SourcedTable:
    """How often the people of each segment were seen in the 12 months before the index date, and who had most of it.

    Contacts that were attended are counted, of the kinds of ``composition.KINDS`` that the records hold. Where one to
    seven people of a segment had any, how many contacts they had is null, and that of the next smallest segments too
    where it could be worked out from everyone's.

    Returns
    -------
    SourcedTable
        One row a kind of contact and segment (everyone first), in order: contact, segment, seen (people with at least
        one), people (of whom the number is known), contacts, contacts_each_margin (half of the 95%
        interval of contacts_each, from the variance between people, to two figures), all_people, all_contacts;
        seen_share (of people) with limits, contacts_each, people_share (of everyone) and contacts_share (of all
        contacts).
    """
    columns = population.tables["person_table"].collect_schema().names()
    held = [kind for kind in KINDS if kind in columns]
    names, everyone = whom.names(population, model), whom.everyone(model)
    parts = ("seen", "people", "contacts", "contacts_squared")
    counts = ("seen", "people", "contacts", "all_people", "all_contacts")
    rows = pd.DataFrame(columns=["contact", "segment", *counts[:3], "contacts_each_margin", *counts[3:]])
    if held and names:
        made = {f"{kind} {part}": one for kind in held for part, one in zip(parts, _of_kind(kind), strict=True)}
        found = sums(population, model, made).reindex([everyone, *names, *_others(model)], fill_value=0)
        known = [kind for kind in held if found.loc[everyone, f"{kind} people"] > 0]
        long = [
            _beside_all(found[[f"{kind} {part}" for part in parts]].set_axis(parts, axis=1), model).assign(
                contact=KINDS[kind]
            )
            for kind in known
        ]
        rows = pd.concat(long, ignore_index=True)[rows.columns] if long else rows
    rows = rows.astype(
        {"contact": "str", "segment": "str"} | dict.fromkeys(counts, "Int64") | {"contacts_each_margin": "Float64"}
    )
    rates = (
        Rate("seen_share", "seen", "people", interval=True),
        Rate("contacts_each", "contacts", "people"),
        Rate("people_share", "people", "all_people"),
        Rate("contacts_share", "contacts", "all_contacts"),
    )
    numbers, counted = ("contacts_each_margin",), _whose(population, model, rows)
    frame = with_rates(rows, rates)
    return of_model(population, model, frame, counts=counts, rates=rates, numbers=numbers, counted=counted)


def _whose(population: Population, model: Model, rows: pd.DataFrame) -> dict[str, Counted]:
    """Whom the numbers of contacts count; it is not of everyone known of some kinds whether they had any."""
    registered = len(whom.only(labels(population, model), model))
    unknown = set(rows.loc[rows["all_people"] < registered, "contact"])
    known = {"contact": counting.known_of(rows["contact"], unknown, counting.SEEN)}
    of_contacts: dict[str, Any] = {"of": counting.CONTACTS}
    return {
        "seen": counting.by_segment(population, model, groups=(f"contact={counting.SEEN}",)),
        "people": counting.by_segment(population, model, means=known),
        "contacts": counting.by_segment(population, model, counting.KIND, **of_contacts),
        "all_people": counting.of_model(model, means=known),
        "all_contacts": counting.of_model(model, counting.KIND, **of_contacts),
    }


def _of_kind(kind: str) -> tuple[nw.Expr, ...]:
    """Whether a person had any such contact, whether that is known, how many, and that number squared."""
    number = nw.col(kind).cast(nw.Int64)
    return number > 0, ~number.is_null(), number, number * number


def _others(model: Model) -> list[str]:
    """The row of those whom a model is not for, if there are any."""
    return [model.others] if model.whom else []


def _without_few(
    found: pd.DataFrame, model: Model, people: Sequence[str], columns: Sequence[str]
) -> pd.DataFrame:  # fmt: skip
    """Leave out how much few people had, and the row of those whom the model is not for.

    How much everyone of all ages had may be known. Where few of those whom the model is not for had any, it is left out
    of everyone's row as well, and of the smallest segments, so that theirs is not the difference.
    """
    whole, others = found.index[0], _others(model)
    rows = without_few(found.drop(index=others), people, columns, whole=whole)
    few = found.loc[others, list(people)]
    if not ((few > 0) & (few < SMALLEST_SHOWN)).fillna(False).to_numpy(dtype=bool).any():
        return rows
    parts = found.drop(index=whole)
    of_all = pd.concat([parts.sum().to_frame(whole).T.astype("Int64"), parts])
    hidden = without_few(of_all, people, columns, whole=whole).drop(index=others)[list(columns)].isna()
    hidden.loc[whole] = True
    return rows.assign(**{name: rows[name].mask(hidden[name]) for name in columns})


def _beside_all(found: pd.DataFrame, model: Model) -> pd.DataFrame:
    """The numbers of each segment beside everyone's."""
    shown_of = _without_few(found, model, ["seen"], ["contacts", "contacts_squared"])
    upper = mean_limits(shown_of["contacts"], shown_of["contacts_squared"], shown_of["people"])[1]
    margin = _two_figures(upper - shown_of["contacts"] / shown_of["people"].where(shown_of["people"] > 0))
    everyone = shown_of.iloc[0]
    rows = shown_of.assign(contacts_each_margin=margin).rename_axis("segment").reset_index()
    return rows.assign(all_people=everyone["people"], all_contacts=everyone["contacts"])


def _two_figures(values: pd.Series) -> pd.Series:
    """Numbers to two significant figures; 0 and null stay so."""
    known = values.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    step = 10.0 ** (np.floor(np.log10(np.where(known > 0, known, 1))) - 1)
    return pd.Series(np.round(known / step) * step, index=values.index).astype("Float64")


def cost(population: Population, model: Model) -> SourcedTable:
    """What attended contacts of each segment cost in the 12 months before the index date, as the records say it.

    Nothing is priced here: a contact without a cost in the records adds nothing, and is counted among those without.
    Where one to seven people of a segment were seen, or are costed, how many contacts they had and what these cost is
    null, and that of the next smallest segments too where it could be worked out from everyone's.

    Returns
    -------
    SourcedTable
        One row a segment (everyone first), in order: segment, people, seen (people with a contact), costed (people with
        one that has a cost), contacts, contacts_costed (those with one), cost_gbp (to the nearest 1,000 pounds; null
        where there is a cost of less than half that), all_people, all_cost_gbp; costed_share (of contacts), cost_each
        (for each person), people_share (of everyone), cost_share (of the whole cost). No rows where no contact of those
        months has a cost.
    """
    names, first = whom.names(population, model), whom.everyone(model)
    counts = ("people", "seen", "costed", "contacts", "contacts_costed", "cost_gbp", "all_people", "all_cost_gbp")
    rows = pd.DataFrame(columns=["segment", *counts])
    spent = _spent(population) if names else pd.DataFrame()
    people = labels(population, model).assign(people=1)
    if len(spent) and spent["person_id"].isin(whom.only(people, model)["person_id"]).any():
        everyone = with_everyone(people.merge(spent, on="person_id", how="left"), model)
        found = everyone.groupby("segment")[[*counts[:6]]].sum().reindex([first, *names, *_others(model)], fill_value=0)
        found = _without_few(np.ceil(found).astype("Int64"), model, ["seen", "costed"], [*counts[3:6]])
        pounds = (found["cost_gbp"] + POUNDS // 2) // POUNDS * POUNDS
        found = found.assign(cost_gbp=pounds.mask((pounds == 0) & (found["cost_gbp"] > 0)))
        whole = found.loc[first]
        rows = found.reset_index().assign(all_people=whole["people"], all_cost_gbp=whole["cost_gbp"])
    rows = rows.astype({"segment": "str"} | dict.fromkeys(counts, "Int64"))
    rates = (
        Rate("costed_share", "contacts_costed", "contacts"),
        Rate("cost_each", "cost_gbp", "people"),
        Rate("people_share", "people", "all_people"),
        Rate("cost_share", "cost_gbp", "all_cost_gbp"),
    )
    counted = _whose_cost(population, model)
    return of_model(population, model, with_rates(rows, rates), counts=counts, rates=rates, counted=counted)


def _whose_cost(population: Population, model: Model) -> dict[str, Counted]:
    """Whom the numbers of costs count: people, their contacts of any kind, and pounds."""
    seen, costed = f"{counting.SEEN}: any", "with a contact that has a cost"
    are_seen, are_costed = ((seen, counting.YES),), ((costed, counting.YES),)
    unseen = ((*are_costed, (seen, counting.NO)),)
    contacts: dict[str, Any] = {"of": "contacts of any kind"}
    pounds: dict[str, Any] = {"of": f"cost in pounds, to the nearest {POUNDS}"}
    return {
        "people": counting.by_segment(population, model),
        "seen": counting.by_segment(population, model, where=are_seen),
        "costed": counting.by_segment(population, model, where=are_costed, never=unseen),
        "contacts": counting.by_segment(population, model, **contacts),
        "contacts_costed": counting.by_segment(population, model, where=(("has a cost", counting.YES),), **contacts),
        "cost_gbp": counting.by_segment(population, model, **pounds),
        "all_people": counting.of_model(model),
        "all_cost_gbp": counting.of_model(model, **pounds),
    }


def _spent(population: Population) -> pd.DataFrame:
    """Contacts and costs of each person who was seen; no rows where no contact has a cost."""
    encounters = population.tables.get("encounters")
    if encounters is None:
        return pd.DataFrame()
    on, date = population.index_date, nw.col("visit_start_date").cast(nw.Date)
    within = encounters.filter(nw.col("attended"), date < on, date >= months_before(on, MONTHS))
    contacts = within.select(
        "person_id",
        contacts=nw.lit(1),
        contacts_costed=(~nw.col("cost_gbp").is_null()).cast(nw.Int64),
        cost_gbp=nw.col("cost_gbp"),
    )
    totals = [nw.col(name).sum() for name in ("contacts", "contacts_costed", "cost_gbp")]
    found = engine.to_pandas(contacts.group_by("person_id").agg(*totals)).fillna({"cost_gbp": 0})
    found = found.assign(seen=1, costed=(found["contacts_costed"] > 0).astype("Int64"))
    return found if found["contacts_costed"].sum() else found.head(0)
