import type { Place } from './place.ts';
import { YamlText } from './yaml-text.ts';

/** What api is told. */
const API_ENVIRONMENT = ['services', 'api', 'environment'];

/** The names of what api says of its tokens, in whose place an alias stands. */
interface TokenAnchors {
  readonly issuer: string;
  readonly audience: string;
}

/**
 * Gives a service its place in `compose.yaml`: its database with the two jobs that prepare it, itself, its volumes, and its
 * name at the edge. api is told to let it in; it takes the access tokens that api issues.
 */
export function addToCompose(text: string, place: Place): string {
  const { kebab, constant } = place.name;
  const compose = new YamlText(text);
  const host = `\${EDGE_${constant}_NAME:-${kebab}.localhost}`;
  compose.replace(['services', 'bootstrap', 'environment', 'EDGE_NAMES'], (names) => `${names},${host}`);
  compose.append(
    ['services', 'bootstrap', 'volumes'],
    volumesOf(kebab)
      .map((name) => `      - ${name}:/volumes/${name}\n`)
      .join(''),
  );
  admit(compose, place);
  compose.append(['services', 'edge', 'depends_on'], `      ${kebab}: { condition: service_healthy }\n`);
  compose.append(
    ['services', 'edge', 'environment'],
    `      EDGE_${constant}_NAME: ${host}\n      EDGE_${constant}_UPSTREAM: ${kebab}:3000\n`,
  );
  const issuer = compose.anchor([...API_ENVIRONMENT, 'PUBLIC_URL'], 'api-issuer');
  const audience = compose.anchor([...API_ENVIRONMENT, 'TOKEN_AUDIENCE'], 'api-audience');
  compose.insertBefore(['services', 'edge'], `${services(place, { issuer, audience })}\n`);
  compose.append(['volumes'], [...volumesOf(kebab), `${kebab}-postgres-data`].map((name) => `  ${name}:\n`).join(''));
  return compose.toString();
}

/** The volumes that the bootstrap fills. */
function volumesOf(name: string): readonly string[] {
  return ['secrets', 'roles-secrets', 'migrate-secrets', 'postgres-secrets'].map((each) => `${name}-${each}`);
}

/** api answers to its name inside, and to the certificate of the service. */
function admit(compose: YamlText, { name, project }: Place): void {
  const id = `spiffe://${project}.internal/${name.kebab}`;
  if (compose.has([...API_ENVIRONMENT, 'ALLOWED_SERVICES'])) {
    compose.replace([...API_ENVIRONMENT, 'ALLOWED_SERVICES'], (ids) => `${ids},${id}`);
    return;
  }
  compose.append(
    API_ENVIRONMENT,
    `      # Who calls it beside the edge, by their certificates (SR-28), and the name that they call it by.\n      ALLOWED_SERVICES: ${id}\n      ALLOWED_HOSTS: api\n`,
  );
}

function services({ name: { kebab, constant }, project }: Place, { issuer, audience }: TokenAnchors): string {
  const image = `image: \${${constant}_IMAGE:-${project}-${kebab}:local}`;
  return `  # ${kebab}: its database, the two jobs that prepare it, and the service.
  ${kebab}-postgres:
    <<: *postgres
    volumes:
      - ${kebab}-postgres-data:/var/lib/postgresql
      - ${kebab}-postgres-secrets:/run/secrets:ro
      - postgres-config:/etc/postgresql:ro,nocopy

  ${kebab}-roles:
    <<: *roles
    ${image}
    depends_on:
      ${kebab}-postgres: { condition: service_healthy }
    environment:
      <<: *roles-environment
      PREPARE_DATABASE_URL: postgres://postgres@${kebab}-postgres:5432/${project}
    volumes: ['${kebab}-roles-secrets:/run/secrets:ro']

  ${kebab}-migrate:
    <<: *migrate
    ${image}
    depends_on:
      ${kebab}-roles: { condition: service_completed_successfully }
    environment:
      <<: *migrate-environment
      MIGRATION_DATABASE_URL: postgres://app_migrator@${kebab}-postgres:5432/${project}
    volumes: ['${kebab}-migrate-secrets:/run/secrets:ro']

  ${kebab}:
    <<: *service
    ${image}
    build: { context: ., dockerfile: docker/Dockerfile, target: service, args: { SERVICE: ${kebab} } }
    depends_on:
      ${kebab}-migrate: { condition: service_completed_successfully }
      valkey: { condition: service_healthy }
    environment:
      <<: *service-environment
      PUBLIC_URL: \${${constant}_PUBLIC_URL:-https://\${EDGE_${constant}_NAME:-${kebab}.localhost}:\${EDGE_PORT:-8443}}
      DATABASE_URL: postgres://app_runtime@${kebab}-postgres:5432/${project}
      VALKEY_USERNAME: ${project}-${kebab}
      # What it calls, with a certificate of its own (SR-28).
      API_URL: https://api:3000
      API_CA_FILE: /run/secrets/server-authority.pem
      API_CERTIFICATE_FILE: /run/secrets/client-certificate.pem
      API_KEY: file:///run/secrets/client-key.pem
      # Whose access tokens it takes: those of people who sign in at api, as api says of them (SR-15).
      API_ISSUER: *${issuer}
      API_AUDIENCE: *${audience}
    volumes: ['${kebab}-secrets:/run/secrets:ro']
`;
}
