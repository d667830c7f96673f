import { howItChanges, isByDigest } from '../images/image-reference.ts';
import type { Fault, PolicyInput, PolicyRule } from '../policy-rule.ts';
import type { ComposeService } from '../read/compose-file.ts';
import { composeFilesOf, type JudgedComposeFile } from './compose-files.ts';
import { type ServiceRule, serviceRules } from './compose-policy.ts';

/** The name of the image in `${API_IMAGE:-redoubt-api:local}`: what is used unless somebody says otherwise. */
const WITH_DEFAULT = /^\$\{\w+:-(?<image>[^}]+)\}$/;

/** Rules about compose files. */
export const composeRules: readonly PolicyRule[] = [
  {
    id: 'P-501',
    title: 'A service has an image with a digest, or one that is built here and pulled from nowhere',
    requirement: 'SR-61',
    reason: 'A tag is pushed again, and the next `docker compose pull` starts what nobody has looked at.',
    fix: 'write `name:tag@sha256:<digest>`, or an exception where no digest is known from two sources; an own image has `pull_policy: never`',
    exceptions: 'by-subject',
    check: (input) =>
      everyService(input, ({ service, context }) =>
        context.borrowed.has(context.name) && service.image !== undefined ? undefined : imageFault(service),
      ),
  },
  ...serviceRules.map(toPolicyRule),
];

function imageFault({ image, pull_policy }: ComposeService): Omit<Fault, 'file' | 'line'> | undefined {
  if (typeof image !== 'string') return { message: 'it has no image: what is built has a name as well' };
  if (pull_policy === 'never' || isByDigest(image)) return undefined;
  const subject = WITH_DEFAULT.exec(image)?.groups?.['image'] ?? image;
  return isByDigest(subject) ? undefined : { subject, message: howItChanges(subject) };
}

function toPolicyRule({ id, requirement, title, reason, fix, keys, holds }: ServiceRule): PolicyRule {
  const check = (input: PolicyInput): Fault[] =>
    everyService(
      input,
      ({ service, context }) =>
        holds(service, context) ? undefined : { message: `the service ${context.name}: ${title}` },
      keys,
    );
  return { id, title, requirement, reason, fix, check };
}

interface Judged {
  readonly service: ComposeService;
  readonly context: { readonly name: string } & Pick<JudgedComposeFile, 'borrowed' | 'internal' | 'policy'>;
}

function everyService(
  { files }: PolicyInput,
  judge: (judged: Judged) => Omit<Fault, 'file' | 'line'> | undefined,
  keys: readonly string[] = ['image'],
): Fault[] {
  return composeFilesOf(files).flatMap(({ file, services, ...context }) =>
    Object.entries(services).flatMap(([name, service]) => {
      const fault = judge({ service, context: { name, ...context } });
      if (fault === undefined) return [];
      const view = files.yaml(file).get('services', name);
      const line = keys.map((key) => view?.get(key)?.line).find((each) => each !== undefined) ?? view?.line ?? 1;
      return [{ file, line, ...fault }];
    }),
  );
}
