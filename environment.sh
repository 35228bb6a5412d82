#!/bin/sh
# environment.sh VENV PYTHON...: see that the environment VENV can be used. A good one is left alone; else it is made anew, with the
# first of the interpreters that will do.
set -eu
venv=$1
shift

refuse() {
    echo "$*" >&2
    exit 1
}

# What is wrong with the environment it is run in, by whatever Python that has.
fault='
import os, re, sys
if sys.version_info < (3, 11):
    sys.exit("is of Python %d.%d" % sys.version_info[:2])
try:
    import pip
    from importlib.metadata import files
    # Looked for and not imported, which would take a second each time: an upgrade that was cut off leaves half of them.
    if not all(file.locate().exists() for file in files("pip") or () if file.suffix == ".py"):
        raise ImportError
except Exception:
    sys.exit("has no pip that works")
own = os.path.realpath(os.path.join(sys.prefix, "bin"))
try:
    with open(os.path.join(own, "pip")) as script:
        named = re.search("(/[^\"\n]*)/python", script.read(2000))
except Exception:
    named = None
if named and os.path.realpath(named.group(1)) != own:
    sys.exit("was made for another folder")
'

# Whether an interpreter can make one; it says its version.
fits='
import sys
sys.stdout.write("%d.%d" % sys.version_info[:2])
if sys.version_info < (3, 11):
    sys.exit(1)
try:
    import ensurepip, venv
except ImportError:
    sys.exit(sys.stdout.write(" without venv"))
'

what=
if [ -e "$venv/bin/python" ]; then
    what=$("$venv/bin/python" -c "$fault" 2>&1) && exit 0
    case $what in "is of "* | "has no "* | "was made "*) ;; *) what="has a Python that does not start" ;; esac
elif [ -f "$venv/pyvenv.cfg" ] || [ -h "$venv" ]; then
    what="has no Python that can be started"
elif [ -e "$venv" ] && { ! [ -d "$venv" ] || [ -n "$(ls -A "$venv")" ]; }; then
    refuse "$venv has to be the folder of a Python environment and is something else: move it away, then try again."
fi

python=
seen=
for name in "$@"; do
    if said=$("$name" -c "$fits" 2>/dev/null); then
        python=$name
        break
    fi
    [ -z "$said" ] || seen="$seen${seen:+, }$name is $said"
done
if [ -z "$python" ]; then
    case $seen in *"without venv"*) hint=", on some systems with its package python3-venv" ;; *) hint= ;; esac
    refuse "Python 3.11 or newer is needed, and none was found that can be used (${seen:-no $* starts}): install one$hint," \
        "or name it with PYTHON=/path/to/python3.12."
fi

[ -z "$what" ] || echo "$venv $what: made anew." >&2
# Behind a link stands somebody else's.
[ ! -h "$venv" ] || rm "$venv"
"$python" -m venv --clear "$venv"
