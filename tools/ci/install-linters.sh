#!/usr/bin/env bash
# Installs what looks at workflows, scripts and YAML into .local/linters: Python packages by exact versions and hashes
# (tools/requirements-linters.txt), actionlint by its exact version, which Go holds against its public log of checksums.
#
#   tools/ci/install-linters.sh
#
# Needs Python 3.11 or newer with venv (Debian: python3-venv), and Go. Does nothing when what it installed is still right.
# Exits with 69 when one of the two is missing, or a linter cannot be fetched.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly UNAVAILABLE=69 # EX_UNAVAILABLE of sysexits.h
# renovate: datasource=go depName=github.com/rhysd/actionlint
readonly ACTIONLINT_VERSION=v1.7.12
readonly directory=.local/linters requirements=tools/requirements-linters.txt

# Written last: an installation that was broken off has none.
wanted=$(cat "$requirements" && printf 'actionlint %s\n' "$ACTIONLINT_VERSION")
if [[ -f "$directory/installed.txt" && "$(<"$directory/installed.txt")" == "$wanted" ]]; then exit 0; fi

go=$(command -v go || printf /usr/local/go/bin/go)
if ! python3 -c 'import venv, ensurepip' 2>/dev/null || [[ ! -x "$go" ]]; then
  printf 'install-linters: Python with venv, or Go, is missing\n' >&2
  exit "$UNAVAILABLE"
fi

unavailable() {
  printf 'install-linters: %s cannot be fetched\n' "$1" >&2
  exit "$UNAVAILABLE"
}

rm -rf "$directory"
python3 -m venv "$directory"
"$directory/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
  --requirement "$requirements" || unavailable "what is in $requirements"
GOBIN=$PWD/$directory/bin "$go" install "github.com/rhysd/actionlint/cmd/actionlint@$ACTIONLINT_VERSION" ||
  unavailable "actionlint $ACTIONLINT_VERSION"
printf '%s\n' "$wanted" >"$directory/installed.txt"
