"""Sentences on what a network may spend: entitlement, two years, additional roles, claims, the fund, assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pcn_analysis.contract.clauses import TO_VERIFY
from pcn_analysis.contract.lines import SIZE_WORDS
from pcn_analysis.readings.released import of_released
from pcn_analysis.words import NOT_KNOWN, listed, number, percent, pounds, several, within_sentence

if TYPE_CHECKING:
    from pcn_analysis.release import ReleasedTable

TOTAL = "total"
NOT_PUBLISHED_HERE = "Nothing is published of a group of people who are known from their records alone."
FEW = 3
"""Lines, roles or practices that are named."""


@of_released
def entitlement(table: ReleasedTable) -> str:
    """Read what the lines that are known come to, on which sizes, what is not known and why, and what to verify."""
    frame, network = table.frame, table.about.network
    if frame.empty:
        return f"What may be spent is not known. {NOT_PUBLISHED_HERE}"
    lines, year = frame[frame["line"] != TOTAL], frame["contract_year"].iloc[0]
    known = lines[lines["amount"].notna()].sort_values("amount", ascending=False, kind="stable")
    if known.empty:
        return f"Of no line of the Network Contract in {year} is it known what {network} may spend. {_lacking(lines)}"
    each = listed([f"{_named(row.name)} {pounds(row.amount)}" for row in known.itertuples(index=False)])
    total = frame.loc[frame["line"] == TOTAL, "amount"].iloc[0]
    text = (
        f"In {year}, {len(known)} of the {number(len(lines), 'line')} of the Network Contract are known for {network}; "
        f"together they come to {pounds(total)}: {each}. They are reckoned on {listed(_sizes(known))}."
    )
    most = known.loc[known["paid"].str.contains("at most"), "name"].map(_named).to_list()
    text += f" Of {listed(most)} it is the most that can be claimed or achieved." if most else ""
    return f"{text} {_lacking(lines)}{_to_verify(known)}".rstrip()


def _named(line: str) -> str:
    """Name of a line within a sentence: what follows a comma in brackets.

    Examples
    --------
    >>> _named("Core funding, part of the adjusted population"), _named("Investment and Impact Fund")
    ('core funding (part of the adjusted population)', 'the Investment and Impact Fund')
    """
    if line.endswith("Fund"):
        return f"the {line}"
    first, comma, rest = within_sentence(line).partition(", ")
    return f"{first} ({rest})" if comma else first


def _sizes(known: pd.DataFrame) -> list[str]:
    """Of when or from whom the sizes are, in the words of a sentence."""
    sized = known.drop_duplicates("basis")
    pairs = zip(sized["basis"], sized["size_of"], strict=True)
    return [f"{SIZE_WORDS[basis]} that were given" if of == "given" else f"the {of}" for basis, of in pairs]


def _lacking(lines: pd.DataFrame) -> str:
    """Lines that are not known, by what lacks."""
    unknown = lines[lines["amount"].isna()]
    said = [
        f"{listed(list(dict.fromkeys(rows['name'].map(_named))))}, {_want(lacks)}"
        for lacks, rows in unknown.groupby("missing", sort=False)
    ]
    return f"Not known: {'; '.join(said)}. " if said else ""


def _want(lacks: str) -> str:
    """What lacks, in the words of a sentence, or why there is no sum at all."""
    return f"which {lacks.removeprefix('it ')}" if lacks.startswith("it is ") else f"for want of {lacks}"


def _to_verify(lines: pd.DataFrame) -> str:
    """Lines whose rate is still to be verified."""
    doubtful = lines.loc[lines["standing"].str.endswith(TO_VERIFY), "name"].map(_named).to_list()
    return f"To be verified before they are relied on: the rates of {listed(doubtful)}." if doubtful else ""


@of_released
def practice_shares(table: ReleasedTable) -> str:
    """Read what practices bring to the line that is shared and largest, and that this is no rule of the contract."""
    frame = table.frame
    rule = "This is no rule of the contract: how a network spends its money is for its own agreement."
    known = frame[frame["amount"].notna()]
    if known.empty:
        return f"No line of which the size is known by practice is known, so that none can be shared. {rule}"
    first = known.groupby(["line", "basis"], sort=False)["amount"].sum().astype(float).idxmax()
    rows = known[(known["line"] == first[0]) & (known["basis"] == first[1])].sort_values("share", ascending=False)
    if len(rows) == 1:
        return f"{rows['practice_name'].iloc[0]} is the one practice of the network, and brings every line whole."
    ends = [
        f"{row.practice_name} {pounds(row.amount)} ({percent(row.share)})" for row in rows.iloc[[0, -1]].itertuples()
    ]
    return (
        f"Shared over its {number(len(rows), 'practice')} by the size that it is paid on, the largest line that is "
        f"known ({_named(rows['name'].iloc[0])}) has from {ends[1]} to {ends[0]}. {rule}"
    )


@of_released
def two_years(table: ReleasedTable) -> str:
    """Read the difference of the lines that are known in both years, what explains it, and what is not known."""
    frame, network = table.frame, table.about.network
    if frame.empty:
        return f"Two years cannot be compared. {NOT_PUBLISHED_HERE}"
    earlier, later = frame["earlier"].iloc[0], frame["later"].iloc[0]
    lines, total = frame[frame["line"] != TOTAL], frame[frame["line"] == TOTAL].iloc[0]
    known = lines[lines["difference"].notna()]
    if known.empty:
        return f"Of no line is it known what changed for {network} from {earlier} to {later}."
    text = (
        f"From {earlier} to {later}, the lines of {network} that are known in both years, or began or ended, come to "
        f"{pounds(total['later_amount'])} after {pounds(total['earlier_amount'])}: {_more(total['difference'])}. "
    )
    apart = known[known["difference"] != 0].sort_values("difference", key=lambda by: by.astype(float).abs())
    resized = known.groupby("line")["change"].agg(lambda of: {"began", "ended"} <= set(of))
    each = [
        f"{_named(row.name)} {_more(row.difference)} ({_why(row, resized=bool(resized[row.line]))})"
        for row in apart[::-1].itertuples()
    ]
    text += f"Most of it: {listed(each[:FEW])}. " if each else ""
    if not (known["of_size"].fillna(0) != 0).any():
        text += "Both years are reckoned on the same sizes, so that no difference is one of size. "
    lacking = lines.loc[lines["difference"].isna(), "name"].map(_named).drop_duplicates().to_list()
    text += f"What changed is not known for {listed(lacking)}. " if lacking else ""
    return f"{text}{_to_verify(known.drop_duplicates('name'))}".rstrip()


def _more(difference: Any) -> str:
    size = pounds(abs(difference))
    return "no change" if size == "£0" else f"{size} {'more' if difference > 0 else 'less'}"


def _why(row: Any, *, resized: bool) -> str:
    """What explains a difference, in few words; a line that is now paid on another size neither began nor ended."""
    if resized:
        return f"paid on another size {'before' if row.change == 'began' else 'since'}"
    if row.change in ("began", "ended"):
        return f"it {row.change}"
    parts = [name for name, part in (("its rate", row.of_rate), ("its size", row.of_size)) if part]
    return listed(parts)


@of_released
def additional_roles(table: ReleasedTable, contract_year: str) -> str:
    """Read how many roles are reimbursed, the range of ceilings, what the network pays, and what is not known."""
    frame = table.frame
    if frame.empty:
        return f"No role that is reimbursed in {contract_year} is known."
    text = f"In {contract_year} the scheme reimburses {number(len(frame), 'role')}. "
    known = frame.dropna(subset=["ceiling"]).sort_values("ceiling", ascending=False, kind="stable")
    if len(known):
        ends = [f"{pounds(row.ceiling)} ({several(row.name)})" for row in known.iloc[[0, -1]].itertuples()]
        of = (
            f"are known of {len(known)}, from {ends[1]} to {ends[0]}"
            if len(known) > 1
            else f"is known of one: {ends[0]}"
        )
        text += f"{'Ceilings' if len(known) > 1 else 'The ceiling'} for a whole-time equivalent and year {of}. "
    paid = frame[frame["cost_to_network"].gt(0).fillna(False)]
    each = [f"{pounds(row.cost_to_network)} for {several(row.name)}" for row in paid.itertuples()]
    text += (
        f"At the ceiling, and for each whole-time equivalent, the network is left to pay {listed(each)}. "
        if each
        else (
            "At a ceiling that is known, nothing is left for the network to pay; what is paid above it comes on top. "
            if len(known)
            else ""
        )
    )
    lacking = len(frame) - len(known)
    text += f"Of {number(lacking, 'role')} the ceiling is not known. " if lacking else ""
    doubts = {"to be verified": TO_VERIFY, "carried over from an earlier year": "carried over"}
    counted = {what: int(frame["standing"].str.contains(words).sum()) for what, words in doubts.items()}
    each = [f"something of {number(roles, 'role')} is {what}" for what, roles in counted.items() if roles]
    said = listed(each) if each else ""
    return f"{text}{said[:1].upper()}{said[1:]}{'; the table says what.' if said else ''}".rstrip()


@of_released
def role_claims(table: ReleasedTable) -> str:
    """Read what is claimed of each sum, what it comes to by 31 March, and what would lapse."""
    frame, about = table.frame, table.about
    if frame.empty:
        return (
            f"What is claimed for additional roles is not known: no file of claims of {about.network} was given. "
            "Claims are published nowhere."
        )
    sums = frame[frame["level"] == "sum"]
    text = " ".join(_of_sum(row) for row in sums.itertuples(index=False))
    above = sums["above_ceiling"].sum(min_count=1)
    if pd.notna(above) and above > 0:
        doubt = f", which are {TO_VERIFY}" if sums["ceiling_standing"].str.endswith(TO_VERIFY).any() else ""
        text += f" {pounds(above)} of what is claimed is above ceilings that are known{doubt}."
    many = frame.loc[(frame["level"] == "role") & (frame["above_limit"] == "yes"), "name"].map(several).to_list()
    text += f" More than the limit by number is claimed for or planned of {listed(many)}." if many else ""
    skipped = sums["months_without_claims"].max()
    if pd.notna(skipped) and skipped > 0:
        text += f" In {number(skipped, 'month')} before the last nothing is claimed."
    return (
        f"{text} The forecast goes on as in the last month, with planned starts: it knows nothing of leavers or awards."
    )


def _of_sum(row: Any) -> str:
    of = row.name if row.name.startswith("All") else "General practitioners"
    if pd.isna(row.claimed):
        return f"{of}: nothing is claimed of {pounds(row.sum)}." if pd.notna(row.sum) else f"{of}: nothing is claimed."
    until = f"to the end of {row.last_claimed}" if row.last_claimed else "so far"
    text = f"{of}: {pounds(row.claimed)} is claimed {until}, which comes to {pounds(row.forecast)} by 31 March"
    if pd.isna(row.sum):
        return f"{text}; the sum of the year is not known."
    if row.underspend < 0:
        return f"{text}, {pounds(-row.underspend)} more than the sum of {pounds(row.sum)}."
    lost = " and lapse" if row.sum_standing != NOT_KNOWN else "; what becomes of it is not known"
    lost += f" ({row.sum_standing})" if str(row.sum_standing).endswith(TO_VERIFY) else ""
    return f"{text}. Of the sum of {pounds(row.sum)}, {pounds(row.lapses)} would then be left{lost}."


@of_released
def impact_fund(table: ReleasedTable, contract_year: str) -> str:
    """Read what each indicator of the fund asks for and gave, and what is not known of it."""
    frame = table.frame
    if frame.empty:
        return f"No indicator of the Investment and Impact Fund in {contract_year} is known."
    said = frame[["value", "given", "points"]].notna().sum(axis=1)
    first = frame.loc[said.sort_values(ascending=False, kind="stable").index].head(FEW)
    text = f"{number(len(frame), 'indicator')} of the Investment and Impact Fund in {contract_year} "
    text += "is known: " if len(frame) == 1 else "are known: "
    text += "; ".join(_of_indicator(row) for row in first.itertuples(index=False))
    more = len(frame) - FEW
    text += f"; and {number(more, 'more', 'more')} in the table. " if more > 0 else ". "
    doubtful = int(frame["standing"].str.contains(TO_VERIFY).sum())
    text += f"Something is to be verified of {number(doubtful, 'indicator')}. " if doubtful else ""
    unknown = int(frame["value"].isna().sum())
    if unknown:
        of = _of_which(unknown, len(frame))
        text += f"What the network reached is not published {of}: what it earned by the rule is not known."
    return text.rstrip()


def _of_which(some: int, every: int) -> str:
    return "of any of them" if some == every and every > 1 else f"of {some} of {every}" if every > 1 else "of it"


def _of_indicator(row: Any) -> str:
    name = str(row.name).split(",", maxsplit=1)[0]
    said = [f"{float(row.points):,.0f} points" if pd.notna(row.points) else "points not known"]
    if pd.notna(row.lower) and pd.notna(row.upper):
        said.append(f"from {percent(row.lower)} to {percent(row.upper)}")
    if pd.notna(row.value):
        said.append(f"{percent(row.value)} was reached")
    if pd.notna(row.given):
        said.append(f"{float(row.given):,.0f} were given to every network")
    elif pd.notna(row.earned):
        said.append(f"{float(row.earned):,.1f} were earned")
    if pd.notna(row.amount):
        said.append(f"{pounds(row.amount)} after the adjustment for its list, by {row.lists_of}")
    return f"{name} ({', '.join(said)})"


@of_released
def money_assumptions(table: ReleasedTable, contract_year: str) -> str:
    """Read how many clauses on money are not published for a contract year, by what they are."""
    frame = table.frame
    if frame.empty:
        return f"Every clause on money is published for {contract_year}."
    kinds = frame["standing"].str.replace(r"^carried over from .*", "carried over from an earlier year", regex=True)
    told = listed([f"{how_many} {kind}" for kind, how_many in kinds.value_counts().items()])
    about = listed([f"{within_sentence(name)} {len(rows)}" for name, rows in frame.groupby("service", sort=False)])
    return (
        f"Of the clauses on money, {number(len(frame), 'is', 'are')} not published for {contract_year}: {told} "
        f"({about}). What rests on one is to be checked against the contract before money is planned on it."
    )
