// What handlers see. Frozen: one evaluation leaves nothing behind for the next.

{
  const frozen = (value) => {
    if (typeof value === "object" && value !== null) {
      Object.values(value).forEach(frozen);
      Object.freeze(value);
    }
    return value;
  };

  const { util, extensions, runtime } = host;
  host.modules["@aws-appsync/utils"] = { util, extensions, runtime };
  frozen(host.modules);
  Object.assign(globalThis, { util, extensions, runtime });
}
