import { join, resolve } from 'node:path';

import { type Environment, loadSettings, readEnvironment } from '@redoubt/config';

import { type Settings, serviceSettings } from '../settings.ts';
import { LocalState } from './local-state.ts';

/** The folder of the repository, whatever folder the start was made from. */
const repository = join(import.meta.dirname, '..', '..', '..', '..');

/** What a development start is told, and where it keeps its state. */
export interface DevelopmentSettings {
  readonly environment: Environment;
  readonly settings: Settings;
  readonly state: LocalState;
}

/** The environment of a development start: what the process has, and the rules of development. */
export function developmentEnvironment(): Environment {
  return withPublicUrl({ ...readEnvironment(), NODE_ENV: 'development' });
}

/** Reads the settings of a development start. Throws `SettingsError` as production does. */
export function readDevelopmentSettings(): DevelopmentSettings {
  const environment = developmentEnvironment();
  const settings = loadSettings(serviceSettings, environment);
  return { environment, settings, state: localStateOf(settings) };
}

/** The folder that the settings name for the state of a development start. */
export function localStateOf({ LOCAL_DIRECTORY }: Pick<Settings, 'LOCAL_DIRECTORY'>): LocalState {
  return new LocalState(resolve(repository, LOCAL_DIRECTORY));
}

/** On another port, the service is reached on that port, unless somebody says otherwise. */
function withPublicUrl(environment: Environment): Environment {
  const port = environment['PORT'] ?? '';
  return /^\d{1,5}$/.test(port) ? { PUBLIC_URL: `http://127.0.0.1:${port}`, ...environment } : environment;
}
