import process from 'node:process';

import { servers, servedBy } from './served-certificates/served-by.ts';

// oxlint-disable-next-line no-restricted-properties -- the one setting of a program that is no service
const { EDGE_SERVER_NAME = 'localhost' } = process.env;

// What cannot be seen is a line as well: docker/renew.sh compares the lines with what the bootstrap has told.
const lines = await Promise.all(servers(EDGE_SERVER_NAME).map(servedBy));
process.stdout.write(`${lines.flat().join('\n')}\n`);
