"""Only for what setuptools leaves out: data files, here the kernelspec, in an editable installation.

It asks a distribution whether it ``has_data``, which none answers (they say ``has_data_files``). All else is in
``pyproject.toml``.
"""

from setuptools import Distribution, setup


class WithDataFiles(Distribution):
    """A distribution that answers the question."""

    def has_data(self) -> bool:
        """Whether it has data files."""
        return self.has_data_files()


setup(distclass=WithDataFiles)
