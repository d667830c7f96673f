/** A line of the log, parsed. */
type LogLine = Readonly<Record<string, unknown>>;

/**
 * The text of a line for a person: a request as a server prints it, a security event by its name; `undefined` for every
 * other line, which is printed with its fields.
 */
export function compactLine(line: LogLine): { readonly text: string; readonly rest: LogLine } | undefined {
  if (line['msg'] === 'request' && 'route' in line) return compactRequest(line);
  const event = line['securityEvent'];
  return typeof event === 'object' && event !== null ? compactEvent(line, event as LogLine) : undefined;
}

/** What went wrong is looked for by its id; what went well is not. */
function compactRequest(line: LogLine) {
  const { method, route, status, durationMs, requestId, userId, serviceId } = line;
  const text = `${String(method)} ${String(route)} ${String(status)} ${Number(durationMs).toFixed(1)} ms`;
  const failed = Number(status) >= 500;
  return { text, rest: present({ userId, serviceId, ...(failed ? { requestId } : {}) }) };
}

function compactEvent(line: LogLine, { name, severity, id: _id, occurredAt: _occurredAt, ...rest }: LogLine) {
  return { text: `${String(line['msg'])} ${String(name)} (${String(severity)})`, rest: present(rest) };
}

function present(fields: LogLine): LogLine {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
