/** The files that a server is configured by, and the volume that it reads them from. */
export interface ConfigVolume {
  readonly name: string;
  readonly service: string;
  /** Folders that are there without a file of ours: in a volume that is mounted read-only, nobody can make them later. */
  readonly folders: readonly string[];
}

/** What the image brings for each server is in a folder of the server's name. */
export const configVolumes: readonly ConfigVolume[] = [
  // What a profile adds is mounted there (nginx/README.md).
  { name: 'edge-config', service: 'edge', folders: ['profiles/http', 'profiles/server'] },
  { name: 'postgres-config', service: 'postgres', folders: [] },
  { name: 'valkey-config', service: 'valkey', folders: [] },
];
