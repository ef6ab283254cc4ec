"""Small released tables of the caseload and the admission model, shared by the tests of sentences and figures."""

from __future__ import annotations

from typing import Any

import pandas as pd
from handmade import PUBLISHED, released

from pcn_analysis.provenance import Provenance, Rate
from pcn_analysis.release import ReleasedTable

REACH = Rate("reach", "reached", "in_line", interval=True)
OVERALL = Rate("overall", "reached_all", "in_line_all")
AGAINST = Rate("reach", "reached", "in_line", interval=True, against="overall")


def slots(provenance: Provenance = PUBLISHED, last: int = 60, **changed: Any) -> ReleasedTable:
    row = {
        "in_cohort": 240, "without_gap": 40, "in_line": 200, "reached": last, "not_reached": 140, "without_practice": 0,
        "cohort": "Proactive care", "said": "Every slot is used, and people with open care gaps wait.", "slots": 60,
        "status": "assessed",
    } | changed  # fmt: skip
    counts = ("in_cohort", "without_gap", "in_line", "reached", "not_reached", "without_practice")
    return released(pd.DataFrame([row]), provenance, counts=counts, rates=(REACH,), numbers=("slots",))


def professionals(provenance: Provenance = PUBLISHED, last: int = 20) -> ReleasedTable:
    frame = pd.DataFrame({"professional": ["GP", "practice nurse"], "slots": [10, 50], "patients": [10, last]})
    return released(frame, provenance, counts=("patients",), numbers=("slots",))


def gaps(provenance: Provenance = PUBLISHED, last: int = 20, unknown: int = 0) -> ReleasedTable:
    frame = pd.DataFrame(
        {
            "gap": ["A fall", "High pressure", "No plan"],
            "in_line": pd.array([40, 100, None], dtype="Int64"),
            "reached": pd.array([last, 50, None], dtype="Int64"),
            "status": ["assessed", "partly assessed", "not assessed"],
            "missing": ["", "lithium", "a record of a plan"],
        }
    )
    frame = pd.concat([frame, *[frame.tail(1)] * unknown], ignore_index=True)
    return released(frame, provenance, counts=("in_line", "reached"), rates=(REACH,))


def changed(provenance: Provenance = PUBLISHED, last: int = 45, on_list: int = 60) -> ReleasedTable:
    rows = [("weight of a care gap", "A fall", "halved", on_list), ("need", "Severe frailty", "doubled", last)]
    frame = pd.DataFrame(rows, columns=["number", "name", "change", "stays"]).assign(on_list=on_list)
    counts = ("stays", "on_list")
    return released(frame, provenance, counts=counts, rates=(Rate("share", *counts),))


def reach(provenance: Provenance = PUBLISHED, last: int = 30, first: int = 10, fifth: str = "") -> ReleasedTable:
    """Two fifths of 100 people each; as ranked and with floors."""
    rows = [("as ranked", "most deprived", 10), ("as ranked", "least deprived", 50),
            ("with floors", "most deprived", 30), ("with floors", "least deprived", last)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["list", "deprivation_fifth", "reached"])
    frame.loc[0, "reached"] = first
    frame["deprivation_fifth"] = fifth or frame["deprivation_fifth"]
    frame = frame.assign(in_line=100, in_line_all=200, reached_all=60)
    counts = ("in_line", "reached", "in_line_all", "reached_all")
    return released(frame, provenance, counts=counts, rates=(OVERALL, AGAINST))


def price(
    provenance: Provenance = PUBLISHED, exchanged: int = 20, kept: float | None = 0.97, on_list: int = 60
) -> ReleasedTable:
    frame = pd.DataFrame({"on_list": [on_list], "exchanged": [exchanged], "on_fair_list": [60]})
    frame["objective_kept"] = pd.array([kept], dtype="Float64")
    counts = ("on_list", "exchanged", "on_fair_list")
    share = Rate("share", "exchanged", "on_list")
    return released(frame, provenance, counts=counts, rates=(share,), numbers=("objective_kept",))


def absent(provenance: Provenance = PUBLISHED, **why: str) -> ReleasedTable:
    rows = [(what.replace("_", " "), one) for what, one in why.items()]
    return released(pd.DataFrame(rows, columns=["what", "why"], dtype="str"), provenance)


def about_model(provenance: Provenance = PUBLISHED, not_assessed: str = "") -> ReleasedTable:
    row = {"chosen": "Splines", "months": 12, "networks": 5, "index_date": "1 July 2026", "tested": "another year"}
    frame = pd.DataFrame([row | {"not_assessed": not_assessed}])
    return released(frame, provenance, numbers=("months", "networks"))


def calibration(provenance: Provenance = PUBLISHED, last: int = 30) -> ReleasedTable:
    frame = pd.DataFrame({"tenth": [1, 2], "known": 100, "events": [10, last], "mean_risk": [0.08, 0.32]})
    rates = (Rate("observed", "events", "known", interval=True),)
    return released(frame, provenance, counts=("known", "events"), rates=rates, numbers=("tenth", "mean_risk"))


def compared(provenance: Provenance = PUBLISHED, last: float | None = 0.75) -> ReleasedTable:
    """The model that is used on two tests, a single number, and the ceiling."""
    rows = [("Splines", "another year", "used", 0.73), ("Age", "another year", "baseline", 0.68),
            ("Truth", "another year", "ceiling", 0.77), ("Splines", "other practices", "used", last)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["model", "tested", "role", "auc"]).astype({"auc": "Float64"})
    frame = frame.assign(auc_lower=frame["auc"] - 0.01, auc_upper=frame["auc"] + 0.01, people=1000, events=last and 90)
    words = [f"{one:.2f} (with limits)" if one == one else "not shown" for one in frame["auc"].astype(float)]  # noqa: PLR0124
    numbers = ("auc", "auc_lower", "auc_upper")
    frame = frame.assign(area=words, ratio="0.93 (0.90 to 0.96)", events=90)
    return released(frame, provenance, counts=("people", "events"), numbers=numbers)


def top(provenance: Provenance = PUBLISHED, last: int = 40) -> ReleasedTable:
    frame = pd.DataFrame({"of_list": ["1%", "10%"], "known": [20, 200], "admitted": [10, last], "admitted_of_all": 100})
    rates = (Rate("ppv", "admitted", "known", interval=True),
             Rate("sensitivity", "admitted", "admitted_of_all", interval=True))  # fmt: skip
    return released(frame, provenance, counts=("known", "admitted", "admitted_of_all"), rates=rates)


def benefit(provenance: Provenance = PUBLISHED, last: float | None = 0.01) -> ReleasedTable:
    """Of one model at three thresholds: better than offering to everyone at two."""
    frame = pd.DataFrame({"model": "Splines", "threshold": [0.05, 0.1, 0.2], "from_risk": ["5%", "10%", "20%"]})
    frame["net_benefit"] = pd.array([0.05, 0.04, last], dtype="Float64")
    frame = frame.assign(treat_all=[0.05, 0.0, -0.1], benefit=["50 (a)", "40 (b)", "10 (c)" if last else "not shown"])
    frame["everyone"] = ["50 each", "0 each", "-100 each"]
    return released(frame, provenance, numbers=("threshold", "net_benefit", "treat_all"))


def groups(
    provenance: Provenance = PUBLISHED, last: float | None = 0.8, more: tuple[tuple[str, str, float], ...] = ()
) -> ReleasedTable:
    rows = [("Sex", "female", 1.0), ("Sex", "male", 1.3), ("Practice", "Quayside Surgery", last), *more]
    frame = pd.DataFrame(rows, columns=["group", "value", "observed_to_expected"])
    ratio = frame["observed_to_expected"].astype("Float64")
    frame = frame.assign(observed_to_expected=ratio, observed_to_expected_lower=ratio - 0.1,
                         observed_to_expected_upper=ratio + 0.1)  # fmt: skip
    told = ratio.notna()
    frame = frame.assign(ratio=ratio.map("{:.2f} (with limits)".format).where(told, "fewer than 8 admitted"), area="a")
    numbers = tuple(name for name in frame if name.startswith("observed"))
    return released(frame, provenance, numbers=numbers)


def in_time(provenance: Provenance = PUBLISHED, last: float | None = 30) -> ReleasedTable:
    frame = pd.DataFrame({"group": ["2 or more in the year before", "everyone"], "people": [50, 1000]})
    frame = frame.assign(years_before=[50, 1000], admissions_before=[125, 200], years_after=[50, 1000])
    frame["admissions_after"] = pd.array([last, 200], dtype="Float64")
    rates = (Rate("each_year_before", "admissions_before", "years_before"),
             Rate("each_year_after", "admissions_after", "years_after"))  # fmt: skip
    return released(frame, provenance, counts=tuple(frame.columns[1:]), rates=rates)


def lists(provenance: Provenance = PUBLISHED, last: int = 40) -> ReleasedTable:
    frame = pd.DataFrame({"later": ["1 month later", "6 months later"], "listed": 50, "still": [45, last]})
    return released(
        frame, provenance, counts=("listed", "still"), rates=(Rate("share", "still", "listed", interval=True),)
    )


def limits(provenance: Provenance = PUBLISHED) -> ReleasedTable:
    return released(pd.DataFrame({"kind": ["Not for", "Limit"], "limit": ["Children.", "Few."]}), provenance)


def none_of(table: ReleasedTable) -> ReleasedTable:
    """The same without rows and columns, as what cannot be shown is."""
    return released(pd.DataFrame(), table.provenance)
