/** The management listener answers the machine itself only, unless it is told otherwise. */
export const DEFAULT_MANAGEMENT_HOST = '127.0.0.1';

export const DEFAULT_MANAGEMENT_PORT = 9000;
