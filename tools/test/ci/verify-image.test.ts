import { describe, expect, it } from 'vitest';

import { hasBash, runScript } from './support/run-script.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const reference = `ghcr.io/acme/billing@${digest}`;
const issuer = 'https://token.actions.githubusercontent.com';
const workflow = 'https://github.com/acme/billing/.github/workflows/image.yml@refs/tags/v1.2.3';

/** What an image really has: who signed it, what of it, and what GitHub keeps about it. */
const honest = {
  ISSUER: issuer,
  IDENTITY: workflow,
  REPOSITORY: 'acme/billing',
  REF: 'refs/tags/v1.2.3',
  SIGNED: 'yes',
  SBOM: 'yes',
  GITHUB: 'acme/billing acme/billing/.github/workflows/image.yml refs/tags/v1.2.3',
};

/** Refuses as cosign does: what it is asked to look at and is not so; what it is not asked about passes. */
const cosign = `
kind=$1
shift
[[ "$SIGNED" == yes ]] || { echo 'no signatures found'; exit 10; }
[[ "$kind" == verify || "$SBOM" == yes ]] || { echo 'no matching attestations'; exit 10; }
while [[ $# -gt 1 ]]; do
  case $1 in
    --certificate-oidc-issuer) [[ "$2" == "$ISSUER" ]] || exit 10 ;;
    --certificate-identity) [[ "$2" == "$IDENTITY" ]] || exit 10 ;;
    --certificate-github-workflow-repository) [[ "$2" == "$REPOSITORY" ]] || exit 10 ;;
    --certificate-github-workflow-ref) [[ "$2" == "$REF" ]] || exit 10 ;;
    --type | --output) ;;
    *) exit 64 ;;
  esac
  shift 2
done
[[ "$1" == ${reference} ]]`;

const gh = `
[[ "$1 $2 $3" == "attestation verify oci://${reference}" ]] || exit 64
shift 3
read -r repository signer ref <<<"$GITHUB"
while [[ $# -gt 0 ]]; do
  case $1 in
    --repo) [[ "$2" == "$repository" ]] || exit 1; shift ;;
    --signer-workflow) [[ "$2" == "$signer" ]] || exit 1; shift ;;
    --source-ref) [[ "$2" == "$ref" ]] || exit 1; shift ;;
    --deny-self-hosted-runners) [[ -z "\${SELF_HOSTED:-}" ]] || exit 1 ;;
    *) exit 64 ;;
  esac
  shift
done`;

const verify = (image: string, facts: Readonly<Record<string, string>>) =>
  runScript(['tools/verify-image.sh', image, 'acme/billing', 'v1.2.3'], { ...honest, ...facts }, { cosign, gh });

describe.skipIf(!hasBash)('an image before it is deployed', () => {
  it('SR-68: passes when it was signed, described and built by the workflow of this repository, for its tag', () => {
    const { code, output } = verify(reference, {});
    expect([code, output]).toEqual([0, expect.stringContaining('on a runner of GitHub')]);
  });

  const attacks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'nobody has signed': { SIGNED: 'no' },
    'a person has signed': { ISSUER: 'https://accounts.example', IDENTITY: 'someone@acme.example' },
    'another workflow of the repository has signed': { IDENTITY: workflow.replace('image.yml', 'ci.yml') },
    'the workflow has signed for a branch': { IDENTITY: workflow.replace('refs/tags/v1.2.3', 'refs/heads/main') },
    'the workflow has signed for an older tag': { IDENTITY: workflow.replace('v1.2.3', 'v1.2.2') },
    'another repository has signed by calling the workflow': { REPOSITORY: 'mallory/billing' },
    'a run for another tag has signed by calling the workflow': { REF: 'refs/tags/v9.9.9' },
    'has no signed SBOM': { SBOM: 'no' },
    'has the provenance of another repository': { GITHUB: honest.GITHUB.replace('acme/billing ', 'mallory/billing ') },
    'has the provenance of another workflow': { GITHUB: honest.GITHUB.replace('image.yml', 'other.yml') },
    'has the provenance of another tag': { GITHUB: honest.GITHUB.replace('v1.2.3', 'v1.2.2') },
    'was built on a machine of somebody': { SELF_HOSTED: 'yes' },
  };
  it.each(Object.entries(attacks))('SR-68: is refused when it is one that %s', (_, facts) => {
    expect(verify(reference, facts).code).not.toBe(0);
  });

  it.each(['ghcr.io/acme/billing:1.2.3', 'ghcr.io/acme/billing', `${reference}0`, `ghcr.io/acme/billing@sha256:ab`])(
    'SR-68: is refused when it is named by what can change: %s',
    (image) => {
      expect(verify(image, {}).code).toBe(64);
    },
  );

  it('SR-68: says aloud that nobody has looked at the provenance, where GitHub makes none', () => {
    const { code, output } = verify(reference, { PROVENANCE: 'unavailable', GITHUB: 'none none none' });
    expect([code, output]).toEqual([0, expect.stringContaining('SKIPPED: the provenance')]);
  });
});
