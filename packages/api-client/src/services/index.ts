// Made by `pnpm client`.
export type { paths as ApiPaths } from './api.ts';
