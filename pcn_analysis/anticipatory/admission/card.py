"""The model card: what the model is for, what it rests on, how good it is and for whom, in Markdown.

Every figure comes from tables that have passed release; :func:`card_tables` says which, :func:`model_card` writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis import codelists
from pcn_analysis.anticipatory.admission.card_tables import (
    at_top_rows,
    difference_rows,
    fairness_rows,
    flow_rows,
    left_out_rows,
    markdown,
    performance_rows,
)
from pcn_analysis.anticipatory.admission.features import FEATURES
from pcn_analysis.anticipatory.admission.fitted import PRACTICES, YEAR
from pcn_analysis.anticipatory.admission.models import BASELINES
from pcn_analysis.anticipatory.admission.validation import CEILING, MOST_PRACTICES
from pcn_analysis.anticipatory.evaluation import for_release
from pcn_analysis.words import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.anticipatory.admission.fitted import AdmissionModel
    from pcn_analysis.provenance import SourcedTable
    from pcn_analysis.release import ReleasedTable

PRISMATIC = (
    "In PRISMATIC, a stepped-wedge trial in 32 Welsh practices, giving practices the risks of their patients "
    "raised emergency admissions instead of lowering them (BMJ Qual Saf 2019;28:697). "
    "**Never rank people by risk alone.** The caseload ranks by need, open care gaps and what can be changed."
)
PURPOSE = """It gives the chance that an adult has an unplanned hospital admission in the {months} months after a day.
It is one of several things that a multidisciplinary team may look at when it decides whom to offer a review; a
clinician looks at every person before anything is done. It does not say why someone may be admitted, whether that can
be prevented, or that they are ill."""
NOT_FOR = (
    "Anyone under 18, or registered elsewhere.",
    "Decisions about one person without a clinician; diagnosis, triage, refusing or ending care.",
    "Payment, comparison of practices or staff.",
    "People of another place or another year without validation there.",
)
OUTCOME = """The first emergency admission (`visit_type` `emergency_admission`, attended) from the origin on, for
{months} months. **Death** before an admission is a competing event: who died without one had none, and is kept.
**Leaving** means that it is not known what came: these people are no example, and others stand for them by weights, one
over the chance of not having left yet (Kaplan-Meier of leaving, one curve for everyone, without strata). That is right
only if those who leave are like those who stay."""
MISSING = """What could not be assessed at both origins in every network is not read. A value that is missing of a
person is treated by gradient boosting as such; in logistic regression it takes the median (of a condition: no), beside
a column that says that it is missing."""
MADE = """Logistic regression with cubic splines of numbers and counts and a ridge penalty; and gradient boosting of
histograms, calibrated by a logistic regression on the logit of risks of people whose practice took no part in them.
Nothing was balanced and no setting was searched for. Gradient boosting is chosen only where its area under the curve is
larger beyond doubt, as measured on the people it was tested on, so that the figures of the chosen one are very slightly
too good. Every column was made a second time from records as they stood at the origin, and had to be the same."""
LIMITS = (
    "Mostly the same people are in both years: the temporal test is of another year, not of other people.",
    "Records say what was coded, not what is. Who is seldom seen has few codes and a risk that is too low.",
    "Who joined in the 12 months before an origin has counts of contacts for a part of them only.",
    "Contacts are those of the records: care elsewhere is not in them.",
    "Figures by group rest on few admissions in some groups; those with fewer than eight are not shown.",
)
SURVIVORS = """**Survivors only.** Nobody in these records is recorded to have died or left. They look like an extract
of those who are registered today, from which everyone who died or left before is missing. Performance is then too good,
and risks of the frail too low: do not use this model."""
INVENTED = """**Synthetic people.** Nobody behind these figures exists. How well a model does here says how these people
were drawn and nothing about any place."""


def card_tables(fitted: AdmissionModel) -> dict[str, SourcedTable]:
    """The tables that a card is written from, each to be released under ``hes``.

    Returns
    -------
    dict
        flow, overall, differences, at_top, by_group, and where practices were left out left_out.
    """
    given = (fitted.provenance, fitted.about)
    later = fitted.tested(YEAR)
    tables = {name: getattr(for_release, name)(fitted.temporal, *given, later) for name in
              ("overall", "differences", "at_top", "by_group")}  # fmt: skip
    if fitted.left_out is not None:
        tables["left_out"] = for_release.overall(fitted.left_out, *given, fitted.tested(PRACTICES))
    return {"flow": fitted.sourced_flow()} | tables


def model_card(fitted: AdmissionModel, released: Mapping[str, ReleasedTable], *, model_sha256: str = "") -> str:
    """Write the card of a model.

    Parameters
    ----------
    fitted
        The model: names, dates and versions are taken from it, no figure.
    released
        :func:`card_tables`, each released.
    model_sha256
        Of the model file, where it is known.

    Raises
    ------
    TypeError
        If a table has not passed release.
    """
    if wrong := [name for name, table in released.items() if not hasattr(table, "profile")]:
        message = f"a card is made from released tables only: release {', '.join(wrong)} first"
        raise TypeError(message)
    parts = [
        _head(fitted),
        ("Intended purpose", PURPOSE.format(months=fitted.months)),
        ("Who it is not for", _points(NOT_FOR)),
        ("People and dates", _people(fitted, released)),
        ("Outcome", OUTCOME.format(months=fitted.months)),
        ("What the model reads", _reads(fitted)),
        ("Missing values", MISSING),
        ("How it was made", MADE),
        ("Performance", _performance(fitted, released)),
        ("Fairness", _fairness(fitted, released)),
        ("Limits", f"{PRISMATIC}\n\n{_points(LIMITS)}"),
        ("TRIPOD+AI", _items()),
        ("Versions", _versions(fitted, model_sha256)),
    ]
    return "\n\n".join(one if isinstance(one, str) else f"## {one[0]}\n\n{one[1]}" for one in parts) + "\n"


def _head(fitted: AdmissionModel) -> str:
    about = fitted.about
    title = f"# A model of unplanned admission within {fitted.months} months: {about.place}, {about.day()}"
    warnings = [INVENTED] if fitted.provenance.synthetic else []
    warnings += [SURVIVORS] if fitted.survivors_only else []
    tested = "a later year and on practices that it had not seen" if fitted.left_out else "a later year"
    what = (
        f"{fitted.chosen}, fitted on adults of {len(fitted.networks)} networks of {fitted.about.place} and tested on "
        f"{tested}. Counts are rounded to five, and those of one to seven "
        "people are not shown."
    )
    return "\n\n".join([title, *warnings, what])


def _people(fitted: AdmissionModel, released: Mapping[str, ReleasedTable]) -> str:
    sources = dict.fromkeys(
        f"{one.title} ({one.publisher}, {one.period})" for one in fitted.provenance.sources if one.kind != "published"
    )
    who = (
        f"Adults of {fitted.about.place}, alive and registered at an origin. Features are of the records before it, "
        f"what came of the {fitted.months} months after it. Risks are given for {fitted.about.day()}."
    )
    return "\n\n".join([who, markdown(flow_rows(released["flow"].frame)), _points(list(sources))])


def _reads(fitted: AdmissionModel) -> str:
    flags = sum(FEATURES[name].enters == "flag" for name in fitted.columns)
    others = [FEATURES[name] for name in fitted.columns if FEATURES[name].enters != "flag"]
    rows = [{"What": one.name, "Why": one.why} for one in others]
    rows.append({"What": f"{flags} conditions, each recorded or not", "Why": FEATURES["has_hypertension"].why})
    unused = [f"{one.name}: {one.why.lower()}." for one in FEATURES.values() if one.enters == "not_used"]
    absent = listed(fitted.not_assessed) if fitted.not_assessed else "nothing"
    return f"{markdown(rows)}\n\nNot assessed, and so not read: {absent}.\n\nNot used:\n\n{_points(unused)}"


def _performance(fitted: AdmissionModel, released: Mapping[str, ReleasedTable]) -> str:
    overall = released["overall"].frame
    ceiling = (
        "The true risk that synthetic people were drawn with is shown beside, as the ceiling of what can be reached."
        if (overall["model"] == CEILING).any()
        else "What could be reached at best is not known."
    )
    absent = [name for name in BASELINES if name not in set(overall["model"])]
    lacking = f" Not assessed: {listed(absent)}." if absent else ""
    told = (
        f"On people of a later year. In brackets 95% intervals from {fitted.temporal.bootstraps} samples of people. "
        f"{ceiling}{lacking} No figure here is a mark to pass."
    )
    parts = [told, markdown(performance_rows(overall)), "How much larger the area under the curve is:"]
    parts.append(markdown(difference_rows(released["differences"].frame, fitted.chosen)))
    parts += ["At the top of the list:", markdown(at_top_rows(released["at_top"].frame, fitted.chosen))]
    if "left_out" in released:
        only = f" With more than {MOST_PRACTICES} practices, only the quick model." if _quick_only(released) else ""
        parts += [f"On practices that models had not seen, each left out in turn.{only}"]
        parts += [markdown(left_out_rows(released["left_out"].frame))]
    else:
        parts.append("There is one practice, so that none could be left out.")
    return "\n\n".join(parts)


def _quick_only(released: Mapping[str, ReleasedTable]) -> bool:
    return len(released["left_out"]) == 1


def _fairness(fitted: AdmissionModel, released: Mapping[str, ReleasedTable]) -> str:
    rows = fairness_rows(released["by_group"].frame, fitted.chosen)
    told = (
        "Observed to expected is above 1 where more were admitted than the model said. The last column is the share of "
        "people in the top 5% of everyone. A group that is seldom admitted for its need looks well calibrated all the "
        "same."
    )
    return f"{told}\n\n{markdown(rows)}" if rows else "Nothing is known that people could be told apart by."


def _items() -> str:
    asked = "The 27 items of TRIPOD+AI (Collins et al. 2024, doi:10.1136/bmj-2023-078378), in our own words."
    rows = [
        {"Item": row["item"], "Part": row["part"], "Asks": row["asks"], "Where": row["where"]}
        for row in codelists.rows("tripod_ai_items")
    ]
    return f"{asked}\n\n{markdown(rows)}"


def _versions(fitted: AdmissionModel, model_sha256: str) -> str:
    rows = [{"What": name, "Version": value} for name, value in fitted.versions.items()]
    rows += [{"What": "made from people and code", "Version": fitted.made_from or "not stored"}]
    rows += [{"What": "SHA-256 of the model file", "Version": model_sha256}] if model_sha256 else []
    return markdown([*rows, {"What": "seed", "Version": str(fitted.seed)}])


def _points(lines: tuple[str, ...] | list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
