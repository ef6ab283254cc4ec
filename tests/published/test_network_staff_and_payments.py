"""Published staff and payments of networks: figures are the publisher's, by a route of their own, the csv module."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median

import pytest

from pcn_analysis.place import Place, network_of
from pcn_analysis.sources.local_authority import prepare_place
from pcn_analysis.synthetic import workforce as invented
from pcn_analysis.workforce.reliance import reliance
from pcn_analysis.workforce.supply import fte_by_role

pytestmark = pytest.mark.published

BIRKENHEAD, BIRKENHEAD_PATIENTS = "U99194", 98_691
PATIENTS_IN_NETWORKS = 63_216_178
"""Registered on 1 July 2026 with practices that are in a network."""
LISTS = {
    "registered": "Number of Registered Patients (Last Known Figure)",
    "weighted": "Number of Weighted Patients (Last Known Figure)",
}
MONEY = {
    "leadership": "PCN Leadership",
    "support": "PCN Support",
    "extended_access": "PCN Extended Hours Access",
    "enhanced_access": "PCN Enhanced Access",
    "additional_roles": "PCN Workforce",
    "investment_and_impact": "PCN Investment and impact Fund",
    "care_home_premium": "PCN Care Home Premium",
    "participation": "PCN Participation",
}


@pytest.fixture(scope="module")
def staff(open_data: Path) -> list[dict[str, str]]:
    with zipfile.ZipFile(open_data / "PCNWFIndividualCSV.062026.zip") as archive:
        [name] = [one for one in archive.namelist() if one.endswith(".csv")]
        return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def payments(open_data: Path) -> list[dict[str, str]]:
    text = (open_data / "nhs_payments_gp_2022-23.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def wirral(open_data: Path) -> Place:
    return prepare_place("Wirral", open_data)


def test_every_patient_of_a_network_is_counted_once(wirral):
    assert wirral.tables["country_networks"].frame["patients"].sum() == PATIENTS_IN_NETWORKS


def test_staff_of_birkenhead_are_the_publishers(staff, wirral):
    rows = [row for row in staff if row["PCN_CODE"] == BIRKENHEAD and row["DETAILED_STAFF_ROLE"] == "Paramedic"]
    people = {row["UNIQUE_IDENTIFIER"] for row in rows if row["UNIQUE_IDENTIFIER"]}
    shown = fte_by_role(network_of(wirral, BIRKENHEAD)).frame.set_index("role").loc["paramedic"]
    assert shown["fte"] == pytest.approx(sum(float(row["FTE"]) for row in rows))
    assert shown["people"] == len(people) == 7
    assert shown["per_10_000"] == pytest.approx(shown["fte"] / BIRKENHEAD_PATIENTS * 10_000)
    assert shown["country_networks"] == len({row["PCN_CODE"] for row in staff}) == 1_271


def test_how_many_networks_have_one_paramedic_alone_is_the_publishers(staff, wirral):
    people, services = defaultdict(set), set()
    for row in staff:
        if row["DETAILED_STAFF_ROLE"] == "Paramedic":
            people[row["PCN_CODE"]].add(row["UNIQUE_IDENTIFIER"])
            if not row["UNIQUE_IDENTIFIER"]:
                services.add(row["PCN_CODE"])
    alone = sum(len(those) == 1 and code not in services for code, those in people.items())
    shown = reliance(network_of(wirral, BIRKENHEAD)).frame.set_index("role").loc["paramedic"]
    assert shown[["country_networks", "country_lone"]].to_list() == [len(people), alone] == [640, 242]


def test_no_identifier_of_the_file_is_in_the_place(staff, wirral):
    frame = wirral.tables["network_workforce"].frame
    assert "unique_identifier" not in frame
    identifiers = {row["UNIQUE_IDENTIFIER"] for row in staff} - {""}
    assert not frame.select_dtypes("str").isin(identifiers).any(axis=None)


def test_payments_of_networks_are_the_publishers_sums(payments, wirral):
    sums, shown = Counter(), wirral.tables["network_payments"].frame
    for row in payments:
        for line, name in MONEY.items():
            if row["Code"].startswith("U") and row["Code"] != "Unknown or no PCN":
                sums[row["Code"], line] += float(row[name])
    known = shown.dropna(subset=["amount"]).set_index(["pcn_code", "line"])["amount"]
    assert known.to_dict() == pytest.approx({key: value for key, value in sums.items() if key in known.index})
    assert all(abs(value) < 0.005 for key, value in sums.items() if key not in known.index)


def test_invented_staff_follow_the_sums_of_england(staff):
    whole, contracted = Counter(), Counter()
    for row in staff:
        key = (row["STAFF_ROLE"], row["DETAILED_STAFF_ROLE"])
        whole[key] += float(row["FTE"])
        contracted[key] += float(row["FTE"]) * (row["Data_source"] != "NWRS Staff")
    for _, role, detailed, _, per_10_000, share in invented.ROLES:
        assert round(whole[role, detailed] / PATIENTS_IN_NETWORKS * 10_000, 3) == per_10_000, detailed
        assert round(contracted[role, detailed] / whole[role, detailed], 2) == share, detailed


def test_invented_payments_follow_the_medians_of_england(payments):
    lists = {name: Counter() for name in LISTS}
    sums = {line: Counter() for line in MONEY}
    for row in payments:
        for name, published in LISTS.items():
            lists[name][row["Code"]] += float(row[published])
        for line, published in MONEY.items():
            sums[line][row["Code"]] += float(row[published])
    for line, each in {**invented.OF_LINES, "participation": invented.PARTICIPATION}.items():
        of = lists["weighted" if line == "participation" else "registered"]
        shown = [value / of[code] for code, value in sums[line].items()
                 if value and of[code] and code.startswith("U") and len(code) == 6]  # fmt: skip
        assert round(median(shown), 3) == each, line
