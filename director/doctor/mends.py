"""Commands that mend: made so that they can be typed as they stand."""

import os
import sys
from pathlib import Path
from shlex import quote
from typing import Final

from director.words.command import program
from director.words.settings import env_file

#: Where our own code is: a folder somebody cloned, or where it was installed.
_HOME: Final = Path(__file__).parents[2]


def setting(variable: str) -> str:
    """Change a setting where it is: in the environment, else in `.env`."""
    return f"unset {variable}" if os.environ.get(variable, "").strip() else edit(env_file())


def set_to(variable: str, value: str) -> str:
    """Give a setting that is not there a value; what a person has to know stands for it."""
    # The file's last line may have no end.
    return f"printf '\\n%s\\n' {quote(f'{variable}={value}')} >> {path(env_file())}"


def edit(file: Path) -> str:
    """Open a file to change it."""
    return f"${{EDITOR:-vi}} {path(file)}"


def put_aside(file: Path) -> str:
    """Keep a file under another name."""
    return f"mv {path(file)} {path(file.with_name(f'{file.name}.aside'))}"


def for_owner_only(file: Path) -> str:
    """Let nobody else read it."""
    return f"chmod 600 {path(file)}"


def ours(place: Path) -> str:
    """Make a file or a folder one that we can read and write."""
    mine = place.stat().st_uid == os.geteuid()
    return f"chmod u+rwX {path(place)}" if mine else f"sudo chown -R $(id -un) {path(place)}"


def update() -> str:
    """Take a newer Troupe."""
    if (_HOME / ".git").exists():
        return f"git -C {path(_HOME)} pull"
    return f"git pull && {quote(sys.executable)} -m pip install ."


def driver() -> str:
    """Install what PostgreSQL is spoken to with."""
    if (_HOME / "Makefile").exists():
        return f"make -C {path(_HOME)} postgresql"
    return f"{quote(sys.executable)} -m pip install 'psycopg[binary]'"


def reinstall(package: str) -> str:
    """Install a package we come with anew."""
    return f"{quote(sys.executable)} -m pip install --force-reinstall {package}"


def start(service: str) -> str:
    """Start a server of this machine."""
    return f"brew services start {service}" if sys.platform == "darwin" else f"sudo systemctl start {service}"


def ask_for_time() -> str:
    """Let the machine take its time from the network."""
    return "sudo sntp -sS time.apple.com" if sys.platform == "darwin" else "sudo timedatectl set-ntp true"


def end_who_holds(file: Path) -> str:
    """Tell the process that has a file open to end."""
    return f"fuser -k -TERM {path(file)}"


def command(words: str) -> str:
    """A command of this program."""
    return f"{program()} {words}"


def path(file: Path) -> str:
    """A file as a shell reads it; from here where that is shorter."""
    try:
        near = os.path.relpath(file)
    except OSError:  # this folder is gone
        near = str(file)
    return quote(min(str(file), near, key=len))
