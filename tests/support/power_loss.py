"""What is on a disk when the power goes, read from an strace log.

The model: bytes are safe once their file was synced (fsync, fdatasync: the whole file); names of files are safe at
once. Of what was written and not yet synced, nothing needs to be there, and anything may be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

CALLS = "openat,write,pwrite64,fsync,fdatasync,ftruncate,unlink,rename,renameat2,link,linkat,sendto"
OPTIONS = ("-y", "-xx", "-s", "70000")
_CALL = re.compile(r"(?P<name>\w+)\((?P<about>.*)\)\s+= (?P<result>-?\d+)(?:<(?P<opened>[^>]*)>)?.*")
_FILE = re.compile(r"\d+<([^>]*)>")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_NUMBER = re.compile(r"(\d+)$")
_UNFINISHED, _RESUMED = " <unfinished ...>", re.compile(r"<\.\.\. \w+ resumed>")

Write = tuple[str, int, bytes | None]  # file, place, bytes; None: cut off at the place
Survivors = Callable[[Sequence[Write]], Sequence[Write]]
"""Which of the writes that are not synced are there nevertheless, in order."""


@dataclass(frozen=True)
class Moment:
    """The disk (name to what is safe), what is not safe yet, what was promised by then, and whether the final dot had
    gone out."""

    call: str = ""
    safe: dict[str, bytes] = field(default_factory=dict)
    pending: tuple[Write, ...] = ()
    promised: tuple[str, ...] = ()
    dot: bool = False

    def rebuilt(self, directory: Path, survivors: Survivors) -> None:
        """The directory as it is found after the power was cut at this moment."""
        directory.mkdir()
        found = {name: bytearray(data) for name, data in self.safe.items()}
        for write in survivors(self.pending):
            _apply(found[write[0]], write)
        for name, data in found.items():
            (directory / name).write_bytes(data)
            (directory / name).chmod(0o600)


def moments(trace: Path, directory: Path, before: Path) -> Iterator[Moment]:
    """After each call of the traced run on `directory`, which was a copy of `before`."""
    now = Moment(safe={file.name: file.read_bytes() for file in before.iterdir()})
    for call in _calls(trace.read_text("ascii")):
        now = _after(now, call, directory)
        yield now


def nothing(pending: Sequence[Write]) -> Sequence[Write]:
    """The worst case for what was promised."""
    return ()


def everything(pending: Sequence[Write]) -> Sequence[Write]:
    """As at a kill."""
    return pending


def first_half(pending: Sequence[Write]) -> Sequence[Write]:
    """The disk was in the middle of it."""
    return pending[: len(pending) // 2]


def second_half(pending: Sequence[Write]) -> Sequence[Write]:
    """The disk wrote in another order."""
    return pending[len(pending) // 2 :]


def every_other(pending: Sequence[Write]) -> Sequence[Write]:
    """Holes."""
    return pending[::2]


def _calls(log: str) -> Iterator[re.Match[str]]:
    """The calls that ended well, each on one line also where threads took turns."""
    begun: dict[str, str] = {}
    for line in log.splitlines():
        thread, _, text = line.partition(" ")
        text = text.strip()
        if text.endswith(_UNFINISHED):
            begun[thread] = text.removesuffix(_UNFINISHED)
            continue
        if resumed := _RESUMED.match(text):
            text = begun.pop(thread) + text[resumed.end() :]
        call = _CALL.fullmatch(text)
        if call and int(call["result"]) >= 0:
            yield call


def _after(now: Moment, call: re.Match[str], directory: Path) -> Moment:
    name, about = call["name"], call["about"]
    now = replace(now, call=name)
    texts = [bytes.fromhex(text.replace("\\x", "")) for text in _TEXT.findall(about)]
    if name == "sendto":
        return replace(now, dot=now.dot or texts == [b".\r\n"])
    if name == "write" and about.startswith("1<"):
        return replace(now, promised=(*now.promised, texts[0].decode().strip()))
    path = _path(call, texts)
    if path.parent != directory or path.name.endswith("-shm"):  # the shared memory is made anew at each start
        return now
    return _on_disk(now, name, path.name, about, texts)


def _on_disk(now: Moment, name: str, file: str, about: str, texts: Sequence[bytes]) -> Moment:
    if name == "openat":
        return replace(now, safe={file: b"", **now.safe})
    if name == "unlink":
        rest = {other: data for other, data in now.safe.items() if other != file}
        return replace(now, safe=rest, pending=tuple(write for write in now.pending if write[0] != file))
    if name in ("fsync", "fdatasync"):
        data = bytearray(now.safe[file])
        for write in now.pending:
            if write[0] == file:
                _apply(data, write)
        rest_pending = tuple(write for write in now.pending if write[0] != file)
        return replace(now, safe={**now.safe, file: bytes(data)}, pending=rest_pending)
    place = _NUMBER.search(about)
    if name == "pwrite64" and place:
        return replace(now, pending=(*now.pending, (file, int(place[1]), texts[0])))
    if name == "ftruncate" and place:
        return replace(now, pending=(*now.pending, (file, int(place[1]), None)))
    raise ValueError(f"The model doesn't know what {name} does to {file}.")


def _path(call: re.Match[str], texts: Sequence[bytes]) -> Path:
    if call["opened"]:
        return Path(_decoded(call["opened"]))
    file = _FILE.match(call["about"])
    return Path(_decoded(file[1]) if file else texts[0].decode())


def _decoded(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode()


def _apply(data: bytearray, write: Write) -> None:
    _, place, written = write
    if written is None:
        del data[place:]
        data.extend(bytes(place - len(data)))
        return
    data.extend(bytes(max(0, place - len(data))))
    data[place : place + len(written)] = written
