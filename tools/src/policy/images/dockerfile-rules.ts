import { inFile, type Fault, type LocalFault, type PolicyInput, type PolicyRule } from '../policy-rule.ts';
import {
  type Dockerfile,
  type Instruction,
  lineageOf,
  parseDockerfile,
  shippedStages,
  type Stage,
} from '../read/dockerfile.ts';
import { howItChanges, isByDigest } from './image-reference.ts';

/** Below it are users of the host's own, whom a process would be if it got out (SR-61, choice). */
const LOWEST_USER = 10_000;

const SECRET_NAME = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|CREDENTIALS?)(?:_|$)/i;

function everyDockerfile({ files }: PolicyInput, judge: (parsed: Dockerfile, text: string) => LocalFault[]): Fault[] {
  return files
    .matching(/(?:^|\/)(?:[\w-]+\.)?Dockerfile(?:\.[\w-]+)?$/)
    .flatMap((file) => inFile(file, judge(parseDockerfile(files.text(file)), files.text(file))));
}

/** Rules about Dockerfiles. */
export const dockerfileRules: readonly PolicyRule[] = [
  {
    id: 'P-401',
    title: 'Every image that a stage begins or copies from has a digest',
    requirement: 'SR-61',
    reason: 'Two builds of one commit would differ, and nobody would have scanned the second.',
    fix: 'write `FROM name:tag@sha256:<digest>`, or the name of a stage before it; no `# syntax=` line',
    exceptions: 'by-subject',
    check: (input) =>
      everyDockerfile(input, (parsed, text) => [
        ...syntaxFaults(text),
        ...parsed.stages.flatMap((stage) => baseFaults(stage, parsed)),
      ]),
  },
  {
    id: 'P-402',
    title: `What ships runs as a user with a number of ${LOWEST_USER} or more`,
    requirement: 'SR-61',
    reason: 'Kubernetes proves from a number that it is not root, and from a name it cannot.',
    fix: 'write `USER 65532:65532` in the stage, or in one that it is made from',
    check: (input) =>
      everyDockerfile(input, (parsed) =>
        shippedStages(parsed)
          .map((stage) => ({ stage, user: lastOf('USER', stage, parsed) }))
          .filter(({ user }) => !isClosedUser(user?.argument ?? ''))
          .map(({ stage, user }) => ({
            line: user?.line ?? stage.line,
            message: `the stage ${nameOf(stage)} runs as ${user?.argument ?? 'whoever its base says'}`,
          })),
      ),
  },
  {
    id: 'P-403',
    title: 'Files are copied, never added',
    requirement: 'SR-61',
    reason: 'ADD fetches addresses and unpacks archives: what comes in is not what stands in the repository.',
    fix: 'write COPY',
    check: (input) =>
      everyDockerfile(input, ({ instructions }) =>
        instructions
          .filter(({ keyword }) => keyword === 'ADD')
          .map(({ line, argument }) => ({ line, message: `ADD ${argument}` })),
      ),
  },
  {
    id: 'P-404',
    title: 'No secret is a variable of an image',
    requirement: 'SR-51',
    reason: 'ENV and ARG are in the history of the image, for whoever pulls it.',
    fix: 'mount it: `RUN --mount=type=secret`, or a file at run time',
    check: (input) =>
      everyDockerfile(input, ({ instructions }) =>
        instructions
          .filter(({ keyword }) => keyword === 'ENV' || keyword === 'ARG')
          .flatMap(({ line, argument }) =>
            variablesOf(argument)
              .filter((name) => SECRET_NAME.test(name))
              .map((name) => ({ line, message: `${name} is in the image` })),
          ),
      ),
  },
  {
    id: 'P-405',
    title: 'What ships says how it is asked whether it is well',
    requirement: 'SR-61',
    reason: 'A process that hangs is alive for the engine, and goes on getting requests.',
    fix: 'write HEALTHCHECK in the last stage',
    check: (input) =>
      everyDockerfile(input, (parsed) => {
        const last = parsed.stages.at(-1);
        if (last === undefined) return [{ line: 1, message: 'it has no stage' }];
        const health = lastOf('HEALTHCHECK', last, parsed);
        if (health !== undefined && !/^none$/i.test(health.argument)) return [];
        return [{ line: health?.line ?? last.line, message: `the stage ${nameOf(last)} has no HEALTHCHECK` }];
      }),
  },
  {
    id: 'P-406',
    title: 'A stage that ships is made of copies alone',
    requirement: 'SR-61',
    reason: 'RUN takes a shell: an image in which one runs has one, and a package manager beside it most of the time.',
    fix: 'run it in a stage before, and copy what it made',
    check: (input) =>
      everyDockerfile(input, (parsed) =>
        shippedStages(parsed)
          .flatMap((stage) => lineageOf(stage, parsed))
          .flatMap(({ instructions }) => instructions)
          .filter(({ keyword }) => keyword === 'RUN')
          .map(({ line }) => ({ line, message: 'RUN in a stage that ships' })),
      ),
  },
];

function syntaxFaults(text: string): LocalFault[] {
  const frontend = /^#\s*syntax\s*=\s*(?<image>\S+)/im.exec(text.split('\n')[0] ?? '')?.groups?.['image'];
  if (frontend === undefined || isByDigest(frontend)) return [];
  return [{ line: 1, subject: frontend, message: `the frontend: ${howItChanges(frontend)}` }];
}

function baseFaults(stage: Stage, { stages }: Dockerfile): LocalFault[] {
  const earlier = new Set(stages.filter(({ line }) => line < stage.line).map(({ name }) => name));
  const copied = stage.instructions
    .filter(({ keyword }) => keyword === 'COPY' || keyword === 'RUN')
    .flatMap(({ line, argument }) =>
      [...argument.matchAll(/(?:--|,)from=(?<image>[^\s,]+)/g)].map(({ groups }) => ({
        line,
        image: groups?.['image'] ?? '',
      })),
    );
  return [{ line: stage.line, image: stage.base }, ...copied]
    .filter(({ image }) => image !== 'scratch' && !/^\d+$/.test(image) && !earlier.has(image) && !isByDigest(image))
    .map(({ line, image }) => ({ line, subject: image, message: howItChanges(image) }));
}

function lastOf(keyword: string, stage: Stage, parsed: Dockerfile): Instruction | undefined {
  return lineageOf(stage, parsed)
    .map(({ instructions }) => instructions.findLast((each) => each.keyword === keyword))
    .find((found) => found !== undefined);
}

function isClosedUser(user: string): boolean {
  const { id, group } = /^(?<id>\d+):(?<group>\d+)$/.exec(user)?.groups ?? {};
  return Number(id) >= LOWEST_USER && Number(group) >= LOWEST_USER;
}

function nameOf({ name, line }: Stage): string {
  return name === '' ? `of line ${line}` : name;
}

/** `A=1 B="2 3"`, or the older `A 1`. */
function variablesOf(argument: string): string[] {
  const names = [...argument.matchAll(/(?:^|\s)(?<name>\w+)=/g)].map(({ groups }) => groups?.['name'] ?? '');
  return names.length > 0 ? names : [argument.split(/\s/)[0] ?? ''];
}
