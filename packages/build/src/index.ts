export { bundledPackagesPlugin, type BundledPackagesPlugin } from './bundled-packages-plugin.ts';
export { BUNDLED_PACKAGES_SUFFIX, type BundledPackage } from './bundled-package.ts';
