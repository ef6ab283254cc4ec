"""A first mapping file for a file with one row a patient, from names of columns and looks of values.

It is a draft for a person to finish: what is uncertain says so, what nobody can tell from the file is a ``?``, and
what could not be placed is listed at the end.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pcn_analysis import tables
from pcn_analysis.exceptions import problem
from pcn_analysis.extracts.column_looks import WORDS, Looks, common_words, looks
from pcn_analysis.extracts.mapping import OPT_OUTS
from pcn_analysis.extracts.mapping_sources import TO_FILL
from pcn_analysis.yaml_text import read_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcn_analysis.extracts.delivery import Delivery
    from pcn_analysis.extracts.text_files import Raw

SAMPLE = 20_000
"""Most rows whose values are looked at."""
_BEFORE = re.compile(r"^(has|is|on|f|flg|flag|ltc|cond|condition|dx|diag|qof)_")
_AFTER = re.compile(
    r"_((first|earliest|latest)?_?(diagnosis|diag|dx)?_?(date|dt)|flag|ind|indicator|yn|register|reg|dx|diagnosis)$"
)
_REGISTER = re.compile(r"^qof_|_(register|reg)$")
_MONTHS = re.compile(r"(12|24)_?m|_year$")
_UNQUOTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FLAGS = ("care_home", "housebound", "carer", "interpreter_needed", *OPT_OUTS)
_EXPECTED = {
    "sex": ("sex", "flag", "decile", "whole", "text"), "birth_date": ("date", "month"), "death_date": ("date",),
    "lsoa21": ("area",), "imd_decile": ("decile",), "practice_code": ("practice",),
    "registration_start_date": ("date",), "registration_end_date": ("date",),
    "birth_year": ("whole",), "birth_month": ("decile", "whole"), "age": ("decile", "whole"),
    "efi_category": ("text",),
}  # fmt: skip
"""What the values of a column look like that is meant by a name."""
_BY_VALUES = {"practice_code": "practice", "lsoa21": "area", "sex": "sex"}
"""Columns that can be told by their values alone."""
_WHOLE = ("flag", "decile", "whole")
_NUMBER = (*_WHOLE, "number")


@cache
def _names() -> dict[str, Any]:
    """What columns are called, by section."""
    file = files("pcn_analysis").joinpath("extracts/layouts/column_names.yaml")
    return read_texts(file.read_text(encoding="utf-8"), file.name, example=file.name)


def suggest(delivery: Delivery) -> str:
    """Write a first mapping file.

    Parameters
    ----------
    delivery
        One file with one row a patient.

    Returns
    -------
    str
        YAML. Columns that hold identifiers are named in it and not mapped. Values are looked at in up to ``SAMPLE``
        rows; of them it holds only short words that stand in at least ten, where a word needs a meaning.

    Raises
    ------
    PcnAnalysisError
        If the delivery is not one table.
    """
    if len(delivery.files) != 1:
        raise problem(delivery.name, f"holds {len(delivery.files)} tables", "Give one file with one row a patient.")
    raw = _sample(delivery, delivery.read(next(iter(delivery.files))))
    held = {column: one.kind.many for (file, column), one in delivery.door.held.items() if file == raw.name}
    seen = {column: one for column, one in looks(delivery.space, raw).items() if column not in held}
    return "\n".join(_Draft(delivery, raw, seen, held).lines()) + "\n"


def _sample(delivery: Delivery, raw: Raw) -> Raw:
    """Some of the rows, drawn from all."""
    if raw.rows <= SAMPLE:
        return raw
    drawn = f"SELECT * FROM {raw.relation} USING SAMPLE reservoir({SAMPLE} ROWS) REPEATABLE (1)"
    return replace(raw, relation=delivery.space.write(drawn, "sample"), rows=SAMPLE)


@dataclass
class _Draft:
    """A mapping file being written; ``free`` columns are not placed yet."""

    delivery: Delivery
    raw: Raw
    seen: dict[str, Looks]
    held: dict[str, str]
    free: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.free = {column: _plain(column) for column in self.seen}

    def lines(self) -> Iterator[str]:
        """Every line of the file."""
        yield "# A draft, made from names and values. Read every line, and fill in every ? (docs/mapping.md)."
        yield f"title: {_text(self.delivery.name)}"
        yield f"extract_date: {_text(TO_FILL)}  # the day that the file describes, such as 2026-07-01"
        if self.delivery.skip_lines:
            yield f"skip_lines: {self.delivery.skip_lines}"
        parts = {"persons": list(self._persons()), "withheld": list(self._flags("withheld"))}
        parts |= {"latest": list(self._latest()), "scores": list(self._scores()), "counts": list(self._counts())}
        parts |= {"registers": list(self._coded("registers")), "conditions": list(self._coded("conditions"))}
        parts["persons"] += self._by_values(parts["persons"])
        for section in ("persons", "withheld", "conditions", "registers", "counts", "scores", "latest"):
            if parts[section]:
                yield from ("", f"{section}:", *parts[section])
        yield from self._left()

    def _find(self, names: Iterable[str], target: str = "") -> str:
        """Take the column that has the first of some names and may be meant by it."""
        expected = _EXPECTED.get(target, tuple(WORDS))
        for wanted in names:
            for column, plain in self.free.items():
                if plain == wanted and self.seen[column].kind in (*expected, "nothing"):
                    del self.free[column]
                    return column
        return ""

    def _persons(self) -> Iterator[str]:
        names = _names()["persons"]
        for target in names:
            if target == "birth_date":
                yield self._birth(names[target])
            elif column := self._find(names[target], target):
                yield from self._person(target, column)
            elif target == "person_id":
                yield _line(target, _text(TO_FILL), "no column has the name of a pseudonym")

    def _person(self, target: str, column: str) -> Iterator[str]:
        if target in _FLAGS:
            yield self._flag(target, column)
        elif target == "sex":
            yield self._worded(target, column)
        elif target == "imd_decile":
            directed = _inside(column=_text(column), one_is=_text(TO_FILL))
            yield f"{_line(target, directed)}  # most deprived or least deprived: ask who made the file"
            if edition := re.search(r"(?:20)?(19|25)", column):
                said = _inside(value=_text(f"20{edition[1]}"))
                yield _line("imd_version", said, "from the name of the column")
        else:
            yield _line(target, _text(column), self._doubt(column))

    def _birth(self, names: list[str]) -> str:
        """The date of birth, its parts, or an age."""
        if column := self._find(names, "birth_date"):
            one = self.seen[column]
            if one.kind == "date" and one.mostly("first"):
                said = _inside(column=_text(column), precision="month")
                return _line("birth_date", said, "all are of the 1st or 15th, so perhaps only the month is known")
            return _line("birth_date", _text(column), self._doubt(column))
        parts = _names()["parts"]
        if year := self._find(parts["birth_year"], "birth_year"):
            month = self._find(parts["birth_month"], "birth_month")
            more = {"month": _text(month)} if month else {}
            return _line("birth_date", _inside(year=_text(year), **more))
        if age := self._find(parts["age"], "age"):
            return _line("birth_date", _inside(age=_text(age)))
        return _line("birth_date", _text(TO_FILL), "no column is named like a date or year of birth, or an age")

    def _flags(self, section: str) -> Iterator[str]:
        for target, names in _names()[section].items():
            if column := self._find(names):
                yield self._flag(target, column)

    def _latest(self) -> Iterator[str]:
        for target, names in _names()["latest"].items():
            if column := self._find(names):
                date = self._date_of(target, column)
                _, unit = tables.LATEST_MEASUREMENTS[target]
                more = {"date": _text(date)} if date else {}
                said = _inside(column=_text(column), **more, unit=_text(unit))
                why = "" if self.seen[column].kind in _NUMBER else self._doubt(column, expected=_NUMBER)
                yield _line(target, said, why or "make sure of the unit")

    def _date_of(self, measurement: str, column: str) -> str:
        """The column with the date of a value; one of both blood pressures serves both."""
        date = self._find((f"{_plain(column)}_date", f"{measurement}_date", f"date_{measurement}"))
        if not date and measurement in ("sbp", "dbp"):
            date = next((one for one in self.seen if _plain(one) == "bp_date"), "")
            self.free.pop(date, None)
        return date

    def _scores(self) -> Iterator[str]:
        """Frailty: a share of 1, a count of deficits or a band; the values say which."""
        names = [one for several in _names()["scores"].values() for one in several]
        done: set[str] = set()
        left: list[str] = []
        while column := self._find(names):
            one = self.seen[column]
            kinds = dict.fromkeys(_NUMBER, "efi_score" if one.mostly("fraction") else "efi_deficits")
            target = (kinds | {"text": "efi_category"}).get(one.kind, "")
            if not target or target in done:
                left.append(column)
                continue
            done.add(target)
            why = "by its values a share from 0 to 1" if target == "efi_score" else "by its values a count of deficits"
            yield self._worded(target, column) if target == "efi_category" else _line(target, _text(column), why)
        self.free |= {column: _plain(column) for column in left}

    def _counts(self) -> Iterator[str]:
        for target, names in _names()["counts"].items():
            if column := self._find(names):
                says_so = not target.endswith("m") or _MONTHS.search(_plain(column))
                why = "" if says_so else f"does it count the {target[-3:-1]} months before extract_date"
                yield _line(target, _text(column), why or self._doubt(column, expected=_WHOLE))

    def _coded(self, section: str) -> Iterator[str]:
        """Flags of registers, and of conditions, by what stands before and after their names."""
        known = _register_names() if section == "registers" else _condition_names()
        done: set[str] = set()
        for column, plain in list(self.free.items()):
            if section == "registers" and not _REGISTER.search(plain):
                continue
            bare = _AFTER.sub("", plain)
            names = (plain, bare, _BEFORE.sub("", plain), _BEFORE.sub("", bare))
            target = next((known[one] for one in names if one in known), "")
            if target and target not in done:
                done.add(target)
                del self.free[column]
                yield self._flag(target, column, dated=section == "conditions")

    def _by_values(self, found: list[str]) -> Iterator[str]:
        """Columns that nothing but their values tell."""
        for target, kind in _BY_VALUES.items():
            fits = [column for column in self.free if self.seen[column].kind == kind]
            if len(fits) == 1 and not any(one.startswith(f"  {target}:") for one in found):
                del self.free[fits[0]]
                yield _line(target, _text(fits[0]), "by its values alone")

    def _flag(self, target: str, column: str, *, dated: bool = False) -> str:
        one = self.seen[column]
        if one.kind == "flag":
            only_yes = one.has_blanks and one.counts["yes"] == one.counts["filled"]
            return _line(target, _text(column), "does a blank mean no? Then add blank: no" if only_yes else "")
        if one.kind == "date" and dated:
            why = "the date of first diagnosis, or of the latest record (latest_date)? Does a blank mean no (blank: no)"
            return _line(target, _inside(column=_text(column), kind="date"), why)
        if one.kind == "nothing":
            return _line(target, _text(column), self._doubt(column))
        words = common_words(self.delivery.space, self.raw, column)
        shown = f": {', '.join(_text(word) for word in words)}" if words else ""
        said = _inside(column=_text(column), yes=f"[{_text(TO_FILL)}]")
        return _line(target, said, f"which of its words mean yes{shown}")

    def _worded(self, target: str, column: str) -> str:
        """A column whose words need a meaning."""
        known = _names()["words"][target]
        words = common_words(self.delivery.space, self.raw, column)
        allowed = (*tables.FRAILTY_BANDS, "female", "male", "indeterminate", "unknown")
        if words and all(word.lower() in allowed for word in words):
            return _line(target, _text(column))
        meanings = {word.lower(): known.get(word.lower(), TO_FILL) for word in words}
        why = "are 1 and 2 male and female" if target == "sex" and {"1", "2"} & set(meanings) else ""
        if not words:
            return _line(target, _text(column), "what do its words mean")
        written = _inside(**{_text(theirs): _text(ours) for theirs, ours in meanings.items()})
        return _line(target, _inside(column=_text(column), values=written), why)

    def _doubt(self, column: str, expected: tuple[str, ...] = ()) -> str:
        kind = self.seen[column].kind
        if kind == "nothing":
            return "it is empty"
        return f"its values are {WORDS[kind]}" if expected and kind not in expected else ""

    def _left(self) -> Iterator[str]:
        if self.held:
            yield from ("", "# Not mapped, as these hold identifiers. Have them taken out of the file, or give a key:")
            yield from (f"#   {_text(column)}: {many}" for column, many in self.held.items())
        if self.free:
            yield from ("", "# Could not be placed, and what their values are:")
            yield from (f"#   {_text(column)}: {WORDS[self.seen[column].kind]}" for column in self.free)


@cache
def _condition_names() -> dict[str, str]:
    """Conditions by every name that a column may have."""
    found = {slug: slug for slug in tables.CONDITION_NAMES}
    full = {_plain(name): slug for slug, name in tables.CONDITION_NAMES.items()}
    more = {one: slug for slug, names in _names()["conditions"].items() for one in names}
    return more | full | found


@cache
def _register_names() -> dict[str, str]:
    """Registers by every name that a column may have."""
    found = {code.lower(): code for code in tables.REGISTERS}
    return {one: code for code, names in _names()["registers"].items() for one in names} | found


def _plain(column: str) -> str:
    """A name without its capitals and signs."""
    return re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")


def _line(key: str, said: str, why: str = "") -> str:
    return f"  {key}: {said}" + (f"  # not sure: {why}" if why else "")


def _inside(**said: str) -> str:
    return f"{{{', '.join(f'{key}: {one}' for key, one in said.items())}}}"


def _text(word: str) -> str:
    """A text as YAML, in quotes where it needs them."""
    return word if _UNQUOTED.fullmatch(word) else json.dumps(word)
