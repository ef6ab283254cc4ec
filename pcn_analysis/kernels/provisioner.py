"""How Jupyter gets a kernel: from the fork parent where there is one, else by starting a process as always."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from pcn_analysis.kernels.asking import SOCKET_VARIABLE, ForkedKernel, NoKernelError, ask
from pcn_analysis.kernels.facts import ORDINARY, KernelFacts, facts_of_process
from pcn_analysis.kernels.identity import own_identity
from pcn_analysis.kernels.limits import limit_memory

if TYPE_CHECKING:
    from collections.abc import Mapping

LOG = logging.getLogger("pcn_analysis.kernels")
LAUNCHER = ["-m", "ipykernel_launcher"]
"""How an ordinary kernel is started; only what is started so can be forked instead."""
LOOK_EVERY = 0.01
"""Seconds between two looks at a kernel that is ending."""


class PreforkProvisioner(LocalProvisioner):
    """Has kernels forked where ``PCN_ANALYSIS_KERNELS`` names the socket of a fork parent, and limits their memory.

    Without the variable kernels are ordinary ones. Where the fork parent is gone, does not answer or refuses they are
    too, and the log has a line for each reason.
    """

    process: Any = None
    facts = KernelFacts(ORDINARY)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch a kernel with a command, or have one forked that does the same."""
        environment = kwargs.get("env") or dict(os.environ)
        kernel = await self._forked(cmd, kwargs.get("cwd"), environment)
        if kernel is None:
            information = await super().launch_kernel(cmd, **kwargs)
            limit_memory(environment, self.pid or 0)
            return information
        self.process = kernel
        self.pid, self.pgid = kernel.pid, None  # signals go to the fork parent, not to a number
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    async def poll(self) -> int | None:
        """How the kernel ended, None while it runs; and keep its facts, as a kernel that dies is only looked at."""
        self._look()
        return await super().poll()

    async def kill(self, restart: bool = False) -> None:
        """End the kernel, and keep its facts."""
        self._look()
        await super().kill(restart)

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end, and keep its facts."""
        self._look()
        await super().terminate(restart)

    async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: ARG002 - Jupyter's
        """Keep the facts of a kernel that is asked to end."""
        self._look()

    async def wait(self) -> int | None:
        """Wait until the kernel has ended, without a tenth of a second between two looks."""
        while self.process is not None and self.process.poll() is None:
            await asyncio.sleep(LOOK_EVERY)
        self._look()
        return await super().wait()

    def _look(self) -> None:
        if isinstance(self.process, ForkedKernel):
            self.process.poll()
            self.facts = self.process.facts
        elif self.process is not None and self.process.poll() is None:
            self.facts = facts_of_process(self.process.pid) or self.facts

    async def _forked(self, cmd: list[str], folder: Any, environment: Mapping[str, str]) -> ForkedKernel | None:
        path = environment.get(SOCKET_VARIABLE)
        if not path or cmd[:3] != [sys.executable, *LAUNCHER] or sys.platform == "win32":
            return None
        try:
            return await asyncio.to_thread(ask, path, cmd[3:], str(folder or Path.cwd()), environment, own_identity())
        except NoKernelError as reason:
            _say_once(str(reason))
            return None


@cache
def _say_once(reason: str) -> None:
    LOG.warning(
        "Kernels start as ordinary ones, which takes a few seconds longer: the fork parent gives none (%s).", reason
    )
