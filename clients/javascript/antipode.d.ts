/** A Region's API. One shared name for all Regions is one entry. */
export interface Region {
  /** For people, and for `credentials`; by default the URL. */
  name?: string;
  graphqlUrl: string;
  /** By default AppSync's own host for it, or beside `graphqlUrl` under a name of one's own. */
  realtimeUrl?: string;
  /** The Region's own `/health`, where it has one: it is left while that fails. */
  healthUrl?: string;
}

/** What a caller's own signer is given: it answers with all headers, signed with SigV4 for `appsync`. */
export interface ToSign {
  method: "POST";
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Asked for before each use, or, with `expiresAt` (milliseconds), a minute before they end and when they are refused. */
export type Credentials = { expiresAt?: number } & (
  | { apiKey: string }
  | { token: string }
  | { sign: (request: ToSign) => Record<string, string> | Promise<Record<string, string>> }
);

export interface Options {
  regions: Region[];
  credentials: (region: Required<Pick<Region, "name" | "graphqlUrl" | "realtimeUrl">> & Region) => Credentials | Promise<Credentials>;
  /** `order` takes the first that serves, `latency` the nearest by measurement. */
  choose?: "order" | "latency";
  /** Closes the client. */
  signal?: AbortSignal;
}

/** What the client is carried out with, for tests and for a Node without a WebSocket. */
export interface Environment {
  WebSocket: new (url: string, protocols: string[]) => any;
  fetch: (url: string, options: any) => Promise<{ status: number; json(): Promise<any> }>;
  now(): number;
  /** From 0 to 1. */
  random(): number;
  newId(): string;
  setTimeout(run: () => void, ms: number): any;
  clearTimeout(timer: any): void;
  /** The window, whose `online`, `offline` and visibility are heard, or null. */
  page: any;
  /** Told of what a listener throws. */
  report(error: unknown): void;
}

/**
 * `live`: the Region's last state. `behind`: connected, and not caught up. `moving`: on the way to a Region. `offline`: none
 * can be reached. But in `live` the items are those of before.
 */
export type State = "live" | "behind" | "moving" | "offline";

export interface Snapshot<Item> {
  readonly items: readonly Item[];
  readonly state: State;
  readonly region: string | null;
  /** What happened in between was not announced one by one: from when, and until when, in milliseconds. */
  readonly gap: { readonly since: number; readonly until: number | null } | null;
  /** Why it is not live, if that is known. */
  readonly error: Error | null;
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface Query {
  /** The list, or the query of an index. */
  list: string;
  /** The list's arguments besides the filter: `{ boardId: "b" }`, or a condition on the sort key. */
  arguments?: Record<string, Json>;
  changes: string[];
  /** Fields as GraphQL has them; what the client needs is added. */
  select: string;
  /** As the list takes it. What no longer fits it goes. */
  filter?: Record<string, Json>;
  /** The fields of the key: by default `id`. */
  key?: string[];
  /** Fields that may well be null: an announcement without them is whole. For others the item is asked for. */
  optional?: string[];
  /** The query for what was missed, where the model has one; `true` is `syncTodos` of `listTodos`. */
  sync?: string | true;
  /** By default what the first of `changes` says. */
  model?: string;
  /** Other names of the operations than `getTodo`, `createTodo`, `updateTodo`, `deleteTodo`. */
  names?: { get?: string; create?: string; update?: string; delete?: string };
  /** GraphQL types of arguments and key fields that are not `ID!`. */
  types?: Record<string, string>;
  /** Closes it. */
  signal?: AbortSignal;
}

export interface Live<Item> {
  /** What there is: the same object until something changes. */
  getSnapshot(): Snapshot<Item>;
  /** Returns what ends it. The first listener starts the copy, the last one stops it. */
  subscribe(listener: (snapshot: Snapshot<Item>) => void, options?: { signal?: AbortSignal }): () => void;
  /** Shown at once, and taken back if it fails. */
  create(fields: Partial<Item>): Promise<Item>;
  update(fields: Partial<Item>): Promise<Item>;
  delete(item: Partial<Item>): Promise<Item>;
  close(): void;
}

export class Antipode {
  constructor(options: Options, environment?: Partial<Environment>);
  /** The data of a query or mutation. Throws an `AntipodeError`, or what fetch throws. */
  request<Data = any>(document: string, variables?: Record<string, unknown>, options?: { signal?: AbortSignal }): Promise<Data>;
  live<Item = any>(query: Query): Live<Item>;
  readonly region: string | null;
  readonly state: "open" | "moving" | "offline";
  close(): void;
}

export class AntipodeError extends Error {
  /** Of the answer, if there was one. */
  readonly status: number | null;
  /** As GraphQL has them. */
  readonly errors: readonly { message?: string; errorType?: string; [more: string]: unknown }[];
  readonly unauthorized: boolean;
}
