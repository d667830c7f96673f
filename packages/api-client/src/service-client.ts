import type { Client, ClientPathsWithMethod, FetchOptions, FetchResponse } from 'openapi-fetch';

/** A method of HTTP as a document writes it. */
type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';

type MediaType = `${string}/${string}`;

/** What an operation is called with, and what it answers. */
type OperationOf<Paths extends object, Path, Name extends Method> = Path extends keyof Paths
  ? Paths[Path] extends Readonly<Record<Name, infer Operation extends Record<string | number, unknown>>>
    ? Operation
    : never
  : never;

/** The second argument: it may be left out where nothing in it is asked for. */
type Arguments<Options> = Partial<Options> extends Options ? [options?: Options] : [options: Options];

/**
 * One method. That of `openapi-fetch` takes what it is called with for its type, and so lets through what no operation
 * knows; here the type is the operation's, and a field too many does not compile.
 */
type Call<Paths extends object, Name extends Method> = <Path extends ClientPathsWithMethod<Client<Paths>, Name>>(
  path: Path,
  ...options: Arguments<FetchOptions<OperationOf<Paths, Path, Name>>>
) => Promise<FetchResponse<OperationOf<Paths, Path, Name>, FetchOptions<OperationOf<Paths, Path, Name>>, MediaType>>;

/** Calls of a service by method and path; paths, parameters, bodies and answers have the types of its document. */
export interface ServiceClient<Paths extends object> {
  readonly GET: Call<Paths, 'get'>;
  readonly PUT: Call<Paths, 'put'>;
  readonly POST: Call<Paths, 'post'>;
  readonly DELETE: Call<Paths, 'delete'>;
  readonly PATCH: Call<Paths, 'patch'>;
}
