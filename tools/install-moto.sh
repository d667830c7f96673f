#!/usr/bin/env bash
# Installs Moto's server, an AWS for tests, in a virtual environment under .local/moto: exact versions, checked by
# their hashes, and no package runs a script of its own. tools/with-servers.sh starts it where it is installed.
#
#   tools/install-moto.sh
#
# Needs Python 3.11 or newer with venv (Debian: python3-venv). Does nothing when what it installed is still right.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly directory=.local/moto requirements=tools/requirements-moto.txt

# Written last: an installation that was broken off has none.
if cmp -s "$requirements" "$directory/installed.txt"; then exit 0; fi
rm -rf "$directory"
python3 -m venv "$directory"
"$directory/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
  --requirement "$requirements"
cp "$requirements" "$directory/installed.txt"
