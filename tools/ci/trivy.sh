#!/usr/bin/env bash
# Scans by Trivy, which runs as a container that sees the repository read-only, and no secret of the machine. Writes
# .local/trivy/<scan>.sarif, prints a table, and exits with 1 for a finding. .trivyignore.yaml says what is known and borne.
#
#   tools/ci/trivy.sh fs              # holes in what the lockfile names, and secrets; all severities
#   tools/ci/trivy.sh config          # Dockerfiles, compose, policies; all severities
#   tools/ci/trivy.sh image FOLDER    # the image that tools/ci/build-image.sh has put there; high and critical (SR-67)
#
# Needs Docker. TRIVY names a program to do it by in place of the image, where no registry of images can be reached, and
# TRIVY_OPTIONS what else it is told, such as `--offline-scan --skip-check-update`.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly USAGE=64 # EX_USAGE of sysexits.h
readonly TRIVY_IMAGE=aquasec/trivy:0.74.0@sha256:62b1e65e8869bc4b4c6aa4fa2b21595256c7c2f6018a9d9ad61caf87187c1969
readonly output=.local/trivy

usage() {
  sed -n '5,7s/^# *//p' "$0" >&2
  exit "$USAGE"
}

# No capability, no root file system to write to: a scanner is code of somebody else that reads what others sent (CVE-2026-33634).
trivy() {
  if [[ -n "${TRIVY:-}" ]]; then
    "$TRIVY" --cache-dir "$output/cache" "$@"
  else
    docker run --rm --read-only --cap-drop ALL --security-opt no-new-privileges --user "$(id -u):$(id -g)" \
      --tmpfs /tmp --volume "$PWD:/repository:ro" --volume "$PWD/$output:/repository/$output" --workdir /repository \
      "$TRIVY_IMAGE" --cache-dir "$output/cache" "$@"
  fi
}

mkdir -p "$output/cache"
read -ra options <<<"${TRIVY_OPTIONS:-}"
# Of folders, those that a build or a person leaves: what is scanned is what is tracked.
skipped=(--skip-dirs '**/node_modules' --skip-dirs .local --skip-dirs '**/dist')
scan=${1:-}
case $scan in
  fs) target=(fs --scanners 'vuln,secret' --include-dev-deps "${skipped[@]}" .) ;;
  config) target=(config "${skipped[@]}" .) ;;
  image) target=(image --scanners 'vuln,secret' --severity 'HIGH,CRITICAL' --input "${2:?the folder of the image}/image.tar") ;;
  *) usage ;;
esac
command=("${target[0]}" --quiet "${options[@]}")
if [[ -f .trivyignore.yaml ]]; then command+=(--ignorefile .trivyignore.yaml); fi
trivy "${command[@]}" --format sarif --output "$output/$scan.sarif" "${target[@]:1}"
trivy "${command[@]}" --format table --exit-code 1 "${target[@]:1}"
printf 'trivy: %s is in order\n' "$scan"
