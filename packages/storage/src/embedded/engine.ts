/** The embedded engine without the rest of storage, for a process that only keeps it for another one. */
export { type EmbeddedEngine, openEmbeddedEngine } from './embedded-engine.ts';
export type { EngineChannel } from './engine-messages.ts';
export { lendEngine } from './lend-engine.ts';
