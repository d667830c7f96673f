import { howItChanges, isByDigest } from '../images/image-reference.ts';
import type { Fault, PolicyRule } from '../policy-rule.ts';
import { shellLines } from '../read/shell-lines.ts';
import { runsOf, workflowsOf, type WorkflowJob } from '../read/workflow.ts';
import type { YamlView } from '../read/yaml-view.ts';

/** An image that is named in a command: what follows the options of `docker run` and its kin. */
const IN_A_COMMAND = /\b(?:docker|podman)\s+(?:run|pull|create)\s+(?<rest>.*)$/;
const LOOKS_LIKE_AN_IMAGE =
  /(?:^|\s)"?(?<image>(?:[a-z0-9.-]+\/)*[a-z0-9.-]+(?::[\w.-]+)(?:@sha256:[0-9a-f]+)?)"?(?=\s|$)/;

/** Every image of a shell line, as far as it is written out: a variable is judged where it is set. */
export function imagesOfCommand(command: string): string[] {
  const rest = IN_A_COMMAND.exec(command)?.groups?.['rest'];
  const image = rest === undefined ? undefined : LOOKS_LIKE_AN_IMAGE.exec(rest)?.groups?.['image'];
  return image === undefined ? [] : [image];
}

/** The rule about images in workflows and in scripts. */
export const workflowImageRule: PolicyRule = {
  id: 'P-112',
  title: 'Every image in a workflow or a script is named by its digest',
  requirement: 'SR-69',
  reason:
    'A tag is pushed again by whoever takes the account over, and the next run starts it with the rights of the job.',
  fix: 'write `name:tag@sha256:<digest>`, or an exception where no digest is known from two sources',
  exceptions: 'by-subject',
  check: ({ files }) => [
    ...workflowsOf(files).flatMap(({ file, view, jobs }) => {
      const images = [...variables(view), ...jobs.flatMap(imagesOf)];
      const named = images.filter(({ text }) => text !== '' && !text.includes('${{') && !isByDigest(text));
      const commands = jobs.flatMap(runsOf).flatMap((run) => run.commands);
      return named
        .map(({ line, text }) => fault(file, line, text))
        .concat(commands.flatMap(({ line, text }) => inCommand(file, line, text)));
    }),
    ...files
      .matching(/\.sh$|^\.ci\/run$/)
      .flatMap((file) => shellLines(files.text(file)).flatMap(({ line, text }) => inScript(file, line, text))),
  ],
};

function imagesOf({ view, steps }: WorkflowJob): YamlView[] {
  const container = view.get('container');
  const services = (view.get('services')?.entries() ?? []).map(([, service]) => service.get('image'));
  return [
    container?.get('image') ?? container,
    ...services,
    ...variables(view),
    ...steps.flatMap(variables),
    ...steps.map((step) => step.get('with', 'image')),
  ].filter((image) => image !== undefined);
}

function variables(view: YamlView): YamlView[] {
  return (view.get('env')?.entries() ?? []).filter(([name]) => /(?:^|_)IMAGE$/.test(name)).map(([, value]) => value);
}

function inCommand(file: string, line: number, text: string): Fault[] {
  return imagesOfCommand(text)
    .filter((image) => !isByDigest(image))
    .map((image) => fault(file, line, image));
}

/** In a script, an image stands in a variable as well: `readonly TRIVY_IMAGE=aquasec/trivy:…`. */
function inScript(file: string, line: number, text: string): Fault[] {
  const variable = /^\s*(?:readonly |export |local )?\w*image=["']?(?<image>[\w./:@-]+)/i.exec(text)?.groups?.['image'];
  if (variable !== undefined && !isByDigest(variable)) return [fault(file, line, variable)];
  return inCommand(file, line, text);
}

function fault(file: string, line: number, subject: string): Fault {
  return { file, line, subject, message: howItChanges(subject) };
}
