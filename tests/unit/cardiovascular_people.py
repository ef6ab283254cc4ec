"""Patients of cardiovascular disease prevention, each put together in a few words. The index date is 1 July 2026."""

from vignettes import care_event, condition, issue, person, population_of, reading

from pcn_analysis.engine import lazy, to_pandas
from pcn_analysis.person_table import table_of

APIXABAN, STATIN = "0208020Z0AAAAAA", "0212000B0AAAAAA"
AF, HYPERTENSION = ("atrial_fibrillation", "2020-01-01"), ("hypertension", "2015-01-01")
HEART_ATTACK, STROKE = ("myocardial_infarction", "2019-01-01"), ("stroke", "2018-01-01")
DIABETES, DYING = ("diabetes", "2012-01-01"), ("palliative_care", "2026-01-01")
HIGH_BP, LDL = ("2026-05-01", 152.0, 88.0), ("ldl_cholesterol", "2026-05-01", 1.8)
RECENT, TREATED = "2026-06-01", (STATIN, "2026-06-01")

SERVICE, YEAR = "cardiovascular", "2026/27"
RAISED = "Raised blood pressure, no follow-up recorded"
ABOVE, NO_READING = "Hypertension, last reading above target", "Hypertension, no reading in 12 months"
NO_ANTICOAGULANT = "Atrial fibrillation at risk of stroke, no anticoagulant"
NO_STATIN = "Cardiovascular disease, no statin"
LIPIDS_ABOVE = "Cardiovascular disease, cholesterol above target"
NO_LIPIDS = "Cardiovascular disease, cholesterol not measured in 12 months"
FH = "Total cholesterol that familial hypercholesterolaemia would explain"


class Records:
    """The records of several patients, each put together in a few words."""

    def __init__(self):
        self.persons, self.rows = [], {"conditions": [], "medications": [], "measurements": [], "care_events": []}

    def add(self, who, *, born="1960-05-20", sex="male", has=(), bp=(), takes=(), lipids=(), events=()):
        self.persons.append(person(who, born=born, sex=sex))
        self.rows["conditions"] += [condition(who, *one) for one in has]
        self.rows["medications"] += [issue(who, day, bnf=bnf) for bnf, day in takes]
        for day, systolic, diastolic in bp:
            self.rows["measurements"] += [reading(who, "sbp", day, systolic), reading(who, "dbp", day, diastolic)]
        self.rows["measurements"] += [reading(who, what, day, value, unit="mmol/L") for what, day, value in lipids]
        self.rows["care_events"] += [care_event(who, *one) for one in events]

    def population(self, *without):
        """The patients of these records, with their person table made once."""
        held = {name: rows for name, rows in self.rows.items() if name not in without}
        made = population_of(self.persons, **held)
        made.tables["person_table"] = lazy(to_pandas(table_of(made)))
        return made
