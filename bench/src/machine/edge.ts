import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

import { createTestAuthority, findFreePort, loopbackServer } from '@redoubt/testing';

import { SERVER_CORE } from './cores.ts';
import type { ServiceProcess } from './service-process.ts';

/** An nginx that ends TLS 1.3 before a service. */
export interface Edge {
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** 10 s in all. */
const START_ATTEMPTS = 200;
const ATTEMPT_MS = 50;

/**
 * Starts Debian's nginx before a service, on the same core: what both need of it is what a request costs. The connections
 * to the service are kept, as those of the edge are.
 */
export async function startEdge(service: ServiceProcess, directory: string): Promise<Edge> {
  const port = await findFreePort();
  const { certificate, key } = createTestAuthority().issue(loopbackServer);
  const own = (name: string): string => join(directory, `edge-${port}-${name}`);
  await writeFile(own('certificate.pem'), certificate);
  await writeFile(own('key.pem'), key, { mode: 0o400 });
  await writeFile(own('nginx.conf'), configurationOf(port, service, own));
  const child = spawn(
    'taskset',
    ['-c', SERVER_CORE, 'nginx', '-p', directory, '-e', 'stderr', '-c', own('nginx.conf')],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const exited = once(child, 'exit');
  await waitForPid(own('pid'));
  return {
    origin: `https://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** nginx writes it once it listens. */
async function waitForPid(file: string): Promise<void> {
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    if (existsSync(file)) return;
    await pause(ATTEMPT_MS);
  }
  throw new Error('nginx did not start');
}

function configurationOf(port: number, { origin }: ServiceProcess, own: (name: string) => string): string {
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${own('pid')};
error_log stderr error;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${own('body')};
  proxy_temp_path ${own('proxy')};
  fastcgi_temp_path ${own('fastcgi')};
  uwsgi_temp_path ${own('uwsgi')};
  scgi_temp_path ${own('scgi')};
  upstream service { server ${new URL(origin).host}; keepalive 64; }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${own('certificate.pem')};
    ssl_certificate_key ${own('key.pem')};
    ssl_protocols TLSv1.3;
    keepalive_requests 1000000;
    location / {
      proxy_pass http://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host 127.0.0.1;
      proxy_set_header X-Request-Id $request_id;
      proxy_set_header X-Forwarded-For $remote_addr;
    }
  }
}
`;
}
