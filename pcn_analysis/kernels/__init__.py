"""Notebook kernels that start at once: forked from a process that has imported the libraries.

::

    fork_parent(settings)   starts the fork parent, and ends it with its kernels
    parent                  that process: it imports, listens, forks and reaps, and does nothing else
    child                   what a forked process does to become a kernel like any other
    provisioner             how Jupyter asks for a kernel; an ordinary one where none can be forked

One kernelspec, ``pcn-analysis``, serves reports, JupyterLab and nbval. It is an accelerator: what a notebook shows is
the same with and without.
"""

from pcn_analysis.kernels.asking import SOCKET_VARIABLE
from pcn_analysis.kernels.facts import KernelFacts
from pcn_analysis.kernels.starting import ForkParent, fork_parent

__all__ = ["SOCKET_VARIABLE", "ForkParent", "KernelFacts", "fork_parent"]
