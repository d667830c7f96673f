/** Which rules hold: production refuses what only a developer's machine may do. */
export type SecretMode = 'production' | 'development';
