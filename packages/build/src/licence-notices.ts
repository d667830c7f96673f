import type { LicensedPackage } from './bundled-package.ts';

const RULE = '-'.repeat(78);

/**
 * Writes the licences of packages into one text: nearly all of them ask that theirs goes along with every copy. A package that
 * has no file for it is listed with what its manifest says.
 */
export function licenceNotices(packages: readonly LicensedPackage[]): string {
  const sections = packages.map(({ name, version, licence, texts }) =>
    [
      `${name} ${version}`,
      `Licence: ${licence}`,
      '',
      texts.length === 0 ? 'It has no licence file.' : texts.join('\n\n'),
    ].join('\n'),
  );
  return (
    ['The program beside this file contains code of the packages below, each under its own licence.', ...sections].join(
      `\n\n${RULE}\n\n`,
    ) + '\n'
  );
}
