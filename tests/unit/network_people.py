"""Three areas, three networks and a practice in none, small enough to work by hand.

========= === === === ========== ==========
area       A   B   C  in none    registered
========= === === === ========== ==========
E01000001  60  30  10          0        100
E01000002  40  40  20          0        100
E01000003   4   0  76         20        100
unknown     7   0   0          0
Wales       0   5   0          0
========= === === === ========== ==========
"""

import pandas as pd

ONE, TWO, THREE = AREAS = ["E01000001", "E01000002", "E01000003"]
GROUPS = pd.Series({"A1": "A", "A2": "A", "B1": "B", "C1": "C", "N1": None}, dtype="str")
COUNTS = pd.DataFrame(
    [
        ("A1", ONE, 50),
        ("A2", ONE, 10),
        ("B1", ONE, 30),
        ("C1", ONE, 10),
        ("A1", TWO, 40),
        ("B1", TWO, 40),
        ("C1", TWO, 20),
        ("A2", THREE, 4),
        ("C1", THREE, 76),
        ("N1", THREE, 20),
        ("A1", "NO2011", 7),
        ("B1", "W01000001", 5),
    ],
    columns=["practice_code", "area_code", "patients"],
)
LISTS = COUNTS.groupby("practice_code")["patients"].sum()
KNOWN = pd.DataFrame(
    {
        "area_code": AREAS,
        "local_authority_name": ["West", "West", "East"],
        "imd_score": [40.0, 20.0, 10.0],
        "imd_decile": [1, 4, 9],
        "rural_urban": ["UN1", "UF1", "RSN1"],
        "residents": [80, 110, 100],
    }
)
