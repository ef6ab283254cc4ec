"""For which conditions the records were coded: of any other it is not known who has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcn_analysis import tables
from pcn_analysis.extracts.coding import covered
from pcn_analysis.extracts.workspace import texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcn_analysis.clinical_codes.contract import Codelist
    from pcn_analysis.extracts.coding import Meanings
    from pcn_analysis.extracts.feeds import Extract
    from pcn_analysis.extracts.workspace import Workspace


def covered_conditions(
    space: Workspace,
    extracts: Sequence[Extract],
    conditions: str | None,
    found: Meanings,
    *,
    brought: Sequence[Codelist],
    ours: Sequence[Codelist],
) -> frozenset[str]:
    """Find the conditions that the records were coded for, by deliveries that list every condition of a person.

    Rows that are left out say nothing, nor do those whose code a spreadsheet has rounded. A list that the user brought
    covers its condition in any system that occurs; one that is shipped only in the system that most rows are coded in:
    a stray code of ICD-10 says nothing of all the others.

    Parameters
    ----------
    space
        The workspace.
    extracts
        What was delivered; conditions that one names itself, without codelists, are covered.
    conditions
        How to read the conditions that stay, with ``_feed``; None where there are none.
    found
        What their codes stand for.
    brought, ours
        The user's codelists, and those that are shipped.
    """
    complete = [index for index, one in enumerate(extracts) if one.lists_every_condition]
    named = {slug for one in extracts for slug in one.covered}
    if conditions is None or not complete:
        return frozenset(named)
    codes = found.codes[(found.codes["table"] == "conditions") & found.codes["mangled"]]
    rounded = space.small(codes[["code_system", "code"]].astype("str"), "rounded_conditions")
    rows = (
        f"(SELECT * FROM {conditions} AS records ANTI JOIN {rounded} AS rounded USING (code_system, code) "
        f"WHERE _feed IN ({', '.join(map(str, complete))}))"
    )
    known = f"condition IN {texts(tables.CONDITION_NAMES)}"
    named |= {str(slug) for (slug,) in space.rows(f"SELECT DISTINCT condition FROM {rows} WHERE {known}")}
    systems = space.rows(f"SELECT code_system, count(*) FROM {rows} GROUP BY code_system")
    present = {str(system): int(many) for system, many in systems if system}
    main = {system: many for system, many in present.items() if 2 * many > sum(present.values())}
    return frozenset(named | covered(present, brought) | covered(main, ours))
