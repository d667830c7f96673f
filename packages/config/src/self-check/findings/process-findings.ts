import type { FindingId, FindingKind } from '../finding.ts';

/** What makes the service itself weak. */
const weak = { area: 'process', severity: 'error', silencing: 'allowed' } as const;

/** Hardening of the surroundings that is missing: the service stands, and falls harder. */
const unhardened = { area: 'process', severity: 'warning', silencing: 'allowed' } as const;

/** What can be wrong with Node, its options and what surrounds the process: RD-080 to RD-098 (SR-19, SR-20, SR-53). */
export const processFindings = {
  'RD-080': {
    ...weak,
    title: 'Node is not of the release line that the service is tested on',
    risk: 'Limits, defaults of TLS and the permission model differ between release lines, and the tests of this service say nothing about another one. An older line is also the first to get no more fixes.',
    remedy: 'Start the service with the Node that the repository pins: the engines of package.json name the line.',
    source: 'SR-53, the Node.js release schedule',
  },
  'RD-081': {
    ...unhardened,
    title: 'Node is older than the one that the service is tested on',
    risk: 'Holes that a later release of the same line closed are open here, and whoever reads its release notes knows which.',
    remedy:
      'Update Node to the version that pnpm-workspace.yaml pins, or a later one of that line. In an image, raise the digest of the base.',
    source: 'SR-53, SR-67',
  },
  'RD-082': {
    ...weak,
    title: 'The inspector is open',
    risk: 'Whoever reaches its port runs any code in the process and reads all its memory, keys included. A browser on the same machine can be led to it by a web page.',
    remedy:
      'Remove --inspect, --inspect-brk and --inspect-wait from the command line and from NODE_OPTIONS. --disable-sigusr1 keeps a signal from opening it.',
    source: 'SR-20, the Node.js security best practices (CWE-346)',
  },
  'RD-083': {
    ...weak,
    title: 'Node parses HTTP leniently',
    risk: 'With --insecure-http-parser the service takes for one request what the proxy in front takes for two. That is request smuggling: one client writes the beginning of the request of another.',
    remedy: 'Remove --insecure-http-parser, and mend the client that needed it.',
    source: 'SR-26, the Node.js command line reference',
  },
  'RD-084': {
    ...weak,
    title: 'Node takes versions or ciphers of TLS that are broken',
    risk: 'Connections of the service to its database, its store and its issuers can be talked down to TLS 1.0 or 1.1 or to a cipher that offers no protection, and be read. The legacy provider brings MD4, RC4 and DES back.',
    remedy:
      'Remove --tls-min-v1.0, --tls-min-v1.1, --tls-cipher-list and --openssl-legacy-provider, or whatever set them. The defaults of Node are the least that is taken.',
    source: 'SR-27, RFC 8996',
  },
  'RD-085': {
    ...weak,
    silencing: 'refused',
    title: 'Node accepts any certificate from anybody',
    risk: 'With NODE_TLS_REJECT_UNAUTHORIZED=0 every outgoing connection goes to whoever answers first: database passwords, tokens and mails with it. Encryption to a stranger is none.',
    remedy:
      'Remove the variable. Name a private authority in the setting of the connection that needs it: DATABASE_CA_FILE, VALKEY_CA_FILE, MAIL_CA_FILE, VAULT_CACERT.',
    source: 'SR-28',
  },
  'RD-086': {
    ...weak,
    title: 'Keys of TLS connections are written to a file',
    risk: 'Whoever has the file and a recording of the traffic reads all of it, long after. SSLKEYLOGFILE is honoured by builds of OpenSSL and by programs that are started with this environment.',
    remedy: 'Remove --tls-keylog and SSLKEYLOGFILE, and delete the file that was written.',
    source: 'SR-27, the Node.js command line reference',
  },
  'RD-087': {
    ...weak,
    title: 'Debug output prints what goes over connections',
    risk: 'NODE_DEBUG and --trace-tls print requests with their Authorization headers, past the redaction of the log. Whoever reads the log then has tokens that still work.',
    remedy:
      'Remove NODE_DEBUG, NODE_DEBUG_NATIVE and --trace-tls. Logs that were written in the meantime hold secrets.',
    source: 'SR-43, SR-51',
  },
  'RD-088': {
    ...unhardened,
    title: 'Diagnostics write memory or environment to files',
    risk: 'Heap snapshots and core dumps hold every secret that the process holds, and reports hold its environment. They lie in a folder that nobody watches, and are sent to others who help.',
    remedy:
      'Remove --heapsnapshot-*, --heap-prof, --cpu-prof, --report-on-*, --abort-on-uncaught-exception and NODE_V8_COVERAGE. Where reports are needed, add --report-exclude-env.',
    source: 'SR-51, the Node.js diagnostic report',
  },
  'RD-089': {
    ...unhardened,
    severity: 'advice',
    title: 'A limit of the process is missing or too low',
    risk: 'A core dump holds every secret of the process. Below 1024 open files a few hundred clients take the connections of all; without a limit of memory one leak takes the whole machine down, its other services too.',
    remedy:
      'Set core to 0 and nofile to 65536 (ulimits in compose, LimitCORE= and LimitNOFILE= for systemd), and give the container or the unit a limit of memory.',
    source: 'SR-62, CIS Docker Benchmark 5.11, core(5)',
  },
  'RD-090': {
    ...unhardened,
    title: 'The environment loads code into the process',
    risk: 'What LD_PRELOAD, or --require and --import in NODE_OPTIONS, name runs before the service and sees all that it sees. Who can change the environment of a start needs no other hole.',
    remedy:
      'Remove them. An agent that is wanted belongs to the build, where it is reviewed: import it in the entry point, or name it on the command line.',
    source: 'SR-20, MITRE ATT&CK T1574.006',
  },
  'RD-091': {
    ...unhardened,
    severity: 'advice',
    title: 'Further authorities are trusted',
    risk: 'An authority that is added for one server may certify every other one as well, the token issuers and the secret store included. Those of the system are managed by whoever manages the machine.',
    remedy:
      'Keep the list as short as it can be: one file with the one private authority. Better, give the authority to the connection that needs it. If it is meant, silence this.',
    source: 'SR-28',
  },
  'RD-092': {
    ...unhardened,
    title: 'The permission model of Node is off',
    risk: 'A dependency that turns, or a hole in one, may start programs, write files, and read every file that the user of the service reads. With --permission-audit it is only written down.',
    remedy:
      'Start with --permission --allow-net and one --allow-fs-read for each folder that the service needs: its own, and that of its secrets. For this check to see the surroundings, allow /proc/self/status, limits, mountinfo and uid_map there as well.',
    source: 'SR-20',
  },
  'RD-093': {
    ...unhardened,
    title: 'The permission model of Node is opened wide',
    risk: 'A child process, a worker, an addon, WASI, a foreign function or the inspector is not held by the permission model; each undoes the rest of it. All of the file system is more than any service needs.',
    remedy:
      'Remove --allow-child-process, --allow-worker, --allow-addons, --allow-wasi, --allow-ffi and --allow-inspector, and name folders where --allow-fs-read or --allow-fs-write have *.',
    source: 'SR-20, the Node.js permission model',
  },
  'RD-094': {
    ...weak,
    title: 'The prototype of all objects can be changed',
    risk: 'One assignment to a key that a client chose, in any dependency, gives every object of the process a new property: isAdmin, a shell command, a template. It is how a merge of JSON becomes foreign code.',
    remedy:
      'Start with --disable-proto=delete, and freeze Object.prototype once everything is imported. --frozen-intrinsics is no replacement: it breaks the parsing of JSON bodies.',
    source: 'SR-19, OWASP Prototype Pollution Prevention Cheat Sheet',
  },
  'RD-095': {
    ...weak,
    title: 'The service runs as root',
    risk: 'Whoever gets code into the process owns the machine or the container with everything mounted into it, and file modes stop nobody. A service on a port above 1023 needs nothing of it.',
    remedy:
      'Give the service a user of its own: USER 10001 in the image, runAsNonRoot on Kubernetes, User= or DynamicUser=yes for systemd.',
    source: 'SR-61, CIS Docker Benchmark 4.1',
  },
  'RD-096': {
    ...unhardened,
    title: 'The process holds capabilities that it does not need',
    risk: 'Each is a part of the power of root: to read any file, to watch other processes, to change the network. Most ways out of a container begin with one of them.',
    remedy:
      'Drop all: cap_drop: [ALL] in compose, capabilities.drop: ["ALL"] on Kubernetes, CapabilityBoundingSet= for systemd.',
    source: 'SR-62, CIS Docker Benchmark 5.4, capabilities(7)',
  },
  'RD-097': {
    ...unhardened,
    title: 'The kernel does not confine the process',
    risk: 'Without no_new_privs a setuid program is a way to root; without a filter the process may use hundreds of system calls that it never needs, and holes of the kernel are found in those.',
    remedy:
      'Set no-new-privileges and leave the default seccomp profile on: security_opt in compose, allowPrivilegeEscalation: false and seccompProfile RuntimeDefault on Kubernetes, NoNewPrivileges=yes and SystemCallFilter=@system-service for systemd.',
    source: 'SR-62, CIS Docker Benchmark 5.22 and 5.26',
  },
  'RD-098': {
    ...unhardened,
    title: 'The process can change the files that it lives in',
    risk: 'Who gets code into the process can stay: tools are stored, and the program itself is replaced, to run again after the next start. A service keeps its state in its database.',
    remedy:
      'Mount the root file system read-only (read_only in compose, readOnlyRootFilesystem on Kubernetes, ProtectSystem=strict for systemd), and let another user than that of the service own its program.',
    source: 'SR-62, CIS Docker Benchmark 5.13',
  },
} as const satisfies Record<FindingId, FindingKind>;
