"""Whose socket is at the other end of a connection: whoever else has a login on this machine is not the person it is of."""

import errno
import ipaddress
import os
import socket
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

#: Linux says with these numbers what it knows of a socket (`man 7 sock_diag`); Python has no names for them.
_SOCK_DIAG: Final = 4
_BY_FAMILY: Final = 20
_REQUEST: Final = 1
_ERROR: Final = 2
_ANY_STATE: Final = 0xFFFFFFFF
_NO_COOKIE: Final = 0xFFFFFFFF

_HEADER: Final = struct.Struct("=IHHII")
_ASKED: Final = struct.Struct("=BBBxI")
_PORTS: Final = struct.Struct("!HH")
_INTERFACE_AND_COOKIE: Final = struct.Struct("=III")
#: Behind the header and what was asked: timer, queues, the owner and the socket's number.
_SAID_AT: Final = _HEADER.size + 4 + 48
_SAID: Final = struct.Struct("=IIIII")

#: The kernel's own files: the same, of all sockets.
_TABLE: Final = Path("/proc/net/tcp")
_TABLE_6: Final = Path("/proc/net/tcp6")

#: Who somebody of outside our namespace of users is to us: anybody.
_NOBODY: Final = Path("/proc/sys/kernel/overflowuid")


def is_ours(scope: Mapping[str, Any]) -> bool:
    """
    Whether the socket at the other end of a request, on loopback, is of who we run as, or of root; False where nobody knows. A
    proxy that runs as somebody else, as those of distributions do, is none of ours, whatever it sends.

    It is asked for anew at each request: of what was found before, the port may be somebody else's by now.
    """
    owner = owner_of(scope["client"], scope["server"])
    return owner in (0, os.geteuid()) and owner != _nobody()


def owner_of(theirs: tuple[str, int], ours: tuple[str, int]) -> int | None:
    """The user whose socket at *theirs* is connected with *ours*; None where that is not known."""
    try:
        near, far = ipaddress.ip_address(theirs[0]), ipaddress.ip_address(ours[0])
    except ValueError:
        return None
    try:
        return _asked(near, theirs[1], far, ours[1])
    except OSError as problem:
        if problem.errno == errno.ENOENT:
            return None
        # A sandbox without netlink, or a kernel without what answers it: the tables are longer to read.
        return _read(near, theirs[1], far, ours[1])


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _asked(near: _Address, near_port: int, far: _Address, far_port: int) -> int | None:
    """Found by the kernel as it finds where a packet belongs: 11 µs, where reading the table took 9 ms and more."""
    family = socket.AF_INET if near.version == 4 else socket.AF_INET6
    asked = b"".join((
        _ASKED.pack(family, socket.IPPROTO_TCP, 0, _ANY_STATE),
        _PORTS.pack(near_port, far_port),
        near.packed.ljust(16, b"\0"),
        far.packed.ljust(16, b"\0"),
        _INTERFACE_AND_COOKIE.pack(0, _NO_COOKIE, _NO_COOKIE),
    ))  # fmt: skip
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG) as line:
        line.settimeout(1)
        line.send(_HEADER.pack(_HEADER.size + len(asked), _BY_FAMILY, _REQUEST, 0, 0) + asked)
        said = line.recv(4096)
    _, kind, _, _, _ = _HEADER.unpack_from(said)
    if kind == _ERROR:
        (number,) = struct.unpack_from("=i", said, _HEADER.size)
        raise OSError(-number, os.strerror(-number))
    _, _, _, owner, inode = _SAID.unpack_from(said, _SAID_AT)
    return _of_socket(owner, inode)


def _read(near: _Address, near_port: int, far: _Address, far_port: int) -> int | None:
    """The same from the tables, in which an address of version 4 stands as one of 6 where the program asked for that."""
    for name, form in ((_TABLE, _as_4), (_TABLE_6, _as_6)):
        one, other = form(near), form(far)
        if one is None or other is None:
            continue
        row = f": {_hex(one)}:{near_port:04X} {_hex(other)}:{far_port:04X} ".encode()
        try:
            _, found, behind = name.read_bytes().partition(row)
        except OSError:
            continue
        if found:
            fields = behind.partition(b"\n")[0].split()
            return _of_socket(int(fields[4]), int(fields[6]))
    return None


def _of_socket(owner: int, inode: int) -> int | None:
    # Of a socket that its program has closed, with an answer still to come, the kernel says that it is root's.
    return owner if inode else None


def _as_4(address: _Address) -> _Address | None:
    return address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else address


def _as_6(address: _Address) -> _Address | None:
    return address if address.version == 6 else ipaddress.IPv6Address(f"::ffff:{address}")


def _hex(address: _Address) -> str:
    """As the kernel prints it: each four bytes as a number of this machine."""
    return "".join(f"{word:08X}" for (word,) in struct.iter_unpack("=I", address.packed))


def _nobody() -> int:
    try:
        return int(_NOBODY.read_text())
    except (OSError, ValueError):
        return 65534
