"""Start the kernel of one page, talk to it in private, and end it at once."""

from __future__ import annotations

import math
import os
import shutil
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from pcn_analysis.kernels.asking import SOCKET_VARIABLE
from pcn_analysis.kernels.provisioner import LOOK_EVERY, PreforkProvisioner
from pcn_analysis.kernels.starting import short_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcn_analysis.kernels.facts import KernelFacts

KERNELSPEC = Path(__file__).parent / "kernelspec"


class EncryptedKernelManager(AsyncKernelManager):
    """Talks to its kernel over an encrypted connection."""

    def __init__(self, **options: object):
        super().__init__(**options)
        self.transport_encryption = "auto"


class PageKernelManager(EncryptedKernelManager):
    """Starts a kernel ``pcn-analysis`` for one page, forked where the environment names a fork parent.

    The kernelspec and the provisioner are those of this package, installed or not. It talks over sockets in a folder
    that nobody else can read, which no two kernels can both pick; where there is none, over an encrypted connection.
    """

    _folder = ""

    def __init__(self, **options: object):
        super().__init__(**options)
        self.client_factory = PageKernelClient
        self._kernel_spec = KernelSpec.from_resource_dir(str(KERNELSPEC))
        self.kernel_id = str(uuid4())
        self._talk_in_private()
        self.provisioner = PreforkProvisioner(kernel_id=self.kernel_id, kernel_spec=self._kernel_spec, parent=self)

    def _talk_in_private(self) -> None:
        if sys.platform == "win32":
            return
        parent = os.environ.get(SOCKET_VARIABLE)
        self._folder = short_folder(str(Path(parent).parent)) if parent else short_folder()
        if self._folder:
            self.transport, self.ip, self.transport_encryption = "ipc", f"{self._folder}/kernel", "disabled"

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        """Remove the sockets as well."""
        await super()._async_cleanup_resources(restart)
        if self._folder and not restart:
            shutil.rmtree(self._folder, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources  # type: ignore[assignment]

    @property
    def facts(self) -> KernelFacts:
        """What is known of the kernel; all of it when it has ended."""
        assert isinstance(self.provisioner, PreforkProvisioner)
        return self.provisioner.facts

    async def _async_wait(self, pollinterval: float = LOOK_EVERY) -> None:
        """Look often: a kernel that is killed is gone in a moment."""
        await super()._async_wait(min(pollinterval, LOOK_EVERY))


class PageKernelClient(AsyncKernelClient):
    """Is ready as soon as the kernel has said so on both of its channels, and not a fifth of a second later."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask the kernel what it is until it has answered, and has been heard to be idle again after that.

        Raises
        ------
        RuntimeError
            If it dies, or does not answer within so many seconds.
        """
        until = time.monotonic() + (timeout or math.inf)
        while time.monotonic() < until:
            asked = self.kernel_info()
            with suppress(Empty):
                reply = await self.get_shell_msg(timeout=1)
                while not _is_idle(await self.get_iopub_msg(timeout=0.5), asked):
                    pass
                self._handle_kernel_info_reply(reply)
                return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel did not respond in {timeout} seconds")


def _is_idle(message: Mapping[str, Any], asked: str) -> bool:
    return message["content"].get("execution_state") == "idle" and message["parent_header"].get("msg_id") == asked
