/**
 * What of a service can be reached, as texts that a table holds: two of them can be compared although one of them is of
 * another revision, whose code is gone.
 */
export interface Surface {
  readonly routes: readonly SurfaceRoute[];
  readonly fields: readonly SurfaceField[];
}

/** A route as it declares itself. */
export interface SurfaceRoute {
  readonly listener: string;
  /** `METHOD /pattern`. */
  readonly route: string;
  /** `public`, or the name of its rule. */
  readonly access: string;
  readonly rateLimit: string;
  /** `none`, or the largest number of bytes. */
  readonly body: string;
  readonly idempotency: string;
  readonly audit: string;
  readonly cache: string;
}

/** One value that a route takes. */
export interface SurfaceField {
  readonly route: string;
  /** `body.email`, `querystring.limit`, `params.id`, `body.items[].name`. */
  readonly field: string;
  readonly presence: 'required' | 'optional';
  readonly bounds: string;
}
