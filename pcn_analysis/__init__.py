"""Population health analysis for NHS Primary Care Networks.

What a notebook uses is here; a report is: load a network, release a table, show it.

>>> import pcn_analysis
>>> "load_network" in pcn_analysis.__all__
True
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={"anticipatory", "budget", "profile", "readings", "services", "workforce"},
    submod_attrs={
        "display": ["show_figure", "show_header", "show_method", "show_reading", "show_table"],
        "exceptions": ["DisclosureError", "PcnAnalysisError"],
        "network": ["footprint"],
        "plots": ["alt_text", "charts", "maps"],
        "population": ["load_population"],
        "prepared": ["load_network", "load_place"],
        "release": ["ReleasedTable", "release"],
        "segmentation": ["comparison", "composition", "found", "outlook", "profiles", "segments"],
        "segmentation.models": ["find_model"],
    },
)
