"""Show a figure with the text that stands for it, and the sentence that reads it."""

from __future__ import annotations

import base64
import io
from html import escape
from typing import TYPE_CHECKING, Any

from pcn_analysis.display.output import show, show_html
from pcn_analysis.exceptions import problem
from pcn_analysis.readings.released import Reading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DOTS = 150
"""Dots an inch of a figure."""


def show_figure(ax: Axes | None, alt: str) -> None:
    """Show a chart or map as PNG with its alt text, and close it.

    Parameters
    ----------
    ax
        What a chart returned; None (a table without rows) shows nothing.
    alt
        What the figure shows, for people who do not see it. Never empty.

    Raises
    ------
    PcnAnalysisError
        If the figure has no alt text.
    """
    if ax is None:
        return
    import matplotlib.pyplot as plt

    figure = ax.figure
    if not alt.strip():
        plt.close(figure)  # type: ignore[arg-type]
        raise problem("show_figure", "the figure has no alt text", "Pass alt= with what the figure shows.")
    image = base64.b64encode(_png(figure)).decode("ascii")
    plt.close(figure)  # type: ignore[arg-type]
    show({"image/png": image, "text/plain": alt}, "show_figure", **{"image/png": {"alt": alt}})


def _png(figure: Any) -> bytes:
    """Draw a figure as PNG with at most 256 colours: a third of the size, with no difference to be seen.

    It is drawn once, where ``savefig`` would draw it twice and write a PNG of its own.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    figure.set_dpi(DOTS)
    canvas, small = FigureCanvasAgg(figure), io.BytesIO()
    canvas.draw()
    picture = Image.frombuffer("RGBA", canvas.get_width_height(physical=True), canvas.buffer_rgba())
    picture.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE).save(small, format="png")
    return small.getvalue()


def show_reading(text: str) -> None:
    """Show the sentence that reads the table or figure below it; an empty one shows nothing.

    One of invented people begins with their label, in words that are copied with it.
    """
    if not text:
        return
    label = f"{text.label}: " if isinstance(text, Reading) and text.label else ""
    mark = f'<span class="invented">{escape(label)}</span>' if label else ""
    show_html(f'<p class="reading">{mark}{escape(text, quote=False)}</p>', "show_reading", f"{label}{text}")
