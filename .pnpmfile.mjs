// The packages that carry Node itself write `"os": "linux"` where the manifest format has a list, and pnpm then
// downloads every platform's 40 MB. Written as the lists that they mean, four of five stay where they are.
function asList(value) {
  return typeof value === 'string' ? [value] : value;
}

function readPackage(manifest) {
  if (!/^node-(bin-)?(linux|darwin|win)-/.test(manifest.name ?? '')) return manifest;
  return { ...manifest, os: asList(manifest.os), cpu: asList(manifest.cpu) };
}

export const hooks = { readPackage };
