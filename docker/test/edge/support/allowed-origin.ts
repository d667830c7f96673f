/** The one origin of `ALLOWED_ORIGINS` in docker/test/compose.test.yaml. */
export const ALLOWED_ORIGIN = 'https://app.redoubt.example';
