// util: encoding, ids, errors, patterns, authorization; str, math, http and rds.
// https://docs.aws.amazon.com/appsync/latest/devguide/built-in-util-js.html

{
  const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const UUID_PARTS = [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]];
  const KSUID_EPOCH_S = 1400000000n;

  const hex = (byte) => byte.toString(16).padStart(2, "0");

  const toNumber = (bytes) => bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);

  const inAlphabet = (number, alphabet, length) => {
    const base = BigInt(alphabet.length);
    let text = "";
    for (let rest = number; text.length < length; rest /= base) {
      text = alphabet[Number(rest % base)] + text;
    }
    return text;
  };

  const autoId = () => {
    const bytes = host.bytes(16);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const text = bytes.map(hex).join("");
    return UUID_PARTS.map(([start, end]) => text.slice(start, end)).join("-");
  };

  const autoUlid = () =>
    inAlphabet((BigInt(host.state.now) << 80n) | toNumber(host.bytes(10)), CROCKFORD, 26);

  const autoKsuid = () => {
    const seconds = BigInt(Math.floor(host.state.now / 1000)) - KSUID_EPOCH_S;
    return inAlphabet((seconds << 128n) | toNumber(host.bytes(16)), BASE62, 27);
  };

  // btoa and atob only handle bytes; the service's texts are UTF-8.
  const base64Encode = (text) => btoa(unescape(encodeURIComponent(text)));
  const base64Decode = (text) => decodeURIComponent(escape(atob(text)));

  const FORM_ESCAPES = { "%20": "+", "!": "%21", "'": "%27", "(": "%28", ")": "%29", "~": "%7E" };
  const urlEncode = (text) =>
    encodeURIComponent(text).replace(/%20|[!'()~]/g, (found) => FORM_ESCAPES[found]);
  const urlDecode = (text) => decodeURIComponent(text.replace(/\+/g, " "));

  const SCRIPT_ESCAPES = { "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const unicodeEscape = (character) =>
    `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  const escapeScript = (character) =>
    /["'\\/]/.test(character)
      ? `\\${character}`
      : (SCRIPT_ESCAPES[character] ?? unicodeEscape(character));
  const escapeJavaScript = (text) => text.replace(/["'\\/]|[^\x20-\x7e]/g, escapeScript);

  const error = (message, type, data, info) => {
    throw new host.Exit({ error: host.errorOf(message, type, data, info) });
  };

  const appendError = (message, type, data, info) => {
    host.state.errors.push(host.errorOf(message, type, data, info));
  };

  const unauthorized = () => {
    const { fieldName, parentTypeName } = host.state.info;
    const message = `Not Authorized to access ${fieldName} on type ${parentTypeName}`;
    error(fieldName === undefined ? "Unauthorized" : message, "Unauthorized");
  };

  // The service reads the mode from the identity's shape; every other shape is an API key's.
  const LAMBDA_KEYS = ["resolverContext", "handlerContext"];
  const IAM_KEYS = ["accountId", "sourceIp", "username", "userArn"];
  const USER_POOL_KEYS = [
    "sub", "issuer", "claims", "username", "sourceIp", "defaultAuthStrategy",
  ];
  const OIDC_KEYS = ["sub", "issuer", "claims"];

  const authType = () => {
    const identity = host.state.identity;
    const has = (key) => (identity[key] ?? null) !== null;
    if (identity === null) {
      return "API Key Authorization";
    }
    if (Object.keys(identity).length === 0 || LAMBDA_KEYS.some(has)) {
      return "Lambda Authorization";
    }
    if (IAM_KEYS.every(has)) {
      return "IAM Authorization";
    }
    if (USER_POOL_KEYS.every(has)) {
      return "User Pool Authorization";
    }
    if (OIDC_KEYS.every(has) && !Object.hasOwn(identity, "username")) {
      return "Open ID Connect Authorization";
    }
    return "API Key Authorization";
  };

  // https://docs.aws.amazon.com/appsync/latest/devguide/http-helpers-in-utils-http-js.html
  const MAX_HEADER_BYTES = 4096;
  const HOP_HEADERS = [
    "transfer-encoding", "connection", "host", "expect", "keep-alive", "upgrade",
    "proxy-authenticate", "proxy-authorization", "te", "content-length",
  ];
  const OWN_HEADERS = [
    "access-control-allow-credentials", "access-control-allow-origin",
    "access-control-expose-headers", "access-control-max-age", "access-control-allow-methods",
    "access-control-allow-headers", "vary", "content-type",
  ];

  const copyHeaders = (headers) =>
    Object.fromEntries(
      Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name.toLowerCase())),
    );

  const refusal = (name, value) => {
    const lower = `${name ?? ""}`.toLowerCase();
    if (lower === "") {
      return "header name is empty";
    }
    if (/^x-amzn?-/.test(lower) || [...HOP_HEADERS, ...OWN_HEADERS].includes(lower)) {
      return `header name is restricted: ${name}`;
    }
    return (value ?? null) === null ? `header value is null: ${name}` : null;
  };

  const headerBytes = (headers) =>
    unescape(encodeURIComponent(Object.entries(headers).flat().join(""))).length;

  const addResponseHeader = (name, value) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const headers = { ...host.state.headers, [name]: text };
    const reason =
      refusal(name, value) ??
      (headerBytes(headers) > MAX_HEADER_BYTES ? "headers are larger than 4 KB" : null);
    if (reason !== null) {
      appendError(reason, "ResponseHeaderError");
      return;
    }
    host.state.headers = headers;
  };

  const addResponseHeaders = (headers) => {
    for (const [name, value] of Object.entries(headers)) {
      addResponseHeader(name, value);
    }
  };

  // https://docs.aws.amazon.com/appsync/latest/devguide/rds-helpers-in-util-rds-js.html
  const arrayOf = (array) => {
    const [kind, values] = Object.entries(array)[0] ?? ["", []];
    return kind === "arrayValues" ? values.map(arrayOf) : values;
  };
  const valueOf = ({ isNull, ...field }) => {
    const [kind, value] = Object.entries(field)[0] ?? ["", null];
    if (isNull) {
      return null;
    }
    return kind === "arrayValue" ? arrayOf(value) : value;
  };
  const rowOf = (columns) => (fields) =>
    Object.fromEntries(
      fields.map((field, index) => [columns[index].label ?? columns[index].name, valueOf(field)]),
    );
  const rowsOf = ({ records = [[]], columnMetadata = [] }) => records.map(rowOf(columnMetadata));
  const toJsonObject = (serialized) => {
    const raw = typeof serialized === "string" ? host.parseJson(serialized) : serialized;
    return raw.sqlStatementResults.map(rowsOf);
  };

  const randomWithinRange = (start, end) => start + Math.floor(host.random() * (end - start));

  host.util = {
    autoId,
    autoUlid,
    autoKsuid,
    base64Encode,
    base64Decode,
    urlEncode,
    urlDecode,
    escapeJavaScript,
    error,
    appendError,
    unauthorized,
    authType,
    matches: (pattern, text) => host.pattern(pattern).test(text),
    str: { normalize: (text, form) => text.normalize(form.toUpperCase()) },
    math: {
      roundNum: Math.round,
      minVal: Math.min,
      maxVal: Math.max,
      randomDouble: host.random,
      randomWithinRange,
    },
    http: { copyHeaders, addResponseHeader, addResponseHeaders },
    rds: { toJsonObject },
  };
}
