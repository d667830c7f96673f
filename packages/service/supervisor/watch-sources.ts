import { watch } from 'node:fs';

/** What is read at a start. Editors write other files beside them: swap files, copies. */
const SOURCE = /\.(?:ts|json|sql|txt|html|yaml)$/;

/** Editors write a file in steps, and a change of branch writes many files: one restart for all of it. */
const SETTLE_MS = 30;

/** Calls back, once for changes that come together, when a source file below one of the directories changes. */
export function watchSources(directories: readonly string[], onChange: (file: string) => void): { close(): void } {
  let pending: NodeJS.Timeout | undefined;
  const watchers = directories.map((directory) =>
    watch(directory, { recursive: true }, (_event, file) => {
      if (file === null || !SOURCE.test(file)) return;
      clearTimeout(pending);
      pending = setTimeout(() => onChange(file), SETTLE_MS);
    }),
  );
  return {
    close() {
      clearTimeout(pending);
      for (const watcher of watchers) watcher.close();
    },
  };
}
