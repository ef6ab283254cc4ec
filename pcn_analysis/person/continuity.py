"""Continuity of care: how far people see the same clinician again, and their own.

The records hold which kind of professional was seen and not who (``tables.ENCOUNTERS``), so that nothing here is part
of the person table: these functions take contacts from a source that names clinicians by a pseudonym.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import narwhals as nw

from pcn_analysis.dates import months_before
from pcn_analysis.engine import on_frames
from pcn_analysis.person.wide import beside

if TYPE_CHECKING:
    import datetime as dt

    from pcn_analysis.engine import Lazy

FEWEST_CONTACTS = 2
"""With fewer contacts nobody can have seen the same clinician again; both indices are null."""


@on_frames
def continuity_of_people(contacts: Lazy, people: Lazy, *, on: dt.date, months: int = 24) -> Lazy:
    """Usual Provider of Care index and Bice-Boxerman continuity index of each person.

    Parameters
    ----------
    contacts
        A row for each contact that took place: person_id, clinician (a pseudonym) and contact_date. Contacts whose
        clinician is not known are left out.
    people
        One row a person, with person_id.
    on
        The index date; not itself in the window.
    months
        Length of the window. The authors advise against less than a year: most people drop out then, and it becomes
        a measure of those who come often.

    Returns
    -------
    LazyFrame
        One row a person of ``people``: person_id; contacts, 0 for who had none; clinicians; usual_provider, the share
        of contacts with the clinician seen most, above 0 to 1; continuity_index, (sum of squares of the contacts with
        each clinician - contacts) / (contacts x (contacts - 1)), from 0 (each time another) to 1 (always the same).
        Both are null with fewer than ``FEWEST_CONTACTS`` contacts.

    References
    ----------
    Br J Gen Pract 2023;73:279-82, tables 1 and 2. doi:10.3399/bjgp23X733161

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1"]})
    >>> seen = pd.DataFrame(
    ...     {"person_id": "p1", "clinician": ["A", "A", "B"], "contact_date": pd.Timestamp("2026-01-05")})
    >>> found = continuity_of_people(seen, people, on=dt.date(2026, 7, 1))
    >>> found[["usual_provider", "continuity_index"]].astype(float).round(2).iloc[0].to_list()
    [0.67, 0.33]
    """
    pairs = _in_window(contacts, on=on, months=months).group_by("person_id", "clinician").agg(n=nw.col("one").sum())
    each = (
        pairs.with_columns(square=nw.col("n") * nw.col("n"), pair=nw.lit(1))
        .group_by("person_id")
        .agg(
            contacts=nw.col("n").sum(),
            most=nw.col("n").max(),
            squares=nw.col("square").sum(),
            clinicians=nw.col("pair").sum(),
        )
    )
    n, enough = nw.col("contacts"), nw.col("contacts") >= FEWEST_CONTACTS
    usual = nw.col("most").cast(nw.Float64) / n.cast(nw.Float64)
    index = (nw.col("squares") - n).cast(nw.Float64) / (n * (n - 1)).cast(nw.Float64)
    both = {
        name: nw.when(enough).then(value).otherwise(None)
        for name, value in {"usual_provider": usual, "continuity_index": index}.items()
    }
    return beside(
        people,
        each.select("person_id", "contacts", "clinicians", **both),
        counts=["contacts", "clinicians"],
    )


@on_frames
def continuity_of_lists(contacts: Lazy, people: Lazy, *, on: dt.date, months: int = 1) -> Lazy:
    """Contacts of each clinician's list, and how many of them were with that clinician.

    The second over the first is the St Leonard's Index of Continuity of Care (SLICC) of the list; over all lists, sums
    first, it is that of the practice.

    Parameters
    ----------
    contacts
        As for :func:`continuity_of_people`.
    people
        One row a person: person_id, and clinician, on whose list the person is. People without one are left out, and
        so are their contacts.
    on, months
        The index date, not itself in the window, and its length; a month is enough.

    Returns
    -------
    LazyFrame
        One row a list on which anyone had a contact: clinician, contacts, with_own.

    References
    ----------
    Sidaway-Lee K, Pereira Gray D, Evans P. A method for measuring continuity of care in day-to-day general practice.
    Br J Gen Pract 2019;69:e356-62. doi:10.3399/bjgp19X701813

    Examples
    --------
    >>> import datetime as dt
    >>> import pandas as pd
    >>> people = pd.DataFrame({"person_id": ["p1"], "clinician": ["A"]})
    >>> seen = pd.DataFrame({"person_id": "p1", "clinician": ["A", "B"], "contact_date": pd.Timestamp("2026-06-05")})
    >>> continuity_of_lists(seen, people, on=dt.date(2026, 7, 1)).to_numpy().tolist()
    [['A', 2, 1]]
    """
    lists = people.filter(~nw.col("clinician").is_null()).select("person_id", own=nw.col("clinician"))
    seen = _in_window(contacts, on=on, months=months).join(lists, on="person_id", how="inner")
    own = nw.when(nw.col("clinician") == nw.col("own")).then(nw.lit(1)).otherwise(nw.lit(0))
    return (
        seen.select("one", with_own=own, clinician=nw.col("own"))
        .group_by("clinician")
        .agg(contacts=nw.col("one").sum(), with_own=nw.col("with_own").sum())
    )


def _in_window(contacts: Lazy, *, on: dt.date, months: int) -> Lazy:
    date = nw.col("contact_date").cast(nw.Date)
    known = ~nw.col("clinician").is_null()
    rows = contacts.filter(known, date < on, date >= months_before(on, months))
    return rows.select("person_id", "clinician", one=nw.lit(1))
