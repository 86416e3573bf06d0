// Where the service's JavaScript differs from the language.

{
  const native = {
    replace: String.prototype.replace,
    replaceAll: String.prototype.replaceAll,
  };

  const POSIX_CLASSES = {
    Lower: "a-z",
    Upper: "A-Z",
    Alpha: "A-Za-z",
    Digit: "0-9",
    Alnum: "A-Za-z0-9",
    Punct: "!-\\/:-@\\[-`{-~",
    Space: "\\s",
    XDigit: "0-9A-Fa-f",
  };

  const INLINE_FLAGS = /^\(\?([ims]+)\)/;
  const POSIX_CLASS = /\\p\{(Lower|Upper|Alpha|Digit|Alnum|Punct|Space|XDigit)\}/g;
  const IN_BRACKETS = /\[[^\]]*$/;

  const posix = (match, name, offset, pattern) => {
    const members = POSIX_CLASSES[name];
    return IN_BRACKETS.test(pattern.slice(0, offset)) ? members : `[${members}]`;
  };

  // Patterns are java.util.regex's. What JavaScript has too is passed on; the rest is an error.
  host.pattern = (pattern, flags = "") => {
    const inline = INLINE_FLAGS.exec(pattern);
    const body = native.replace.call(pattern.slice(inline?.[0].length ?? 0), POSIX_CLASS, posix);
    const unicode = /\\p\{/.test(body) ? "u" : "";
    return new RegExp(body, flags + unicode + (inline?.[1] ?? ""));
  };

  const toPattern = (pattern, flags) =>
    typeof pattern === "string" ? host.pattern(pattern, flags) : pattern;

  // "Java-styled regular expression constructs are supported in the provided parameter":
  // https://docs.aws.amazon.com/appsync/latest/devguide/supported-features.html
  String.prototype.replace = function (pattern, replacement) {
    return native.replace.call(this, toPattern(pattern, ""), replacement);
  };
  String.prototype.replaceAll = function (pattern, replacement) {
    return native.replaceAll.call(this, toPattern(pattern, "g"), replacement);
  };

  // A missing value is identical to null, and `??` works its right side out whatever the left is.
  host.same = (left, right) => left === right || ((left ?? right ?? null) === null);
  host.differ = (left, right) => !host.same(left, right);
  host.eager = (left, right) => left ?? right;

  // Invalid JSON is a blank string, not an error.
  JSON.parse = (text) => {
    try {
      return host.parseJson(text);
    } catch {
      return "";
    }
  };

  Math.random = host.random;

  const BOUNDED_METHODS = [
    "every", "filter", "find", "findIndex", "findLast", "findLastIndex",
    "flatMap", "forEach", "map", "reduce", "reduceRight", "some",
  ];

  for (const name of BOUNDED_METHODS) {
    const method = Array.prototype[name];
    Array.prototype[name] = function (...values) {
      const items = this.length > host.maxIterations ? host.bounded(this, `${name}()`) : this;
      return method.apply(items, values);
    };
  }
}
