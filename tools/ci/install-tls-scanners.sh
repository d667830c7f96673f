#!/usr/bin/env bash
# Installs what the attacks on the edge look at TLS with, from Debian's or Ubuntu's packages: only what is not there yet.
set -euo pipefail

missing=()
command -v sslscan >/dev/null || missing+=(sslscan)
command -v testssl >/dev/null || missing+=(testssl.sh)
if [[ ${#missing[@]} -eq 0 ]]; then exit 0; fi

# Root installs as it is; a runner has sudo.
as_root=()
if [[ $(id -u) -ne 0 ]]; then as_root=(sudo); fi
"${as_root[@]}" apt-get update -q
"${as_root[@]}" apt-get install -yq --no-install-recommends "${missing[@]}"
