import { resolve } from 'node:path';

import { type Environment, loadSettings, readEnvironment } from '@redoubt/config';

import type { Service } from '../define-service.ts';
import type { ServiceSettings } from '../settings/service-settings.ts';
import { repository } from './repository.ts';

/** What a development start is told, and where it keeps its state. */
export interface DevelopmentSettings {
  readonly environment: Environment;
  readonly settings: ServiceSettings;
  /** A folder of the developer's; git ignores it. */
  readonly directory: string;
}

/** The environment of a development start: what the process has, and the rules of development. */
export function developmentEnvironment(): Environment {
  return withPublicUrl({ ...readEnvironment(), NODE_ENV: 'development' });
}

/** Reads the settings of a development start. Throws `SettingsError` as production does. */
export function readDevelopmentSettings(service: Service): DevelopmentSettings {
  const environment = developmentEnvironment();
  const settings = loadSettings(service.settings, environment);
  return { environment, settings, directory: localDirectoryOf(settings) };
}

/** The folder that the settings name for the state of a development start. */
export function localDirectoryOf({ LOCAL_DIRECTORY }: Pick<ServiceSettings, 'LOCAL_DIRECTORY'>): string {
  return resolve(repository, LOCAL_DIRECTORY);
}

/** On another port, the service is reached on that port, unless somebody says otherwise. */
function withPublicUrl(environment: Environment): Environment {
  const port = environment['PORT'] ?? '';
  return /^\d{1,5}$/.test(port) ? { PUBLIC_URL: `http://127.0.0.1:${port}`, ...environment } : environment;
}
