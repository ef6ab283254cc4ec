"""The twelve invented people, and what is known of them."""

from __future__ import annotations

import csv
import io

PEOPLE = """
person,sex,year,month,died,practice,area
001734562890125511,female,1948,3,,N81001,E01007101
001734562890126628,male,1951,7,,N81001,E01007102
003845551120987439,female,1939,11,2025-11-23,N81002,E01007101
003845551120993315,male,1960,5,,N81002,E01007103
012230457719002846,female,1944,1,,N81001,E01007104
012230457719114957,male,1972,9,,N81003,E01007101
290045617723380168,female,1957,12,,N81003,E01007103
290045617730011279,male,1935,6,2024-05-14,N81002,E01007104
418860023377445381,female,1966,4,,N81001,E01007102
418860023391556492,male,1949,8,,N81003,E01007103
733310984455667814,female,1942,2,,N81002,E01007104
733310984466778925,male,1953,10,,N81001,E01007101
"""
DIAGNOSES = """
person,day,slug,icd10,snomed
1,2021-02-17,diabetes,E119,44054006
2,2021-06-03,copd,J449,13645005
2,2022-11-25,diabetes,E119,44054006
3,2020-04-09,asthma,J459,195967001
4,2023-08-14,asthma,J459,195967001
5,2019-10-28,copd,J449,13645005
6,2024-01-05,diabetes,E119,44054006
7,2022-03-19,asthma,J459,195967001
8,2020-07-11,copd,J449,13645005
10,2023-05-22,diabetes,E119,44054006
11,2021-12-30,asthma,J459,195967001
12,2024-09-16,,R688,900000000000207008
"""
READINGS = """
person,day,value
1,2025-05-14,27.5
2,2025-09-02,31.25
3,2025-03-27,22.5
4,2025-10-16,35.75
5,2025-06-29,24.5
7,2025-12-08,29.25
8,2024-02-21,19.75
9,2025-07-18,33.5
10,2026-01-23,26.25
12,2025-11-04,38.5
"""
ISSUES = """
person,day,product,name,quantity
1,2026-01-15,39113611000001102,Metformin 500mg tablets,56
2,2026-02-03,39113611000001102,Metformin 500mg tablets,84
4,2025-12-19,999999011000001102,"Salbutamol 100micrograms, inhaler",1
5,2026-01-27,999999011000001102,"Salbutamol 100micrograms, inhaler",2
6,2026-03-02,39113611000001102,Metformin 500mg tablets,28
7,2025-11-21,999999011000001102,"Salbutamol 100micrograms, inhaler",1
10,2026-02-24,39113611000001102,Metformin 500mg tablets,56
11,2026-03-13,999999011000001102,"Salbutamol 100micrograms, inhaler",1
"""
CONTACTS = """
person,kind,day,end,method
1,emergency_admission,2025-04-13,2025-04-19,21
2,ed,2025-08-24,,
3,elective_admission,2025-02-06,2025-02-15,11
4,outpatient,2025-10-21,,
5,emergency_admission,2025-12-27,2026-01-14,21
6,outpatient,2026-02-17,,
7,ed,2025-09-09,,
8,emergency_admission,2024-03-18,2024-03-26,22
9,outpatient,2025-07-30,,
10,ed,2026-03-05,,
11,elective_admission,2025-05-28,2025-05-30,12
12,ed,2025-11-16,,
"""

EVENTS = """
person,day,event,outcome,code
1,2025-06-18,structured_medication_review,done,7000018
2,2025-10-27,structured_medication_review,declined,7000027
4,2024-11-13,influenza_vaccination,done,7000036
5,2026-01-16,care_home_assessment,done,7000045
6,2025-08-29,social_prescribing_referral,offered,7000054
9,2025-05-22,cervical_screening,done,7000063
10,2026-02-19,home_blood_pressure,done,7000072
12,2025-12-15,fit_test,unsuitable,7000081
"""
HOMES = """
home,name,beds,nursing,network
1-0000000118,Example Lodge,38,yes,U00118
1-0000000227,Example Court,21,no,
"""
STAYS = """
person,home,start,end,from
5,1-0000000118,2024-03-19,2025-12-27,home
5,1-0000000118,2026-01-14,,hospital
8,1-0000000227,2023-05-16,2024-05-14,not_known
10,1-0000000227,2025-07-23,,other_care_home
"""


def rows_of(text: str) -> list[dict[str, str]]:
    """Rows of one of the texts above."""
    return list(csv.DictReader(io.StringIO(text.strip())))


def person_of(person: str) -> str:
    """Identifier of a person, by their number."""
    return rows_of(PEOPLE)[int(person) - 1]["person"]


def born(one: dict[str, str], day: str = "15") -> str:
    """A date of birth, of which only the month is true."""
    return f"{one['year']}-{int(one['month']):02d}-{day}"
