import type { ServiceModule } from '@redoubt/service';

import type { AppDependencies, AppOptions } from './app-dependencies.ts';
import { addConfirmationRoutes } from './sign-in/confirmation-routes.ts';
import { addPasswordResetRoutes } from './sign-in/password-reset-routes.ts';
import { addPasswordRoutes } from './sign-in/password-routes.ts';
import { addRefreshRoutes } from './sign-in/refresh-routes.ts';
import { addRegistrationRoutes } from './sign-in/registration-routes.ts';
import { addSessionRoutes } from './sign-in/session-routes.ts';
import { addSignInRoutes } from './sign-in/sign-in-routes.ts';
import { addUserChangeRoutes } from './users/user-change-routes.ts';
import { addUserRoutes } from './users/user-routes.ts';
import { addKeySetRoute } from './well-known/key-set-route.ts';

type ApiModule = ServiceModule<AppDependencies, AppOptions>;

/** Sign-in with passwords: where accounts sign in elsewhere, these routes do not exist (SR-15). */
const localPasswords: ApiModule = {
  name: 'local passwords',
  addRoutes(app, dependencies, options) {
    if (options.localPasswords === 'off') return;
    addRegistrationRoutes(app, dependencies, options);
    addConfirmationRoutes(app, dependencies, options);
    addSignInRoutes(app, dependencies, options);
    addPasswordRoutes(app, dependencies, options);
    addPasswordResetRoutes(app, dependencies, options);
  },
};

const sessions: ApiModule = {
  name: 'sessions',
  addRoutes(app, dependencies, options) {
    addRefreshRoutes(app, dependencies, options);
    addSessionRoutes(app, dependencies);
  },
};

const users: ApiModule = {
  name: 'users',
  addRoutes(app, dependencies, options) {
    addUserRoutes(app, dependencies, options);
    addUserChangeRoutes(app, dependencies);
  },
};

const keySet: ApiModule = { name: 'key set', addRoutes: addKeySetRoute };

/** The routes of this service, in the order in which they are added. */
export const modules: readonly ApiModule[] = [localPasswords, sessions, users, keySet];
