"""The foot of every page: how it was made, from which files, under which licences."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from pcn_analysis.display.output import show_html
from pcn_analysis.provenance import Source

if TYPE_CHECKING:
    from pcn_analysis.place import Network
    from pcn_analysis.population import Population
    from pcn_analysis.rules import Model

FACTS = "pcn_analysis_method"
"""Key in the metadata of an output: what it says, for files made beside the page."""
AS_GIVEN = (
    "Flags, counts and scores without dated records behind them are as their source gives them, at the index date; "
    "what it leaves empty is not known.",
)


def show_method(subject: Network | Population, *sentences: str, model: Model | None = None) -> None:
    """Show how the figures were made, what the data are, and the attributions that their licences ask for.

    Parameters
    ----------
    subject
        The network that the page is about, or its people.
    *sentences
        How the figures of this page were made.
    model
        The model of segments that the page shows; one from a file of one's own is among the files.
    """
    facts = method_facts(subject, *sentences, model=model)
    show_html(_html(facts), "show_method", " ".join(sentences), **{FACTS: facts})


def method_html(subject: Network | Population, *sentences: str, model: Model | None = None) -> str:
    """Return the foot of a page as HTML."""
    return _html(method_facts(subject, *sentences, model=model))


def method_facts(subject: Network | Population, *sentences: str, model: Model | None = None) -> dict[str, Any]:
    """How a page was made, its files and the attributions that their licences ask for, as plain values."""
    place, provenance = subject.place, subject.provenance
    modelled = (provenance.modelled,) if provenance.modelled else ()
    missing = tuple(f"{name.replace('_', ' ').capitalize()}: {why}" for name, why in place.missing.items())
    records = tuple(f"Records: {one.title}, {one.period}." for one in provenance.sources if one.kind == "records")
    given = AS_GIVEN if "attributes" in getattr(subject, "tables", ()) else ()
    own = (_own_file(model),) if model and model.file else ()
    return {
        "notes": [*sentences, *records, *given, *place.notes, *modelled, *missing],
        "files": [_file_facts(source) for source in (*provenance.sources, *own)],
        "credit": list(dict.fromkeys(source.attribution for source in provenance.sources)),
    }


def _html(facts: dict[str, Any]) -> str:
    notes = "".join(f"<li>{escape(text)}</li>" for text in facts["notes"])
    rows = "".join(map(_source_row, facts["files"]))
    credit = "".join(f"<li>{escape(text)}</li>" for text in facts["credit"])
    return (
        f'<div class="method"><h3>How this page was made</h3><ul>{notes}</ul><h3>Files</h3>'
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Table: files"><table>'
        '<thead><tr><th scope="col">What</th><th scope="col">Publisher</th><th scope="col">Date or period</th>'
        '<th scope="col">Licence</th><th scope="col">SHA-256</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div><h3>Attribution</h3><ul>{credit}</ul></div>"
    )


def _own_file(model: Model) -> Source:
    """The file of one's own that a model was read from; its folder is nobody's business."""
    return Source(f"Model of segments: {model.file}", "one's own file", "not given", "not given", "", model.file,
                  model.sha256)  # fmt: skip


def _file_facts(source: Source) -> list[str]:
    """What a file is, its publisher, its period, its licence, and how its SHA-256 begins or why there is none."""
    without = "invented" if source.kind == "invented" else "not given"
    return [source.title, source.publisher, source.period, source.licence, source.sha256[:12] or without]


def _source_row(cells: list[str]) -> str:
    title, *others, digest = map(escape, cells)
    shown = digest if digest in ("invented", "not given") else f"<code>{digest}</code>"
    return f'<tr><th scope="row">{title}</th>' + "".join(f"<td>{text}</td>" for text in (*others, shown)) + "</tr>"
