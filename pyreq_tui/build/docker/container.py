"""One container: started idle, given files and commands, asked for files, removed whatever happens."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from pyreq_tui.build.docker.archive import pack, unpack
from pyreq_tui.build.docker.engine import EMULATION_HINT, engine_errors, gone
from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.processes import LINE_LIMIT_BYTES, POLL_SECONDS, clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from socket import SocketIO

    from docker import APIClient

    from pyreq_tui.processes import Cancel

LABEL = "pyreq-tui"
"""Names what is ours: containers, images, the volume."""
IDLE = ("/bin/sh", "-c", "read _")
"""What the container itself runs: it waits for input that never comes, and ends when nobody holds its end."""
_DOING = "while a container ran"
_REMOVAL_SECONDS = 10
_KEPT_LINES = 400
_SHOWN_LINES = 15
_Item = TypeVar("_Item")


class CommandFailed(BuildError):  # noqa: N818 - an error by its base; the name says what happened
    """A command in the container ended with anything but 0."""

    def __init__(self, message: str, *, exit_code: int, output: tuple[str, ...]) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.output = output
        """Its last lines, cleaned and redacted."""


@dataclass
class Container:
    """A running container."""

    client: APIClient
    id: str
    lifeline: SocketIO
    """Its input, and what the container itself says: as long as this end is held, it runs."""
    cancel: Cancel
    secrets: Collection[str] = field(default=(), repr=False)

    def run(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] = lambda _: None,
    ) -> str:
        """Run ``command`` to its end and return what it wrote to stdout, line by line cleaned.

        ``environment`` is added to the container's own and is seen by this command only. Raises
        CommandFailed, BuildError where the engine or the container goes away, and Cancelled.
        """
        try:
            with engine_errors(_DOING):
                created = self.client.exec_create(self.id, list(command), environment=dict(environment or {}))
                stream = self.client.exec_start(created["Id"], stream=True, demux=True)
        except BuildError as error:
            raise error if self._is_running() else self._lost(()) from error
        told: dict[int, list[str]] = {0: [], 1: []}
        tail: deque[str] = deque(maxlen=_KEPT_LINES)
        for channel, raw in _lines(interruptible(stream, self.cancel)):
            text = clean_line(raw.decode("utf-8", "replace"), self.secrets)
            told[channel].append(text)
            if text.strip():
                tail.append(text)
            on_line(text)
        with engine_errors(_DOING):
            ended = self.client.exec_inspect(created["Id"])
        exit_code = ended["ExitCode"]
        if exit_code is None or not self._is_running():
            raise self._lost(tuple(tail))
        if exit_code:
            shown = "\n".join(list(tail)[-_SHOWN_LINES:])
            message = f"exit status {exit_code}:\n{shown}" if shown else f"exit status {exit_code}, no word."
            raise CommandFailed(message, exit_code=exit_code, output=tuple(tail))
        return "\n".join(told[0])

    def put(self, files: Mapping[str, Path | bytes]) -> None:
        """Write ``files`` by absolute POSIX path, folders made as needed."""
        relative = {path.removeprefix("/"): source for path, source in files.items()}
        with engine_errors("to take files for a container"):
            self.client.put_archive(self.id, "/", pack(relative, self.cancel))

    def put_secret(self, path: str, text: str) -> None:
        """Write a small secret into a file of a folder that is memory, by a way that leaves no trace."""
        # The archive API writes below a mount, to the disk; the environment of one command is memory.
        command = ["/bin/sh", "-c", 'umask 077 && printf %s "$PYREQ_SECRET" > "$0"', path]
        self.run(command, environment={"PYREQ_SECRET": text})

    def get(self, path: str, folder: Path) -> None:
        """Write the file or folder ``path`` of the container into ``folder``, owned by who runs this."""
        with engine_errors("to give back what was built"):
            stream, _ = self.client.get_archive(self.id, path)
            try:
                unpack(interruptible(stream, self.cancel), folder, self.cancel)
            except OSError as error:
                if error.filename is None:
                    raise
                raise BuildError(
                    f"What the container built can't be written to {folder}: {error.strerror}.",
                    hint="Make room there, or choose another folder with cacheLocation.",
                ) from error

    def _state(self) -> Mapping[str, object]:
        """As the engine has it; nothing where the container has been removed, which its end does."""
        from docker.errors import NotFound

        with engine_errors(_DOING):
            try:
                state: Mapping[str, object] = self.client.inspect_container(self.id)["State"]
            except NotFound:
                return {}
        return state

    def _is_running(self) -> bool:
        return bool(self._state().get("Running"))

    def _lost(self, output: tuple[str, ...]) -> BuildError:
        """Why a container is not there any more."""
        from docker.utils.socket import frames_iter

        if self._state().get("OOMKilled"):
            return BuildError(
                "The container ran out of memory and was ended.",
                hint="Give the engine more memory, or the container with dockerRunCmdExtraArgs: ['-m=4g'].",
            )
        frames = frames_iter(self.lifeline, tty=False)  # type: ignore[no-untyped-call] # the stub has none
        words = b"".join(frame for _, frame in frames)
        said = " ".join(clean_line(line) for line in words.decode("utf-8", "replace").splitlines())
        if said:
            hint = EMULATION_HINT if "exec format error" in said.lower() else None
            return BuildError(f"The container ended as soon as it was started: {said}.", hint=hint)
        return CommandFailed("the container was ended from outside.", exit_code=137, output=output)


@contextmanager
def running(
    client: APIClient, container_id: str, cancel: Cancel, secrets: Collection[str]
) -> Iterator[Container]:
    """Start a container that has been created; whatever happens, it is removed.

    It also ends by itself when this process does, however that ends. Raises BuildError and Cancelled.
    """
    try:
        with engine_errors("to start a container"):
            streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
            lifeline = client.attach_socket(container_id, params=streams)
            client.start(container_id)
        yield Container(client, container_id, lifeline, cancel, secrets)
    finally:
        remove(client, container_id)


def remove(client: APIClient, container_id: str) -> None:
    """Stop and remove a container at once, with its anonymous volumes; gone already is as good.

    Where the engine is gone itself, the container ends with it: it is marked to be removed on its end.
    """
    from docker.errors import APIError, DockerException, NotFound
    from requests.exceptions import RequestException

    with suppress(DockerException, RequestException):
        try:
            client.remove_container(container_id, force=True, v=True)
        except APIError as error:
            if isinstance(error, NotFound) or error.status_code != HTTPStatus.CONFLICT:
                raise
            client.wait(container_id, timeout=_REMOVAL_SECONDS, condition="removed")  # it ended by itself


def interruptible(stream: Iterable[_Item], cancel: Cancel) -> Iterator[_Item]:
    """The items of a blocking stream, until ``cancel`` is set: then Cancelled, however silent the stream is.

    Whoever reads it in another thread is left behind; what closes the stream's source ends it.
    Raises BuildError where the engine goes away.
    """
    items: SimpleQueue[tuple[_Item] | BaseException | None] = SimpleQueue()
    is_over = threading.Event()

    def read() -> None:
        try:
            for item in stream:
                items.put((item,))
                if is_over.is_set():
                    break
            items.put(None)
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that asked
            items.put(error)

    threading.Thread(target=read, daemon=True, name="docker-stream").start()
    try:
        while True:
            if cancel.is_set():
                raise Cancelled
            try:
                item = items.get(timeout=POLL_SECONDS)
            except Empty:
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                if isinstance(item, ValueError | AttributeError):  # the library, over a connection that broke
                    raise gone("in the middle of its answer") from item
                raise item
            yield item[0]
    finally:
        is_over.set()


def _lines(chunks: Iterable[tuple[bytes | None, bytes | None]]) -> Iterator[tuple[int, bytes]]:
    """Lines of stdout (0) and stderr (1) from what arrives in pieces; very long ones in pieces, too."""
    waiting = [b"", b""]
    for chunk in chunks:
        for channel, part in enumerate(chunk):
            if not part:
                continue
            *whole, waiting[channel] = (waiting[channel] + part).split(b"\n")
            yield from ((channel, line) for line in whole)
            if len(waiting[channel]) > LINE_LIMIT_BYTES:
                yield channel, waiting[channel]
                waiting[channel] = b""
    yield from ((channel, rest) for channel, rest in enumerate(waiting) if rest)
