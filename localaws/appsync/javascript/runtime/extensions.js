// extensions and runtime.
// https://docs.aws.amazon.com/appsync/latest/devguide/extensions-js.html

{
  const MAX_INVALIDATIONS = 5;

  const invalidateSubscriptions = (invalidation) => {
    if (host.state.invalidations.length === MAX_INVALIDATIONS) {
      host.fail(
        `a request may call invalidateSubscriptions ${MAX_INVALIDATIONS} times`,
        "InvalidationLimitExceeded",
      );
    }
    host.state.invalidations.push(invalidation);
  };

  host.extensions = {
    // Nothing is cached on one machine, so there is nothing to evict.
    evictFromApiCache: () => undefined,
    invalidateSubscriptions,
    setSubscriptionFilter: (filter) => {
      host.state.filter = filter;
    },
    setSubscriptionInvalidationFilter: (filter) => {
      host.state.invalidationFilter = filter;
    },
  };

  const earlyReturn = (value, options) => {
    // A missing value and null are refused (aws/aws-appsync-community#280).
    if ((value ?? null) === null) {
      host.fail("Runtime Error", "Code");
    }
    const result = JSON.stringify(value) ?? "null";
    throw new host.Exit({ result, early: true, skipTo: options?.skipTo ?? null });
  };

  host.runtime = { earlyReturn };
}
