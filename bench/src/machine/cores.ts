/** The core of the servers that are measured; the runner, the load and the backing servers have the other. */
export const SERVER_CORE = '0';
