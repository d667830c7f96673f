import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { hasBash, runScript } from './support/run-script.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const digest = `sha256:${'ab'.repeat(32)}`;
const other = `sha256:${'cd'.repeat(32)}`;

describe.skipIf(!hasBash)('two builds', () => {
  it('SR-68: pass with one digest, and with nothing else', () => {
    const same = (...pair: [string, string]) => runScript(['tools/ci/same-image.sh', ...pair]).code;
    expect(same(digest, digest)).toBe(0);
    expect([same(digest, other), same('', ''), same('latest', 'latest'), same(digest, '')]).not.toContain(0);
  });
});

describe.skipIf(!hasBash)('a tag of the image', () => {
  /** A registry that has one tag, and takes what it is given. */
  const skopeo = `
case $1 in
  inspect)
    if [[ -n "$ANSWER" ]]; then echo "$ANSWER"; exit "$CODE"; fi ;;
  copy) echo "copied $*" ;;
esac`;
  const tag = (answer: string, code: string) =>
    runScript(
      ['tools/ci/tag-image.sh', 'ghcr.io/Acme/Billing', digest, 'v1.2.3'],
      { ANSWER: answer, CODE: code },
      { skopeo },
    );

  it('is given to the digest, in a name of small letters', () => {
    const expected = `copied copy --preserve-digests docker://ghcr.io/acme/billing@${digest} docker://ghcr.io/acme/billing:1.2.3`;
    expect(tag('reading manifest: manifest unknown', '1').output).toContain(expected);
    expect(tag(digest, '0').output).toContain(expected);
  });

  it('SR-68: is not taken from another image, nor when the registry does not say', () => {
    for (const [answer, code] of [
      [other, '0'],
      ['connection refused', '1'],
    ] as const) {
      const result = tag(answer, code);
      expect([result.code, result.output]).toEqual([1, expect.not.stringContaining('copied')]);
    }
  });
});

describe.skipIf(!hasBash)('a tag of the repository', () => {
  let clone: string;
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: clone, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.anything()]);
  };
  const checkTag = (tag: string) => {
    const { status } = spawnSync(join(clone, 'tools/ci/check-tag.sh'), [tag, 'main'], { encoding: 'utf8' });
    return status;
  };

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'check-tag-'));
    mkdirSync(join(clone, 'tools/ci'), { recursive: true });
    const script = readFileSync(join(root, 'tools/ci/check-tag.sh'));
    writeFileSync(join(clone, 'tools/ci/check-tag.sh'), script, { mode: 0o755 });
    writeFileSync(join(clone, 'package.json'), '{ "version": "1.2.3" }');
    git('init', '--quiet', '--initial-branch=main');
    git('add', '.');
    git('commit', '--quiet', '--message=one');
  });
  afterEach(() => {
    rmSync(clone, { recursive: true });
  });

  it('is released when it is the version, on the main branch', () => {
    git('tag', 'v1.2.3');
    expect(checkTag('v1.2.3')).toBe(0);
  });

  it('SR-68: is not released when it is another version, or on a branch that nobody has reviewed', () => {
    git('tag', 'v1.2.4');
    expect(checkTag('v1.2.4')).not.toBe(0);
    git('switch', '--quiet', '--create', 'feature');
    git('commit', '--quiet', '--allow-empty', '--message=two');
    git('tag', 'v1.2.3');
    expect(checkTag('v1.2.3')).not.toBe(0);
  });
});
