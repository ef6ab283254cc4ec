"""No table that says who people are comes through the door: columns are known by their names and by their values."""

import datetime as dt

import pytest
from stdnum.gb import nhs

from pcn_analysis.exceptions import PcnAnalysisError
from pcn_analysis.extracts.delivery import open_delivery
from pcn_analysis.extracts.findings import Findings
from pcn_analysis.extracts.identifier_kinds import kind_of
from pcn_analysis.extracts.identifiers import Door, check_made, cut_to_month
from pcn_analysis.extracts.pseudonyms import Key
from pcn_analysis.extracts.text_files import folded
from pcn_analysis.extracts.workspace import workspace

pytestmark = pytest.mark.unit

KEY = Key(b"a key of the tests, never used for anybody")
REMOVE = "Remove the column, or give a key: --pseudonymise KEYFILE."


def valid_numbers(count, start=943476000):
    """Different NHS numbers of the range that is never issued."""
    numbers = (f"{stem}{check}" for stem in range(start, start + 2 * count) for check in range(10))
    return [number for number in numbers if nhs.is_valid(number)][:count]


NUMBERS = valid_numbers(60)


@pytest.fixture
def space(tmp_path):
    with workspace(tmp_path / "people") as opened:
        yield opened


def shown(space, tmp_path, columns, door=None, name="patients.csv"):
    """Show the door a file with some columns; every column has as many cells."""
    door = door or Door()
    rows = [",".join(columns), *(",".join(cells) for cells in zip(*columns.values(), strict=True))]
    (tmp_path / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    delivery = open_delivery(tmp_path / name, space, Findings(), door)
    delivery.read(folded(name.removesuffix(".csv")))
    return door


def refusals(door):
    with pytest.raises(PcnAnalysisError) as error:
        door.check()
    return str(error.value).splitlines()


def held(door):
    """What the door found in each column."""
    return {column: (one.kind.many, one.rows) for (_, column), one in door.held.items()}


# -- names -------------------------------------------------------------------------------------------------

IDENTIFIERS = {
    "NHS numbers": [
        "NHS_NUMBER", "NHSNO", "nhs no", "newnhsno", "NhsNumber", "Patient Details' NHS Number", "NHS Number (Patient)",
        "patient_nhs_number", "nhsnum", "CHI_Number", "chi", "HSC number",
    ],
    "names": [
        "Surname", "Forename", "forename1", "FIRST_NAME", "Last Name", "GivenName", "given_names", "FamilyName",
        "patient_name", "Patient Details' Full Name", "MiddleNames", "PreviousSurname", "CallingName", "known_as",
        "next_of_kin_name", "carer_name",
    ],
    "dates of birth with their day": [
        "Date of Birth", "DateOfBirth", "DOB", "patient_dob", "birth_date", "birth_datetime", "BirthDate", "motdob",
        "birth_date_approx",
    ],
    "days of birth": ["day_of_birth"],
    "postcodes": ["Postcode", "POST_CODE", "zip", "zip_code", "pcds", "pcd", "HomePostcode", "postcode_of_residence"],
    "parts of addresses": [
        "address_1", "AddressLine2", "Patient Address", "HouseNameFlatNumber", "HouseNameNumber", "NumberAndStreet",
        "Village", "UPRN", "addr1",
    ],
    "telephone numbers": ["HomePhone", "MobilePhone", "WorkPhone", "telephone_number", "Mobile", "Tel No", "phone"],
    "e-mail addresses": ["EmailAddress", "e-mail", "patient_email"],
    "local patient numbers": [
        "LOCAL_PATIENT_ID", "Local Patient Identifier", "hospital_number", "HospitalNumber", "MRN", "LOPATID",
        "EmisNumber", "casenote_number",
    ],
    "numbers of other registers": ["NI_number", "national_insurance_number", "passport_number"],
}  # fmt: skip
NO_IDENTIFIERS = [
    "practice_postcode", "practice_name", "PracticeAddress1", "gp_name", "Usual GP's Full Name", "drug_name",
    "medication_name", "pcn_name", "condition_name", "concept_name", "name", "title", "pseudo_nhs_number",
    "nhs_number_deid", "token_person_id", "pseudo_hesid", "encrypted_hesid", "person_id", "patientguid", "epikey",
    "postcode_district", "postcode_sector", "outward_postcode", "lsoa_of_postcode", "mydob", "year_of_birth",
    "month_of_birth", "birth_weight", "place_of_birth", "date_of_death", "admidate", "provider_name", "hospital_name",
    "organisationname", "telephone_consultations_12m", "mobile_phone_consent", "email_consent", "nhsnoind",
    "nhs_number_status", "newnhsno_check", "immobile", "phenotype_codelist", "address_type", "has_carer", "surgery",
    "site_postcode", "lsoa21", "sex", "code", "visit_id", "snomedctconceptid", "care_site_name",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "heading"), [(kind, one) for kind, some in IDENTIFIERS.items() for one in some])
def test_a_heading_that_says_it_is_an_identifier_is_known(kind, heading):
    found = kind_of(folded(heading))
    assert found is not None
    assert found.many == kind
    assert Door().is_named(folded(heading))


@pytest.mark.parametrize("heading", NO_IDENTIFIERS)
def test_a_heading_that_only_resembles_one_is_left_alone(heading):
    assert not Door().is_named(folded(heading))


# -- every column at once, and nobody named ------------------------------------------------------------------

RECORD = {
    "NHS Number": ["943 476 5919", "4010232137"],
    "Surname": ["Featherstonehaugh", "Okonkwo"],
    "Title": ["Mrs", "Dr"],
    "Date of Birth": ["1957-03-12", "23/11/1980"],
    "Postcode": ["CH41 1AA", "ch45 9zz"],
    "HouseNameNumber": ["Rose Cottage", "17b High Street"],
    "MobilePhone": ["07700 900123", "+447700900456"],
    "EmailAddress": ["rose@example.org", ""],
    "hospital_number": ["RBL123456", "RBL654321"],
    "NI_number": ["QQ123456C", ""],
    "practice_code": ["N85001", "N85002"],
}


def test_every_column_is_refused_at_once_with_what_it_holds_and_how_many(space, tmp_path):
    assert refusals(shown(space, tmp_path, RECORD)) == [
        f"patients.csv, nhs_number: holds 2 NHS numbers. {REMOVE}",
        f"patients.csv, surname: holds 2 names. {REMOVE}",
        f"patients.csv, title: holds 2 names. {REMOVE}",
        "patients.csv, date_of_birth: holds 2 dates of birth with their day. "
        "Give month and year only, or give a key: --pseudonymise KEYFILE.",
        f"patients.csv, postcode: holds 2 postcodes. {REMOVE}",
        f"patients.csv, housenamenumber: holds 2 parts of addresses. {REMOVE}",
        f"patients.csv, mobilephone: holds 2 telephone numbers. {REMOVE}",
        f"patients.csv, emailaddress: holds 1 e-mail address. {REMOVE}",
        f"patients.csv, hospital_number: holds 2 local patient numbers. {REMOVE}",
        f"patients.csv, ni_number: holds 1 number of another register. {REMOVE}",
    ]


def test_no_value_of_a_record_is_in_any_message(space, tmp_path):
    door = shown(space, tmp_path, RECORD)
    said = "\n".join([*refusals(door), repr(door)]).casefold()
    values = [value.casefold() for column in RECORD for value in RECORD[column]]
    assert [value for value in values if len(value) > 3 and value in said] == []


def test_several_tables_are_refused_together(space, tmp_path):
    door = shown(space, tmp_path, {"surname": ["Okonkwo"]}, name="first.csv")
    shown(space, tmp_path, {"dob": ["1957-03-12"]}, door, name="second.csv")
    assert [one.partition(":")[0] for one in refusals(door)] == ["first.csv, surname", "second.csv, dob"]


def test_a_table_that_is_read_twice_is_told_once(space, tmp_path):
    door = shown(space, tmp_path, {"surname": ["Okonkwo"]})
    shown(space, tmp_path, {"surname": ["Okonkwo"]}, door)
    assert len(refusals(door)) == 1


def test_columns_that_an_adapter_does_not_want_are_looked_at_all_the_same(space, tmp_path):
    (tmp_path / "p.csv").write_text("person_id,surname,notes\na1,Okonkwo,x\n", encoding="utf-8")
    door = Door()
    raw = open_delivery(tmp_path / "p.csv", space, Findings(), door).read("p", wanted={"person_id"})
    assert raw.columns == ("person_id", "surname")
    assert held(door) == {"surname": ("names", 1)}


def test_empty_columns_of_identifiers_pass(space, tmp_path):
    door = shown(space, tmp_path, {"person_id": ["a1", "a2"], "nhs_number": ["", ""], "surname": ["", ""]})
    door.check()
    assert not door.held


def test_titles_without_names_pass(space, tmp_path):
    shown(space, tmp_path, {"person_id": ["a1"], "title": ["Mrs"]}).check()


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("nhs_number", ["9f86d081884c7d65", "60303ae22b998861"]),
        ("postcode", ["CH41", "L1"]),
        ("telephone", ["1", "3"]),
        ("patient_email", ["Y", "N"]),
        ("surname", ["1", "0"]),
        ("address", ["unknown", "no"]),
        ("practice_postcode", ["CH41 1AA", "CH45 9ZZ"]),
    ],
)
def test_a_column_that_does_not_hold_what_its_name_says_passes(space, tmp_path, column, values):
    door = shown(space, tmp_path, {column: values})
    door.check()
    assert not door.held


@pytest.mark.parametrize("value", ["9434765918", "943476591", "9.43E+09", "9434765919.0", "943-476-5919"])
def test_a_column_named_for_nhs_numbers_is_refused_though_they_are_mangled_or_wrong(space, tmp_path, value):
    assert held(shown(space, tmp_path, {"nhs_number": [value]})) == {"nhs_number": ("NHS numbers", 1)}


# -- dates of birth ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dates",
    [
        ["1957-03-12"],
        ["01/03/1957", "12/03/1957"],
        ["1957-03-12 00:00:00"],
        ["12Mar1957"],
        ["12/03/57"],
        ["19570312"],
    ],
)
def test_dates_of_birth_with_their_day_are_refused(space, tmp_path, dates):
    assert held(shown(space, tmp_path, {"dob": dates})) == {"dob": ("dates of birth with their day", 1)}


@pytest.mark.parametrize(
    "dates",
    [
        ["1957-03-01", "1980-11-01"],
        ["1957-03-15", "1980-11-15"],
        ["1957-07-01", "1980-07-01"],
        ["1957-03", "1980-11"],
        ["1957", "1980"],
        ["1957-03-01", "1801-01-01"],
    ],
)
def test_dates_of_birth_to_the_month_or_year_pass(space, tmp_path, dates):
    shown(space, tmp_path, {"dob": dates}).check()


def test_other_dates_pass(space, tmp_path):
    shown(space, tmp_path, {"admidate": ["2025-03-12"], "date_of_death": ["2025-03-13"]}).check()


def test_a_day_of_birth_beside_year_and_month_is_refused(space, tmp_path):
    door = shown(space, tmp_path, {"year_of_birth": ["1957"], "month_of_birth": ["3"], "day_of_birth": ["12"]})
    assert held(door) == {"day_of_birth": ("days of birth", 1)}


def test_what_an_adapter_never_reads_may_be_allowed_but_its_values_are_still_looked_at(space, tmp_path):
    door = Door()
    door.allow("birth_datetime", "person_source_value")
    assert not door.is_named("birth_datetime")
    shown(space, tmp_path, {"birth_datetime": ["1957-03-12"] * 30, "person_source_value": NUMBERS[:30]}, door)
    assert held(door) == {"person_source_value": ("NHS numbers", 30)}


def test_what_one_adapter_never_reads_is_not_allowed_to_the_next(space, tmp_path):
    door = Door()
    door.allow("birth_datetime")
    shown(space, tmp_path, {"birth_datetime": ["1957-03-12"]}, door, name="person.csv")
    door.allow()
    shown(space, tmp_path, {"birth_datetime": ["1957-03-12"]}, door, name="wide.csv")
    assert list(door.held) == [("wide.csv", "birth_datetime")]


# -- values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("numbers", [NUMBERS[:1], NUMBERS[:3], NUMBERS[:25]])
def test_nhs_numbers_are_known_whatever_the_column_is_called(space, tmp_path, numbers):
    assert held(shown(space, tmp_path, {"id": numbers})) == {"id": ("NHS numbers", len(numbers))}


def test_nhs_numbers_are_known_with_spaces_and_dashes(space, tmp_path):
    spaced = [f"{one[:3]} {one[3:6]}-{one[6:]}" for one in NUMBERS[:25]]
    assert held(shown(space, tmp_path, {"pseudo_id": spaced})) == {"pseudo_id": ("NHS numbers", 25)}


def test_nhs_numbers_among_other_values_are_known(space, tmp_path):
    mixed = [*(f"LOCAL-{index}" for index in range(300)), *NUMBERS[:4]]
    assert held(shown(space, tmp_path, {"id": mixed})) == {"id": ("NHS numbers", 4)}


def test_ten_digits_by_counting_are_no_nhs_numbers(space, tmp_path):
    shown(space, tmp_path, {"person_id": [str(1_000_000_000 + index) for index in range(2000)]}).check()


def test_most_must_be_valid_where_there_are_many(space, tmp_path):
    wrong = [str(9_434_000_000 + 7 * index) for index in range(40)]
    shown(space, tmp_path, {"person_id": [*NUMBERS[:30], *wrong]}).check()
    door = shown(space, tmp_path, {"person_id": [*NUMBERS, *wrong]})
    assert held(door) == {"person_id": ("NHS numbers", 100)}


def test_all_must_be_valid_where_there_are_few(space, tmp_path):
    shown(space, tmp_path, {"code": [*NUMBERS[:5], "1119304009"]}).check()


def test_one_code_among_many_that_happens_to_pass_the_check_is_no_nhs_number(space, tmp_path):
    codes = [*(f"{40_000_000 + index}" for index in range(30)), "1119304009", NUMBERS[0]]
    shown(space, tmp_path, {"code": codes}).check()
    shown(space, tmp_path, {"code": [*(f"{40_000_000 + index}" for index in range(30)), NUMBERS[0]]}).check()


def test_numbers_that_stand_for_nobody_are_no_nhs_numbers(space, tmp_path):
    shown(space, tmp_path, {"id": ["0000000000", "1111111111", "9000219621"]}).check()


def test_postcodes_are_known_whatever_the_column_is_called(space, tmp_path):
    codes = ["CH41 1AA", "ch459zz", "L1 8JQ", "SW1A 1AA", "M1 1AE"]
    assert held(shown(space, tmp_path, {"where": codes})) == {"where": ("postcodes", 5)}
    assert held(shown(space, tmp_path, {"where": [*codes, *map(str, range(40))]})) == {"where": ("postcodes", 5)}


@pytest.mark.parametrize(
    "codes",
    [
        ["CH41", "L1", "SW1A"],
        ["E01007065", "E01007066"],
        ["N85001", "RBL01", "Y00327"],
        ["I500", "J440", "E11.9", "Z37"],
        ["0301011R0AAAAAA", "0212000B0"],
        ["G30..", "H33..", "C10E.", "XE0Uc", "X40J4"],
    ],
)
def test_codes_of_other_kinds_are_no_postcodes(space, tmp_path, codes):
    shown(space, tmp_path, {"code": codes}).check()


def test_one_e_mail_address_is_enough(space, tmp_path):
    notes = [*(f"note {index}" for index in range(50)), "rose@example.org"]
    assert held(shown(space, tmp_path, {"notes": notes})) == {"notes": ("e-mail addresses", 1)}


def test_identifiers_far_down_a_long_table_are_found(space, tmp_path):
    long = [*(f"P{index}" for index in range(60_000)), *(NUMBERS[:40] * 50)]
    assert held(shown(space, tmp_path, {"id": long})) == {"id": ("NHS numbers", 2000)}


@pytest.mark.parametrize(
    "line",
    ["9434765919,Okonkwo,1957-03-12", "p1,rose@example.org,x", "p1,CH41 1AA,12/03/1957", "943 476 5919,x,y"],
)
def test_a_record_in_the_place_of_the_header_is_refused_without_repeating_it(space, tmp_path, line):
    (tmp_path / "bare.csv").write_text(f"{line}\n{line}\n", encoding="utf-8")
    with pytest.raises(PcnAnalysisError) as error:
        open_delivery(tmp_path / "bare.csv", space, Findings(), Door(KEY)).read("bare")
    assert str(error.value) == "bare.csv: its first line is a record, and no header. Give it with names of columns."


def test_headings_that_are_dates_or_look_like_postcodes_are_headings(space, tmp_path):
    shown(space, tmp_path, {"person_id": ["a1"], "2025-01-01": ["3"], "2025-02-01": ["4"]})
    shown(space, tmp_path, {"person_id": ["a1"], "b12_1st": ["3"]})


# -- with a key, and after -----------------------------------------------------------------------------------


def test_with_a_key_nothing_is_refused_and_what_becomes_of_each_column_is_noted(space, tmp_path):
    findings = Findings()
    door = shown(space, tmp_path, RECORD, Door(KEY, findings))
    assert door.has_key
    assert door.problems == []
    door.check()
    words = {one.where.removeprefix("patients.csv, "): (one.what, one.rows, one.action) for one in findings.rows}
    assert words["nhs_number"] == (
        "NHS numbers, pseudonyms where they say whose a row is, otherwise not read",
        2,
        "changed",
    )
    assert words["surname"] == ("names, not read", 2, "noted")
    assert words["date_of_birth"] == ("dates of birth with their day, cut to the month", 2, "changed")
    assert "practice_code" not in words


def test_the_key_is_not_in_what_the_door_says_of_itself():
    assert "tests" not in repr(Door(KEY))


def test_dates_of_birth_are_cut_to_the_month(space):
    rows = (
        "(VALUES (DATE '1957-03-12', 'day'), (DATE '1957-03-31', 'month'), (DATE '1957-07-01', 'year'), "
        "(DATE '1957-02-28', NULL), (NULL, 'day')) AS persons(birth_date, birth_precision)"
    )
    assert space.rows(f"SELECT * FROM ({cut_to_month(rows)})") == [
        (dt.date(1957, 3, 15), "month"),
        (dt.date(1957, 3, 15), "month"),
        (dt.date(1957, 7, 1), "year"),
        (dt.date(1957, 2, 15), "month"),
        (None, "day"),
    ]


STREETS = ("Larkspur Road", "Vale Street", "Quarry Lane", "Heron Close")
INVENTED = [f"{first} {last}" for first in ("Zebra", "Quill", "Ostra", "Vim", "Yarl", "Udo", "Pem")
            for last in ("Featherhaugh", "O'Nkwo", "Trelissick-Vane", "Muckle")]  # fmt: skip
"""Names of nobody."""


def made(space, values, column="drug_name", repeats=1):
    """A made table in which each person has one value, in some rows."""
    cells = ", ".join(f"('p{at}', '{one.replace(chr(39), chr(39) * 2)}')" for at, one in enumerate(values))
    return space.write(f"SELECT rows.* FROM (VALUES {cells}) AS rows(person_id, {column}), range({repeats})", "made")


@pytest.mark.parametrize("values", [
    INVENTED,
    [f"Mr {one.upper()}" for one in INVENTED],
    [one.split()[0] + f"abc{'xyz'[at % 3] * (at // 3)}" for at, one in enumerate(INVENTED)],
    [f"Flat {at}, The Old Mill, Nowhere on Sea" for at in range(30)],
])  # fmt: skip
@pytest.mark.parametrize("column", ["drug_name", "ethnicity", "code"])
def test_words_that_nearly_everyone_has_for_themselves_are_refused_as_names_are(space, values, column):
    with pytest.raises(PcnAnalysisError) as error:
        check_made(space, "medications", made(space, values, column, repeats=3), [column])
    assert str(error.value) == (
        f"medications, {column}: holds {3 * len(values)} words that hardly two people share, as names and addresses. "
        "Read another column into it."
    )


def test_a_few_addresses_are_refused_in_any_column_of_words(space):
    addresses = [f"{at}b {street}, Nowhere" for at, street in enumerate(STREETS, start=1)]
    with pytest.raises(PcnAnalysisError, match="persons, language: holds 4 addresses"):
        check_made(space, "persons", made(space, addresses, "language"), ["language"])


def test_surnames_that_many_people_share_are_refused_where_no_list_of_words_is_so_long(space):
    surnames = [f"Surname{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(550)]
    with pytest.raises(PcnAnalysisError, match="persons, ethnicity: holds 2,200 words"):
        check_made(space, "persons", made(space, surnames * 4, "ethnicity"), ["ethnicity"])


@pytest.mark.parametrize("values", [
    ["White British", "Black African", "Any other Asian background", "Not stated"] * 20,
    [f"Drug{at} {at}mg tablets" for at in range(19)],
    [f"Language {chr(97 + at)}" for at in range(26)] * 3,
    [f"{at:03}J0AA" for at in range(60)],
])  # fmt: skip
def test_words_that_people_share_and_codes_pass(space, values):
    check_made(space, "persons", made(space, values, "ethnicity"), ["ethnicity"])


def test_names_of_medicines_pass_however_many_there_are_as_people_have_several(space):
    rows = ", ".join(f"('p{at // 3}', 'Medicine {chr(97 + at % 26)}{chr(97 + at // 26)} capsules')" for at in range(90))
    relation = space.write(f"SELECT * FROM (VALUES {rows}) AS rows(person_id, drug_name)", "made")
    check_made(space, "medications", relation, ["drug_name"])


def test_identifiers_that_were_read_into_a_table_all_the_same_are_refused(space):
    cells = ", ".join(f"('p1', 'a{one}', '{one}')" for one in NUMBERS[:5])
    made = space.write(f"SELECT * FROM (VALUES {cells}) AS made(person_id, code, visit_id)", "made")
    check_made(space, "encounters", made, ["person_id", "code"])
    with pytest.raises(PcnAnalysisError) as error:
        check_made(space, "encounters", made, ["person_id", "code", "visit_id"])
    assert str(error.value) == "encounters, visit_id: holds 5 NHS numbers. Read another column into it."
