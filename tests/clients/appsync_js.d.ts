// What the runtime has beside the module whose types AWS publishes.
// https://docs.aws.amazon.com/appsync/latest/devguide/built-in-objects-functions.html
declare const console: {
  log(...values: unknown[]): void;
  error(...values: unknown[]): void;
};
