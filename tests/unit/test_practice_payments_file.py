"""What practices and networks were paid: the lead's row counts for all, none shown is not 0, and less than 0 stays."""

from __future__ import annotations

import pandas as pd
import pytest

from pcn_analysis import tables
from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.sources.local_authority import prepare_place
from pcn_analysis.sources.practice_payments import LINES, network_lines, read_practice_payments
from pcn_analysis.validation import table_problems
from tests import miniature as mini
from tests import network_files as files

pytestmark = pytest.mark.unit


def read(folder, frame=None):
    return read_practice_payments(files.write_payments(folder, frame))


def lines(folder, frame=None):
    return network_lines(read(folder, frame)).set_index(["pcn_code", "line"])


def test_code_and_ccg_name_are_those_of_the_network(tmp_path):
    rows = read(tmp_path).set_index("practice_code")
    assert rows.loc["A90001", ["pcn_code", "pcn_name", "contract_year"]].to_list() == [
        *("U90001", "Northfield Central PCN", "2022/23"),
    ]
    assert rows.loc["A90004", ["pcn_code", "pcn_name"]].isna().all(), "in no network, or in one that is not known"


def test_a_list_may_be_a_fraction_and_0_is_one_that_is_not_known(tmp_path):
    rows = read(tmp_path).set_index("practice_code")
    assert rows.loc["A90001", ["registered", "weighted"]].to_list() == [2_500.25, 2_600.5]
    assert rows.loc["A90007", ["registered", "weighted"]].isna().all()


def test_a_closed_practice_stays_and_what_was_taken_back_is_below_0(tmp_path):
    rows = read(tmp_path).set_index("practice_code")
    assert rows["closed"].to_dict() == dict.fromkeys(["A90001", "A90002", "A90003", "A90004"], False) | {"A90007": True}
    assert rows.loc["A90007", "participation"] == -12.5


def test_money_of_a_network_is_the_sum_wherever_it_stands(tmp_path):
    rows = lines(tmp_path)
    assert rows.loc[("U90001", "leadership"), ["practices", "amount"]].to_list() == [1, 3_500]
    assert rows.loc[("U90001", "participation"), ["practices", "amount"]].to_list() == [3, 4_500 + 7_000 - 12.5]
    assert rows.loc[("U90001", "support"), ["practices", "amount"]].to_list() == [1, -20], "less than 0 is kept"


def test_a_line_that_is_0_for_every_practice_is_none_shown_and_no_nought(tmp_path):
    rows = lines(tmp_path)
    assert rows.loc[("U90002", "leadership"), "practices"] == 0
    assert pd.isna(rows.loc[("U90002", "leadership"), "amount"])


def test_what_was_paid_and_taken_back_whole_is_a_nought(tmp_path):
    frame = files.payments()
    frame["PCN Support"] = ["20", "-20", "0", "0", "0"]
    support = lines(tmp_path, frame).loc[("U90001", "support")]
    assert (support["practices"], support["amount"]) == (2, 0.0)


def test_each_network_has_a_row_for_each_line_in_order(tmp_path):
    rows = network_lines(read(tmp_path))
    assert rows["line"].to_list() == [*LINES] * 2
    assert table_problems(tables.NETWORK_PAYMENTS, tables.NETWORK_PAYMENTS.conform(rows)) == []


def test_everything_that_is_wrong_inside_is_told_at_once(tmp_path):
    frame = files.payments()
    frame.loc[0, "PCN Leadership"] = "a lot"
    frame.loc[1, "Code"] = "99Z"
    frame.loc[2, "Practice Code"] = "secret"
    frame.loc[3, files.REGISTERED] = "-5"
    with pytest.raises(PcnAnalysisError) as error:
        read(tmp_path, frame)
    told = str(error.value)
    for what in (
        "column practice code holds no code of a practice in 1 row",
        "column code holds no code of a network in 1 row",
        "column pcn leadership holds no number in 1 row",
        "column number of registered patients (last known figure) is below 0 in 1 row",
    ):
        assert what in told, told
    assert "secret" not in told
    assert "a lot" not in told


def test_a_practice_named_twice_is_refused(tmp_path):
    frame = files.payments()
    with pytest.raises(PcnAnalysisError, match="1 row repeated, by practice_code"):
        read(tmp_path, pd.concat([frame, frame.iloc[[0]]]))


def test_a_place_holds_payments_and_says_which_practice_absorbed_another(tmp_path):
    folder = mini.write_open_data(tmp_path)
    files.write_payments(folder)
    place = prepare_place("Northfield", folder)
    rows = place.tables["practice_payments"].frame.set_index("practice_code")
    assert rows["survivor"].dropna().to_dict() == {"A90007": "A90002"}
    assert set(place.tables["network_payments"].frame["pcn_code"]) == {"U90001", "U90002"}
    assert any(note.startswith("Payments are of 2022/23") for note in place.notes)


def test_the_published_file_is_read_whole(open_data):
    payments = read_practice_payments(open_data / "nhs_payments_gp_2022-23.csv")
    rows = network_lines(payments)
    assert (len(payments), int(payments["pcn_code"].isna().sum()), rows["pcn_code"].nunique()) == (6_669, 178, 1_272)
    assert int(payments["registered"].isna().sum()) == 206
    shown = rows.groupby("line")["amount"].count().to_dict()
    assert shown == {
        **{"leadership": 863, "support": 850, "extended_access": 833, "enhanced_access": 36, "additional_roles": 913},
        **{"investment_and_impact": 825, "care_home_premium": 795, "participation": 1_266},
    }
    assert payments["participation"].sum() == pytest.approx(107_011_996.5, abs=0.1)
