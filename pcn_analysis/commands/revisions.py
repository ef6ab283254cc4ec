"""Models as the command line names them: a name, a file, or a file as it was in a revision of git."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pcn_analysis.exceptions import problem
from pcn_analysis.rules.model_files import model_of
from pcn_analysis.segmentation.models import MODELS, PUBLISHED, find_model

if TYPE_CHECKING:
    from pcn_analysis.rules import Model

EARLIER = "model_as_it_was.yaml"
"""What a file is called in which an earlier version is handed to a notebook."""


@dataclass(frozen=True)
class NamedModel:
    """A model with how it was asked for.

    Parameters
    ----------
    name
        As it was written.
    model
        The model.
    stem
        What a page of it is called.
    text
        Of a revision, the text of the file; else empty.
    """

    name: str
    model: Model
    stem: str
    text: str = ""

    def for_notebooks(self, folder: Path) -> str:
        """What :func:`pcn_analysis.segmentation.models.find_model` finds it by, from any folder.

        Parameters
        ----------
        folder
            Where a file with an earlier version may be written.
        """
        if self.text:
            path = folder / EARLIER
            path.write_text(self.text, encoding="utf-8")
            return str(path.resolve())
        return self.name if self.name in MODELS else str(Path(self.name).resolve())


def model_named(name: str) -> NamedModel:
    """Find a model by a name, a file, or either with a revision: ``mine.yaml@HEAD~1``, ``system_p@v1.0``.

    Raises
    ------
    PcnAnalysisError
        If there is no such model, or with everything that is wrong in its file; if there is no git, no such revision,
        or no such file in it.
    """
    file, at, revision = name.rpartition("@")
    if not at or Path(name).exists():
        return NamedModel(name, find_model(name), Path(name).stem)
    path = Path(str(PUBLISHED)) / f"{file}.yaml" if file in MODELS else Path(file)
    text = text_at(path, revision)
    return NamedModel(name, model_of(text, name), path.stem, text)


def text_at(path: Path, revision: str) -> str:
    """Read a file as it was in a revision of the git repository that it lies in.

    Parameters
    ----------
    path
        The file; it need not be there any more, but its folder has to.
    revision
        Anything that git knows as a commit: a branch, a tag, ``HEAD~1``, a hash.

    Raises
    ------
    PcnAnalysisError
        If there is no git, no repository, no such revision, or no such file in it.
    """
    if not path.parent.is_dir():
        raise problem(str(path), "its folder is not there", "Check how it is written.")
    if not _git(path.parent, "rev-parse", "--git-dir"):
        raise problem(path.name, "does not lie in a git repository", "Compare two files, or a file with a model.")
    commit = _git(path.parent, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
    if not commit:
        what = f"git knows no revision {revision}"
        raise problem(path.name, what, f"`{_log_of(path)}` lists those that changed it.")
    text = _git(path.parent, "show", f"{commit}:./{path.name}")
    if not text:
        what = f"is not in the revision {revision}"
        raise problem(path.name, what, f"`{_log_of(path)}` lists those that changed it.")
    return text


def _log_of(path: Path) -> str:
    """The command that lists the revisions of a file, from wherever it is given."""
    return f"git -C {shlex.quote(str(path.parent))} log --oneline -- {shlex.quote(path.name)}"


def _git(folder: Path, *words: str) -> str:
    """What git answers; nothing where it refuses."""
    try:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=False)
    except OSError:
        raise problem("git", "cannot be run", "Install git, or compare two files.") from None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
