"""Pseudonyms: what stands for a person's identifier, made of it and of a key that stays with whoever holds the data."""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from typing import TYPE_CHECKING, NoReturn

import pyarrow as pa
import pyarrow.parquet as pq

from pcn_analysis.exceptions import PcnAnalysisError, Problem, problem
from pcn_analysis.extracts.identifiers import is_nhs_number, plain
from pcn_analysis.extracts.workspace import text
from pcn_analysis.stored import PRIVATE_FILE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pcn_analysis.extracts.findings import Findings
    from pcn_analysis.extracts.workspace import Workspace

OPTION = "--pseudonymise"
SHORTEST, LONGEST = 32, 4096
"""Bytes of a key: fewer can be guessed, more are some other file."""
OTHERS = 0o077
"""Rights of anybody but the owner."""
BYTES = 20
"""So many bytes of the hash make a pseudonym: 160 bits, so that no two people ever share one."""
CONTACT = 32
"""So many hexadecimal digits of the hash make the pseudonym of a contact."""
BLOCK = 50_000
"""So many identifiers are held in memory at once."""
MADE = pa.schema([("identifier", pa.string()), ("pseudonym", pa.string()), ("is_nhs_number", pa.bool_())])


class Key:
    """A key that is never shown, logged or stored.

    Parameters
    ----------
    secret
        Its bytes.

    Examples
    --------
    >>> Key(b"correct horse battery staple, twice over")
    Key(not shown)
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes):
        self._secret = secret

    def __repr__(self) -> str:
        return "Key(not shown)"

    def __reduce__(self) -> NoReturn:
        message = "a key is not stored"
        raise TypeError(message)

    def digest(self, message: bytes) -> bytes:
        """HMAC-SHA-256 of a message (RFC 2104)."""
        return hmac.digest(self._secret, message, "sha256")

    def for_contacts(self) -> tuple[bytes, bytes]:
        """The inner and the outer key of HMAC (RFC 2104) for contacts, of a key of their own made of this one.

        No contact has the pseudonym of a person who is called the same.
        """
        own = self.digest(b"contacts").ljust(64, b"\0")
        return bytes(one ^ 0x36 for one in own), bytes(one ^ 0x5C for one in own)


def read_key(path: Path, published: Sequence[Path] = ()) -> Key:
    """Read a key from its file; one line end at the end is not part of it.

    Parameters
    ----------
    path
        The file, which only its owner may read.
    published
        Folders that may be published; it must not lie in any of them.

    Raises
    ------
    PcnAnalysisError
        If it is no such file. What was given as its name is not repeated: it may be the key itself.
    """
    try:
        with path.open("rb") as file:
            mode, content = os.fstat(file.fileno()).st_mode, file.read(LONGEST + 3)
    except (OSError, ValueError):
        what = "there is no key in a file of that name that can be read"
        raise problem(OPTION, what, "Give the name of a file, never the key itself.") from None
    secret = content.removesuffix(b"\n").removesuffix(b"\r")
    problems = []
    if _lies_in(path, published):
        problems.append(_published(path))
    if os.name == "posix" and mode & OTHERS:
        problems.append(Problem(path.name, "others can read this key", f"Make it private: chmod 600 {path.name}"))
    if len(secret) < SHORTEST or len(set(secret)) == 1:
        what = f"is no key: fewer than {SHORTEST} bytes, or all of them the same"
        problems.append(Problem(path.name, what, "Make one: pcn-analysis key FILE"))
    if len(secret) > LONGEST:
        problems.append(Problem(path.name, "is too long for a key", "Make one: pcn-analysis key FILE"))
    if problems:
        raise PcnAnalysisError(*problems)
    return Key(secret)


def generate_key(path: Path, published: Sequence[Path] = ()) -> None:
    """Write a new random key of 32 bytes, as text, to a file that only its owner may read.

    Parameters
    ----------
    path
        The file; it must not exist.
    published
        As of :func:`read_key`.

    Raises
    ------
    PcnAnalysisError
        If it exists, may be published, or cannot be written.
    """
    if _lies_in(path, published):
        raise PcnAnalysisError(_published(path))
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    except FileExistsError:
        what = "there is such a file; without the key in it nobody could link what it has pseudonymised"
        raise problem(path.name, what, "Choose another name.") from None
    except OSError:
        raise problem(path.name, "cannot be written", "Choose a folder that is there and yours.") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{secrets.token_hex(32)}\n")


def _lies_in(path: Path, published: Sequence[Path]) -> bool:
    return any(path.resolve().is_relative_to(folder.resolve()) for folder in published)


def _published(path: Path) -> Problem:
    return Problem(path.name, "a key lies where everything may be published", "Keep it outside the project.")


def pseudonym(identifier: str, key: Key) -> str:
    """What stands for an identifier: a letter, then 32 letters and digits.

    Parameters
    ----------
    identifier
        Spaces around it do not count; nor do those, or dashes, within an NHS number. Anything else does, capitals
        and leading zeros too.
    key
        The same key gives the same pseudonym; another gives another.

    Examples
    --------
    >>> key = Key(b"an example, and never to be used")
    >>> pseudonym("943 476 5919", key)
    'p...'
    >>> pseudonym("9434765919", key) == pseudonym("943 476 5919", key)
    True
    """
    digest = key.digest(plain(identifier).encode())
    return f"p{base64.b32encode(digest[:BYTES]).decode().lower()}"


_CONTACT = (
    "'v' || left(sha256(getvariable('contacts_outer') || unhex(sha256(getvariable('contacts_inner') || "
    f"encode(recorded.visit_id)))), {CONTACT})"
)
"""HMAC-SHA-256 of the identifier of a contact, in SQL: there may be many more contacts than people."""


class Pseudonyms:
    """The pseudonyms of one run, of which each is made once, however many tables a person is in.

    Identifier and pseudonym stand side by side in files of the workspace alone, which is removed.

    Parameters
    ----------
    space
        The workspace.
    key
        The key.
    findings
        Takes what was found.
    """

    def __init__(self, space: Workspace, key: Key, findings: Findings):
        self.space, self.findings = space, findings
        self.made = 0
        self._key = key
        self._files: list[Path] = []
        for name, pad in zip(("contacts_inner", "contacts_outer"), key.for_contacts(), strict=True):
            space.connection.execute(f"SET VARIABLE {name} = ?::BLOB", [pad])  # so that no SQL holds a key

    def replaced(self, relation: str, where: str, column: str = "person_id") -> str:
        """Put pseudonyms in the place of identifiers, those of contacts (``visit_id``) too.

        Parameters
        ----------
        relation
            Rows with the identifiers, in SQL.
        where
            What it is called in the findings: ``persons.person_id``.
        column
            The column.

        Returns
        -------
        How to read the same rows with pseudonyms in SQL. A row without an identifier has no pseudonym. Where most
        identifiers are NHS numbers one that is not valid says nothing of whose a row is: it becomes missing, counted
        in the findings.
        """
        distinct = f"SELECT DISTINCT {column} AS identifier FROM {relation} WHERE {column} IS NOT NULL"
        ids = self.space.write(distinct, "identifiers")
        known = self._known(ids)
        linked = f"FROM {relation} AS recorded LEFT JOIN {known} AS known ON recorded.{column} = known.identifier"
        everyone, valid = self.space.row(
            f"SELECT count(*), count(*) FILTER (is_nhs_number) FROM {ids} JOIN {known} USING (identifier)"
        )
        value = "known.pseudonym"
        columns = [str(one) for one, *_ in self.space.rows(f"DESCRIBE SELECT * FROM {relation}")]
        contact = f", {_CONTACT} AS visit_id" if "visit_id" in columns else ""
        if everyone > valid > everyone / 2:
            value = "CASE WHEN known.is_nhs_number THEN known.pseudonym END"
            rows = self.space.row(f"SELECT count(*) FILTER (NOT known.is_nhs_number) {linked}")[0]
            self.findings.add(where, "NHS numbers that are not valid", rows, "set to missing")
        return self.space.write(f"SELECT recorded.* REPLACE ({value} AS {column}{contact}) {linked}", "pseudonymised")

    def _known(self, ids: str) -> str:
        """Identifiers with their pseudonyms, all of some identifiers among them."""
        new = self.space.path("new_identifiers.parquet")
        unknown = f" WHERE identifier NOT IN (SELECT identifier FROM {self._scan()})" if self._files else ""
        self.space.copy(f"SELECT identifier FROM {ids}{unknown}", new)
        target = self.space.path("pseudonyms.parquet")
        with pq.ParquetFile(new) as source, pq.ParquetWriter(target, MADE, compression="zstd") as file:
            for batch in source.iter_batches(BLOCK):
                file.write_table(self._table(batch.column(0).to_pylist()))
        self._files.append(target)
        return self._scan()

    def _table(self, identifiers: list[str]) -> pa.Table:
        pseudonyms = [pseudonym(one, self._key) for one in identifiers]
        valid = [is_nhs_number(plain(one)) for one in identifiers]
        self.made += len(identifiers)
        return pa.table([identifiers, pseudonyms, valid], schema=MADE)

    def _scan(self) -> str:
        return f"read_parquet([{', '.join(text(str(one)) for one in self._files)}])"
