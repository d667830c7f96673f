// The packages that carry Node itself write `"os": "linux"` where the manifest format has a list, and pnpm then
// downloads every platform's 40 MB. Written as the lists that they mean, four of five stay where they are.
function asList(value) {
  return typeof value === 'string' ? [value] : value;
}

// openapi-typescript writes types with the compiler's own interface, which TypeScript 7 does not have: the last release
// of version 5 stands beside it, for it alone (docs/decisions/026-api-client.md).
function withOwnCompiler({ peerDependencies: { typescript: _, ...peerDependencies }, ...manifest }) {
  return { ...manifest, peerDependencies, dependencies: { ...manifest.dependencies, typescript: '5.9.3' } };
}

function readPackage(manifest) {
  if (manifest.name === 'openapi-typescript') return withOwnCompiler(manifest);
  if (!/^node-(bin-)?(linux|darwin|win)-/.test(manifest.name ?? '')) return manifest;
  return { ...manifest, os: asList(manifest.os), cpu: asList(manifest.cpu) };
}

export const hooks = { readPackage };
