"""Hold synthetic people against the published figures that they should have: target, tolerance, achieved, n.

``python -m pcn_analysis.synthetic.acceptance synthetic`` prints the table of a prepared place whose people
have been drawn. The tests hold it for the invented place.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from pcn_analysis import codelists, codes, engine, tables
from pcn_analysis.population import Population, load_population
from pcn_analysis.settings import load_settings
from pcn_analysis.synthetic.contacts import published_admissions
from pcn_analysis.synthetic.people import everyone, published_registers

if TYPE_CHECKING:
    from pcn_analysis.place import Place

ADULT, OLD, VERY_OLD = 18, 65, 80
MANY, FIVE, TEN = 2, 5, 10
ANY = float("inf")
"""What is compared for information only has no upper limit."""
EFI_65 = {"fit": 0.50, "mild": 0.35, "moderate": 0.12, "severe": 0.03}
READ = ("age", "sex", "imd_decile", "practice_code", "n_ltc", "n_medications", "efi_category", "nel_12m", "gp_12m",
        "n_medications_12m")  # fmt: skip


def acceptance(place: Place, populations: list[Population]) -> pd.DataFrame:
    """Compare synthetic people with their targets.

    Parameters
    ----------
    place
        The place.
    populations
        The synthetic people of some of its networks.

    Returns
    -------
    DataFrame
        quantity, target, lowest and highest (what is accepted), achieved, n (people it is of), met, source.
    """
    registers = [tables.register_column(code) for code in tables.REGISTERS]
    people = pd.concat(
        [engine.to_pandas(one.tables["person_table"].select(*READ, *registers)) for one in populations],
        ignore_index=True,
    )
    rows = [
        *_registers(place, people),
        _ages(place, people),
        *_health(people),
        *_use(place, people, populations),
    ]
    found = pd.DataFrame(rows, columns=["quantity", "target", "lowest", "highest", "achieved", "n", "source"])
    return found.assign(met=found["achieved"].between(found["lowest"], found["highest"]))


def _registers(place: Place, people: pd.DataFrame) -> list[tuple]:
    published = published_registers(place, sorted(people["practice_code"].unique()))
    rows = []
    for row in codelists.rows("qof_registers"):
        code, target = row["register"], published[row["register"]]
        listed = people[people["age"] >= int(row["list_type"].removesuffix("OV").replace("TOTAL", "0"))]
        share = float(listed[tables.register_column(code)].mean())
        name = f"QOF register {code}, {row['ages']}"
        rows.append((name, target, 0.9 * target, 1.1 * target, share, len(listed), "QOF 2024-25, of these practices"))
    return rows


def _ages(place: Place, people: pd.DataFrame) -> tuple:
    """The largest difference of any sex and age band, as a share of everyone."""
    frame = place.tables["registrations_by_age"].frame
    own = frame[frame["organisation_code"].isin(people["practice_code"].unique())]
    target = own.groupby(["sex", "age_band"])["patients"].sum()
    band = np.minimum(people["age"].to_numpy(dtype=int) // 5, len(codes.AGE_BANDS) - 1)
    drawn = people.groupby([people["sex"], np.array(codes.AGE_BANDS)[band]]).size().reindex(target.index, fill_value=0)
    gap = float((drawn / drawn.sum() - target / target.sum()).abs().max())
    return ("Age and sex: largest difference of a band", 0.0, 0.0, 0.01, gap, len(people), "registrations of the place")


def _health(people: pd.DataFrame) -> list[tuple]:
    adults, old, medicines = people[people["age"] >= ADULT], people[people["age"] >= OLD], "n_medications"
    ages = {"at 20 to 29": people["age"].between(20, 29), "at 80 and over": people["age"] >= VERY_OLD}
    guthrie = {"at 20 to 29": 0.003, "at 80 and over": 0.24}
    many = _share(adults["n_ltc"] >= MANY)
    frail = [
        (f"eFI {band}, 65 and over", share, share - 0.03, share + 0.03, _share(old["efi_category"] == band))
        for band, share in EFI_65.items()
    ]
    ten, five = (_share(adults[medicines] >= number) for number in (TEN, FIVE))
    of_age = [
        (
            f"10 or more medicines {words}",
            guthrie[words],
            0.0,
            ANY,
            _share(people.loc[who, medicines] >= TEN),
            int(who.sum()),
            "Guthrie 2015",
        )
        for words, who in ages.items()
    ]
    return [
        ("Adults with 2 or more long-term conditions", 0.272, 0.25, 0.29, many, len(adults), "Cassell 2018"),
        *((*row, len(old), "frailtytoolkit.org") for row in frail),
        ("Adults on 10 or more medicines", 0.058, 0.048, 0.068, ten, len(adults), "Guthrie 2015"),
        ("Adults on 5 or more medicines", 0.208, 0.0, ANY, five, len(adults), "Guthrie 2015"),
        *of_age,
    ]  # fmt: skip


def _use(place: Place, people: pd.DataFrame, populations: list[Population]) -> list[tuple]:
    adults = people[people["age"] >= ADULT]
    many = adults[adults["n_ltc"] >= MANY]
    shares = {name: float(many[name].sum() / adults[name].sum()) for name in ("gp_12m", "nel_12m")}
    admitted, everyone = _share(people["nel_12m"] > 0), len(people)
    return [
        ("People with an emergency admission in a year", 0.075, 0.065, 0.09, admitted, everyone,
         "range only; source not known"),
        ("Emergency admissions by age and deprivation: rank correlation", 1.0, 0.9, 1.0, _ranks(people), everyone,
         "New Devon, BMJ Open 2017"),
        ("Emergency admissions expected of the 5% at most risk", 0.35, 0.30, 0.40, _top(place, populations), everyone,
         "range only; source not verified"),
        ("Consultations of adults by the multimorbid", 0.529, 0.0, ANY, shares["gp_12m"], len(adults), "Cassell 2018"),
        ("Emergency admissions of adults by the multimorbid", 0.561, 0.0, ANY, shares["nel_12m"], len(adults),
         "Cassell 2018"),
    ]  # fmt: skip


def _share(met: pd.Series) -> float:
    return float(met.fillna(False).mean())


def _ranks(people: pd.DataFrame) -> float:
    """Rank correlation of emergency admissions per person with the published table, over its 25 cells."""
    from_ages, table = published_admissions()
    known = people.dropna(subset=["imd_decile"])
    age = np.searchsorted(from_ages, known["age"].to_numpy(dtype=int), side="right") - 1
    fifth = (known["imd_decile"].to_numpy(dtype=int) - 1) // 2
    drawn = known["nel_12m"].astype(float).groupby([age, fifth]).mean()
    return float(spearmanr(drawn, [table[cell] for cell in drawn.index]).statistic)


def _top(place: Place, populations: list[Population]) -> float:
    """Share of expected emergency admissions that the twentieth of people at most risk account for."""
    risks = []
    for one in populations:
        people = everyone(place, one.pcn_code)
        risks.append(people.emergency[~people.drawn.people.candidate])
    risk = np.sort(np.concatenate(risks))
    return float(risk[-len(risk) // 20 :].sum() / risk.sum())


def markdown(found: pd.DataFrame) -> str:
    """The table as Markdown, shares in per cent."""
    lines = ["| quantity | target | accepted | achieved | n | source |", "|---|---|---|---|---|---|"]
    for row in found.itertuples():
        times = 1 if "correlation" in row.quantity else 100
        accepted = (
            "not limited" if row.highest == float("inf") else f"{times * row.lowest:.2f} to {times * row.highest:.2f}"
        )
        lines.append(
            f"| {row.quantity} | {times * row.target:.2f} | {accepted} | {times * row.achieved:.2f}"
            f"{'' if row.met else ' (**not met**)'} | {row.n:,} | {row.source} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the table of one place."""
    slug = sys.argv[1] if len(sys.argv) > 1 else "synthetic"
    from pcn_analysis.prepared import load_place

    place = load_place(load_settings().processed / slug)
    populations = [load_population(slug, code, "synthetic") for code in place.networks()["pcn_code"]]
    sys.stdout.write(markdown(acceptance(place, populations)) + "\n")


if __name__ == "__main__":
    main()
