import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { serviceSettings } from '@redoubt/api/settings';
import { findingCatalogue } from '@redoubt/config';

import { readCatalogue } from './catalogue.ts';
import type { KnownNames } from './control-table.ts';
import { readTestSources } from './test-sources.ts';

/** Where a route's own options are declared; a type leaves nothing behind that could be asked. */
const ROUTE_DECLARATION = 'packages/server/src/route/route-declaration.ts';

/** What the table of controls may name in this repository. */
export function knownNames(root: string): KnownNames {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const catalogue = readCatalogue(read('tools/evidence/requirements.yaml'), read('tools/evidence/asvs.yaml'));
  const findings = [...findingCatalogue];
  return {
    settings: new Set(serviceSettings.settings.map(({ name }) => name)),
    routeOptions: routeOptionsIn(read(ROUTE_DECLARATION)),
    silences: new Set(findings.filter(([, { silencing }]) => silencing === 'allowed').map(([id]) => id)),
    requirements: catalogue.requirements,
    tests: readTestSources(root),
  };
}

/** The options of the interface `RouteDeclaration`. */
function routeOptionsIn(source: string): ReadonlySet<string> {
  const body = /interface RouteDeclaration \{(?<body>[\s\S]*?)\n\}/.exec(source)?.groups?.['body'] ?? '';
  return new Set([...body.matchAll(/^ {2}readonly (?<name>\w+)\??:/gm)].map(({ groups }) => groups?.['name'] ?? ''));
}
