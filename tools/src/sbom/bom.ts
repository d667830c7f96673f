import { hash } from 'node:crypto';

/** A licence as CycloneDX writes one. */
type BomLicence =
  | { readonly expression: string }
  | { readonly license: { readonly id: string } | { readonly name: string } };

/** Something that is inside of what is described. Its `purl` is its reference as well. */
export interface BomComponent {
  readonly type: 'application' | 'container' | 'library' | 'platform';
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly group?: string;
  readonly licenses?: readonly BomLicence[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

/** Who needs whom, by their references. */
interface BomDependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}

/** What a document is made of. */
export interface BomContents {
  /** What is described. */
  readonly subject: BomComponent;
  readonly components: readonly BomComponent[];
  readonly dependencies: readonly BomDependency[];
}

/**
 * Writes a CycloneDX 1.6 document (ECMA-424). The same contents give the same bytes: everything is in order, the serial
 * number is made of the contents, and there is no time in it.
 */
export function writeBom({ subject, components, dependencies }: BomContents): string {
  const contents = {
    metadata: { component: withReference(subject) },
    components: components.toSorted((a, b) => compare(a.purl, b.purl)).map(withReference),
    dependencies: dependencies
      .toSorted((a, b) => compare(a.ref, b.ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.toSorted(compare) })),
  };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(contents))}`;
  const bom = { bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber, version: 1, ...contents };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

function withReference(component: BomComponent): BomComponent & { readonly 'bom-ref': string } {
  return { ...component, 'bom-ref': component.purl };
}

/** By code units, whatever the language of the machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A UUID of its own making (RFC 9562, version 8) from a hash. */
function uuidOf(text: string): string {
  const digits = hash('sha256', text, 'hex').slice(0, 32).split('');
  digits[12] = '8';
  digits[16] = ((Number.parseInt(digits[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
